"""Who could work with whom: two sides, each with wishes of its own and room for so many, all matched at once.

``best`` finds the pairs of the greatest total value, with proof; ``stable`` finds pairs that no two would leave for
each other (Gale and Shapley 1962, *College Admissions and the Stability of Marriage*; many-to-many with responsive
wishes: Roth 1984, *Stability and Polarization of Interests in Job Matching*); ``blocking`` lists those who would.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from challenge.optimise.assignment import assign

__all__ = ["Matching", "best", "blocking", "stable"]

Floats = NDArray[np.float64]
Pairs = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Matching:
    """Pairs (row, column) in order, and what they are worth: the sum of both sides' wishes.

    No matching is worth more than ``bound``; ``optimal`` says that this one is worth as much.
    """

    pairs: Pairs
    value: float
    bound: float
    optimal: bool


def best(
    want: ArrayLike, wish: ArrayLike, places: ArrayLike, capacity: ArrayLike, allowed: ArrayLike | None = None
) -> Matching:
    """The matching of the greatest total value; places may stay empty.

    ``want`` (rows × columns) is what a row gains by a column, ``wish`` (rows × columns) what the column gains by the
    row, both finite and ≥ 0. ``places`` (rows) and ``capacity`` (columns) say how many partners each may have, whole
    and ≥ 0. Pairs not ``allowed`` (rows × columns, boolean) and pairs worth nothing are never made. Raises
    ``ValueError`` for arguments of other shapes or signs.
    """
    sides = _Sides.read(want, wish, places, capacity, allowed)
    rows, columns = sides.allowed.shape
    empty = int(sides.places.max(initial=0))  # columns that stand for a place left empty: worth nothing, room for all
    if not rows or not columns or not empty:
        return Matching((), 0.0, 0.0, optimal=True)
    fit = np.vstack([np.where(sides.allowed, sides.want + sides.wish, 0.0).T, np.zeros((empty, rows))])
    forbidden = np.vstack([~sides.allowed.T, np.zeros((empty, rows), bool)])
    room = np.concatenate([sides.capacity, np.full(empty, rows)])
    found = assign(fit, sides.places, room, forbidden=forbidden)
    pairs = tuple(sorted((row, column) for column, row in found.pairs if column < columns))
    return Matching(pairs, sides.value(pairs), max(found.bound, sides.value(pairs)), found.optimal)


def stable(
    want: ArrayLike, wish: ArrayLike, places: ArrayLike, capacity: ArrayLike, allowed: ArrayLike | None = None, *,
    top: Matching | None = None,
) -> Matching:  # fmt: skip
    """The matching that is best for the rows among all that nobody would leave for each other; see ``best``.

    Equal wishes are told apart by the other side's, then by index: what is stable for these strict orders has no pair
    in which both would rather have each other. ``bound`` is that of ``best`` under the same rules, which is
    computed unless it is given as ``top``.
    """
    sides = _Sides.read(want, wish, places, capacity, allowed)
    pairs = tuple(sorted(_deferred(sides)))
    top = best(want, wish, places, capacity, allowed) if top is None else top
    value = sides.value(pairs)
    return Matching(pairs, value, max(top.bound, value), top.optimal and value >= top.value)


def blocking(
    pairs: Pairs, want: ArrayLike, wish: ArrayLike, places: ArrayLike, capacity: ArrayLike,
    allowed: ArrayLike | None = None,
) -> Pairs:  # fmt: skip
    """Pairs not made in which both have room or would rather have each other than somebody they have, in order."""
    sides = _Sides.read(want, wish, places, capacity, allowed)
    made = np.zeros(sides.allowed.shape, bool)
    for row, column in pairs:
        made[row, column] = True
    row_least = _least(np.where(made, sides.want, np.inf).min(axis=1, initial=np.inf), made.sum(axis=1), sides.places)
    column_least = _least(
        np.where(made, sides.wish, np.inf).min(axis=0, initial=np.inf), made.sum(axis=0), sides.capacity
    )
    both = sides.allowed & ~made & (sides.want > row_least[:, None]) & (sides.wish > column_least[None, :])
    return tuple((int(row), int(column)) for row, column in np.argwhere(both))


def _least(worst: Floats, count: NDArray[np.int64], room: NDArray[np.int64]) -> Floats:
    """What a new partner must be worth more than: anything where there is room, and nothing where there is none."""
    return np.where(count < room, -np.inf, np.where(room == 0, np.inf, worst))


def _deferred(sides: _Sides) -> list[tuple[int, int]]:
    """Rows ask in the order of their wishes; a column keeps the best of those who asked so far."""
    rows, columns = sides.allowed.shape
    row_at, column_at = np.meshgrid(np.arange(rows), np.arange(columns), indexing="ij")
    order = np.lexsort((column_at, -sides.wish, -sides.want), axis=1)
    rank = np.lexsort((row_at, -sides.want, -sides.wish), axis=0)  # rank[i, c]: the row column c likes i-th best
    liked = np.empty((rows, columns), np.int64)
    np.put_along_axis(liked, rank, row_at, axis=0)
    kept: list[list[tuple[int, int]]] = [[] for _ in range(columns)]  # (-place in the column's order, row): worst first
    asked = [0] * rows
    free = sides.places.tolist()
    waiting = list(range(rows - 1, -1, -1))
    while waiting:
        row = waiting.pop()
        while free[row] and asked[row] < columns:
            column = int(order[row, asked[row]])
            asked[row] += 1
            if not sides.allowed[row, column] or not sides.capacity[column]:
                continue
            free[row] -= 1
            heapq.heappush(kept[column], (-int(liked[row, column]), row))
            if len(kept[column]) > sides.capacity[column]:
                left = heapq.heappop(kept[column])[1]
                free[left] += 1
                if left != row:
                    waiting.append(left)
    return [(row, column) for column, rows_kept in enumerate(kept) for _place, row in rows_kept]


@dataclass(frozen=True, slots=True)
class _Sides:
    """The arguments, checked and as arrays."""

    want: Floats
    wish: Floats
    places: NDArray[np.int64]
    capacity: NDArray[np.int64]
    allowed: NDArray[np.bool_]

    @classmethod
    def read(
        cls, want: ArrayLike, wish: ArrayLike, places: ArrayLike, capacity: ArrayLike, allowed: ArrayLike | None
    ) -> _Sides:
        first, second = np.asarray(want, np.float64), np.asarray(wish, np.float64)
        if first.ndim != 2 or first.shape != second.shape:  # noqa: PLR2004 -- rows × columns
            raise ValueError("want and wish must have the same two dimensions: rows × columns.")
        if not (np.isfinite(first).all() and np.isfinite(second).all()) or (first < 0).any() or (second < 0).any():
            raise ValueError("want and wish must be finite and not negative; pairs that must not be are not allowed.")
        may = np.ones(first.shape, bool) if allowed is None else np.asarray(allowed, bool)
        if may.shape != first.shape:
            raise ValueError(f"allowed must have the shape of want, {first.shape}, not {may.shape}.")
        return cls(
            first, second, _whole("places", places, first.shape[0]), _whole("capacity", capacity, first.shape[1]),
            may & (first + second > 0),
        )  # fmt: skip

    def value(self, pairs: Pairs) -> float:
        return float(sum(self.want[row, column] + self.wish[row, column] for row, column in pairs))


def _whole(name: str, given: ArrayLike, count: int) -> NDArray[np.int64]:
    numbers = np.asarray(given)
    if numbers.shape != (count,) or (count and (numbers.dtype.kind not in "iu" or (numbers < 0).any())):
        raise ValueError(f"{name} must be {count} whole numbers of at least 0.")
    return numbers.astype(np.int64)
