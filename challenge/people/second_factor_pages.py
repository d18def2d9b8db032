"""One's second factor: set up, removed, and the codes for the day it is lost."""

from __future__ import annotations

import segno
from fastapi import APIRouter, Request
from markupsafe import Markup
from starlette.responses import Response

from challenge.http.forms import Form
from challenge.http.pages import page, see_other
from challenge.http.sent import Sent
from challenge.http.work import WebWork, work
from challenge.kernel import proof
from challenge.kernel.i18n import Text, _
from challenge.people import actions, factors, queries, rules
from challenge.people.browser import agent_of, passkey_site, sign_in_here
from challenge.people.paths import own_path
from challenge.people.schemas import AppCode, NewPasskey

router = APIRouter(include_in_schema=False)


@router.get("/account/second-factor")
def show(request: Request) -> Response:
    """What is set up and what can be."""
    with work(request) as w:
        me = queries.person(w, w.actor.id)
        return page(
            w, "people/second_factor.html", me=me, factors=factors.of(w, me.id), unproven=proof.missing(w),
            passkeys=factors.passkeys(w, me.id), site=passkey_site(request), form=Form(NewPasskey),
            must=w.actor.must_set_up, is_advised=rules.has_guarded_role(w.actor),
            next_path=own_path(request.query_params.get("next", ""), ""),
        )  # fmt: skip


@router.post("/account/authenticator")
def start_app(request: Request) -> Response:
    """Show the new secret, this once, and ask for the first code."""
    with work(request) as w:
        new = actions.start_app(w, request.app.state.settings.name)
        return _app_page(w, Form(AppCode), new)


@router.post("/account/authenticator/confirm")
def confirm_app(request: Request, sent: Sent) -> Response:
    """The app counts from its first right code on; the session goes on under a new id."""
    with work(request) as w:
        form = Form.sent(AppCode, sent)
        if not form.valid:
            return _app_page(w, form)
        codes = actions.confirm_app(w, form.value.code)
        if codes is None:
            form.say("code", _("This is not the code of now. Check the time of your phone and try the next one."))
            return _app_page(w, form)
        return sign_in_here(w, after_adding(w, codes, _("The app is set up.")), actions.confirm(w))


@router.post("/account/authenticator/end")
def remove_app(request: Request) -> Response:
    """The app no longer counts."""
    with work(request) as w:
        token = actions.remove_app(w, agent_of(request))
        said = _("The app is removed. You are signed out everywhere else.")
        return sign_in_here(w, see_other(w, "/account/second-factor", say=said), token)


@router.post("/account/recovery-codes")
def renew_recovery_codes(request: Request) -> Response:
    """Ten new ones; the old ones are void."""
    with work(request) as w:
        return _codes_page(w, actions.renew_recovery_codes(w))


def after_adding(w: WebWork, codes: list[str], said: Text) -> Response:
    """New recovery codes are shown once; else the list of what is set up."""
    if codes:
        return _codes_page(w, codes)
    return see_other(w, "/account/second-factor", say=said)


def _codes_page(w: WebWork, codes: list[str]) -> Response:
    return page(w, "people/recovery_codes.html", codes=codes)


def _app_page(w: WebWork, form: Form[AppCode], new: actions.NewApp | None = None) -> Response:
    return page(
        w, "people/authenticator.html", status=422 if form.show_errors else 200, form=form,
        picture=_picture(new.uri) if new else None, secret=_in_fours(new.secret) if new else "",
    )  # fmt: skip


def _picture(uri: str) -> Markup:
    """A QR code as SVG without any style attribute: the content security policy forbids those."""
    title = str(_("Code to be read by the app"))
    drawn = segno.make(uri, error="m").svg_inline(scale=5, dark="#000", light="#fff", title=title, svgclass="qr")
    return Markup(drawn)  # noqa: S704 -- drawn from a secret of ours


def _in_fours(secret: str) -> str:
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
