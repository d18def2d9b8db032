"""From what was typed to what a change request holds: lines, cities and days are found, or it is said which is not."""

from __future__ import annotations

from typing import Any

from challenge.cities import queries as cities
from challenge.kernel.errors import Invalid, Problem
from challenge.kernel.i18n import Text, _
from challenge.kernel.work import Work
from challenge.pilots import content
from challenge.pilots.content import Money
from challenge.pilots.models import Pilot
from challenge.pilots.money import ledger, queries
from challenge.pilots.money.schemas import ChangeIn, DatesIn, MembersIn, MoneyIn, ScopeIn
from challenge.proposals.states import BudgetCategory


def columns_of(w: Work, pilot: Pilot, draft: ChangeIn) -> dict[str, Any]:
    """The columns of the request. Raises Invalid at the answer that cannot be meant."""
    if isinstance(draft, DatesIn):
        return _dates(pilot, draft)
    if isinstance(draft, MoneyIn):
        return _money(w, pilot, draft)
    if isinstance(draft, ScopeIn):
        return draft.model_dump()
    return _members(w, pilot, draft)


def _dates(pilot: Pilot, draft: DatesIn) -> dict[str, Any]:
    if draft.ends_on == pilot.ends_on:
        raise _at("ends_on", _("This is the last day already"))
    if pilot.starts_on is not None and draft.ends_on < pilot.starts_on:
        raise _at("ends_on", _("The last day lies before the first day."))
    return draft.model_dump()


def _money(w: Work, pilot: Pilot, draft: MoneyIn) -> dict[str, Any]:
    source, target = _line(w, pilot, "source", draft.source), _line(w, pilot, "target", draft.target)
    if source == target:
        raise _at("target", _("Choose another line than the one the money comes from"))
    free = ledger.left(w, pilot, source)
    if draft.cents > free:
        raise _at("cents", _("The budget line holds %(free)s that is not spent.", free=Money(free)))
    return {
        "from_id": source[0], "from_category": source[1], "to_id": target[0], "to_category": target[1],
        "cents": draft.cents, "reason": draft.reason,
    }  # fmt: skip


def _line(w: Work, pilot: Pilot, field: str, typed: str) -> ledger.Line:
    """``partner:category``, as the form offers it."""
    code, _colon, category = typed.partition(":")
    whose = next((key for key, row in queries.partners(w, pilot).items() if row.code == code), None)
    if whose is None or category not in set(BudgetCategory):
        raise _at(field, _("Choose from the list"))
    return whose, BudgetCategory(category)


def _members(w: Work, pilot: Pilot, draft: MembersIn) -> dict[str, Any]:
    members = content.members(w, pilot)
    goes = next((row for row in members if row.code == draft.goes), None)
    if draft.goes and goes is None:
        raise _at("goes", _("Choose a member city"))
    comes = None
    if draft.comes:
        hits = [row for row in cities.search(w, draft.comes, 2) if row.name.casefold() == draft.comes.casefold()]
        if not hits:
            raise _at("comes", _("No city of this name is known. Write it as on its page."))
        comes = cities.city(w, hits[0].code).organisation
        if any(row.city_id == comes.id for row in members):
            raise _at("comes", _("This city is a member of the pilot already."))
    role = goes.role if goes is not None and comes is not None else draft.role
    return {
        "goes_id": goes.city_id if goes is not None else None, "comes_id": comes.id if comes is not None else None,
        "role": role if comes is not None else None, "reason": draft.reason,
    }  # fmt: skip


def _at(field: str, text: Text) -> Invalid:
    return Invalid(Problem(f"wrong_{field}", text, {field: text}))
