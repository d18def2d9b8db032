"""The scene, built and crawled once per database."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

import pytest
import typst

from challenge.notifications.actions import tell
from challenge.notifications.delivery import deliver
from challenge.settings import Settings
from tests import smtp
from tests.conftest import BOTH, fresh_database
from tests.policy.crawl import LISTS, Asker, Seen, addresses, crawl, every_route
from tests.policy.people import PERSONAS, Scene
from tests.policy.scene import build
from tests.world import World


@dataclass
class Matrix:
    """The scene with what everybody was shown, told by mail, and what the log says."""

    scene: Scene
    seen: Seen
    mails: list[tuple[list[str], str]]
    log: str
    askers: dict[str, Asker]
    world: World


class _Lines(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture(scope="module")
def said_not_set():
    """A PDF is the text it is set from: to set thousands and read them back would take most of the time.

    That a PDF says what it is set from, and nothing else, is tests/kernel/test_typeset.py.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(typst, "compile", lambda _template, *, sys_inputs, **_options: sys_inputs["data"].encode())
        yield


@pytest.fixture(scope="module", params=BOTH)
def matrix(request, tmp_path_factory, said_not_set) -> Any:
    folder = tmp_path_factory.mktemp("matrix")
    kept = _Lines()
    logging.getLogger().addHandler(kept)
    level = logging.getLogger("challenge").level
    logging.getLogger("challenge").setLevel(logging.DEBUG)
    try:
        with fresh_database(request.param, request, folder) as database, smtp.serving() as (url, sink):
            settings = Settings(
                secret_key="a secret for the tests only, long enough", files=folder / "files", smtp_url=url,
                public_url="http://127.0.0.1:8000",
            )  # fmt: skip
            world = World(database, settings)
            scene = build(world)
            with world.acting() as w:
                while tell(w, settings.public_url):
                    pass
            deliver(database, settings, world.clock)
            askers = {persona: Asker(world.app, world.client(name).token) for persona, name in PERSONAS.items()}
            wanted = list(addresses(scene, sorted({path for method, path in every_route() if method == "GET"})))
            seen = crawl(scene, askers, [*wanted, *(("", address) for address in LISTS)])
            mails = [(to, content.decode("utf-8", "replace")) for _from, to, content in sink.taken]
            yield Matrix(scene, seen, mails, "\n".join(kept.lines), askers, world)
    finally:
        logging.getLogger("challenge").setLevel(level)
        logging.getLogger().removeHandler(kept)
