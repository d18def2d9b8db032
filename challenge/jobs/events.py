"""The day before an event whoever has a seat is reminded: once, however many nodes run. Free seats are given out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlmodel import col, select

from challenge.events import actions
from challenge.events.models import Event
from challenge.events.states import EventState
from challenge.kernel.work import Work

BEFORE = timedelta(days=1)
STALE = timedelta(hours=12)  # a reminder that is later than this comes too late to be one


def due(w: Work) -> Iterator[tuple[str, datetime]]:
    """The slots of all events that begin within a day, and one an hour for free seats; a moved event has a new key."""
    rows = select(Event.code, Event.begins_at).where(
        Event.state == EventState.ANNOUNCED, col(Event.begins_at) > w.now,
        col(Event.begins_at) <= w.now + BEFORE,
    )  # fmt: skip
    for code, begins_at in w.session.exec(rows):
        if begins_at - BEFORE > w.now - STALE:
            yield f"event:{code}:{begins_at.isoformat()}", begins_at - BEFORE
    hour = w.now.replace(minute=0, second=0, microsecond=0)
    yield f"seats:{hour.isoformat()}", hour


def run(w: Work, key: str) -> None:
    """Remind, unless the event was moved or cancelled since, or has begun."""
    _prefix, code, instant = key.split(":", 2)
    event = w.session.exec(select(Event).where(Event.code == code)).one()
    is_same = event.begins_at == datetime.fromisoformat(instant)
    if event.state is EventState.ANNOUNCED and is_same and w.now < event.begins_at:
        actions.remind(w, event)


def seats(w: Work, _key: str) -> None:
    """Seats that became free without anybody leaving go to those who wait."""
    actions.fill_all(w)
