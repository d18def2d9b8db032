"""The ledger, claims and change requests of a pilot."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Numeric, text
from sqlmodel import Field

from challenge.kernel.columns import CENTS, UtcDateTime, json_column, one_of
from challenge.kernel.record import Record, Row
from challenge.kernel.triggers import register
from challenge.pilots.money.holds import TRIGGERS
from challenge.pilots.money.states import Account, ChangeKind, ChangeState, ClaimState, EntryKind
from challenge.proposals.states import BudgetCategory
from challenge.rounds.states import CityRole

RATE: Any = Numeric(14, 6)  # exact on both databases: SQLite keeps 15 digits


class LedgerEntry(Record, table=True):
    """What happened to money on a day. It closes its postings, which come first; nothing of it ever changes.

    ``subject_code`` is what it rests on (the pilot, a tranche, a claim, a change request): each is booked once.
    """

    __tablename__ = "ledger_entry"
    __table_args__ = (Index("uq_ledger_entry_once", "kind", "subject_code", unique=True),)

    pilot_id: int = Field(foreign_key="pilot.id", ondelete="RESTRICT", index=True)
    round_code: str = Field(max_length=8)
    kind: EntryKind = Field(sa_type=one_of(EntryKind))
    subject_code: str = Field(max_length=8)
    booked_on: date
    note: str = Field(default="", max_length=200)
    by_id: int | None = Field(default=None, foreign_key="person.id", ondelete="RESTRICT")


class Posting(Row, table=True):
    """Cents on an account; those of one entry add up to nothing. It stands before its entry, which closes it."""

    __table_args__ = (
        ForeignKeyConstraint(["entry_code"], ["ledger_entry.code"], deferrable=True, initially="DEFERRED"),
        CheckConstraint("cents <> 0", name="moves_money"),
        CheckConstraint("(organisation_id IS NOT NULL) = (account IN ('planned', 'advance', 'cost'))",
                        name="partner_where_it_is_a_partners"),
        CheckConstraint("(category IS NOT NULL) = (account IN ('planned', 'cost'))", name="category_on_budget_lines"),
    )  # fmt: skip

    entry_code: str = Field(max_length=8, index=True)
    account: Account = Field(sa_type=one_of(Account))
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id", ondelete="RESTRICT")
    category: BudgetCategory | None = Field(default=None, sa_type=one_of(BudgetCategory))
    cents: int = Field(sa_type=CENTS)


class Claim(Record, table=True):
    """What a partner spent, with receipts. ``answers`` is the form as typed; the columns are read off it on submit.

    ``minor`` is the amount in hundredths of ``currency``; ``rate`` says how much of it one euro was, when, and where
    that was read.
    """

    __table_args__ = (
        CheckConstraint("state IN ('draft', 'withdrawn') OR (cents IS NOT NULL AND category IS NOT NULL)",
                        name="submitted_has_amount"),
        CheckConstraint("cents IS NULL OR cents > 0", name="cents_positive"),
        CheckConstraint("currency = 'EUR' OR (rate IS NOT NULL AND rate_on IS NOT NULL AND rate_source <> '')",
                        name="foreign_has_rate"),
        CheckConstraint("rate IS NULL OR rate > 0", name="rate_positive"),
        CheckConstraint("state <> 'returned' OR points <> ''", name="returned_has_points"),
    )  # fmt: skip

    pilot_id: int = Field(foreign_key="pilot.id", ondelete="RESTRICT", index=True)
    round_id: int = Field(foreign_key="round.id", ondelete="RESTRICT")
    round_code: str = Field(max_length=8)
    organisation_id: int = Field(foreign_key="organisation.id", ondelete="RESTRICT", index=True)
    state: ClaimState = Field(default=ClaimState.DRAFT, sa_type=one_of(ClaimState))
    answers: dict[str, Any] = Field(default_factory=dict, sa_type=json_column(), nullable=False)
    revision: int = Field(default=0)
    saved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    category: BudgetCategory | None = Field(default=None, sa_type=one_of(BudgetCategory))
    cents: int | None = Field(default=None, sa_type=CENTS)
    currency: str = Field(default="EUR", max_length=3)
    minor: int | None = Field(default=None, sa_type=CENTS)
    rate: Decimal | None = Field(default=None, sa_type=RATE)
    rate_on: date | None = Field(default=None)
    rate_source: str = Field(default="", max_length=200)
    points: str = Field(default="", max_length=4000)
    submitted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    submitted_by_id: int | None = Field(default=None, foreign_key="person.id", ondelete="RESTRICT")


class ChangeRequest(Record, table=True):
    """What is to be otherwise in a pilot, asked by its people, decided by the programme.

    ``by_two``: more money than one coordinator may move by the rules of the round.
    """

    __tablename__ = "change_request"
    __table_args__ = (
        CheckConstraint("reason <> ''", name="has_reason"),
        CheckConstraint("kind <> 'dates' OR ends_on IS NOT NULL", name="dates_say_when"),
        CheckConstraint("kind <> 'scope' OR scope <> ''", name="scope_says_what"),
        CheckConstraint("kind <> 'members' OR goes_id IS NOT NULL OR comes_id IS NOT NULL", name="members_say_who"),
        CheckConstraint("kind <> 'money' OR (cents IS NOT NULL AND from_id IS NOT NULL AND from_category IS NOT NULL"
                        " AND to_id IS NOT NULL AND to_category IS NOT NULL)", name="money_says_lines"),
        CheckConstraint("cents IS NULL OR cents > 0", name="cents_positive"),
        CheckConstraint("(state IN ('granted', 'refused')) = (decided_at IS NOT NULL)", name="decided_at"),
        CheckConstraint("state <> 'refused' OR answer <> ''", name="refused_says_why"),
        Index("uq_change_request_open", "pilot_id", "kind", unique=True,
              sqlite_where=text("state = 'asked'"), postgresql_where=text("state = 'asked'")),
    )  # fmt: skip

    pilot_id: int = Field(foreign_key="pilot.id", ondelete="RESTRICT", index=True)
    round_id: int = Field(foreign_key="round.id", ondelete="RESTRICT")
    round_code: str = Field(max_length=8)
    kind: ChangeKind = Field(sa_type=one_of(ChangeKind))
    state: ChangeState = Field(default=ChangeState.ASKED, sa_type=one_of(ChangeState))
    reason: str = Field(max_length=2000)
    ends_on: date | None = Field(default=None)
    scope: str = Field(default="", max_length=4000)
    goes_id: int | None = Field(default=None, foreign_key="organisation.id", ondelete="RESTRICT")
    comes_id: int | None = Field(default=None, foreign_key="organisation.id", ondelete="RESTRICT")
    role: CityRole | None = Field(default=None, sa_type=one_of(CityRole))
    from_id: int | None = Field(default=None, foreign_key="organisation.id", ondelete="RESTRICT")
    from_category: BudgetCategory | None = Field(default=None, sa_type=one_of(BudgetCategory, "from_category"))
    to_id: int | None = Field(default=None, foreign_key="organisation.id", ondelete="RESTRICT")
    to_category: BudgetCategory | None = Field(default=None, sa_type=one_of(BudgetCategory, "to_category"))
    cents: int | None = Field(default=None, sa_type=CENTS)
    by_two: bool = Field(default=False)
    asked_by_id: int = Field(foreign_key="person.id", ondelete="RESTRICT")
    answer: str = Field(default="", max_length=2000)
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


for _trigger in TRIGGERS:
    register(_trigger)
