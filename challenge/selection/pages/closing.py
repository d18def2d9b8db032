"""The end of a round: what is still open, and closing it."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from challenge.http.pages import page, see_other
from challenge.http.sent import Sent
from challenge.http.work import work
from challenge.kernel.errors import Stale
from challenge.kernel.i18n import _
from challenge.people.rules import is_coordinator
from challenge.rounds.rules import no_appeal_can_come
from challenge.rounds.states import LABELS, RoundState
from challenge.selection import actions, queries
from challenge.selection.pages.shared import tabs

router = APIRouter(include_in_schema=False)


@router.get("/rounds/{code}/closing")
def show(request: Request, code: str) -> Response:
    """What keeps the round from being closed, and what closing does."""
    with work(request) as w:
        round_ = queries.inside(w, code)
        found = queries.matters(w, round_)
        outcomes = f"/rounds/{code}/outcomes"
        rows = [
            (_("Proposals without a decision"), found.undecided, outcomes),
            (_("Awards without an agreed pilot"), found.awards, outcomes),
            (_("Places on the reserve list"), found.reserve, outcomes),
            (_("Appeals without an answer"), found.appeals, "/appeals"),
        ]
        return page(
            w, "selection/closing.html", round=round_, matters=found, rows=rows,
            later=no_appeal_can_come(w, round_), label=LABELS[round_.state],
            released=len(queries.releasable(w, round_)), may_close=is_coordinator(w, round_) is None,
            is_published=round_.state is RoundState.PUBLISHED, tabs=tabs(round_, "closing"),
        )  # fmt: skip


@router.post("/rounds/{code}/closing")
def close(request: Request, code: str, sent: Sent) -> Response:
    """Close it."""
    with work(request) as w:
        round_ = queries.inside(w, code)
        if sent.version is not None and sent.version != round_.version:
            raise Stale
        actions.close(w, round_)
        return see_other(w, f"/rounds/{code}/closing", say=_("The round is closed."))
