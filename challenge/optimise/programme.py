"""The integer programme of an assignment with side rules, over the pairs given."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import highspy
import numpy as np
from numpy.typing import NDArray

from challenge.optimise.columns import Market, quiet_solver
from challenge.optimise.flow import Bools, Ints

Panel = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Quota:
    """Of the pairs of these ``jurors`` and ``proposals`` (indices) at ``least`` and at ``most`` so many are chosen."""

    jurors: Sequence[int]
    proposals: Sequence[int]
    least: int = 0
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A market with what is ``fixed`` (proposals × jurors), side rules, and which demands and loads count at all."""

    market: Market
    fixed: Bools
    quotas: tuple[Quota, ...]
    panel_limit: int | None
    demanded: Bools
    loaded: Bools

    @classmethod
    def whole(cls, market: Market, fixed: Bools, quotas: Sequence[Quota], panel_limit: int | None) -> Asked:
        """With every demand and every load."""
        all_demands, all_loads = np.ones(len(market.demand), bool), np.ones(len(market.load_max), bool)
        return cls(market, fixed, tuple(quotas), panel_limit, all_demands, all_loads)

    def only(self, proposals: Sequence[int], jurors: Sequence[int], quotas: Sequence[int], *, panels: bool) -> Asked:
        """Nothing but these demands, loads and rules."""
        return replace(
            self,
            quotas=tuple(self.quotas[q] for q in quotas),
            panel_limit=self.panel_limit if panels else None,
            demanded=np.isin(np.arange(len(self.market.demand)), np.asarray(proposals, dtype=np.int64)),
            loaded=np.isin(np.arange(len(self.market.load_max)), np.asarray(jurors, dtype=np.int64)),
        )


@dataclass(frozen=True, slots=True)
class Found:
    """Chosen ``pairs`` (proposals × jurors) without the fixed ones, their weight, and the bound over what was given."""

    pairs: Bools
    value: float
    bound: float
    timed_out: bool


def solve(
    asked: Asked, among: Bools, time_limit: float | None, banned: list[Panel] | None = None, *,
    feasible_only: bool = False, short: bool = False,
) -> Found | None:  # fmt: skip
    """The best pairs ``among`` those given (proposals × jurors), None where the rules leave nothing.

    Panels are only limited once they turn up too often; ``banned`` holds those of earlier programmes and grows.
    ``feasible_only`` stops at anything that obeys the rules, ``short`` allows less than the demand and looks for the
    most reviews of the demands that count.
    """
    banned = [] if banned is None else banned
    while True:
        model = _Model(asked, among & asked.market.allowed, short=short)
        if not model.build(banned, weigh=not feasible_only):
            return None
        found = model.run(time_limit)
        if found is None or asked.panel_limit is None:
            return found
        often = _too_often(asked, found.pairs)
        if not often:
            return found
        if found.timed_out:
            raise TimeoutError("No assignment without identical panels was found in time.")
        banned += often


def _too_often(asked: Asked, pairs: Bools) -> list[Panel]:
    """Panels of two and more jurors that are the whole panel of more proposals than the limit."""
    chosen = pairs | asked.fixed
    whole = asked.demanded & (pairs.sum(axis=1) == asked.market.demand)
    panels = Counter(tuple(np.flatnonzero(row).tolist()) for row in chosen[whole])
    return [panel for panel, times in panels.items() if len(panel) > 1 and times > (asked.panel_limit or 0)]


class _Model:
    """Columns: one per pair, then one per proposal and banned panel. Rows are added one kind after the other."""

    def __init__(self, asked: Asked, among: Bools, *, short: bool) -> None:
        self.asked, self.among, self.short = asked, among, short
        self.rows, self.columns = np.nonzero(among)
        self.place = np.full(among.shape, -1)
        self.place[among] = np.arange(len(self.rows))
        self.solver = quiet_solver(mip_rel_gap=0.0, mip_abs_gap=1e-9, mip_feasibility_tolerance=1e-9)
        self.solver.changeObjectiveSense(highspy.ObjSense.kMaximize)

    def build(self, banned: Sequence[Panel], *, weigh: bool) -> bool:
        """Everything but the solving; False when fixed pairs alone break a rule."""
        market, count = self.asked.market, len(self.rows)
        weight = market.weight[self.among] if weigh else np.zeros(count)
        if self.short:
            weight = self.asked.demanded[self.rows].astype(float)
        none = np.zeros(0, np.int32)
        self.solver.addCols(
            count, weight, np.zeros(count), np.ones(count), 0, np.zeros(count, np.int32), none, np.zeros(0)
        )
        kinds = np.full(count, int(highspy.HighsVarType.kInteger), np.uint8)
        if count:
            self.solver.changeColsIntegrality(count, np.arange(count, dtype=np.int32), kinds)
        for proposal in np.flatnonzero(self.asked.demanded):
            need = float(market.demand[proposal])
            self._row(self.place[proposal][self.among[proposal]], 0.0 if self.short else need, need)
        for juror in np.flatnonzero(self.asked.loaded):
            cells = self.place[:, juror][self.among[:, juror]]
            self._row(cells, float(market.load_min[juror]), float(market.load_max[juror]))
        for quota in self.asked.quotas:
            block = np.ix_(np.asarray(quota.proposals, dtype=np.int64), np.asarray(quota.jurors, dtype=np.int64))
            had = int(self.asked.fixed[block].sum())
            if quota.most is not None and quota.most < had:
                return False
            cells = self.place[block][self.among[block]]
            most = highspy.kHighsInf if quota.most is None else float(quota.most - had)
            self._row(cells, float(max(quota.least - had, 0)), most)
        return all(self._ban(panel) for panel in banned)

    def _row(self, cells: Ints, low: float, high: float, ones: NDArray[np.float64] | None = None) -> None:
        index = np.asarray(cells, dtype=np.int32)
        self.solver.addRow(low, high, len(index), index, np.ones(len(index)) if ones is None else ones)

    def _ban(self, panel: Panel) -> bool:
        """At most ``panel_limit`` proposals have exactly this panel: one mark each, which all its pairs raise."""
        left, marks = self.asked.panel_limit or 0, []
        for proposal, lacking in self._could_have(panel):
            if not len(lacking):
                left -= 1
                continue
            mark = self.solver.getNumCol()
            self.solver.addCol(0.0, 0.0, 1.0, 0, np.zeros(0, np.int32), np.zeros(0))
            cells = np.append(self.place[proposal, lacking], mark)
            self._row(cells, -highspy.kHighsInf, len(lacking) - 1.0, np.append(np.ones(len(lacking)), -1.0))
            marks.append(mark)
        if left < 0:
            return False
        self._row(np.array(marks, dtype=np.int64), -highspy.kHighsInf, float(left))
        return True

    def _could_have(self, panel: Panel) -> Iterator[tuple[int, Ints]]:
        """Proposals that may end with this panel, and which of its jurors are not fixed there."""
        market, fixed = self.asked.market, self.asked.fixed
        members = np.array(panel)
        sizes = market.demand + fixed.sum(axis=1)
        for proposal in np.flatnonzero(self.asked.demanded & (sizes == len(panel))):
            lacking = members[~fixed[proposal, members]]
            others = fixed[proposal].sum() > len(panel) - len(lacking)
            if not others and self.among[proposal, lacking].all():
                yield int(proposal), lacking

    def run(self, time_limit: float | None) -> Found | None:
        if time_limit is not None:
            self.solver.setOptionValue("time_limit", float(time_limit))
        self.solver.run()
        status, info = self.solver.getModelStatus(), self.solver.getInfo()
        ended = highspy.HighsModelStatus
        if status in {ended.kInfeasible, ended.kUnboundedOrInfeasible}:
            return None
        if status == ended.kTimeLimit and info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            raise TimeoutError("No assignment was found in time.")
        if status not in {ended.kOptimal, ended.kTimeLimit, ended.kModelEmpty}:
            raise RuntimeError(f"HiGHS ended with {status}.")
        chosen = np.array(self.solver.getSolution().col_value)[: len(self.rows)] > 0.5  # noqa: PLR2004 -- 0 or 1
        pairs = np.zeros(self.among.shape, bool)
        pairs[self.rows[chosen], self.columns[chosen]] = True
        value = float(np.array(self.solver.getLp().col_cost_)[: len(self.rows)][chosen].sum())
        timed_out = status == ended.kTimeLimit
        return Found(pairs, value, max(value, float(info.mip_dual_bound)) if timed_out else value, timed_out)
