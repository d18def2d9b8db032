"""How far this node's clock is from the database's: deadlines hold only where all nodes agree (reliability.md §2.4)."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, text

from challenge.kernel.clock import Clock
from challenge.kernel.journal import is_postgresql

MOST = timedelta(seconds=1)


def of(connection: Connection, clock: Clock) -> timedelta:
    """The distance between the two clocks; nothing on SQLite, which has none of its own."""
    if not is_postgresql(connection):
        return timedelta(0)
    before = clock()
    there: datetime = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
    return abs(there - (before + (clock() - before) / 2))
