"""The money of a pilot: how the budget burns, tranches, claims, and every entry of the ledger; also as CSV and XLSX."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from starlette.responses import Response

from challenge.http.figures import share
from challenge.http.pages import page
from challenge.http.sheets import Table, csv_file, xlsx_file
from challenge.http.work import WebWork, work
from challenge.kernel.i18n import Text, _
from challenge.kernel.work import Work
from challenge.people.queries import organisations
from challenge.pilots import content, rules
from challenge.pilots import queries as pilots
from challenge.pilots.money import ledger, queries
from challenge.pilots.money import rules as money
from challenge.pilots.money.queries import Booked, Partner, Spent
from challenge.pilots.money.states import ACCOUNTS, CLAIM_LABELS, ENTRIES, EntryKind
from challenge.pilots.pages.shared import reason
from challenge.pilots.states import TRANCHE_LABELS
from challenge.proposals.states import CATEGORIES, BudgetCategory

if TYPE_CHECKING:
    from challenge.pilots.models import Pilot

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Bar:
    """A partner's line of the figure: how much of its budget was accepted, claimed and paid, in percent."""

    name: str
    tone: str
    accepted: float
    waiting: float
    paid: float
    planned: int


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the ledger with its postings."""

    first: Booked
    about: str
    url: str
    postings: list[Booked]


@router.get("/pilots/{code}/money")
def show(request: Request, code: str) -> Response:
    """All of it, for those inside."""
    with work(request) as w:
        pilot = pilots.whole(w, code)
        return _show(w, pilot)


def _show(w: WebWork, pilot: Pilot) -> Response:
    rows = queries.burn(w, pilot)
    tranches, claims = content.tranches(w, pilot), queries.claims(w, pilot)
    names = {key: row.name for key, row in queries.partners(w, pilot).items()}
    own = [
        row
        for key, row in queries.partners(w, pilot).items()
        if w.actor.sits_in(key) and money.why_not_claim(w, pilot, key) is None
    ]
    return page(
        w, "pilots/money.html", pilot=pilot, rows=rows, total=queries.in_all(rows), bars=bars(pilot, rows),
        award=ledger.awarded(w, pilot), tranches=tranches, payees=payees(w, pilot), tranche_labels=TRANCHE_LABELS,
        claims=claims, claim_labels=CLAIM_LABELS, names=names, categories=CATEGORIES, entries=grouped(w, pilot),
        kinds=ENTRIES, accounts=ACCOUNTS, own=own if pilot.started_at is not None else [],
        asks=reason(money.asks_changes(w, pilot)) == "" and rules.has_not_ended(w, pilot) is None,
    )  # fmt: skip


def bars(pilot: Pilot, rows: list[Partner]) -> list[Bar]:
    """The figure over the table: home partners in sea, partners abroad in clay."""
    return [
        Bar(
            row.total.name, "sea" if row.country == pilot.home_country else "clay",
            share(row.total.accepted, row.total.planned), share(row.total.waiting, row.total.planned),
            share(row.total.paid or 0, row.total.planned), row.total.planned,
        )
        for row in rows
    ]  # fmt: skip


def payees(w: Work, pilot: Pilot) -> Mapping[int, str]:
    """Tranche id → whom it goes to or comes from."""
    rows = content.tranches(w, pilot)
    whose = {row.id: row.recovers_from_id or row.payee_id or pilot.organisation_id for row in rows}
    names = organisations(w, list(whose.values()))
    return {key: names[found].name for key, found in whose.items() if found in names}


def grouped(w: Work, pilot: Pilot) -> list[Entry]:
    """The ledger's entries, newest first, each with its postings."""
    found: dict[str, list[Booked]] = {}
    for row in queries.entries(w, pilot):
        found.setdefault(row.entry, []).append(row)
    return [Entry(rows[0], rows[0].note, _url(rows[0]), rows) for rows in found.values()]


PLACES = {EntryKind.PAYMENT: "tranches", EntryKind.RECOVERY: "tranches", EntryKind.CLAIM: "claims",
          EntryKind.TRANSFER: "changes"}  # fmt: skip


def _url(row: Booked) -> str:
    """The page of what an entry is about; empty where it is the pilot itself."""
    return f"/{PLACES[row.kind]}/{row.subject}" if row.kind in PLACES else ""


def word(category: BudgetCategory | None) -> str:
    """A kind of cost; nothing where there is none."""
    return str(CATEGORIES[category]) if category is not None else ""


# Downloads


def euro(cents: int | None) -> Decimal | None:
    """Cents as euros, for a cell."""
    return None if cents is None else Decimal(cents) / 100


def budget_table(rows: list[Partner]) -> Table:
    """Partner by category: planned, paid, claimed, accepted, left."""
    words: tuple[Text, ...] = (
        _("Partner"), _("Kind of cost"), _("Planned"), _("Paid"), _("Claimed"), _("Accepted"), _("Still open"),
    )  # fmt: skip
    lines = [line for row in rows for line in (row.total, *row.lines)]
    return Table([str(text) for text in words], [_cells(line) for line in lines])


def _cells(line: Spent) -> list[str | Decimal | None]:
    figures = (line.planned, line.paid, line.waiting, line.accepted, line.left)
    return [line.name, word(line.category), *(euro(cents) for cents in figures)]


def entry_table(rows: list[Booked]) -> Table:
    """Every posting of the ledger; those of one entry add up to nothing."""
    words: tuple[Text, ...] = (
        _("Day"), _("Entry"), _("What"), _("About"), _("Account"), _("Partner"), _("Kind of cost"), _("Euros"),
    )  # fmt: skip
    return Table(
        [str(text) for text in words],
        [
            [row.booked_on, row.entry, str(ENTRIES[EntryKind(row.kind)]), row.note, str(ACCOUNTS[row.account]),
             row.partner, word(row.category), euro(row.cents)]
            for row in rows
        ],
    )  # fmt: skip


@router.get("/pilots/{code}/money.csv")
def as_csv(request: Request, code: str) -> Response:
    """Every posting, as CSV."""
    with work(request) as w:
        pilot = pilots.whole(w, code)
        table = entry_table(queries.entries(w, pilot))
    return csv_file(table, f"ledger-{code}")


@router.get("/pilots/{code}/money.xlsx")
def as_xlsx(request: Request, code: str) -> Response:
    """The budget and every posting, as XLSX."""
    with work(request) as w:
        pilot = pilots.whole(w, code)
        sheets = {
            str(_("Budget")): budget_table(queries.burn(w, pilot)),
            str(_("Ledger")): entry_table(queries.entries(w, pilot)),
        }
    return xlsx_file(sheets, f"ledger-{code}")
