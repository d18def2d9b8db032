"""What is asked of who claims costs or asks for a change."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, ValidationError, model_validator

from challenge.kernel.ask import Ask, Euros, Words
from challenge.kernel.errors import Problem
from challenge.kernel.i18n import N_, _, _n
from challenge.kernel.money import converted
from challenge.pilots.asks import Given
from challenge.pilots.content import together
from challenge.pilots.money.states import ChangeKind
from challenge.pilots.schemas import Code
from challenge.proposals.states import BudgetCategory
from challenge.rounds.states import CityRole

EURO = "EUR"


def _read_rate(value: object) -> object:
    return value.replace("\u00a0", "").replace(" ", "").replace(",", ".") if isinstance(value, str) else value


def _read_currency(value: object) -> object:
    return value.strip().upper() if isinstance(value, str) else value


Rate = Annotated[Decimal, Field(gt=0, max_digits=14, decimal_places=6), BeforeValidator(_read_rate)]


class TrancheIn(Given):
    """A part of the budget, when it is planned for, what it rests on and to whom it goes."""

    label: Annotated[
        str, Field(min_length=1, max_length=120, title=N_("Tranche")), Ask("text", missing=N_("Name the tranche"))
    ]
    cents: Annotated[Euros, Field(gt=0, le=10**13, title=N_("Amount")), Ask("money", missing=N_("Enter the amount"))]
    due_on: Annotated[date, Field(title=N_("Planned for")), Ask("date", missing=N_("Say when it is planned"))]
    report: Annotated[str, Field(max_length=8, title=N_("Rests on report")), Ask("select")] = ""
    milestone: Annotated[str, Field(max_length=8, title=N_("Rests on milestone")), Ask("select")] = ""
    payee: Annotated[str, Field(max_length=8, title=N_("Paid to")), Ask("select")] = ""


class ClaimForm(Given):
    """What a partner spent. The amount is in the currency in which it was paid."""

    spent_on: Annotated[
        str,
        Field(min_length=1, max_length=400, title=N_("What the money was spent on")),
        Words(60),
        Ask("textarea", rows=3, missing=N_("Say what the money was spent on"), part="claim"),
    ]
    category: Annotated[
        BudgetCategory,
        Field(title=N_("Kind of cost")),
        Ask("select", missing=N_("Choose the kind of cost"), part="claim"),
    ]
    spent_from: Annotated[date, Field(title=N_("Spent from")), Ask("date", missing=N_("Say since when"), part="claim")]
    spent_to: Annotated[date, Field(title=N_("Spent until")), Ask("date", missing=N_("Say until when"), part="claim")]
    currency: Annotated[
        str,
        Field(pattern=r"^[A-Z]{3}$", title=N_("Currency"), description=N_("Three letters, for example EUR or SEK.")),
        BeforeValidator(_read_currency),
        Ask("text", part="claim"),
    ] = EURO
    amount: Annotated[
        Euros,
        Field(gt=0, le=10**13, title=N_("Amount"), description=N_("In the currency in which it was paid.")),
        Ask("text", missing=N_("Enter the amount"), part="claim"),
    ]
    rate: Annotated[
        Rate | None,
        Field(title=N_("Exchange rate"), description=N_("How much of the other currency one euro was. Not for EUR.")),
        Ask("text", part="claim"),
    ] = None
    rate_on: Annotated[date | None, Field(title=N_("Day of the rate")), Ask("date", part="claim")] = None
    rate_source: Annotated[
        str,
        Field(
            max_length=200,
            title=N_("Where the rate was read"),
            description=N_("For example: European Central Bank, reference rate."),
        ),
        Ask("text", part="claim"),
    ] = ""

    @model_validator(mode="after")
    def _hangs_together(self) -> ClaimForm:
        if self.spent_to < self.spent_from:
            raise ValueError(N_("The last day lies before the first day."))
        given = [self.rate is not None, self.rate_on is not None, self.rate_source != ""]
        if self.currency == EURO and any(given):
            raise ValueError(N_("For euros there is no exchange rate: leave its three answers empty."))
        if self.currency != EURO and not all(given):
            raise ValueError(N_("For another currency the rate, its day and where it was read are needed."))
        return self

    @property
    def cents(self) -> int:
        """The amount in cents of euro."""
        return self.amount if self.rate is None else converted(self.amount, self.rate)


def read(answers: Mapping[str, Any]) -> ClaimForm:
    """The form as it was answered. Raises ValidationError."""
    return ClaimForm.model_validate({name: value for name, value in answers.items() if value not in ("", None)})


def problem_in(answers: Mapping[str, Any]) -> Problem | None:
    """What is missing or wrong in the answers of a claim, by question."""
    try:
        cents = read(answers).cents
    except ValidationError as error:
        lacks = {}
        for found in error.errors():
            name = str(found["loc"][0]) if found["loc"] else ""
            title = ClaimForm.model_fields[name].title if name else None
            message = str(found.get("ctx", {}).get("error", ""))
            lacks[name or "rate"] = _("Look again at: %(question)s", question=_(title)) if title else _(message)
        return together("incomplete", _n("One answer is missing.", "%(n)s answers are missing.", len(lacks)), lacks)
    return None if cents > 0 else Problem("nothing", _("This is less than half a cent."))


class ClaimIn(Given):
    """A claim that is begun: whose it is, and what is answered so far."""

    partner: Annotated[Code, Field(title=N_("Partner")), Ask("select", missing=N_("Choose the partner"))]
    answers: Annotated[dict[str, Any], Ask("own")] = Field(default_factory=dict)


# Changes

WHY = Annotated[str, Field(min_length=1, max_length=2000, title=N_("Why"),
    description=N_("Coordinators and everybody in the pilot read this.")), Words(200),
    Ask("textarea", rows=4, missing=N_("Say why"))]  # fmt: skip


class DatesIn(Given):
    """Another end."""

    ends_on: Annotated[date, Field(title=N_("New last day")), Ask("date", missing=N_("Say until when"))]
    reason: WHY


class MoneyIn(Given):
    """Money from one budget line to another."""

    source: Annotated[str, Field(max_length=40, title=N_("Take from")), Ask("select", missing=N_("Choose a line"))]
    target: Annotated[str, Field(max_length=40, title=N_("Give to")), Ask("select", missing=N_("Choose a line"))]
    cents: Annotated[Euros, Field(gt=0, le=10**13, title=N_("Amount")), Ask("money", missing=N_("Enter the amount"))]
    reason: WHY


class ScopeIn(Given):
    """Other work than agreed."""

    scope: Annotated[str, Field(min_length=1, max_length=4000, title=N_("What is to be otherwise"),
        description=N_("Written so that it can stand in the agreement.")), Words(400),
        Ask("textarea", rows=6, missing=N_("Say what is to be otherwise"))]  # fmt: skip
    reason: WHY


class MembersIn(Given):
    """A city goes, another comes, or one takes the other's place."""

    goes: Annotated[str, Field(max_length=8, title=N_("City that goes")), Ask("select")] = ""
    comes: Annotated[str, Field(max_length=120, title=N_("City that comes"),
        description=N_("Its name. Leave empty if none comes.")), Ask("text")] = ""  # fmt: skip
    role: Annotated[
        CityRole,
        Field(title=N_("Its role"), description=N_("Followers do not count for the pairing rule.")),
        Ask("radios"),
    ] = CityRole.PILOT
    reason: WHY

    @model_validator(mode="after")
    def _names_somebody(self) -> MembersIn:
        if not self.goes and not self.comes:
            raise ValueError(N_("Say which city goes or which comes."))
        return self


ChangeIn = DatesIn | MoneyIn | ScopeIn | MembersIn
CHANGE_FORMS: Mapping[ChangeKind, type[ChangeIn]] = {
    ChangeKind.DATES: DatesIn,
    ChangeKind.MONEY: MoneyIn,
    ChangeKind.SCOPE: ScopeIn,
    ChangeKind.MEMBERS: MembersIn,
}
