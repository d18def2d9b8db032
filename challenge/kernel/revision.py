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


REMOVED = "[removed]"  # stands where words about somebody were struck out
LOGS = ("pilot_meeting", "pilot_decision")  # in which people are named freely
_SAME = " AND ".join(
    f"NEW.{name} = OLD.{name}" for name in ("id", "workflow", "subject_code", "number", "hash", "at")
)  # fmt: skip
ERASES = (  # words struck out of the wording of a log; the fingerprint stays, and tells that it was
    f"OLD.workflow IN {LOGS} AND {_SAME} AND NEW.by_id IS NOT DISTINCT FROM OLD.by_id "
    f"AND replace(CAST(NEW.content AS TEXT), '{REMOVED}', '') <> CAST(NEW.content AS TEXT)"
)

for _trigger in append_only("revision", ERASES):
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


def without(w: Work, workflow: str, subject_code: str, words: str) -> int:
    """Strike words out of every revision of a log; in how many they stood. Their hashes stay as they were."""
    found = 0
    for one in every(w, workflow, subject_code):
        text = {name: struck(value, words) for name, value in one.content.items()}
        if text != one.content:
            one.content, found = text, found + 1
    w.session.flush()
    return found


def struck(value: Any, words: str) -> Any:
    """The text without the words."""
    return value.replace(words, REMOVED) if isinstance(value, str) else value


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
