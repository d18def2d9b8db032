"""What a browser tells and keeps: where it is, what it is, its session."""

from __future__ import annotations

import ipaddress
from urllib.parse import quote, urlsplit

from fastapi import Request
from starlette.responses import Response

from challenge.http.compression import KNOWN_COOKIE
from challenge.http.pages import see_other
from challenge.http.work import WebWork
from challenge.kernel.i18n import Text, _
from challenge.people import known
from challenge.people.actions import Asked, Site
from challenge.people.oidc.providers import Provider
from challenge.people.paths import own_path
from challenge.people.queries import COOKIE

OIDC_COOKIE = "__Host-oidc"
PASSKEY_COOKIE = "__Host-passkey"
_BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
_SYSTEMS = (("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Mac OS", "macOS"),
            ("Linux", "Linux"))  # fmt: skip


def sign_in_here(w: WebWork, response: Response, token: str) -> Response:
    """Give the browser its session. It lives as long as the browser; how long it counts is decided in the database."""
    response.set_cookie(COOKIE, token, path="/", secure=True, httponly=True, samesite="lax")
    return know_here(w, response, token)


def know_here(w: WebWork, response: Response, token: str = "") -> Response:
    """Whose session (this one, or that of ``token``) is whole, their browser is known, also when it has signed out."""
    if mark := known.mark_of_session(w, token or w.request.cookies.get(COOKIE, "")):
        age = int(known.VALID.total_seconds())
        response.set_cookie(KNOWN_COOKIE, mark, age, path="/", secure=True, httponly=True, samesite="lax")
    return response


def mark_of(request: Request) -> str:
    """By which a browser is known that has signed in before."""
    return request.cookies.get(KNOWN_COOKIE, "")


def go_on_signed_in(w: WebWork, token: str, wanted: str, *, is_half: bool) -> Response:
    """To the page that was wanted; by way of the second factor where one is set up."""
    path = own_path(wanted)
    if is_half:
        path = f"/sign-in/code?next={quote(path, safe='')}"
    return sign_in_here(w, see_other(w, path), token)


def sign_out_here(response: Response) -> Response:
    """Take it away again, what waits to be linked, and what the browser itself keeps of forms (autosave.js)."""
    response.headers["clear-site-data"] = '"storage"'
    response.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="lax")
    return forget_oidc_here(response)


def oidc_here(request: Request) -> str:
    """The secret that binds sign-ins at providers to this browser."""
    return request.cookies.get(OIDC_COOKIE, "")


def keep_oidc_here(response: Response, browser: str) -> Response:
    """Keep it as long as an account waits to be linked. ``lax``: it must come along when the provider sends us back."""
    response.set_cookie(OIDC_COOKIE, browser, max_age=1_800, path="/", secure=True, httponly=True, samesite="lax")
    return response


def forget_oidc_here(response: Response) -> Response:
    """Nothing waits in this browser any more."""
    response.delete_cookie(OIDC_COOKIE, path="/", secure=True, httponly=True, samesite="lax")
    return response


def providers(request: Request) -> dict[str, Provider]:
    """The providers one may sign in with, by key."""
    return {key: remote.provider for key, remote in request.app.state.oidc.items()}


def public_url(request: Request) -> str:
    """The address this service is known by; never what the request says."""
    return str(request.app.state.settings.public_url).rstrip("/")


def passkey_site(request: Request) -> Site | None:
    """Whose passkeys are asked for; None where the service is known by numbers only: passkeys need a name."""
    settings = request.app.state.settings
    host = urlsplit(settings.public_url).hostname or ""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return Site(host, settings.origin, settings.name)
    return None


def asks_passkey(asked: Asked) -> Response:
    """What the browser's dialogue is given, bound to this browser."""
    response = Response(asked.options, media_type="application/json")
    response.set_cookie(PASSKEY_COOKIE, asked.browser, path="/", secure=True, httponly=True, samesite="strict")
    return response


def browser_of(request: Request) -> str:
    """The token a passkey's challenge is bound to."""
    return request.cookies.get(PASSKEY_COOKIE, "")


def ip_of(request: Request) -> str:
    """Where the request came from (the server puts a trusted proxy's word here, nobody else's)."""
    return request.client.host if request.client else ""


def agent_of(request: Request) -> str:
    """What the browser calls itself."""
    return request.headers.get("user-agent", "")


def readable(agent: str) -> Text:
    """``Firefox, Linux``: enough to recognise one's own browser in a list."""
    browser = next((name for mark, name in _BROWSERS if mark in agent), None)
    system = next((name for mark, name in _SYSTEMS if mark in agent), None)
    if browser and system:
        return _("%(browser)s, %(system)s", browser=browser, system=system)
    return _("%(browser)s", browser=browser or system) if browser or system else _("A browser we do not know")
