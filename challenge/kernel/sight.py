"""Who saw what: every read that told somebody which juror judges or judged what. Written once the read is over."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert
from sqlmodel import Field

from challenge.kernel.columns import UtcDateTime
from challenge.kernel.database import Database
from challenge.kernel.record import Row
from challenge.kernel.triggers import append_only, register


class Sight(Row, table=True):
    """Somebody was shown identities at this ``place``: a page or answer named by what it lists. Never changed."""

    reader_id: int | None = Field(nullable=False, foreign_key="person.id", ondelete="RESTRICT")
    place: str = Field(max_length=32)
    round_code: str | None = Field(default=None, max_length=8, index=True)
    at: datetime = Field(sa_type=UtcDateTime)


class SightOf(Row, table=True):
    """A record that was on it: a review, a place on a panel, a conflict."""

    __tablename__ = "sight_of"

    sight_id: int = Field(foreign_key="sight.id", ondelete="RESTRICT", index=True)
    subject_code: str = Field(max_length=8, index=True)


for _table in ("sight", "sight_of"):
    for _trigger in append_only(_table):
        register(_trigger)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a unit of work has shown its actor."""

    place: str
    round_code: str | None
    codes: frozenset[str]


def keep(database: Database, reader_id: int | None, at: datetime, seen: Collection[Seen]) -> None:
    """Write it, in a transaction of its own. It raises Busy like every write: what cannot be noted is not shown."""
    with database.session(writing=True) as session:
        for one in seen:
            row = Sight(reader_id=reader_id, place=one.place, round_code=one.round_code, at=at)
            session.add(row)
            session.flush()
            shown = [{"sight_id": row.id, "subject_code": code} for code in sorted(one.codes)]
            session.connection().execute(insert(SightOf), shown)  # one statement, however many
        session.commit()
