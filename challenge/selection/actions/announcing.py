"""Announcing: what was decided in private is told to all at once, in one transaction, by two people."""

from __future__ import annotations

from challenge.jury import queries as jury
from challenge.jury.keeping import places_of
from challenge.kernel import approval, proof
from challenge.kernel.errors import Forbidden, Problem, Refused
from challenge.kernel.i18n import _
from challenge.kernel.work import Work
from challenge.kernel.workflow import YOUR_OWN_KEY
from challenge.people import rules as people
from challenge.proposals import actions as proposals
from challenge.proposals import content
from challenge.proposals.models import Proposal
from challenge.rounds.models import Round
from challenge.rounds.states import RoundState
from challenge.selection import queries, rules
from challenge.selection.actions.closing import count_matters
from challenge.selection.actions.feedback import publish
from challenge.selection.models import KeptRanking, Outcome, Release
from challenge.selection.queries import ANNOUNCE, Batch, Keys
from challenge.selection.schemas import Announcing
from challenge.selection.states import Verdict
from challenge.selection.workflow import OUTCOME

RANKING = "ranking"
CHANGED = Problem(
    "batch_changed", _("The outcomes have changed since you opened this page. Look at the letters again.")
)


def announce(w: Work, round_: Round, seen: str | None = None) -> Release | None:
    """Turn a key. The first asks and gives back None; the second, of another coordinator, tells everything at once.

    ``seen`` is the digest of the batch the actor has looked at; it must still be what would be told. Outcomes that
    are not approved, or no longer hold, are held back and the rest goes on.
    """
    if problem := people.is_coordinator(w, round_):
        raise Forbidden(problem)
    if round_.state is not RoundState.PUBLISHED:
        raise Refused(Problem("round_over", _("Only a round under way can announce results.")))
    batch = queries.batch(w, round_)
    if problem := why_not_announce(w, batch):
        raise proof.refusal(problem)
    if seen is not None and seen != batch.digest:
        raise Refused(CHANGED)
    if batch.asked is None:
        keys = Keys(round_.code, round_.code)
        approval.ask(w, OUTCOME.name, keys, ANNOUNCE, {"batch": batch.digest})
        return None
    approval.approve(w, batch.asked)
    return _release(w, round_, batch, batch.asked.asked_by)


def why_not_announce(w: Work, batch: Batch) -> Problem | None:
    """Why the actor cannot turn a key now."""
    if not batch.items:
        return Problem("nothing_to_announce", _("No approved outcome waits to be announced."))
    if batch.asked is not None and batch.asked.asked_by == w.actor.id:
        return YOUR_OWN_KEY
    return proof.missing(w)


def _release(w: Work, round_: Round, batch: Batch, asked_by: int) -> Release:
    """Every outcome of the batch reaches its proposal, or none does: this is one transaction."""
    release = w.add(Release(
        round_id=round_.id, round_code=round_.code, at=w.now, asked_by=asked_by, approved_by=rules.person_id(w),
        funded=batch.count(Verdict.FUND), reserved=batch.count(Verdict.RESERVE),
        declined=batch.count(Verdict.DECLINE), ineligible=batch.count(Verdict.INELIGIBLE),
        held_back=len(batch.held), funded_cents=batch.funded_cents,
    ))  # fmt: skip
    count_matters(w, round_)
    _keep_ranking(w, round_, release)
    publish(w, [item.proposal for item in batch.items])
    for item in batch.items:
        _tell(w, item.proposal, item.outcome, release)
    counts = release.model_dump(include={"funded", "reserved", "declined", "ineligible", "held_back"})
    w.note(OUTCOME.name, release, "release", counts)
    return release


def _keep_ranking(w: Work, round_: Round, release: Release) -> None:
    """The ranking as it stands is kept with what it rests on, and the journal holds its fingerprint."""
    gate = queries.last_gate(round_)
    if gate is None:
        return
    inputs = jury.ranking_inputs(w, round_, gate)
    places = places_of(inputs)
    w.add(KeptRanking(
        round_id=round_.id, release_id=release.id, gate=gate, inputs=inputs, inputs_hash=queries.hash_of(inputs),
        places=places,
    ))  # fmt: skip
    given = {"inputs": queries.hash_of(inputs), "places": queries.hash_of(places)}
    w.step(RANKING, release.code, "keep", old=None, new=None, scope=round_.code, given=given)


def _tell(w: Work, proposal: Proposal, outcome: Outcome, release: Release) -> None:
    """1. What stood is superseded, 2. the outcome is told, 3. its facts are pushed down, 4. the proposal moves."""
    if (older := queries.announced(w, proposal)) is not None:
        OUTCOME.cause(w, older, "supersede")
    OUTCOME.cause(w, outcome, "announce", Announcing(release=release.code, release_id=release.id))
    content.keep(w, proposal)
    proposal.award_cents = outcome.amount_cents
    proposal.offer_until = outcome.accept_by
    proposal.checklist = {**proposal.checklist, "fewer_reviews": bool(outcome.deviation)}
    proposals.cause(w, proposal, queries.step_of(proposal, outcome))
