"""Pilot, its member cities, its plan (milestones, indicators, tranches) and its reports."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Numeric, UniqueConstraint, text
from sqlmodel import Field

from challenge.cities.rules import COUNTRY_IN_USE
from challenge.kernel.columns import CENTS, UtcDateTime, json_column, one_of
from challenge.kernel.constraints import refuses
from challenge.kernel.errors import Problem
from challenge.kernel.i18n import _
from challenge.kernel.record import Record, Row
from challenge.kernel.triggers import register
from challenge.pilots.states import PilotState, ReportKind, ReportState, TrancheState
from challenge.pilots.triggers import PAIRING, PHRASE
from challenge.rounds.states import CityRole, Pairing

LIVE = "state <> 'terminated'"
QUANTITY: Any = Numeric(14, 4)  # exact on both databases: SQLite keeps 15 digits


class Pilot(Record, table=True):
    """Cities that try a solution together. It carries its own copy of the pairing rule (design.md §4.1).

    ``revision`` is the number of the agreement as it stands (text, cities, budget, dates); signatures name one.
    Of imported pilots much is unknown: NULL is "not known", ``facts`` says what is known, guessed and by whom.
    """

    __table_args__ = (
        Index("uq_pilot_proposal_live", "proposal_id", unique=True,
              sqlite_where=text(LIVE), postgresql_where=text(LIVE)),
        CheckConstraint("imported OR (proposal_id IS NOT NULL AND organisation_id IS NOT NULL AND lead_id IS NOT NULL"
                        " AND budget_cents IS NOT NULL)", name="known_unless_imported"),
        CheckConstraint("title <> ''", name="has_title"),
        CheckConstraint("length(home_country) = 2", name="home_country_alpha2"),
        CheckConstraint("min_cities >= 1", name="min_cities_from_one"),
        CheckConstraint("budget_cents IS NULL OR budget_cents >= 0", name="budget_not_negative"),
        CheckConstraint("months IS NULL OR months BETWEEN 1 AND 120", name="months_possible"),
        CheckConstraint("starts_on IS NULL OR ends_on IS NULL OR starts_on <= ends_on", name="starts_before_ends"),
        CheckConstraint("cure_until IS NULL OR state = 'suspended'", name="cure_only_suspended"),
        CheckConstraint("cure_expired_at IS NULL OR cure_until IS NOT NULL", name="expired_only_with_cure"),
        CheckConstraint("imported OR state IN ('preparing', 'terminated') OR agreed_at IS NOT NULL",
                        name="agreed_at_once_agreed"),
        CheckConstraint("imported OR state NOT IN ('running', 'completed') OR started_at IS NOT NULL",
                        name="started_at_once_running"),
        CheckConstraint("imported OR state <> 'completed' OR (replication_plan <> '' AND public_summary <> '')",
                        name="completed_tells_results"),
        CheckConstraint("(lead_signed_at IS NULL) = (lead_signed_revision IS NULL)", name="lead_signs_revision"),
    )  # fmt: skip

    proposal_id: int | None = Field(default=None, foreign_key="proposal.id", ondelete="RESTRICT")
    round_id: int = Field(foreign_key="round.id", ondelete="RESTRICT", index=True)
    round_code: str = Field(max_length=8)
    state: PilotState = Field(default=PilotState.PREPARING, sa_type=one_of(PilotState))
    title: str = Field(max_length=120)
    full_title: str = Field(default="", max_length=240)
    summary: str = Field(default="", max_length=600)
    themes: list[str] = Field(default_factory=list, sa_type=json_column(), nullable=False)
    pairing: Pairing = Field(sa_type=one_of(Pairing))
    home_country: str = Field(max_length=2)
    min_cities: int
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id", ondelete="RESTRICT")
    lead_id: int | None = Field(default=None, foreign_key="person.id", ondelete="RESTRICT", index=True)
    mentor_id: int | None = Field(default=None, foreign_key="person.id", ondelete="RESTRICT")
    budget_cents: int | None = Field(default=None, sa_type=CENTS)
    months: int | None = Field(default=None)
    starts_on: date | None = Field(default=None)
    ends_on: date | None = Field(default=None)
    agreement: str = Field(default="", max_length=40_000)
    revision: int = Field(default=0)
    lead_signed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    lead_signed_by_id: int | None = Field(default=None, foreign_key="person.id", ondelete="RESTRICT")
    lead_signed_revision: int | None = Field(default=None)
    agreed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    started_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    cure_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    cure_expired_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    public_summary: str = Field(default="", max_length=8000)
    replication_plan: str = Field(default="", max_length=8000)
    notes: str = Field(default="", max_length=8000)  # for those who run and watch it; never public
    imported: bool = Field(default=False)
    sources: list[str] = Field(default_factory=list, sa_type=json_column(), nullable=False)
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=json_column(), nullable=False)


class MemberCity(Row, table=True):
    """A city of the pilot. Both columns of the city are referred to, so its country cannot change under the rule."""

    __tablename__ = "member_city"
    __table_args__ = (
        ForeignKeyConstraint(["city_id", "country"], ["organisation.id", "organisation.country"]),
        UniqueConstraint("pilot_id", "city_id"),
        CheckConstraint("(signed_at IS NULL) = (signed_revision IS NULL)", name="signs_revision"),
        CheckConstraint("(signed_at IS NULL) = (signed_by_id IS NULL)", name="signed_by_somebody"),
    )

    pilot_id: int = Field(foreign_key="pilot.id", ondelete="RESTRICT")
    city_id: int = Field(index=True)
    country: str = Field(max_length=2)
    role: CityRole = Field(sa_type=one_of(CityRole))
    joined_at: datetime = Field(sa_type=UtcDateTime)
    site: str = Field(default="", max_length=600)
    signed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    signed_by_id: int | None = Field(default=None, foreign_key="person.id", ondelete="RESTRICT")
    signed_revision: int | None = Field(default=None)


class Milestone(Record, table=True):
    """A step of the plan; ``evidence`` says what shows that it is done."""

    __table_args__ = (
        CheckConstraint("title <> ''", name="has_title"),
        CheckConstraint("starts_on <= due_on", name="starts_before_due"),
        CheckConstraint("done_on IS NULL OR evidence <> ''", name="done_has_evidence"),
    )

    pilot_id: int = Field(foreign_key="pilot.id", ondelete="RESTRICT", index=True)
    title: str = Field(max_length=160)
    starts_on: date
    due_on: date
    done_on: date | None = Field(default=None)
    evidence: str = Field(default="", max_length=2000)


class Indicator(Record, table=True):
    """What is measured, in one member city or (``city_id`` None) in all of them together."""

    __table_args__ = (
        CheckConstraint("title <> ''", name="has_title"),
        CheckConstraint("closed_at IS NULL OR actual IS NOT NULL", name="closed_has_actual"),
        CheckConstraint("(actual IS NULL) = (measured_on IS NULL)", name="actual_has_day"),
    )

    pilot_id: int = Field(foreign_key="pilot.id", ondelete="RESTRICT", index=True)
    city_id: int | None = Field(default=None, foreign_key="organisation.id", ondelete="RESTRICT")
    title: str = Field(max_length=160)
    unit: str = Field(default="", max_length=40)
    baseline: Decimal | None = Field(default=None, sa_type=QUANTITY)
    target: Decimal | None = Field(default=None, sa_type=QUANTITY)
    actual: Decimal | None = Field(default=None, sa_type=QUANTITY)
    measured_on: date | None = Field(default=None)
    source: str = Field(default="", max_length=400)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Report(Record, table=True):
    """What the pilot owes the programme on a day. ``points`` are what must still be put right."""

    __table_args__ = (
        CheckConstraint("state = 'due' OR (submitted_at IS NOT NULL AND revision >= 1)", name="submitted_has_revision"),
        CheckConstraint("state <> 'returned' OR points <> ''", name="returned_has_points"),
    )

    pilot_id: int = Field(foreign_key="pilot.id", ondelete="RESTRICT", index=True)
    round_id: int = Field(foreign_key="round.id", ondelete="RESTRICT")
    round_code: str = Field(max_length=8)
    kind: ReportKind = Field(sa_type=one_of(ReportKind))
    state: ReportState = Field(default=ReportState.DUE, sa_type=one_of(ReportState))
    due_on: date
    answers: dict[str, Any] = Field(default_factory=dict, sa_type=json_column(), nullable=False)
    revision: int = Field(default=0)
    saved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    submitted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    submitted_by_id: int | None = Field(default=None, foreign_key="person.id", ondelete="RESTRICT")
    points: str = Field(default="", max_length=4000)

    @property
    def text(self) -> str:
        """All of it as one text."""
        return "\n\n".join(str(answer) for answer in self.answers.values() if answer)


class Tranche(Record, table=True):
    """A part of the budget and the day it is planned for, with the report and the milestone it rests on.

    It is paid to ``payee_id``, as a rule (None) to the lead organisation. Where ``recovers_from_id`` is set it goes the
    other way: what this partner was paid and has not accounted for when the pilot ended early.
    """

    __table_args__ = (
        CheckConstraint("label <> ''", name="has_label"),
        CheckConstraint("cents > 0", name="cents_positive"),
        CheckConstraint("state <> 'paid' OR paid_on IS NOT NULL", name="paid_on_a_day"),
        CheckConstraint("payee_id IS NULL OR recovers_from_id IS NULL", name="one_way"),
    )

    pilot_id: int = Field(foreign_key="pilot.id", ondelete="RESTRICT", index=True)
    round_code: str = Field(max_length=8)
    report_id: int | None = Field(default=None, foreign_key="report.id", ondelete="RESTRICT")
    state: TrancheState = Field(default=TrancheState.PLANNED, sa_type=one_of(TrancheState))
    label: str = Field(max_length=120)
    cents: int = Field(sa_type=CENTS)
    due_on: date
    milestone_id: int | None = Field(default=None, foreign_key="milestone.id", ondelete="RESTRICT")
    payee_id: int | None = Field(default=None, foreign_key="organisation.id", ondelete="RESTRICT")
    recovers_from_id: int | None = Field(default=None, foreign_key="organisation.id", ondelete="RESTRICT")
    paid_on: date | None = Field(default=None)
    reference: str | None = Field(default=None, max_length=80)


class PilotChallenge(Row, table=True):
    """A challenge the pilot works on (several pilots may work on one)."""

    __tablename__ = "pilot_challenge"
    __table_args__ = (UniqueConstraint("pilot_id", "submission_id"),)

    pilot_id: int = Field(foreign_key="pilot.id", ondelete="RESTRICT")
    submission_id: int = Field(foreign_key="submission.id", ondelete="RESTRICT", index=True)


for _trigger in PAIRING:
    register(_trigger)

refuses(
    PHRASE,
    Problem(
        "pairing",
        _(
            "With this change the pilot’s cities would no longer meet its pairing rule. Add the missing city first,"
            " or suspend the pilot with a date by which it is found."
        ),
    ),
)
refuses("fk_member_city_city_id_country_organisation", COUNTRY_IN_USE)
refuses(
    "uq_pilot_proposal_live",
    Problem("already_paired", _("This proposal has a pilot already. Terminate that one first.")),
    columns="pilot.proposal_id",
)
refuses(
    "uq_member_city_pilot_id_city_id",
    Problem("already_member", _("This city is a member of the pilot already.")),
    columns="member_city.pilot_id, member_city.city_id",
)
