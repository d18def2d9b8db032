"""Who is at work on a record: presence, what they started from, and text of theirs that could not be saved.

Typing is saved every few seconds; the journal gets one step per sitting, not one per key.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, col, select
from sqlmodel.sql.expression import SelectOfScalar

from challenge.kernel.columns import UtcDateTime, json_column
from challenge.kernel.record import Row
from challenge.kernel.work import Work

PRESENT = timedelta(minutes=15)  # so long after the last sign of life somebody counts as being there
SITTING = timedelta(minutes=30)  # a pause as long as this begins a new one


class Editing(Row, table=True):
    """A person at work on a record. ``base`` is what they saw at ``base_version``; ``kept`` waits to be merged."""

    __table_args__ = (UniqueConstraint("workflow", "subject_code", "person_id"),)

    workflow: str = Field(max_length=32)
    subject_code: str = Field(max_length=8)
    person_id: int = Field(foreign_key="person.id", ondelete="RESTRICT", index=True)
    seen_at: datetime = Field(sa_type=UtcDateTime)
    saved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    base_version: int | None = Field(default=None)
    base: dict[str, Any] = Field(default_factory=dict, sa_type=json_column(), nullable=False)
    kept: dict[str, Any] | None = Field(default=None, sa_type=json_column())


def mine(w: Work, workflow: str, record: Any) -> Editing | None:
    """The actor's own row, if there is one."""
    return w.session.exec(_of(workflow, record).where(Editing.person_id == w.actor.id)).first()


def others(w: Work, workflow: str, record: Any) -> list[Editing]:
    """The rows of everybody else who is there now, the latest sign of life first."""
    there = _of(workflow, record).where(Editing.person_id != w.actor.id, col(Editing.seen_at) > w.now - PRESENT)
    return list(w.session.exec(there.order_by(col(Editing.seen_at).desc())))


def opened(w: Work, workflow: str, record: Any) -> None:
    """The actor looks at the form: this is what they start from."""
    row = _row(w, workflow, record)
    row.seen_at = w.now
    _begin_from(row, record)
    w.session.flush()


def write(w: Work, workflow: str, record: Any, answers: Mapping[str, Any]) -> None:
    """Put the answers into the record's, with one step per sitting.

    ``record`` has ``answers`` and ``saved_at``. Columns that mirror an answer are set before, by the caller.
    """
    record.answers = {**record.answers, **storable(dict(answers))}
    record.saved_at = w.now
    w.session.flush()
    if w.actor.id is None:
        w.note(workflow, record, "revise")
        return
    row = _row(w, workflow, record)
    if row.saved_at is None or w.now - row.saved_at > SITTING:
        w.note(workflow, record, "revise")
    row.seen_at = row.saved_at = w.now
    _begin_from(row, record)
    w.session.flush()


def storable(value: Any) -> Any:
    """The same without what no database column holds: NUL, halves of surrogate pairs."""
    if isinstance(value, str):
        return value.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, dict):
        return {storable(key): storable(entry) for key, entry in value.items()}
    return [storable(entry) for entry in value] if isinstance(value, list) else value


def keep(w: Work, workflow: str, record: Any, answers: Mapping[str, Any], version: int | None) -> Editing:
    """Somebody else was faster: hold what the actor typed over ``version`` until they have chosen."""
    row = _row(w, workflow, record)
    if row.kept is None and row.base_version != version:
        row.base_version, row.base = None, {}  # typed in another window: what it began from is not known
    row.seen_at, row.kept = w.now, {**(row.kept or {}), **storable(dict(answers))}
    w.session.flush()
    return row


def settle(w: Work, workflow: str, record: Any) -> None:
    """The actor has chosen between the texts; nothing of theirs waits any more."""
    if (row := mine(w, workflow, record)) is not None:
        row.kept = None
        _begin_from(row, record)
        w.session.flush()


def _begin_from(row: Editing, record: Any) -> None:
    if row.kept is None:  # else the two texts are compared with what both began from
        row.base_version, row.base = record.version, record.answers


def end(w: Work, workflow: str, record: Any) -> None:
    """The form is handed in: nobody is at work on it; what still waits to be merged stays."""
    for row in w.session.exec(_of(workflow, record)):
        if row.kept is None:
            w.session.delete(row)
    w.session.flush()


def _of(workflow: str, record: Any) -> SelectOfScalar[Editing]:
    return select(Editing).where(Editing.workflow == workflow, Editing.subject_code == record.code)


def _row(w: Work, workflow: str, record: Any) -> Editing:
    if w.actor.id is None:
        message = "only a person edits"
        raise ValueError(message)
    found = mine(w, workflow, record)
    return found or w.add(Editing(workflow=workflow, subject_code=record.code, person_id=w.actor.id, seen_at=w.now))
