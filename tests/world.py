"""The test world: the cast, a clock one sets, work as anybody, and a browserless client that parses every page."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import html5lib
from starlette.testclient import TestClient

from challenge.app import create_app
from challenge.kernel.actor import NOBODY, SYSTEM, Actor
from challenge.kernel.database import Database
from challenge.kernel.work import Work, open_work
from challenge.people.models import Person, SignInSession
from challenge.people.queries import COOKIE, actor_of, token_hash
from challenge.settings import Settings
from tests.cast import PEOPLE

NOW = datetime(2027, 1, 10, 9, 0, tzinfo=UTC)  # challenges are open in ``make_round``


@dataclass
class World:
    """One test's database, files and clock."""

    database: Database
    settings: Settings
    now: datetime = NOW
    _app: Any = None
    _clients: dict[str, Client] = field(default_factory=dict)

    def clock(self) -> datetime:
        return self.now

    def move(self, **delta: float) -> None:
        """Move the clock: ``world.move(days=3)``."""
        self.now += timedelta(**delta)

    @contextlib.contextmanager
    def acting(self, name: str = "system", *, writing: bool = True):
        """``with world.acting("mari") as w``: a unit of work as this person of the cast, or as the system."""
        secret = self.settings.secret
        with open_work(self.database, self.now, self.actor(name), writing=writing, secret=secret) as w:
            yield w

    def actor(self, name: str) -> Actor:
        if name in {"system", "nobody"}:
            return SYSTEM if name == "system" else NOBODY
        with self.database.session(writing=False) as session:
            return actor_of(session, session.get_one(Person, PEOPLE[name].id), self.now, proven_at=self.now)

    @property
    def app(self):
        if self._app is None:
            self._app = create_app(self.settings, self.database, self.clock)
        return self._app

    def client(self, name: str = "nobody") -> Client:
        """A client signed in as this person; every HTML answer is parsed strictly."""
        if name not in self._clients:
            token = None
            if name != "nobody":
                token = f"token-of-{name}"
                with open_work(self.database, self.now) as w:
                    w.add(
                        SignInSession(
                            person_id=PEOPLE[name].id, token_hash=token_hash(token), started_at=self.now,
                            seen_at=self.now, proven_at=self.now,
                        )
                    )  # fmt: skip
            self._clients[name] = Client(self.app, token)
            self._clients[name].is_strict = self.database.is_sqlite  # the pages are the same on the other
        return self._clients[name]


class Client(TestClient):
    """Carries the session cookie itself (a __Host- cookie is Secure; the test speaks http), checks every page."""

    is_strict = True

    def __init__(self, app: Any, token: str | None) -> None:
        super().__init__(app, base_url="http://127.0.0.1:8000", raise_server_exceptions=True, follow_redirects=False)
        self.token = token
        self.more_cookies: dict[str, str] = {}

    def request(self, method: str, url: Any, **kwargs: Any) -> Any:
        headers = {"sec-fetch-site": "same-origin", **dict(kwargs.pop("headers", None) or {})}
        cookies = dict(self.more_cookies)
        if self.token:
            cookies[COOKIE] = self.token
        if cookies and "cookie" not in {name.lower() for name in headers}:
            headers["cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
        response = super().request(method, url, headers=headers, **kwargs)
        if self.is_strict and response.headers.get("content-type", "").startswith("text/html") and response.text:
            parse(response.text, f"{method} {url}")
        return response


def parse(text: str, where: str) -> Any:
    """Parse a page strictly; raises AssertionError naming the page, the error and the spot."""
    parser = html5lib.HTMLParser(strict=False)
    tree = parser.parse(text)
    if parser.errors:
        (line, column), code, names = parser.errors[0]
        excerpt = text.splitlines()[line - 1][max(0, column - 60) : column + 20] if line else ""
        raise AssertionError(f"{where}: invalid HTML at {line}:{column}: {code} {names} near {excerpt!r}")
    return tree


__all__ = ["NOW", "Client", "Work", "World", "parse"]
