"""The reserve list: who can lawfully move up, and that the first who can does, unless two people say why not."""

from __future__ import annotations

from sqlmodel import col, select

from challenge.kernel.errors import Problem
from challenge.kernel.i18n import _
from challenge.kernel.work import Work
from challenge.proposals import money
from challenge.proposals.models import Proposal
from challenge.proposals.states import ProposalState
from challenge.selection.models import Outcome
from challenge.selection.rules.awards import may_award
from challenge.selection.rules.who import proposal_of
from challenge.selection.states import PENDING, OutcomeState, Verdict


def on_reserve(w: Work, round_id: int) -> list[tuple[Proposal, Outcome]]:
    """Who waits on the list, in its order, with the outcome that put them there."""
    rows = w.session.exec(
        select(Proposal, Outcome)
        .join(Outcome, col(Outcome.proposal_id) == Proposal.id)
        .where(
            Proposal.round_id == round_id, Proposal.state == ProposalState.RESERVE,
            Outcome.state == OutcomeState.ANNOUNCED, Outcome.verdict == Verdict.RESERVE,
        )
        .order_by(col(Outcome.reserve_rank))
    )  # fmt: skip
    return list(rows)


def cannot_move_up(w: Work, proposal: Proposal) -> Problem | None:
    """Why it cannot be funded now with what it asks for: its date, pairing, commitments, class, budget, cities."""
    if proposal.offer_until is not None and proposal.offer_until <= w.now:
        return Problem("list_over", _("Its time on the list is over."))
    cost = money.asked(w, proposal)
    if not cost:
        return Problem("no_budget", _("It has no budget."))
    return may_award(w, proposal, cost)


def departs_from_reserve(w: Work, proposal: Proposal, verdict: Verdict, deviation: str) -> Problem | None:
    """Why a reason is needed and missing: somebody before it on the list can be funded and is passed over."""
    if deviation or verdict is not Verdict.FUND or proposal.state is not ProposalState.RESERVE:
        return None
    moving = select(Outcome.proposal_id).where(
        Outcome.round_id == proposal.round_id, col(Outcome.state).in_(PENDING), Outcome.verdict == Verdict.FUND
    )
    asked_already = set(w.session.exec(moving))
    for other, told in on_reserve(w, proposal.round_id):
        if other.id == proposal.id:
            return None
        if other.id not in asked_already and cannot_move_up(w, other) is None:
            text = _("Place %(rank)s on the reserve list can be funded and comes before this one.",
                     rank=told.reserve_rank)  # fmt: skip
            return Problem("departs_from_reserve", text, {"deviation": _("Say why this one moves up instead")})
    return None


def follows_reserve(w: Work, outcome: Outcome) -> Problem | None:
    """As ``departs_from_reserve``, for an outcome that was proposed before the list stood as it does."""
    problem = departs_from_reserve(w, proposal_of(w, outcome), outcome.verdict, outcome.deviation)
    if problem is None:
        return None
    text = _("%(why)s Withdraw the outcome and propose it again with the reason.", why=problem.text)
    return Problem(problem.code, text)
