"""The invitation of a city to a proposal; who could work with whom over a round."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from challenge.kernel.columns import UtcDateTime, json_column, one_of
from challenge.kernel.record import Record
from challenge.partners.states import InvitationState, MatchingState
from challenge.rounds.states import CityRole

WAITS = "state = 'asked'"


class PartnerInvitation(Record, table=True):
    """A team asks a city to take part, by a date. The city reads the title, the challenges and ``message``, no more."""

    __tablename__ = "partner_invitation"
    __table_args__ = (
        Index("uq_partner_invitation_waits", "proposal_id", "city_id", unique=True,
              sqlite_where=text(WAITS), postgresql_where=text(WAITS)),
        CheckConstraint("(state IN ('accepted', 'declined')) = (answered_at IS NOT NULL)", name="answered_at"),
        CheckConstraint("(answered_at IS NULL) = (answered_by_id IS NULL)", name="answered_by"),
        CheckConstraint("state <> 'declined' OR reason <> ''", name="declined_has_reason"),
        CheckConstraint("message <> ''", name="has_message"),
    )  # fmt: skip

    proposal_id: int = Field(foreign_key="proposal.id", ondelete="RESTRICT", index=True)
    round_id: int = Field(foreign_key="round.id", ondelete="RESTRICT")
    round_code: str = Field(max_length=8)
    city_id: int = Field(foreign_key="organisation.id", ondelete="RESTRICT", index=True)
    role: CityRole = Field(sa_type=one_of(CityRole))
    message: str = Field(max_length=2000)
    state: InvitationState = Field(default=InvitationState.ASKED, sa_type=one_of(InvitationState))
    answer_by: datetime = Field(sa_type=UtcDateTime)
    asked_by_id: int = Field(foreign_key="person.id", ondelete="RESTRICT")
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    answered_by_id: int | None = Field(default=None, foreign_key="person.id", ondelete="RESTRICT")
    reason: str = Field(default="", max_length=2000)


class Matching(Record, table=True):
    """Who could work with whom over a whole round: asked for by a coordinator, computed by a job, never sent by itself.

    ``inputs`` and ``result`` name proposals and cities by id (partners/matching.py).
    """

    __table_args__ = (
        CheckConstraint("(finished_at IS NULL) = (state = 'waiting')", name="finished_unless_waiting"),
        CheckConstraint("claimed_until IS NULL OR state = 'waiting'", name="claimed_while_waiting"),
    )

    round_id: int = Field(foreign_key="round.id", ondelete="RESTRICT", index=True)
    round_code: str = Field(max_length=8)
    by_id: int = Field(foreign_key="person.id", ondelete="RESTRICT")
    state: MatchingState = Field(default=MatchingState.WAITING, sa_type=one_of(MatchingState))
    inputs: dict[str, Any] = Field(sa_type=json_column(), nullable=False)
    result: dict[str, Any] = Field(default_factory=dict, sa_type=json_column(), nullable=False)
    claimed_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
