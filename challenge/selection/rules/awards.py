"""What an award needs besides its evaluation: a pair, commitments, money and places."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, case, func
from sqlmodel import col, select

from challenge.kernel.errors import Problem
from challenge.kernel.i18n import _, _n
from challenge.kernel.money import euros
from challenge.kernel.work import Work
from challenge.proposals import capacity, content
from challenge.proposals import rules as proposals
from challenge.proposals.capacity import Room
from challenge.proposals.models import Proposal
from challenge.proposals.states import ProposalState
from challenge.selection.models import Outcome
from challenge.selection.rules.who import proposal_of, round_of
from challenge.selection.states import BINDING, Verdict

FREED = (ProposalState.WITHDRAWN, ProposalState.LAPSED)


class Euros(NamedTuple):
    """An amount in a sentence, in the reader's language."""

    cents: int

    def __str__(self) -> str:
        return euros(self.cents)


def award_holds(w: Work, outcome: Outcome) -> Problem | None:
    """Everything an award needs besides its evaluation."""
    if outcome.verdict is not Verdict.FUND or outcome.amount_cents is None:
        return None
    return may_award(w, proposal_of(w, outcome), outcome.amount_cents)


def may_award(w: Work, proposal: Proposal, cents: int) -> Problem | None:
    """Pairing, commitments, size class, budget left, and places left in each city."""
    return (
        proposals.pairing_holds(w, proposal)
        or proposals.commitments_live(w, proposal)
        or fits_class(w, proposal, cents)
        or budget_left(w, proposal, cents)
        or cities_can_carry(w, proposal)
    )


def fits_class(w: Work, proposal: Proposal, cents: int) -> Problem | None:
    """A maximum is a maximum."""
    size = proposals.rules_of(w, proposal).size_class(proposal.size_class)
    if size is None or size.bound != "maximum" or cents <= size.budget_cents:
        return None
    text = _("The most for this class is %(most)s", most=Euros(size.budget_cents))
    return Problem("over_maximum", text, {"amount_cents": text})


def budget_left(w: Work, proposal: Proposal, cents: int) -> Problem | None:
    """The round's budget covers it beside the other awards. The database holds the same (holds.py)."""
    budget = round_of(w, proposal).budget_cents
    if budget is None:
        return None
    left = budget - bound_cents(w, proposal.round_id, but=proposal.id)
    if cents <= left:
        return None
    text = _("The budget leaves %(left)s", left=Euros(left))
    whole = _("The budget does not cover this award. %(left)s.", left=text)
    return Problem("over_budget", whole, {"amount_cents": text})


def binding() -> ColumnElement[bool]:
    """Awards that bind money: approved or announced, of proposals that have not left."""
    return and_(
        col(Outcome.verdict) == Verdict.FUND,
        col(Outcome.state).in_(BINDING),
        col(Proposal.state).not_in(FREED),
    )


BOUND = col(Outcome.amount_cents) - func.coalesce(Proposal.released_cents, 0)


def is_free(proposal: Proposal) -> bool:
    """Whether its award has left its place: given up, expired, or its pilot ended early and gave back what it could."""
    return proposal.state in FREED or proposal.released_cents is not None


def bound_cents(w: Work, round_id: int, *, but: int | None = None) -> int:
    """The money of the round that approved and announced awards bind, without those of one proposal.

    Of a pilot that ended early, what it gave back is not bound any more.
    """
    found = w.session.exec(
        select(func.coalesce(func.sum(BOUND), 0))
        .join(Proposal, col(Proposal.id) == Outcome.proposal_id)
        .where(Outcome.round_id == round_id, binding(), col(Proposal.id) != (but or 0))
    ).one()
    return int(found or 0)


def awards_but(w: Work, round_id: int, ids: Collection[int]) -> list[tuple[str | None, int]]:
    """Size class and amount of the awards of a round that bind, without those of some proposals.

    The class is None where the award takes no place any more: its pilot ended early, what it spent stays bound.
    """
    rows = w.session.exec(
        select(case((col(Proposal.released_cents).is_(None), col(Proposal.size_class))), BOUND)
        .join(Outcome, col(Outcome.proposal_id) == Proposal.id)
        .where(Outcome.round_id == round_id, binding(), col(Proposal.id).not_in(ids))
    )
    return [(size, cents or 0) for size, cents in rows]


def cities_can_carry(w: Work, proposal: Proposal) -> Problem | None:
    """No city gets more pilots than the round's cap and than it can carry at once (over all rounds)."""
    cities = [city for city in content.cities(w, proposal) if city.counts]
    found = rooms(w, proposal.round_id, [city.id for city in cities], but=[proposal.id])
    for city in cities:
        room = found[city.id]
        if room.is_at_cap:
            return Problem("city_cap", _n(
                "%(city)s has its one pilot of this round already.",
                "%(city)s has its %(n)s pilots of this round already.", room.cap or 0, city=city.name,
            ))  # fmt: skip
        if room.is_full:
            return Problem("city_capacity", _(
                "%(city)s can carry %(most)s pilots at once and has %(has)s. Its lead can change this.",
                city=city.name, most=room.own, has=room.everywhere,
            ))  # fmt: skip
    return None


def rooms(w: Work, round_id: int, city_ids: Collection[int], *, but: Collection[int] = ()) -> dict[int, Room]:
    """City id → what it carries and may carry; an award that is approved takes its place before it is told."""
    awarded = (
        select(Outcome.proposal_id)
        .join(Proposal, col(Proposal.id) == Outcome.proposal_id)
        .where(binding())
    )  # fmt: skip
    carries = capacity.carried(w, city_ids, but=but, also=col(Proposal.id).in_(awarded))
    return capacity.rooms(w, round_id, city_ids, carries)
