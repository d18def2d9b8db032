"""A browser between us and a provider."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlmodel import select

from challenge.people.models import SignInSession
from challenge.people.oidc.models import OidcIdentity
from challenge.people.queries import token_hash
from tests.cast import PEOPLE
from tests.factories.people import cookie_of
from tests.world import Client, World

OIDC = "__Host-oidc"


class Browser:
    """Keeps what we set, as a browser would. ``as_`` signs in without any provider."""

    def __init__(self, world: World, as_: str | None = None) -> None:
        self.world = world
        self.client = Client(world.app, None)
        if as_:
            self.take_session(as_)

    def take_session(self, name: str) -> None:
        token = f"session-of-{name}-{id(self)}"
        with self.world.acting() as w:
            w.add(
                SignInSession(
                    person_id=PEOPLE[name].id, token_hash=token_hash(token), started_at=self.world.now,
                    seen_at=self.world.now, proven_at=self.world.now,
                )
            )  # fmt: skip
        self.client.token = token

    def get(self, path: str) -> Any:
        return self._kept(self.client.get(path))

    def post(self, path: str, data: dict[str, str] | None = None) -> Any:
        return self._kept(self.client.post(path, data=data or {}))

    def _kept(self, answer: Any) -> Any:
        for name, value in answer.headers.multi_items():
            if name == "set-cookie" and value.startswith(f"{OIDC}="):
                self.client.more_cookies[OIDC] = value.split("=", 1)[1].split(";")[0]
        if "__Host-sid=" in str(answer.headers.get_list("set-cookie")):
            self.client.token = cookie_of(answer).strip('"') or None
        return answer

    def begin(self, key: str, wanted: str = "") -> str:
        """The address of the provider we are sent to."""
        answer = self.get(f"/sign-in/with/{key}" + (f"?next={wanted}" if wanted else ""))
        assert answer.status_code == 303, answer.text
        return answer.headers["location"]

    @property
    def is_signed_in(self) -> bool:
        return self.get("/account").status_code == 200


def asked(url: str) -> dict[str, str]:
    """The parameters of an address."""
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def own(url: str) -> str:
    """Path and query of an address of ours."""
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


def sessions(world: World) -> int:
    """How many sign-ins there ever were."""
    with world.acting(writing=False) as w:
        return len(w.session.exec(select(SignInSession.id)).all())


def link(world: World, name: str, issuer: str, subject: str, **more: Any) -> None:
    """As if the person had linked it."""
    with world.acting() as w:
        w.add(OidcIdentity(person_id=PEOPLE[name].id, issuer=issuer, subject=subject, **more))


sqlite_only = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def come_back(world, liar, browser=None, **more):
    """Begin at the liar and return with its answer."""
    browser = browser or Browser(world)
    sent = asked(browser.begin("liar"))
    liar.nonce = sent["nonce"]
    given = {"code": "c", "state": sent["state"], **more}
    return browser.get("/sign-in/with/liar/back?" + "&".join(f"{name}={value}" for name, value in given.items()))


def refused(world, answer, words="did not pass our checks", status=403):
    assert answer.status_code == status, answer.text
    assert words in re.sub(r"\s+", " ", answer.text)
    assert "__Host-sid" not in str(answer.headers.get_list("set-cookie"))
    assert sessions(world) == 0
