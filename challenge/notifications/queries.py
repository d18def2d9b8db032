"""Readers of a step's messages, and a person's inbox."""

from __future__ import annotations

from sqlalchemy import func
from sqlmodel import col, select

from challenge.kernel.errors import Missing
from challenge.kernel.paging import PAGE, Page, after, cursor
from challenge.kernel.work import Work
from challenge.notifications.models import Message
from challenge.notifications.subjects import subject_of
from challenge.people.models import Person

__all__ = ["inbox", "message", "readers", "subject_of", "unread_count"]


def readers(w: Work, person_ids: set[int], actor_id: int | None) -> list[Person]:
    """The people themselves: not disabled, not erased, not the one who did it (when ``actor_id`` is given)."""
    wanted = person_ids - {actor_id}
    if not wanted:
        return []
    rows = select(Person).where(
        col(Person.id).in_(wanted), col(Person.disabled_at).is_(None), col(Person.erased_at).is_(None)
    )
    return list(w.session.exec(rows.order_by(col(Person.id))))


def inbox(w: Work, following: str | None = None) -> Page[Message]:
    """The actor's messages, newest first."""
    rows = select(Message).where(Message.person_id == w.actor.id).order_by(col(Message.id).desc())
    if keys := after(following, int):
        rows = rows.where(col(Message.id) < keys[0])
    found = list(w.session.exec(rows.limit(PAGE + 1)))
    more = cursor(found[PAGE - 1].id) if len(found) > PAGE else None
    return Page(found[:PAGE], more)


def message(w: Work, message_id: int) -> Message:
    """One of the actor's messages."""
    found = w.session.get(Message, message_id)
    if found is None or found.person_id != w.actor.id:
        raise Missing
    return found


def unread_count(w: Work) -> int:
    """How many of the actor's messages are new."""
    rows = select(func.count()).select_from(Message)
    return w.session.exec(rows.where(Message.person_id == w.actor.id, col(Message.read_at).is_(None))).one()
