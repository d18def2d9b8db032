"""Confirming that it is still oneself, before an act that needs a fresh proof; then one is back where one was."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from challenge.http.forms import Form
from challenge.http.pages import page, see_other
from challenge.http.sent import Sent
from challenge.http.work import WebWork, work
from challenge.kernel import proof
from challenge.kernel.errors import Problem, Refused
from challenge.kernel.i18n import _
from challenge.people import actions, factors, noted, passwords, queries
from challenge.people.browser import ip_of, passkey_site, providers, sign_in_here
from challenge.people.code_pages import NOT_A_CODE
from challenge.people.oidc import identities
from challenge.people.paths import own_path
from challenge.people.schemas import ConfirmByPassword, SecondFactorCode

router = APIRouter(include_in_schema=False)
CONFIRMED = _("It is you. Go on where you were.")
SECOND_FACTOR = Problem("second_factor", _("Confirm with your second step: a password alone is not enough here."))


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
            return _confirm_page(w, wanted, password=form)
        if factors.are_set_up(w.session, queries.person(w, w.actor.id).id):
            raise Refused(SECOND_FACTOR)
        found = actions.own_candidate(w, ip_of(request))
    right = passwords.matches(found.kept, form.value.password)
    with work(request) as w:
        if not right:
            noted.turned_away("password", w.actor.code)
            form.say("password", _("This is not your password."))
            return _confirm_page(w, wanted, password=form)
        noted.confirmed("password", w.actor.code)
        return sign_in_here(w, see_other(w, own_path(wanted), say=CONFIRMED), actions.confirm(w))


@router.post("/confirm/code")
def by_code(request: Request, sent: Sent) -> Response:
    """A code of the app, or a recovery code."""
    with work(request) as w:
        form = Form.sent(SecondFactorCode, sent)
        wanted = form.data.get("next", "")
        if not form.valid:
            return _confirm_page(w, wanted, code=form)
        me = queries.person(w, w.actor.id)
        actions.count_try(w, me.id)
        if not actions.matches(w, me, form.value.code):
            noted.turned_away("code", w.actor.code)
            form.say("code", NOT_A_CODE)
            return _confirm_page(w, wanted, code=form)
        noted.confirmed("code", w.actor.code)
        return sign_in_here(w, see_other(w, own_path(wanted), say=CONFIRMED), actions.confirm(w))


def _confirm_page(
    w: WebWork,
    wanted: str,
    *,
    password: Form[ConfirmByPassword] | None = None,
    code: Form[SecondFactorCode] | None = None,
) -> Response:
    """Who has a second factor shows that; others their password or a link."""
    me, wrong = queries.person(w, w.actor.id), password or code
    held = factors.of(w, me.id)
    linked = {row.provider.key: row.provider for row in identities.linked(w, providers(w.request)) if row.provider}
    return page(
        w, "people/confirm.html", status=422 if wrong else 200, wrong=wrong, me=me, next_path=own_path(wanted, ""),
        password=password or Form(ConfirmByPassword), code=code or Form(SecondFactorCode),
        factors=held, has_password=me.password_hash is not None,
        providers=[provider for provider in linked.values() if provider.may_confirm(needs_both=held.is_set_up)],
        has_passkeys=passkey_site(w.request) is not None,
    )  # fmt: skip
