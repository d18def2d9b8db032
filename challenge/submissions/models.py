"""Submission, its cities, interests, public questions."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Text, UniqueConstraint, text
from sqlmodel import Field

from challenge.kernel.columns import UtcDateTime, json_column, one_of
from challenge.kernel.record import Record, Row
from challenge.submissions.states import SubmissionState

LIVE_INTEREST = "withdrawn_at IS NULL"


class Submission(Record, table=True):
    """A city's problem. ``slot`` is its place among the city's submissions of the round: the cap, held by the database.

    ``city_id`` is the lead city; None only where the challenge was imported or mapped centrally. ``title_key`` is the
    folded title from the first *submit* on, the code before: drafts do not give away each other's titles. ``search``
    is what the catalogue looks in, spelt plainly.
    """

    __table_args__ = (
        UniqueConstraint("round_id", "title_key"),
        UniqueConstraint("id", "city_id"),
        UniqueConstraint("round_id", "city_id", "slot"),
        CheckConstraint("imported OR city_id IS NOT NULL", name="has_lead_city"),
        CheckConstraint("slot IS NULL OR (slot >= 1 AND slot <= slot_cap)", name="within_cap"),
        CheckConstraint(
            "imported OR slot IS NOT NULL OR state IN ('draft', 'withdrawn', 'lapsed')", name="counted_has_slot"
        ),
        CheckConstraint("imported OR submitted_at IS NOT NULL OR state IN ('draft', 'lapsed', 'withdrawn')",
                        name="submitted_at_once_submitted"),
        CheckConstraint("imported OR state NOT IN ('accepted', 'co_development', 'pilot_selection', 'piloted',"
                        " 'not_piloted') OR published_at IS NOT NULL", name="published_at_once_accepted"),
        CheckConstraint("live_proposals >= 0", name="live_proposals_not_negative"),
    )  # fmt: skip

    round_id: int = Field(foreign_key="round.id", ondelete="RESTRICT", index=True)
    round_code: str = Field(max_length=8)
    city_id: int | None = Field(default=None, foreign_key="organisation.id", ondelete="RESTRICT", index=True)
    state: SubmissionState = Field(default=SubmissionState.DRAFT, sa_type=one_of(SubmissionState))
    title: str = Field(max_length=120)
    title_key: str = Field(max_length=120)
    themes: list[str] = Field(default_factory=list, sa_type=json_column(), nullable=False)
    answers: dict[str, Any] = Field(default_factory=dict, sa_type=json_column(), nullable=False)
    search: str = Field(default="", sa_type=Text)
    checklist: dict[str, Any] = Field(default_factory=dict, sa_type=json_column(), nullable=False)
    contact_id: int | None = Field(default=None, foreign_key="person.id", ondelete="RESTRICT")
    deputy_id: int | None = Field(default=None, foreign_key="person.id", ondelete="RESTRICT")
    slot: int | None = Field(default=None)
    slot_cap: int = Field(default=3)
    revision: int = Field(default=0)
    submitted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    published_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    saved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    live_proposals: int = Field(default=0)  # pushed down by proposals: live, selected, reserve or piloted ones on it
    carried_from_id: int | None = Field(default=None, foreign_key="submission.id", ondelete="RESTRICT")
    imported: bool = Field(default=False)
    sources: list[str] = Field(default_factory=list, sa_type=json_column(), nullable=False)


class SubmissionCity(Row, table=True):
    """A further city of a submission (several cities may state one problem; imported ones may have none)."""

    __tablename__ = "submission_city"
    __table_args__ = (UniqueConstraint("submission_id", "city_id"),)

    submission_id: int = Field(foreign_key="submission.id", ondelete="RESTRICT")
    city_id: int = Field(foreign_key="organisation.id", ondelete="RESTRICT")


class Interest(Row, table=True):
    """A city's wish to take part in another city's challenge; at most ``slot_cap`` live ones per round."""

    __table_args__ = (
        ForeignKeyConstraint(["submission_id", "lead_city_id"], ["submission.id", "submission.city_id"]),
        CheckConstraint("city_id <> lead_city_id", name="never_own"),
        CheckConstraint("slot >= 1 AND slot <= slot_cap", name="within_cap"),
        CheckConstraint("reason <> ''", name="has_reason"),
        Index("uq_interest_live", "submission_id", "city_id", unique=True,
              sqlite_where=text(LIVE_INTEREST), postgresql_where=text(LIVE_INTEREST)),
        Index("uq_interest_slot", "round_id", "city_id", "slot", unique=True,
              sqlite_where=text(LIVE_INTEREST), postgresql_where=text(LIVE_INTEREST)),
    )  # fmt: skip

    submission_id: int
    lead_city_id: int
    round_id: int = Field(foreign_key="round.id", ondelete="RESTRICT")
    city_id: int = Field(foreign_key="organisation.id", ondelete="RESTRICT", index=True)
    reason: str = Field(max_length=2000)
    slot: int
    slot_cap: int = Field(default=5)
    shown_at: datetime = Field(sa_type=UtcDateTime)
    by_id: int | None = Field(default=None, foreign_key="person.id", ondelete="RESTRICT")
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Question(Record, table=True):
    """A public question on a round or a challenge. An answer is never edited: ``corrections`` are added, {text, at}."""

    __table_args__ = (
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answered_at_with_answer"),
        CheckConstraint("published_at IS NULL OR refused_at IS NULL", name="published_or_refused"),
        CheckConstraint("text <> ''", name="has_text"),
        Index("ix_question_open", "round_id", "asked_at"),
    )

    round_id: int = Field(foreign_key="round.id", ondelete="RESTRICT", index=True)
    round_code: str = Field(max_length=8)
    submission_id: int | None = Field(default=None, foreign_key="submission.id", ondelete="RESTRICT", index=True)
    text: str = Field(max_length=2000)
    asked_by_id: int | None = Field(default=None, foreign_key="person.id", ondelete="RESTRICT")  # None: a visitor
    asked_at: datetime = Field(sa_type=UtcDateTime)
    answer: str | None = Field(default=None, max_length=5000)
    corrections: list[dict[str, Any]] = Field(default_factory=list, sa_type=json_column(), nullable=False)
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    answered_by_id: int | None = Field(default=None, foreign_key="person.id", ondelete="RESTRICT")
    published_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    refused_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
