"""The steps of a proposal with everything that moves along with them."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import BaseModel
from sqlmodel import col, func, select

from challenge.kernel import editing, late
from challenge.kernel.errors import Invalid, Problem
from challenge.kernel.i18n import _
from challenge.kernel.work import Work
from challenge.kernel.workflow import Fired
from challenge.proposals import content
from challenge.proposals.actions.tasks import follow_gate
from challenge.proposals.actions.team import joins
from challenge.proposals.asks import Until
from challenge.proposals.models import Proposal, ProposalChallenge
from challenge.proposals.rules import due_date_over, gates_on, offer_is_over, round_of
from challenge.proposals.states import EDITABLE, ENDS, RESTING, TeamRole
from challenge.proposals.states import ProposalState as S
from challenge.proposals.workflow import PROPOSAL
from challenge.rounds.actions import count_open, extend
from challenge.rounds.models import Round
from challenge.submissions.models import Submission
from challenge.submissions.workflow import SUBMISSION

CARRIES = {
    "begin": "develop",
    "invite": "develop",
    "invite_to_full": "develop",
    "submit_full": "enter_selection",
    "to_jury": "enter_selection",
}


def fire(w: Work, proposal: Proposal, name: str, given: BaseModel | None = None) -> Fired:
    """Do what the button says; challenges that are behind move along, deadlines given are kept."""
    until = given.until if isinstance(given, Until) else None
    if until is not None and until <= w.now:
        PROPOSAL.permitted(w, proposal, name)
        text = _("Choose a time that is still to come")
        raise Invalid(Problem("until_past", text, {"until": text}))
    with late.kept(w, content.WORKFLOW, proposal, name, lambda: content.snapshot(w, proposal)):
        fired = PROPOSAL.fire(w, proposal, name, given)
    if fired.done:
        _follow(w, proposal, fired)
        if isinstance(given, Until):
            extend(w, proposal, content.WORKFLOW, given.until, given.reason)
    return fired


def cause(w: Work, proposal: Proposal, name: str, given: BaseModel | None = None) -> Fired:
    """Fire a row as part of a larger act (an announcement, an agreement, an appeal) that has asked who may."""
    fired = PROPOSAL.cause(w, proposal, name, given)
    _follow(w, proposal, fired)
    return fired


def _follow(w: Work, proposal: Proposal, fired: Fired) -> None:
    name = fired.row.name
    follow_gate(w, proposal)
    if name in CARRIES:
        carry(w, proposal, CARRIES[name])
    if name == "merge":
        _bring_the_lead(w, proposal)
    if name.startswith("submit"):
        editing.end(w, content.WORKFLOW, proposal)
    was_open, is_open = fired.old_state not in ENDS, proposal.state not in ENDS
    if was_open != is_open:
        count_open(w, round_of(w, proposal), 1 if is_open else -1)
    settle(w, [found.id for found in content.challenges(w, proposal)])


def carry(w: Work, proposal: Proposal, transition: str) -> list[Submission]:
    """Advance each answered challenge that is behind, skip the others; gives back those that moved."""
    moved = []
    for submission in _locked(w, [found.id for found in content.challenges(w, proposal)]):
        if any(row.name == transition for row in SUBMISSION.rows_from(submission)):
            SUBMISSION.cause(w, submission, transition)
            moved.append(submission)
    return moved


def settle(w: Work, submission_ids: Iterable[int]) -> None:
    """Push down how many live, selected, reserve or piloted proposals rest on each challenge."""
    for submission in _locked(w, submission_ids):
        live = w.session.exec(
            select(func.count())
            .select_from(ProposalChallenge)
            .join(Proposal, col(Proposal.id) == ProposalChallenge.proposal_id)
            .where(ProposalChallenge.submission_id == submission.id, col(Proposal.state).in_(RESTING))
        ).one()
        if submission.live_proposals != live:
            submission.live_proposals = live
    w.session.flush()


def _locked(w: Work, ids: Iterable[int]) -> list[Submission]:
    """The challenges, locked in one order, as they are now."""
    found = (
        select(Submission)
        .where(col(Submission.id).in_(list(ids)))
        .order_by(col(Submission.id))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    w.session.flush()
    return list(w.session.exec(found))


# What dates do by themselves


def lapse_overdue(w: Work, round_: Round) -> list[Proposal]:
    """Every proposal of the round whose due date (its own, where it has one) and grace are over lapses."""
    found = w.session.exec(
        select(Proposal)
        .where(Proposal.round_id == round_.id, col(Proposal.state).in_(EDITABLE))
        .order_by(col(Proposal.id))
    )
    overdue = [proposal for proposal in found.all() if due_date_over(w, proposal) is None]
    for proposal in overdue:
        fire(w, proposal, "lapse")
    return overdue


def expire_offers(w: Work, round_: Round) -> list[Proposal]:
    """Every offer and every place on the reserve list of the round ends at its date."""
    found = w.session.exec(
        select(Proposal)
        .where(
            Proposal.round_id == round_.id,
            col(Proposal.state).in_([S.SELECTED, S.RESERVE]),
            col(Proposal.offer_until) <= w.now,
        )
        .order_by(col(Proposal.id))
    )
    over = [proposal for proposal in found.all() if offer_is_over(w, proposal) is None]
    for proposal in over:
        fire(w, proposal, "expire")
    return over


def follow_rules(w: Work, round_: Round) -> list[Proposal]:
    """After an amendment of the round: proposals of which nothing was handed in yet go the new way."""
    gates = gates_on(round_)
    found = w.session.exec(select(Proposal).where(Proposal.round_id == round_.id, Proposal.state == S.DRAFT))
    changed = [proposal for proposal in found.all() if proposal.gates != gates]
    for proposal in changed:
        proposal.gates = gates
        w.note(content.WORKFLOW, proposal, "follow_rules", {"gates": gates})
    w.session.flush()
    return changed


def _bring_the_lead(w: Work, proposal: Proposal) -> None:
    """The lead of a merged proposal comes along as co-lead."""
    into = w.session.get_one(Proposal, proposal.merged_into_id)
    joins(w, into, proposal.lead_id, TeamRole.CO_LEAD)
