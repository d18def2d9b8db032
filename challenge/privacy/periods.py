"""How long things are kept: what the rules of a round say, and what holds for the whole installation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from challenge.kernel.work import Work
from challenge.rounds.pieces import Retention
from challenge.rounds.queries import current, rules_of

DRAFTS = timedelta(days=180)
MAIL = timedelta(days=90)
SESSIONS = timedelta(days=30)
TRIES = timedelta(days=2)  # attempts, links, answers kept for repeated requests: nothing looks at them longer
BACKUPS = timedelta(days=35)
LOOSE_FILES = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class InForce:
    """The years of the round under way; of no round: the defaults of a new one."""

    round: str | None
    years: Retention


def in_force(w: Work) -> InForce:
    """The retention rules in force."""
    found = current(w)
    return InForce(None, Retention()) if found is None else InForce(found.title, rules_of(found).retention_years)


def years_after(instant: datetime, years: int) -> datetime:
    """The same day so many years later; 29 February becomes the 28th."""
    day = 28 if (instant.month, instant.day) == (2, 29) else instant.day
    return instant.replace(year=instant.year + years, day=day)
