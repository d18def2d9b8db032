"""A choice of candidates and its rules, as rows of whole numbers: what every programme over them is made of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from math import gcd
from typing import NamedTuple

NO_LIMIT = 2**52


@dataclass(frozen=True, slots=True)
class Candidate:
    """One that can be chosen. ``value`` and ``cost`` are whole numbers; of one ``group`` at most one is chosen."""

    value: int
    cost: int
    size_class: str
    cities: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    group: Hashable = None


@dataclass(frozen=True, slots=True)
class Rules:
    """What a portfolio keeps to.

    ``planned`` is the most per size class, ``city_cap`` the most per city, ``theme_min`` and ``theme_max`` bound how
    many have a theme; what is not named has no limit, nor has money where ``budget`` is None. ``must_in`` and
    ``must_out`` are indices of candidates.
    """

    budget: int | None = None
    planned: Mapping[str, int] = field(default_factory=dict)
    city_cap: Mapping[str, int] = field(default_factory=dict)
    theme_min: Mapping[str, int] = field(default_factory=dict)
    theme_max: Mapping[str, int] = field(default_factory=dict)
    must_in: Collection[int] = frozenset()
    must_out: Collection[int] = frozenset()


class Rule(NamedTuple):
    """A single rule: its kind (a field of ``Rules``, or ``group``) and which class, city, theme or candidate."""

    kind: str
    key: Hashable = None


@dataclass(frozen=True, slots=True)
class Row:
    """``low`` ≤ Σ weight · chosen ≤ ``high`` over the candidates at ``index``."""

    rule: Rule
    index: tuple[int, ...]
    weight: tuple[int, ...]
    low: int
    high: int

    def holds(self, chosen: Collection[int]) -> bool:
        """Whether these keep to it, in whole numbers."""
        total = sum(weight for at, weight in zip(self.index, self.weight, strict=True) if at in chosen)
        return self.low <= total <= self.high


def rows(candidates: Sequence[Candidate], rules: Rules) -> list[Row]:
    """Every rule as a row; refuses (ValueError) what cannot be read."""
    _check(candidates, rules)
    places: dict[Rule, list[int]] = defaultdict(list)
    for at, one in enumerate(candidates):
        places[Rule("planned", one.size_class)].append(at)
        for city in dict.fromkeys(one.cities):
            places[Rule("city_cap", city)].append(at)
        for theme in dict.fromkeys(one.themes):
            places[Rule("theme", theme)].append(at)
        if one.group is not None:
            places[Rule("group", one.group)].append(at)

    def counted(rule: Rule, of: Rule, low: int, high: int) -> Row:
        index = tuple(places.get(of, ()))
        return Row(rule, index, (1,) * len(index), low, high)

    found = [_money(candidates, rules.budget)] if rules.budget is not None else []
    for kind, most in (("planned", rules.planned), ("city_cap", rules.city_cap)):
        found += [counted(Rule(kind, key), Rule(kind, key), 0, cap) for key, cap in most.items()]
    for theme, least in rules.theme_min.items():
        found.append(counted(Rule("theme_min", theme), Rule("theme", theme), least, NO_LIMIT))
    for theme, most_of in rules.theme_max.items():
        found.append(counted(Rule("theme_max", theme), Rule("theme", theme), 0, most_of))
    found += [counted(rule, rule, 0, 1) for rule, index in places.items() if rule.kind == "group" and len(index) > 1]
    found += [Row(Rule("must_in", at), (at,), (1,), 1, 1) for at in sorted(set(rules.must_in))]
    found += [Row(Rule("must_out", at), (at,), (1,), 0, 0) for at in sorted(set(rules.must_out))]
    return found


def _money(candidates: Sequence[Candidate], budget: int) -> Row:
    """In the largest unit that keeps every cost whole: small numbers are exact in the solver."""
    unit = gcd(*(one.cost for one in candidates)) or 1
    costs = tuple(one.cost // unit for one in candidates)
    return Row(Rule("budget"), tuple(range(len(costs))), costs, 0, budget // unit)


def _check(candidates: Sequence[Candidate], rules: Rules) -> None:
    for name, numbers in (("value", [one.value for one in candidates]), ("cost", [one.cost for one in candidates])):
        if any(number < 0 or number != int(number) for number in numbers) or sum(numbers) > NO_LIMIT:
            raise ValueError(f"Every {name} must be a whole number and not negative, all together below 2**52.")
    limits = (rules.planned, rules.city_cap, rules.theme_min, rules.theme_max)
    if any(limit < 0 for by in limits for limit in by.values()) or (rules.budget is not None and rules.budget < 0):
        raise ValueError("No limit may be negative.")
    if any(not 0 <= at < len(candidates) for at in (*rules.must_in, *rules.must_out)):
        raise ValueError(f"must_in and must_out are indices below {len(candidates)}.")
