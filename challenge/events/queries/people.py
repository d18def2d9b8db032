"""Who comes to an event, and who waits for a seat."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import col, func, select

from challenge.events.models import Event, Registration
from challenge.kernel.work import Work
from challenge.people.models import Membership, Organisation, Person


@dataclass(frozen=True, slots=True)
class Count:
    """How many have a seat, how many wait, and how many seats are left (None: no limit)."""

    seated: int
    waiting: int
    left: int | None


def counted(w: Work, event: Event) -> Count:
    """As it stands now."""
    seated, all_ = w.session.exec(
        select(func.count(col(Registration.slot)), func.count(col(Registration.id))).where(
            Registration.event_id == event.id, col(Registration.left_at).is_(None)
        )
    ).one()
    return Count(seated, all_ - seated, None if event.seats is None else event.seats - seated)


def waiting(w: Work, event: Event) -> list[Registration]:
    """Who waits for a seat, in order; not those whose account is closed."""
    rows = (
        select(Registration)
        .join(Person, col(Person.id) == Registration.person_id)
        .where(
            Registration.event_id == event.id, col(Registration.left_at).is_(None), col(Registration.slot).is_(None),
            col(Person.disabled_at).is_(None), col(Person.erased_at).is_(None),
        )
    )  # fmt: skip
    return list(w.session.exec(rows.order_by(col(Registration.id))))


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody who is registered, as those who run the round read it."""

    code: str
    name: str
    organisations: str
    has_seat: bool
    attended: bool | None


def guests(w: Work, event: Event) -> list[Guest]:
    """Everybody who is registered: by name who has a seat, then in line who waits."""
    rows = w.session.exec(
        select(Registration, Person)
        .join(Person, col(Person.id) == Registration.person_id)
        .where(Registration.event_id == event.id, col(Registration.left_at).is_(None))
        .order_by(col(Registration.id))
    ).all()
    places: dict[int, list[str]] = {}
    for person_id, name in w.session.exec(
        select(Membership.person_id, Organisation.name)
        .join(Organisation, col(Organisation.id) == Membership.organisation_id)
        .where(col(Membership.person_id).in_([person.id for _found, person in rows]))
        .order_by(Organisation.name)
    ):
        places.setdefault(person_id, []).append(name)
    found = [
        Guest(person.code, person.name, ", ".join(places.get(person.id, [])), one.slot is not None, one.attended)
        for one, person in rows
    ]
    return sorted(found, key=lambda one: (not one.has_seat, one.name if one.has_seat else ""))
