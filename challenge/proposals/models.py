"""Proposal, challenges it answers, team, partner cities, budget, commitments, preferences."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from challenge.cities.rules import COUNTRY_IN_USE
from challenge.kernel.columns import CENTS, UtcDateTime, json_column, one_of
from challenge.kernel.constraints import refuses
from challenge.kernel.record import Record, Row
from challenge.kernel.triggers import register
from challenge.proposals.states import BudgetCategory, CommitmentKind, CommitmentState, ProposalState, TeamRole
from challenge.proposals.triggers import TRIGGERS
from challenge.rounds.states import CityRole

PRESENT = "left_at IS NULL"


class Proposal(Record, table=True):
    """An answer to challenges; one text per question, carried from gate to gate."""

    __table_args__ = (
        UniqueConstraint("round_id", "title_key"),
        Index("ix_proposal_round_state_title", "round_id", "state", "title_key"),  # lists, and how many stand where
        CheckConstraint("(state = 'merged') = (merged_into_id IS NOT NULL)", name="merged_into_only_merged"),
        CheckConstraint("merged_into_id IS NULL OR merged_into_id <> id", name="not_merged_into_itself"),
        CheckConstraint("months IS NULL OR months BETWEEN 1 AND 120", name="months_possible"),
        CheckConstraint("reviews_eligible >= 0", name="reviews_not_negative"),
        CheckConstraint("award_cents IS NULL OR award_cents >= 0", name="award_not_negative"),
        CheckConstraint("state <> 'selected' OR award_cents IS NOT NULL", name="selected_has_award"),
        CheckConstraint("released_cents IS NULL OR "
                        "(award_cents IS NOT NULL AND released_cents BETWEEN 0 AND award_cents)",
                        name="released_of_the_award"),
        CheckConstraint("merge_agreed_at IS NULL OR merge_into_id IS NOT NULL", name="merge_agreed_names_proposal"),
        CheckConstraint("state <> 'merged' OR merge_agreed_at IS NOT NULL", name="merged_was_agreed"),
        CheckConstraint("stood_at IS NULL OR stood_at IN ('in_review', 'shortlisting', 'in_jury')",
                        name="stood_at_a_gate"),
    )  # fmt: skip

    round_id: int = Field(foreign_key="round.id", ondelete="RESTRICT", index=True)
    round_code: str = Field(max_length=8)
    gates: list[str] = Field(default_factory=list, sa_type=json_column(), nullable=False)  # the way it goes
    state: ProposalState = Field(default=ProposalState.DRAFT, sa_type=one_of(ProposalState))
    title: str = Field(max_length=120)
    title_key: str = Field(max_length=120)
    summary: str = Field(default="", max_length=600)
    lead_id: int = Field(foreign_key="person.id", ondelete="RESTRICT", index=True)
    organisation_id: int = Field(foreign_key="organisation.id", ondelete="RESTRICT")
    size_class: str | None = Field(default=None, max_length=32)
    months: int | None = Field(default=None)
    answers: dict[str, Any] = Field(default_factory=dict, sa_type=json_column(), nullable=False)
    checklist: dict[str, Any] = Field(default_factory=dict, sa_type=json_column(), nullable=False)
    publish: bool = Field(default=False)  # the team agrees to publish title, summary and partners once selected
    revision: int = Field(default=0)
    submitted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # at the gate it stands at
    saved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    # Facts pushed down by jury and selection, for the gate the proposal stands at:
    reviews_eligible: int = Field(default=0)  # submitted reviews of unconflicted jurors
    below_threshold: bool | None = Field(default=None)  # None: not known yet
    consensus_missing: bool | None = Field(default=None)  # marks far apart, and nothing agreed on them
    reaction_until: datetime | None = Field(
        default=None, sa_type=UtcDateTime
    )  # when the team's time to answer ends or ended
    award_cents: int | None = Field(default=None, sa_type=CENTS)
    offer_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    pilot_ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # pushed down by pilots: cities are free
    released_cents: int | None = Field(default=None, sa_type=CENTS)  # given back by its pilot, ended early
    stood_at: str | None = Field(default=None, max_length=32)  # the state in which it was declined
    appeal_upheld_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # pushed down by selection
    merge_into_id: int | None = Field(default=None, foreign_key="proposal.id", ondelete="RESTRICT")  # asked by its lead
    merge_agreed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # by the other lead
    merged_into_id: int | None = Field(default=None, foreign_key="proposal.id", ondelete="RESTRICT")
    carried_from_id: int | None = Field(default=None, foreign_key="proposal.id", ondelete="RESTRICT")


class Exclusion(Row, table=True):
    """A person whose conflict of interest keeps the proposal out of sight, whatever role they hold in the round.

    A fact pushed down by the jury: there is a row as long as a conflict that is not lifted exists.
    """

    __table_args__ = (UniqueConstraint("proposal_id", "person_id"),)

    proposal_id: int = Field(foreign_key="proposal.id", ondelete="RESTRICT")
    person_id: int = Field(foreign_key="person.id", ondelete="RESTRICT", index=True)


class ProposalChallenge(Row, table=True):
    """A challenge the proposal answers (many to many; it may belong to an earlier round)."""

    __tablename__ = "proposal_challenge"
    __table_args__ = (UniqueConstraint("proposal_id", "submission_id"),)

    proposal_id: int = Field(foreign_key="proposal.id", ondelete="RESTRICT")
    submission_id: int = Field(foreign_key="submission.id", ondelete="RESTRICT", index=True)


class TeamMember(Row, table=True):
    """A person of the team, invited by e-mail; ``person_id`` is set when the invitation is accepted."""

    __tablename__ = "team_member"
    __table_args__ = (
        Index("uq_team_member_present", "proposal_id", "email_key", unique=True,
              sqlite_where=text(PRESENT), postgresql_where=text(PRESENT)),
        CheckConstraint("(person_id IS NULL) = (accepted_at IS NULL)", name="accepted_with_person"),
    )  # fmt: skip

    proposal_id: int = Field(foreign_key="proposal.id", ondelete="RESTRICT", index=True)
    person_id: int | None = Field(default=None, foreign_key="person.id", ondelete="RESTRICT", index=True)
    name: str = Field(max_length=120)
    email: str = Field(max_length=254)
    email_key: str = Field(max_length=254)
    role: TeamRole = Field(sa_type=one_of(TeamRole))
    invited_at: datetime = Field(sa_type=UtcDateTime)
    accepted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    left_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class PartnerCity(Row, table=True):
    """A city of the proposal with its role; at most one lead city."""

    __tablename__ = "partner_city"
    __table_args__ = (
        ForeignKeyConstraint(["city_id", "country"], ["organisation.id", "organisation.country"]),
        Index("uq_partner_city_present", "proposal_id", "city_id", unique=True,
              sqlite_where=text(PRESENT), postgresql_where=text(PRESENT)),
        Index("uq_partner_city_lead", "proposal_id", unique=True,
              sqlite_where=text(f"role = 'lead' AND {PRESENT}"),
              postgresql_where=text(f"role = 'lead' AND {PRESENT}")),
    )  # fmt: skip

    proposal_id: int = Field(foreign_key="proposal.id", ondelete="RESTRICT", index=True)
    city_id: int = Field(index=True)
    country: str = Field(max_length=2)
    role: CityRole = Field(sa_type=one_of(CityRole))
    joined_at: datetime = Field(sa_type=UtcDateTime)
    left_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class BudgetLine(Row, table=True):
    """What one partner spends in one category in one year of the pilot, in cents."""

    __tablename__ = "budget_line"
    __table_args__ = (
        UniqueConstraint("proposal_id", "organisation_id", "category", "year"),
        CheckConstraint("cents >= 0", name="cents_not_negative"),
        CheckConstraint("year BETWEEN 1 AND 10", name="year_of_a_pilot"),
    )

    proposal_id: int = Field(foreign_key="proposal.id", ondelete="RESTRICT")
    organisation_id: int = Field(foreign_key="organisation.id", ondelete="RESTRICT")
    category: BudgetCategory = Field(sa_type=one_of(BudgetCategory))
    year: int = Field(default=1)
    cents: int = Field(sa_type=CENTS)


class OwnShare(Row, table=True):
    """What one partner pays itself of its costs in one year of the pilot, in cents."""

    __tablename__ = "own_share"
    __table_args__ = (
        UniqueConstraint("proposal_id", "organisation_id", "year"),
        CheckConstraint("cents >= 0", name="cents_not_negative"),
        CheckConstraint("year BETWEEN 1 AND 10", name="year_of_a_pilot"),
    )

    proposal_id: int = Field(foreign_key="proposal.id", ondelete="RESTRICT")
    organisation_id: int = Field(foreign_key="organisation.id", ondelete="RESTRICT")
    year: int
    cents: int = Field(sa_type=CENTS)


class TeamTask(Record, table=True):
    """Something the team has to do, who does it, by when: its own, or (by ``key``) what the gate finds missing.

    What is missing is done when the gate no longer misses it; the service notes that, nobody else.
    """

    __tablename__ = "team_task"
    __table_args__ = (
        UniqueConstraint("proposal_id", "key"),
        CheckConstraint("(key IS NULL) = (title <> '')", name="key_or_title"),
        CheckConstraint("done_by_id IS NULL OR done_at IS NOT NULL", name="done_at_a_time"),
        CheckConstraint("key IS NULL OR done_by_id IS NULL", name="gate_says_it_is_done"),
    )

    proposal_id: int = Field(foreign_key="proposal.id", ondelete="RESTRICT", index=True)
    key: str | None = Field(default=None, max_length=32)
    title: str = Field(default="", max_length=160)
    person_id: int | None = Field(default=None, foreign_key="person.id", ondelete="RESTRICT", index=True)
    due_on: date | None = Field(default=None)
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    done_by_id: int | None = Field(default=None, foreign_key="person.id", ondelete="RESTRICT", index=True)


class Commitment(Record, table=True):
    """A city's promise. A sign-off names an exact revision; a formal decision names body, date and document."""

    __table_args__ = (
        CheckConstraint("state <> 'signed' OR (signer_id IS NOT NULL AND signed_at IS NOT NULL)", name="signed_by"),
        CheckConstraint("kind <> 'sign_off' OR state <> 'signed' OR (revision_number IS NOT NULL AND"
                        " revision_hash IS NOT NULL)", name="sign_off_names_revision"),
        CheckConstraint("kind <> 'formal_decision' OR state <> 'signed' OR (body IS NOT NULL AND"
                        " decided_on IS NOT NULL)", name="decision_names_body"),
        CheckConstraint("bridge_cents IS NULL OR bridge_cents >= 0", name="bridge_not_negative"),
        Index("uq_commitment_live", "proposal_id", "city_id", "kind", unique=True,
              sqlite_where=text("state IN ('asked', 'signed')"),
              postgresql_where=text("state IN ('asked', 'signed')")),
    )  # fmt: skip

    proposal_id: int = Field(foreign_key="proposal.id", ondelete="RESTRICT", index=True)
    round_code: str = Field(max_length=8)
    city_id: int = Field(foreign_key="organisation.id", ondelete="RESTRICT", index=True)
    kind: CommitmentKind = Field(sa_type=one_of(CommitmentKind))
    state: CommitmentState = Field(default=CommitmentState.ASKED, sa_type=one_of(CommitmentState))
    revision_number: int | None = Field(default=None)
    revision_hash: str | None = Field(default=None, max_length=64)
    scope_hash: str | None = Field(default=None, max_length=64)  # of that city's role, money and the scope
    signer_id: int | None = Field(default=None, foreign_key="person.id", ondelete="RESTRICT")
    signed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    body: str | None = Field(default=None, max_length=160)
    decided_on: date | None = Field(default=None)
    bridge_cents: int | None = Field(default=None, sa_type=CENTS)
    attachment_code: str | None = Field(default=None, max_length=8)
    changed: list[str] = Field(default_factory=list, sa_type=json_column(), nullable=False)  # what made it void
    ended_why: str | None = Field(default=None, max_length=400)


class Preference(Row, table=True):
    """How useful a city finds an idea that answers its challenge, 1–5; advisory."""

    __table_args__ = (
        UniqueConstraint("proposal_id", "city_id"),
        CheckConstraint("rating BETWEEN 1 AND 5", name="rating_one_to_five"),
    )

    proposal_id: int = Field(foreign_key="proposal.id", ondelete="RESTRICT")
    city_id: int = Field(foreign_key="organisation.id", ondelete="RESTRICT", index=True)
    rating: int
    comment: str = Field(default="", max_length=2000)
    at: datetime = Field(sa_type=UtcDateTime)
    by_id: int | None = Field(default=None, foreign_key="person.id", ondelete="RESTRICT")


for _trigger in TRIGGERS:
    register(_trigger)
refuses("fk_partner_city_city_id_country_organisation", COUNTRY_IN_USE)
