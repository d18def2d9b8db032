"""The only place that asks the machine for the time. Everything else is told: time is an argument."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]


def now() -> datetime:
    """This instant in UTC, to the millisecond: the resolution of receipts and of the journal."""
    instant = datetime.now(UTC)  # noqa: TID251 -- here and nowhere else
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)


def shifted(seconds: float) -> Clock:
    """The machine's clock, moved: for rehearsals and for the tests of clocks that disagree."""
    return (lambda: now() + timedelta(seconds=seconds)) if seconds else now
