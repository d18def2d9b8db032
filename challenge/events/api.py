"""Events in JSON."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel
from starlette.responses import JSONResponse, Response

from challenge.events import actions, queries, rules
from challenge.events.pages import ACTS
from challenge.events.schemas import EventIn
from challenge.events.states import EventState
from challenge.http.api import PREFIX, PROBLEMS, add_api, check_if_match, etag, listing, once, one
from challenge.http.work import work
from challenge.kernel.paging import Page
from challenge.kernel.work import Work
from challenge.rounds import queries as rounds

TAG = "events"
router = APIRouter()


class EventOut(BaseModel):
    """An event. ``link`` is there for those who have a seat; ``registered`` says where the reader stands."""

    code: str
    version: int
    state: EventState
    round: str
    title: str
    kind: str
    guests: str
    text: str
    zone: str
    begins_at: datetime
    ends_at: datetime
    place: str
    link: str | None
    seats: int | None
    seats_left: int | None
    registered: str | None
    reason: str | None


class EventsOut(BaseModel):
    """All events of a round one may know of: there are few."""

    items: list[EventOut]
    next: str | None = None


@router.get(f"{PREFIX}/rounds/{{code}}/events", tags=[TAG], response_model=EventsOut, responses=PROBLEMS)
def index(request: Request, code: str) -> Response:
    """Events of a round, in the order they take place."""
    with work(request) as w:
        found = queries.events_of(w, rounds.visible(w, code))
        return listing(request, Page(found), lambda event: shown(w, event))


@router.post(f"{PREFIX}/rounds/{{code}}/events", tags=[TAG], status_code=201, response_model=EventOut,
             responses=PROBLEMS)  # fmt: skip
def plan(request: Request, code: str, given: EventIn) -> Response:
    """Plan an event; it is a draft until it is announced."""
    with work(request) as w:

        def act() -> Response:
            made = actions.plan(w, rounds.visible(w, code), given)
            return one(request, made, shown(w, made), status=201, location=f"{PREFIX}/events/{made.code}")

        return once(w, given, act)


@router.get(f"{PREFIX}/events/{{code}}", tags=[TAG], response_model=EventOut, responses=PROBLEMS)
def show(request: Request, code: str) -> Response:
    """An event. Its ETag is for changing it; seats come and go without a new one, so it is always answered whole."""
    with work(request) as w:
        event = queries.visible(w, code)
        return JSONResponse(shown(w, event).model_dump(mode="json"), headers={"ETag": etag(event)})


@router.patch(f"{PREFIX}/events/{{code}}", tags=[TAG], response_model=EventOut, responses=PROBLEMS)
def revise(request: Request, code: str, given: EventIn) -> Response:
    """Change an event; whoever is registered hears of another time or place."""
    with work(request) as w:
        event = queries.visible(w, code)
        check_if_match(request, event)
        actions.revise(w, event, given)
        w.session.flush()
        return one(request, event, shown(w, event))


@router.put(f"{PREFIX}/events/{{code}}/registration", tags=[TAG], response_model=EventOut, responses=PROBLEMS)
def register(request: Request, code: str) -> Response:
    """Take a seat, or stand in line."""
    with work(request) as w:
        event = queries.visible(w, code)
        actions.register(w, event)
        return one(request, event, shown(w, event))


@router.delete(f"{PREFIX}/events/{{code}}/registration", tags=[TAG], response_model=EventOut, responses=PROBLEMS)
def leave(request: Request, code: str) -> Response:
    """Do not come after all."""
    with work(request) as w:
        event = queries.visible(w, code)
        actions.leave(w, event)
        return one(request, event, shown(w, event))


def shown(w: Work, event: Any) -> EventOut:
    """An event as this reader may know it."""
    own = rules.registration(w, event, w.actor.id) if w.actor.id is not None else None
    stands = None if own is None else "seat" if own.slot else "waiting"
    return EventOut(
        code=event.code, version=event.version, state=event.state, round=event.round_code, title=event.title,
        kind=event.kind, guests=event.guests, text=event.text, zone=event.zone, begins_at=event.begins_at,
        ends_at=event.ends_at, place=event.place, link=event.link if rules.sees_link(w, event, own) else None,
        seats=event.seats, seats_left=queries.counted(w, event).left, registered=stands, reason=event.reason,
    )  # fmt: skip


add_api(router, ACTS, TAG)
