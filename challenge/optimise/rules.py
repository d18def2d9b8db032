"""Side rules of an assignment, quotas and no identical panels: exact by integer programming over few pairs.

The assignment without them bounds the one with them. A pair that would pull this bound below what is already had
cannot be part of anything better (reduced cost fixing; Nemhauser and Wolsey 1988, II.5), so a small programme proves
the optimum of the large one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from challenge.optimise.columns import Best, Market
from challenge.optimise.flow import Bools
from challenge.optimise.programme import Asked, Found, Panel, Quota, solve

__all__ = ["Conflict", "Quota", "best_within", "check"]

FIRST_PAIRS = 15  # pairs per proposal in the first programme; each next one has three times as many


@dataclass(frozen=True, slots=True)
class Conflict:
    """Demands of proposals, loads of jurors and rules that cannot be had together; irreducible."""

    proposals: tuple[int, ...]
    jurors: tuple[int, ...]
    quotas: tuple[int, ...]
    panel_limit: bool
    shortfall: int


def check(quotas: Sequence[Quota], shape: tuple[int, ...], panel_limit: int | None) -> None:
    """Refuses (ValueError) rules that cannot be read over ``shape``, jurors × proposals."""
    for number, quota in enumerate(quotas):
        for name, members, count in (("jurors", quota.jurors, shape[0]), ("proposals", quota.proposals, shape[1])):
            if any(not 0 <= member < count for member in members) or len(set(members)) < len(members):
                raise ValueError(f"Quota {number}: {name} must be different indices below {count}.")
        if quota.least < 0 or (quota.most is not None and quota.most < quota.least):
            raise ValueError(f"Quota {number}: least must be at least 0 and at most most.")
    if panel_limit is not None and panel_limit < 1:
        raise ValueError("panel_limit must be at least 1.")


def best_within(
    market: Market, fixed: Bools, quotas: Sequence[Quota], panel_limit: int | None, free: Best,
    time_limit: float | None,
) -> Best | Conflict:  # fmt: skip
    """The best pairs under the rules; ``free`` is the best without them, ``fixed`` (proposals × jurors) is set.

    1. Take the pairs that cost the bound least and solve over them.
    2. Found something? No pair that costs more than the distance to the bound can be in anything better: done, or
       solve once more over all that cost less.
    3. Found nothing? Take more pairs; over all of them nothing means a conflict.
    """
    asked = Asked.whole(market, fixed, quotas, panel_limit)
    loss = _loss(market, free)
    order = np.sort(loss[np.isfinite(loss)])
    size = FIRST_PAIRS * len(market.demand)
    banned: list[Panel] = []
    while True:
        reach = order[size - 1] if 0 < size <= len(order) else np.inf
        found = solve(asked, loss <= reach if np.isfinite(reach) else market.allowed, time_limit, banned)
        if found is None:
            if not np.isfinite(reach):
                return _conflict(asked)
            size *= 3
            continue
        bound = min(free.bound, max(found.bound, free.bound - reach))
        missing = free.bound - found.value
        if found.timed_out or missing <= reach:
            return Best(found.pairs, free.prices, bound)
        size = max(size + 1, int(np.searchsorted(order, missing + 1e-9, side="right")) + 1)


def _loss(market: Market, free: Best) -> NDArray[np.float64]:
    """By how much the bound falls if a pair is chosen (proposals × jurors; inf where not allowed)."""
    height = market.weight - free.prices
    loss: NDArray[np.float64] = np.full(height.shape, np.inf)
    asking = np.flatnonzero(market.demand)
    if len(asking):
        ranked = -np.sort(-height[asking], axis=1)
        last = np.take_along_axis(ranked, market.demand[asking, None] - 1, axis=1)
        loss[asking] = np.maximum(last - height[asking], 0)
    return loss


def _conflict(asked: Asked) -> Conflict:
    """The smallest set by divide and conquer (Junker 2004, *QuickXplain*): few programmes even for many parts."""
    parts: list[tuple[str, int]] = [
        *(("panel_limit", 0) for _ in range(asked.panel_limit is not None)),
        *(("quota", q) for q in range(len(asked.quotas))),
        *(("proposal", p) for p in np.flatnonzero(asked.market.demand + asked.fixed.sum(axis=1)).tolist()),
        *(("juror", j) for j in range(len(asked.market.load_max))),
    ]

    def possible(of: Sequence[tuple[str, int]]) -> bool:
        return solve(_only(asked, of), asked.market.allowed, None, feasible_only=True) is not None

    left = _explain(possible, [], parts)
    demanded = _only(asked, left)
    most: Found | None = solve(demanded, asked.market.allowed, None, short=True)
    wanted = int(demanded.market.demand[demanded.demanded].sum())
    return Conflict(
        tuple(index for kind, index in left if kind == "proposal"),
        tuple(index for kind, index in left if kind == "juror"),
        tuple(index for kind, index in left if kind == "quota"),
        any(kind == "panel_limit" for kind, _ in left),
        0 if most is None else wanted - round(most.value),
    )


def _only(asked: Asked, parts: Sequence[tuple[str, int]]) -> Asked:
    """The same with nothing but these demands, loads and rules."""
    by: dict[str, list[int]] = {"proposal": [], "juror": [], "quota": [], "panel_limit": []}
    for kind, index in parts:
        by[kind].append(index)
    return asked.only(by["proposal"], by["juror"], by["quota"], panels=bool(by["panel_limit"]))


def _explain(
    possible: Callable[[Sequence[tuple[str, int]]], bool],
    background: list[tuple[str, int]],
    parts: list[tuple[str, int]],
    *,
    grown: bool = False,
) -> list[tuple[str, int]]:
    if grown and not possible(background):
        return []
    if len(parts) == 1:
        return parts
    first, second = parts[: len(parts) // 2], parts[len(parts) // 2 :]
    of_second = _explain(possible, background + first, second, grown=bool(first))
    of_first = _explain(possible, background + of_second, first, grown=bool(of_second))
    return of_first + of_second
