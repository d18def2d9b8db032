"""A real browser against a real server on loopback, with the clock of the test's world."""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil

import pytest
from playwright.sync_api import sync_playwright

from challenge.app import create_app
from challenge.kernel.work import open_work
from challenge.people.models import SignInSession
from challenge.people.queries import COOKIE, token_hash
from challenge.settings import Settings
from tests.cast import PEOPLE
from tests.serving import free_port, serving
from tests.world import World

ARGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


def chromium_path() -> str:
    """The browser: $CHROMIUM, or Debian's. There is no skipping: a story that is not played proves nothing."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if found is None:
        raise RuntimeError("no Chromium: apt-get install chromium, or set CHROMIUM")
    return found


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=ARGS)
        yield browser
        browser.close()


class Stage:
    """A served world; ``page("mari")`` is a browser page signed in as her."""

    def __init__(self, world: World, browser, port: int, host: str = "127.0.0.1") -> None:
        self.world, self.browser, self.host, self.url = world, browser, host, f"http://{host}:{port}"
        self._pages: dict[tuple[str, int], object] = {}
        self._tokens = itertools.count(1)
        self._signed_in: dict[tuple[str, int], object] = {}

    def page(self, name: str = "nobody", *, width: int = 1280, locale: str = "en-GB", script: bool = True):
        key = (f"{name}-{locale}-{script}", width)
        if key not in self._pages:
            context = self.browser.new_context(
                viewport={"width": width, "height": 900}, locale=locale, java_script_enabled=script
            )
            context.set_default_timeout(10_000)
            page = context.new_page()
            page.on("pageerror", self._fail)
            page.on("console", lambda message: self._fail(message.text) if is_fault(message) else None)
            self._pages[key] = page
        if name != "nobody" and self._signed_in.get(key) != self.world.now:  # the clock moved: sign in again
            self._pages[key].context.add_cookies([self.cookie(name)])
            self._signed_in[key] = self.world.now
        return self._pages[key]

    def cookie(self, name: str) -> dict:
        token = f"browser-{name}-{next(self._tokens)}"
        with open_work(self.world.database, self.world.now) as w:
            w.add(
                SignInSession(
                    person_id=PEOPLE[name].id, token_hash=token_hash(token), started_at=w.now, seen_at=w.now,
                    proven_at=w.now,
                )
            )  # fmt: skip
        return {"name": COOKIE, "value": token, "domain": self.host, "path": "/", "secure": True, "httpOnly": True,
                "sameSite": "Lax"}  # fmt: skip

    def _fail(self, error) -> None:
        raise AssertionError(f"the page reported: {error}")

    def close(self) -> None:
        for page in self._pages.values():
            page.context.close()


def is_fault(message) -> bool:
    """Errors of scripts and of the content security policy; not the browser's note on a 404 or 409 answer."""
    return message.type == "error" and "Failed to load resource" not in message.text


@pytest.fixture
def stage(database, tmp_path, chromium):
    """The cast on a fresh database, served."""
    with served(database, tmp_path, chromium, "127.0.0.1") as made:
        yield made


@pytest.fixture
def named_stage(database, tmp_path, chromium):
    """The same under a host name, which passkeys need."""
    with served(database, tmp_path, chromium, "localhost") as made:
        yield made


@contextlib.contextmanager
def served(database, tmp_path, chromium, host):
    port = free_port()
    settings = Settings(
        secret_key="a secret for the tests only, long enough", files=tmp_path / "files",
        public_url=f"http://{host}:{port}",
    )  # fmt: skip
    world = World(database, settings)
    world._app = create_app(settings, database, world.clock)
    with serving(world.app, port):
        made = Stage(world, chromium, port, host)
        yield made
        made.close()
