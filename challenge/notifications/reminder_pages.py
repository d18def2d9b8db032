"""Reminders to the people of pilots: who would get which mail, then sending them."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from challenge.http.pages import page, see_other
from challenge.http.sent import Sent
from challenge.http.work import work
from challenge.kernel.errors import Forbidden
from challenge.kernel.i18n import _n
from challenge.notifications import reminding
from challenge.people import rules as people

router = APIRouter(include_in_schema=False)


@router.get("/pilots/reminders")
def preview(request: Request) -> Response:
    """Every mail as it would go out; nothing is sent by looking."""
    codes = request.query_params.getlist("pilot")
    with work(request) as w:
        if problem := people.is_some_coordinator(w, None):
            raise Forbidden(problem)
        mails = reminding.planned(w, codes)
        return page(w, "pilots/reminders.html", mails=mails, codes=codes[: reminding.MOST])


@router.post("/pilots/reminders")
def send(request: Request, sent: Sent) -> Response:
    """Send them."""
    with work(request) as w:
        if problem := people.is_some_coordinator(w, None):
            raise Forbidden(problem)
        count = reminding.send(w, sent.fields.get("pilot", []))
        return see_other(
            w, "/pilots/overview", say=_n("One mail is on its way.", "%(n)s mails are on their way.", count)
        )
