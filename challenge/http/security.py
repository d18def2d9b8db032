"""The outermost layer: when a request was received, which hosts and origins may ask, how much, and every header."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from starlette.datastructures import Headers

from challenge.http.lanes import Lanes
from challenge.http.visit import App, Capped, Full, Message, Receive, Scope, Send, TooDeep, TooLarge, Visit, body_limit
from challenge.kernel.clock import Clock
from challenge.kernel.errors import Problem
from challenge.kernel.i18n import _

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
CLOSING = frozenset({400, 413, 414, 431})  # the rest of such a request is not worth reading
PLAIN = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", b"56")]
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
)
HEADERS = {
    "content-security-policy": CSP,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",  # with no-referrer every form would post Origin: null
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "strict-transport-security": "max-age=31536000; includeSubDomains",
    "cache-control": "no-store",  # unless the answer says otherwise
}
# A page made to stand in a frame on other sites: it runs no script, has no form and shows nothing of who is signed in.
EMBEDDED = {
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; form-action 'none'; base-uri 'none';"
        " frame-ancestors *; object-src 'none'; script-src 'none'"
    ),
    "cross-origin-resource-policy": "cross-origin",
}
URL_BYTES = 4 * 1024
HEAD_BYTES = 32 * 1024
NOT_THIS_HOST = Problem("host", _("This address is not served here."))
FOREIGN = Problem("foreign_origin", _("This came from another site and was not accepted. Go back and send it again."))
TOO_LARGE = Problem("too_large", _("What was sent is too large. Files may have up to 20 MB each."))
LONG_ADDRESS = Problem("long_address", _("This address is too long. Go back and follow the link again."))
LONG_HEAD = Problem("long_head", _("The browser sent too much about itself. Delete the cookies of this site."))
NO_LENGTH = Problem("length", _("What was sent could not be read. Go back and send it again."))
TOO_DEEP = Problem("json_depth", _("This JSON is nested too deeply: at most 20 levels, in UTF-8."))
FULL = Problem("full", _("Very many people are here at this moment. Try again in a few seconds."))
CAPS: dict[type[Capped], tuple[int, Problem]] = {
    TooLarge: (413, TOO_LARGE), TooDeep: (400, TOO_DEEP), Full: (503, FULL),
}  # fmt: skip
CRASHED = b"Something went wrong on our side. Try again in a minute."


@dataclass(slots=True)
class Guard:
    """ASGI: wraps the whole application, so that its own error answers carry the headers too.

    ``refuse(scope, status, problem)`` makes the answer of a refusal (a page or problem+json).
    """

    app: App
    clock: Clock
    origin: str
    hosts: frozenset[str]
    refuse: Callable[[Scope, int, Problem], App]
    lanes: Lanes = field(default_factory=Lanes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Stamp, check, cap, and add the headers to whatever is answered."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        scope.setdefault("state", {})["received_at"] = self.clock()
        visit = Visit(self.lanes, scope, receive, self._with_headers(send))
        try:
            await self._answer(scope, visit)
        except Exception:
            if visit.started:
                raise
            await visit.say({"type": "http.response.start", "status": 500, "headers": PLAIN})
            await visit.say({"type": "http.response.body", "body": CRASHED})
            raise
        finally:
            visit.leave()

    async def _answer(self, scope: Scope, visit: Visit) -> None:
        headers = Headers(scope=scope)
        refused = self._refusal(scope, headers)
        if refused is None:
            with suppress(Capped):
                visit.begin(headers)
                await self.app(scope, visit.receive, visit.send)
            if visit.refused is None:
                return
            refused = CAPS[visit.refused]
        visit.closing = refused[0] in CLOSING
        await self.refuse(scope, *refused)(scope, visit.raw_receive, visit.say)

    def _refusal(self, scope: Scope, headers: Headers) -> tuple[int, Problem] | None:
        if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > URL_BYTES:
            return 414, LONG_ADDRESS
        if sum(len(name) + len(value) for name, value in scope["headers"]) > HEAD_BYTES:
            return 431, LONG_HEAD
        named = headers.getlist("host")
        host = named[0].rsplit(":", 1)[0].strip("[]").lower() if len(named) == 1 else ""
        if host not in self.hosts:
            return 400, NOT_THIS_HOST
        if scope["method"] not in SAFE and not self._same_origin(headers):
            return 403, FOREIGN
        if (length := headers.get("content-length")) is not None:
            if not (length.isascii() and length.isdigit()):
                return 400, NO_LENGTH
            if int(length[:20]) > body_limit(headers):
                return 413, TOO_LARGE
        return None

    def _same_origin(self, headers: Headers) -> bool:
        """Headers only: Sec-Fetch-Site, else Origin; a token without a cookie needs neither (design.md §9)."""
        if (site := headers.get("sec-fetch-site")) is not None:
            return site in {"same-origin", "none"}
        if (origin := headers.get("origin")) is not None:
            return origin == self.origin
        return "cookie" not in headers and headers.get("authorization", "").lower().startswith("bearer ")

    @staticmethod
    def _with_headers(send: Send) -> Send:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                have = {name.lower() for name, _value in message.get("headers", [])}
                message["headers"] = [
                    *message.get("headers", []),
                    *((n.encode(), v.encode()) for n, v in HEADERS.items() if n.encode() not in have),
                ]
            await send(message)

        return sending
