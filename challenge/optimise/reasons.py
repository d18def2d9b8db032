"""Why a portfolio is as it is: what would let a candidate in, what would push one out, what a limit costs.

Every answer is had by choosing again under the changed rules, never from prices of a relaxation, so it is true: under
the change named the candidate is chosen, and under no smaller change of that kind.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import gcd
from typing import Any

from challenge.optimise.choice import Choice
from challenge.optimise.portfolio import Infeasible, Portfolio, select
from challenge.optimise.rows import NO_LIMIT, Candidate, Row, Rule, Rules, rows


@dataclass(frozen=True, slots=True)
class Swap:
    """What another portfolio is worth less than the best, who enters it and who leaves."""

    lost: int
    enters: tuple[int, ...]
    leaves: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """``by`` how much a rule must give way (or, for ``value``, the candidate's own value rise) and nothing less."""

    rule: Rule
    by: int


@dataclass(frozen=True, slots=True)
class Out:
    """Why a candidate is not chosen.

    ``swap`` is the best portfolio that has it; where none is lawful, ``clash`` says which rules stand against it.
    ``changes`` are, of each kind that can let it in alone, the smallest.
    """

    swap: Swap | None
    clash: tuple[Rule, ...]
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Price:
    """What a limit that is higher ``by`` so much would bring."""

    rule: Rule
    by: int
    gain: int
    swap: Swap


def swap(best: Portfolio, other: Portfolio) -> Swap:
    """From ``best`` to ``other``."""
    had, has = set(best.chosen), set(other.chosen)
    return Swap(best.value - other.value, tuple(sorted(has - had)), tuple(sorted(had - has)))


def why_out(candidates: Sequence[Candidate], rules: Rules, best: Portfolio, at: int) -> Out:
    """What lets candidate ``at`` into the portfolio; where it is kept out by hand, whether that alone is why."""
    if at in rules.must_out:
        lifted = replace(rules, must_out=frozenset(rules.must_out) - {at})
        free = select(candidates, lifted)
        only = (Change(Rule("must_out", at), 1),) if at in free.chosen else ()
        return Out(*_forced(candidates, lifted, best, at)[:2], only)
    swapped, clash = _forced(candidates, rules, best, at)
    found = []
    if swapped is not None:
        found.append(Change(Rule("value", at), _rise(candidates, rules, at, swapped.lost)))
    if (money := _money(candidates, rules, best, at)) is not None:
        found.append(Change(Rule("budget"), money))
    raised = {rule: _raise(candidates, rules, rule, at) for rule in _own(candidates[at], rules)}
    found += [Change(rule, by) for rule, by in raised.items() if by is not None]
    return Out(swapped, clash, tuple(found))


def drop(candidates: Sequence[Candidate], rules: Rules, best: Portfolio, at: int) -> int | None:
    """By how much the value of a chosen candidate must fall for it to leave; None where no fall does that."""
    if at in rules.must_in:
        return None
    try:
        without = select(candidates, replace(rules, must_out={*rules.must_out, at}))
    except Infeasible:
        return None
    by = best.value - without.value
    if by <= candidates[at].value and at in select(_valued(candidates, at, -by), rules).chosen:
        by += 1
    return by if by <= candidates[at].value else None


def prices(candidates: Sequence[Candidate], rules: Rules, best: Portfolio, money: int) -> Iterator[Price]:
    """What ``money`` more would bring, and one more planned place of each class."""
    given = [Rule("budget")] if rules.budget is not None else []
    for rule in (*given, *(Rule("planned", name) for name in rules.planned)):
        by = money if rule.kind == "budget" else 1
        other = select(candidates, _more(rules, rule, by))
        yield Price(rule, by, other.value - best.value, swap(best, other))


def shares(candidates: Sequence[Candidate], rules: Rules, values: Sequence[Sequence[int]]) -> tuple[float, ...]:
    """How often each candidate is chosen when its value is drawn: ``values`` has a row per draw."""
    times = [0] * len(candidates)
    for drawn, count in Counter(tuple(int(value) for value in row) for row in values).items():
        valued = [replace(one, value=value) for one, value in zip(candidates, drawn, strict=True)]
        for at in select(valued, rules).chosen:
            times[at] += count
    return tuple(count / len(values) if values else 0.0 for count in times)


def broken(candidates: Sequence[Candidate], rules: Rules, chosen: Sequence[int]) -> tuple[Rule, ...]:
    """The rules that these candidates do not keep."""
    return tuple(row.rule for row in rows(candidates, rules) if not row.holds(set(chosen)))


def _forced(
    candidates: Sequence[Candidate], rules: Rules, best: Portfolio, at: int
) -> tuple[Swap | None, tuple[Rule, ...]]:
    try:
        return swap(best, select(candidates, replace(rules, must_in={*rules.must_in, at}))), ()
    except Infeasible as why:
        return None, tuple(rule for rule in why.rules if rule != Rule("must_in", at))


def _valued(candidates: Sequence[Candidate], at: int, more: int) -> list[Candidate]:
    changed = list(candidates)
    changed[at] = replace(changed[at], value=changed[at].value + more)
    return changed


def _rise(candidates: Sequence[Candidate], rules: Rules, at: int, lost: int) -> int:
    """With ``lost`` more its best portfolio equals the best; where the order of equals is against it, one more."""
    return lost if lost and at in select(_valued(candidates, at, lost), rules).chosen else lost + 1


def _money(candidates: Sequence[Candidate], rules: Rules, best: Portfolio, at: int) -> int | None:
    """The least additional budget under which the candidate is chosen.

    It can only come in where a portfolio that has it is worth as much as the best under the same budget. The best does
    not fall as the budget grows, so the next budget to try is the least cost of such a portfolio that is above the
    last one tried: in between nothing new has it.
    """
    if rules.budget is None:
        return None
    unit = gcd(*(one.cost for one in candidates)) or 1
    costs = tuple(one.cost // unit for one in candidates)
    whole = tuple(range(len(candidates)))
    values = tuple(one.value for one in candidates)
    lawful = rows(candidates, replace(rules, budget=None, must_in={*rules.must_in, at}))
    budget, value = rules.budget, best.value
    while True:
        dearer = Row(Rule("budget"), whole, costs, budget // unit + 1, NO_LIMIT)
        worth = Row(Rule("value"), whole, values, value, NO_LIMIT)
        found = Choice(len(candidates), [*lawful, dearer, worth]).best([-cost for cost in costs])
        if found is None:
            return None
        budget = -found.total * unit
        now = select(candidates, replace(rules, budget=budget))
        if at in now.chosen:
            return budget - rules.budget
        value = now.value


def _own(candidate: Candidate, rules: Rules) -> Iterator[Rule]:
    """The limits that count this candidate."""
    if candidate.size_class in rules.planned:
        yield Rule("planned", candidate.size_class)
    yield from (Rule("city_cap", city) for city in dict.fromkeys(candidate.cities) if city in rules.city_cap)
    yield from (Rule("theme_max", theme) for theme in dict.fromkeys(candidate.themes) if theme in rules.theme_max)


def _raise(candidates: Sequence[Candidate], rules: Rules, rule: Rule, at: int) -> int | None:
    """The least by which the limit must rise. Beyond what is used where there is no limit, nothing changes."""
    counted = next(row for row in rows(candidates, rules) if row.rule == rule)
    free = select(candidates, _more(rules, rule, len(candidates)))
    used = sum(one in free.chosen for one in counted.index)
    for by in range(1, used - counted.high + 1):
        if at in (free if counted.high + by == used else select(candidates, _more(rules, rule, by))).chosen:
            return by
    return None


def _more(rules: Rules, rule: Rule, by: int) -> Rules:
    if rule.kind == "budget":
        return replace(rules, budget=(rules.budget or 0) + by)
    limits: Mapping[str, int] = getattr(rules, rule.kind)
    changes: dict[str, Any] = {rule.kind: {key: limit + by * (key == rule.key) for key, limit in limits.items()}}
    return replace(rules, **changes)
