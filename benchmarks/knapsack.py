"""The plain knapsack, money alone, beside pabutools (participatory budgeting): the same value, proven by both?

pabutools needs packages the service does not, so it runs in an environment of its own, named by
``CHALLENGE_BENCH_OTHERS`` (the path of its Python). Without it our own side is measured, and the row says so.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks.result import Plan, Result
from challenge.optimise.portfolio import Candidate, Rules, select

OTHERS = "CHALLENGE_BENCH_OTHERS"
ADAPTER = Path(__file__).with_name("by_pabutools.py")
SIZES = (20, 60, 200)
LONGEST = 600.0  # seconds the other side may take
SHARE = 0.3  # of what all would cost


def measure(plan: Plan) -> Iterator[Result]:
    """A row for each number of candidates."""
    for count in SIZES[: plan.of(len(SIZES), 1)]:
        yield _row(count)


def _row(count: int) -> Result:
    rng = random.Random(count)
    costs = [rng.randrange(500_000, 1_300_001, 1000) * 100 for _one in range(count)]
    values = [rng.randrange(33_333, 50_001) for _one in range(count)]
    budget = int(sum(costs) * SHARE)
    candidates = [Candidate(value, cost, "") for value, cost in zip(values, costs, strict=True)]
    started = perf_counter()
    best = select(candidates, Rules(budget=budget))
    seconds = perf_counter() - started
    figure, raw = f"{seconds:.2f} s, value {best.value:,}, gap {best.gap:.0%}", {"seconds": seconds}
    name, line = f"{count} candidates, money alone", "value not below pabutools’"
    other = _others(costs, values, budget)
    if other is None:
        return Result("knapsack", name, figure, line, None, f"pabutools not measured: set {OTHERS}", raw)
    exact, greedy = other["exact"], other["greedy"]
    return Result(
        "knapsack", name, figure, line, best.value >= exact["value"],
        f"pabutools exact {exact['seconds']:.2f} s, {exact['value']:,} ({exact['value'] - best.value:+,}); "
        f"greedy {greedy['value']:,} ({greedy['value'] / best.value - 1:+.2%})",
        {**raw, "value": best.value, "other_seconds": exact["seconds"], "other_value": exact["value"]},
    )  # fmt: skip


def _others(costs: list[int], values: list[int], budget: int) -> dict[str, Any] | None:
    python = os.environ.get(OTHERS)
    if not python:
        return None
    given = json.dumps({"costs": costs, "values": values, "budget": budget})
    done = subprocess.run([python, str(ADAPTER)], input=given, capture_output=True, text=True, check=True,
                          timeout=LONGEST)  # fmt: skip
    found: dict[str, Any] = json.loads(done.stdout)
    return found
