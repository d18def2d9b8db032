"""Two keys: what one person asks for, another must approve before it happens (design.md §5, 2×)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, col, select

from challenge.kernel.columns import UtcDateTime, json_column
from challenge.kernel.record import Row
from challenge.kernel.work import Work

VALID_FOR = timedelta(days=14)
OPEN = "approved_at IS NULL AND dropped_at IS NULL"


class Approval(Row, table=True):
    """A transition asked for by one and fired by another; holds what was given and the version it was given for."""

    __table_args__ = (
        CheckConstraint("approved_by IS NULL OR approved_by <> asked_by", name="two_people"),
        CheckConstraint("(approved_by IS NULL) = (approved_at IS NULL)", name="approved_at_with_by"),
        Index(
            "uq_approval_open", "workflow", "subject_code", "transition",
            unique=True, sqlite_where=text(OPEN), postgresql_where=text(OPEN),
        ),
    )  # fmt: skip

    workflow: str = Field(max_length=32)
    subject_code: str = Field(max_length=40)
    transition: str = Field(max_length=48)
    subject_version: int
    given: dict[str, Any] = Field(default_factory=dict, sa_type=json_column(), nullable=False)
    asked_by: int = Field(foreign_key="person.id", ondelete="RESTRICT")
    asked_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    approved_by: int | None = Field(default=None, foreign_key="person.id", ondelete="RESTRICT")
    approved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    dropped_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

    def holds_for(self, version: int, now: datetime) -> bool:
        """Whether the second key may still turn: the record is as it was, and the time is not over."""
        return self.subject_version == version and now < self.expires_at


def open_for(w: Work, workflow: str, subject_code: str) -> dict[str, Approval]:
    """The open requests on a record, by transition."""
    found = w.session.exec(
        select(Approval).where(
            Approval.workflow == workflow,
            Approval.subject_code == subject_code,
            col(Approval.approved_at).is_(None),
            col(Approval.dropped_at).is_(None),
        )
    )
    return {approval.transition: approval for approval in found}


def ask(
    w: Work,
    workflow: str,
    record: Any,
    transition: str,
    given: dict[str, Any],
    valid_for: timedelta = VALID_FOR,
) -> Approval:
    """Turn the first key. An older request that no longer holds is dropped."""
    if w.actor.id is None:
        message = "only a person can ask for approval"
        raise ValueError(message)
    if (older := open_for(w, workflow, record.code).get(transition)) is not None:
        older.dropped_at = w.now
        w.session.flush()
    asked = Approval(
        workflow=workflow, subject_code=record.code, transition=transition, subject_version=record.version,
        given=given, asked_by=w.actor.id, asked_at=w.now, expires_at=w.now + valid_for,
    )  # fmt: skip
    w.note(workflow, record, f"ask_{transition}", given)
    return w.add(asked)


def approve(w: Work, approval: Approval) -> None:
    """Turn the second key; the database refuses it to the person who asked."""
    approval.approved_by = w.actor.id
    approval.approved_at = w.now
    w.session.flush()
