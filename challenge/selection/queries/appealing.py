"""Appeals one may know of: the applicant's own, and those of one's rounds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, false, or_, true
from sqlalchemy import select as columns
from sqlmodel import col, select

from challenge.jury.models import Conflict
from challenge.jury.states import ConflictState
from challenge.kernel.errors import Missing
from challenge.kernel.journal import Step
from challenge.kernel.work import Work
from challenge.people.models import Person
from challenge.proposals.models import Proposal
from challenge.rounds.models import Round
from challenge.selection import rules
from challenge.selection.models import Appeal
from challenge.selection.queries.outcomes import INSIDERS, is_insider
from challenge.selection.states import OPEN_APPEAL
from challenge.submissions.models import Submission
from challenge.submissions.states import SubmissionState


@dataclass(frozen=True, slots=True)
class Filed:
    """An appeal as lists show it."""

    appeal: Appeal
    title: str
    round_title: str
    handler: str


def appeals(w: Work) -> list[Filed]:
    """Every appeal the actor may know of: open ones first, then the newest."""
    rows = w.session.execute(
        columns(Appeal, col(Proposal.title), col(Submission.title), col(Round.title), col(Person.name))
        .join(Round, col(Round.id) == Appeal.round_id)
        .join(Proposal, col(Proposal.id) == Appeal.proposal_id, isouter=True)
        .join(Submission, col(Submission.id) == Appeal.submission_id, isouter=True)
        .join(Person, col(Person.id) == Appeal.handler_id, isouter=True)
        .where(in_sight(w))
        .order_by(col(Appeal.ended_at).is_not(None), col(Appeal.filed_at).desc())
    )
    return [
        Filed(appeal, proposal or submission or "", round_title, handler or "")
        for appeal, proposal, submission, round_title, handler in rows
    ]


def appeal(w: Work, code: str) -> Appeal:
    """An appeal by its code. Missing for whoever may not know of it."""
    found = w.session.exec(select(Appeal).where(Appeal.code == code, in_sight(w))).first()
    if found is None:
        raise Missing
    return found


def in_sight(w: Work) -> ColumnElement[bool]:
    """Filed by the actor, or of a round they run or observe and without a conflict."""
    if w.actor.kind == "system":
        return true()
    if w.actor.id is None:
        return false()
    barred = select(Conflict.proposal_id).where(
        Conflict.person_id == w.actor.id, Conflict.state != ConflictState.LIFTED
    )
    scopes: set[int] = set()
    everywhere = False
    for role in INSIDERS:
        held = w.actor.scopes(role)
        everywhere = everywhere or held is None
        scopes |= held or set()
    inside = true() if everywhere else col(Appeal.round_id).in_(scopes)
    unbarred = or_(col(Appeal.proposal_id).is_(None), col(Appeal.proposal_id).not_in(barred))
    return or_(col(Appeal.filed_by) == w.actor.id, and_(inside, unbarred))


def open_appeal(w: Work, subject: Proposal | Submission) -> Appeal | None:
    """The open appeal about a proposal or a submission."""
    column = Appeal.proposal_id if isinstance(subject, Proposal) else Appeal.submission_id
    return w.session.exec(select(Appeal).where(col(column) == subject.id, col(Appeal.state).in_(OPEN_APPEAL))).first()


def appealed(w: Work, subject: Proposal | Submission) -> list[Appeal]:
    """Every appeal about it, newest first."""
    column = Appeal.proposal_id if isinstance(subject, Proposal) else Appeal.submission_id
    return list(w.session.exec(select(Appeal).where(col(column) == subject.id).order_by(col(Appeal.id).desc())))


def rejected_at(w: Work, submission: Submission) -> tuple[datetime, int | None] | None:
    """When the submission was rejected and by whom, if it is."""
    if submission.state is not SubmissionState.REJECTED:
        return None
    return w.session.exec(
        select(Step.at, Step.actor_id)
        .where(
            Step.workflow == "submission",
            Step.subject_code == submission.code,
            Step.new_state == str(SubmissionState.REJECTED),
        )
        .order_by(col(Step.id).desc())
        .limit(1)
    ).first()


def subject(w: Work, found: Appeal) -> Proposal | Submission:
    """What the appeal is about."""
    if found.proposal_id is not None:
        return w.session.get_one(Proposal, found.proposal_id)
    return w.session.get_one(Submission, found.submission_id)


def handlers(w: Work, found: Appeal) -> list[tuple[int, str]]:
    """(id, name) of those who may handle the appeal: coordinators who took no part in the decision."""
    people = rules.deciders(w, found)
    return [entry for entry in people if entry[0] not in {found.decided_by, found.decided_with, found.filed_by}]


def may_read(w: Work, found: Appeal) -> bool:
    """Whether the actor is more than the applicant: sees who decided and who handles."""
    return is_insider(w, found.round_id)
