"""The timetable of a matchmaking day: all of it for those who run it, one's own for who talks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, select

from challenge.events.models import Event, Talk, TalkPerson, TalkPlan
from challenge.events.states import EventState
from challenge.kernel.errors import Missing
from challenge.kernel.work import Work
from challenge.people.models import Organisation, Person
from challenge.proposals import queries as proposals
from challenge.proposals.models import Proposal


@dataclass(frozen=True, slots=True)
class TalkRow:
    """A talk as its reader sees it. ``person`` is who sits opposite (for who runs the day: both, proposal first)."""

    talk: Talk
    begins_at: datetime
    ends_at: datetime
    proposal: str
    proposal_code: str
    city: str
    city_code: str
    people: tuple[str, ...]


def plan_of(w: Work, event: Event) -> TalkPlan | None:
    """How the day is cut into slots, once somebody has planned it."""
    return w.session.exec(select(TalkPlan).where(TalkPlan.event_id == event.id)).first()


def hours(event: Event, minutes: int) -> list[tuple[datetime, datetime]]:
    """Beginning and end of each slot: whole ones, one after the other."""
    step = timedelta(minutes=minutes)
    count = int((event.ends_at - event.begins_at) / step)
    return [(event.begins_at + step * place, event.begins_at + step * (place + 1)) for place in range(count)]


def all_talks(w: Work, event: Event) -> list[TalkRow]:
    """Every talk by slot and table, for those who run or observe the round; never one of a proposal kept from them."""
    seen = select(Proposal.id).where(proposals.in_sight(w))
    rows = select(Talk).where(Talk.event_id == event.id, col(Talk.proposal_id).in_(seen))
    return _rows(w, event, w.session.exec(rows).all())


def own_talks(w: Work, event: Event) -> list[TalkRow]:
    """The actor's own, once the timetable was sent."""
    plan = plan_of(w, event)
    if plan is None or plan.sent_at is None or event.state is not EventState.ANNOUNCED:
        return []
    mine = select(TalkPerson.talk_id).where(TalkPerson.event_id == event.id, TalkPerson.person_id == w.actor.id)
    return _rows(w, event, w.session.exec(select(Talk).where(col(Talk.id).in_(mine))).all(), but=w.actor.id)


def talk(w: Work, event: Event, code: str) -> Talk:
    """One of those the actor sees as a whole. Raises Missing."""
    found = next((row.talk for row in all_talks(w, event) if row.talk.code == code), None)
    if found is None:
        raise Missing
    return found


def _rows(w: Work, event: Event, talks: Iterable[Talk], but: int | None = None) -> list[TalkRow]:
    every, plan = list(talks), plan_of(w, event)
    if plan is None or not every:
        return []
    titles = {
        key: (title, code)
        for key, title, code in w.session.exec(
            select(Proposal.id, Proposal.title, Proposal.code).where(
                col(Proposal.id).in_([one.proposal_id for one in every])
            )
        )
    }
    cities = {
        key: (name, code)
        for key, name, code in w.session.exec(
            select(Organisation.id, Organisation.name, Organisation.code).where(
                col(Organisation.id).in_([one.city_id for one in every])
            )
        )
    }
    people: dict[int, list[str]] = {}
    for talk_id, name, person_id in w.session.exec(
        select(TalkPerson.talk_id, Person.name, TalkPerson.person_id)
        .join(Person, col(Person.id) == TalkPerson.person_id)
        .where(col(TalkPerson.talk_id).in_([one.id for one in every]))
        .order_by(col(TalkPerson.id))
    ):
        if person_id != but:
            people.setdefault(talk_id, []).append(name)
    step = timedelta(minutes=plan.minutes)
    found = [
        TalkRow(
            one, event.begins_at + step * (one.slot - 1), event.begins_at + step * one.slot,
            *titles[one.proposal_id], *cities[one.city_id], tuple(people.get(one.id, [])),
        )
        for one in every
    ]  # fmt: skip
    return sorted(found, key=lambda row: (row.talk.slot, row.talk.place))
