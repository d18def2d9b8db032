"""A synthetic programme in a database of its own (``challenge seed``), with sessions for those who look at it."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from challenge.kernel import migrate
from challenge.kernel.clock import now
from challenge.kernel.database import Database
from challenge.kernel.work import open_work
from challenge.people.models import SignInSession
from challenge.people.queries import token_hash
from challenge.seed import Seeded, fill


@dataclass(frozen=True, slots=True)
class World:
    """Where the database and the files are, and what is in it."""

    folder: Path
    seeded: Seeded

    @property
    def path(self) -> Path:
        """The file of the database."""
        return self.folder / "world.db"

    @property
    def url(self) -> str:
        """Its address."""
        return f"sqlite:///{self.path}"

    @property
    def files(self) -> Path:
        """Where uploaded files go."""
        return self.folder / "files"

    def session_of(self, person_id: int, *, of: Path | None = None) -> str:
        """A new session of this person: the token a browser carries. ``of``: in a copy of the database."""
        token = f"benchmark-{person_id}-{now().timestamp()}"
        with database(f"sqlite:///{of or self.path}") as opened, open_work(opened, now()) as w:
            w.add(
                SignInSession(
                    person_id=person_id, token_hash=token_hash(token), started_at=w.now, seen_at=w.now, proven_at=w.now
                )
            )
        return token

    def copy(self, name: str) -> Path:
        """The database once more, in another file; nobody may have it open."""
        made = self.folder / name
        shutil.copy(self.path, made)
        return made


@contextlib.contextmanager
def database(url: str) -> Iterator[Database]:
    """Open it, and close it so that the whole of it is in its file."""
    opened = Database(url)
    try:
        yield opened
    finally:
        opened.close()


@contextlib.contextmanager
def world(scale: int, rng: int = 1) -> Iterator[World]:
    """A programme of ``scale`` proposals; gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    try:
        with database(f"sqlite:///{folder / 'world.db'}") as opened:
            migrate.upgrade(opened)
            seeded = fill(opened, now(), scale=scale, rng=rng)
        yield World(folder, seeded)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
