"""The budget in JSON: what is written down, and what follows from it."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from challenge.kernel.work import Work
from challenge.proposals import money
from challenge.proposals.money import MAX_YEAR, Part, Place
from challenge.proposals.states import BudgetCategory


class Strict(BaseModel):
    """Unknown keys are refused."""

    model_config = ConfigDict(extra="forbid")


class BudgetLineIn(Strict):
    """What one partner spends in one category in one year of the pilot, in cents."""

    partner: str = Field(max_length=9)
    category: BudgetCategory
    year: int = Field(default=1, ge=1, le=MAX_YEAR)
    cents: int = Field(ge=0, le=10**13)


class OwnShareIn(Strict):
    """What one partner pays itself of its costs in one year of the pilot, in cents."""

    partner: str = Field(max_length=9)
    year: int = Field(default=1, ge=1, le=MAX_YEAR)
    cents: int = Field(ge=0, le=10**13)


class BudgetIn(Strict):
    """The whole budget. What is asked for and every sum follow from it and are not sent."""

    lines: list[BudgetLineIn] = Field(max_length=1_000)
    own_shares: list[OwnShareIn] = Field(default=[], max_length=200)

    @property
    def cents(self) -> tuple[dict[Place, int], dict[Part, int]]:
        """Costs and own shares, as they are set."""
        costs = {(line.partner, line.category, line.year): line.cents for line in self.lines}
        return costs, {(one.partner, one.year): one.cents for one in self.own_shares}


class BudgetLineOut(BaseModel):
    """A line of the budget."""

    partner: str
    category: str
    year: int
    cents: int


class OwnShareOut(BaseModel):
    """What a partner pays itself in a year."""

    partner: str
    year: int
    cents: int


class SumsOut(BaseModel):
    """What a partner (without a code: all of them) spends, pays itself and asks for; the rate in percent."""

    partner: str | None
    total_cents: int
    own_cents: int
    asked_cents: int
    funding_rate: float | None


class BudgetOut(BaseModel):
    """The part of a proposal that is its budget."""

    budget: list[BudgetLineOut]
    own_shares: list[OwnShareOut]
    budget_sums: list[SumsOut]


def budget_out(w: Work, found: Any) -> dict[str, Any]:
    """The budget as JSON."""
    return {
        "budget": [
            BudgetLineOut(partner=line.code, category=str(line.category), year=line.year, cents=line.cents)
            for line in money.budget(w, found)
        ],
        "own_shares": [
            OwnShareOut(partner=one.code, year=one.year, cents=one.cents) for one in money.own_shares(w, found)
        ],
        "budget_sums": _sums(w, found),
    }


def _sums(w: Work, found: Any) -> list[SumsOut]:
    """What each partner spends, pays and asks for, the last one being all of them."""
    sheet = money.sheet_of(w, found)
    return [
        SumsOut(
            partner=code, total_cents=sums.total, own_cents=sums.own, asked_cents=sums.asked,
            funding_rate=None if sums.rate is None else float(sums.rate),
        )
        for code, sums in [*sheet.partners.items(), (None, sheet.all)]
    ]  # fmt: skip
