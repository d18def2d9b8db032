"""The budget: partners, kinds of cost and years in a table that adds up."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from challenge.http.figures import share
from challenge.http.pages import page, see_other
from challenge.http.sent import Sent, SentBody
from challenge.http.work import WebWork, work
from challenge.kernel.errors import Invalid
from challenge.kernel.i18n import Text, _
from challenge.kernel.journal import digest
from challenge.kernel.money import amount, read_euros
from challenge.kernel.work import Work
from challenge.proposals import actions, content, money, queries, rules
from challenge.proposals.money import Part, Place, Sums
from challenge.proposals.pages.forms import NOUN, due_clock
from challenge.proposals.states import CATEGORIES, BudgetCategory
from challenge.rounds.states import Bound

router = APIRouter()
OWN = "own"  # the column beside the kinds of cost


@dataclass(frozen=True, slots=True)
class Line:
    """What one partner spends and pays: its bar, its sums."""

    code: str
    name: str
    tone: str
    percent: float
    sums: Sums


@dataclass(frozen=True, slots=True)
class Table:
    """The whole budget, with what its size class says."""

    lines: tuple[Line, ...]
    all: Sums
    years: range
    months: int | None
    size: Any
    over: tuple[Text, ...]
    under: int
    blocks: bool
    after_the_end: Text | str

    @property
    def categories(self) -> list[BudgetCategory]:
        """Those somebody spends in: the others need no column where the table is read."""
        return [category for category in BudgetCategory if self.all.of_category(category)]

    def last_month(self, year: int) -> int:
        """The last month of a year of the pilot; the pilot may end in the midst of it."""
        whole = year * money.MONTHS
        return self.months if self.months and whole - money.MONTHS < self.months < whole else whole


def table_of(w: Work, proposal: Any) -> Table:
    """Every partner that spends or could; home cities in sea, cities abroad in clay."""
    of_round = rules.rules_of(w, proposal)
    size = of_round.size_class(proposal.size_class)
    months = proposal.months or (size.months if size else None)
    sheet = money.sheet_of(w, proposal, money.years_of(months))
    cities = {city.id: city for city in content.cities(w, proposal)}
    lines = []
    for partner in content.partners(w, proposal):
        sums, tone = sheet.partners.get(partner.code, Sums()), "edge"
        if partner.id in cities:
            tone = "sea" if partner.country == of_round.home_country else "clay"
        lines.append(Line(partner.code, partner.name, tone, share(sums.total, sheet.all.total), sums))
    asked, late = sheet.all.asked, rules.within_months(proposal.months, sheet)
    return Table(
        lines=tuple(lines), all=sheet.all, years=sheet.years, months=months, size=size,
        over=tuple(rules.over_bounds(proposal.months, asked, size)) if size else (),
        under=size.budget_cents - asked if size else 0, blocks=size is not None and size.bound is Bound.MAXIMUM,
        after_the_end=late.text if late else "",
    )  # fmt: skip


def stamp(table: Table) -> str:
    """What the form was made from: another one means that somebody changed the budget in the meantime."""
    return digest(sorted(kept_in(table).items()))[:16]


def kept_in(table: Table) -> dict[str, str]:
    """Field → what stands in it, for each that holds money."""
    found = {
        **{f"{one.code}-{what}-{year}": cents for one in table.lines for (what, year), cents in one.sums.costs.items()},
        **{f"{one.code}-{OWN}-{year}": cents for one in table.lines for year, cents in one.sums.paid.items()},
    }
    return {name: amount(cents) for name, cents in found.items() if cents}


@router.get("/proposals/{code}/budget", include_in_schema=False)
def edit(request: Request, code: str) -> Response:
    """The table to fill; to read where it cannot be changed."""
    with work(request) as w:
        return budget_page(w, queries.visible(w, code))


@router.post("/proposals/{code}/budget", include_in_schema=False)
def update(request: Request, code: str, sent: Sent) -> Response:
    """Save the whole table."""
    with work(request) as w:
        proposal = queries.editable(w, code)
        w.session.refresh(proposal, with_for_update={"key_share": True})
        table = table_of(w, proposal)
        read = _read(table, sent)
        if read.wrong:
            return budget_page(w, proposal, read.typed, read.wrong, status=422)
        if sent.get("stamp") not in ("", stamp(table)):
            return budget_page(w, proposal, read.typed, is_late=True, status=409)
        try:
            actions.set_budget(w, proposal, read.costs, read.own)
        except Invalid as refusal:
            return budget_page(w, proposal, read.typed, dict(refusal.problem.fields), status=422)
        total = rules.Amount(table_of(w, proposal).all.total)
        return see_other(w, f"/{NOUN}/{code}/budget", say=_("Saved. The budget adds up to %(total)s.", total=total))


@dataclass(slots=True)
class _Read:
    """What was sent: as typed, as cents, and what is wrong with it."""

    typed: dict[str, str] = field(default_factory=dict)
    costs: dict[Place, int] = field(default_factory=dict)
    own: dict[Part, int] = field(default_factory=dict)
    wrong: dict[str, Text] = field(default_factory=dict)

    def cents(self, name: str, typed: str, partner: str, what: Text, year: int) -> int:
        """The amount in a field."""
        self.typed[name] = typed
        try:
            amount = read_euros(typed) if typed else 0
        except ValueError:
            amount = -1
        if not 0 <= amount <= actions.MAX_CENTS:
            self.wrong[name] = _(
                "%(partner)s, %(category)s, year %(year)s: enter an amount in euros, for example 12,500",
                partner=partner, category=what, year=year,
            )  # fmt: skip
        return amount


def _read(table: Table, sent: SentBody) -> _Read:
    found = _Read()
    for line in table.lines:
        for year in table.years:
            for category in BudgetCategory:
                name = f"{line.code}-{category}-{year}"
                found.costs[line.code, category, year] = found.cents(
                    name, sent.get(name), line.name, CATEGORIES[category], year
                )
            name = f"{line.code}-{OWN}-{year}"
            found.own[line.code, year] = found.cents(name, sent.get(name), line.name, _("Own share"), year)
    return found


def budget_page(
    w: WebWork,
    proposal: Any,
    typed: dict[str, str] | None = None,
    wrong: dict[str, Text] | None = None,
    *,
    is_late: bool = False,
    is_read: bool = False,
    status: int = 200,
) -> Response:
    """The table to fill, with what was typed, or ``is_read`` from a file that nobody has saved yet."""
    table = table_of(w, proposal)
    kept = kept_in(table)
    can_edit = rules.may_write(w, proposal) is None and rules.is_editable(w, proposal) is None
    return page(
        w, "proposals/budget.html", status=status, proposal=proposal, table=table, stamp=stamp(table),
        categories=CATEGORIES, columns={**{str(key): text for key, text in CATEGORIES.items()}, OWN: _("Own share")},
        kept=kept, typed=kept if typed is None else typed, wrong=wrong or {}, is_late=is_late, is_read=is_read,
        can_edit=can_edit, deadline=due_clock(w, proposal) if can_edit else None,
    )  # fmt: skip
