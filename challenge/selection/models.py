"""Outcome with its conditions, release (the act of announcing), rankings, appeal; scenario, selection, remarks."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from challenge.kernel.columns import CENTS, UtcDateTime, json_column, one_of
from challenge.kernel.record import Record, Row
from challenge.rounds.states import Gate
from challenge.selection import holds
from challenge.selection.states import AppealState, OutcomeState, ScenarioState, Verdict

PENDING = text("state IN ('proposed', 'approved')")
TOLD = text("state = 'announced'")
RANKED = text("verdict = 'reserve' AND state <> 'superseded'")
OPEN = text("state IN ('filed', 'heard')")
ADOPTED = text("adopted_at IS NOT NULL")


class Outcome(Record, table=True):
    """What two people decide about one revision of a proposal. Its content never changes: a changed mind is a new one.

    A proposal has at most one that is told and one in preparation; announcing the second supersedes the first.
    """

    __table_args__ = (
        UniqueConstraint("id", "proposed_by", "approved_by"),  # appeals refer to who decided
        Index("uq_outcome_pending", "proposal_id", unique=True, sqlite_where=PENDING, postgresql_where=PENDING),
        Index("uq_outcome_told", "proposal_id", unique=True, sqlite_where=TOLD, postgresql_where=TOLD),
        Index("uq_outcome_reserve_rank", "round_id", "reserve_rank", unique=True,
              sqlite_where=RANKED, postgresql_where=RANKED),
        CheckConstraint("(verdict = 'fund') = (amount_cents IS NOT NULL)", name="amount_only_fund"),
        CheckConstraint("amount_cents IS NULL OR amount_cents > 0", name="amount_positive"),
        CheckConstraint("(verdict = 'reserve') = (reserve_rank IS NOT NULL)", name="rank_only_reserve"),
        CheckConstraint("reserve_rank IS NULL OR reserve_rank >= 1", name="rank_from_one"),
        CheckConstraint("(verdict IN ('fund', 'reserve')) = (accept_by IS NOT NULL)", name="accept_by_only_offers"),
        CheckConstraint("reasons <> ''", name="has_reasons"),
        CheckConstraint("revision_number >= 1 AND revision_hash <> ''", name="names_revision"),
        CheckConstraint("approved_by IS NULL OR approved_by <> proposed_by", name="two_people"),
        CheckConstraint("(approved_by IS NULL) = (approved_at IS NULL)", name="approved_at_with_by"),
        CheckConstraint("state NOT IN ('approved', 'announced') OR approved_by IS NOT NULL", name="approved_has_by"),
        CheckConstraint("state <> 'proposed' OR approved_by IS NULL", name="proposed_not_approved"),
        CheckConstraint("state <> 'announced' OR published_at IS NOT NULL", name="announced_has_published_at"),
        CheckConstraint("state NOT IN ('proposed', 'approved') OR published_at IS NULL", name="private_until_told"),
        CheckConstraint("(published_at IS NULL) = (release_id IS NULL)", name="published_by_release"),
        CheckConstraint("(state = 'superseded') = (superseded_at IS NOT NULL)", name="superseded_at_when_superseded"),
        CheckConstraint("accepted_at IS NULL OR (verdict = 'fund' AND published_at IS NOT NULL)",
                        name="accepted_only_offers"),
        CheckConstraint("(accepted_at IS NULL) = (accepted_by IS NULL)", name="accepted_at_with_by"),
    )  # fmt: skip

    round_id: int = Field(foreign_key="round.id", ondelete="RESTRICT", index=True)
    round_code: str = Field(max_length=8)
    proposal_id: int = Field(foreign_key="proposal.id", ondelete="RESTRICT", index=True)
    state: OutcomeState = Field(default=OutcomeState.PROPOSED, sa_type=one_of(OutcomeState))
    verdict: Verdict = Field(sa_type=one_of(Verdict))
    amount_cents: int | None = Field(default=None, sa_type=CENTS)
    reserve_rank: int | None = Field(default=None)
    reasons: str = Field(max_length=5000)  # for the applicant
    note: str = Field(default="", max_length=5000)  # for those who decide
    deviation: str = Field(default="", max_length=2000)  # why, where quorum or thresholds are not met
    accept_by: datetime | None = Field(default=None, sa_type=UtcDateTime)
    revision_number: int
    revision_hash: str = Field(max_length=64)
    proposed_by: int = Field(foreign_key="person.id", ondelete="RESTRICT")
    approved_by: int | None = Field(default=None, foreign_key="person.id", ondelete="RESTRICT")
    approved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    release_id: int | None = Field(default=None, foreign_key="result_release.id", ondelete="RESTRICT", index=True)
    published_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    accepted_by: int | None = Field(default=None, foreign_key="person.id", ondelete="RESTRICT")
    accepted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    superseded_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Condition(Row, table=True):
    """What must be met before an award becomes a pilot. The text is part of the outcome; only *met* is added later."""

    __tablename__ = "outcome_condition"
    __table_args__ = (
        UniqueConstraint("outcome_id", "place"),
        CheckConstraint("text <> ''", name="has_text"),
        CheckConstraint("(met_at IS NULL) = (met_by IS NULL)", name="met_at_with_by"),
    )

    outcome_id: int = Field(foreign_key="outcome.id", ondelete="RESTRICT")
    place: int
    text: str = Field(max_length=1000)
    met_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    met_by: int | None = Field(default=None, foreign_key="person.id", ondelete="RESTRICT")


class Release(Record, table=True):
    """The act of announcing: one batch of outcomes, told to all at once by two people."""

    __tablename__ = "result_release"
    __table_args__ = (
        CheckConstraint("approved_by <> asked_by", name="two_people"),
        CheckConstraint("funded + reserved + declined + ineligible >= 1", name="not_empty"),
    )

    round_id: int = Field(foreign_key="round.id", ondelete="RESTRICT", index=True)
    round_code: str = Field(max_length=8)
    at: datetime = Field(sa_type=UtcDateTime)
    asked_by: int = Field(foreign_key="person.id", ondelete="RESTRICT")
    approved_by: int = Field(foreign_key="person.id", ondelete="RESTRICT")
    funded: int = Field(default=0)
    reserved: int = Field(default=0)
    declined: int = Field(default=0)
    ineligible: int = Field(default=0)
    held_back: int = Field(default=0)
    funded_cents: int = Field(default=0, sa_type=CENTS)


class KeptRanking(Row, table=True):
    """The ranking as it stood when results were announced, with all it rests on: never changed, never removed.

    ``inputs`` and ``places`` name proposals by id; scores are exact fractions.
    """

    __tablename__ = "kept_ranking"
    __table_args__ = (CheckConstraint("inputs_hash <> ''", name="has_inputs_hash"),)

    round_id: int = Field(foreign_key="round.id", ondelete="RESTRICT", index=True)
    release_id: int = Field(foreign_key="result_release.id", ondelete="RESTRICT", unique=True)
    gate: Gate = Field(sa_type=one_of(Gate))
    inputs: dict[str, Any] = Field(sa_type=json_column(), nullable=False)
    inputs_hash: str = Field(max_length=64)
    places: list[dict[str, Any]] = Field(sa_type=json_column(), nullable=False)


class RankBand(Row, table=True):
    """Which quarter of the field of a gate a proposal stood in when its reports were released; never the place."""

    __tablename__ = "rank_band"
    __table_args__ = (
        UniqueConstraint("proposal_id", "gate"),
        CheckConstraint("quarter BETWEEN 1 AND 4", name="quarter_one_to_four"),
    )

    proposal_id: int = Field(foreign_key="proposal.id", ondelete="RESTRICT")
    gate: Gate = Field(sa_type=one_of(Gate))
    quarter: int
    at: datetime = Field(sa_type=UtcDateTime)


class Appeal(Record, table=True):
    """An applicant lead's appeal. Who decided is copied from the outcome, so a CHECK keeps them from hearing it."""

    __table_args__ = (
        ForeignKeyConstraint(
            ["outcome_id", "decided_by", "decided_with"], ["outcome.id", "outcome.proposed_by", "outcome.approved_by"]
        ),
        Index("uq_appeal_open_proposal", "proposal_id", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
        Index("uq_appeal_open_submission", "submission_id", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
        CheckConstraint("(proposal_id IS NULL) <> (submission_id IS NULL)", name="one_subject"),
        CheckConstraint("outcome_id IS NULL OR (proposal_id IS NOT NULL AND decided_by IS NOT NULL"
                        " AND decided_with IS NOT NULL)", name="outcome_names_deciders"),
        CheckConstraint("grounds <> ''", name="has_grounds"),
        CheckConstraint("handler_id IS NULL OR (handler_id <> filed_by"
                        " AND (decided_by IS NULL OR handler_id <> decided_by)"
                        " AND (decided_with IS NULL OR handler_id <> decided_with))", name="handler_took_no_part"),
        CheckConstraint("(handler_id IS NULL) = (taken_at IS NULL)", name="taken_at_with_handler"),
        CheckConstraint("state = 'filed' OR (handler_id IS NOT NULL AND hearing <> '')", name="heard_by_handler"),
        CheckConstraint("(state IN ('upheld', 'dismissed')) = (result <> '')", name="result_when_ended"),
        CheckConstraint("(state IN ('upheld', 'dismissed')) = (ended_at IS NOT NULL)", name="ended_at_when_ended"),
    )  # fmt: skip

    round_id: int = Field(foreign_key="round.id", ondelete="RESTRICT", index=True)
    round_code: str = Field(max_length=8)
    proposal_id: int | None = Field(default=None, foreign_key="proposal.id", ondelete="RESTRICT", index=True)
    submission_id: int | None = Field(default=None, foreign_key="submission.id", ondelete="RESTRICT", index=True)
    outcome_id: int | None = Field(default=None)
    decided_by: int | None = Field(default=None, foreign_key="person.id", ondelete="RESTRICT")
    decided_with: int | None = Field(default=None, foreign_key="person.id", ondelete="RESTRICT")
    decision: str = Field(max_length=32)  # the state of the subject that is appealed against
    state: AppealState = Field(default=AppealState.FILED, sa_type=one_of(AppealState))
    grounds: str = Field(max_length=10_000)
    filed_by: int = Field(foreign_key="person.id", ondelete="RESTRICT", index=True)
    filed_at: datetime = Field(sa_type=UtcDateTime)
    handler_id: int | None = Field(default=None, foreign_key="person.id", ondelete="RESTRICT", index=True)
    taken_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    hearing: str = Field(default="", max_length=10_000)
    result: str = Field(default="", max_length=10_000)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Scenario(Record, table=True):
    """What to choose under the round's rules but for ``changes``: asked for, computed by a job, at most one adopted.

    ``clash`` names the rules that cannot be had together where nothing can be chosen.
    """

    __table_args__ = (
        Index("uq_scenario_adopted", "round_id", unique=True, sqlite_where=ADOPTED, postgresql_where=ADOPTED),
        CheckConstraint("name <> ''", name="has_name"),
        CheckConstraint("(finished_at IS NULL) = (state = 'waiting')", name="finished_unless_waiting"),
        CheckConstraint("claimed_until IS NULL OR state = 'waiting'", name="claimed_while_waiting"),
        CheckConstraint("adopted_at IS NULL OR state = 'ready'", name="adopted_when_ready"),
        CheckConstraint("(adopted_at IS NULL) = (adopted_by IS NULL)", name="adopted_at_with_by"),
    )

    round_id: int = Field(foreign_key="round.id", ondelete="RESTRICT", index=True)
    round_code: str = Field(max_length=8)
    by_id: int = Field(foreign_key="person.id", ondelete="RESTRICT")
    name: str = Field(max_length=80)
    changes: dict[str, Any] = Field(sa_type=json_column(), nullable=False)
    state: ScenarioState = Field(default=ScenarioState.WAITING, sa_type=one_of(ScenarioState))
    clash: list[Any] = Field(default_factory=list, sa_type=json_column(), nullable=False)
    claimed_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    adopted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    adopted_by: int | None = Field(default=None, foreign_key="person.id", ondelete="RESTRICT")


class Selection(Record, table=True):
    """The portfolio of a scenario, with all it rests on. Never changed, never removed: asking again is a new scenario.

    ``inputs`` and ``constraints`` are what the solver was given; proposals are named by id, values are ten-thousandths
    of a point, money is in cents.
    """

    __table_args__ = (
        CheckConstraint("objective >= 0 AND bound >= objective", name="bound_over_objective"),
        CheckConstraint("inputs_hash <> ''", name="has_inputs_hash"),
    )

    round_id: int = Field(foreign_key="round.id", ondelete="RESTRICT", index=True)
    round_code: str = Field(max_length=8)
    scenario_id: int = Field(foreign_key="scenario.id", ondelete="RESTRICT", unique=True)
    inputs: dict[str, Any] = Field(sa_type=json_column(), nullable=False)
    inputs_hash: str = Field(max_length=64)
    constraints: dict[str, Any] = Field(sa_type=json_column(), nullable=False)
    solver: str = Field(max_length=32)
    solver_version: str = Field(max_length=32)
    objective: int = Field(sa_type=CENTS)
    bound: int = Field(sa_type=CENTS)
    chosen: list[int] = Field(sa_type=json_column(), nullable=False)
    reserve: list[int] = Field(sa_type=json_column(), nullable=False)
    reasons: dict[str, Any] = Field(sa_type=json_column(), nullable=False)

    @property
    def gap(self) -> float:
        """Which share of the bound may be missing; 0 is a proof."""
        return (self.bound - self.objective) / self.bound if self.bound else 0.0


class Remark(Row, table=True):
    """What one of those who decide says about a scenario."""

    __tablename__ = "scenario_remark"
    __table_args__ = (CheckConstraint("text <> ''", name="has_text"),)
    stamp: ClassVar[str | None] = "at"

    scenario_id: int = Field(foreign_key="scenario.id", ondelete="RESTRICT", index=True)
    by_id: int = Field(foreign_key="person.id", ondelete="RESTRICT")
    at: datetime = Field(default=None, sa_type=UtcDateTime, nullable=False)
    text: str = Field(max_length=2000)


holds.register_all()
