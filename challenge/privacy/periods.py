"""How long things are kept: what the rules of a round say, and what holds for the whole installation."""

from __future__ import annotations

from dataclasses import dataclass

from challenge.kernel.work import Work
from challenge.rounds.pieces import Retention
from challenge.rounds.queries import current, rules_of


@dataclass(frozen=True, slots=True)
class InForce:
    """The years of the round under way; of no round: the defaults of a new one."""

    round: str | None
    years: Retention


def in_force(w: Work) -> InForce:
    """The retention rules in force."""
    found = current(w)
    return InForce(None, Retention()) if found is None else InForce(found.title, rules_of(found).retention_years)
