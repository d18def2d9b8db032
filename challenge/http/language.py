"""Which language a request is answered in: cookie, then account, then the browser's wish.

The cookie is only ever set by somebody's choice on this browser (the link in the header, the account page), so it goes
before the account's language, which also decides what mail is written in.
"""

from __future__ import annotations

from fastapi import Request
from starlette.responses import Response

from challenge.kernel.actor import Actor
from challenge.kernel.i18n import LANGUAGES

COOKIE = "__Host-language"


def language_of(request: Request, actor: Actor | None = None) -> str:
    """A key of ``LANGUAGES``."""
    if (wished := request.cookies.get(COOKIE)) in LANGUAGES:
        return str(wished)
    if actor is not None and actor.signed_in and actor.locale in LANGUAGES:
        return actor.locale
    for part in request.headers.get("accept-language", "").split(","):
        if (code := part.split(";")[0].strip()[:2].lower()) in LANGUAGES:
            return code
    return "en"


def choose(response: Response, code: str) -> Response:
    """Remember the choice in this browser for a year."""
    response.set_cookie(COOKIE, code, max_age=31_536_000, path="/", secure=True, httponly=True, samesite="lax")
    return response
