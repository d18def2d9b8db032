"""What cities that are new can learn from."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from challenge.cities.words import language_choices, language_label
from challenge.http.forms import Form
from challenge.http.pages import page, see_other
from challenge.http.sent import Sent
from challenge.http.work import WebWork, work
from challenge.kernel.errors import Forbidden
from challenge.kernel.i18n import _
from challenge.people.rules import is_coordinator
from challenge.rounds import links, queries
from challenge.rounds.asks import LinkIn

router = APIRouter(include_in_schema=False)
BASE = "/rounds/{code}/learning"


@router.get(BASE)
def show(request: Request, code: str) -> Response:
    """What a good challenge says, and where one can learn more."""
    with work(request) as w:
        return _page(w, queries.visible(w, code))


def _choices() -> dict[str, Any]:
    return {"language": language_choices()}


def _page(w: WebWork, round_: Any, form: Form[LinkIn] | None = None, status: int = 200) -> Response:
    return page(
        w, "rounds/learning.html", status=status, round=round_, links=links.links(w, round_),
        language_label=language_label, runs=is_coordinator(w, round_) is None,
        form=form or Form(LinkIn, {}, choices=_choices()),
    )  # fmt: skip


@router.post(BASE)
def add(request: Request, code: str, sent: Sent) -> Response:
    """Recommend something."""
    with work(request) as w:
        round_ = queries.visible(w, code)
        if problem := is_coordinator(w, round_):
            raise Forbidden(problem)
        form = Form.sent(LinkIn, sent, choices=_choices())
        if not form.valid:
            return _page(w, round_, form, status=422)
        links.add_link(w, round_, form.value)
        return see_other(w, f"/rounds/{code}/learning", say=_("The link is added."))


@router.post(f"{BASE}/{{item}}/removal")
def remove(request: Request, code: str, item: str) -> Response:
    """Recommend it no more."""
    with work(request) as w:
        links.remove_link(w, queries.visible(w, code), item)
        return see_other(w, f"/rounds/{code}/learning", say=_("The link is removed."))


@router.post(f"{BASE}/{{item}}/up")
def move_up(request: Request, code: str, item: str) -> Response:
    """Before the one it follows."""
    with work(request) as w:
        links.move_link_up(w, queries.visible(w, code), item)
        return see_other(w, f"/rounds/{code}/learning")
