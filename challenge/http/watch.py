"""Who looks at far too much in a short time: counted by each node in its memory, told once to the administrators."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

WITHIN: Final = timedelta(minutes=10)
MOST: Final = {"denials": 50, "reviews": 200}  # distinct objects within that time (reliability.md §4)
_REVIEWS: Final = ("/reviews/{code}", "/api/v1/reviews/{code}")


@dataclass
class Watch:
    """Per person and kind the objects of the last ten minutes, and when it was told."""

    _seen: dict[tuple[int, str], dict[str, datetime]] = field(default_factory=dict)
    _told: dict[tuple[int, str], datetime] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, person_id: int, kind: str, thing: str, now: datetime) -> int:
        """Count one object: how many, when that is to be told now, else 0."""
        key = person_id, kind
        with self._lock:
            seen = {one: at for one, at in self._seen.get(key, {}).items() if now - at < WITHIN}
            if len(seen) <= MOST[kind]:  # once over, the rest does not matter
                seen[thing] = now
            self._seen[key] = seen
            told = self._told.get(key)
            if len(seen) <= MOST[kind] or (told is not None and now - told < WITHIN):
                return 0
            self._told[key] = now
            return len(seen)


def kind_of(route: str, *, denied: bool) -> str | None:
    """What a request counts as: a record that is not theirs (or none), or a review that is read."""
    if denied:
        return "denials" if "{" in route else None
    return "reviews" if route.startswith(_REVIEWS) else None
