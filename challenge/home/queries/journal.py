"""The journal of one's rounds, page by page; and whether the chain verifies."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, false, func, literal, not_, or_, true, union, union_all
from sqlmodel import col, select

from challenge.home.queries.sql import columns
from challenge.http.timeline import who_of
from challenge.jury.blind.models import RedactedCopy
from challenge.jury.common.models import CommonItem
from challenge.jury.consensus.models import Consensus
from challenge.jury.models import Conflict, Juror, Review
from challenge.kernel import journal
from challenge.kernel.errors import Forbidden
from challenge.kernel.i18n import _
from challenge.kernel.journal import Step, StepText
from challenge.kernel.paging import PAGE, Page, after, cursor
from challenge.kernel.work import FOR, Work
from challenge.people import queries as people
from challenge.people.models import Organisation, Person
from challenge.people.rules import may_not
from challenge.people.spelling import plain
from challenge.people.states import RoleName
from challenge.pilots.log.models import MentorNote
from challenge.pilots.models import Pilot, Report, Tranche
from challenge.pilots.money.models import ChangeRequest, Claim
from challenge.proposals.models import Commitment, Exclusion, Proposal
from challenge.rounds.models import Round
from challenge.selection.models import Appeal, Outcome
from challenge.submissions.models import Question, Submission

WATCHING = (RoleName.COORDINATOR, RoleName.OBSERVER)
OF_JURY = ("juror", "review", "conflict", "discussion", "consensus", "outcome", "scenario", "ranking")
OF_REVIEWS = ("juror", "review", "conflict", "discussion", "consensus")
MOST_CHECKED = 10_000  # steps; more are checked on the command line, outside of any request
ZONE = ZoneInfo("Europe/Tallinn")
READERS = may_not(_("Only coordinators, observers and administrators read the journal."))


@dataclass(frozen=True, slots=True)
class Filters:
    """What the journal is narrowed to; empty is everything."""

    workflow: str = ""
    subject: str = ""
    person: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step with the words given with it, who did it and what it is about."""

    id: int
    workflow: str
    code: str
    act: str
    old: str | None
    new: str | None
    at: datetime
    given: dict[str, Any] | None
    who: str
    title: str


@dataclass(frozen=True, slots=True)
class Check:
    """What a check of the chain found. ``count`` is of all steps; ``is_too_long`` when it was not done here.

    ``head`` is the hash of the last step.
    """

    count: int
    faults: tuple[str, ...]
    is_too_long: bool = False
    head: str = ""


# Whose


def require_reader(w: Work) -> None:
    """Raises Forbidden for anybody who neither runs nor watches a round, nor administers the service."""
    if not any(w.actor.holds_anywhere(role) for role in (*WATCHING, RoleName.ADMINISTRATOR)):
        raise Forbidden(READERS)


def in_sight(w: Work) -> ColumnElement[bool]:
    """Steps of one's rounds, without what a conflict of interest or a seat in the jury keeps away.

    Who has all rounds sees what belongs to no round too; so does an administrator, and nothing else.
    """
    ways: list[ColumnElement[bool]] = []
    for role in WATCHING:
        scopes = w.actor.scopes(role)
        if scopes is None:
            ways.append(true())
        elif scopes:
            ways.append(col(Step.scope).in_(select(Round.code).where(col(Round.id).in_(scopes))))
    if w.actor.holds_anywhere(RoleName.ADMINISTRATOR):
        ways.append(col(Step.scope).is_(None))
    return and_(or_(*ways), not_(_of_own_jury(w)), col(Step.subject_code).not_in(conflicted(w)))


def _of_own_jury(w: Work) -> ColumnElement[bool]:
    places = select(Juror.round_code).where(
        Juror.person_id == w.actor.id, col(Juror.accepted_at).is_not(None), col(Juror.left_at).is_(None)
    )
    return and_(col(Step.workflow).in_(OF_JURY), func.coalesce(col(Step.scope), "").in_(places))


def conflicted(w: Work) -> Any:
    """The codes of everything that hangs on a proposal the actor has a conflict with."""
    barred = select(Exclusion.proposal_id).where(Exclusion.person_id == w.actor.id)
    of_pilots = select(Pilot.id).where(col(Pilot.proposal_id).in_(barred))
    hanging: tuple[Any, ...] = (Review, Conflict, Consensus, Commitment, Outcome, Appeal, Pilot)
    below: tuple[Any, ...] = (Report, Tranche, Claim, ChangeRequest, MentorNote)
    return union(
        select(Proposal.code).where(col(Proposal.id).in_(barred)),
        *(columns(table.code).where(table.proposal_id.in_(barred)) for table in hanging),
        *(columns(table.code).where(table.pilot_id.in_(of_pilots)) for table in below),
    )


# Pages


def steps(w: Work, filters: Filters, following: str | None = None, size: int = PAGE) -> Page[StepRow]:
    """A page of the journal, the newest first; four queries whatever its length."""
    require_reader(w)
    found = (
        select(Step, StepText.given)
        .outerjoin(StepText, col(StepText.step_id) == Step.id)
        .where(in_sight(w), *_narrowed(w, filters))
        .order_by(col(Step.id).desc())
        .limit(size + 1)
    )
    if (start := after(following, int)) is not None:
        found = found.where(col(Step.id) < start[0])
    rows = list(w.session.exec(found))
    here = rows[:size]
    actors = {step.actor_id for step, _given in here}
    principals = {(given or {}).get(FOR) for _step, given in here}
    names, masked = people.names(w, actors | principals), hidden_jurors(w, actors)
    told: dict[str | None, set[str]] = {}
    for step, _given in here:
        if step.workflow in OF_REVIEWS and step.actor_id is not None and step.actor_id not in masked:
            told.setdefault(step.scope, set()).add(step.subject_code)
    for round_code, codes in told.items():
        w.saw("journal", round_code, codes)
    titles = titles_of(w, {(step.workflow, step.subject_code) for step, _given in here})
    made = [
        StepRow(
            step.id, step.workflow, step.subject_code, step.transition, step.old_state, step.new_state, step.at,
            None if given is None else dict(given),
            who_of(step.actor_id, names, masked, (given or {}).get(FOR)),
            titles.get((step.workflow, step.subject_code), ""),
        )
        for step, given in here
    ]  # fmt: skip
    return Page(made, cursor(here[-1][0].id) if len(rows) > size else None)


def hidden_jurors(w: Work, ids: Iterable[int | None]) -> set[int]:
    """Which of these people are jurors whom the actor may not know: coordinators know those of their rounds."""
    wanted = [person_id for person_id in ids if person_id is not None]
    return set(w.session.exec(select(Juror.person_id).where(col(Juror.person_id).in_(wanted), is_hidden(w))))


def is_hidden(w: Work) -> ColumnElement[bool]:
    """Jurors of rounds the actor does not coordinate. An administrator gives roles, and so knows who holds them."""
    scopes = w.actor.scopes(RoleName.COORDINATOR)
    if scopes is None or w.actor.holds_anywhere(RoleName.ADMINISTRATOR):
        return false()
    return col(Juror.round_id).not_in(scopes)


def _narrowed(w: Work, filters: Filters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filters.workflow:
        found.append(col(Step.workflow) == filters.workflow)
    if filters.subject:
        found.append(col(Step.subject_code) == filters.subject.strip().upper())
    if filters.person.strip():
        key = plain(filters.person)
        known = select(Person.id).where(col(Person.name_plain).contains(key, autoescape=True) if key else false())
        unknown = select(Juror.person_id).where(is_hidden(w))  # shown as “Jury”: not to be found by name either
        found += [col(Step.actor_id).in_(known), col(Step.actor_id).not_in(unknown)]
    if filters.since is not None:
        found.append(col(Step.at) >= datetime.combine(filters.since, time(), tzinfo=ZONE))
    if filters.until is not None:
        found.append(col(Step.at) < datetime.combine(filters.until + timedelta(days=1), time(), tzinfo=ZONE))
    return found


def workflows(w: Work) -> list[str]:
    """The kinds of records the actor may see steps of, for the filter."""
    return sorted(w.session.exec(select(Step.workflow).where(in_sight(w)).distinct()))


# Titles: one query for all kinds on a page


def titles_of(w: Work, subjects: Collection[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """(workflow, code) → what the record is called."""
    codes: dict[str, list[str]] = {}
    for workflow, code in subjects:
        codes.setdefault(workflow, []).append(code)
    parts = [_title(w, name, codes[name]) for name in codes if name in TITLES]
    if not parts:
        return {}
    return {(row[0], row[1]): row[2] for row in w.session.execute(union_all(*parts))}


# workflow → table, whose title it carries, and the column that leads there
TITLES: dict[str, tuple[Any, Any, Any]] = {
    "round": (Round, Round.title, None),
    "submission": (Submission, Submission.title, None),
    "proposal": (Proposal, Proposal.title, None),
    "pilot": (Pilot, Pilot.title, None),
    "review": (Review, Proposal.title, Review.proposal_id),
    "conflict": (Conflict, Proposal.title, Conflict.proposal_id),
    "discussion": (Proposal, Proposal.title, None),
    "consensus": (Consensus, Proposal.title, Consensus.proposal_id),
    "redacted_copy": (RedactedCopy, Proposal.title, RedactedCopy.proposal_id),
    "common_item": (CommonItem, Round.title, CommonItem.round_id),
    "commitment": (Commitment, Proposal.title, Commitment.proposal_id),
    "outcome": (Outcome, Proposal.title, Outcome.proposal_id),
    "appeal": (Appeal, Proposal.title, Appeal.proposal_id),
    "report": (Report, Pilot.title, Report.pilot_id),
    "tranche": (Tranche, Pilot.title, Tranche.pilot_id),
    "claim": (Claim, Pilot.title, Claim.pilot_id),
    "change_request": (ChangeRequest, Pilot.title, ChangeRequest.pilot_id),
    "mentor_note": (MentorNote, Pilot.title, MentorNote.pilot_id),
    "juror": (Juror, Round.title, Juror.round_id),
    "question": (Question, Question.text, None),
    "organisation": (Organisation, Organisation.name, None),
    "person": (Person, Person.name, None),
}


def _title(w: Work, name: str, codes: list[str]) -> Any:
    table, title, leads_to = TITLES[name]
    made = columns(literal(name).label("workflow"), table.code, title).where(table.code.in_(codes))
    if leads_to is not None:
        made = made.join(title.class_, title.class_.id == leads_to)
    if name == "person":
        made = made.where(col(Person.id).not_in(select(Juror.person_id).where(is_hidden(w))))
    return made


# The chain


def check(w: Work, noted: str = "") -> Check:
    """Verify the whole chain, when that is quick enough for a request; ``noted`` is a head of an earlier day."""
    require_reader(w)
    count = w.session.exec(select(func.count()).select_from(Step)).one()
    if count > MOST_CHECKED:
        return Check(count, (), is_too_long=True)
    return Check(count, tuple(journal.faults(w.session, noted)), head=journal.head(w.session))
