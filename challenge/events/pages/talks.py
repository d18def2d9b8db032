"""The talks of a matchmaking day: computed, looked at, changed, sent."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from starlette.responses import Response

from challenge.events import actions, queries, rules
from challenge.events.pages.acts import when, zone_name
from challenge.events.schemas import PlanIn, TalkIn
from challenge.http.forms import Form
from challenge.http.pages import page, see_other
from challenge.http.sent import Sent, SentBody
from challenge.http.work import WebWork, work
from challenge.kernel.errors import Invalid, Missing
from challenge.kernel.i18n import _, _n
from challenge.kernel.work import Work
from challenge.people.rules import is_coordinator
from challenge.rounds import queries as rounds

router = APIRouter(include_in_schema=False)
BASE = "/events/{code}/talks"


@router.get(BASE)
def index(request: Request, code: str) -> Response:
    """The timetable, for those who run or observe the round."""
    with work(request) as w:
        return _page(w, code)


def _event(w: Work, code: str) -> Any:
    event = queries.visible(w, code)
    if rules.has_talks(w, event) is not None or not rounds.sees_inside(w, rules.round_of(w, event)):
        raise Missing
    return event


def _page(
    w: WebWork, code: str, plan_form: Form[PlanIn] | None = None, talk_form: Form[TalkIn] | None = None,
    status: int = 200,
) -> Response:  # fmt: skip
    event = _event(w, code)
    plan, rows = queries.plan_of(w, event), queries.all_talks(w, event)
    runs = is_coordinator(w, event) is None
    hidden = runs and queries.hidden(w, event)
    acts = runs and not hidden and rules.is_ahead(w, event) is None
    given = {"minutes": plan.minutes, "tables": plan.tables} if plan else {"minutes": 20, "tables": 5}
    sides = queries.sides(w, event) if acts else None
    hours = queries.hours(event, plan.minutes) if plan else []
    zone = ZoneInfo(event.zone)
    return page(
        w, "events/talks.html", status=status, event=event, when=when(event), zone=zone_name(event), plan=plan,
        rows=rows, acts=acts, hidden=hidden, sides=sides, clock=lambda at: f"{at.astimezone(zone):%H:%M}",
        slots=[(str(place), f"{begins.astimezone(zone):%H:%M}") for place, (begins, _end) in enumerate(hours, 1)],
        places=[(str(place), str(place)) for place in range(1, plan.tables + 1)] if plan else [],
        plan_form=plan_form or Form(PlanIn, given), worth=sum(row.talk.worth for row in rows) / 10,
        talk_form=talk_form or Form(TalkIn, {}, choices=_choices(sides, hours, zone)) if acts and plan else None,
    )  # fmt: skip


def _choices(sides: Any, hours: list[Any], zone: ZoneInfo) -> dict[str, Any]:
    return {
        "proposal": [(one.code, one.name) for one in sides.proposals],
        "city": [(one.code, one.name) for one in sides.cities],
        "slot": [(str(place), f"{begins.astimezone(zone):%H:%M}") for place, (begins, _end) in enumerate(hours, 1)],
    }


@router.post(f"{BASE}/plan")
def plan(request: Request, code: str, sent: Sent) -> Response:
    """Compute the best timetable between two units of work, and keep it."""
    with work(request, writing=False) as w:
        event = _event(w, code)
        form = Form.sent(PlanIn, sent)
        if not form.valid:
            return _page(w, code, form, status=422)
        try:
            found, known = actions.to_plan(w, event, form.value)
        except Invalid as refusal:
            form.say_problem(refusal.problem)
            return _page(w, code, form, status=422)
        w.session.expunge(event)
    talks = actions.computed(found, known, event, form.value)
    with work(request) as w:
        actions.keep(w, _event(w, code), form.value, talks)
        return see_other(w, f"/events/{code}/talks", say=_("Planned. Look at it, change it, then send it."))


@router.post(BASE)
def add(request: Request, code: str, sent: Sent) -> Response:
    """A talk besides."""
    with work(request) as w:
        event = _event(w, code)
        actions.demand(w, event)
        plan_ = queries.plan_of(w, event)
        hours = queries.hours(event, plan_.minutes) if plan_ else []
        form = Form.sent(TalkIn, sent, choices=_choices(queries.sides(w, event), hours, ZoneInfo(event.zone)))
        if form.valid:
            try:
                actions.add_talk(w, event, form.value)
            except Invalid as refusal:
                form.say_problem(refusal.problem)
            else:
                return see_other(w, f"/events/{code}/talks", say=_("The talk is added."))
        return _page(w, code, talk_form=form, status=422)


@router.post(f"{BASE}/send")
def send(request: Request, code: str) -> Response:
    """Tell everybody who has a talk."""
    with work(request) as w:
        count = actions.send(w, _event(w, code))
        say = _n("Sent: one person sees their talks.", "Sent: %(n)s people see their talks.", count)
        return see_other(w, f"/events/{code}/talks", say=say)


@router.post(f"{BASE}/{{item}}/time")
def move(request: Request, code: str, item: str, sent: Sent) -> Response:
    """Another time or table."""
    with work(request) as w:
        event = _event(w, code)
        actions.move_talk(w, event, queries.talk(w, event, item), _number(sent, "slot"), _number(sent, "place"))
        return see_other(w, f"/events/{code}/talks", say=_("The talk is moved."))


def _number(sent: SentBody, name: str) -> int:
    text = sent.get(name)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0  # noqa: PLR2004


@router.post(f"{BASE}/{{item}}/removal")
def drop(request: Request, code: str, item: str) -> Response:
    """It does not take place."""
    with work(request) as w:
        event = _event(w, code)
        actions.drop_talk(w, event, queries.talk(w, event, item))
        return see_other(w, f"/events/{code}/talks", say=_("The talk is removed."))
