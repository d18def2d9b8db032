"""Proposing outcomes, approving and withdrawing them, conditions, and the answer to an offer."""

from __future__ import annotations

from pydantic import BaseModel
from sqlmodel import col, select

from challenge.cities.models import CityProfile
from challenge.kernel import proof
from challenge.kernel.errors import Forbidden, Missing, Problem, Refused
from challenge.kernel.i18n import _
from challenge.kernel.work import Work
from challenge.kernel.workflow import Fired
from challenge.proposals import content
from challenge.proposals.models import Proposal
from challenge.proposals.rules import is_lead, offer_is_over
from challenge.proposals.states import ProposalState
from challenge.rounds.models import Round
from challenge.selection import queries, rules
from challenge.selection.models import Condition, Outcome
from challenge.selection.schemas import OutcomeIn
from challenge.selection.states import Verdict
from challenge.selection.workflow import OUTCOME


def propose_outcome(w: Work, proposal: Proposal, given: OutcomeIn) -> Outcome:
    """Say what should become of a proposal. An outcome in preparation is superseded by the new one.

    Raises Forbidden for who may not decide or must confirm first, Refused with the reason (by answer) for what may
    not be.
    """
    if problem := rules.may_decide(w, proposal):
        raise Forbidden(problem)
    proof.demand(w)
    _lock(w, proposal)
    now = content.current(w, proposal)
    if given.revision is not None and given.revision != now.number:
        raise Refused(Problem("stale_revision", _("The proposal has changed since you opened this page. Look again.")))
    if problem := (
        rules.waits_for(proposal, given.verdict)
        or rules.is_ahead(w, given.accept_by)
        or rules.departs(w, proposal, given.verdict, given.deviation)
        or rules.departs_from_portfolio(w, proposal, given.verdict, given.deviation)
        or rules.departs_from_reserve(w, proposal, given.verdict, given.deviation)
        or (rules.may_award(w, proposal, given.amount_cents) if given.amount_cents is not None else None)
    ):
        raise Refused(problem)
    if (older := queries.pending(w, proposal)) is not None:
        OUTCOME.cause(w, older, "supersede")
    outcome = w.add(Outcome(
        round_id=proposal.round_id, round_code=proposal.round_code, proposal_id=proposal.id,
        verdict=given.verdict, amount_cents=given.amount_cents, reserve_rank=given.reserve_rank,
        accept_by=given.accept_by, reasons=given.reasons, note=given.note, deviation=given.deviation,
        revision_number=now.number, revision_hash=now.hash, proposed_by=rules.person_id(w),
    ))  # fmt: skip
    for place, text in enumerate(filter(None, given.conditions.split("\n")), 1):
        w.add(Condition(outcome_id=outcome.id, place=place, text=text))
    w.note(OUTCOME.name, outcome, "propose", given.model_dump(mode="json", exclude={"revision"}))
    return outcome


def fire(w: Work, outcome: Outcome, name: str, given: BaseModel | None = None) -> Fired:
    """Approve or withdraw. Approvals of one round, and of one city, come one after the other."""
    if name == "approve":
        _lock(w, rules.proposal_of(w, outcome))
    return OUTCOME.fire(w, outcome, name, given)


def approve_outcome(w: Work, outcome: Outcome) -> Fired:
    """Turn the second key of an outcome."""
    return fire(w, outcome, "approve")


def _lock(w: Work, proposal: Proposal) -> None:
    """Nobody else decides on this round's money, or on places in these cities, until this work is over."""
    cities = [city.id for city in content.cities(w, proposal) if city.counts]
    w.session.exec(
        select(Round.id).where(Round.id == proposal.round_id).with_for_update(key_share=True)
    ).all()  # fmt: skip
    w.session.exec(
        select(CityProfile.id)
        .where(col(CityProfile.organisation_id).in_(cities))
        .order_by(col(CityProfile.organisation_id))
        .with_for_update(key_share=True)
    ).all()


def meet(w: Work, outcome: Outcome, place: int, *, is_met: bool = True) -> Condition:
    """Tick a condition of an award (or take the tick back)."""
    if problem := rules.is_decider(w, outcome):
        raise Forbidden(problem)
    found = next((found for found in queries.conditions(w, outcome) if found.place == place), None)
    if found is None:
        raise Missing
    if outcome.published_at is None or outcome.superseded_at is not None:
        raise Refused(Problem("not_announced", _("Conditions are ticked after the outcome is announced.")))
    found.met_at, found.met_by = (w.now, w.actor.id) if is_met else (None, None)
    w.session.flush()
    w.note(OUTCOME.name, outcome, "meet_condition" if is_met else "reopen_condition", {"place": place})
    return found


# The answer to an offer


def accept(w: Work, proposal: Proposal) -> Outcome:
    """The lead accepts the offer: it no longer expires, and the pilot can be prepared."""
    if problem := is_lead(w, proposal):
        raise Forbidden(problem)
    if problem := why_not_accept(w, proposal):
        raise Refused(problem)
    outcome = queries.announced(w, proposal)
    if outcome is None:
        raise Missing
    outcome.accepted_at, outcome.accepted_by = w.now, w.actor.id
    proposal.offer_until = None
    w.session.flush()
    w.note(content.WORKFLOW, proposal, "accept_offer")
    return outcome


def why_not_accept(w: Work, proposal: Proposal) -> Problem | None:
    """Why there is nothing to accept, if so."""
    outcome = queries.announced(w, proposal)
    if outcome is None or outcome.verdict is not Verdict.FUND or proposal.state is not ProposalState.SELECTED:
        return Problem("no_offer", _("There is no open offer."))
    if outcome.accepted_at is not None:
        return Problem("accepted_already", _("The offer is accepted already."))
    if proposal.offer_until is not None and offer_is_over(w, proposal) is None:
        return Problem("offer_over", _("The offer is over. Write to the coordinators at once if you still want it."))
    return None
