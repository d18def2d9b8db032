"""What a juror reads: those concerned before the conflict question, the version under review after it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select as sa_select
from sqlmodel import col, select

from challenge.jury import rules
from challenge.jury.blind import copies
from challenge.jury.models import Review
from challenge.jury.states import ReviewState
from challenge.kernel import revision
from challenge.kernel.attachment import Attachment
from challenge.kernel.errors import Missing, Refused
from challenge.kernel.journal import Step, StepText
from challenge.kernel.revision import Revision
from challenge.kernel.work import Work
from challenge.people.models import Membership, Organisation, Person
from challenge.proposals import content
from challenge.proposals.content import Answered, City
from challenge.proposals.models import BudgetLine, Proposal, TeamMember
from challenge.proposals.states import TeamRole


@dataclass(frozen=True, slots=True)
class Parties:
    """Everybody a juror may have a conflict of interest with. Nothing of what the proposal says.

    ``is_blind``: neither the team nor its organisations are named.
    """

    organisations: tuple[str, ...]
    cities: tuple[City, ...]
    team: tuple[tuple[str, TeamRole], ...]
    is_blind: bool = False


def parties(w: Work, review: Review, proposal: Proposal) -> Parties:
    """The proposal's organisations, cities and people, in alphabetical order; as far as its juror may know them."""
    cities = content.cities(w, proposal)
    if rules.is_blind(w, review):
        return Parties((), tuple(cities), (), is_blind=True)
    members = select(TeamMember.person_id).where(
        TeamMember.proposal_id == proposal.id, col(TeamMember.left_at).is_(None)
    )
    organisations = w.session.exec(
        select(Organisation.name)
        .where(
            (col(Organisation.id) == proposal.organisation_id)
            | col(Organisation.id).in_(select(Membership.organisation_id).where(col(Membership.person_id).in_(members)))
            | col(Organisation.id).in_(select(BudgetLine.organisation_id).where(BudgetLine.proposal_id == proposal.id)),
            col(Organisation.id).not_in([city.id for city in cities]),
        )
        .order_by(Organisation.name)
    ).all()
    people = w.session.exec(
        select(TeamMember.name, TeamMember.role, Person.name)
        .outerjoin(Person, col(Person.id) == TeamMember.person_id)
        .where(TeamMember.proposal_id == proposal.id, col(TeamMember.left_at).is_(None))
    ).all()
    team = sorted((known or typed, TeamRole(role)) for typed, role, known in people)
    return Parties(tuple(organisations), tuple(cities), tuple(team))


@dataclass(frozen=True, slots=True)
class Reopened:
    """A review that is open again: when and why, and what it said when it was last handed in."""

    at: datetime | None
    reason: str
    said: Revision


def reopened(w: Work, review: Review) -> Reopened | None:
    """For its juror, as long as it is not handed in again."""
    if review.state is not ReviewState.REOPENED:
        return None
    said = revision.at(w, rules.WORKFLOW, review.code, review.revision)
    if said is None:
        return None
    found = w.session.execute(
        sa_select(col(Step.at), col(StepText.given))
        .outerjoin(StepText, col(StepText.step_id) == Step.id)
        .where(
            col(Step.workflow) == rules.WORKFLOW,
            col(Step.subject_code) == review.code,
            col(Step.transition) == "reopen",
        )
        .order_by(col(Step.id).desc())
        .limit(1)
    ).first()
    at, given = found or (None, None)
    reason, mark = (
        (given or {}).get("reason", ""),
        copies.marks_for_jurors(w, rules.proposal_of(w, review), review.gate),
    )
    return Reopened(at, mark(reason) if mark else reason, said)


@dataclass(frozen=True, slots=True)
class Reading:
    """The version under review: its content as it was kept, and the files it names."""

    number: int
    at: datetime | None
    content: Mapping[str, Any]
    files: tuple[Attachment, ...]
    challenges: tuple[Answered, ...]
    newest: int
    is_blind: bool = False

    @property
    def is_newest(self) -> bool:
        """Whether no later version stands before the jury."""
        return self.number == self.newest


def reading(w: Work, review: Review, proposal: Proposal) -> Reading:
    """What was read when the review was submitted; what stands before the jury until then."""
    number = rules.version_read(w, review)
    kept = revision.at(w, content.WORKFLOW, proposal.code, number) if number else None
    if rules.is_blind(w, review):
        return _without_names(w, proposal, kept)
    what = kept.content if kept is not None else content.snapshot(w, proposal)
    return Reading(
        number=number, at=kept.at if kept else None, content=what,
        files=tuple(_files(w, proposal, what.get("files", []))),
        challenges=tuple(content.challenges(w, proposal)), newest=proposal.revision,
    )  # fmt: skip


def _without_names(w: Work, proposal: Proposal, kept: Revision | None) -> Reading:
    """The copy. Raises Refused as long as nobody has confirmed it."""
    copy = copies.confirmed(w, proposal.id, kept.number) if kept else None
    if kept is None or copy is None:
        raise Refused(rules.NO_COPY)
    return Reading(
        number=kept.number, at=kept.at, content=copy.content, files=tuple(copies.shown_files(w, proposal, copy)),
        challenges=tuple(content.challenges(w, proposal)), newest=proposal.revision, is_blind=True,
    )  # fmt: skip


def _files(w: Work, proposal: Proposal, hashes: list[str]) -> list[Attachment]:
    """The files of the version, by name, those taken off the proposal since included; each content once."""
    found = w.session.exec(
        select(Attachment)
        .where(
            Attachment.workflow == content.WORKFLOW,
            Attachment.subject_code == proposal.code,
            col(Attachment.sha256).in_(hashes),
        )
        .order_by(col(Attachment.id))
    )
    by_hash = {file.sha256: file for file in found}
    return sorted(by_hash.values(), key=lambda file: file.name)


def file_of(w: Work, review: Review, proposal: Proposal, code: str) -> Attachment:
    """A file of the version under review. Raises Missing, before the conflict question too."""
    if review.state is ReviewState.ASSIGNED:
        raise Missing
    for file in reading(w, review, proposal).files:
        if file.code == code:
            return file
    raise Missing
