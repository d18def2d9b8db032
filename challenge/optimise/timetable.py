"""A timetable of short meetings: two sides, so many slots, so many tables, and nobody in two places at once.

Which pairs meet is an exact optimum: nobody has more meetings than there are slots, and there are no more than slots
times tables. Such pairs always fit into the slots: a bipartite multigraph of degree at most ``slots`` has an edge
colouring in ``slots`` colours (Kőnig 1916), and one in which no colour has more than ``tables`` edges if all of them
have no more than ``slots`` times ``tables`` (de Werra 1971). So nothing of the value is lost when hours are given out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from challenge.optimise.assignment import assign
from challenge.optimise.programme import Quota

Edge = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Timetable:
    """Meetings (row, column, slot, table), the most valuable slots first; no timetable is worth more than ``bound``."""

    meetings: tuple[tuple[int, int, int, int], ...]
    value: float
    bound: float


def timetable(
    values: ArrayLike, row_people: Sequence[int], column_people: Sequence[int], slots: int, tables: int
) -> Timetable:
    """The meetings of the greatest total value.

    ``values`` (rows × columns) is what a meeting is worth, finite; pairs worth nothing or less never meet. Each pair
    meets at most once. ``row_people`` and ``column_people`` name who sits at the table for a row and for a column:
    whoever does so for several is in one place at a time. Nobody may sit on both sides. Raises ``ValueError``.
    """
    worth = np.asarray(values, np.float64)
    if worth.ndim != 2 or worth.shape != (len(row_people), len(column_people)) or not np.isfinite(worth).all():  # noqa: PLR2004
        raise ValueError("values: finite, rows × columns")
    if slots < 1 or tables < 1:
        raise ValueError("slots, tables: at least 1")
    if set(row_people) & set(column_people):
        raise ValueError("people: on one side each")
    if not (worth > 0).any():
        return Timetable((), 0.0, 0.0)
    pairs, bound = _chosen(worth, row_people, column_people, slots, slots * tables)
    edges = [(row_people[row], column_people[column]) for row, column in pairs]
    placed = _balanced(edges, _coloured(edges, slots), slots, tables)
    return Timetable(*_in_order(pairs, placed, worth), bound)


def _chosen(
    worth: np.ndarray, row_people: Sequence[int], column_people: Sequence[int], slots: int, most: int
) -> tuple[list[Edge], float]:
    """The best pairs in which nobody has more than ``slots`` meetings and there are at most ``most``; and their bound.

    A place nobody takes is filled by a column that stands for nothing.
    """
    rows, columns = worth.shape
    places = min(slots, columns)
    fit = np.vstack([np.maximum(worth, 0.0).T, np.zeros((places, rows))])
    forbidden = np.vstack([worth.T <= 0, np.zeros((places, rows), bool)])
    load = np.array([min(slots, rows)] * columns + [rows] * places)
    quotas = [Quota(range(columns), range(rows), most=most)]
    quotas += [Quota(range(columns), group, most=slots) for group in _shared(row_people)]
    quotas += [Quota(group, range(rows), most=slots) for group in _shared(column_people)]
    needed = quotas if rows * places > most else quotas[1:]
    found = assign(fit, [places] * rows, load, forbidden=forbidden, quotas=needed)
    return sorted((row, column) for column, row in found.pairs if column < columns), float(found.bound)


def _shared(people: Sequence[int]) -> list[list[int]]:
    """Places of those who sit there for more than one."""
    at: dict[int, list[int]] = defaultdict(list)
    for place, who in enumerate(people):
        at[who].append(place)
    return [group for group in at.values() if len(group) > 1]


def _coloured(edges: Sequence[Edge], slots: int) -> list[int]:
    """A slot for each edge, no person twice in one."""
    at: dict[int, dict[int, int]] = defaultdict(dict)  # person → slot → edge
    colours = [-1] * len(edges)
    for edge, (one, other) in enumerate(edges):
        free = next(slot for slot in range(slots) if slot not in at[one])
        wanted = next(slot for slot in range(slots) if slot not in at[other])
        if free != wanted:  # along the path from the other side the two slots change places; it never comes to ``one``
            _swap(edges, at, colours, _path(edges, at, other, free, wanted), free, wanted)
        _put(edges, at, colours, edge, free)
    return colours


def _path(edges: Sequence[Edge], at: dict[int, dict[int, int]], start: int, first: int, second: int) -> list[int]:
    """The edges one meets from ``start``, of the first and the second slot by turns."""
    found: list[int] = []
    person, slot = start, first
    while slot in at[person]:
        edge = at[person][slot]
        found.append(edge)
        one, other = edges[edge]
        person, slot = (other if person == one else one), (second if slot == first else first)
    return found


def _swap(
    edges: Sequence[Edge], at: dict[int, dict[int, int]], colours: list[int], path: Sequence[int], a: int, b: int
) -> None:
    turned = [(edge, b if colours[edge] == a else a) for edge in path]
    for edge in path:
        for person in edges[edge]:
            del at[person][colours[edge]]
    for edge, slot in turned:
        _put(edges, at, colours, edge, slot)


def _put(edges: Sequence[Edge], at: dict[int, dict[int, int]], colours: list[int], edge: int, slot: int) -> None:
    colours[edge] = slot
    for person in edges[edge]:
        at[person][slot] = edge


def _balanced(edges: Sequence[Edge], colours: list[int], slots: int, tables: int) -> list[int]:
    """The same with at most ``tables`` edges in each slot: a slot that has too many gives one to that with fewest."""
    at: dict[int, dict[int, int]] = defaultdict(dict)
    for edge, slot in enumerate(colours):
        _put(edges, at, colours, edge, slot)
    while True:
        sizes = [colours.count(slot) for slot in range(slots)]
        full, spare = sizes.index(max(sizes)), sizes.index(min(sizes))
        if sizes[full] <= tables:
            return colours
        ends = (person for person in sorted(at) if full in at[person] and spare not in at[person])
        paths = (_path(edges, at, person, full, spare) for person in ends)
        _swap(edges, at, colours, next(path for path in paths if len(path) % 2), full, spare)


def _in_order(
    pairs: Sequence[Edge], colours: Sequence[int], worth: np.ndarray
) -> tuple[tuple[tuple[int, int, int, int], ...], float]:
    """Slots by what their meetings are worth, the tables of each likewise."""
    each: dict[int, list[Edge]] = defaultdict(list)
    for pair, slot in zip(pairs, colours, strict=True):
        each[slot].append(pair)
    ordered = sorted(each.values(), key=lambda met: (-sum(worth[pair] for pair in met), met))
    meetings = tuple(
        (row, column, slot, table)
        for slot, met in enumerate(ordered)
        for table, (row, column) in enumerate(sorted(met, key=lambda pair: (-worth[pair], pair)))
    )
    return meetings, float(sum(worth[pair] for pair in pairs))
