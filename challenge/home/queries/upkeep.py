"""What an administrator looks after: mail, jobs, people, sign-ins. Counts only, never what people write."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func
from sqlmodel import col, select

from challenge.home.queries.sql import columns
from challenge.jobs.models import Slot
from challenge.jobs.slots import MOST_FAILURES
from challenge.kernel.journal import Step, StepDelivery
from challenge.kernel.letter import Letter
from challenge.kernel.work import Work
from challenge.people.models import Organisation, Person, SignInSession
from challenge.people.queries import IDLE

A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Upkeep:
    """How the installation does."""

    letters_waiting: int
    letters_failed: int
    letters_sent: int  # within a day
    untold: int
    oldest_untold: datetime | None
    jobs_failed: int
    people: int
    disabled: int
    organisations: int
    signed_in: int
    sign_ins: int  # within a day


def upkeep(w: Work) -> Upkeep:
    """All of it, in one query."""
    yesterday = w.now - A_DAY
    known = col(Person.erased_at).is_(None)
    waiting = (col(Letter.sent_at).is_(None), col(Letter.failed_at).is_(None))
    untold = col(StepDelivery.delivered_at).is_(None)
    here = (col(SignInSession.ended_at).is_(None), col(SignInSession.seen_at) > w.now - IDLE)
    oldest = select(func.min(Step.at)).join(StepDelivery, col(StepDelivery.step_id) == Step.id).where(untold)
    row = w.session.execute(
        columns(
            number(Letter.id, *waiting),
            number(Letter.id, col(Letter.failed_at).is_not(None)),
            number(Letter.id, col(Letter.sent_at) > yesterday),
            number(StepDelivery.id, untold),
            oldest.scalar_subquery(),
            number(Slot.id, col(Slot.done_at).is_(None), col(Slot.failures) >= MOST_FAILURES),
            number(Person.id, known),
            number(Person.id, known, col(Person.disabled_at).is_not(None)),
            number(Organisation.id),
            number(SignInSession.id, *here),
            number(SignInSession.id, col(SignInSession.started_at) > yesterday),
        )
    ).one()
    return Upkeep(*row)


def number(column: Any, *conditions: Any) -> Any:
    """How many rows hold."""
    return select(func.count(column)).where(*conditions).scalar_subquery()
