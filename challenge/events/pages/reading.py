"""Events as everybody reads them; registering and leaving."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from starlette.responses import Response

from challenge.events import actions, queries, rules
from challenge.events.pages.acts import ACTS, when, zone_name
from challenge.events.states import GUESTS, KINDS, LABELS, EventState
from challenge.http.pages import page, see_other
from challenge.http.transitions import buttons
from challenge.http.work import work
from challenge.kernel.i18n import _
from challenge.kernel.work import Work
from challenge.people.rules import is_coordinator
from challenge.rounds import queries as rounds
from challenge.rounds.states import RoundState

router = APIRouter(include_in_schema=False)


@router.get("/rounds/{code}/events")
def index(request: Request, code: str) -> Response:
    """What comes, then what was."""
    with work(request) as w:
        round_ = rounds.visible(w, code)
        found = queries.events_of(w, round_)
        coming = [one for one in found if w.now < one.ends_at]
        return page(
            w, "events/index.html", round=round_, coming=_cards(coming), may_plan=may_plan(w, round_),
            past=_cards([one for one in reversed(found) if w.now >= one.ends_at]),
        )  # fmt: skip


def may_plan(w: Work, round_: Any) -> bool:
    """Whether the actor adds events to the round."""
    going = round_.state in {RoundState.DRAFT, RoundState.PUBLISHED} and not round_.imported
    return going and is_coordinator(w, round_) is None


def _cards(found: list[Any]) -> list[dict[str, Any]]:
    return [
        {
            "event": one, "when": when(one), "zone": zone_name(one), "kind": KINDS[one.kind],
            "guests": GUESTS[one.guests], "label": LABELS[one.state],
            "is_plain": one.state is EventState.ANNOUNCED,
        }
        for one in found
    ]  # fmt: skip


def round_events(w: Work, round_: Any) -> list[dict[str, Any]]:
    """The next events of a round, for its page (a name every template knows)."""
    return _cards(queries.events_of(w, round_, coming=True)[:4])


@router.get("/events/{code}")
def show(request: Request, code: str) -> Response:
    """An event: what, when, where, for whom, and whether there is a seat."""
    with work(request) as w:
        event = queries.visible(w, code)
        own = rules.registration(w, event, w.actor.id) if w.actor.id is not None else None
        runs = is_coordinator(w, event) is None
        return page(
            w, "events/show.html", event=event, round=rules.round_of(w, event), own=own, when=when(event),
            zone=zone_name(event), kind=KINDS[event.kind], guests=GUESTS[event.guests], label=LABELS[event.state],
            states=EventState, count=queries.counted(w, event), has_link=rules.sees_link(w, event, own),
            talks=queries.own_talks(w, event), clock=_clock(event), is_matchmaking=rules.has_talks(w, event) is None,
            place_in_line=_place_in_line(w, event, own), buttons=buttons(ACTS, w, event), runs=runs,
            oversees=runs or w.actor.holds("observer", event.round_id),
            may_revise=runs and rules.may_revise(w, event) is None,
            refused=rules.is_guest(w, event) if w.actor.signed_in else None, is_ahead=w.now < event.begins_at,
        )  # fmt: skip


def _clock(event: Any) -> Callable[[datetime], str]:
    zone = ZoneInfo(event.zone)
    return lambda at: f"{at.astimezone(zone):%H:%M}"


def _place_in_line(w: Work, event: Any, own: Any) -> int | None:
    if own is None or own.slot is not None:
        return None
    return next((place for place, row in enumerate(queries.waiting(w, event), 1) if row.id == own.id), None)


@router.post("/events/{code}/registration")
def register(request: Request, code: str) -> Response:
    """Take a seat, or stand in line."""
    with work(request) as w:
        made = actions.register(w, queries.visible(w, code))
        seated = _("You have a seat. You are reminded the day before.")
        return see_other(w, f"/events/{code}", say=seated if made.slot else _("You are on the waiting list."))


@router.post("/events/{code}/leaving")
def leave(request: Request, code: str) -> Response:
    """Do not come after all."""
    with work(request) as w:
        actions.leave(w, queries.visible(w, code))
        return see_other(w, f"/events/{code}", say=_("You are not registered any more. The seat is free for others."))
