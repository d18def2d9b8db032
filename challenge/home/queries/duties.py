"""What waits for those who run rounds: approvals, checks, decisions; what is late.

Nothing of a proposal the coordinator has a conflict of interest with is counted, and nothing of a jury they sit on.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, true
from sqlmodel import col, select

from challenge.home.queries.asking import need
from challenge.jury.consensus.models import Consensus
from challenge.jury.models import Conflict, Juror, Review
from challenge.jury.states import OPEN, ConflictState
from challenge.kernel.approval import Approval
from challenge.kernel.work import Work
from challenge.people.states import RoleName
from challenge.pilots.models import Pilot, Report
from challenge.pilots.states import PilotState, ReportState
from challenge.proposals.models import Exclusion, Proposal
from challenge.proposals.states import ProposalState
from challenge.rounds.models import Round, Window
from challenge.rounds.states import WindowName
from challenge.selection.models import Appeal, Outcome
from challenge.selection.states import OPEN_APPEAL, OutcomeState, Verdict
from challenge.submissions.models import Question, Submission
from challenge.submissions.states import SubmissionState

ANNOUNCE = ("outcome", "announce")  # the approval of an announcement names the round, not an outcome


def of_rounds(w: Work) -> Iterator[Select[Any]]:
    """Everything that asks something of the coordinators of these rounds."""
    yield from approvals(w)
    yield outcomes_to_approve(w)
    yield outcomes_to_announce(w)
    yield submissions(w, SubmissionState.SUBMITTED)
    yield submissions(w, SubmissionState.IN_REVIEW)
    yield proposals_to_screen(w)
    yield conflicts(w)
    yield late_reviews(w)
    yield questions(w)
    yield appeals(w)
    yield reports_handed_in(w)
    yield cures_expired(w)
    yield proposals_to_pair(w)


# Whose


def mine(w: Work, round_id: Any) -> ColumnElement[bool]:
    """Rounds the actor coordinates."""
    scopes = w.actor.scopes(RoleName.COORDINATOR)
    return true() if scopes is None else col(round_id).in_(scopes)


def unconflicted(w: Work, proposal_id: Any) -> ColumnElement[bool]:
    """No conflict of interest keeps the actor away."""
    barred = select(Exclusion.proposal_id).where(Exclusion.person_id == w.actor.id)
    return col(proposal_id).not_in(barred)


def off_panel(w: Work, round_id: Any) -> ColumnElement[bool]:
    """Rounds in whose jury the actor does not sit."""
    places = select(Juror.round_id).where(
        Juror.person_id == w.actor.id, col(Juror.accepted_at).is_not(None), col(Juror.left_at).is_(None)
    )
    return col(round_id).not_in(places)


# A second key


def approvals(w: Work) -> Iterator[Select[Any]]:
    """What a colleague asked for and a second person must approve: it still holds, and it is not the actor's own."""
    yield _waiting("round", Round, Round.title).where(mine(w, Round.id), *_open(w, Round))
    yield _waiting("pilot", Pilot, Pilot.title).where(
        mine(w, Pilot.round_id),
        or_(col(Pilot.proposal_id).is_(None), unconflicted(w, Pilot.proposal_id)),
        *_open(w, Pilot),
    )
    judged: tuple[tuple[str, Any], ...] = (("review", Review), ("consensus", Consensus))
    for name, record in judged:
        yield (
            _waiting(name, record, Proposal.title)
            .join(Proposal, col(Proposal.id) == record.proposal_id)
            .where(
                mine(w, record.round_id), unconflicted(w, record.proposal_id), off_panel(w, record.round_id),
                *_open(w, record),
            )
        )  # fmt: skip
    workflow, act = ANNOUNCE
    yield (
        need("announce", code=Round.code, title=Round.title, at=Approval.expires_at, round_id=Round.id)
        .join(Approval, col(Approval.subject_code) == Round.code)
        .where(
            col(Approval.workflow) == workflow, col(Approval.transition) == act, mine(w, Round.id),
            off_panel(w, Round.id), *_open(w),
        )
    )  # fmt: skip


def _waiting(workflow: str, record: Any, title: Any) -> Select[Any]:
    return (
        need(
            "approval", code=record.code, title=title, note=Approval.transition, extra=Approval.workflow,
            at=Approval.expires_at, round_id=record.id if record is Round else record.round_id,
        )
        .join(Approval, and_(col(Approval.workflow) == workflow, col(Approval.subject_code) == record.code))
    )  # fmt: skip


def _open(w: Work, record: Any = None) -> list[ColumnElement[bool]]:
    unchanged = true() if record is None else col(Approval.subject_version) == record.version
    return [
        unchanged,
        col(Approval.approved_at).is_(None),
        col(Approval.dropped_at).is_(None),
        col(Approval.expires_at) > w.now,
        col(Approval.asked_by) != w.actor.id,
    ]


def outcomes_to_approve(w: Work) -> Select[Any]:
    """Outcomes a colleague has proposed."""
    return (
        need(
            "approve_outcomes", at=func.min(col(Outcome.created_at)), round_id=Outcome.round_id,
            n=func.count(col(Outcome.id)),
        )
        .where(
            mine(w, Outcome.round_id), off_panel(w, Outcome.round_id), unconflicted(w, Outcome.proposal_id),
            col(Outcome.state) == OutcomeState.PROPOSED, col(Outcome.proposed_by) != w.actor.id,
        )
        .group_by(col(Outcome.round_id))
    )  # fmt: skip


def outcomes_to_announce(w: Work) -> Select[Any]:
    """Approved outcomes nobody was told of, where no announcement waits for its second key already."""
    workflow, act = ANNOUNCE
    asked = select(Approval.id).where(
        Approval.workflow == workflow, Approval.transition == act, Approval.subject_code == Outcome.round_code,
        col(Approval.approved_at).is_(None), col(Approval.dropped_at).is_(None), col(Approval.expires_at) > w.now,
    )  # fmt: skip
    return (
        need(
            "to_announce", at=func.min(col(Outcome.approved_at)), round_id=Outcome.round_id,
            n=func.count(col(Outcome.id)),
        )
        .where(
            mine(w, Outcome.round_id), off_panel(w, Outcome.round_id), unconflicted(w, Outcome.proposal_id),
            col(Outcome.state) == OutcomeState.APPROVED, ~asked.exists(),
        )
        .group_by(col(Outcome.round_id))
    )  # fmt: skip


# Checks and decisions


def submissions(w: Work, state: SubmissionState) -> Select[Any]:
    """Challenges that were handed in, or are being reviewed; those of a single round's list."""
    return (
        need(
            f"submissions_{state}", at=func.min(col(Submission.submitted_at)), round_id=Submission.round_id,
            n=func.count(col(Submission.id)),
        )
        .where(mine(w, Submission.round_id), col(Submission.state) == state)
        .group_by(col(Submission.round_id))
    )  # fmt: skip


def proposals_to_screen(w: Work) -> Select[Any]:
    """Ideas that were handed in."""
    return (
        need(
            "screen",
            at=func.min(col(Proposal.submitted_at)),
            round_id=Proposal.round_id,
            n=func.count(col(Proposal.id)),
        )
        .where(mine(w, Proposal.round_id), unconflicted(w, Proposal.id), col(Proposal.state) == ProposalState.SUBMITTED)
        .group_by(col(Proposal.round_id))
    )


def conflicts(w: Work) -> Select[Any]:
    """Conflicts of interest of others that were declared or inferred and wait for a decision."""
    return (
        need("conflicts", at=func.min(col(Conflict.at)), round_id=Conflict.round_id, n=func.count(col(Conflict.id)))
        .where(
            mine(w, Conflict.round_id), off_panel(w, Conflict.round_id), unconflicted(w, Conflict.proposal_id),
            col(Conflict.state).in_((ConflictState.DECLARED, ConflictState.INFERRED)),
        )
        .group_by(col(Conflict.round_id))
    )  # fmt: skip


def questions(w: Work) -> Select[Any]:
    """Public questions without an answer."""
    return (
        need(
            "questions", at=func.min(col(Question.asked_at)), round_id=Question.round_id,
            n=func.count(col(Question.id)),
        )
        .where(
            mine(w, Question.round_id), col(Question.refused_at).is_(None),
            or_(col(Question.answer).is_(None), col(Question.published_at).is_(None)),
        )
        .group_by(col(Question.round_id))
    )  # fmt: skip


def appeals(w: Work) -> Select[Any]:
    """Appeals nobody has taken, or that the actor handles."""
    return (
        need("appeals", at=func.min(col(Appeal.filed_at)), round_id=Appeal.round_id, n=func.count(col(Appeal.id)))
        .where(
            mine(w, Appeal.round_id), col(Appeal.state).in_(OPEN_APPEAL),
            or_(col(Appeal.handler_id).is_(None), col(Appeal.handler_id) == w.actor.id),
            or_(col(Appeal.proposal_id).is_(None), unconflicted(w, Appeal.proposal_id)),
        )
        .group_by(col(Appeal.round_id))
    )  # fmt: skip


# Late


def late_reviews(w: Work) -> Select[Any]:
    """Reviews not handed in although their day has passed; the day is their own, else the end of the jury's window."""
    due = func.coalesce(col(Review.due_at), col(Window.closes_at))
    return (
        need("late_reviews", at=func.min(due), round_id=Review.round_id, n=func.count(col(Review.id)))
        .join(Window, and_(col(Window.round_id) == Review.round_id, col(Window.name) == WindowName.JURY), isouter=True)
        .where(
            mine(w, Review.round_id), off_panel(w, Review.round_id), unconflicted(w, Review.proposal_id),
            col(Review.state).in_(OPEN), due < w.now,
        )
        .group_by(col(Review.round_id))
    )  # fmt: skip


# Pilots


def reports_handed_in(w: Work) -> Select[Any]:
    """Reports that wait for the coordinators."""
    return (
        need("report_in", code=Report.code, title=Pilot.title, note=Report.kind, at=Report.submitted_at,
             round_id=Pilot.round_id)
        .join(Pilot, col(Pilot.id) == Report.pilot_id)
        .where(
            mine(w, Pilot.round_id), col(Report.state) == ReportState.SUBMITTED,
            or_(col(Pilot.proposal_id).is_(None), unconflicted(w, Pilot.proposal_id)),
        )
    )  # fmt: skip


def cures_expired(w: Work) -> Select[Any]:
    """Pilots whose time to find another city is over."""
    return need("cure", code=Pilot.code, title=Pilot.title, at=Pilot.cure_until, round_id=Pilot.round_id).where(
        mine(w, Pilot.round_id),
        col(Pilot.state) == PilotState.SUSPENDED,
        col(Pilot.cure_until) <= w.now,
        or_(col(Pilot.proposal_id).is_(None), unconflicted(w, Pilot.proposal_id)),
    )


def proposals_to_pair(w: Work) -> Select[Any]:
    """Selected proposals whose lead has accepted, and that have no pilot yet."""
    started = select(Pilot.id).where(Pilot.proposal_id == Proposal.id, Pilot.state != PilotState.TERMINATED)
    return (
        need("pair", at=func.min(col(Outcome.accepted_at)), round_id=Proposal.round_id, n=func.count(col(Proposal.id)))
        .join(Outcome, col(Outcome.proposal_id) == Proposal.id)
        .where(
            mine(w, Proposal.round_id), unconflicted(w, Proposal.id),
            col(Proposal.state) == ProposalState.SELECTED, col(Outcome.state) == OutcomeState.ANNOUNCED,
            col(Outcome.verdict) == Verdict.FUND, col(Outcome.accepted_at).is_not(None), ~started.exists(),
        )
        .group_by(col(Proposal.round_id))
    )  # fmt: skip
