"""The secret address of a person's calendar: made, renewed, ended."""

from __future__ import annotations

import secrets

from sqlmodel import delete

from challenge.events import queries
from challenge.events.models import CalendarFeed
from challenge.kernel.errors import Forbidden, Missing
from challenge.kernel.i18n import _
from challenge.kernel.work import Work
from challenge.people.queries import person, token_hash
from challenge.people.rules import may_not

TOKEN_BYTES = 32


def open_feed(w: Work) -> str:
    """A new address; the one before leads nowhere from now on. Gives back the secret, kept nowhere."""
    if w.actor.id is None:
        raise Forbidden(may_not(_("Sign in to do this.")))
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
    w.session.exec(delete(CalendarFeed).where(CalendarFeed.person_id == w.actor.id))
