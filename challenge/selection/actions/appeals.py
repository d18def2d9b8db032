"""Appeals: filed by the applicant's lead, heard by somebody who took no part, answered, and what follows from it."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel

from challenge.kernel.errors import Forbidden, Problem, Refused
from challenge.kernel.i18n import _
from challenge.kernel.work import Work
from challenge.kernel.workflow import Fired
from challenge.people.rules import may_not
from challenge.people.states import Seat
from challenge.proposals import actions as proposals
from challenge.proposals.models import Proposal
from challenge.proposals.rules import is_lead
from challenge.rounds import actions as rounds
from challenge.rounds.states import RoundState
from challenge.selection import queries, rules
from challenge.selection.models import Appeal
from challenge.selection.schemas import AppealIn
from challenge.selection.states import APPEAL_ENDS
from challenge.selection.workflow import APPEAL, OUTCOME
from challenge.submissions.models import Submission
from challenge.submissions.workflow import SUBMISSION


def file(w: Work, subject: Proposal | Submission, given: AppealIn) -> Appeal:
    """File an appeal against the decision that stands. Raises Forbidden, Refused."""
    if problem := may_file(w, subject):
        raise Forbidden(problem)
    if problem := why_not_file(w, subject):
        raise Refused(problem)
    is_proposal = isinstance(subject, Proposal)
    outcome = queries.announced(w, subject) if isinstance(subject, Proposal) else None
    decided_by = decided_with = None
    if outcome is not None:
        decided_by, decided_with = outcome.proposed_by, outcome.approved_by
    else:
        _told_at, decided_by = _decided(w, subject)
    appeal = w.add(Appeal(
        round_id=subject.round_id, round_code=subject.round_code,
        proposal_id=subject.id if is_proposal else None, submission_id=None if is_proposal else subject.id,
        outcome_id=outcome.id if outcome else None, decided_by=decided_by, decided_with=decided_with,
        decision=str(subject.state), grounds=given.grounds, filed_by=rules.person_id(w), filed_at=w.now,
    ))  # fmt: skip
    rounds.count_open(w, rules.round_of(w, subject), 1)
    w.note(APPEAL.name, appeal, "file", {"grounds": given.grounds})
    return appeal


def may_file(w: Work, subject: Proposal | Submission) -> Problem | None:
    """The lead of the proposal; the lead or a deputy of the city."""
    if isinstance(subject, Proposal):
        return is_lead(w, subject)
    if w.actor.sits_in(subject.city_id, Seat.LEAD, Seat.DEPUTY):
        return None
    return may_not(_("Only the lead or a deputy of the city can do this."))


def why_not_file(w: Work, subject: Proposal | Submission) -> Problem | None:
    """Nothing to appeal against, too late, or an appeal is open already."""
    told_at, _decided_by = _decided(w, subject)
    round_ = rules.round_of(w, subject)
    if round_.state is not RoundState.PUBLISHED:
        return Problem("round_over", _("The round is over: its decisions stand."))
    if problem := rules.may_still_appeal(w, round_, told_at):
        return problem
    if queries.open_appeal(w, subject) is not None:
        return Problem("appeal_open", _("There is an open appeal already. Its handler will answer it."))
    return None


def told_at(w: Work, subject: Proposal | Submission) -> datetime | None:
    """When the decision against the applicant that stands was told, if there is one."""
    return _decided(w, subject)[0]


def _decided(w: Work, subject: Proposal | Submission) -> tuple[datetime | None, int | None]:
    """When the decision that stands was told, if it is one against the applicant, and by whom it was taken."""
    if isinstance(subject, Proposal):
        decision = queries.decision(w, subject)
        if decision is None or not decision.is_against or str(subject.state) not in {"declined", "ineligible"}:
            return None, None
        return decision.told_at, decision.decided_by
    return queries.rejected_at(w, subject) or (None, None)


def take(w: Work, appeal: Appeal) -> None:
    """Become the handler: who took part in the decision cannot (the database holds the same)."""
    if problem := rules.may_handle(w, appeal):
        raise Forbidden(problem)
    if problem := why_not_take(w, appeal):
        raise Refused(problem)
    appeal.handler_id, appeal.taken_at = w.actor.id, w.now
    w.session.flush()
    w.note(APPEAL.name, appeal, "take")


def why_not_take(w: Work, appeal: Appeal) -> Problem | None:
    """It has been heard already, or the actor is its handler."""
    if str(appeal.state) != "filed":
        return Problem("heard_already", _("The appeal has been heard already."))
    if appeal.handler_id == w.actor.id:
        return Problem("yours_already", _("You handle this appeal."))
    return None


def fire_appeal(w: Work, appeal: Appeal, name: str, given: BaseModel | None = None) -> Fired:
    """Hear, uphold or dismiss. Upholding brings the subject back to where it was decided; awards already told stand."""
    fired = APPEAL.fire(w, appeal, name, given)
    if appeal.state in APPEAL_ENDS:
        rounds.count_open(w, rules.round_of(w, appeal), -1)
    if name == "uphold":
        _bring_back(w, appeal)
    return fired


def _bring_back(w: Work, appeal: Appeal) -> None:
    subject = queries.subject(w, appeal)
    if isinstance(subject, Submission):
        SUBMISSION.cause(w, subject, "reinstate")
        return
    if (outcome := queries.announced(w, subject)) is not None:
        OUTCOME.cause(w, outcome, "supersede")
    subject.appeal_upheld_at = w.now
    subject.checklist = {**subject.checklist, "fewer_reviews": False}
    proposals.cause(w, subject, "reinstate")
