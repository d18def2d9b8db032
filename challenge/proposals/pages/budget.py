"""The budget: a table of partners and categories that adds up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from challenge.http.figures import share
from challenge.http.pages import page, see_other
from challenge.http.sent import Sent, SentBody
from challenge.http.templates import number
from challenge.http.work import WebWork, work
from challenge.kernel.errors import Invalid
from challenge.kernel.i18n import Text, _
from challenge.kernel.journal import digest
from challenge.kernel.money import read_euros
from challenge.kernel.work import Work
from challenge.proposals import actions, content, queries, rules
from challenge.proposals.pages.forms import NOUN, due_clock
from challenge.proposals.states import CATEGORIES, BudgetCategory
from challenge.rounds.states import Bound

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Line:
    """What one partner spends: its bar, its cells, its total."""

    code: str
    name: str
    tone: str
    percent: float
    cells: tuple[int, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Table:
    """The whole budget, with what its size class says."""

    lines: tuple[Line, ...]
    categories: tuple[Text, ...]
    totals: tuple[int, ...]
    total: int
    size: Any
    over: tuple[Text, ...]
    under: int
    blocks: bool

    @property
    def places(self) -> list[int]:
        """The categories somebody spends in: the others need no column where the table is read."""
        return [place for place, cents in enumerate(self.totals) if cents]


def table_of(w: Work, proposal: Any) -> Table:
    """Every partner that spends or could; home cities in sea, cities abroad in clay."""
    spent: dict[str, dict[BudgetCategory, int]] = {}
    for line in content.budget(w, proposal):
        spent.setdefault(line.code, {})[BudgetCategory(line.category)] = line.cents
    total = sum(cents for cells in spent.values() for cents in cells.values())
    of_round = rules.rules_of(w, proposal)
    cities = {city.id: city for city in content.cities(w, proposal)}
    lines = []
    for partner in content.partners(w, proposal):
        cells = tuple(spent.get(partner.code, {}).get(category, 0) for category in BudgetCategory)
        tone = "edge"
        if partner.id in cities:
            tone = "sea" if partner.country == of_round.home_country else "clay"
        lines.append(Line(partner.code, partner.name, tone, share(sum(cells), total), cells, sum(cells)))
    size = of_round.size_class(proposal.size_class)
    return Table(
        lines=tuple(lines), categories=tuple(CATEGORIES[category] for category in BudgetCategory),
        totals=tuple(sum(line.cells[place] for line in lines) for place in range(len(BudgetCategory))), total=total,
        size=size, over=tuple(rules.over_bounds(proposal.months, total, size)) if size else (),
        under=size.budget_cents - total if size else 0, blocks=size is not None and size.bound is Bound.MAXIMUM,
    )  # fmt: skip


def stamp(table: Table) -> str:
    """What the form was made from: another one means that somebody changed the budget in the meantime."""
    return digest([(line.code, line.cells) for line in table.lines if line.total])[:16]


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
        typed, cents, wrong = _read(table, sent)
        if wrong:
            return budget_page(w, proposal, typed, wrong, status=422)
        if sent.get("stamp") not in ("", stamp(table)):
            return budget_page(w, proposal, typed, is_late=True, status=409)
        try:
            actions.set_budget(w, proposal, cents)
        except Invalid as refusal:
            return budget_page(w, proposal, typed, dict(refusal.problem.fields), status=422)
        table = table_of(w, proposal)
        say = _("Saved. The budget adds up to %(total)s.", total=rules.Amount(table.total))
        return see_other(w, f"/{NOUN}/{code}/budget", say=say)


def _read(
    table: Table, sent: SentBody
) -> tuple[dict[str, str], dict[tuple[str, BudgetCategory], int], dict[str, Text]]:
    typed, cents, wrong = {}, {}, {}
    for line in table.lines:
        for category in BudgetCategory:
            name = f"{line.code}-{category}"
            typed[name] = sent.get(name)
            try:
                amount = read_euros(typed[name]) if typed[name] else 0
            except ValueError:
                amount = -1
            if not 0 <= amount <= actions.MAX_CENTS:
                wrong[name] = _("%(partner)s, %(category)s: enter an amount in euros, for example 12,500",
                                partner=line.name, category=CATEGORIES[category])  # fmt: skip
            cents[line.code, category] = amount
    return typed, cents, wrong


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
    kept = {
        f"{line.code}-{category}": number(cents // 100) if cents % 100 == 0 else number(cents / 100)
        for line in table.lines
        for category, cents in zip(BudgetCategory, line.cells, strict=True)
        if cents
    }
    can_edit = rules.may_write(w, proposal) is None and rules.is_editable(w, proposal) is None
    return page(
        w, "proposals/budget.html", status=status, proposal=proposal, table=table, stamp=stamp(table),
        names=[str(category) for category in BudgetCategory], kept=kept, typed=kept if typed is None else typed,
        wrong=wrong or {}, is_late=is_late, is_read=is_read, can_edit=can_edit,
        deadline=due_clock(w, proposal) if can_edit else None,
    )  # fmt: skip
