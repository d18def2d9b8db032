"""Comments on an answer and suggestions of another text for it, by people who work on the record together."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, func
from sqlmodel import Field, col, select

from challenge.kernel.columns import UtcDateTime
from challenge.kernel.editing import writer
from challenge.kernel.errors import Missing, Problem, Refused
from challenge.kernel.i18n import Text, _
from challenge.kernel.patch import TOKEN
from challenge.kernel.record import Record
from challenge.kernel.work import Work

MOST_TEXT = 4_000
MOST_PROPOSED = 20_000
MOST_OPEN = 200  # of one record


OPEN, RESOLVED, TAKEN = (_("Open"), "sun"), (_("Resolved"), "off"), (_("Taken over"), "moss")
TOO_MANY = Problem("too_many_comments", _("There are too many open comments. Resolve some of them first."))
NOT_OPEN = Problem("comment_not_open", _("Somebody has settled this comment in the meantime."))


class Comment(Record, table=True):
    """``proposed`` is another text for the answer, made from the one ``base`` names."""

    __table_args__ = (
        Index("ix_comment_subject", "workflow", "subject_code"),
        CheckConstraint("text <> '' OR proposed IS NOT NULL", name="says_something"),
        CheckConstraint("(ended_at IS NULL) = (ended_by_id IS NULL)", name="ended_by_somebody"),
        CheckConstraint("NOT accepted OR (ended_at IS NOT NULL AND proposed IS NOT NULL)", name="accepted_suggests"),
    )

    workflow: str = Field(max_length=32)
    subject_code: str = Field(max_length=8)
    question: str = Field(max_length=48)
    by_id: int = Field(foreign_key="person.id", ondelete="RESTRICT", index=True)
    text: str = Field(default="", max_length=MOST_TEXT)
    proposed: str | None = Field(default=None, max_length=MOST_PROPOSED)
    base: str = Field(default="", max_length=TOKEN)
    accepted: bool = Field(default=False)  # the suggested text was taken over
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_by_id: int | None = Field(default=None, foreign_key="person.id", ondelete="RESTRICT", index=True)

    @property
    def label(self) -> tuple[Text, str]:
        """What became of it, in words, and in which tone."""
        return OPEN if self.ended_at is None else TAKEN if self.accepted else RESOLVED


def of(w: Work, workflow: str, subject_code: str, question: str | None = None) -> list[Comment]:
    """All on one question, or on every one, the oldest first."""
    found = select(Comment).where(Comment.workflow == workflow, Comment.subject_code == subject_code)
    if question is not None:
        found = found.where(Comment.question == question)
    return list(w.session.exec(found.order_by(col(Comment.id))))


def open_on(w: Work, workflow: str, subject_code: str) -> dict[str, int]:
    """How many wait, by question."""
    found = (
        select(Comment.question, func.count())
        .where(
            Comment.workflow == workflow, Comment.subject_code == subject_code, col(Comment.ended_at).is_(None)
        )
        .group_by(col(Comment.question))
    )  # fmt: skip
    return dict(w.session.exec(found).all())


def add(w: Work, workflow: str, record: Any, question: str, *, text: str, proposed: str | None, base: str) -> Comment:
    """Say something about an answer, or suggest another text for it."""
    if sum(open_on(w, workflow, record.code).values()) >= MOST_OPEN:
        raise Refused(TOO_MANY)
    return w.add(
        Comment(
            workflow=workflow, subject_code=record.code, question=question, by_id=writer(w), text=text,
            proposed=proposed, base=base,
        )
    )  # fmt: skip


def one(w: Work, workflow: str, record: Any, question: str, code: str) -> Comment:
    """One on this question by its code, locked. Raises Missing."""
    found = w.session.exec(
        select(Comment)
        .where(Comment.workflow == workflow, Comment.subject_code == record.code, Comment.question == question,
               Comment.code == code)
        .with_for_update()
    ).first()  # fmt: skip
    if found is None:
        raise Missing
    return found


def close(w: Work, found: Comment, *, accepted: bool = False) -> None:
    """It is settled, in one way or the other. Raises Refused when it is already."""
    if found.ended_at is not None:
        raise Refused(NOT_OPEN)
    found.accepted, found.ended_at, found.ended_by_id = accepted, w.now, w.actor.id
    w.session.flush()


def reopen(w: Work, found: Comment) -> None:
    """It is not settled after all; what was taken over stays in the text."""
    found.accepted, found.ended_at, found.ended_by_id = False, None, None
    w.session.flush()
