"""Computing what takes long: claim, read and compute without a transaction, write. One way for all that waits."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from challenge.kernel.clock import Clock
from challenge.kernel.database import Database
from challenge.kernel.work import Work, open_work

log = logging.getLogger("challenge.jobs")
Keep = Callable[[Work], None]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of work. ``claim`` gives what waits, if anything does, and ``asked`` what of it is needed, its id first.

    ``compute`` reads and computes in units of its own and gives back how the result is written down; ``fail`` writes
    down, by the id, that there is none.
    """

    name: str
    claim: Callable[[Work], Any]
    asked: Callable[[Any], tuple[Any, ...]]
    compute: Callable[..., Keep]
    fail: Callable[[Work, int], None]

    def run(self, database: Database, clock: Clock) -> int:
        """Compute everything of this kind that waits; how much was."""
        done = 0
        while self._one(database, clock):
            done += 1
        return done

    def _one(self, database: Database, clock: Clock) -> bool:
        with open_work(database, clock()) as w:
            found = self.claim(w)
            if found is None:
                return False
            key, *asked = self.asked(found)
        try:
            keep = self.compute(database, clock, key, *asked)
        except Exception:
            log.exception("%s %s failed", self.name, key)
            with open_work(database, clock()) as w:
                self.fail(w, key)
            return True
        with open_work(database, clock()) as w:
            keep(w)
        return True
