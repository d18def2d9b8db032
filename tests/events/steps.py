"""A round with an event, and who is at it."""

from sqlmodel import select

from challenge.events.models import Event, Registration
from challenge.people.models import Person
from tests.factories.events import make_event
from tests.factories.rounds import make_round


def planned(world, **fields):
    """An event of a published round; its code."""
    with world.acting() as w:
        return make_event(w, make_round(w), **fields).code


def get(w, code):
    return w.session.exec(select(Event).where(Event.code == code)).one()


def act(world, name, code, do, *given):
    """Do it as this person of the cast."""
    with world.acting(name) as w:
        return do(w, get(w, code), *given)


def seats(world, code):
    """First name → seat number, None for who waits; in the order they came."""
    with world.acting(writing=False) as w:
        rows = w.session.exec(
            select(Person.name, Registration.slot)
            .join(Registration, Registration.person_id == Person.id)
            .where(Registration.event_id == get(w, code).id, Registration.left_at.is_(None))
            .order_by(Registration.id)
        ).all()
        return {name.split()[0].lower(): slot for name, slot in rows}
