"""What stands in a calendar: of one event, of a round, of a person. Nothing here tells who judges what."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from challenge.events import rules
from challenge.events.calendar import Date
from challenge.events.models import Event, Registration
from challenge.events.queries.events import events_of, in_sight
from challenge.events.queries.talks import own_talks
from challenge.events.states import EventState
from challenge.kernel.i18n import _
from challenge.kernel.work import Work
from challenge.people.rules import is_juror
from challenge.proposals import queries as proposals
from challenge.proposals.models import Proposal, TeamTask
from challenge.proposals.states import ENDS
from challenge.proposals.tasks import KEYS
from challenge.rounds import queries as rounds
from challenge.rounds.models import Extension, Round
from challenge.rounds.states import CLOSES, RoundState, WindowName
from challenge.submissions.models import Submission

W = WindowName
OF_CITIES = frozenset({W.CHALLENGES, W.INTERESTS, W.PREFERENCES})
OF_RESEARCHERS = frozenset({W.IDEAS, W.PILOT_PROPOSALS, W.FULL_PROPOSALS})
END_OF_DAY = time(23, 59)
DATED = (RoundState.PUBLISHED, RoundState.CANCELLED)  # in other states nothing is waited for any more


def of_event(w: Work, event: Event) -> Date:
    """An event, with the link for those who have a seat."""
    own = rules.registration(w, event, w.actor.id) if w.actor.id is not None else None
    link = event.link if rules.sees_link(w, event, own) else None
    return Date(
        f"event-{event.code}", event.version, event.begins_at, event.title, f"/events/{event.code}", event.ends_at,
        f"{event.text}\n\n{link}" if link else event.text, event.place or (link or ""),
        is_cancelled=event.state is EventState.CANCELLED, is_sure=own is None or own.slot is not None,
    )  # fmt: skip


def of_talks(w: Work, event: Event) -> list[Date]:
    """The actor's own talks at a matchmaking day, once they were sent."""
    return [
        Date(
            f"talk-{row.talk.code}", event.version + row.talk.version, row.begins_at,
            str(_("Talk: %(city)s, %(proposal)s", city=row.city, proposal=row.proposal)), f"/events/{event.code}",
            row.ends_at, place=str(_("Table %(n)s", n=row.talk.place)),
        )
        for row in own_talks(w, event)
    ]  # fmt: skip


def of_round(w: Work, round_: Round) -> list[Date]:
    """The deadlines of a round and its events, as everybody may know them."""
    events = [of_event(w, event) for event in events_of(w, round_) if event.announced_at is not None]
    return [*_deadlines(w, round_, frozenset(WindowName)), *events]


def _deadlines(w: Work, round_: Round, names: frozenset[WindowName]) -> Iterator[Date]:
    if round_.state not in DATED:
        return
    for name, window in rounds.windows(w, round_).items():
        if name in names:
            yield Date(
                f"window-{round_.code}-{name}", round_.version, window.closes_at, f"{CLOSES[name]}: {round_.title}",
                f"/rounds/{round_.code}", is_cancelled=round_.state is RoundState.CANCELLED,
            )  # fmt: skip


def of_person(w: Work) -> list[Date]:
    """The actor's: deadlines of rounds under way that concern them, more time they were given, events they go to."""
    dates: list[Date] = []
    for round_ in w.session.exec(select(Round).where(rounds.in_sight(w), col(Round.state).in_(DATED))).all():
        dates += _deadlines(w, round_, _concerning(w, round_))
        if rounds.sees_inside(w, round_):
            dates += [of_event(w, event) for event in events_of(w, round_) if event.announced_at is not None]
    mine = select(Registration.event_id).where(
        Registration.person_id == w.actor.id, col(Registration.left_at).is_(None)
    )
    going = w.session.exec(select(Event).where(col(Event.id).in_(mine), in_sight(w))).all()
    for event in going:
        dates += [of_event(w, event), *of_talks(w, event)]
    dates += [*_extended(w), *_tasks(w)]
    by_key = {date.key: date for date in dates}
    return sorted(by_key.values(), key=lambda date: (date.begins_at, date.key))


def _concerning(w: Work, round_: Round) -> frozenset[WindowName]:
    if rounds.sees_inside(w, round_):
        return frozenset(WindowName)
    kinds, cities = rules.kinds_of(w), rounds.rules_of(round_).city_kinds
    names = OF_CITIES if kinds & cities else frozenset()
    in_team = select(Proposal.id).where(Proposal.round_id == round_.id, proposals.of_team(w)).limit(1)
    if rules.is_of_research(kinds, cities) or w.session.exec(in_team).first() is not None:
        names |= OF_RESEARCHERS
    return names | {W.JURY} if is_juror(w, round_) is None else names


def _tasks(w: Work) -> Iterator[Date]:
    """What the actor has taken on in a team, at the end of its day."""
    rows = w.session.exec(
        select(TeamTask, Proposal, Round.zone)
        .join(Proposal, col(Proposal.id) == TeamTask.proposal_id)
        .join(Round, col(Round.id) == Proposal.round_id)
        .where(
            TeamTask.person_id == w.actor.id, col(TeamTask.done_at).is_(None), col(TeamTask.due_on).is_not(None),
            col(Proposal.state).not_in(ENDS), proposals.of_team(w),
        )
    )  # fmt: skip
    for task, proposal, zone in rows:
        if task.due_on is not None:
            at = datetime.combine(task.due_on, END_OF_DAY, tzinfo=ZoneInfo(zone)).astimezone(UTC)
            title = f"{task.title or KEYS.get(task.key or '', '')}: {proposal.title}"
            yield Date(f"task-{task.code}", task.version, at, title, f"/proposals/{proposal.code}/tasks")


def _extended(w: Work) -> Iterator[Date]:
    """More time for a record of the actor's own; each time it is given again it is the next sequence."""
    own = select(Proposal.code, Proposal.title).where(proposals.of_team(w))
    places = select(Submission.code, Submission.title).where(col(Submission.city_id).in_(w.actor.organisations()))
    for workflow, rows in (("proposal", own), ("submission", places)):
        titles: dict[str, Any] = dict(w.session.exec(rows).all())
        given = w.session.exec(
            select(Extension)
            .where(Extension.workflow == workflow, col(Extension.subject_code).in_(titles))
            .order_by(col(Extension.id))
        ).all()
        times: dict[str, list[Extension]] = {}
        for one in given:
            times.setdefault(one.subject_code, []).append(one)
        for code, each in times.items():
            title = str(_("Due: %(title)s", title=titles[code]))
            yield Date(f"due-{code}", len(each), each[-1].until, title, f"/{workflow}s/{code}")
