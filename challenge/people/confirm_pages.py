"""Confirming that it is still oneself, before an act that needs a fresh proof; then one is back where one was."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from challenge.http.forms import Form
from challenge.http.pages import page, see_other
from challenge.http.sent import Sent
from challenge.http.work import WebWork, work
from challenge.kernel import proof
from challenge.kernel.i18n import _
from challenge.people import actions, passwords, queries
from challenge.people.browser import ip_of, sign_in_here
from challenge.people.paths import own_path
from challenge.people.schemas import ConfirmByPassword

router = APIRouter(include_in_schema=False)
CONFIRMED = _("It is you. Go on where you were.")


@router.get("/confirm")
def ask(request: Request) -> Response:
    """What one can show; nothing is asked of who has just proven it."""
    with work(request) as w:
        wanted = request.query_params.get("next", "")
        if proof.is_fresh(w):
            return see_other(w, own_path(wanted))
        return _confirm_page(w, wanted)


@router.post("/confirm/password")
def by_password(request: Request, sent: Sent) -> Response:
    """The password, compared outside of both units of work."""
    form = Form.sent(ConfirmByPassword, sent)
    wanted = form.data.get("next", "")
    with work(request) as w:
        if not form.valid:
            return _confirm_page(w, wanted, form)
        found = actions.own_candidate(w, ip_of(request))
    right = passwords.matches(found.kept, form.value.password)
    with work(request) as w:
        if not right:
            form.say("password", _("This is not your password."))
            return _confirm_page(w, wanted, form)
        return sign_in_here(see_other(w, own_path(wanted), say=CONFIRMED), actions.confirm(w))


def _confirm_page(w: WebWork, wanted: str, form: Form[ConfirmByPassword] | None = None) -> Response:
    me = queries.person(w, w.actor.id)
    return page(
        w, "people/confirm.html", status=422 if form else 200, wrong=form, form=form or Form(ConfirmByPassword), me=me,
        next_path=own_path(wanted, ""), has_password=me.password_hash is not None,
    )  # fmt: skip
