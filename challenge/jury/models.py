"""Juror, conflict, review, score, the panel's decision on a tie."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from challenge.jury.states import (
    LIFTED_SQL,
    CalibrationState,
    ConflictKind,
    ConflictSource,
    ConflictState,
    Place,
    ReviewState,
    SuggestionState,
)
from challenge.kernel.columns import UtcDateTime, json_column, one_of
from challenge.kernel.record import Record, Row
from challenge.rounds.states import Gate


class Juror(Record, table=True):
    """A person on the panel of a round."""

    __table_args__ = (
        UniqueConstraint("round_id", "person_id"),
        CheckConstraint("load_min >= 0 AND load_min <= load_max", name="load_ordered"),
        CheckConstraint("accepted_at IS NULL OR declined_at IS NULL", name="accepted_or_declined"),
    )

    round_id: int = Field(foreign_key="round.id", ondelete="RESTRICT")
    round_code: str = Field(max_length=8)
    person_id: int = Field(foreign_key="person.id", ondelete="RESTRICT", index=True)
    themes: list[str] = Field(default_factory=list, sa_type=json_column(), nullable=False)
    languages: list[str] = Field(default_factory=list, sa_type=json_column(), nullable=False)
    expertise: str = Field(default="", max_length=4000)
    load_min: int = Field(default=0)
    load_max: int = Field(default=10)  # reviews at one gate
    invited_at: datetime = Field(sa_type=UtcDateTime)
    accepted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # with contract and confidentiality
    terms: str = Field(default="", max_length=16)  # the version of both texts that was accepted
    declined_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    left_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

    @property
    def place(self) -> Place:
        """Where the invitation stands."""
        if self.left_at is not None:
            return Place.LEFT
        if self.declined_at is not None:
            return Place.DECLINED
        return Place.ACCEPTED if self.accepted_at is not None else Place.INVITED


class Conflict(Record, table=True):
    """A person's conflict of interest with a proposal, whatever the person's role. All but *lifted* exclude."""

    __table_args__ = (
        Index("uq_conflict_live", "person_id", "proposal_id", unique=True,
              sqlite_where=text(LIFTED_SQL), postgresql_where=text(LIFTED_SQL)),
        CheckConstraint("state <> 'lifted' OR lift_reason <> ''", name="lifted_has_reason"),
        CheckConstraint("(decided_at IS NULL) = (decided_by_id IS NULL)", name="decided_by_somebody"),
    )  # fmt: skip

    round_id: int = Field(foreign_key="round.id", ondelete="RESTRICT", index=True)
    round_code: str = Field(max_length=8)
    person_id: int = Field(foreign_key="person.id", ondelete="RESTRICT")
    proposal_id: int = Field(foreign_key="proposal.id", ondelete="RESTRICT", index=True)
    kind: ConflictKind = Field(sa_type=one_of(ConflictKind))
    source: ConflictSource = Field(sa_type=one_of(ConflictSource))
    state: ConflictState = Field(sa_type=one_of(ConflictState))
    reason: str = Field(default="", max_length=2000)
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id", ondelete="RESTRICT")  # inferred
    at: datetime = Field(sa_type=UtcDateTime)
    by_id: int | None = Field(default=None, foreign_key="person.id", ondelete="RESTRICT")
    lift_reason: str = Field(default="", max_length=2000)
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # confirmed or lifted
    decided_by_id: int | None = Field(default=None, foreign_key="person.id", ondelete="RESTRICT")


class Review(Record, table=True):
    """A juror's assignment at a gate, and what becomes of it."""

    __table_args__ = (
        UniqueConstraint("gate", "proposal_id", "juror_id"),
        CheckConstraint("state <> 'submitted' OR (submitted_at IS NOT NULL AND revision_number IS NOT NULL)",
                        name="submitted_names_revision"),
        CheckConstraint("confidence IS NULL OR confidence BETWEEN 1 AND 3", name="confidence_low_to_high"),
    )  # fmt: skip

    round_id: int = Field(foreign_key="round.id", ondelete="RESTRICT", index=True)
    round_code: str = Field(max_length=8)
    proposal_id: int = Field(foreign_key="proposal.id", ondelete="RESTRICT", index=True)
    juror_id: int = Field(foreign_key="juror.id", ondelete="RESTRICT", index=True)
    gate: Gate = Field(sa_type=one_of(Gate))
    state: ReviewState = Field(default=ReviewState.ASSIGNED, sa_type=one_of(ReviewState))
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # None: when the jury window closes
    revision_number: int | None = Field(default=None)  # of the proposal, as the juror has read it
    revision: int = Field(default=0)  # of the review itself: one is kept at each submit
    comment: str = Field(default="", max_length=8000)
    confidence: int | None = Field(default=None)
    saved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    submitted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    published_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Score(Row, table=True):
    """The mark for one criterion in tenths (3.5 is 35); scale and step stand in the row, so the database can check."""

    __table_args__ = (
        UniqueConstraint("review_id", "criterion"),
        CheckConstraint("tenths IS NULL OR (tenths >= 0 AND tenths <= max_tenths"
                        " AND tenths % nullif(step_tenths, 0) = 0)", name="on_the_scale"),
        CheckConstraint("step_tenths > 0", name="step_positive"),
    )  # fmt: skip

    review_id: int = Field(foreign_key="review.id", ondelete="RESTRICT")
    criterion: str = Field(max_length=32)
    tenths: int | None = Field(default=None)
    max_tenths: int
    step_tenths: int
    comment: str = Field(default="", max_length=4000)


class Suggestion(Record, table=True):
    """Who could read what at a gate: asked for by a coordinator, computed by a job, never applied by itself.

    ``inputs`` are what it was computed from, ``result`` what came out; both name jurors and proposals by id.
    """

    __table_args__ = (
        CheckConstraint("(finished_at IS NULL) = (state = 'waiting')", name="finished_unless_waiting"),
        CheckConstraint("claimed_until IS NULL OR state = 'waiting'", name="claimed_while_waiting"),
    )

    round_id: int = Field(foreign_key="round.id", ondelete="RESTRICT", index=True)
    round_code: str = Field(max_length=8)
    gate: Gate = Field(sa_type=one_of(Gate))
    by_id: int = Field(foreign_key="person.id", ondelete="RESTRICT")
    state: SuggestionState = Field(default=SuggestionState.WAITING, sa_type=one_of(SuggestionState))
    inputs: dict[str, Any] = Field(sa_type=json_column(), nullable=False)
    result: dict[str, Any] = Field(default_factory=dict, sa_type=json_column(), nullable=False)
    claimed_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Calibration(Record, table=True):
    """The scores of a gate corrected for severe and mild jurors: asked for by the ticker, computed by a job.

    ``mark`` is what a glance at the gate showed when it was asked for, ``inputs`` what it was computed from, by id;
    ``seed`` and ``versions`` are what it takes to compute ``result`` again.
    """

    __table_args__ = (
        Index("uq_calibration_waiting", "round_id", "gate", unique=True,
              sqlite_where=text("state = 'waiting'"), postgresql_where=text("state = 'waiting'")),
        CheckConstraint("(finished_at IS NULL) = (state = 'waiting')", name="finished_unless_waiting"),
        CheckConstraint("claimed_until IS NULL OR state = 'waiting'", name="claimed_while_waiting"),
        CheckConstraint("(inputs_hash IS NOT NULL) = (state = 'ready')", name="ready_names_inputs"),
    )  # fmt: skip

    round_id: int = Field(foreign_key="round.id", ondelete="RESTRICT", index=True)
    round_code: str = Field(max_length=8)
    gate: Gate = Field(sa_type=one_of(Gate))
    state: CalibrationState = Field(default=CalibrationState.WAITING, sa_type=one_of(CalibrationState))
    mark: str = Field(max_length=64)
    inputs_hash: str | None = Field(default=None, max_length=64)
    inputs: dict[str, Any] = Field(default_factory=dict, sa_type=json_column(), nullable=False)
    result: dict[str, Any] = Field(default_factory=dict, sa_type=json_column(), nullable=False)
    seed: int = Field(default=0)
    versions: dict[str, Any] = Field(default_factory=dict, sa_type=json_column(), nullable=False)
    claimed_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class TieDecision(Row, table=True):
    """How the panel ordered proposals that every rule of the ladder left equal. A later one supersedes it."""

    __tablename__ = "tie_decision"

    round_id: int = Field(foreign_key="round.id", ondelete="RESTRICT", index=True)
    gate: Gate = Field(sa_type=one_of(Gate))
    best_first: list[int] = Field(sa_type=json_column(), nullable=False)  # proposal ids
    reason: str = Field(max_length=2000)
    at: datetime = Field(sa_type=UtcDateTime)
    by_id: int = Field(foreign_key="person.id", ondelete="RESTRICT")
