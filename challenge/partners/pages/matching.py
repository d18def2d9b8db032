"""Matching a whole round: asked for, waited for, looked at; what is ticked is sent."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from challenge.http.figures import share
from challenge.http.forms import Form
from challenge.http.pages import page, see_other
from challenge.http.sent import Sent
from challenge.http.work import WebWork, work
from challenge.kernel.i18n import _n
from challenge.partners import actions, queries
from challenge.partners.pages.finder import in_a_fortnight
from challenge.partners.queries.matching import MOST_OFFERS
from challenge.partners.schemas import InvitationsIn
from challenge.partners.states import MatchingState
from challenge.rounds.pairing import Part

router = APIRouter(include_in_schema=False)
BASE = "/rounds/{code}/matching"
WAYS = ("stable", "best")


@router.get(BASE)
def index(request: Request, code: str) -> Response:
    """Which proposals lack a city, and the button that has partners computed for all of them."""
    with work(request) as w:
        round_ = queries.round_to_match(w, code)
        return page(
            w, "partners/unpaired.html", round=round_, unpaired=queries.unpaired(w, round_), parts=Part,
            latest=queries.latest(w, round_),
        )  # fmt: skip


@router.post(BASE)
def ask(request: Request, code: str) -> Response:
    """Have one computed, and go where it will stand."""
    with work(request) as w:
        made = actions.ask_for_matching(w, queries.round_to_match(w, code))
        return see_other(w, f"/rounds/{code}/matching/{made.code}")


@router.get(f"{BASE}/{{item}}")
def show(request: Request, code: str, item: str, way: str = "") -> Response:
    """Who could work with whom, what each way is worth, and what the other way would be."""
    with work(request) as w:
        return _page(w, code, item, way)


def _page(
    w: WebWork, code: str, item: str, way: str, form: Form[InvitationsIn] | None = None,
    ticked: set[str] | None = None, sent: actions.Sent | None = None, status: int = 200,
) -> Response:  # fmt: skip
    round_ = queries.round_to_match(w, code)
    found = queries.matching(w, round_, item)
    chosen = way if way in WAYS else WAYS[0]
    is_ready = found.state is MatchingState.READY
    given = {"answer_by": in_a_fortnight(w, round_.zone)}
    response = page(
        w, "partners/matching.html", status=status, round=round_, matching=found, states=MatchingState, way=chosen,
        seen=queries.seen(w, found, chosen) if is_ready else None, share=share,
        progress=queries.progress(w, found), ticked=ticked, sent=sent,
        form=form or Form(InvitationsIn, given, zone=round_.zone), offers=MOST_OFFERS,
    )  # fmt: skip
    if found.state is MatchingState.WAITING:
        response.headers["Refresh"] = "3"
    return response


@router.post(f"{BASE}/{{item}}")
def invite(request: Request, code: str, item: str, sent: Sent, way: str = "") -> Response:
    """Send the invitations that are ticked; what may not be is told."""
    with work(request) as w:
        round_ = queries.round_to_match(w, code)
        form: Any = Form.sent(InvitationsIn, sent, zone=round_.zone)
        ticks = sent.fields.get("invite", [])
        if not form.valid or not ticks:
            return _page(w, code, item, way, form, set(ticks), actions.Sent(0, ()), status=422)
        result = actions.invite_all(w, round_, [_pair(tick) for tick in ticks], form.value)
        if result.refused:
            return _page(w, code, item, way, form, set(ticks), result, status=422)
        say = _n("One invitation is sent.", "%(n)s invitations are sent.", result.done)
        return see_other(w, f"/rounds/{code}/matching/{item}?way={way}", say=say)


def _pair(tick: str) -> tuple[str, str]:
    proposal, _colon, city = tick.partition(":")
    return proposal, city
