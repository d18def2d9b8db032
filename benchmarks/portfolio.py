"""The portfolio of 5,000 candidates under every rule of a round (performance.md, P9), beside going down the ranking.

The round is the default one a hundred times over: half of the candidates large, half mid-size, two to three cities
each, one or two of eight themes, so much money that it does not reach for all places, a cap for every city.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from time import perf_counter

from benchmarks.ranks import percentile
from benchmarks.result import Plan, Result
from challenge.optimise.greedy import ranked
from challenge.optimise.portfolio import Candidate, Portfolio, Rules, select

SECONDS = 4.0
CENTS = {"large": 126_000_000, "mid": 86_000_000}
LATE = 1.0  # seconds
SHORT = 0.8  # of the money that all places would need


def measure(plan: Plan) -> Iterator[Result]:
    """A row for scores as fine as calibrated ones, one for raw ones where thousands are equal, one out of time."""
    count = plan.of(5000, 200)
    for name, step in (("fine scores", 1), ("half marks", 2500)):
        yield _row(f"{count} candidates, {name}", *_round(count, step), plan.of(5, 2))
    candidates, rules = _round(count, 1)
    rules = replace(rules, theme_min={})  # so that going down the ranking is lawful, and something is always had
    late, best = select(candidates, rules, time_limit=LATE), select(candidates, rules)
    yield Result(
        "portfolio", f"{count} candidates, {LATE} s allowed", f"gap {late.gap:.2%}", "the bound is true",
        late.value <= best.value <= late.bound, f"best {best.value:,}, found {late.value:,}, bound {late.bound:,}",
    )  # fmt: skip


def _row(name: str, candidates: list[Candidate], rules: Rules, times: int) -> Result:
    seconds = []
    for _time in range(times):
        started = perf_counter()
        best = select(candidates, rules)
        seconds.append(perf_counter() - started)
    middle = percentile(seconds, 0.5)
    started = perf_counter()
    greedy = sum(candidates[at].value for at in ranked(candidates, rules, cut=False))
    down = perf_counter() - started
    return Result(
        "portfolio", name, f"{middle:.2f} s, gap {best.gap:.0%}, value {best.value:,}",
        f"≤ {SECONDS:.0f} s, gap 0", middle <= SECONDS and _is_proven(best),
        f"down the ranking {down:.2f} s, {greedy:,} ({greedy / best.value - 1:+.2%})",
        {"seconds": middle, "value": best.value, "greedy": greedy, "gap": best.gap},
    )  # fmt: skip


def _is_proven(best: Portfolio) -> bool:
    return best.status == "optimal" and best.gap == 0


def _round(count: int, step: int) -> tuple[list[Candidate], Rules]:
    rng = random.Random(9)
    cities = [f"city {number}" for number in range(max(count // 4, 8))]
    candidates = []
    for _number in range(count):
        size = rng.choice(("large", "mid"))
        cost = round(CENTS[size] * rng.uniform(0.7, 1.05), -5)
        value = rng.randrange(33_333, 50_001) // step * step
        themes = tuple({f"theme {rng.randrange(8)}" for _ in range(rng.randint(1, 2))})
        candidates.append(Candidate(value, int(cost), size, tuple(rng.sample(cities, rng.randint(2, 3))), themes))
    places = count // 50
    budget = int(SHORT * places * sum(CENTS.values()))
    return candidates, Rules(
        budget=budget, planned={"large": places, "mid": places}, city_cap=dict.fromkeys(cities, 1),
        theme_min={"theme 0": places // 4, "theme 1": places // 4}, theme_max={"theme 2": places // 4},
        must_in={3, 7}, must_out={5},
    )  # fmt: skip
