"""The second factor at sign-in. Until it is shown nobody is signed in: only these pages know of the half session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from starlette.responses import Response

from challenge.http.forms import Form
from challenge.http.pages import page, see_other
from challenge.http.sent import Sent
from challenge.http.work import WebWork, work
from challenge.kernel.i18n import _
from challenge.people import actions, factors, noted, queries
from challenge.people.browser import passkey_site, sign_in_here
from challenge.people.paths import own_path
from challenge.people.schemas import SecondFactorCode

if TYPE_CHECKING:
    from challenge.people.models import Person

router = APIRouter(include_in_schema=False)
NOT_A_CODE = _("This code is not right, or was used already. Wait for the next one.")


@router.get("/sign-in/code")
def ask(request: Request) -> Response:
    """Ask for the code of who has shown the first factor in this browser."""
    with work(request) as w:
        owner = queries.half_signed_in(w)
        if owner is None:
            return _begin_again(w)
        return _code_page(w, owner, request.query_params.get("next", ""))


@router.post("/sign-in/code")
def show(request: Request, sent: Sent) -> Response:
    """With a right code the session is whole, under a new id."""
    with work(request) as w:
        owner = queries.half_signed_in(w)
        if owner is None:
            return _begin_again(w)
        form = Form.sent(SecondFactorCode, sent)
        wanted = form.data.get("next", "")
        if not form.valid:
            return _code_page(w, owner, wanted, form)
        actions.count_try(w, owner.id)
        before = factors.of(w, owner.id).codes_left
        if not actions.matches(w, owner, form.value.code):
            noted.turned_away("code", owner.code)
            form.say("code", NOT_A_CODE)
            return _code_page(w, owner, wanted, form)
        noted.let_in("code", owner.code)
        left = factors.of(w, owner.id).codes_left
        said = _("Recovery codes left: %(n)s. Make new ones in your account.", n=left) if left < before else None
        return sign_in_here(w, see_other(w, own_path(wanted), say=said, tone="warning"), actions.confirm(w))


def _begin_again(w: WebWork) -> Response:
    """The first factor was too long ago, or somebody is signed in."""
    return see_other(w, "/home" if w.actor.signed_in else "/sign-in")


def _code_page(w: WebWork, owner: Person, wanted: str, form: Form[SecondFactorCode] | None = None) -> Response:
    return page(
        w, "people/code.html", status=422 if form else 200, wrong=form, form=form or Form(SecondFactorCode),
        next_path=own_path(wanted, ""), owner=owner, factors=factors.of(w, owner.id),
        has_passkeys=passkey_site(w.request) is not None,
    )  # fmt: skip
