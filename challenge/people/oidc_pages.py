"""Signing in with an account of elsewhere, and the list of those that are linked."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from challenge.http import language
from challenge.http.pages import page, see_other
from challenge.http.work import WebWork, work
from challenge.kernel import proof
from challenge.kernel.errors import Missing
from challenge.kernel.i18n import _
from challenge.people import actions
from challenge.people.browser import (
    agent_of,
    forget_oidc_here,
    go_on_signed_in,
    ip_of,
    keep_oidc_here,
    know_here,
    oidc_here,
    providers,
    sign_in_here,
)
from challenge.people.oidc import failures, identities
from challenge.people.oidc.remote import patience
from challenge.people.paths import own_path

if TYPE_CHECKING:
    from challenge.people.oidc.remote import Remote

router = APIRouter(include_in_schema=False)
LIST = "/account/identities"
ONCE = ("state", "code", "iss", "error")


@router.get("/sign-in/with/{key}")
def begin(request: Request, key: str) -> Response:
    """Send the browser to the provider. Who is signed in already is asked there to show a credential again."""
    remote, now = _remote(request, key), request.state.received_at
    with work(request, writing=True) as w:
        wanted = own_path(request.query_params.get("next", ""), "")
        begun = actions.begin_oidc(w, remote.provider, wanted, oidc_here(request), ip_of(request))
        spoken = language.language_of(request, w.actor)
    with patience():
        url = remote.address(
            now, state=begun.state, nonce=begun.nonce, verifier=begun.verifier, again=w.actor.signed_in, language=spoken
        )
    return keep_oidc_here(RedirectResponse(url, 303), begun.browser)


@router.get("/sign-in/with/{key}/back")
def finish(request: Request, key: str) -> Response:
    """The browser comes back. The answer is used up before anybody is asked about it, whatever comes of it."""
    remote, now, browser = _remote(request, key), request.state.received_at, oidc_here(request)
    given = {name: values[0] for name in ONCE if len(values := request.query_params.getlist(name)) == 1}
    with patience():
        with work(request, writing=True) as w:
            taken = actions.take_oidc(w, remote.provider, given.get("state", ""), browser)
        if taken is None:
            raise failures.not_begun()
        found = remote.who(now, given, nonce_hash=taken.nonce_hash, verifier=taken.verifier)
    with work(request, writing=True) as w:
        spoken = language.language_of(request, w.actor)
        arrived = actions.arrive(w, taken, remote.provider, found, agent_of(request), spoken)
        if arrived is not None:
            return go_on_signed_in(w, arrived.token, arrived.next_path, is_half=arrived.is_half)
        if w.actor.signed_in:
            return see_other(w, LIST)
        return page(w, "people/identity_unknown.html", provider=remote.provider, label=found.label, link_page=LIST)


@router.get("/account/identities")
def show(request: Request) -> Response:
    """What is linked, what waits to be, and what can be."""
    with work(request) as w:
        return _list_page(w)


@router.post("/account/identities")
def link(request: Request) -> Response:
    """Link the account that waits in this browser."""
    with work(request) as w:
        token = actions.link_identity(w, oidc_here(request), providers(request))
        said = _("Linked. From now on that account signs you in.")
        return sign_in_here(w, see_other(w, LIST, say=said), token)


@router.post("/account/identities/forget")
def forget(request: Request) -> Response:
    """Leave the waiting account alone."""
    with work(request) as w:
        actions.forget_offered(w, oidc_here(request))
        return forget_oidc_here(see_other(w, LIST, say=_("Nothing was linked.")))


@router.post("/account/identities/{code}/end")
def unlink(request: Request, code: str) -> Response:
    """It signs nobody in any more."""
    with work(request) as w:
        actions.unlink_identity(w, code)
        said = _("Unlinked. You are signed out everywhere else.")
        return know_here(w, see_other(w, LIST, say=said))


def _remote(request: Request, key: str) -> Remote:
    found: Remote | None = request.app.state.oidc.get(key)
    if found is None:
        raise Missing
    return found


def _list_page(w: WebWork) -> Response:
    known = providers(w.request)
    linked = identities.linked(w, known)
    waiting = identities.offered(w, oidc_here(w.request))
    taken = {row.provider.key for row in linked if row.provider}
    return page(
        w, "people/identities.html", linked=linked, unproven=proof.missing(w), back=quote(LIST, safe=""),
        waiting=waiting, waiting_provider=known.get(waiting.provider) if waiting else None,
        others=[provider for provider in known.values() if provider.key not in taken],
    )  # fmt: skip
