"""Calendars: of an event, of a round, and a person's own at a secret address."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from challenge.events import actions, queries
from challenge.events.calendar import MEDIA_TYPE, written
from challenge.http.pages import page, see_other
from challenge.http.work import work
from challenge.kernel.i18n import _, speaking
from challenge.rounds import queries as rounds

router = APIRouter(include_in_schema=False)
SECRET = {"Referrer-Policy": "no-referrer"}  # the address holds a secret


@router.get("/events/{code}/event.ics")
def of_event(request: Request, code: str) -> Response:
    """One event, and the reader's own talks at it."""
    with work(request) as w:
        event = queries.visible(w, code)
        dates = [queries.of_event(w, event), *queries.of_talks(w, event)]
    text = written(dates, dates[0].title, request.app.state.settings.public_url, request.state.received_at)
    return _file(text, f"event-{code}")


@router.get("/rounds/{code}/calendar.ics")
def of_round(request: Request, code: str) -> Response:
    """Deadlines and events of a round."""
    with work(request) as w:
        round_ = rounds.visible(w, code)
        dates, name = queries.of_round(w, round_), str(round_.title)
    text = written(dates, name, request.app.state.settings.public_url, request.state.received_at)
    return _file(text, f"round-{code}")


@router.get("/calendar/{token}.ics")
def of_person(request: Request, token: str) -> Response:
    """A person's deadlines and events, for a calendar that looks by itself."""
    with work(request) as w:
        reader = queries.reader_of(w, token)
        with speaking(reader.actor.locale):
            dates, name = queries.of_person(reader), str(_("City challenges"))
    text = written(dates, name, request.app.state.settings.public_url, request.state.received_at)
    return Response(text, headers=SECRET, media_type=MEDIA_TYPE)


def _file(text: bytes, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}.ics"'}
    return Response(text, headers=headers, media_type=MEDIA_TYPE)


@router.get("/account/calendar")
def show(request: Request) -> Response:
    """Whether there is an address, and what it gives."""
    with work(request) as w:
        return page(w, "events/calendar.html", feed=queries.feed(w), address="")


@router.post("/account/calendar")
def make(request: Request) -> Response:
    """A new address; it is on the page that answers, and nowhere else."""
    with work(request) as w:
        token = actions.open_feed(w)
        address = f"{request.app.state.settings.public_url}/calendar/{token}.ics"
        return page(w, "events/calendar.html", feed=queries.feed(w), address=address)


@router.post("/account/calendar/end")
def end(request: Request) -> Response:
    """Nobody reads it any more."""
    with work(request) as w:
        actions.end_feed(w)
        return see_other(w, "/account/calendar", say=_("The address leads nowhere any more."))
