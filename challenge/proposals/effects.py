"""What the steps of a proposal and of a commitment change in them beside the state."""

from __future__ import annotations

from typing import Any

from challenge.kernel import receipt
from challenge.kernel.work import Work
from challenge.kernel.workflow import Effect
from challenge.proposals import content, rules
from challenge.proposals.asks import Award, Decision, Ended, Screening, Signature, Voided
from challenge.proposals.models import Commitment, Proposal
from challenge.proposals.states import ProposalState
from challenge.rounds import rules as rounds


def received(w: Work, proposal: Proposal, _given: Any) -> None:
    """It was handed in: the content is kept as a revision, and the receipt names it."""
    kept = content.keep(w, proposal)
    round_ = rules.round_of(w, proposal)
    due = rounds.due_at(w, proposal, content.WORKFLOW, rules.window_of(proposal))
    proposal.submitted_at = w.now
    receipt.give(
        w, content.WORKFLOW, proposal, kept, deadline=due or w.now,
        grace_seconds=int(rounds.grace(round_).total_seconds()), rules_version=round_.rules_version,
    )  # fmt: skip


def recalled(_w: Work, proposal: Proposal, _given: Any) -> None:
    """An idea taken back counts as never handed in."""
    proposal.submitted_at = None


def evaluated_anew(_w: Work, proposal: Proposal, _given: Any) -> None:
    """At another gate (or handed in again) nothing has been scored yet."""
    proposal.reviews_eligible = 0
    proposal.below_threshold = proposal.consensus_missing = proposal.reaction_until = None


def screened(_w: Work, proposal: Proposal, given: Screening) -> None:
    """The checklist, as it was ticked."""
    proposal.checklist = {**proposal.checklist, "points": [str(point) for point in given.points]}


def declined_at(state: ProposalState) -> Effect:
    """Remember where it stood, should an appeal be upheld."""

    def effect(_w: Work, proposal: Proposal, _given: Any) -> None:
        proposal.stood_at = str(state)
        proposal.appeal_upheld_at = None

    effect.__name__ = f"declined_at_{state}"
    return effect


def brought_back(_w: Work, proposal: Proposal, _given: Any) -> None:
    """It stands where it stood; the appeal is used up."""
    proposal.stood_at = None
    proposal.appeal_upheld_at = None


def offered_until(_w: Work, proposal: Proposal, given: Award | None) -> None:
    """Until when the offer (or the place on the reserve list) stands, where the announcement says so."""
    if given is not None and given.offer_until is not None:
        proposal.offer_until = given.offer_until


def freed(_w: Work, proposal: Proposal, _given: Any) -> None:
    """The money and the place are free for another proposal."""
    proposal.award_cents = None
    proposal.offer_until = None


def merged(_w: Work, proposal: Proposal, _given: Any) -> None:
    """It goes on as part of the proposal both leads agreed on."""
    proposal.merged_into_id = proposal.merge_into_id


# Commitments


def signed(w: Work, commitment: Commitment, given: Signature) -> None:
    """Who signed exactly what."""
    commitment.revision_number, commitment.revision_hash = given.revision_number, given.revision_hash
    commitment.signer_id, commitment.signed_at = w.actor.id, w.now


def decided(w: Work, commitment: Commitment, given: Decision) -> None:
    """Which body decided when, and who recorded it."""
    commitment.body, commitment.decided_on, commitment.bridge_cents = given.body, given.decided_on, given.bridge_cents
    commitment.signer_id, commitment.signed_at = w.actor.id, w.now


def voided(_w: Work, commitment: Commitment, given: Voided) -> None:
    """What was changed under it."""
    commitment.changed = given.changed


def ended(_w: Work, commitment: Commitment, given: Ended) -> None:
    """Why it no longer counts."""
    commitment.ended_why = given.why
