"""Signing in and out, and the language. The other pages of people are in files beside this one."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import APIRouter, Request
from starlette.background import BackgroundTask
from starlette.responses import RedirectResponse, Response

from challenge.http import language
from challenge.http.forms import Form
from challenge.http.pages import page, see_other
from challenge.http.sent import Sent
from challenge.http.work import WebWork, work
from challenge.kernel.errors import Missing
from challenge.kernel.i18n import LANGUAGES, _
from challenge.kernel.work import open_work
from challenge.people import (
    account_pages,
    actions,
    code_pages,
    confirm_pages,
    noted,
    oidc_pages,
    organisation_pages,
    passkey_pages,
    passwords,
    people_pages,
    queries,
    second_factor_pages,
    yearly_pages,
)
from challenge.people.browser import (
    agent_of,
    go_on_signed_in,
    ip_of,
    mark_of,
    passkey_site,
    providers,
    public_url,
    readable,
    sign_out_here,
)
from challenge.people.paths import own_path
from challenge.people.schemas import LinkAsk, PasswordSignIn

router = APIRouter(include_in_schema=False)
for _more in (
    account_pages,
    code_pages,
    confirm_pages,
    oidc_pages,
    organisation_pages,
    passkey_pages,
    people_pages,
    second_factor_pages,
    yearly_pages,
):
    router.routes.extend(_more.router.routes)  # flat, so that whoever lists the routes sees every one

NO_REFERRER = {"Referrer-Policy": "no-referrer"}  # the address of the page holds a secret
NOT_RIGHT = _("The address or the password is not right.")


@router.get("/sign-in")
def new(request: Request) -> Response:
    """One page: a link by e-mail, or the password."""
    with work(request) as w:
        wanted = request.query_params.get("next", "")
        if queries.half_signed_in(w) is not None:
            return see_other(w, f"/sign-in/code?next={quote(own_path(wanted, ''), safe='')}")
        return _sign_in_page(w, next_path=wanted)


@router.post("/sign-in")
def send(request: Request, sent: Sent) -> Response:
    """Mail a link. The answer is the same for every address."""
    with work(request) as w:
        form = Form.sent(LinkAsk, sent)
        if not form.valid:
            return _sign_in_page(w, link=form, next_path=form.data.get("next", ""))
        response = see_other(w, "/sign-in/sent")
        if actions.ask_link(w, form.value.email, ip_of(request), mark_of(request)):
            response.background = BackgroundTask(_mail_link, request, form.value)
        return response


def _mail_link(request: Request, asked: LinkAsk) -> None:
    """In a unit of its own, after the answer."""
    with open_work(request.app.state.database, request.state.received_at, patient=True) as w:
        actions.send_link(
            w, asked.email, own_path(asked.next, ""), public_url=public_url(request),
            browser=readable(agent_of(request)),
        )  # fmt: skip


@router.get("/sign-in/sent")
def sent_page(request: Request) -> Response:
    """What to do now."""
    with work(request) as w:
        settings = request.app.state.settings
        stays_here = settings.env == "development" and not settings.smtp_url
        return page(w, "people/link_sent.html", is_shown_here=stays_here)


@router.post("/sign-in/password")
def enter(request: Request, sent: Sent) -> Response:
    """Sign in with a password, which is compared outside of both units of work."""
    form = Form.sent(PasswordSignIn, sent)
    with work(request) as w:
        if not form.valid:
            return _sign_in_page(w, password=form, next_path=form.data.get("next", ""))
        asked = form.value
        found = actions.candidate(w, asked.email, ip_of(request))
    right = passwords.matches(found.kept, asked.password)
    renewed = passwords.hashed(asked.password) if right and passwords.is_outdated(found.kept) else None
    with work(request) as w:
        signed_in = actions.enter(w, found, agent_of(request), renewed) if right else None
        if signed_in is None:
            noted.turned_away("password", found.code)
            form.say("password", NOT_RIGHT)
            return _sign_in_page(w, password=form, next_path=asked.next)
        return go_on_signed_in(w, signed_in.token, asked.next, is_half=signed_in.is_half)


@router.get("/sign-in/{token}")
def ask(request: Request, token: str) -> Response:
    """The page of a link. Looking uses nothing up: mail scanners look too."""
    with work(request) as w:
        holder = queries.link_holder(w, token)
        if holder is None:
            return _dead_link(w)
        return page(w, "people/link.html", headers=NO_REFERRER, holder=holder, token=token)


@router.post("/sign-in/{token}")
def claim(request: Request, token: str) -> Response:
    """Use the link up."""
    with work(request) as w:
        signed_in = actions.claim_link(w, token, agent_of(request))
        if signed_in is None:
            return _dead_link(w)
        return go_on_signed_in(w, signed_in.token, signed_in.next_path, is_half=signed_in.is_half)


@router.post("/sign-out")
def leave(request: Request) -> Response:
    """End the session of this browser."""
    with work(request) as w:
        actions.end_session(w, w.actor.session_id)
        noted.left(w.actor.code)
        return sign_out_here(see_other(w, "/", say=_("You are signed out.")))


@router.get("/language/{code}")
def speak(request: Request, code: str) -> Response:
    """Show the pages in another language from now on, in this browser: a cookie, nothing in the database.

    The cookie goes before the account's language, which stays that of the mail (``http.language``).
    """
    if code not in LANGUAGES:
        raise Missing
    response = RedirectResponse(own_path(request.query_params.get("next", ""), "/"), 303)
    return language.choose(response, code)


def _sign_in_page(
    w: WebWork,
    *,
    link: Form[LinkAsk] | None = None,
    password: Form[PasswordSignIn] | None = None,
    next_path: str = "",
) -> Response:
    wrong = link or password
    known = {"email": queries.person(w, w.actor.id).email} if w.actor.signed_in else {}
    return page(
        w, "people/sign_in.html", status=422 if wrong else 200, wrong=wrong,
        link=link or Form(LinkAsk, known), password=password or Form(PasswordSignIn, known),
        next_path=own_path(next_path, ""), is_again=w.actor.signed_in, providers=providers(w.request).values(),
        has_passkeys=passkey_site(w.request) is not None,
    )  # fmt: skip


def _dead_link(w: WebWork) -> Response:
    """Used, void, over, unknown: one page."""
    return page(w, "people/link_over.html", status=404, headers=NO_REFERRER)
