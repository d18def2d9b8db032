"""Ranges and leanings drawn on the server: from numbers to percent of the drawing's width. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

SPARE = 0.1  # units kept free left of the least and right of the greatest mark
MIDDLE = 50.0  # percent


@dataclass(frozen=True, slots=True)
class Range:
    """A row: a name, a ring, and where there is one a dot; both with a band from ``low`` to ``high``."""

    name: str
    ring: float
    low: float
    high: float
    dot: float | None = None
    is_off: bool = False


@dataclass(frozen=True, slots=True)
class Band:
    """What parts/ranges.html draws of a row, in percent from the left."""

    range: Range
    x: float
    width: float
    ring: float
    dot: float | None


@dataclass(frozen=True, slots=True)
class Plot:
    """Rows over one axis; ``ticks`` are percent and number."""

    bands: tuple[Band, ...]
    ticks: tuple[tuple[float, float], ...]


def plot(rows: Iterable[Range], least: float, most: float) -> Plot:
    """Lay ranges on one axis of whole numbers between ``least`` and ``most``; what lies beyond is cut off."""
    rows = tuple(rows)
    if not rows:
        return Plot((), ())
    seen = [number for row in rows for number in (row.ring, row.low, row.high)]
    first = max(math.floor(min(seen) - SPARE), math.floor(least))
    last = min(math.ceil(max(seen) + SPARE), math.ceil(most))
    first = min(first, last - 1)

    def percent(number: float) -> float:
        return round(min(max((number - first) / (last - first), 0), 1) * 100, 2)

    step = next(size for size in (1, 2, 5, 10, 20, 50) if (last - first) / size <= 10 or size == 50)  # noqa: PLR2004
    bands = tuple(
        Band(
            row, percent(row.low), round(percent(row.high) - percent(row.low), 2), percent(row.ring),
            None if row.dot is None else percent(row.dot),
        )
        for row in rows
    )  # fmt: skip
    return Plot(bands, tuple((percent(tick), float(tick)) for tick in range(first, last + 1, step)))


def leaning(values: Sequence[float], least: float) -> tuple[tuple[float, float], ...]:
    """Start and width (percent) of bars that lean left or right of the middle; half the width is ``least`` or more."""
    reach = max([least, *map(abs, values)])
    return tuple(
        (
            round(MIDDLE + min(value, 0) / reach * MIDDLE, 1),
            round(abs(value) / reach * MIDDLE, 1),
        )
        for value in values
    )
