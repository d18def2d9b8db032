"""People register and leave; a free seat goes to whoever waits longest; afterwards it is recorded who came."""

from __future__ import annotations

from collections.abc import Iterable

from sqlmodel import col, select

from challenge.events import queries, rules
from challenge.events.actions.talks import drop_talks_of
from challenge.events.models import Event, Registration
from challenge.events.states import EventState
from challenge.kernel.errors import Forbidden, Refused
from challenge.kernel.work import Work
from challenge.people.models import Person
from challenge.people.rules import is_coordinator


def register(w: Work, event: Event) -> Registration:
    """The actor comes, or waits in line where no seat is left. Two at the same moment wait for each other."""
    if w.actor.id is None:
        raise Forbidden(rules.SIGN_IN)
    if problem := rules.is_guest(w, event):
        raise Forbidden(problem)
    lock(w, event)
    if problem := rules.may_register(w, event):
        raise Refused(problem)
    slot = None if queries.waiting(w, event) else free_slot(w, event)
    made = w.add(Registration(event_id=event.id, person_id=w.actor.id, slot=slot, slot_cap=event.seats, at=w.now))
    w.note(rules.WORKFLOW, event, "register" if slot else "wait_in_line", {"person": w.actor.code})
    return made


def leave(w: Work, event: Event) -> None:
    """The actor does not come; the seat goes to who waits longest."""
    lock(w, event)
    if problem := rules.may_leave(w, event):
        raise Refused(problem)
    if (own := rules.registration(w, event, w.actor.id)) is not None:
        drop_talks_of(w, event, own.person_id)
        own.left_at, own.slot = w.now, None
        w.session.flush()
    w.note(rules.WORKFLOW, event, "stay_away", {"person": w.actor.code})
    fill(w, event)


def free_slot(w: Work, event: Event) -> int | None:
    """The lowest seat nobody has; None when all are taken."""
    taken = set(w.session.exec(select(Registration.slot).where(Registration.event_id == event.id)))
    lowest = next(slot for slot in range(1, len(taken) + 2) if slot not in taken)
    return lowest if event.seats is None or lowest <= event.seats else None


def fill(w: Work, event: Event) -> None:
    """Free seats go to those who wait, in order; each is told."""
    for row in queries.waiting(w, event):
        if (slot := free_slot(w, event)) is None:
            return
        row.slot = slot
        w.session.flush()
        person = w.session.get_one(Person, row.person_id)
        w.note(rules.WORKFLOW, event, "take_seat", {"person": person.code, "since": event.begins_at.isoformat()})


def fill_all(w: Work) -> None:
    """Seats that became free without anybody leaving (an account was erased)."""
    found = select(Event).where(Event.state == EventState.ANNOUNCED, col(Event.begins_at) > w.now)
    for event in w.session.exec(found.order_by(col(Event.id))).all():
        lock(w, event)
        fill(w, event)


def attend(w: Work, event: Event, present: Iterable[str]) -> int:
    """Record who came, by the codes of people; everybody else who had a seat did not. Gives back how many came."""
    if problem := is_coordinator(w, event):
        raise Forbidden(problem)
    if problem := rules.has_begun(w, event):
        raise Refused(problem)
    came, count = set(present), 0
    for row, code in w.session.exec(
        select(Registration, Person.code)
        .join(Person, col(Person.id) == Registration.person_id)
        .where(Registration.event_id == event.id, col(Registration.slot).is_not(None))
    ).all():
        row.attended = code in came
        count += row.attended
    w.session.flush()
    w.note(rules.WORKFLOW, event, "record_attendance", {"count": count})
    return count


def lock(w: Work, event: Event) -> None:
    """Whoever changes the seats of the event at the same moment waits."""
    w.session.exec(select(Event.id).where(Event.id == event.id).with_for_update())
