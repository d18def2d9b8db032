"""The timetable of a matchmaking day is planned, changed by hand, and sent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import col, delete, func, select

from challenge.events import queries, rules
from challenge.events.models import Event, Talk, TalkPerson, TalkPlan
from challenge.events.queries.taking import Side, Sides
from challenge.events.schemas import PlanIn, TalkIn
from challenge.kernel.errors import Forbidden, Invalid, Problem, Refused
from challenge.kernel.i18n import _
from challenge.kernel.work import Work
from challenge.partners import queries as partners
from challenge.people.models import Person
from challenge.people.rules import is_coordinator


@dataclass(frozen=True, slots=True)
class Found:
    """A talk that was computed: who, in which slot (from 1), at which table (from 1), worth how much in tenths."""

    proposal: Side
    city: Side
    slot: int
    place: int
    worth: int


def demand(w: Work, event: Event) -> None:
    """Who plans the day: a coordinator who may read every proposal that could take part. Raises Forbidden, Refused."""
    if problem := is_coordinator(w, event):
        raise Forbidden(problem)
    if problem := rules.has_talks(w, event) or rules.is_ahead(w, event):
        raise Refused(problem)
    if queries.hidden(w, event):
        raise Refused(OTHERS_PLAN)


def to_plan(w: Work, event: Event, given: PlanIn) -> tuple[Sides, Any]:
    """Both sides, and what the partner finder knows of them. Raises Forbidden, Refused, Invalid."""
    demand(w, event)
    if not queries.hours(event, given.minutes):
        text = _("The event is shorter than that: enter fewer minutes")
        raise Invalid(Problem("minutes", text, {"minutes": text}))
    found = queries.sides(w, event)
    if not found.proposals or not found.cities:
        raise Refused(NOBODY_TO_MEET)
    return found, partners.known(w, found.ids)


def computed(found: Sides, known: Any, event: Event, given: PlanIn) -> list[Found]:
    """The best timetable. Takes no database: computed outside of any unit of work."""
    from challenge.optimise.timetable import timetable  # noqa: PLC0415 -- the solver is loaded when first needed
    from challenge.partners.matching import worth  # noqa: PLC0415

    want, _wish = worth(found.ids, known)
    for row, proposal in enumerate(found.proposals):
        for column, city in enumerate(found.cities):
            if (proposal.id, city.id) in found.apart:
                want[row, column] = 0
    best = timetable(
        want, [one.person_id for one in found.proposals], [one.person_id for one in found.cities],
        len(queries.hours(event, given.minutes)), given.tables,
    )  # fmt: skip
    return [
        Found(found.proposals[row], found.cities[column], slot + 1, table + 1, int(want[row, column]))
        for row, column, slot, table in best.meetings
    ]


def keep(w: Work, event: Event, given: PlanIn, talks: Sequence[Found]) -> TalkPlan:
    """Write the timetable down in place of the one before; nobody is told before it is sent."""
    demand(w, event)
    if w.actor.id is None:
        raise Forbidden(rules.SIGN_IN)
    _lock(w, event)
    _clear(w, event)
    plan = w.add(TalkPlan(event_id=event.id, minutes=given.minutes, tables=given.tables, by_id=w.actor.id))
    seated = queries.seated_ids(w, event)
    for one in talks:
        if {one.proposal.person_id, one.city.person_id} <= seated:
            _add(w, event, one)
    w.note(rules.WORKFLOW, event, "plan_talks", {"minutes": given.minutes, "tables": given.tables})
    return plan


def _lock(w: Work, event: Event) -> None:
    w.session.exec(select(Event.id).where(Event.id == event.id).with_for_update())


def _clear(w: Work, event: Event) -> None:
    for table in (TalkPerson, Talk, TalkPlan):
        w.session.exec(delete(table).where(col(table.event_id) == event.id))
    w.session.expire_all()


def _add(w: Work, event: Event, one: Found) -> Talk:
    made = w.add(
        Talk(
            event_id=event.id, round_code=event.round_code, proposal_id=one.proposal.id, city_id=one.city.id,
            slot=one.slot, place=one.place, worth=one.worth,
        )
    )  # fmt: skip
    for person_id in (one.proposal.person_id, one.city.person_id):
        w.add(TalkPerson(talk_id=made.id, event_id=event.id, slot=one.slot, person_id=person_id))
    return made


def add_talk(w: Work, event: Event, given: TalkIn) -> Talk:
    """A talk the coordinator wants besides. Raises Forbidden, Refused, Invalid."""
    demand(w, event)
    _in_the_day(w, event, given.slot, given.place)
    found = queries.sides(w, event)
    proposal = next((one for one in found.proposals if one.code == given.proposal), None)
    city = next((one for one in found.cities if one.code == given.city), None)
    if proposal is None or city is None:
        name, text = ("proposal" if proposal is None else "city"), _("Choose from the list")
        raise Invalid(Problem(name, text, {name: text}))
    made = _add(w, event, Found(proposal, city, given.slot, given.place, 0))
    _changed(w, event, "add_talk", made)
    return made


def move_talk(w: Work, event: Event, talk: Talk, slot: int, place: int) -> None:
    """Another time or table. Whoever has another talk then is never booked twice: the database refuses it."""
    demand(w, event)
    _in_the_day(w, event, slot, place)
    talk.slot, talk.place = slot, place
    w.session.flush()
    _changed(w, event, "move_talk", talk)


def drop_talk(w: Work, event: Event, talk: Talk) -> None:
    """It does not take place."""
    demand(w, event)
    _drop(w, event, talk)


def drop_talks_of(w: Work, event: Event, person_id: int) -> None:
    """Who gives their seat back has no talks any more; those they would have met are told."""
    mine = select(TalkPerson.talk_id).where(TalkPerson.event_id == event.id, TalkPerson.person_id == person_id)
    for talk in w.session.exec(select(Talk).where(col(Talk.id).in_(mine)).order_by(col(Talk.id))).all():
        _drop(w, event, talk)


def _drop(w: Work, event: Event, talk: Talk) -> None:
    _changed(w, event, "drop_talk", talk)
    w.session.exec(delete(TalkPerson).where(col(TalkPerson.talk_id) == talk.id))
    w.session.delete(talk)
    w.session.flush()


def _in_the_day(w: Work, event: Event, slot: int, place: int) -> None:
    plan = queries.plan_of(w, event)
    if plan is None:
        raise Refused(NOT_PLANNED)
    for name, value, most in (("slot", slot, len(queries.hours(event, plan.minutes))), ("place", place, plan.tables)):
        if not 1 <= value <= most:
            text = _("Choose a number from 1 to %(most)s", most=most)
            raise Invalid(Problem(name, text, {name: text}))


def _changed(w: Work, event: Event, act: str, talk: Talk) -> None:
    """Those who had been sent the timetable are told."""
    plan = queries.plan_of(w, event)
    is_sent = plan is not None and plan.sent_at is not None
    people = codes(w, select(TalkPerson.person_id).where(TalkPerson.talk_id == talk.id)) if is_sent else []
    w.note(rules.WORKFLOW, event, act, {"people": people, "since": event.begins_at.isoformat()})


def codes(w: Work, ids: Iterable[int] | object) -> list[str]:
    """The codes of these people."""
    return list(w.session.exec(select(Person.code).where(col(Person.id).in_(ids)).order_by(col(Person.id))))  # type: ignore[arg-type]


def send(w: Work, event: Event) -> int:
    """Everybody who has a talk is told, and sees their timetable. Gives back how many people."""
    demand(w, event)
    plan = queries.plan_of(w, event)
    if plan is None or not w.session.exec(select(func.count(col(Talk.id))).where(Talk.event_id == event.id)).one():
        raise Refused(NOT_PLANNED)
    if problem := rules.is_announced(w, event):
        raise Refused(problem)
    plan.sent_at = w.now
    w.session.flush()
    people = codes(w, select(TalkPerson.person_id).where(TalkPerson.event_id == event.id))
    w.note(rules.WORKFLOW, event, "send_talks", {"people": people, "since": event.begins_at.isoformat()})
    return len(people)


OTHERS_PLAN = Problem(
    "others_plan",
    _("A conflict of interest keeps a proposal of this round from you. Ask another coordinator to plan the talks."),
)
NOBODY_TO_MEET = Problem(
    "nobody_to_meet",
    _("At least one proposal and one city need somebody who has a seat. Invite them to register first."),
)
NOT_PLANNED = Problem("not_planned", _("No talk is planned yet. Plan the talks first."))
