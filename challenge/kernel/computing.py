"""Work that takes long: asked for in a request, claimed by one node, computed without a transaction, written down once.

A table of such work has ``state`` ("waiting" until it is done), ``claimed_until`` and ``finished_at``; its CHECKs hold
that it is finished unless it waits, and claimed only while it does.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, TypeVar

from sqlalchemy import and_, or_, select, update

from challenge.kernel.record import Record
from challenge.kernel.work import Work

LEASE = timedelta(minutes=15)  # longer than any of it takes
WAITING = "waiting"
M = TypeVar("M", bound=Record)


def claim(w: Work, model: type[M]) -> M | None:
    """The one that has waited longest, held until the lease ends; None when none waits."""
    table: Any = model
    waits = and_(table.state == WAITING, or_(table.claimed_until.is_(None), table.claimed_until <= w.now))
    while key := w.session.execute(select(table.id).where(waits).order_by(table.id).limit(1)).scalar():
        taken: Any = w.session.execute(
            update(table)
            .where(table.id == key, waits)
            .values(claimed_until=w.now + LEASE)
            .execution_options(synchronize_session=False)
        )
        if taken.rowcount == 1:
            return w.session.get_one(model, key, populate_existing=True)
    return None


def finish(w: Work, model: type[Record], key: int, **values: object) -> bool:
    """Write down what was computed, with its new ``state``; False when another node was quicker."""
    table: Any = model
    done: Any = w.session.execute(
        update(table)
        .where(table.id == key, table.state == WAITING)
        .values(**values, finished_at=w.now, claimed_until=None)
        .execution_options(synchronize_session=False)
    )
    return bool(done.rowcount == 1)
