"""How coordinators plan an event, change it, and record who came."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from fastapi import APIRouter, Request
from starlette.responses import Response

from challenge.events import actions, queries, rules
from challenge.events.pages.acts import when, zone_name
from challenge.events.pages.reading import may_plan
from challenge.events.schemas import EventIn
from challenge.events.states import GUESTS, KINDS
from challenge.http.forms import Form
from challenge.http.pages import page, see_other
from challenge.http.sent import Sent, SentBody
from challenge.http.work import WebWork, work
from challenge.kernel.errors import Forbidden, Invalid, Missing, Refused, Stale
from challenge.kernel.i18n import _, _n
from challenge.people.rules import is_coordinator
from challenge.rounds import queries as rounds

router = APIRouter(include_in_schema=False)


def _choices(zone: str) -> dict[str, Any]:
    zones = sorted({one for one in available_timezones() if one.startswith("Europe/")} | {"UTC", zone})
    return {
        "kind": [(str(kind), label) for kind, label in KINDS.items()],
        "guests": [(str(guests), label) for guests, label in GUESTS.items()],
        "zone": [(one, one.replace("_", " ")) for one in zones],
    }


def _sent(sent: SentBody, zone: str) -> Form[EventIn]:
    """Hours are read on the clock that was chosen beside them."""
    chosen = sent.get("zone")
    read_in = chosen if chosen in available_timezones() else zone
    return Form.sent(EventIn, sent, choices=_choices(zone), zone=read_in)


@router.get("/rounds/{code}/events/new")
def new(request: Request, code: str) -> Response:
    """Plan an event."""
    with work(request) as w:
        round_ = _plannable(w, code)
        given = {"zone": round_.zone, "guests": "everybody"}
        form = Form(EventIn, given, choices=_choices(round_.zone), zone=round_.zone)
        return page(w, "events/edit.html", round=round_, event=None, form=form)


@router.post("/rounds/{code}/events/new")
def create(request: Request, code: str, sent: Sent) -> Response:
    """Keep it as a draft."""
    with work(request) as w:
        round_ = _plannable(w, code)
        form = _sent(sent, round_.zone)
        if form.valid:
            try:
                made = actions.plan(w, round_, form.value)
            except Invalid as refusal:
                form.say_problem(refusal.problem)
            else:
                return see_other(w, f"/events/{made.code}", say=_("The event is a draft: only coordinators see it."))
        return page(w, "events/edit.html", status=422, round=round_, event=None, form=form)


def _plannable(w: WebWork, code: str) -> Any:
    round_ = rounds.visible(w, code)
    if problem := is_coordinator(w, round_):
        raise Forbidden(problem)
    if not may_plan(w, round_):
        raise Refused(actions.ROUND_OVER)
    return round_


@router.get("/events/{code}/edit")
def edit(request: Request, code: str) -> Response:
    """Change an event."""
    with work(request) as w:
        event = _revisable(w, code)
        given = {name: getattr(event, name) for name in EventIn.model_fields}
        form = Form(EventIn, given, choices=_choices(event.zone), zone=event.zone)
        return page(w, "events/edit.html", round=rules.round_of(w, event), event=event, form=form)


@router.post("/events/{code}/edit")
def update(request: Request, code: str, sent: Sent) -> Response:
    """Save the change; whoever is registered hears of another time or place."""
    with work(request) as w:
        event = _revisable(w, code)
        if sent.version is not None and sent.version != event.version:
            raise Stale
        form = _sent(sent, event.zone)
        if form.valid:
            try:
                actions.revise(w, event, form.value)
            except Invalid as refusal:
                form.say_problem(refusal.problem)
            else:
                return see_other(w, f"/events/{code}", say=_("Saved"))
        return page(w, "events/edit.html", status=422, round=rules.round_of(w, event), event=event, form=form)


def _revisable(w: WebWork, code: str) -> Any:
    event = queries.visible(w, code)
    if problem := is_coordinator(w, event):
        raise Forbidden(problem)
    if problem := rules.may_revise(w, event):
        raise Refused(problem)
    return event


@router.get("/events/{code}/people")
def people(request: Request, code: str) -> Response:
    """Who is registered and who waits, for those who run or observe the round."""
    with work(request) as w:
        event = queries.visible(w, code)
        if not rounds.sees_inside(w, rules.round_of(w, event)):
            raise Missing
        found = queries.guests(w, event)
        return page(
            w, "events/people.html", event=event, when=when(event), zone=zone_name(event),
            seated=[one for one in found if one.has_seat], waiting=[one for one in found if not one.has_seat],
            records=is_coordinator(w, event) is None and rules.has_begun(w, event) is None,
        )  # fmt: skip


@router.post("/events/{code}/attendance")
def attend(request: Request, code: str, sent: Sent) -> Response:
    """Record who came."""
    with work(request) as w:
        count = actions.attend(w, queries.visible(w, code), sent.fields.get("came", []))
        say = _n("Recorded: one person came.", "Recorded: %(n)s people came.", count)
        return see_other(w, f"/events/{code}/people", say=say)
