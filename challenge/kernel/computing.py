"""Work that takes long: asked for in a request, claimed by one node, computed without a transaction, written down once.

A table of such work has ``state`` ("waiting" until it is done), ``inputs``, ``result``, ``claimed_until`` and
``finished_at``; its CHECKs hold that it is finished unless it waits, and claimed only while it does.
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import and_, or_, select, update

from challenge.kernel.record import Record
from challenge.kernel.work import Work

LEASE = timedelta(minutes=5)
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


def keep(w: Work, model: type[Record], key: int, state: StrEnum, result: dict[str, Any]) -> None:
    """Write down what was computed; nothing when another node was quicker."""
    table: Any = model
    w.session.execute(
        update(table)
        .where(table.id == key, table.state == WAITING)
        .values(state=state, result=result, finished_at=w.now, claimed_until=None)
        .execution_options(synchronize_session=False)
    )
