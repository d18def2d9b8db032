"""The daily mail about comments: how many are new where one works, never what they say; who may read is asked then."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import col, func, select

from challenge.kernel.comment import Comment
from challenge.kernel.errors import Missing
from challenge.kernel.i18n import Text, _, _n, speaking
from challenge.kernel.journal import Step, StepText
from challenge.kernel.looking import Looked
from challenge.kernel.work import Work
from challenge.notifications.audiences import people_of
from challenge.notifications.subjects import Subject
from challenge.people.models import Person
from challenge.people.queries import actor_of
from challenge.proposals import content, queries, rules
from challenge.proposals.models import PartnerCity, Proposal, TeamMember
from challenge.selection.letters import Letter

WORKFLOW, SUBJECT, ACT = "service", "comments", "digest_comments"
FIRST = timedelta(days=1)  # how far the first one looks back


def tell(w: Work, until: datetime) -> None:
    """By the system: journal from when to when comments are told. Where nobody has said anything, nothing is."""
    since = _told_until(w) or until - FIRST
    if w.session.exec(select(Comment.id).where(_between(since, until)).limit(1)).first() is not None:
        given = {"from": since.isoformat(), "to": until.isoformat()}
        w.step(WORKFLOW, SUBJECT, ACT, old=None, new=None, given=given)


def _told_until(w: Work) -> datetime | None:
    last = (
        select(StepText.given)
        .join(Step, col(Step.id) == StepText.step_id)
        .where(Step.workflow == WORKFLOW, Step.subject_code == SUBJECT)
        .order_by(col(Step.id).desc())
    )
    given = w.session.exec(last.limit(1)).first()
    return None if given is None else datetime.fromisoformat(given["to"])


def _between(since: datetime, until: datetime) -> ColumnElement[bool]:
    """Of proposals, and not settled yet: what is needs nobody."""
    at = col(Comment.created_at)
    return and_(col(Comment.workflow) == content.WORKFLOW, at > since, at <= until, col(Comment.ended_at).is_(None))


def concerned(w: Work, _subject: Subject, _step: Step, given: dict[str, Any]) -> set[int]:
    """The teams, the leads and deputies of their cities and whoever takes part in the talk, where there is news."""
    said = select(Comment.subject_code).where(_span(given)).distinct()
    found = w.session.exec(select(Proposal).where(col(Proposal.code).in_(said))).all()
    ids = [proposal.id for proposal in found]
    team = select(TeamMember.person_id).where(
        col(TeamMember.proposal_id).in_(ids), col(TeamMember.left_at).is_(None), col(TeamMember.person_id).is_not(None)
    )
    cities = select(PartnerCity.city_id).where(
        col(PartnerCity.proposal_id).in_(ids), col(PartnerCity.left_at).is_(None)
    )
    talking = select(Comment.by_id).where(
        Comment.workflow == content.WORKFLOW, col(Comment.subject_code).in_([proposal.code for proposal in found])
    )
    wanted = {*w.session.exec(team), *w.session.exec(talking)} | people_of(w, w.session.exec(cities).all())
    people = w.session.exec(select(Person).where(col(Person.id).in_(wanted), col(Person.digest_off_at).is_(None)))
    return {person.id for person in people if any(True for _found in news(w, person, given))}


def _span(given: dict[str, Any]) -> ColumnElement[bool]:
    return _between(datetime.fromisoformat(given["from"]), datetime.fromisoformat(given["to"]))


@dataclass(frozen=True, slots=True)
class News:
    """How much others have said of a proposal that this person has not read."""

    proposal: Proposal
    comments: int
    suggestions: int

    @property
    def text(self) -> str:
        """In words, in the language spoken."""
        said: list[Text] = []
        if self.comments:
            said.append(_n("one comment", "%(n)s comments", self.comments))
        if self.suggestions:
            said.append(_n("one suggested text", "%(n)s suggested texts", self.suggestions))
        return str(_("– “%(title)s”: %(said)s", title=self.proposal.title, said=", ".join(map(str, said))))


def news(w: Work, person: Person, given: dict[str, Any]) -> Iterator[News]:
    """Where others have said something this person has not read and may read now, by proposal."""
    seen = and_(
        col(Looked.workflow) == Comment.workflow, col(Looked.subject_code) == Comment.subject_code,
        col(Looked.question) == Comment.question, col(Looked.person_id) == person.id,
    )  # fmt: skip
    suggests = col(Comment.proposed).is_not(None)
    unread = (
        select(Comment.subject_code, suggests, func.count(col(Comment.id)))
        .outerjoin(Looked, seen)
        .where(_span(given), Comment.by_id != person.id)
        .where(or_(col(Looked.at).is_(None), col(Looked.at) < col(Comment.created_at)))
        .group_by(col(Comment.subject_code), suggests)
    )
    counted: dict[str, Counter[bool]] = {}
    for code, is_suggestion, count in w.session.exec(unread):
        counted.setdefault(code, Counter())[bool(is_suggestion)] = count
    as_reader = Work(w.session, actor_of(w.session, person, w.now), w.now)
    for code in sorted(counted):
        try:
            proposal = queries.visible(as_reader, code)
        except Missing:
            continue
        if rules.works_on_it(as_reader, proposal) is None:
            yield News(proposal, counted[code][False], counted[code][True])


def of_person(w: Work, _subject: Subject, _step: Step, given: dict[str, Any], person: Person) -> Letter:
    """The mail to one person: numbers and where to look."""
    found = sorted(news(w, person, given), key=lambda one: one.proposal.title)
    links = tuple((one.proposal.title, f"/proposals/{one.proposal.code}/check") for one in found)
    with speaking(person.locale):
        total = sum(one.comments + one.suggestions for one in found)
        return Letter(
            person.locale,
            str(_n("One new comment where you work", "%(n)s new comments where you work", total)),
            (
                ("", str(_("Since you last looked others have said something where you work on it:"))),
                ("", "\n".join(one.text for one in found)),
                ("", str(_("What they say is read in the service. Your account page ends this mail."))),
            ),
            (str(_("Open the proposal")), links[0][1] if len(links) == 1 else "/proposals"),
            links,
        )  # fmt: skip
