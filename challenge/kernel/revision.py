"""Revisions: content as it was at a moment, with its hash. Reviews, commitments and receipts refer to one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, col, select

from challenge.kernel.columns import UtcDateTime, json_column
from challenge.kernel.journal import digest
from challenge.kernel.once import once
from challenge.kernel.record import Row
from challenge.kernel.triggers import append_only, register
from challenge.kernel.work import Work


class Revision(Row, table=True):
    """A snapshot of a record's content (answers, cities, budget, files; not state, not comments)."""

    __table_args__ = (UniqueConstraint("workflow", "subject_code", "number"),)

    workflow: str = Field(max_length=32)
    subject_code: str = Field(max_length=8)
    number: int
    content: dict[str, Any] = Field(default_factory=dict, sa_type=json_column(), nullable=False)
    hash: str = Field(max_length=64)
    at: datetime = Field(sa_type=UtcDateTime)
    by_id: int | None = Field(default=None, foreign_key="person.id", ondelete="RESTRICT")


for _trigger in append_only("revision"):
    register(_trigger)


def revise(w: Work, workflow: str, record: Any, content: dict[str, Any]) -> Revision:
    """Keep ``content`` as the record's next revision, or give back the last one when nothing changed.

    ``record`` has ``code`` and ``revision`` (the number of its latest revision, 0 before the first).
    """
    latest = at(w, workflow, record.code, record.revision) if record.revision else None
    content_hash = digest(content)
    if latest is not None and latest.hash == content_hash:
        return latest
    record.revision += 1
    return w.add(
        Revision(
            workflow=workflow, subject_code=record.code, number=record.revision, content=content,
            hash=content_hash, at=w.now, by_id=w.actor.id,
        )
    )  # fmt: skip


def named(kept: Revision) -> dict[str, Any]:
    """What the step that kept it says of it: then its hash is held by the journal's chain."""
    return {"revision": kept.number, "hash": kept.hash}


@once
def at(w: Work, workflow: str, subject_code: str, number: int) -> Revision | None:
    """The revision of this number, if there is one."""
    return w.session.exec(
        select(Revision).where(
            Revision.workflow == workflow, Revision.subject_code == subject_code, Revision.number == number
        )
    ).first()


def every(w: Work, workflow: str, subject_code: str) -> list[Revision]:
    """All revisions of a record, newest first."""
    found = select(Revision).where(Revision.workflow == workflow, Revision.subject_code == subject_code)
    return list(w.session.exec(found.order_by(col(Revision.number).desc())))
