"""The knapsack case by pabutools, in an environment of its own: JSON in, JSON out. Run by ``knapsack``."""

from __future__ import annotations

import json
import sys
from time import perf_counter

from pabutools.election import Additive_Cardinal_Sat, CardinalBallot, CardinalProfile, Instance, Project
from pabutools.rules import greedy_utilitarian_welfare, max_additive_utilitarian_welfare


def main() -> None:
    """One voter whose marks are the values: the greatest total of marks within the budget, and the greedy rule."""
    given = json.load(sys.stdin)
    projects = [Project(str(at), cost) for at, cost in enumerate(given["costs"])]
    instance = Instance(projects, budget_limit=given["budget"])
    ballot = CardinalBallot(dict(zip(projects, given["values"], strict=True)))
    profile = CardinalProfile([ballot], instance=instance)
    answer = {}
    for name, rule in (("exact", max_additive_utilitarian_welfare), ("greedy", greedy_utilitarian_welfare)):
        started = perf_counter()
        chosen = sorted(int(one.name) for one in rule(instance, profile, sat_class=Additive_Cardinal_Sat))
        answer[name] = {
            "seconds": perf_counter() - started, "chosen": chosen, "value": sum(given["values"][at] for at in chosen),
            "cost": sum(given["costs"][at] for at in chosen),
        }  # fmt: skip
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
