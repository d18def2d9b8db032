"""Which planted fault is on, and which places the running test reaches. Read from every planted place."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

NONE = -1


class _Active:
    """One per process: planted places call it from any thread."""

    def __init__(self) -> None:
        self.now = NONE
        self.reached: set[int] | None = None

    def __call__(self, number: int) -> bool:
        """Whether the fault of this number is on."""
        if self.reached is not None:
            self.reached.add(number)
        return number == self.now

    @contextlib.contextmanager
    def noting(self) -> Iterator[set[int]]:
        """Note the places that are reached meanwhile."""
        self.reached = set()
        try:
            yield self.reached
        finally:
            self.reached = None


ACTIVE = _Active()
