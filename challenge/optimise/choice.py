"""Integer programmes over candidates that are chosen or not, under rows of whole numbers."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from time import monotonic

import highspy
import numpy as np
from numpy.typing import NDArray

from challenge.optimise.columns import quiet_solver
from challenge.optimise.rows import NO_LIMIT, Row, Rule

HALF = 0.5  # between whole numbers: rounding in the solver decides nothing
BLOCK = 20  # candidates whose order is settled in one programme: powers of two up to 2**19
APART = 0.25  # what the relaxation must lose before a candidate is fixed by it; the value is whole


@dataclass(frozen=True, slots=True)
class Found:
    """What was chosen, its total and the bound on any total; ``done`` where time did not run out."""

    chosen: tuple[int, ...]
    total: int
    bound: int
    done: bool


class Choice:
    """One programme that is asked several things: the best total, then the first among equals."""

    def __init__(self, count: int, rows: Sequence[Row], time_limit: float | None = None) -> None:
        self.count, self.rows = count, list(rows)
        self.until = None if time_limit is None else monotonic() + time_limit
        self.solver = quiet_solver(mip_rel_gap=0.0, mip_abs_gap=0.99, mip_feasibility_tolerance=1e-9)
        self.solver.changeObjectiveSense(highspy.ObjSense.kMaximize)
        none = np.zeros(0, np.int32)
        zeros, ones = np.zeros(count), np.ones(count)
        self.solver.addCols(count, zeros, zeros, ones, 0, np.zeros(count, np.int32), none, np.zeros(0))
        self._whole(highspy.HighsVarType.kInteger)
        for row in rows:
            self.add(row)

    def add(self, row: Row, slack: float = 0.0) -> None:
        """One more row; ``slack`` below 1 changes nothing in whole numbers."""
        high = highspy.kHighsInf if row.high >= NO_LIMIT else float(row.high)
        index = np.array(row.index, dtype=np.int32)
        self.solver.addRow(row.low - slack, high, len(index), index, np.array(row.weight, dtype=np.float64))

    def best(self, weights: Sequence[int]) -> Found | None:
        """The greatest total of these ``weights``; None where the rows leave nothing, TimeoutError where unknown."""
        if not self.count:
            return Found((), 0, 0, done=True) if all(row.holds(()) for row in self.rows) else None
        self._weigh(np.array(weights, dtype=np.float64))
        state, info = self._run(), self.solver.getInfo()
        ended = highspy.HighsModelStatus
        if state in {ended.kInfeasible, ended.kUnboundedOrInfeasible}:
            return None
        late = state == ended.kTimeLimit
        if not late and state not in {ended.kOptimal, ended.kModelEmpty}:
            raise RuntimeError(f"HiGHS ended with {state}.")
        if late and info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            raise TimeoutError("No lawful choice was found in time.")
        chosen = tuple(np.flatnonzero(np.array(self.solver.getSolution().col_value) > HALF).tolist())
        if not all(row.holds(chosen) for row in self.rows):
            raise RuntimeError("HiGHS rounded beyond a rule.")
        total = sum(weights[at] for at in chosen)
        most = sum(weights)
        bound = (
            min(most, int(np.floor(info.mip_dual_bound + 1e-6))) if late and np.isfinite(info.mip_dual_bound) else most
        )
        return Found(chosen, total, max(total, bound) if late else total, done=not late)

    def first_of_best(self, weights: Sequence[int], best: Found) -> Found:
        """Of all choices as good as ``best`` the first one: with candidate 0 rather than without, then with 1 …

        That choice is unique, so the answer does not depend on how the solver searches. It is found block by block of
        the given order: each programme maximises powers of two over a block under ``total ≥ best`` and fixes it.
        Candidates that the relaxation prices out of every best choice are fixed before (reduced cost fixing; Nemhauser
        and Wolsey 1988, II.5), which leaves few.
        """
        chosen = set(best.chosen)
        open_ = list(range(self.count))
        try:
            if self.count > BLOCK:
                open_ = self._open(weights, best.total, chosen)
            whole = tuple(range(self.count))
            self.add(Row(Rule("value"), whole, tuple(weights), best.total, NO_LIMIT), slack=HALF)
            for start in range(0, len(open_), BLOCK):
                block = open_[start : start + BLOCK]
                if not chosen.issuperset(block):
                    powers = [0] * self.count
                    for place, at in enumerate(reversed(block)):
                        powers[at] = 1 << place
                    found = self.best(powers)
                    if found is None:
                        raise RuntimeError("HiGHS lost the best choice.")
                    chosen = set(found.chosen)
                    if not found.done:
                        return Found(found.chosen, best.total, best.total, done=False)
                self._fix(block, chosen)
        except TimeoutError:
            return Found(tuple(sorted(chosen)), best.total, best.total, done=False)
        return Found(tuple(sorted(chosen)), best.total, best.total, done=True)

    def _open(self, weights: Sequence[int], total: int, chosen: Collection[int]) -> list[int]:
        """Candidates that a best choice may have or not, by the relaxation; the others are fixed as they are."""
        self._whole(highspy.HighsVarType.kContinuous)
        self._weigh(np.array(weights, dtype=np.float64))
        self._run()
        if self.solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise TimeoutError
        dual = np.abs(np.array(self.solver.getSolution().col_dual))
        free = self.solver.getInfo().objective_function_value - dual >= total - APART
        self._whole(highspy.HighsVarType.kInteger)
        self._fix(np.flatnonzero(~free).tolist(), chosen)
        return np.flatnonzero(free).tolist()

    def _fix(self, at: Sequence[int], chosen: Collection[int]) -> None:
        index = np.array(at, dtype=np.int32)
        value = np.array([float(one in chosen) for one in at])
        self.solver.changeColsBounds(len(index), index, value, value)

    def _weigh(self, weights: NDArray[np.float64]) -> None:
        self.solver.changeColsCost(self.count, np.arange(self.count, dtype=np.int32), weights)

    def _whole(self, kind: highspy.HighsVarType) -> None:
        kinds = np.full(self.count, int(kind), np.uint8)
        if self.count:
            self.solver.changeColsIntegrality(self.count, np.arange(self.count, dtype=np.int32), kinds)

    def _run(self) -> highspy.HighsModelStatus:
        if self.until is not None:
            left = self.until - monotonic()
            if left <= 0:
                raise TimeoutError("No lawful choice was found in time.")
            self.solver.setOptionValue("time_limit", self.solver.getRunTime() + left)
        self.solver.run()
        return self.solver.getModelStatus()
