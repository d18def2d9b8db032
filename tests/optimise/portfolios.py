"""Every portfolio of few candidates, looked at one by one, and cases at random with every kind of rule."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from challenge.optimise.portfolio import Candidate, Rules

CLASSES, CITIES, THEMES = ("large", "mid"), tuple("abcdef"), ("water", "air", "heat")


@dataclass(frozen=True)
class All:
    """All portfolios, lawful but for their cost: ``key`` orders them by value, then by the order of candidates."""

    member: NDArray[np.bool_]
    key: NDArray[np.int64]
    cost: NDArray[np.int64]

    def best(self, budget: int | None) -> tuple[int, ...] | None:
        """The first of the best within ``budget``."""
        within = np.flatnonzero(self.cost <= (np.iinfo(np.int64).max if budget is None else budget))
        if not len(within):
            return None
        return self.at(int(within[np.argmax(self.key[within])]))

    def at(self, row: int) -> tuple[int, ...]:
        """The candidates of one portfolio."""
        return tuple(np.flatnonzero(self.member[row]).tolist())

    def least_budget(self, budget: int, wanted: int) -> int | None:
        """The least budget above this one whose best has the candidate: every budget that matters is tried."""
        order = np.lexsort((self.key, self.cost))
        cost, running = self.cost[order], np.maximum.accumulate(self.key[order])
        last = np.append(cost[1:] != cost[:-1], True)
        has = (running >> (self.member.shape[1] - 1 - wanted)) & 1
        found = np.flatnonzero(last & (cost > budget) & (has == 1))
        return int(cost[found[0]]) if len(found) else None


def every(candidates: list[Candidate], rules: Rules) -> All:
    """The portfolios of these candidates that keep every rule but the budget."""
    count = len(candidates)
    member = (np.arange(2**count)[:, None] >> np.arange(count - 1, -1, -1)) & 1
    lawful = np.ones(len(member), bool)
    lawful &= member[:, sorted(rules.must_in)].all(axis=1) & ~member[:, sorted(rules.must_out)].any(axis=1)
    for name, most in rules.planned.items():
        lawful &= member @ np.array([one.size_class == name for one in candidates], int) <= most
    for city, most in rules.city_cap.items():
        lawful &= member @ np.array([city in one.cities for one in candidates], int) <= most
    for theme in THEMES:
        number = member @ np.array([theme in one.themes for one in candidates], int)
        lawful &= (number >= rules.theme_min.get(theme, 0)) & (number <= rules.theme_max.get(theme, count))
    for group in {one.group for one in candidates} - {None}:
        lawful &= member @ np.array([one.group == group for one in candidates], int) <= 1
    value = member @ np.array([one.value for one in candidates], np.int64)
    cost = member @ np.array([one.cost for one in candidates], np.int64)
    key = (value << count) | np.arange(2**count)
    return All(member[lawful].astype(bool), key[lawful], cost[lawful])


def best(candidates: list[Candidate], rules: Rules) -> tuple[int, ...] | None:
    """The first of the best portfolios, None where nothing is lawful."""
    return every(candidates, rules).best(rules.budget)


def case(rng: np.random.Generator, most: int) -> tuple[list[Candidate], Rules]:
    """Up to ``most`` candidates, often of few values so that many portfolios are equal, and every kind of rule."""
    count = int(rng.integers(4, most + 1))
    few = bool(rng.integers(2))
    candidates = [
        Candidate(
            value=int(rng.integers(1, 6) * 1000 if few else rng.integers(1, 9000)),
            cost=int(rng.integers(30, 140)) * (1 if few else 9973),
            size_class=CLASSES[rng.integers(2)],
            cities=tuple(rng.choice(CITIES, size=int(rng.integers(2, 4)), replace=False).tolist()),
            themes=tuple(rng.choice(THEMES, size=int(rng.integers(1, 3)), replace=False).tolist()),
            group=int(rng.integers(3)) if rng.random() < 0.3 else None,
        )
        for _ in range(count)
    ]
    picked = rng.permutation(count)
    total = sum(one.cost for one in candidates)
    return candidates, Rules(
        budget=int(total * rng.uniform(0.2, 0.7)),
        planned={name: int(rng.integers(1, 4)) for name in CLASSES},
        city_cap={city: int(rng.integers(1, 4)) for city in CITIES[:4]},
        theme_min={"water": int(rng.integers(2))},
        theme_max={"heat": int(rng.integers(1, 4)), "air": int(rng.integers(1, 4))},
        must_in=frozenset(picked[: int(rng.integers(2))].tolist()),
        must_out=frozenset(picked[2 : 2 + int(rng.integers(2))].tolist()),
    )


def with_more(rules: Rules, kind: str, key: object, by: int) -> Rules:
    """The rules with one limit raised."""
    limits = getattr(rules, kind)
    return replace(rules, **{kind: {name: limit + by * (name == key) for name, limit in limits.items()}})
