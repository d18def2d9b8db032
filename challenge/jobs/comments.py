"""Once a day whoever works on a proposal is told how much others have said there: once, however many nodes run."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from challenge.kernel.work import Work
from challenge.notifications import digest

HOUR = 4  # UTC: early in the morning where cities are
MARGIN = timedelta(minutes=5)  # what was sent before and is still being written belongs to it


def due(w: Work) -> Iterator[tuple[str, datetime]]:
    """The slot of the day, from its hour on."""
    at = w.now.replace(hour=HOUR, minute=0, second=0, microsecond=0)
    if at <= w.now:
        yield f"comments:{at.isoformat()}", at


def run(w: Work, key: str) -> None:
    """Journal that the day is told; the mails follow from that step."""
    digest.tell(w, datetime.fromisoformat(key.split(":", 1)[1]) - MARGIN)
