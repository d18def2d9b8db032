"""The inbox of a person; in development, the outbox that shows what would be mailed."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from challenge.http.pages import page, see_other
from challenge.http.work import work
from challenge.kernel import letter as letters
from challenge.kernel.errors import Missing
from challenge.notifications import actions, queries

router = APIRouter()


@router.get("/inbox", include_in_schema=False)
def index(request: Request, following: str | None = None) -> Response:
    """The person's messages, newest first."""
    with work(request) as w:
        found = queries.inbox(w, following)
        return page(w, "notifications/inbox.html", messages=found.rows, following=found.following)


@router.post("/inbox/{message_id}", include_in_schema=False)
def read(request: Request, message_id: int) -> Response:
    """Mark a message as read and go to what it is about."""
    with work(request) as w:
        message = queries.message(w, message_id)
        actions.read(w, message)
        return see_other(w, message.path or "/inbox")


@router.post("/inbox", include_in_schema=False)
def read_all(request: Request) -> Response:
    """Mark every message as read."""
    with work(request) as w:
        actions.read_all(w)
        return see_other(w, "/inbox")


@router.get("/outbox", include_in_schema=False)
def outbox(request: Request) -> Response:
    """What would be mailed, in development only: without a mail server letters stay here."""
    settings = request.app.state.settings
    if settings.env != "development" or settings.smtp_url or not settings.is_local:
        raise Missing
    with work(request) as w:
        return page(w, "notifications/outbox.html", letters=letters.newest(w))
