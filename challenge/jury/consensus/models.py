"""Notes of a discussion, the consensus with its marks and answers, the applicants' reaction, the minutes."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from challenge.jury.consensus import holds
from challenge.jury.consensus.states import LIVE_SQL, ConsensusState
from challenge.kernel.columns import UtcDateTime, json_column, one_of
from challenge.kernel.record import Record, Row
from challenge.rounds.states import Gate


class Note(Row, table=True):
    """What a juror said to the panel about a proposal. Never changed: a new note corrects."""

    __tablename__ = "discussion_note"
    __table_args__ = (Index("ix_discussion_note_proposal_gate", "proposal_id", "gate"),)

    proposal_id: int = Field(foreign_key="proposal.id", ondelete="RESTRICT")
    gate: Gate = Field(sa_type=one_of(Gate))
    juror_id: int = Field(foreign_key="juror.id", ondelete="RESTRICT")
    text: str = Field(max_length=4000)
    at: datetime = Field(sa_type=UtcDateTime)


class Consensus(Record, table=True):
    """What the panel agrees on a proposal at a gate. Once agreed it is never changed, only superseded."""

    __table_args__ = (
        Index("uq_consensus_live", "gate", "proposal_id", unique=True,
              sqlite_where=text(LIVE_SQL), postgresql_where=text(LIVE_SQL)),
        CheckConstraint("state <> 'agreed' OR (agreed_at IS NOT NULL AND statement <> '')", name="agreed_says_what"),
        CheckConstraint("published_at IS NULL OR agreed_at IS NOT NULL", name="published_was_agreed"),
    )  # fmt: skip

    round_id: int = Field(foreign_key="round.id", ondelete="RESTRICT", index=True)
    round_code: str = Field(max_length=8)
    proposal_id: int = Field(foreign_key="proposal.id", ondelete="RESTRICT", index=True)
    gate: Gate = Field(sa_type=one_of(Gate))
    state: ConsensusState = Field(default=ConsensusState.DRAFT, sa_type=one_of(ConsensusState))
    moderator_id: int = Field(foreign_key="juror.id", ondelete="RESTRICT")
    revision: int = Field(default=0)  # one is kept each time it is put before the panel
    note: str = Field(default="", max_length=4000)  # why the panel agrees although marks were far apart
    statement: str = Field(default="", max_length=4000)  # for the applicants, with the results
    saved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    agreed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    published_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class ConsensusMark(Row, table=True):
    """The agreed mark for one criterion in tenths; scale and step stand in the row, as for a juror's score."""

    __tablename__ = "consensus_mark"
    __table_args__ = (
        UniqueConstraint("consensus_id", "criterion"),
        CheckConstraint("tenths >= 0 AND tenths <= max_tenths AND tenths % nullif(step_tenths, 0) = 0",
                        name="on_the_scale"),
        CheckConstraint("step_tenths > 0", name="step_positive"),
    )  # fmt: skip

    consensus_id: int = Field(foreign_key="consensus.id", ondelete="RESTRICT")
    criterion: str = Field(max_length=32)
    tenths: int
    max_tenths: int
    step_tenths: int


class Reply(Row, table=True):
    """A panel member's answer to the consensus that is put before the panel."""

    __tablename__ = "consensus_reply"
    __table_args__ = (
        UniqueConstraint("consensus_id", "juror_id"),
        CheckConstraint("agrees OR reason <> ''", name="objection_has_reason"),
    )

    consensus_id: int = Field(foreign_key="consensus.id", ondelete="RESTRICT")
    juror_id: int = Field(foreign_key="juror.id", ondelete="RESTRICT")
    agrees: bool
    reason: str = Field(default="", max_length=2000)
    at: datetime = Field(sa_type=UtcDateTime)


class Reaction(Record, table=True):
    """The comments as the applicants were shown them, until when they may answer, and what they answered, once."""

    __table_args__ = (
        UniqueConstraint("gate", "proposal_id"),
        CheckConstraint("until > opened_at", name="ends_after_it_opens"),
        CheckConstraint("(answered_at IS NULL) = (text = '')", name="answered_has_text"),
        CheckConstraint("(answered_at IS NULL) = (answered_by_id IS NULL)", name="answered_by_somebody"),
    )

    round_id: int = Field(foreign_key="round.id", ondelete="RESTRICT", index=True)
    round_code: str = Field(max_length=8)
    proposal_id: int = Field(foreign_key="proposal.id", ondelete="RESTRICT", index=True)
    gate: Gate = Field(sa_type=one_of(Gate))
    comments: list[dict[str, Any]] = Field(sa_type=json_column(), nullable=False)  # criterion (or none), text
    opened_at: datetime = Field(sa_type=UtcDateTime)
    opened_by_id: int = Field(foreign_key="person.id", ondelete="RESTRICT")
    until: datetime = Field(sa_type=UtcDateTime)
    text: str = Field(default="", max_length=40_000)
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    answered_by_id: int | None = Field(default=None, foreign_key="person.id", ondelete="RESTRICT")


class Minutes(Record, table=True):
    """What was said about a proposal in the meeting of the panel, as a coordinator took it down."""

    __tablename__ = "panel_minutes"
    __table_args__ = (UniqueConstraint("gate", "proposal_id"),)

    round_id: int = Field(foreign_key="round.id", ondelete="RESTRICT", index=True)
    round_code: str = Field(max_length=8)
    proposal_id: int = Field(foreign_key="proposal.id", ondelete="RESTRICT", index=True)
    gate: Gate = Field(sa_type=one_of(Gate))
    text: str = Field(default="", max_length=20_000)
    saved_at: datetime = Field(sa_type=UtcDateTime)
    saved_by_id: int = Field(foreign_key="person.id", ondelete="RESTRICT")


holds.register_all()
