"""Who judges what: the greatest total fit under hard rules, proven, or the smallest set that shows why it cannot be.

``assign`` is pure: arrays in, a frozen result out, the same input gives the same answer.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from challenge.optimise import flow, rules
from challenge.optimise.columns import Market, best_pairs, first_prices, likely_pairs, scattered
from challenge.optimise.flow import Bools, Ints
from challenge.optimise.rules import Quota

__all__ = ["Assignment", "Infeasible", "Quota", "assign"]


@dataclass(frozen=True, slots=True)
class Assignment:
    """The chosen pairs and what they are worth.

    ``pairs`` are (juror index, proposal index) in order of proposal and juror, the fixed ones among them; ``value`` is
    the sum of their fit. No assignment under the same rules (that keeps as many pairs) is worth more than ``bound``;
    ``optimal`` says that the two are equal but for rounding, and then they are the same number. ``kept`` counts the
    pairs of ``keep`` that are still there.
    """

    pairs: tuple[tuple[int, int], ...]
    value: float
    bound: float
    optimal: bool
    kept: int = 0


class Infeasible(Exception):  # noqa: N818 -- an answer, not an error
    """No assignment obeys the rules; these alone are why.

    ``cause`` says which rules are in conflict, among nothing but what is named:

    - ``"demand"``: the demand of ``proposals`` exceeds what they can get by ``shortfall`` reviews, because ``jurors``
      have no load left; all others who may judge them already do.
    - ``"load_min"``: the least loads of ``jurors`` exceed what there is for them by ``shortfall`` reviews, because
      ``proposals`` need no more.
    - ``"fixed"``: ``shortfall`` more pairs are fixed than the demand of the proposal or the load of the juror named.
    - ``"rules"``: the demand of ``proposals`` and the loads of ``jurors`` cannot be had together with ``quotas``
      (indices) and, where ``panel_limit`` is true, the limit on identical panels. ``shortfall`` reviews would have to
      be given up (0: giving up reviews does not help).

    Irreducible: without the demand of any one proposal, the load limits of any one juror or any one rule named,
    the rest can be had.
    """

    def __init__(
        self, cause: str, proposals: Sequence[int], jurors: Sequence[int], shortfall: int,
        quotas: Sequence[int] = (), *, panel_limit: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(f"{cause}: {len(proposals)} proposals and {len(jurors)} jurors, short of {shortfall}")
        self.cause = cause
        self.proposals = tuple(int(p) for p in proposals)
        self.jurors = tuple(int(j) for j in jurors)
        self.shortfall = shortfall
        self.quotas = tuple(int(q) for q in quotas)
        self.panel_limit = panel_limit


def assign(
    fit: ArrayLike,
    demand: ArrayLike,
    load_max: ArrayLike,
    load_min: ArrayLike | None = None,
    forbidden: ArrayLike | None = None,
    fixed: ArrayLike | None = None,
    *,
    keep: ArrayLike | None = None,
    quotas: Sequence[Quota] = (),
    panel_limit: int | None = None,
    time_limit: float | None = None,
) -> Assignment:
    """Pairs of the greatest total fit in which each proposal has its demand and each juror a load within limits.

    ``fit`` (jurors × proposals) is finite and ≥ 0; ``demand`` (proposals), ``load_max`` and ``load_min`` (jurors;
    nought if not given) are whole numbers ≥ 0; ``forbidden`` and ``fixed`` (jurors × proposals, boolean) are pairs that
    must not or must be there. Fixed pairs count towards demand, loads and rules.

    - ``keep`` (jurors × proposals, boolean): first as many of these pairs as possible, then fit (lexicographic), so
      that a rerun after a drop-out changes as little as possible.
    - ``quotas``: numbers of pairs within blocks of jurors × proposals.
    - ``panel_limit``: no two or more jurors are the whole panel of more proposals than this (at least 1).
    - ``time_limit`` (seconds): only with quotas or a panel limit; then ``bound`` may stay above ``value`` and a
      faster machine may find more.

    Equals are decided by a term that depends only on the indices; it chooses where the search starts and never
    between unequal assignments. Raises ``Infeasible``; ``ValueError`` names what is wrong with an argument;
    ``TimeoutError`` when nothing was found in time.
    """
    given = _Given.read(fit, demand, load_max, load_min, forbidden, fixed, keep)
    rules.check(quotas, given.fit.shape, panel_limit)
    market, bonus = given.market()
    ties = scattered(market.weight.shape)
    height = first_prices(market, ties)
    possible = _feasible(market, height)
    likely = likely_pairs(height, market.demand) | possible | (given.keep.T & market.allowed)
    best = best_pairs(market, likely, ties)
    if quotas or panel_limit is not None:
        found = rules.best_within(market, given.fixed.T, quotas, panel_limit, best, time_limit)
        if isinstance(found, rules.Conflict):
            raise Infeasible("rules", found.proposals, found.jurors, found.shortfall, found.quotas,
                             panel_limit=found.panel_limit)  # fmt: skip
        best = found
    return given.result(best.pairs, best.bound - float(market.weight[best.pairs].sum()), bonus)


def _feasible(market: Market, height: NDArray[np.float32]) -> Bools:
    """Pairs (proposals × jurors) that hold an assignment within all demands and loads.

    Demands can be met within the greatest loads, least loads within the demands: where each can be had alone, both can
    be had together out of the same pairs (Mendelsohn and Dulmage 1958, *Some generalizations of the problem of
    distinct representatives*).
    """
    met = flow.meet(market.demand, market.load_max, market.allowed, height)
    if isinstance(met, flow.Shortage):
        raise Infeasible("demand", met.rows.tolist(), met.columns.tolist(), met.units)
    if market.load_min.any():
        loaded = flow.meet(market.load_min, market.demand, market.allowed.T, height.T)
        if isinstance(loaded, flow.Shortage):
            raise Infeasible("load_min", loaded.columns.tolist(), loaded.rows.tolist(), loaded.units)
        met |= loaded.T
    return met


@dataclass(frozen=True, slots=True)
class _Given:
    """The arguments, checked and as arrays."""

    fit: NDArray[np.float64]
    demand: Ints
    load_max: Ints
    load_min: Ints
    forbidden: Bools
    fixed: Bools
    keep: Bools

    @classmethod
    def read(
        cls, fit: ArrayLike, demand: ArrayLike, load_max: ArrayLike, load_min: ArrayLike | None,
        forbidden: ArrayLike | None, fixed: ArrayLike | None, keep: ArrayLike | None,
    ) -> _Given:  # fmt: skip
        matrix = np.asarray(fit, dtype=np.float64)
        if matrix.ndim != 2:  # noqa: PLR2004 -- jurors × proposals
            raise ValueError("fit must have two dimensions: jurors × proposals.")
        if not np.isfinite(matrix).all() or (matrix < 0).any():
            raise ValueError("fit must be finite and not negative; pairs that must not be go into forbidden.")
        jurors, proposals = matrix.shape
        most = _whole("load_max", load_max, jurors)
        least = np.zeros(jurors, np.int64) if load_min is None else _whole("load_min", load_min, jurors)
        if (least > most).any():
            raise ValueError(f"load_min is greater than load_max for juror {int(np.argmax(least > most))}.")
        given = cls(
            matrix, _whole("demand", demand, proposals), most, least,
            _marks("forbidden", forbidden, matrix), _marks("fixed", fixed, matrix), _marks("keep", keep, matrix),
        )  # fmt: skip
        if (both := given.forbidden & given.fixed).any():
            juror, proposal = np.argwhere(both)[0]
            raise ValueError(f"The pair of juror {juror} and proposal {proposal} is both fixed and forbidden.")
        return given

    def market(self) -> tuple[Market, float]:
        """What fixed pairs leave over, fit scaled to 0…1, and the bonus of a pair to keep."""
        demand = self.demand - self.fixed.sum(axis=0)
        most = self.load_max - self.fixed.sum(axis=1)
        if (demand < 0).any():
            raise Infeasible("fixed", [int(demand.argmin())], [], -int(demand.min()))
        if (most < 0).any():
            raise Infeasible("fixed", [], [int(most.argmin())], -int(most.min()))
        weight = (self.fit - self.fit.min(initial=math.inf)) / self.scale() if self.fit.size else self.fit.copy()
        bonus = float(demand.sum() + 1) if self.keep.any() else 0.0  # more than all fit together
        weight[self.keep] += bonus
        weight[self.forbidden | self.fixed] = -np.inf
        least = np.maximum(self.load_min - self.fixed.sum(axis=1), 0)
        return Market(np.ascontiguousarray(weight.T), demand, least, most), bonus

    def scale(self) -> float:
        spread = float(np.ptp(self.fit)) if self.fit.size else 0.0
        return spread or 1.0

    def result(self, pairs: Bools, gap: float, bonus: float) -> Assignment:
        """The assignment in the units of the caller; ``gap`` is on the scale of the market."""
        chosen = pairs | self.fixed.T
        proposal, juror = np.nonzero(chosen)
        value = math.fsum(self.fit[juror, proposal])
        count = len(juror)
        optimal = gap <= 1e-9 * (1 + count) + 1e-15 * bonus * count  # what adding up so many numbers may lose
        return Assignment(
            pairs=tuple(zip(juror.tolist(), proposal.tolist(), strict=True)),
            value=value,
            bound=value if optimal else value + gap * self.scale(),
            optimal=optimal,
            kept=int((chosen & self.keep.T).sum()),
        )


def _whole(name: str, given: ArrayLike, count: int) -> Ints:
    numbers = np.asarray(given)
    if numbers.shape != (count,):
        raise ValueError(f"{name} must be {count} whole numbers, not an array of shape {numbers.shape}.")
    if count and (numbers.dtype.kind not in "iu" or (numbers < 0).any()):
        raise ValueError(f"{name} must be whole numbers of at least 0.")
    return numbers.astype(np.int64)


def _marks(name: str, given: ArrayLike | None, like: NDArray[np.float64]) -> Bools:
    if given is None:
        return np.zeros(like.shape, bool)
    marks = np.asarray(given)
    if marks.shape != like.shape:
        raise ValueError(f"{name} must have the shape of fit, {like.shape}, not {marks.shape}.")
    return marks.astype(bool)
