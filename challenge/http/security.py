"""The outermost layer: when a request was received, which hosts and origins may ask, how much, and every header."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import Headers

from challenge.kernel.clock import Clock
from challenge.kernel.errors import Problem
from challenge.kernel.i18n import _

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
FORM_BYTES = 256 * 1024
FILE_BYTES = 21 * 1024 * 1024
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
NOT_THIS_HOST = Problem("host", _("This address is not served here."))
FOREIGN = Problem("foreign_origin", _("This came from another site and was not accepted. Go back and send it again."))
TOO_LARGE = Problem("too_large", _("What was sent is too large. Files may have up to 20 MB each."))


class TooLarge(Exception):  # noqa: N818 -- it is a refusal, answered with 413
    """The body went over its cap while it was read."""


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

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Stamp, check, cap, and add the headers to whatever is answered."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        scope.setdefault("state", {})["received_at"] = self.clock()
        headers = Headers(scope=scope)
        send = self._with_headers(send)
        if refused := self._refusal(scope, headers):
            await self.refuse(scope, *refused)(scope, receive, send)
            return
        counted, started = 0, False
        limit = body_limit(headers)

        async def counting() -> Message:
            nonlocal counted
            message = await receive()
            counted += len(message.get("body", b""))
            if counted > limit:
                raise TooLarge
            return message

        async def noting(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, counting, noting)
        except TooLarge:
            if started:
                raise
            await self.refuse(scope, 413, TOO_LARGE)(scope, receive, send)

    def _refusal(self, scope: Scope, headers: Headers) -> tuple[int, Problem] | None:
        host = headers.get("host", "").rsplit(":", 1)[0].strip("[]").lower()
        if host not in self.hosts:
            return 400, NOT_THIS_HOST
        if scope["method"] not in SAFE and not self._same_origin(headers):
            return 403, FOREIGN
        if (length := headers.get("content-length")) and (not length.isdigit() or int(length) > body_limit(headers)):
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


def body_limit(headers: Headers) -> int:
    """Bytes a body may have: files come as multipart, everything else is small."""
    return FILE_BYTES if headers.get("content-type", "").startswith("multipart/") else FORM_BYTES
