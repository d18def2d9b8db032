"""Until when somebody has read what others said about a question: of what they have seen, nobody writes to them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, col, func, select

from challenge.kernel.columns import UtcDateTime
from challenge.kernel.comment import Comment
from challenge.kernel.record import Row
from challenge.kernel.work import Work


class Looked(Row, table=True):
    """When a person last read the comments on a question of a record."""

    __table_args__ = (UniqueConstraint("workflow", "subject_code", "question", "person_id"),)

    workflow: str = Field(max_length=32)
    subject_code: str = Field(max_length=8)
    question: str = Field(max_length=48)
    person_id: int = Field(foreign_key="person.id", ondelete="RESTRICT", index=True)
    at: datetime = Field(sa_type=UtcDateTime)


def has_news(w: Work, workflow: str, subject_code: str, question: str) -> bool:
    """Whether others have said something here since the actor last read it."""
    newest = select(func.max(Comment.created_at)).where(
        Comment.workflow == workflow, Comment.subject_code == subject_code, Comment.question == question,
        Comment.by_id != w.actor.id,
    )  # fmt: skip
    at, seen = w.session.exec(newest).one(), _own(w, workflow, subject_code, question)
    return w.actor.signed_in and at is not None and (seen is None or seen.at < at)


def looked(w: Work, workflow: str, subject_code: str, question: str) -> None:
    """The actor has read what stands there. The caller holds the record's lock."""
    row = _own(w, workflow, subject_code, question)
    if row is not None:
        row.at = w.now
        w.session.flush()
    elif w.actor.id is not None:
        w.add(
            Looked(workflow=workflow, subject_code=subject_code, question=question, person_id=w.actor.id, at=w.now)
        )  # fmt: skip


def _own(w: Work, workflow: str, subject_code: str, question: str) -> Looked | None:
    found = select(Looked).where(
        Looked.workflow == workflow, Looked.subject_code == subject_code, Looked.question == question,
        col(Looked.person_id) == w.actor.id,
    )  # fmt: skip
    return w.session.exec(found).first()
