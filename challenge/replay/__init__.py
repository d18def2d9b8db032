"""What was decided on, computed once more from what was kept, and compared byte for byte; and what was booked."""

from collections.abc import Iterator

from challenge.kernel.work import Work
from challenge.replay import books
from challenge.replay.computations import calibrations, rankings, scenarios
from challenge.replay.marks import faults

__all__ = ["calibrations", "every_fault", "faults", "rankings", "scenarios"]


def every_fault(w: Work) -> Iterator[str]:
    """Marks of jurors and ledgers of pilots that are not what the journal holds of them, in words."""
    yield from faults(w)
    yield from books.faults(w)
