"""What each partner spends, and what it pays itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete
from sqlmodel import col

from challenge.kernel.i18n import _
from challenge.kernel.work import Work
from challenge.proposals import content, money, rules
from challenge.proposals.actions.changes import content_changed
from challenge.proposals.actions.permits import invalid, permit, require
from challenge.proposals.models import BudgetLine, OwnShare, Proposal
from challenge.proposals.money import MAX_YEAR, Part, Place

MAX_CENTS = 10**12  # ten thousand million euros: a slip of the keyboard


def set_budget(w: Work, proposal: Proposal, costs: Mapping[Place, int], own: Mapping[Part, int] | None = None) -> None:
    """The whole budget: what is spent, and what partners pay of it themselves. What is not named is nothing."""
    permit(w, proposal, rules.may_write)
    require(w, proposal, rules.is_editable)
    spent, paid = _some(costs), _some(own or {})
    partners = {organisation.code: organisation.id for organisation in content.partners(w, proposal)}
    _check(partners, spent, paid)
    if spent == _costs_now(w, proposal) and paid == _own_now(w, proposal):
        return
    drop_budget(w, proposal)
    for (code, category, year), cents in sorted(spent.items()):
        line = {"organisation_id": partners[code], "category": category, "year": year, "cents": cents}
        w.session.add(BudgetLine(proposal_id=proposal.id, **line))
    w.session.flush()  # costs before own shares: the database holds these within them
    for (code, year), cents in sorted(paid.items()):
        w.session.add(OwnShare(proposal_id=proposal.id, organisation_id=partners[code], year=year, cents=cents))
    w.session.flush()
    given = {"total_cents": sum(spent.values())}
    w.note(content.WORKFLOW, proposal, "set_budget", given | ({"own_cents": sum(paid.values())} if paid else {}))
    content_changed(w, proposal)


def drop_budget(w: Work, proposal: Proposal, organisation_id: int | None = None) -> None:
    """Take out what is written down, of one partner or of all."""
    tables: tuple[Any, ...] = (OwnShare, BudgetLine)
    for table in tables:
        rows = delete(table).where(col(table.proposal_id) == proposal.id)
        w.session.execute(rows if organisation_id is None else rows.where(table.organisation_id == organisation_id))


def _some(cents: Mapping[Any, int]) -> dict[Any, int]:
    return {key: amount for key, amount in cents.items() if amount}


def _costs_now(w: Work, proposal: Proposal) -> dict[Place, int]:
    return _some({(one.code, one.category, one.year): one.cents for one in money.budget(w, proposal)})


def _own_now(w: Work, proposal: Proposal) -> dict[Part, int]:
    return _some({(one.code, one.year): one.cents for one in money.own_shares(w, proposal)})


def _check(partners: Mapping[str, int], spent: Mapping[Place, int], paid: Mapping[Part, int]) -> None:
    """Amounts of partners, in years there can be; nobody pays more than it costs. Raises Invalid."""
    amounts = {f"{code}-{what}-{year}": (code, year, cents) for (code, what, year), cents in spent.items()}
    amounts |= {f"{code}-own-{year}": (code, year, cents) for (code, year), cents in paid.items()}
    wrong = [
        name for name, (code, year, cents) in amounts.items()
        if code not in partners or not 0 <= cents <= MAX_CENTS or not 1 <= year <= MAX_YEAR
    ]  # fmt: skip
    if wrong:
        raise invalid("budget_line", min(wrong), _("Enter an amount in euros of a partner, for example 12,500"))
    costs: dict[Part, int] = {}
    for (code, _category, year), cents in spent.items():
        costs[code, year] = costs.get((code, year), 0) + cents
    for (code, year), cents in sorted(paid.items()):
        if cents > (most := costs.get((code, year), 0)):
            text = _(
                "In year %(year)s this is %(over)s more than the partner spends. It pays at most its own costs.",
                year=year, over=rules.Amount(cents - most),
            )  # fmt: skip
            raise invalid("own_share", f"{code}-own-{year}", text)
