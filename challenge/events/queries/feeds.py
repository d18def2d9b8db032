"""Whose calendar an address is."""

from __future__ import annotations

from sqlmodel import col, select

from challenge.events.models import CalendarFeed
from challenge.kernel.errors import Missing
from challenge.kernel.work import Work
from challenge.people.models import Person
from challenge.people.queries import actor_of, token_hash


def feed(w: Work) -> CalendarFeed | None:
    """The actor's address, if there is one; the address itself is not kept."""
    return w.session.exec(select(CalendarFeed).where(CalendarFeed.person_id == w.actor.id)).first()


def reader_of(w: Work, token: str) -> Work:
    """Work of the person whose address this is, for reading only. Raises Missing, for disabled people too."""
    owner = w.session.exec(
        select(Person)
        .join(CalendarFeed, col(CalendarFeed.person_id) == Person.id)
        .where(CalendarFeed.token_hash == token_hash(token))
    ).first()
    actor = actor_of(w.session, owner, w.now) if owner is not None else None
    if actor is None or not actor.signed_in:
        raise Missing
    return Work(w.session, actor, w.now)
