"""Coordinators plan events, change and cancel them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from pydantic import BaseModel
from sqlalchemy import update
from sqlmodel import col, func, select

from challenge.events import queries, rules
from challenge.events.actions.coming import fill, lock
from challenge.events.models import Event, Registration, Talk
from challenge.events.schemas import EventIn
from challenge.events.states import EventKind, EventState
from challenge.events.workflow import EVENT
from challenge.kernel.errors import Forbidden, Invalid, Problem, Refused
from challenge.kernel.i18n import _, _n
from challenge.kernel.work import Work
from challenge.kernel.workflow import Fired
from challenge.people.rules import is_coordinator
from challenge.rounds.models import Round
from challenge.rounds.states import RoundState

ROUND_OVER = Problem("round_over", _("This round is over: no event is added any more."))
TOLD = ("begins_at", "ends_at", "place", "link")  # whoever is registered hears when one of these changes


def plan(w: Work, round_: Round, given: EventIn) -> Event:
    """A draft of an event. Raises Forbidden, Refused, Invalid."""
    if problem := is_coordinator(w, round_):
        raise Forbidden(problem)
    if round_.state not in {RoundState.DRAFT, RoundState.PUBLISHED}:
        raise Refused(ROUND_OVER)
    _check_times(w, given)
    made = w.add(Event(round_id=round_.id, round_code=round_.code, **given.model_dump()))
    w.note(rules.WORKFLOW, made, "plan")
    return made


def revise(w: Work, event: Event, given: EventIn) -> None:
    """Change it; whoever is registered hears of another time, place or link. Raises Forbidden, Refused, Invalid."""
    if problem := is_coordinator(w, event):
        raise Forbidden(problem)
    if problem := rules.may_revise(w, event):
        raise Refused(problem)
    _check_times(w, given, event)
    lock(w, event)
    _check_seats(w, event, given.seats)
    _check_talks(w, event, given)
    moved = event.state is EventState.ANNOUNCED and any(getattr(event, n) != getattr(given, n) for n in TOLD)
    if event.seats != given.seats:
        _close_gaps(w, event)
    for name, value in given.model_dump().items():
        setattr(event, name, value)
    w.session.flush()
    _follow_seats(w, event)
    w.note(rules.WORKFLOW, event, "move" if moved else "revise", {"since": event.begins_at.isoformat()})
    if event.state is EventState.ANNOUNCED:
        fill(w, event)


def _check_times(w: Work, given: EventIn, event: Event | None = None) -> None:
    if given.ends_at <= given.begins_at:
        text = _("Choose an end that is later than the beginning")
        raise Invalid(Problem("ends_at", text, {"ends_at": text}))
    if given.begins_at <= w.now and (event is None or given.begins_at != event.begins_at):
        text = _("Choose a beginning that is not over")
        raise Invalid(Problem("begins_at", text, {"begins_at": text}))


def _check_seats(w: Work, event: Event, seats: int | None) -> None:
    seated = queries.counted(w, event).seated
    if seats is not None and seats < seated:
        text = _n("One person has a seat: enter at least 1", "%(n)s people have a seat: enter at least %(n)s", seated)
        raise Invalid(Problem("seats", text, {"seats": text}))


def _check_talks(w: Work, event: Event, given: EventIn) -> None:
    """Talks that are planned stay within the day."""
    last = w.session.exec(select(func.max(Talk.slot)).where(Talk.event_id == event.id)).first()
    plan_ = queries.plan_of(w, event)
    if last is None or plan_ is None:
        return
    if given.kind is not EventKind.MATCHMAKING:
        text = _("Talks are planned: leave it a matchmaking day")
        raise Invalid(Problem("kind", text, {"kind": text}))
    if given.ends_at - given.begins_at < timedelta(minutes=plan_.minutes) * last:
        text = _("Talks are planned for later than that: plan them anew or choose a later end")
        raise Invalid(Problem("ends_at", text, {"ends_at": text}))


def _close_gaps(w: Work, event: Event) -> None:
    """Seats are numbered anew from 1: those somebody left must not stand in the way of fewer seats."""
    rows = w.session.exec(
        select(Registration)
        .where(Registration.event_id == event.id, col(Registration.slot).is_not(None))
        .order_by(col(Registration.slot))
    ).all()
    for place, row in enumerate(rows, 1):
        if row.slot != place:
            row.slot = place
            w.session.flush()


def _follow_seats(w: Work, event: Event) -> None:
    """The foreign key follows by itself except from and to “no limit”."""
    rows = update(Registration).where(col(Registration.event_id) == event.id).values(slot_cap=event.seats)
    w.session.execute(rows.execution_options(synchronize_session=False))
    w.session.expire_all()


def fire(w: Work, event: Event, name: str, given: BaseModel | None = None) -> Fired:
    """Announce or cancel."""
    return EVENT.fire(w, event, name, given)


def remind(w: Work, event: Event) -> None:
    """The day before: whoever has a seat is told."""
    given: dict[str, Any] = {"since": event.begins_at.isoformat()}
    w.note(rules.WORKFLOW, event, "remind", given)
