"""Which language a request is answered in: account, then cookie, then the browser's wish."""

from __future__ import annotations

from fastapi import Request

from challenge.kernel.actor import Actor
from challenge.kernel.i18n import LANGUAGES

COOKIE = "language"


def language_of(request: Request, actor: Actor | None = None) -> str:
    """A key of ``LANGUAGES``."""
    if actor is not None and actor.signed_in and actor.locale in LANGUAGES:
        return actor.locale
    if (wished := request.cookies.get(COOKIE)) in LANGUAGES:
        return str(wished)
    for part in request.headers.get("accept-language", "").split(","):
        if (code := part.split(";")[0].strip()[:2].lower()) in LANGUAGES:
            return code
    return "en"
