"""How fast one may search, and which routes look people up (reliability.md §4).

Searches are counted by each node in its memory: no reader ever waits for the one who writes, and reading stays reading.
People who are looked up are counted in the database, for all nodes together, before the request is answered.
"""

from __future__ import annotations

import threading
from collections import Counter, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from challenge.kernel.errors import Problem, TooMany
from challenge.kernel.i18n import _

WITHIN: Final = timedelta(seconds=1)
LOOKING_UP: Final = frozenset({
    ("GET", "/people"), ("GET", "/people/{code}"), ("GET", "/people/{code}/data"), ("POST", "/people/new"),
    ("GET", "/organisations/{code}"), ("POST", "/organisations/{code}/invitations"),
    ("POST", "/proposals/{code}/team"), ("POST", "/api/v1/proposals/{code}/team"),
    ("POST", "/rounds/{code}/jurors"), ("POST", "/api/v1/rounds/{code}/jurors"),
})  # fmt: skip


@dataclass
class Searches:
    """Who searched within the last second, each at most ``most`` times: people by their id, visitors by their place."""

    most: int = 5
    _recent: deque[tuple[datetime, str]] = field(default_factory=deque)
    _count: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, asker: str, now: datetime) -> None:
        """Count one search. Raises TooMany; nothing is counted then."""
        with self._lock:
            self._forget(now)
            if self._count[asker] >= self.most:
                text = _(
                    "More than %(n)s searches a second came from you or your network. Search again in a second.",
                    n=self.most,
                )
                raise TooMany(Problem("too_many_searches", text), 1)
            self._recent.append((now, asker))
            self._count[asker] += 1

    def _forget(self, now: datetime) -> None:
        while self._recent and now - self._recent[0][0] >= WITHIN:
            _at, asker = self._recent.popleft()
            self._count[asker] -= 1
            if not self._count[asker]:
                del self._count[asker]
