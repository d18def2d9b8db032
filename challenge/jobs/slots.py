"""Slots: what is due is written down once under a unique key, then claimed by a lease and done once.

The ticker of each node does both; nodes may die at any time and need no leader (reliability.md F5).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from sqlalchemy import insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, or_, select, update

from challenge.jobs.models import Slot
from challenge.kernel.work import Work

LEASE = timedelta(minutes=5)
MOST_FAILURES = 5


def plan(w: Work, due: Iterable[tuple[str, datetime]]) -> None:
    """Write down slots that are not there yet; ``due`` are (key, instant)."""
    rows = [{"key": key, "due_at": at, "failures": 0, "error": ""} for key, at in due]
    if not rows:
        return
    dialect = w.session.get_bind().dialect.name
    make = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}.get(dialect, insert)
    w.session.connection().execute(make(Slot).on_conflict_do_nothing(index_elements=["key"]), rows)  # type: ignore[attr-defined]


def claim(w: Work, lease: timedelta = LEASE) -> Slot | None:
    """The slot that has been due longest, held until the lease ends; None when nothing is due."""
    free = or_(col(Slot.claimed_until).is_(None), col(Slot.claimed_until) <= w.now)
    due = (
        select(Slot.id)
        .where(col(Slot.done_at).is_(None), Slot.due_at <= w.now, Slot.failures < MOST_FAILURES, free)
        .order_by(col(Slot.due_at), col(Slot.id))
        .limit(1)
    )
    while (slot_id := w.session.exec(due).first()) is not None:
        taken = w.session.exec(
            update(Slot)
            .where(col(Slot.id) == slot_id, col(Slot.done_at).is_(None), free)
            .values(claimed_until=w.now + lease)
            .execution_options(synchronize_session=False)
        )
        if taken.rowcount == 1:
            return w.session.get_one(Slot, slot_id, populate_existing=True)
    return None


def finish(w: Work, slot: Slot) -> None:
    """Stamp it done, in the transaction of its effect. A lease that was lost to another node stops the whole unit."""
    stamped = w.session.exec(
        update(Slot)
        .where(col(Slot.id) == slot.id, col(Slot.done_at).is_(None), col(Slot.claimed_until) == slot.claimed_until)
        .values(done_at=w.now)
        .execution_options(synchronize_session=False)
    )
    if stamped.rowcount != 1:
        raise LostLease(slot.key)


def fail(w: Work, slot: Slot, error: str) -> None:
    """It did not work: another try after the lease, five in all."""
    found = w.session.get_one(Slot, slot.id)
    found.failures += 1
    found.error = error[:500]
    w.session.flush()


class LostLease(Exception):  # noqa: N818 -- somebody else does it: nothing is wrong
    """Another node took the slot over."""


Run = Callable[[Work, str], None]
