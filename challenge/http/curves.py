"""A curve of steps, drawn on the server over its table (parts/curve.html)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

TWO = 2  # one point is no curve


@dataclass(frozen=True, slots=True)
class Curve:
    """Steps in percent of width and height, ``here`` where one stands, and the rows of the table."""

    path: str
    dots: tuple[tuple[float, float], ...]
    here: float | None
    rows: tuple[tuple[str, str], ...]


def curve(points: Sequence[tuple[float, float, str, str]], here: float) -> Curve | None:
    """Steps through (x, y, x in words, y in words), x rising; None where there are not two points."""
    if len(points) < TWO:
        return None
    xs, ys = [x for x, *_rest in points], [y for _x, y, *_rest in points]
    wide, high = (max(xs) - min(xs)) or 1, max(ys) or 1
    dots = tuple(
        (round((x - min(xs)) / wide * 100, 2), round(96 - y / high * 90, 2)) for x, y in zip(xs, ys, strict=True)
    )
    path = "M{} {}".format(*dots[0]) + "".join(f"H{x}V{y}" for x, y in dots[1:])
    at = round((here - min(xs)) / wide * 100, 2) if min(xs) <= here <= max(xs) else None
    return Curve(path, dots, at, tuple((x, y) for _x, _y, x, y in points))
