"""Drafts that were never submitted: removed with all that hangs on them, when the rules of their round say so.

The years are a rule of the round and count from its closing; of a cancelled round nobody promised any, so the period
of the installation counts from the last save. What somebody on hold works on stays.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import delete, func, union
from sqlmodel import col, select

from challenge.kernel.attachment import Attachment
from challenge.kernel.journal import Step, StepText
from challenge.kernel.record import metadata
from challenge.kernel.work import Work
from challenge.privacy import holds, periods
from challenge.proposals.models import Proposal, TeamMember
from challenge.proposals.states import ProposalState
from challenge.rounds.models import Round
from challenge.rounds.queries import rules_of
from challenge.rounds.states import RoundState
from challenge.submissions.models import Submission
from challenge.submissions.states import SubmissionState

OVER = (RoundState.CLOSED, RoundState.ARCHIVED)
HANGING = {
    "proposal": ("team_member", "partner_city", "budget_line", "own_share", "proposal_challenge", "exclusion",
                 "conflict", "preference", "commitment", "team_task"),
    "submission": ("submission_city",),
}  # fmt: skip
BY_CODE = ("attachment", "editing", "aside", "patch", "comment", "looked", "extension", "approval")


@dataclass(frozen=True, slots=True)
class Draft:
    """One that is due."""

    table: str
    id: int
    code: str
    since: datetime
    on_hold: bool


def due(w: Work) -> list[Draft]:
    """Every draft whose time is over, the ones on hold too."""
    found: list[Draft] = []
    for round_ in w.session.exec(select(Round).where(col(Round.state).in_((*OVER, RoundState.CANCELLED)))):
        ended = _closed_at(w, round_)
        for table, record in _never_submitted(w, round_):
            since = _due_at(round_, ended, record.saved_at or record.created_at)
            if since is not None and since <= w.now:
                found.append(Draft(table, record.id, record.code, since, _is_held(w, record)))
    return found


def remove(w: Work) -> int:
    """Remove what is due and not on hold; how many."""
    gone = [draft for draft in due(w) if not draft.on_hold]
    for draft in gone:
        _remove(w, draft)
    return len(gone)


def sweep_files(w: Work, root: Path) -> int:
    """Remove bytes no attachment names any more, a day after they were written; how many."""
    kept = set(w.session.exec(select(Attachment.sha256)))
    oldest = (w.now - periods.LOOSE_FILES).timestamp()
    loose = [path for path in root.glob("??/*") if path.name not in kept and path.stat().st_mtime < oldest]
    for path in loose:
        path.unlink(missing_ok=True)
    return len(loose)


def _closed_at(w: Work, round_: Round) -> datetime | None:
    steps = select(func.max(Step.at)).where(
        Step.workflow == "round", Step.subject_code == round_.code, Step.new_state == RoundState.CLOSED
    )
    return w.session.exec(steps).one()


def _due_at(round_: Round, closed_at: datetime | None, saved_at: datetime) -> datetime | None:
    if round_.state == RoundState.CANCELLED:
        return saved_at + periods.DRAFTS
    return None if closed_at is None else periods.years_after(closed_at, rules_of(round_).retention_years.drafts)


def _never_submitted(w: Work, round_: Round) -> Iterable[tuple[str, Any]]:
    """Without a revision: nobody signed, received or judged anything of it."""
    named = select(Submission.carried_from_id).where(col(Submission.carried_from_id).is_not(None))
    for submission in w.session.exec(
        select(Submission).where(
            Submission.round_id == round_.id, col(Submission.imported).is_(False), Submission.revision == 0,
            col(Submission.submitted_at).is_(None), col(Submission.id).not_in(named),
            col(Submission.state).in_((SubmissionState.DRAFT, SubmissionState.LAPSED, SubmissionState.WITHDRAWN)),
        )
    ):  # fmt: skip
        yield "submission", submission
    names = (Proposal.carried_from_id, Proposal.merge_into_id, Proposal.merged_into_id)
    others: Any = union(*(select(column).where(col(column).is_not(None)) for column in names))
    for proposal in w.session.exec(
        select(Proposal).where(
            Proposal.round_id == round_.id, Proposal.revision == 0, col(Proposal.submitted_at).is_(None),
            col(Proposal.id).not_in(others),
            col(Proposal.state).in_((ProposalState.DRAFT, ProposalState.LAPSED, ProposalState.WITHDRAWN)),
        )
    ):  # fmt: skip
        yield "proposal", proposal


def _is_held(w: Work, record: Any) -> bool:
    people: set[int | None]
    if isinstance(record, Submission):
        people = {record.contact_id, record.deputy_id}
    else:
        team = select(TeamMember.person_id).where(TeamMember.proposal_id == record.id)
        people = {record.lead_id, *w.session.exec(team)}
    held: Iterable[int | None] = w.session.exec(holds.held()).all()
    return not people.isdisjoint(held)


def _remove(w: Work, draft: Draft) -> None:
    for name in HANGING[draft.table]:
        table = metadata.tables[name]
        w.session.execute(delete(table).where(table.c[f"{draft.table}_id"] == draft.id))
    for name in BY_CODE:
        table = metadata.tables[name]
        which = (table.c.workflow == draft.table, table.c.subject_code == draft.code)
        w.session.execute(delete(table).where(*which))
    steps = select(Step.id).where(Step.workflow == draft.table, Step.subject_code == draft.code)
    w.session.execute(
        delete(StepText).where(col(StepText.step_id).in_(steps)).execution_options(synchronize_session=False)
    )
    table = metadata.tables[draft.table]
    w.session.execute(delete(table).where(table.c.id == draft.id))
    w.session.expire_all()
