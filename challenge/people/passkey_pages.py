"""Passkeys: what the browser's dialogue is given, and what it answers. The dialogue is static/passkey.js."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from challenge.http.forms import Form
from challenge.http.pages import page, see_other
from challenge.http.sent import Sent
from challenge.http.work import work
from challenge.kernel.errors import Problem, Refused
from challenge.kernel.i18n import _
from challenge.people import actions, noted
from challenge.people.actions import Site
from challenge.people.browser import (
    agent_of,
    asks_passkey,
    browser_of,
    go_on_signed_in,
    ip_of,
    passkey_site,
    readable,
    sign_in_here,
)
from challenge.people.confirm_pages import CONFIRMED
from challenge.people.paths import own_path
from challenge.people.schemas import NewPasskey, PasskeyAnswer
from challenge.people.second_factor_pages import after_adding

router = APIRouter(include_in_schema=False)
NO_HOST = Problem("no_host", _("Passkeys need a host name, and this service is known by an address of numbers."))
NOT_KNOWN = Problem("passkey", _("This passkey does not sign anybody in here. Use another way to sign in."))
NOT_ADDED = Problem("passkey", _("The passkey was not added. Go back and try again; it takes at most five minutes."))
NOT_YOURS = Problem("passkey", _("This is none of your passkeys. Confirm in another way."))


@router.post("/sign-in/passkey/options")
def ask_to_sign_in(request: Request) -> Response:
    """Any passkey of this host will do."""
    with work(request) as w:
        return asks_passkey(actions.ask_to_sign_in(w, _site(request), ip_of(request)))


@router.post("/sign-in/passkey")
def enter(request: Request, sent: Sent) -> Response:
    """Sign in with it."""
    with work(request) as w:
        form = Form.sent(PasskeyAnswer, sent)
        answer = form.value if form.valid else PasskeyAnswer()
        token = actions.enter_with_passkey(
            w, _site(request), browser_of(request), answer.credential, agent_of(request)
        )  # fmt: skip
        if token is None:
            return page(w, "people/passkey_over.html", status=422, problem=NOT_KNOWN, back="/sign-in")
        return go_on_signed_in(w, token, answer.next, is_half=False)


@router.post("/account/passkeys/options")
def ask_to_add(request: Request) -> Response:
    """Make a new one for this host."""
    with work(request) as w:
        return asks_passkey(actions.ask_to_add(w, _site(request)))


@router.post("/account/passkeys")
def add(request: Request, sent: Sent) -> Response:
    """Keep it; the session goes on under a new id."""
    with work(request) as w:
        form = Form.sent(NewPasskey, sent)
        new = form.value if form.valid else NewPasskey()
        name = new.name or str(readable(agent_of(request)))
        codes = actions.add_passkey(w, _site(request), browser_of(request), new.credential, name)
        if codes is None:
            return page(w, "people/passkey_over.html", status=422, problem=NOT_ADDED, back="/account/second-factor")
        return sign_in_here(w, after_adding(w, codes, _("The passkey is added.")), actions.confirm(w))


@router.post("/account/passkeys/{code}/end")
def remove(request: Request, code: str) -> Response:
    """It no longer signs in."""
    with work(request) as w:
        token = actions.remove_passkey(w, code, agent_of(request))
        said = _("The passkey is removed. You are signed out everywhere else.")
        return sign_in_here(w, see_other(w, "/account/second-factor", say=said), token)


@router.post("/confirm/passkey/options")
def ask_to_confirm(request: Request) -> Response:
    """One of one's own."""
    with work(request) as w:
        return asks_passkey(actions.ask_to_confirm(w, _site(request)))


@router.post("/confirm/passkey")
def confirm(request: Request, sent: Sent) -> Response:
    """It is still the same person."""
    with work(request) as w:
        form = Form.sent(PasskeyAnswer, sent)
        answer = form.value if form.valid else PasskeyAnswer()
        if not actions.confirms(w, _site(request), browser_of(request), answer.credential):
            noted.turned_away("passkey", w.actor.code)
            return page(w, "people/passkey_over.html", status=422, problem=NOT_YOURS, back="/confirm")
        noted.confirmed("passkey", w.actor.code)
        return sign_in_here(w, see_other(w, own_path(answer.next), say=CONFIRMED), actions.confirm(w))


def _site(request: Request) -> Site:
    site = passkey_site(request)
    if site is None:
        raise Refused(NO_HOST)
    return site
