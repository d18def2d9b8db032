"""The best pairs of a bipartite b-matching with a proof, by column generation over few of the pairs.

The matrix of the linear programme is totally unimodular, so its basic solutions are whole numbers (Hoffman and Kruskal
1956). HiGHS solves it over a few pairs per proposal; its duals price all others (Dantzig and Wolfe 1960), those that
improve are added and the rest is proven useless when none is left.
"""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

from challenge.optimise.flow import Bools, Floats, Ints
from challenge.optimise.prices import best_first, bound, juror_prices

FIRST = 12  # pairs per proposal to begin with, beside those of a feasible assignment
MORE = 3  # improving pairs per proposal and round
TIE = 1e-4  # most that the tie-breaking term adds to a pair, on a scale where weights are 0 to 1
IMPROVES = 1e-9  # a reduced cost above this is more than rounding, on that scale


@dataclass(frozen=True, slots=True)
class Market:
    """What is left to assign.

    ``weight`` (proposals × jurors): 0 to 1 where allowed, -inf where not, and a bonus for pairs to keep that outweighs
    everything else. ``demand`` (proposals), ``load_min`` and ``load_max`` (jurors) are whole numbers.
    """

    weight: NDArray[np.float64]
    demand: Ints
    load_min: Ints
    load_max: Ints

    @property
    def allowed(self) -> Bools:
        """Pairs (proposals × jurors) that may be chosen."""
        return np.isfinite(self.weight)


@dataclass(frozen=True, slots=True)
class Best:
    """Chosen ``pairs`` (proposals × jurors, bool), the ``prices`` of the jurors and the ``bound`` they prove."""

    pairs: Bools
    prices: NDArray[np.float64]
    bound: float


def scattered(shape: tuple[int, int]) -> NDArray[np.float64]:
    """Numbers in [0, 1) that depend on nothing but the place (integer hash of the index), to break ties alike."""
    place = np.arange(shape[0] * shape[1], dtype=np.uint32).reshape(shape)
    place *= np.uint32(0x9E3779B1)
    place ^= place >> np.uint32(15)
    place *= np.uint32(0x85EBCA77)
    place ^= place >> np.uint32(13)
    return place / np.float64(2**32)


def first_prices(market: Market, ties: NDArray[np.float64]) -> NDArray[np.float32]:
    """Weights less juror prices (proposals × jurors, float32): the order in which pairs deserve a look."""
    weight = np.minimum(market.weight, 2).astype(np.float32)
    weight += np.float32(1e-3) * ties.astype(np.float32)
    return weight - juror_prices(weight, market.demand, market.load_min, market.load_max)


def best_pairs(market: Market, likely: Bools, ties: NDArray[np.float64]) -> Best:
    """The pairs of the greatest total weight; ``likely`` (proposals × jurors) must hold a feasible assignment.

    The tie-breaking term only chooses where to start: the last word has the programme without it, so that it can
    decide between equals and never against a better assignment.
    """
    if not market.demand.any():
        return Best(np.zeros(market.weight.shape, bool), np.zeros(len(market.load_max)), 0.0)
    programme = _Programme(market, market.weight + TIE * ties)
    programme.add(likely)
    programme.solve()
    programme.weigh(market.weight)
    programme.solve()
    prices = programme.juror_duals()
    return Best(
        programme.pairs(),
        prices,
        bound(market.weight, market.demand, market.load_min, market.load_max, prices),
    )


def likely_pairs(height: Floats, demand: Ints) -> Bools:
    """The few best pairs of each proposal (proposals × jurors, bool) by price-corrected weight."""
    most = FIRST + int(demand.max(initial=0))
    if not height.size:
        return np.zeros(height.shape, bool)
    best = best_first(height, most)
    likely = np.zeros(height.shape, bool)
    np.put_along_axis(likely, best, values=True, axis=1)
    return likely & np.isfinite(height)


class _Programme:
    """The linear programme over the pairs added so far."""

    def __init__(self, market: Market, weight: NDArray[np.float64]) -> None:
        self.weight = weight
        self.added = np.zeros(weight.shape, bool)
        self.rows = np.zeros(0, np.int64)
        self.columns = np.zeros(0, np.int64)
        self.solver = quiet_solver(
            presolve="off", solver="simplex", primal_feasibility_tolerance=1e-9,
            dual_feasibility_tolerance=1e-10,  # the smallest that HiGHS takes
        )  # fmt: skip
        self.solver.changeObjectiveSense(highspy.ObjSense.kMaximize)
        low = np.concatenate([market.demand, market.load_min]).astype(float)
        high = np.concatenate([market.demand, market.load_max]).astype(float)
        starts = np.zeros(len(low), np.int32)
        self.solver.addRows(len(low), low, high, 0, starts, np.zeros(0, np.int32), np.zeros(0))

    def add(self, pairs: Bools) -> None:
        rows, columns = np.nonzero(pairs)
        self.added |= pairs
        self.rows, self.columns = np.concatenate([self.rows, rows]), np.concatenate([self.columns, columns])
        count, ones = len(rows), np.ones(len(rows))
        index = np.column_stack([rows, len(self.weight) + columns]).astype(np.int32).ravel()
        starts = np.arange(0, 2 * count, 2, dtype=np.int32)
        self.solver.addCols(
            count, self.weight[pairs], np.zeros(count), ones, 2 * count, starts, index, np.ones(2 * count)
        )

    def weigh(self, weight: NDArray[np.float64]) -> None:
        """Another objective over the same pairs, from the basis where the last one ended."""
        self.weight = weight
        index = np.arange(len(self.rows), dtype=np.int32)
        self.solver.changeColsCost(len(index), index, weight[self.rows, self.columns])

    def solve(self) -> None:
        """Solves, prices, adds, until no pair outside would improve."""
        while True:
            self.solver.run()
            if self.solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
                raise RuntimeError(f"HiGHS ended with {self.solver.getModelStatus()}.")
            if not (better := self._better()).any():
                return
            self.add(better)

    def _better(self) -> Bools:
        """The most improving pairs of each proposal that are not in yet."""
        better = np.zeros(self.weight.shape, bool)
        if not self.weight.size:
            return better
        gain = self.weight - self.juror_duals()
        gain -= self.duals()[: len(self.weight), None]
        gain[self.added] = -np.inf
        hopeful = np.flatnonzero(gain.max(axis=1) > IMPROVES)
        if len(hopeful):
            best = best_first(gain[hopeful], MORE)
            better[hopeful[:, None], best] = np.take_along_axis(gain[hopeful], best, axis=1) > IMPROVES
        return better

    def duals(self) -> NDArray[np.float64]:
        return np.array(self.solver.getSolution().row_dual)

    def juror_duals(self) -> NDArray[np.float64]:
        return self.duals()[len(self.weight) :]

    def pairs(self) -> Bools:
        chosen = np.array(self.solver.getSolution().col_value) > 0.5  # noqa: PLR2004 -- whole numbers but for rounding
        pairs = np.zeros(self.weight.shape, bool)
        pairs[self.rows[chosen], self.columns[chosen]] = True
        return pairs


def quiet_solver(**options: float | str) -> highspy.Highs:
    """HiGHS without output, on one thread and with a fixed seed: the same input gives the same answer."""
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    for option, value in {"output_flag": False, "threads": 1, "random_seed": 0, **options}.items():
        solver.setOptionValue(option, value)
    return solver
