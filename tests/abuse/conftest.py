"""The scene of the canary matrix for the abuse cases: built once per file and database."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pytest

from challenge.settings import Settings
from tests import running
from tests.abuse.bodies import writing
from tests.conftest import BOTH, fresh_database
from tests.policy.crawl import Answer, Asker
from tests.policy.people import PERSONAS, Scene
from tests.policy.scene import build
from tests.world import World

JSON = (b"accept", b"application/json")


@dataclass
class Played:
    """The scene, and everybody's browser."""

    world: World
    scene: Scene
    askers: dict[str, Asker]

    @cached_property
    def bodies(self) -> dict[tuple[str, str], bytes]:
        """A right body for each (method, path) of the API that takes one."""
        return {
            (method, path): json.dumps(body).encode()
            for method, path, body, _names in writing(self.world.app.app.openapi())
        }

    def ask(self, who: str | Asker, asked: Iterable[tuple[Any, ...]]) -> list[Answer]:
        """What is answered to each (method, address[, headers[, body]]), one after the other."""
        asker = self.askers[who] if isinstance(who, str) else who

        async def each() -> list[Answer]:
            return [
                await asker.ask(method, address, [JSON, *(more[0] if more else ())], *more[1:])
                for method, address, *more in asked
            ]

        return running.run(each())

    def get(self, persona: str, addresses: Iterable[str]) -> list[Answer]:
        return self.ask(persona, [("GET", address) for address in addresses])


@pytest.fixture(scope="module", params=BOTH)
def played(request, tmp_path_factory) -> Iterator[Played]:
    folder = tmp_path_factory.mktemp("abuse")
    with fresh_database(request.param, request, folder) as database:
        settings = Settings(
            secret_key="a secret for the tests only, long enough", files=folder / "files",
            public_url="http://127.0.0.1:8000",
        )  # fmt: skip
        world = World(database, settings)
        scene = build(world)
        yield Played(
            world, scene, {persona: Asker(world.app, world.client(name).token) for persona, name in PERSONAS.items()}
        )
