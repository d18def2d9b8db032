"""When: due dates, windows, and in which states something is still possible."""

from __future__ import annotations

from typing import Any

from sqlmodel import select

from challenge.kernel.errors import Problem
from challenge.kernel.i18n import _
from challenge.kernel.work import Work
from challenge.proposals import content
from challenge.proposals.content import gate_of
from challenge.proposals.models import Commitment, Proposal
from challenge.proposals.states import EDITABLE, ENDS, ProposalState
from challenge.rounds import queries
from challenge.rounds import rules as rounds
from challenge.rounds.models import Round
from challenge.rounds.schemas import GateRules, Rules
from challenge.rounds.states import GATE_WINDOWS, Gate, RoundState, WindowName

REPLACING = "proposal_cities"  # extensions of this name are for replacing cities only
REHOMING = "proposal_challenges"  # … and of this one for attaching to another challenge after one was withdrawn


def round_of(w: Work, proposal: Any) -> Round:
    """Its round."""
    return w.session.get_one(Round, proposal.round_id)


def rules_of(w: Work, proposal: Any) -> Rules:
    """The rules of its round."""
    return queries.rules_of(round_of(w, proposal))


def gate_rules(w: Work, proposal: Proposal) -> GateRules:
    """The rules of the gate it stands at."""
    return rules_of(w, proposal).gates[gate_of(proposal)]


def window_of(proposal: Proposal) -> WindowName:
    """The window in which the gate's form is due."""
    return GATE_WINDOWS[gate_of(proposal)]


def due_date_not_over(w: Work, proposal: Proposal) -> Problem | None:
    """Its extension, else the gate's window, plus grace."""
    return rounds.not_over(w, proposal, content.WORKFLOW, window_of(proposal))


def due_date_over(w: Work, proposal: Proposal) -> Problem | None:
    """Nothing lapses before its due date and grace are over."""
    problem = due_date_not_over(w, proposal)
    if problem is None or problem.code != "deadline_over":
        return Problem("not_over_yet", _("The deadline is not over yet."))
    return None


def gate_has_opened(w: Work, proposal: Proposal) -> Problem | None:
    """Nothing is handed in before the gate's window opens."""
    problem = rounds.is_open(w, round_of(w, proposal), window_of(proposal))
    return problem if problem is not None and problem.code == "not_open_yet" else None


def offer_is_over(w: Work, proposal: Proposal) -> Problem | None:
    """An offer (or a place on the reserve list) expires only after its date."""
    if proposal.offer_until is None:
        return Problem("no_end_date", _("No end date has been set for this offer."))
    if w.now < proposal.offer_until:
        return Problem("not_over_yet", _("The offer still stands."))
    return None


def gates_on(round_: Round) -> list[str]:
    """The round's gates that are on, in their order."""
    on = queries.rules_of(round_).open_gates
    return [str(gate) for gate in Gate if gate in on]


def may_start(w: Work, round_: Round) -> Problem | None:
    """A proposal can be started from the round's publication until the first gate's window closes."""
    if round_.state is not RoundState.PUBLISHED:
        return Problem("round_not_open", _("This round takes no proposals now."))
    first = Gate(gates_on(round_)[0])
    problem = rounds.is_open(w, round_, GATE_WINDOWS[first])
    return None if problem is None or problem.code == "not_open_yet" else problem


def may_be_carried(w: Work, old: Proposal, round_: Round) -> Problem | None:
    """It ended without a pilot in another round, and does not go on in this one yet."""
    if old.state not in ENDS or old.state in {ProposalState.MERGED, ProposalState.PILOTED}:
        return Problem("not_over", _("Only a proposal that ended without a pilot can be carried into a later round."))
    if old.round_id == round_.id:
        return Problem("same_round", _("It belongs to this round. It can be carried into the next one."))
    there = select(Proposal.code).where(Proposal.carried_from_id == old.id, Proposal.round_id == round_.id)
    if w.session.exec(there).first() is not None:
        return Problem("carried_already", _("It goes on in this round already: see its page."))
    return may_start(w, round_)


def is_editable(_w: Work, proposal: Proposal) -> Problem | None:
    """The team can write now."""
    if proposal.state in EDITABLE:
        return None
    if proposal.state in ENDS:
        return Problem("ended", _("This proposal has ended. Nothing can be changed any more."))
    return Problem("handed_in", _("It is handed in. While it is evaluated, nothing can be changed."))


def is_live(_w: Work, proposal: Proposal) -> Problem | None:
    """It has not ended."""
    return (
        Problem("ended", _("This proposal has ended. Nothing can be changed any more."))
        if (proposal.state in ENDS)
        else None
    )


def may_change_cities(w: Work, proposal: Proposal) -> Problem | None:
    """While the team writes, or until the date given for replacing a city that left."""
    problem = is_editable(w, proposal)
    if problem is None or proposal.state in ENDS:
        return problem
    until = rounds.extended_until(w, proposal, REPLACING)
    return None if until is not None and w.now < until else problem


def may_change_challenges(w: Work, proposal: Proposal) -> Problem | None:
    """While the team writes, or until the date given for attaching to another challenge."""
    problem = is_editable(w, proposal)
    if problem is None or proposal.state in ENDS:
        return problem
    until = rounds.extended_until(w, proposal, REHOMING)
    return None if until is not None and w.now < until else problem


def may_be_rated(w: Work, proposal: Proposal) -> Problem | None:
    """Ideas are rated in their window, from the day they are handed in until they are decided on."""
    if proposal.state not in (ProposalState.SUBMITTED, ProposalState.IN_REVIEW):
        return Problem("not_to_rate", _("Only ideas under evaluation can be rated."))
    return rounds.is_open(w, round_of(w, proposal), WindowName.PREFERENCES)


def can_merge(_w: Work, proposal: Proposal) -> Problem | None:
    """Proposals merge in review or in co-development."""
    if proposal.state in (ProposalState.IN_REVIEW, ProposalState.CO_DEVELOPMENT):
        return None
    return Problem("not_to_merge", _("Proposals can be merged only in review or in co-development."))


def proposal_is_open(w: Work, commitment: Commitment) -> Problem | None:
    """The proposal is neither decided nor ended."""
    proposal = w.session.get_one(Proposal, commitment.proposal_id)
    if proposal.state not in ENDS:
        return None
    return Problem("proposal_ended", _("This proposal has ended."))
