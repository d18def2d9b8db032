"""Lines over time, drawn on the server over the table that holds their values (parts/lines.html)."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

TICKS = 4
ROOM = 6.0  # percent of the height kept free above and below
TONES = ("sea", "clay", "moss", "plum", "sun")


@dataclass(frozen=True, slots=True)
class Series:
    """A line: its name, and its points by day."""

    name: str
    points: tuple[tuple[date, float], ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """A level to be compared with (baseline, target): in words, and where."""

    name: str
    value: float


@dataclass(frozen=True, slots=True)
class Line:
    """What is drawn of a series: a path and its points, in percent of width and height."""

    name: str
    tone: str
    path: str
    dots: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Lines:
    """What parts/lines.html draws; levels and ticks are (percent, words)."""

    lines: tuple[Line, ...]
    marks: tuple[tuple[float, str], ...]
    ticks: tuple[tuple[float, str], ...]
    days: tuple[str, ...]


def lines(
    series: Sequence[Series], marks: Sequence[Mark], number: Callable[[float], str], name_day: Callable[[date], str]
) -> Lines | None:
    """Lay the series over one another; None where there is nothing to draw. ``number`` and ``name_day`` write one."""
    points = [point for one in series for point in one.points]
    if not points:
        return None
    days, values = [day for day, _value in points], [value for _day, value in points] + [mark.value for mark in marks]
    first, last = min(days), max(days)
    wide = max((last - first).days, 1)
    step = _step(max(values) - min(values))
    low, high = math.floor(min(values) / step) * step, math.ceil(max(values) / step) * step
    high = high if high > low else low + step

    def across(day: date) -> float:
        return round(2 + (day - first).days / wide * 96, 2) if last > first else 50.0

    def down(value: float) -> float:
        return round(100 - ROOM - (value - low) / (high - low) * (100 - 2 * ROOM), 2)

    made = []
    for place, one in enumerate(series):
        dots = tuple((across(day), down(value)) for day, value in sorted(one.points))
        path = "".join(f"{'L' if number else 'M'}{x} {y}" for number, (x, y) in enumerate(dots))
        made.append(Line(one.name, TONES[place % len(TONES)], path, dots))
    levels = [low + step * place for place in range(round((high - low) / step) + 1)]
    return Lines(
        tuple(made), tuple((down(mark.value), mark.name) for mark in marks),
        tuple((down(level), number(level)) for level in levels),
        tuple(name_day(day) for day in dict.fromkeys((first, last))),
    )  # fmt: skip


def _step(span: float) -> float:
    """A round distance between ticks: 1, 2 or 5 times a power of ten."""
    if span <= 0:
        return 1.0
    rough = span / TICKS
    power: float = 10.0 ** math.floor(math.log10(rough))
    return next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough)
