"""Whether needs can be met at all: an integral flow, or a smallest set of rows and columns that shows why not.

Rows need, columns have room, a pair is used at most once. By Hall's theorem in the form for many-to-many matchings
(Ford and Fulkerson 1962, *Flows in Networks*, ch. II) the needs can be met exactly when no set of rows needs more than
its columns can take; augmenting paths find either the flow or, from the row where they end, such a set.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64] | NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Shortage:
    """Rows whose needs exceed what they can get because these columns are full, and by how many units.

    Irreducible: without the need of any one row, or with unlimited room in any one column, the rest can be met.
    Columns that are not named take every allowed pair, so their room does not matter.
    """

    rows: Ints
    columns: Ints
    units: int


class _Flow:
    """Units from rows (n) to columns (m), never more than a column has room for."""

    def __init__(self, need: Ints, room: Ints, allowed: Bools, used: Bools) -> None:
        self.need, self.room, self.allowed, self.used = need, room.copy(), allowed, used
        self.taken = used.sum(axis=0)
        self.held = np.full((len(need), int(need.max(initial=0))), len(room))  # by row, its columns; else none
        for row in range(len(need)):
            self._hold(row)
        self.turned: list[tuple[int, int]] = []  # pairs that paths have changed

    def unmet(self, row: int) -> int:
        return int(self.need[row] - self.used[row].sum())

    def drop(self, row: int) -> None:
        self.give(row, np.zeros(len(self.room), bool))

    def give(self, row: int, columns: Bools) -> None:
        """Lets the row use these columns and no others."""
        self.taken += columns.astype(np.int64) - self.used[row]
        self.used[row] = columns
        self._hold(row)

    def _hold(self, row: int) -> None:
        columns = np.flatnonzero(self.used[row])
        self.held[row] = len(self.room)
        self.held[row, : len(columns)] = columns

    def reach(self, row: int) -> tuple[Bools, Bools, list[tuple[int, int]]]:
        """Rows and columns that alternating paths from ``row`` lead to, and one path to spare room (else empty)."""
        rows, columns = np.zeros(len(self.need), bool), np.zeros(len(self.room), bool)
        rows[row] = True
        from_row = np.full(len(self.room), -1)
        from_column = np.full(len(self.need), -1)
        frontier = np.array([row])
        while len(frontier):
            spare, by = self._open(frontier, ~columns & (self.taken < self.room))
            if len(spare):
                from_row[spare] = by
                return rows, columns, _walk(row, int(spare[0]), from_row, from_column)
            found, by = self._open(frontier, ~columns)
            from_row[found] = by
            columns[found] = True
            just_found = np.zeros(len(self.room) + 1, bool)  # one more: what stands for no column
            just_found[found] = True
            back = just_found[self.held] & ~rows[:, None]
            frontier = np.flatnonzero(back.any(axis=1))
            from_column[frontier] = self.held[frontier, back[frontier].argmax(axis=1)]
            rows[frontier] = True
        return rows, columns, []

    def _open(self, rows: Ints, among: Bools) -> tuple[Ints, Ints]:
        """Those columns that one of the rows may use and does not, and the first such row of each."""
        columns = np.flatnonzero(among)
        block = np.ix_(rows, columns)
        pairs = self.allowed[block] & ~self.used[block]
        found = np.flatnonzero(pairs.any(axis=0))
        return columns[found], rows[pairs[:, found].argmax(axis=0)]

    def fill(self, row: int) -> bool:
        """Augments until the row has what it needs; False when no path is left."""
        while self.unmet(row) > 0:
            path = self.reach(row)[2]
            if not path:
                return False
            self.turn(path)
        return True

    def turn(self, pairs: list[tuple[int, int]]) -> None:
        """Uses what was not used and the other way round."""
        for r, c in pairs:
            self.taken[c] += 1 - 2 * int(self.used[r, c])
            self.used[r, c] = not self.used[r, c]
        for r in {r for r, _c in pairs}:
            self._hold(r)
        self.turned += pairs


def _walk(start: int, column: int, from_row: Ints, from_column: Ints) -> list[tuple[int, int]]:
    pairs = []
    while True:
        row = int(from_row[column])
        pairs.append((row, column))
        if row == start:
            return pairs
        column = int(from_column[row])
        pairs.append((row, column))


def meet(need: Ints, room: Ints, allowed: Bools, preference: Floats) -> Bools | Shortage:
    """Pairs (n × m, bool) in which every row has its ``need`` and no column more than its ``room``, or the shortage.

    ``need`` (n) and ``room`` (m) are whole numbers ≥ 0, ``allowed`` (n × m) says which pairs may be used. Rows take
    the columns they prefer as long as there is room (``preference``, n × m); augmenting paths do the rest.
    """
    flow = _Flow(need, room, allowed, _greedy(need, room, allowed, preference))
    hungry: list[int] = np.flatnonzero(flow.used.sum(axis=1) < need).tolist()
    for row in hungry:
        flow.drop(row)
    for row in hungry:
        if not flow.fill(row):
            return _smallest(flow, row)
    return flow.used


def _greedy(need: Ints, room: Ints, allowed: Bools, preference: Floats) -> Bools:
    """A few rounds in which each row asks for what it lacks and each full column keeps who prefers it most."""
    used = np.zeros(allowed.shape, bool)
    for _ in range(8):
        left, lack = room - used.sum(axis=0), need - used.sum(axis=1)
        hungry = np.flatnonzero(lack > 0)
        most = min(int(lack.max(initial=0)), allowed.shape[1])
        if not len(hungry) or not most or not (left > 0).any():
            break
        wish = np.where(allowed[hungry] & ~used[hungry] & (left > 0), preference[hungry], -np.inf)
        best = np.argpartition(wish, wish.shape[1] - most, axis=1)[:, -most:]
        height = np.take_along_axis(wish, best, axis=1)
        order = np.argsort(-height, axis=1, kind="stable")
        best, height = np.take_along_axis(best, order, axis=1), np.take_along_axis(height, order, axis=1)
        asked = (np.arange(most) < lack[hungry][:, None]) & np.isfinite(height)
        rows, columns, height = np.broadcast_to(hungry[:, None], best.shape)[asked], best[asked], height[asked]
        order = np.lexsort((-height, columns))
        rows, columns = rows[order], columns[order]
        place = np.arange(len(columns)) - np.searchsorted(columns, columns)
        kept = place < left[columns]
        used[rows[kept], columns[kept]] = True
    return used


def _smallest(flow: _Flow, stuck: int) -> Shortage:
    """Leaves out rows and limits while the stuck row stays stuck.

    1. What alternating paths from the stuck row reach is short of room; everything else is left out.
    2. Is it short of one unit, each row and column reached is needed: without it a path would be open.
    3. Else each is left out on trial; it stays out when the row is still stuck.
    """
    rows, columns, _ = flow.reach(stuck)
    for is_row, index in [*((True, int(r)) for r in np.flatnonzero(rows) if r != stuck),
                          *((False, int(c)) for c in np.flatnonzero(columns))]:  # fmt: skip
        if flow.unmet(stuck) == 1:
            break
        flow.turned = []
        had, room = flow.used[index].copy() if is_row else None, flow.room.copy()
        if is_row:
            flow.drop(index)
        else:
            flow.room[index] = np.iinfo(np.int64).max
        if flow.fill(stuck):
            flow.turn(flow.turned[::-1])
            flow.room = room
            if had is not None:
                flow.give(index, had)
        elif is_row:
            flow.need = flow.need.copy()
            flow.need[index] = 0
    if flow.unmet(stuck) == 1:
        rows, columns, _ = flow.reach(stuck)
    else:
        rows &= flow.need > 0
        columns &= flow.room < np.iinfo(np.int64).max
    return Shortage(np.flatnonzero(rows), np.flatnonzero(columns), flow.unmet(stuck))
