"""Draw the outline of Europe once: world-atlas TopoJSON in, the SVG that figures.py reads out.

Usage: outline.py countries-50m.json > challenge/http/static/europe.svg

Projection: Lambert azimuthal equal-area around 12° E, 55° N (figures.py uses the same), 2 km per unit, y down.
Source: Natural Earth, public domain, through world-atlas 2.0.2.
"""

import itertools
import json
import math
import sys
from pathlib import Path

Point = tuple[float, float]

KM_PER_UNIT = 2.0
RING = 3  # points a closed line needs
EARTH_KM = 6371.0
CENTRE = (math.radians(12), math.radians(55))
FRAME = (-1440.0, -1040.0, 3200.0, 1280.0)  # units: Iceland to Siberia (for very wide screens), North Cape to Crete
TOLERANCE = 1.5  # units, 3 km
NO_BORDER = ({"Cyprus", "N. Cyprus"}, {"Russia", "Ukraine"})  # pairs without a line, the second only around Crimea
CRIMEA = (32.0, 44.0, 37.0, 46.4)  # degrees: west, south, east, north
SMALLEST = 25.0  # square units: islands under 100 km² are left out


def project(lon: float, lat: float) -> Point:
    """Degrees to units of the drawing."""
    lam, phi = math.radians(lon) - CENTRE[0], math.radians(lat)
    sin0, cos0 = math.sin(CENTRE[1]), math.cos(CENTRE[1])
    divisor = max(1e-9, 1 + sin0 * math.sin(phi) + cos0 * math.cos(phi) * math.cos(lam))
    k = math.sqrt(2 / divisor) * EARTH_KM / KM_PER_UNIT
    return k * math.cos(phi) * math.sin(lam), -k * (cos0 * math.sin(phi) - sin0 * math.cos(phi) * math.cos(lam))


def decode(topology: dict) -> list[list[Point]]:
    """Turn delta-coded integers into projected points, arc by arc."""
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append(project(x * sx + tx, y * sy + ty))
        arcs.append(points)
    return arcs


def thin(points: list[Point]) -> list[Point]:
    """Douglas and Peucker; a closed arc is cut at its farthest point first, ends always stay."""
    if points[0] == points[-1] and len(points) > RING:
        far = max(range(len(points)), key=lambda i: math.dist(points[0], points[i]))
        return thin(points[: far + 1])[:-1] + thin(points[far:])
    keep, todo = {0, len(points) - 1}, [(0, len(points) - 1)]
    while todo:
        a, b = todo.pop()
        (ax, ay), (bx, by) = points[a], points[b]
        length = math.hypot(bx - ax, by - ay)
        worst, at = 0.0, 0
        for i in range(a + 1, b):
            px, py = points[i]
            gap = (
                abs((bx - ax) * (ay - py) - (ax - px) * (by - ay)) / length if length else math.hypot(px - ax, py - ay)
            )
            if gap > worst:
                worst, at = gap, i
        if worst > TOLERANCE:
            keep.add(at)
            todo += [(a, at), (at, b)]
    return [points[i] for i in sorted(keep)]


def clip(ring: list[Point]) -> list[Point]:
    """Cut a ring to the frame (Sutherland and Hodgman)."""
    x0, y0, x1, y1 = FRAME
    for axis, limit, sign in ((0, x0, 1), (0, x1, -1), (1, y0, 1), (1, y1, -1)):
        out: list[Point] = []
        for a, b in itertools.pairwise([*ring, ring[0]] if ring else []):
            a_in, b_in = sign * (a[axis] - limit) >= 0, sign * (b[axis] - limit) >= 0
            if a_in:
                out.append(a)
            if a_in != b_in:
                t = (limit - a[axis]) / (b[axis] - a[axis])
                out.append((a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])))
        ring = out
    return ring


def area(ring: list[Point]) -> float:
    """Square units, without sign."""
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, [*ring[1:], ring[0]], strict=True))) / 2


def path(points: list[Point], *, close: bool) -> str:
    """Relative whole numbers: the shortest path data there is."""
    whole = [(round(x), round(y)) for x, y in points]
    whole = [p for i, p in enumerate(whole) if i == 0 or p != whole[i - 1]]
    if close and len(whole) > 1 and whole[0] == whole[-1]:
        whole.pop()
    if len(whole) < (3 if close else 2):
        return ""
    steps = [(b[0] - a[0], b[1] - a[1]) for a, b in itertools.pairwise(whole)]
    text = f"M{whole[0][0]} {whole[0][1]}l" + " ".join(f"{x} {y}" for x, y in steps)
    return text.replace(" -", "-") + ("z" if close else "")


def is_drawn(arc: list[Point], names: set[str]) -> bool:
    """Whether a border line belongs on the drawing: inside the frame, and Crimea is Ukraine, Cyprus one island."""
    x0, y0, x1, y1 = FRAME
    if not all(x0 <= x <= x1 and y0 <= y <= y1 for x, y in arc):
        return False
    if names == NO_BORDER[0]:
        return False
    (west, south), (east, north) = project(*CRIMEA[:2]), project(*CRIMEA[2:])
    return names != NO_BORDER[1] or not all(west <= x <= east and north <= y <= south for x, y in arc)


def rings_of(geometry: dict) -> list[list[int]]:
    """Every ring of a (multi)polygon as a list of arc numbers."""
    if geometry["type"] == "Polygon":
        return geometry["arcs"]
    return [ring for polygon in geometry.get("arcs", []) for ring in polygon]


def main() -> None:
    """Write the drawing to standard output."""
    topology = json.loads(Path(sys.argv[1]).read_text())
    arcs = [thin(points) for points in decode(topology)]
    land = []
    for geometry in topology["objects"]["land"]["geometries"]:
        for ring in rings_of(geometry):
            points: list[Point] = []
            for number in ring:
                points += (arcs[number] if number >= 0 else arcs[~number][::-1])[bool(points) :]
            cut = clip(points[:-1])
            if len(cut) >= RING and area(cut) >= SMALLEST:
                land.append(path(cut, close=True))
    owners: dict[int, set[str]] = {}
    for country in topology["objects"]["countries"]["geometries"]:
        for ring in rings_of(country):
            for number in ring:
                owners.setdefault(max(number, ~number), set()).add(country["properties"]["name"])
    borders = [
        path(arcs[n], close=False) for n, names in sorted(owners.items()) if len(names) > 1 and is_drawn(arcs[n], names)
    ]
    x0, y0, x1, y1 = FRAME
    view = f"{x0:.0f} {y0:.0f} {x1 - x0:.0f} {y1 - y0:.0f}"
    sys.stdout.write(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{view}">\n'
        "<!-- Written by scripts/outline.py from Natural Earth (public domain). LAEA 12E 55N, 2 km per unit. -->\n"
        f'<path id="land" d="{"".join(land)}"/>\n<path id="borders" d="{"".join(borders)}"/>\n</svg>\n'
    )


main()
