"""Whether this node may be sent people: the database answers, its schema is this code's, and steps are being told."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import func
from sqlmodel import Session, col, select

from challenge.kernel import migrate
from challenge.kernel.journal import Step, StepDelivery

LATE = timedelta(minutes=15)  # each step has its messages within this time (design.md §9)


@cache
def newest_schema() -> str | None:
    """The revision this code knows; it does not change while the process runs."""
    return migrate.head()


def oldest_untold(session: Session) -> datetime | None:
    """When the step happened that waits longest for its messages."""
    waiting = select(func.min(Step.at)).join(StepDelivery, col(StepDelivery.step_id) == Step.id)
    found: datetime | None = session.exec(waiting.where(col(StepDelivery.delivered_at).is_(None))).one()
    return found


def is_telling(session: Session, now: datetime) -> bool:
    """Whether no step has waited too long."""
    oldest = oldest_untold(session)
    return oldest is None or now - oldest < LATE
