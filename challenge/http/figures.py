"""Figures drawn on the server: pure functions from facts to coordinates, which the parts of the templates write as SVG.

Units: the map's own unit is 2 km in Lambert's azimuthal equal-area projection around 12° E, 55° N, y down, as in
static/europe.svg (made by scripts/outline.py). Everything the reader's screen may stretch is given in percent.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from xml.etree import ElementTree as ET

KM_PER_UNIT = 2.0
EARTH_KM = 6371.0
CENTRE_LON, CENTRE_LAT = 12.0, 55.0  # degrees
ASPECT = 4 / 3
NARROWEST = 640.0  # units: no map shows less than 1280 km from west to east
EVERYWHERE = (-560.0, -420.0, 1120.0, 840.0)  # units: x, y, width, height when there is no city to show
MARGIN = 0.16  # of the width, kept free around the cities for their names
BULGES = (0.24, 0.15, 0.34, 0.08, 0.44)  # height of an arc over its chord; the next one when two arcs share their ends
LABEL_EM, LABEL_LINE = 7.4, 16.0  # px: mean width of a letter at 13 px, height of a line
WIDTHS = (350.0, 760.0)  # px: the map on a phone and in a card; names that touch at neither touch nowhere
FAR = 20.0  # px to the side
SPOTS = (  # where a name may stand: dx, dy (px), anchor; the far ones are tied to their dot by a line
    (10.0, 4.5, "start"),
    (-10.0, 4.5, "end"),
    (0.0, -11.0, "middle"),
    (0.0, 21.0, "middle"),
    (8.0, -7.0, "start"),
    (-8.0, -7.0, "end"),
    (8.0, 16.0, "start"),
    (-8.0, 16.0, "end"),
    (22.0, -20.0, "start"),
    (22.0, 28.0, "start"),
    (30.0, 4.5, "start"),
    (-22.0, -20.0, "end"),
    (-22.0, 28.0, "end"),
    (-30.0, 4.5, "end"),
    (22.0, -37.0, "start"),
    (22.0, 45.0, "start"),
    (-22.0, -37.0, "end"),
    (-22.0, 45.0, "end"),
)

Point = tuple[float, float]
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Place:
    """A city and where it lies, in degrees."""

    name: str
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class PairRow:
    """A row of the map's table: a pilot, its home city and, unless it stands alone, its city abroad."""

    title: str
    home: Place
    away: Place | None = None
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Dot:
    """A city on the map: percent of the width and height; kind is home, away or alone."""

    x: float
    y: float
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Label:
    """A city's name: percent as its dot, then shifted by dx and dy px."""

    x: float
    y: float
    dx: float
    dy: float
    anchor: str
    text: str

    @property
    def is_far(self) -> bool:
        """Whether a line must tie the name to its dot."""
        return abs(self.dx) > FAR


@dataclass(frozen=True, slots=True)
class MapFigure:
    """What parts/map.html draws: view box and paths in map units, dots and labels in percent."""

    view: str
    land: str
    borders: str
    arcs: tuple[str, ...]
    dots: tuple[Dot, ...]
    labels: tuple[Label, ...]
    rows: tuple[PairRow, ...]


@cache
def outline() -> tuple[str, str]:
    """Path data of land and borders, in map units, read once."""
    text = (files("challenge.http") / "static" / "europe.svg").read_text("utf-8")
    found = {path.get("id"): path.get("d", "") for path in ET.fromstring(text)}  # noqa: S314 - our own file
    return found["land"], found["borders"]


def project(lon: float, lat: float) -> Point:
    """Degrees to map units."""
    lam, phi, phi0 = math.radians(lon - CENTRE_LON), math.radians(lat), math.radians(CENTRE_LAT)
    divisor = max(1e-9, 1 + math.sin(phi0) * math.sin(phi) + math.cos(phi0) * math.cos(phi) * math.cos(lam))
    k = math.sqrt(2 / divisor) * EARTH_KM / KM_PER_UNIT
    return k * math.cos(phi) * math.sin(lam), -k * (
        math.cos(phi0) * math.sin(phi) - math.sin(phi0) * math.cos(phi) * math.cos(lam)
    )


def view_box(points: Sequence[Point]) -> Box:
    """Frame all points with room for names, in map units, always four to three."""
    if not points:
        return EVERYWHERE
    xs, ys = [x for x, _ in points], [y for _, y in points]
    wide, high = max(xs) - min(xs), max(ys) - min(ys)
    width = max(NARROWEST, wide / (1 - 2 * MARGIN), high * ASPECT / (1 - 2 * MARGIN))
    height = width / ASPECT
    return (max(xs) + min(xs) - width) / 2, (max(ys) + min(ys) - height) / 2, width, height


def bend(start: Point, end: Point, bulge: float) -> Point:
    """Control point of an arc that rises over its chord, to the west of one that runs north."""
    (x1, y1), (x2, y2) = start, end
    dx, dy = y2 - y1, x1 - x2
    if dy > 0 or (abs(dy) < abs(dx) / 4 and dx > 0):
        dx, dy = -dx, -dy
    return (x1 + x2) / 2 + 2 * bulge * dx, (y1 + y2) / 2 + 2 * bulge * dy


def _box(at: Point, spot: tuple[float, float, str], text: str) -> Box:
    """Where a name would stand: left, top, right, bottom in px."""
    dx, dy, anchor = spot
    width = len(text) * LABEL_EM
    left = at[0] + dx - {"start": 0.0, "middle": width / 2, "end": width}[anchor]
    return left, at[1] + dy - LABEL_LINE + 4, left + width, at[1] + dy + 4


def _overlap(a: Box, b: Box) -> float:
    """Measure the common area of two boxes, px²."""
    return max(0.0, min(a[2], b[2]) - max(a[0], b[0])) * max(0.0, min(a[3], b[3]) - max(a[1], b[1]))


def _inside(box: Box, points: Iterable[Point], spare: float) -> int:
    """Count the points in a box grown by ``spare`` px."""
    left, top, right, bottom = box[0] - spare, box[1] - spare, box[2] + spare, box[3] + spare
    return sum(left < x < right and top < y < bottom for x, y in points)


def place_labels(dots: Sequence[Dot], lines: Sequence[Point]) -> tuple[Label, ...]:
    """Give every dot's name the spot where it touches least; lines are points of arcs in percent."""
    costs = [[3.0 * rank for rank in range(len(SPOTS))] for _ in dots]
    boxes: list[list[list[Box]]] = [[[] for _ in SPOTS] for _ in dots]  # by dot, spot and width of the map
    for wide in WIDTHS:
        high = wide / ASPECT
        at = [(dot.x * wide / 100, dot.y * high / 100) for dot in dots]
        strokes = [(x * wide / 100, y * high / 100) for x, y in lines]
        for (i, dot), (k, spot) in itertools.product(enumerate(dots), enumerate(SPOTS)):
            box = _box(at[i], spot, dot.name)
            outside = max(0.0, -box[0]) + max(0.0, box[2] - wide) + max(0.0, -box[1]) + max(0.0, box[3] - high)
            costs[i][k] += 300 * outside + 300 * _inside(box, at, 5) + 10 * _inside(box, strokes, 1)
            boxes[i][k].append(box)
    chosen = [row.index(min(row)) for row in costs]
    for _, i in itertools.product(range(3), range(len(dots))):
        taken = [boxes[j][chosen[j]] for j in range(len(dots)) if j != i]
        full = [
            costs[i][k] + 8 * sum(_overlap(a, b) for other in taken for a, b in zip(spot, other, strict=True))
            for k, spot in enumerate(boxes[i])
        ]
        chosen[i] = full.index(min(full))
    return tuple(Label(dot.x, dot.y, *SPOTS[spot], dot.name) for dot, spot in zip(dots, chosen, strict=True))


def pair_map(rows: Iterable[PairRow]) -> MapFigure:
    """Draw cities and the arcs between those of one pilot; a city that stands alone is a small dot without a name."""
    rows = tuple(rows)
    places = {place: project(place.lon, place.lat) for row in rows for place in (row.home, row.away) if place}
    left, top, width, height = view_box(list(places.values()))

    def percent(point: Point) -> Point:
        return round((point[0] - left) / width * 100, 2), round((point[1] - top) / height * 100, 2)

    arcs, lines, used = [], [], dict.fromkeys(places, 0)
    kinds = dict.fromkeys(places, "alone")
    for row in rows:
        if row.away is None:
            continue
        kinds[row.home], kinds[row.away] = "home", "away"
        start, end = places[row.home], places[row.away]
        control = bend(start, end, BULGES[used[row.home] % len(BULGES)])
        used[row.home] += 1
        arcs.append("M{:.0f} {:.0f}Q{:.0f} {:.0f} {:.0f} {:.0f}".format(*start, *control, *end))
        for t in (step / 16 for step in range(1, 16)):
            a, b, c = (1 - t) ** 2, 2 * t * (1 - t), t * t
            lines.append(
                percent((a * start[0] + b * control[0] + c * end[0], a * start[1] + b * control[1] + c * end[1]))
            )
    order = {"alone": 0, "home": 1, "away": 2}
    dots = [Dot(*percent(point), place.name, kinds[place]) for place, point in places.items()]
    dots.sort(key=lambda dot: order[dot.kind])
    named = [dot for dot in dots if dot.kind != "alone" or not arcs]
    land, borders = outline()
    view = f"{left:.0f} {top:.0f} {width:.0f} {height:.0f}"
    return MapFigure(view, land, borders, tuple(arcs), tuple(dots), place_labels(named, lines), rows)


@dataclass(frozen=True, slots=True)
class Span:
    """A row of a time plan: name, first and last day, tone (a token), then the dates and the state in words."""

    name: str
    start: date
    end: date
    tone: str = "sea"
    when: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class Stripe:
    """A bar of a time plan, percent from the left; a single day is a diamond."""

    span: Span
    x: float
    width: float
    is_moment: bool


@dataclass(frozen=True, slots=True)
class Gantt:
    """What parts/gantt.html draws: all x in percent of the plan's width; today is None outside the plan."""

    stripes: tuple[Stripe, ...]
    ticks: tuple[tuple[float, str], ...]
    today: float | None


def gantt(rows: Iterable[Span], today: date, name_month: Callable[[date], str], most_ticks: int = 8) -> Gantt:
    """Lay spans on one line of time; ticks are first days of months, thinned to at most ``most_ticks``."""
    rows = tuple(rows)
    if not rows:
        return Gantt((), (), None)
    first = min(row.start for row in rows).replace(day=1)
    days = ((max(row.end for row in rows) - first).days + 1) * 41 // 40  # room for the last mark
    last = first + timedelta(days=days)

    def percent(day: date) -> float:
        return round((day - first).days / days * 100, 2)

    months = [
        date(year, month, 1)
        for year in range(first.year, last.year + 1)
        for month in range(1, 13)
        if first <= date(year, month, 1) < last
    ]
    step = next(size for size in (1, 2, 3, 4, 6, 12, 24, 60, 1200) if len(months) / size <= most_ticks)
    ticks = tuple(
        (percent(month), name_month(month)) for month in months if (month.year * 12 + month.month - 1) % step == 0
    )
    stripes = []
    for row in rows:
        start, end = percent(row.start), percent(row.end + timedelta(days=1))
        stripes.append(Stripe(row, start, round(end - start, 2), row.start == row.end))
    return Gantt(tuple(stripes), ticks, percent(today) if first <= today <= last else None)


def share(value: float, total: float) -> float:
    """Width of a bar in percent of its track, 0 to 100, one decimal."""
    return round(min(max(value / total, 0), 1) * 100, 1) if total > 0 else 0.0


def stack(values: Iterable[float], total: float, gap: float = 0.4) -> tuple[tuple[float, float], ...]:
    """Start and width in percent of bars laid end to end, with a gap between (percent of the track)."""
    x, out = 0.0, []
    for value in values:
        width = share(value, total)
        out.append((round(x, 1), max(0.0, round(width - gap, 1))))
        x += width
    return tuple(out)
