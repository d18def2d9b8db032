"""Which candidates to choose: the greatest value the rules allow, proven, or the smallest set of rules that clash.

``select`` is pure: candidates in, a frozen result out. Among portfolios of the same value it takes the first one in the
order of the candidates (the tie ladder): with candidate 0 rather than without, then with candidate 1, and so on. That
one is unique, so every solver that is exact gives the same answer (``Choice.first_of_best`` says how it is found).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from challenge.optimise.choice import Choice
from challenge.optimise.clash import smallest
from challenge.optimise.greedy import ranked
from challenge.optimise.rows import Candidate, Rule, Rules, rows

__all__ = ["Candidate", "Infeasible", "Portfolio", "Rule", "Rules", "select"]

State = Literal["optimal", "time_limit"]


@dataclass(frozen=True, slots=True)
class Portfolio:
    """What is chosen (indices) and what it is worth; no portfolio under the same rules exceeds ``bound``.

    ``status`` is ``time_limit`` where time ran out: with a gap the value may not be the best, without one it is and
    only the order among equals is not settled.
    """

    value: int
    bound: int
    chosen: tuple[int, ...]
    status: State

    @property
    def gap(self) -> float:
        """Which share of the bound may be missing; 0 is a proof."""
        return (self.bound - self.value) / self.bound if self.bound else 0.0


class Infeasible(Exception):  # noqa: N818 -- an answer, not an error
    """Nothing obeys the rules. ``rules`` alone clash, and no smaller set of rules does."""

    def __init__(self, clash: Sequence[Rule]) -> None:
        super().__init__(", ".join(rule.kind if rule.key is None else f"{rule.kind} {rule.key}" for rule in clash))
        self.rules = tuple(clash)


def select(candidates: Sequence[Candidate], rules: Rules, time_limit: float | None = None) -> Portfolio:
    """The best portfolio under ``rules``; raises ``Infeasible``, and TimeoutError where nothing was found in time."""
    given = rows(candidates, rules)
    values = [one.value for one in candidates]
    choice = Choice(len(candidates), given, time_limit)
    if time_limit is not None:
        choice.begin(())
        choice.begin(ranked(candidates, rules, cut=False))
    found = choice.best(values)
    if found is None:
        raise Infeasible(smallest(len(candidates), given))
    if found.done and candidates:
        found = choice.first_of_best(values, found)
    return Portfolio(found.total, found.bound, found.chosen, "optimal" if found.done else "time_limit")
