"""Integer programmes over candidates that are chosen or not, under rows of whole numbers."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
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

    def __init__(
        self, count: int, rows: Sequence[Row], time_limit: float | None = None, *, until: float | None = None
    ) -> None:
        self.count, self.rows = count, list(rows)
        self.until = until if time_limit is None else monotonic() + time_limit
        self.had: tuple[int, ...] | None = None
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

    def begin(self, chosen: Collection[int]) -> None:
        """What is had already, if the rows let it: out of time nothing less is found."""
        members = set(chosen)
        if self.count and all(row.holds(members) for row in self.rows):
            self.had = tuple(sorted(members))
            values = np.zeros(self.count)
            values[list(self.had)] = 1.0
            self.solver.setSolution(self.count, np.arange(self.count, dtype=np.int32), values)

    def best(self, weights: Sequence[int]) -> Found | None:
        """The greatest total of these ``weights``; None where the rows leave nothing, TimeoutError where unknown."""
        if not self.count:
            return Found((), 0, 0, done=True) if all(row.holds(()) for row in self.rows) else None
        self._weigh(np.array(weights, dtype=np.float64))
        state = self._run()
        ended = highspy.HighsModelStatus
        if state in {ended.kInfeasible, ended.kUnboundedOrInfeasible}:
            return None
        if state in {ended.kOptimal, ended.kModelEmpty}:
            chosen = self._chosen()
            total = sum(weights[at] for at in chosen)
            return Found(chosen, total, total, done=True)
        if state not in {None, ended.kTimeLimit}:
            raise RuntimeError(f"HiGHS ended with {state}.")
        return self._late(weights, begun=state is not None)

    def _late(self, weights: Sequence[int], *, begun: bool) -> Found:
        """What there is when time has run out, and a bound that is true."""
        info, bound = self.solver.getInfo(), sum(weight for weight in weights if weight > 0)
        feasible = highspy.SolutionStatus.kSolutionStatusFeasible
        chosen = self._chosen() if begun and info.primal_solution_status == feasible else self.had
        if chosen is None:
            raise TimeoutError("No lawful choice was found in time.")
        if begun and np.isfinite(info.mip_dual_bound):
            bound = min(bound, int(np.floor(info.mip_dual_bound + 1e-6)))
        total = sum(weights[at] for at in chosen)
        return Found(chosen, total, max(total, bound), done=False)

    def _chosen(self) -> tuple[int, ...]:
        chosen = tuple(np.flatnonzero(np.array(self.solver.getSolution().col_value) > HALF).tolist())
        members = set(chosen)
        if not all(row.holds(members) for row in self.rows):
            raise RuntimeError("HiGHS rounded beyond a rule.")
        return chosen

    def first_of_best(self, weights: Sequence[int], best: Found) -> Found:
        """Of all choices as good as ``best`` the first one: with candidate 0 rather than without, then with 1 …

        That choice is unique, so the answer does not depend on how the solver searches. It is found block by block of
        the given order: each programme maximises powers of two over a block under ``total ≥ best`` and fixes it.
        Candidates that the relaxation prices into or out of every best choice are fixed before (reduced cost fixing;
        Nemhauser and Wolsey 1988, II.5), which leaves few.
        """
        open_: Sequence[int] | None = range(self.count) if self.count <= BLOCK else self._open(weights, best.total)
        if open_ is None:
            return replace(best, done=False)
        fixed = set(best.chosen).difference(open_)
        rest = self
        if self.count > BLOCK:
            rest = Choice(len(open_), [_within(row, open_, fixed) for row in self.rows], until=self.until)
        whole = Row(Rule("value"), tuple(range(self.count)), tuple(weights), best.total, NO_LIMIT)
        rest.add(_within(whole, open_, fixed), slack=HALF)
        chosen = {at for at, one in enumerate(open_) if one in best.chosen}
        for start in range(0, len(open_), BLOCK):
            block = range(start, min(start + BLOCK, len(open_)))
            if not chosen.issuperset(block):
                powers = [0] * len(open_)
                for place, at in enumerate(reversed(block)):
                    powers[at] = 1 << place
                found = rest.best(powers)
                if found is None:
                    raise RuntimeError("HiGHS lost the best choice.")
                if not found.done:
                    return replace(best, done=False)
                chosen = set(found.chosen)
            rest.fix(block, chosen)
        return replace(best, chosen=tuple(sorted(fixed | {open_[at] for at in chosen})))

    def _open(self, weights: Sequence[int], total: int) -> list[int] | None:
        """Candidates that a best choice may have or not, by the relaxation; None where time has run out."""
        self._whole(highspy.HighsVarType.kContinuous)
        self._weigh(np.array(weights, dtype=np.float64))
        if self._run() != highspy.HighsModelStatus.kOptimal:
            return None
        dual = np.abs(np.array(self.solver.getSolution().col_dual))
        return np.flatnonzero(self.solver.getInfo().objective_function_value - dual >= total - APART).tolist()

    def fix(self, at: Sequence[int], chosen: Collection[int]) -> None:
        """From now on these are chosen or not, as they are in ``chosen``."""
        index = np.array(at, dtype=np.int32)
        value = np.array([float(one in chosen) for one in at])
        self.solver.changeColsBounds(len(index), index, value, value)

    def _weigh(self, weights: NDArray[np.float64]) -> None:
        self.solver.changeColsCost(self.count, np.arange(self.count, dtype=np.int32), weights)

    def _whole(self, kind: highspy.HighsVarType) -> None:
        kinds = np.full(self.count, int(kind), np.uint8)
        if self.count:
            self.solver.changeColsIntegrality(self.count, np.arange(self.count, dtype=np.int32), kinds)

    def _run(self) -> highspy.HighsModelStatus | None:
        """How the solver ended; None where no time was left to begin."""
        if self.until is not None:
            left = self.until - monotonic()
            if left <= 0:
                return None
            self.solver.setOptionValue("time_limit", self.solver.getRunTime() + left)
        self.solver.run()
        return self.solver.getModelStatus()


def _within(row: Row, open_: Sequence[int], fixed: Collection[int]) -> Row:
    """What a row leaves for the open candidates, by their place among these, when the fixed ones are chosen."""
    weights = dict(zip(row.index, row.weight, strict=True))
    had = sum(weight for at, weight in weights.items() if at in fixed)
    index = [place for place, at in enumerate(open_) if at in weights]
    high = row.high if row.high >= NO_LIMIT else row.high - had
    return replace(
        row, index=tuple(index), weight=tuple(weights[open_[at]] for at in index), low=row.low - had, high=high
    )
