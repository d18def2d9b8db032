"""What a pilot costs by partner, kind of cost and year; what partners pay themselves; and what all of that adds up to.

Only costs and own shares are written down. What is asked for, the funding rate and every sum follow from them here, for
the page, JSON, PDF and spreadsheet alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from sqlalchemy import select as sa_select
from sqlmodel import col

from challenge.kernel.money import split
from challenge.kernel.once import once
from challenge.kernel.work import Work
from challenge.people.models import Organisation
from challenge.proposals.models import BudgetLine, OwnShare, Proposal
from challenge.proposals.states import BudgetCategory

MONTHS = 12
MAX_YEAR = 10
Place = tuple[str, BudgetCategory, int]  # partner's code, kind of cost, year of the pilot
Part = tuple[str, int]  # partner's code, year of the pilot


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the budget: what a partner spends in a category in a year of the pilot."""

    organisation_id: int
    code: str
    organisation: str
    category: BudgetCategory
    cents: int
    year: int


@dataclass(frozen=True, slots=True)
class Own:
    """What a partner pays itself of its costs in a year."""

    organisation_id: int
    code: str
    organisation: str
    cents: int
    year: int


# What is written down


@once
def budget(w: Work, proposal: Proposal) -> list[Line]:
    """The budget's lines, by organisation, year and category."""
    return budgets_of(w, [proposal.id]).get(proposal.id, [])


@once
def own_shares(w: Work, proposal: Proposal) -> list[Own]:
    """What partners pay themselves, by organisation and year."""
    return own_shares_of(w, [proposal.id]).get(proposal.id, [])


def budgets_of(w: Work, ids: Iterable[int]) -> dict[int, list[Line]]:
    """Proposal id → the lines of its budget, for lists."""
    return _rows(w, ids, BudgetLine, Line, BudgetLine.category, BudgetLine.cents, BudgetLine.year)


def own_shares_of(w: Work, ids: Iterable[int]) -> dict[int, list[Own]]:
    """Proposal id → what its partners pay themselves, for lists."""
    return _rows(w, ids, OwnShare, Own, OwnShare.cents, OwnShare.year)


def _rows(w: Work, ids: Iterable[int], table: Any, made: Callable[..., Any], *shown: Any) -> dict[int, list[Any]]:
    whose: tuple[Any, ...] = (table.proposal_id, Organisation.id, Organisation.code, Organisation.name)
    order = (Organisation.name, table.year, *([table.category] if table is BudgetLine else []))
    rows = w.session.execute(
        sa_select(*whose, *shown)
        .select_from(table)
        .join(Organisation, col(Organisation.id) == table.organisation_id)
        .where(col(table.proposal_id).in_(list(ids)))
        .order_by(*order)
    )
    found: dict[int, list[Any]] = {}
    for proposal_id, *row in rows:
        found.setdefault(proposal_id, []).append(made(*row))
    return found


def asked_of(w: Work, ids: Iterable[int]) -> dict[int, int]:
    """Proposal id → what it asks of the programme: its costs without what its partners pay themselves."""
    ids = list(ids)
    paid = own_shares_of(w, ids)
    return {
        key: sum(line.cents for line in lines) - sum(own.cents for own in paid.get(key, ()))
        for key, lines in budgets_of(w, ids).items()
    }


def asked(w: Work, proposal: Proposal) -> int:
    """What it asks of the programme."""
    return asked_of(w, [proposal.id]).get(proposal.id, 0)


def funded(lines: Iterable[Line], paid: Iterable[Own]) -> dict[tuple[int, BudgetCategory], int]:
    """(partner's id, category) → what the programme is asked for there, over the whole pilot.

    What a partner pays itself in a year lies on its costs of that year in proportion, to the cent.
    """
    own = {(one.organisation_id, one.year): one.cents for one in paid}
    groups: dict[tuple[int, int], list[Line]] = {}
    for line in lines:
        groups.setdefault((line.organisation_id, line.year), []).append(line)
    found: dict[tuple[int, BudgetCategory], int] = {}
    for key, group in groups.items():
        costs = [line.cents for line in group]
        parts = split(sum(costs) - own.get(key, 0), costs) if sum(costs) else costs
        for line, cents in zip(group, parts, strict=True):
            place = (line.organisation_id, BudgetCategory(line.category))
            found[place] = found.get(place, 0) + cents
    return found


# What follows


@dataclass(slots=True)
class Sums:
    """Costs and own shares of a partner, or of all: everything that is asked of them is added up here."""

    costs: dict[tuple[BudgetCategory, int], int] = field(default_factory=dict)
    paid: dict[int, int] = field(default_factory=dict)

    def add(self, category: BudgetCategory, year: int, cents: int) -> None:
        """A cost."""
        self.costs[category, year] = self.costs.get((category, year), 0) + cents

    def pay(self, year: int, cents: int) -> None:
        """An own share."""
        self.paid[year] = self.paid.get(year, 0) + cents

    @property
    def total(self) -> int:
        """All costs."""
        return sum(self.costs.values())

    @property
    def own(self) -> int:
        """All that is paid by the partners themselves."""
        return sum(self.paid.values())

    @property
    def asked(self) -> int:
        """What the programme is asked for."""
        return self.total - self.own

    @property
    def rate(self) -> Decimal | None:
        """What the programme is asked for, in percent of the costs, to one decimal; None without costs."""
        if not self.total:
            return None
        return (Decimal(self.asked * 100) / self.total).quantize(Decimal("0.1"), ROUND_HALF_EVEN)

    def of_year(self, year: int) -> int:
        """Costs of a year."""
        return sum(cents for (_category, when), cents in self.costs.items() if when == year)

    def of_category(self, category: BudgetCategory) -> int:
        """Costs of a category."""
        return sum(cents for (what, _year), cents in self.costs.items() if what is category)

    def at(self, category: BudgetCategory, year: int) -> int:
        """One cell."""
        return self.costs.get((category, year), 0)

    def asked_in(self, year: int) -> int:
        """What the programme is asked for in a year."""
        return self.of_year(year) - self.paid.get(year, 0)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole budget: each partner's sums by its code, everybody's, and how many years there are."""

    partners: Mapping[str, Sums]
    names: Mapping[str, str]
    all: Sums
    last_year: int

    @property
    def years(self) -> range:
        """The years of the pilot."""
        return range(1, self.last_year + 1)


def sheet(
    costs: Iterable[tuple[str, str, str, int, int]],
    paid: Iterable[tuple[str, str, int, int]],
    last_year: int = 1,
) -> Sheet:
    """From (code, name, category, year, cents) and (code, name, year, cents); no year with money is left out."""
    partners: dict[str, Sums] = {}
    names: dict[str, str] = {}
    whole = Sums()
    for code, name, category, year, cents in costs:
        names[code] = name
        for sums in (partners.setdefault(code, Sums()), whole):
            sums.add(BudgetCategory(category), year, cents)
        last_year = max(last_year, year if cents else 1)
    for code, name, year, cents in paid:
        names[code] = name
        for sums in (partners.setdefault(code, Sums()), whole):
            sums.pay(year, cents)
        last_year = max(last_year, year if cents else 1)
    return Sheet(partners, names, whole, last_year)


def sheet_of(w: Work, proposal: Proposal, last_year: int = 1) -> Sheet:
    """The budget as it stands."""
    return sheet(
        ((one.code, one.organisation, str(one.category), one.year, one.cents) for one in budget(w, proposal)),
        ((one.code, one.organisation, one.year, one.cents) for one in own_shares(w, proposal)),
        last_year,
    )


def sheet_in(kept: Mapping[str, Any]) -> Sheet:
    """The budget of a kept version."""
    return sheet(
        ((one["partner"], one["name"], one["category"], one.get("year", 1), one["cents"]) for one in kept["budget"]),
        ((one["partner"], one["name"], one["year"], one["cents"]) for one in kept.get("own_shares", ())),
        years_of(kept["months"]),
    )


def years_of(months: int | None) -> int:
    """How many years a pilot of this many months has, begun ones too."""
    return -(-(months or MONTHS) // MONTHS)
