"""A scenario computed: from the snapshot and what the scenario changes to the portfolio and its reasons. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import numpy as np

from challenge.optimise import reasons
from challenge.optimise.greedy import ranked
from challenge.optimise.portfolio import Candidate, Infeasible, Portfolio, Rule, Rules, select

SOLVER = "HiGHS"
LIMIT = 120.0  # seconds for the portfolio itself
SEED = 0  # of the drawn juries
DRAWS, FEW_DRAWS, MANY = 200, 40, 60  # drawn juries; with more candidates than MANY fewer
EXPLAINED = 60  # of those not chosen, the best ranked
MORE_MONEY = 10_000_000  # cents: what one more 100,000 € would bring
STEPS = tuple(range(50, 155, 10))  # percent of the budget at which the value is shown

Limits = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Computed:
    """The portfolio with its reasons, in ids; or the rules that ``clash``."""

    constraints: Limits
    portfolio: Portfolio | None
    chosen: tuple[int, ...]
    reserve: tuple[int, ...]
    reasons: dict[str, Any]
    clash: tuple[list[Any], ...] = ()

    @property
    def solver_version(self) -> str:
        """Of the solver that is installed."""
        return version("highspy")


def constraints(inputs: Mapping[str, Any], changes: Mapping[str, Any]) -> Limits:
    """The round's limits with what the scenario changes, by key: databases keep objects in orders of their own."""
    return {
        "budget": changes.get("budget", inputs["budget"]),
        **{
            kind: dict(sorted({**inputs.get(kind, {}), **changes.get(kind, {})}.items()))
            for kind in ("planned", "city_cap", "theme_min", "theme_max")
        },
        "must_in": sorted(changes.get("must_in", ())),
        "must_out": sorted(changes.get("must_out", ())),
    }


def computed(inputs: Mapping[str, Any], changes: Mapping[str, Any]) -> Computed:
    """Choose, and explain the choice."""
    limits = constraints(inputs, changes)
    lines: Sequence[Mapping[str, Any]] = inputs["candidates"]
    ids = [one["id"] for one in lines]
    absent = [["not_eligible", key] for key in limits["must_in"] if key not in ids]
    candidates = [
        Candidate(one["value"], one["cost"], one["size"], tuple(map(str, one["cities"])), tuple(one["themes"]))
        for one in lines
    ]
    place = {key: at for at, key in enumerate(ids)}
    rules = Rules(
        **{**limits, "must_in": frozenset(place[key] for key in limits["must_in"] if key in place),
           "must_out": frozenset(place[key] for key in limits["must_out"] if key in place)}
    )  # fmt: skip
    try:
        if absent:
            return Computed(limits, None, (), (), {}, tuple(absent))
        best = select(candidates, rules, LIMIT)
    except Infeasible as why:
        return Computed(limits, None, (), (), {}, tuple(_named(rule, ids) for rule in why.rules))
    left = [at for at in range(len(ids)) if at not in best.chosen and at not in rules.must_out]
    return Computed(
        limits, best, tuple(ids[at] for at in best.chosen), tuple(ids[at] for at in left),
        _reasons(candidates, rules, best, ids, lines) if best.status == "optimal" else {},
    )  # fmt: skip


def _reasons(
    candidates: Sequence[Candidate], rules: Rules, best: Portfolio, ids: Sequence[int],
    lines: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:  # fmt: skip
    out = [at for at in range(len(ids)) if at not in best.chosen][:EXPLAINED]
    drawn = _drawn(lines)
    return {
        "out": [_out(reasons.why_out(candidates, rules, best, at), at, ids) for at in out],
        "in": [{"id": ids[at], "drop": reasons.drop(candidates, rules, best, at)} for at in best.chosen],
        "prices": [
            {"rule": _named(one.rule, ids), "by": one.by, "gain": one.gain, **_swapped(one.swap, ids)}
            for one in reasons.prices(candidates, rules, best, MORE_MONEY)
        ],
        "others": {
            "cut": _other(candidates, rules, ids, cut=True),
            "greedy": _other(candidates, rules, ids, cut=False),
        },
        "shares": dict(zip(map(str, ids), reasons.shares(candidates, rules, drawn), strict=True)),
        "draws": len(drawn),
        "seed": SEED,
        "curve": list(_curve(candidates, rules)),
    }


def _out(found: reasons.Out, at: int, ids: Sequence[int]) -> dict[str, Any]:
    return {
        "id": ids[at],
        "swap": None if found.swap is None else {"lost": found.swap.lost, **_swapped(found.swap, ids)},
        "clash": [_named(rule, ids) for rule in found.clash],
        "changes": [{"rule": _named(one.rule, ids), "by": one.by} for one in found.changes],
    }


def _swapped(swap: reasons.Swap, ids: Sequence[int]) -> dict[str, list[int]]:
    return {"enters": [ids[at] for at in swap.enters], "leaves": [ids[at] for at in swap.leaves]}


def _named(rule: Rule, ids: Sequence[int]) -> list[Any]:
    """Kind and key, candidates by their id."""
    key = ids[rule.key] if rule.kind in {"must_in", "must_out", "value"} and isinstance(rule.key, int) else rule.key
    return [rule.kind, key]


def _other(candidates: Sequence[Candidate], rules: Rules, ids: Sequence[int], *, cut: bool) -> dict[str, Any]:
    chosen = ranked(candidates, rules, cut=cut)
    return {
        "chosen": [ids[at] for at in chosen],
        "value": sum(candidates[at].value for at in chosen),
        "cost": sum(candidates[at].cost for at in chosen),
        "broken": [_named(rule, ids) for rule in reasons.broken(candidates, rules, chosen)],
    }


def _drawn(lines: Sequence[Mapping[str, Any]]) -> list[list[int]]:
    """Juries drawn anew from the reviews there are, with replacement: the mean of as many as each proposal has."""
    if not lines:
        return []
    rng = np.random.default_rng(SEED)
    draws = DRAWS if len(lines) <= MANY else FEW_DRAWS
    columns = []
    for one in lines:
        marks = np.array(one["marks"] or [one["value"]], dtype=np.int64)
        columns.append(marks[rng.integers(len(marks), size=(draws, len(marks)))].sum(axis=1) // len(marks))
    return np.stack(columns, axis=1).tolist()  # type: ignore[no-any-return]


def _curve(candidates: Sequence[Candidate], rules: Rules) -> Iterable[list[int]]:
    """[budget, best value] for budgets around the one there is; nothing where a budget is too small for the rules."""
    if rules.budget is None:
        return
    for percent in STEPS:
        budget = rules.budget * percent // 100
        try:
            yield [budget, select(candidates, _with_budget(rules, budget)).value]
        except Infeasible:
            continue


def _with_budget(rules: Rules, budget: int) -> Rules:
    return Rules(budget, rules.planned, rules.city_cap, rules.theme_min, rules.theme_max, rules.must_in, rules.must_out)
