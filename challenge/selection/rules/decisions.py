"""What must hold for any outcome: two people, one revision, one moment, an evaluation."""

from __future__ import annotations

from datetime import datetime

from challenge.kernel.errors import Problem
from challenge.kernel.i18n import _
from challenge.kernel.work import Work
from challenge.proposals import content
from challenge.proposals import rules as proposals
from challenge.proposals.models import Proposal
from challenge.proposals.states import ProposalState
from challenge.selection.models import Outcome
from challenge.selection.rules.who import deciders, proposal_of
from challenge.selection.states import Verdict


def by_second_person(w: Work, outcome: Outcome) -> Problem | None:
    """Who proposed does not approve; the reason names who can."""
    if w.actor.id != outcome.proposed_by:
        return None
    others = [name for _id, name in deciders(w, proposal_of(w, outcome), but=outcome.proposed_by)]
    if not others:
        return Problem(
            "second_person",
            _("You proposed this, and nobody else may approve it. Name another coordinator without a conflict."),
        )
    return Problem(
        "second_person",
        _("You proposed this. Another coordinator without a conflict approves it: %(names)s.", names=", ".join(others)),
    )


def same_revision(w: Work, outcome: Outcome) -> Problem | None:
    """The content is what it was when the outcome was proposed."""
    return same_content(outcome, content.current(w, proposal_of(w, outcome)))


def same_content(outcome: Outcome, now: content.Current) -> Problem | None:
    """As ``same_revision``, where the content is at hand."""
    if outcome.revision_hash == now.hash:
        return None
    return Problem(
        "stale_revision",
        _(
            "This outcome is about version %(number)s; the proposal has changed since. Withdraw it and propose again.",
            number=outcome.revision_number,
        ),
    )


def proposal_waits(w: Work, outcome: Outcome) -> Problem | None:
    """The proposal is still where the outcome can be told."""
    return waits_for(proposal_of(w, outcome), outcome.verdict)


def waits_for(proposal: Proposal, verdict: Verdict) -> Problem | None:
    """In jury anything can be decided; from the reserve list one can only be promoted."""
    if proposal.state is ProposalState.IN_JURY:
        return None
    if proposal.state is ProposalState.RESERVE:
        if verdict is Verdict.FUND:
            return None
        text = _("It is on the reserve list: it can be funded, or its place expires.")
        return Problem("on_reserve", text, {"verdict": text})
    return Problem("not_in_jury", _("Outcomes are for proposals in jury or on the reserve list. This one is not."))


def offer_is_ahead(w: Work, outcome: Outcome) -> Problem | None:
    """Nobody is offered what is over."""
    return is_ahead(w, outcome.accept_by)


def is_ahead(w: Work, accept_by: datetime | None) -> Problem | None:
    """The date of the offer lies in the future."""
    if accept_by is None or accept_by > w.now:
        return None
    text = _("Choose a later date: this one is over")
    return Problem("offer_over", _("The date until which the offer stands is over."), {"accept_by": text})


def evaluated(w: Work, outcome: Outcome) -> Problem | None:
    """Quorum, a consensus where it is needed, thresholds for what is to be funded; or a recorded reason to depart."""
    return departs(w, proposal_of(w, outcome), outcome.verdict, outcome.deviation)


def departs(w: Work, proposal: Proposal, verdict: Verdict, deviation: str) -> Problem | None:
    """Why a reason is needed and missing."""
    if deviation or verdict is Verdict.INELIGIBLE:
        return None
    problem = proposals.quorum(w, proposal) or proposals.spread_is_settled(w, proposal)
    if problem is None and verdict is not Verdict.DECLINE:
        problem = proposals.over_thresholds(w, proposal)
    if problem is None:
        return None
    return Problem(problem.code, problem.text, {"deviation": _("Say why this departs from the rules")})
