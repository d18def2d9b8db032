"""How the evaluation stands: quorum, thresholds, awards, mergers, appeals."""

from __future__ import annotations

from challenge.kernel.errors import Problem
from challenge.kernel.i18n import _, _n
from challenge.kernel.work import Work
from challenge.proposals.models import Proposal
from challenge.proposals.rules.clock import can_merge, gate_rules
from challenge.rounds.states import Judge


def quorum(w: Work, proposal: Proposal) -> Problem | None:
    """Where jurors judge, enough of them without conflict have handed in; or two people said why fewer are enough.

    ``fewer_reviews`` is pushed down by the announcement of an outcome that departs from the rules, with its reason.
    """
    gate = gate_rules(w, proposal)
    missing = gate.reviews - proposal.reviews_eligible
    if Judge.JURORS not in gate.judges or missing <= 0 or proposal.checklist.get("fewer_reviews"):
        return None
    return Problem("quorum", _n("One more review is needed.", "%(n)s more reviews are needed.", missing))


def spread_is_settled(w: Work, proposal: Proposal) -> Problem | None:
    """Where marks of jurors are far apart, the panel has agreed on a consensus; or two people said why not."""
    judged = Judge.JURORS in gate_rules(w, proposal).judges
    if not judged or not proposal.consensus_missing or proposal.checklist.get("fewer_reviews"):
        return None
    return Problem(
        "consensus_missing",
        _("Marks of jurors are far apart: the panel agrees on a consensus first. Name a moderator in its discussion."),
    )


def over_thresholds(w: Work, proposal: Proposal) -> Problem | None:
    """Where jurors judge, every threshold is met."""
    if Judge.JURORS not in gate_rules(w, proposal).judges or proposal.below_threshold is False:
        return None
    if proposal.below_threshold is None:
        return Problem("no_scores_yet", _("The scores are not complete yet."))
    return Problem("below_threshold", _("The scores are below a threshold of this gate."))


def before_first_review(_w: Work, proposal: Proposal) -> Problem | None:
    """Nothing changes under a juror who has handed in."""
    if proposal.reviews_eligible == 0:
        return None
    return Problem("reviewed", _("A review of this version has been handed in already."))


def award_is_set(_w: Work, proposal: Proposal) -> Problem | None:
    """An award says how much."""
    return None if proposal.award_cents is not None else Problem("no_award", _("The amount of the award is missing."))


def leads_agreed_to_merge(w: Work, proposal: Proposal) -> Problem | None:
    """Both leads want the merger."""
    if proposal.merge_into_id is None:
        return Problem("merge_not_asked", _("The lead has not asked to merge this proposal into another."))
    if proposal.merge_agreed_at is None:
        return Problem("merge_not_agreed", _("The lead of the other proposal has not agreed yet."))
    return can_merge(w, w.session.get_one(Proposal, proposal.merge_into_id))


def appeal_was_upheld(_w: Work, proposal: Proposal) -> Problem | None:
    """Only an upheld appeal brings a proposal back."""
    if proposal.appeal_upheld_at is not None:
        return None
    return Problem("no_upheld_appeal", _("Only after an upheld appeal."))
