"""What one may know of a pilot's money, and what its pages show."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlmodel import col, select

from challenge.kernel.errors import Missing
from challenge.kernel.work import Work
from challenge.people.models import Organisation
from challenge.people.queries import organisations
from challenge.pilots import content
from challenge.pilots.models import Pilot, Tranche
from challenge.pilots.money import ledger
from challenge.pilots.money.models import ChangeRequest, Claim, LedgerEntry, Posting
from challenge.pilots.money.states import Account, ClaimState, EntryKind
from challenge.pilots.queries.scope import inside
from challenge.proposals.states import BudgetCategory


def _found(w: Work, table: Any, code: str) -> Any:
    """A record of a pilot, for those inside. Raises Missing."""
    found = select(table).join(Pilot, col(Pilot.id) == table.pilot_id).where(table.code == code, inside(w))
    row = w.session.exec(found).first()
    if row is None:
        raise Missing
    return row


def tranche(w: Work, code: str) -> Tranche:
    """A tranche by its code."""
    row: Tranche = _found(w, Tranche, code)
    return row


def claim(w: Work, code: str) -> Claim:
    """A claim by its code."""
    row: Claim = _found(w, Claim, code)
    return row


def change(w: Work, code: str) -> ChangeRequest:
    """A change request by its code."""
    row: ChangeRequest = _found(w, ChangeRequest, code)
    return row


def claims(w: Work, pilot: Pilot) -> list[Claim]:
    """Its claims, the newest first."""
    return list(w.session.exec(select(Claim).where(Claim.pilot_id == pilot.id).order_by(col(Claim.id).desc())))


def changes(w: Work, pilot: Pilot) -> list[ChangeRequest]:
    """What was asked to be otherwise, the newest first."""
    found = select(ChangeRequest).where(ChangeRequest.pilot_id == pilot.id)
    return list(w.session.exec(found.order_by(col(ChangeRequest.id).desc())))


def partners(w: Work, pilot: Pilot) -> dict[int, Organisation]:
    """Who may spend: the lead organisation, the member cities, whoever has a budget line or was paid."""
    ids: list[int | None] = [pilot.organisation_id, *(row.city_id for row in content.members(w, pilot))]
    ids += [whose for whose, _category in ledger.lines(w, pilot)]
    ids += [whose for _account, whose, _category in ledger.balances(w, pilot)]
    found = organisations(w, ids)
    order = {key: place for place, key in enumerate(dict.fromkeys(key for key in ids if key is not None))}
    return dict(sorted(found.items(), key=lambda entry: order[entry[0]]))


# The burn of the budget


@dataclass(frozen=True, slots=True)
class Spent:
    """A line of the table: what is planned, paid, claimed and not yet checked, accepted, in cents."""

    name: str
    category: BudgetCategory | None
    planned: int
    paid: int | None
    waiting: int
    accepted: int

    @property
    def left(self) -> int:
        """What may still be claimed."""
        return self.planned - self.accepted


@dataclass(frozen=True, slots=True)
class Partner:
    """A partner with its lines; ``total`` adds them up and knows what was paid."""

    code: str
    country: str
    total: Spent
    lines: tuple[Spent, ...] = field(default=())


def burn(w: Work, pilot: Pilot) -> list[Partner]:
    """Every partner: planned, paid, claimed and accepted by category."""
    standing, planned = ledger.balances(w, pilot), ledger.lines(w, pilot)
    waiting: dict[ledger.Line, int] = {}
    for row in claims(w, pilot):
        if row.state is ClaimState.SUBMITTED and row.category is not None:
            line = (row.organisation_id, row.category)
            waiting[line] = waiting.get(line, 0) + (row.cents or 0)
    shown = []
    for whose, organisation in partners(w, pilot).items():
        lines = []
        for category in BudgetCategory:
            line = (whose, category)
            cells = (planned.get(line, 0), waiting.get(line, 0), standing.get((Account.COST, *line), 0))
            if any(cells):
                lines.append(Spent(organisation.name, category, cells[0], None, cells[1], cells[2]))
        accepted = sum(row.accepted for row in lines)
        paid = standing.get((Account.ADVANCE, whose, None), 0) + accepted
        sums = (sum(row.planned for row in lines), paid, sum(row.waiting for row in lines), accepted)
        if not any(sums):
            continue
        shown.append(Partner(organisation.code, organisation.country, Spent(organisation.name, None, *sums),
                             tuple(lines)))  # fmt: skip
    return shown


def in_all(rows: Sequence[Partner]) -> Spent:
    """All partners together."""
    totals = [row.total for row in rows]
    return Spent(
        "", None, sum(row.planned for row in totals), sum(row.paid or 0 for row in totals),
        sum(row.waiting for row in totals), sum(row.accepted for row in totals),
    )  # fmt: skip


# Entries


@dataclass(frozen=True, slots=True)
class Booked:
    """A posting as it stands in the ledger."""

    entry: str
    kind: EntryKind
    subject: str
    booked_on: date
    note: str
    account: Account
    partner: str
    category: BudgetCategory | None
    cents: int


def entries(w: Work, pilot: Pilot) -> list[Booked]:
    """Every posting, the newest entry first, those of one entry together."""
    rows = w.session.exec(
        select(LedgerEntry, Posting, Organisation.name)
        .join(Posting, col(Posting.entry_code) == LedgerEntry.code)
        .outerjoin(Organisation, col(Organisation.id) == Posting.organisation_id)
        .where(LedgerEntry.pilot_id == pilot.id)
        .order_by(col(LedgerEntry.id).desc(), col(Posting.id))
    )
    return [
        Booked(
            entry.code,
            entry.kind,
            entry.subject_code,
            entry.booked_on,
            entry.note,
            row.account,
            name or "",
            row.category,
            row.cents,
        )
        for entry, row, name in rows
    ]


def faults(w: Work) -> Iterator[str]:
    """Entries that do not add up to nothing. The database lets none in: this looks after it."""
    sums: dict[str, int] = {}
    for code, cents in w.session.exec(select(Posting.entry_code, Posting.cents)):
        sums[code] = sums.get(code, 0) + cents
    for code in w.session.exec(select(LedgerEntry.code)):
        if sums.get(code, 1):
            yield f"ledger entry {code} does not balance"
