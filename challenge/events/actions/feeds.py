"""The secret address of a person's calendar: made, renewed, ended."""

from __future__ import annotations

import secrets

from sqlmodel import col, delete

from challenge.events import queries, rules
from challenge.events.models import CalendarFeed
from challenge.kernel.errors import Forbidden, Missing
from challenge.kernel.work import Work
from challenge.people.queries import person, token_hash

TOKEN_BYTES = 32


def open_feed(w: Work) -> str:
    """A new address; the one before leads nowhere from now on. Gives back the secret, kept nowhere."""
    if w.actor.id is None:
        raise Forbidden(rules.SIGN_IN)
    _end(w)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    w.add(CalendarFeed(person_id=w.actor.id, token_hash=token_hash(token), made_at=w.now))
    w.note("person", person(w, w.actor.id), "open_calendar")
    return token


def end_feed(w: Work) -> None:
    """The address leads nowhere from now on."""
    if queries.feed(w) is None:
        raise Missing
    _end(w)
    w.note("person", person(w, w.actor.id), "end_calendar")


def _end(w: Work) -> None:
    w.session.exec(delete(CalendarFeed).where(col(CalendarFeed.person_id) == w.actor.id))
