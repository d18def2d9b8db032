"""When a challenge is withdrawn: proposals keep their other challenges, attach to another, or go on with a consent."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import col, select

from challenge.kernel.i18n import _
from challenge.kernel.work import Work
from challenge.proposals import content, rules
from challenge.proposals.actions.permits import permit, require
from challenge.proposals.asks import Reason
from challenge.proposals.models import Proposal
from challenge.proposals.states import ENDS, ProposalState
from challenge.rounds.actions import extend
from challenge.rounds.models import Round
from challenge.rounds.queries import rules_of
from challenge.rounds.rules import extended_until

SETTLED = (*ENDS, ProposalState.SELECTED)


def rehome(w: Work, round_: Round) -> list[Proposal]:
    """Each live proposal that has lost its last challenge is given time, once, to attach to another."""
    found = w.session.exec(select(Proposal).where(Proposal.round_id == round_.id, col(Proposal.state).not_in(SETTLED)))
    until = w.now + timedelta(days=rules_of(round_).offer_days)
    homeless = [
        proposal
        for proposal in found.all()
        if rules.answers_accepted_challenge(w, proposal) is not None and _asked(w, proposal) is None
    ]
    for proposal in homeless:
        extend(w, proposal, rules.REHOMING, until, str(_("The challenge this proposal answers was withdrawn.")))
    return homeless


def _asked(w: Work, proposal: Proposal) -> datetime | None:
    return extended_until(w, proposal, rules.REHOMING)


def go_on_without(w: Work, proposal: Proposal, given: Reason) -> None:
    """A coordinator records that the proposal goes on although its challenge was withdrawn, and why."""
    permit(w, proposal, rules.is_coordinator)
    require(w, proposal, rules.is_live)
    proposal.checklist = {**proposal.checklist, rules.CONSENT: given.reason}
    w.session.flush()
    w.note(content.WORKFLOW, proposal, "go_on_without_challenge", {"reason": given.reason})
