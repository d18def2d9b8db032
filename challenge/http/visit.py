"""One request on its way: what is read of it and how much that may be, whether it is being worked on."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from starlette.datastructures import Headers

from challenge.http.lanes import UNCOUNTED, Lanes

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

FORM_BYTES = 256 * 1024
FILE_BYTES = 21 * 1024 * 1024
JSON_DEPTH = 20
_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)  # an unfinished one too: then it never looks twice
_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))


class Capped(Exception):  # noqa: N818 -- it is a refusal
    """The request is refused while it is read. Who swallows this (FastAPI does) still cannot answer otherwise."""


class TooLarge(Capped):
    """The body went over its cap (413)."""


class TooDeep(Capped):
    """JSON with lists and objects in each other without end (400)."""


class Full(Capped):
    """Too many requests are worked on (503)."""


class Visit:
    """One request on its way: what was read of it, whether it is being worked on, whether an answer has begun."""

    def __init__(self, lanes: Lanes, scope: Scope, receive: Receive, send: Send) -> None:
        self.lanes, self.path = lanes, str(scope["path"])
        self.raw_receive, self._send = receive, send
        self.started = self.closing = False
        self.refused: type[Capped] | None = None  # not the exception: it would keep the body alive in a cycle
        self._inside = False
        self._count, self._limit = 0, 0
        self._json: list[bytes] | None = None

    def begin(self, headers: Headers) -> None:
        """Take a place, unless a body is still to come: who sends slowly must not hold one. Raises Full."""
        self._limit = body_limit(headers)
        if "json" in headers.get("content-type", "").lower():
            self._json = []
        if headers.get("content-length", "0") == "0" and "transfer-encoding" not in headers:
            self._enter()

    async def receive(self) -> Message:
        """The next piece of the body. Raises TooLarge; and once all of it is there, TooDeep or Full."""
        message = await self.raw_receive()
        self._count += len(message.get("body", b""))
        if self._count > self._limit:
            self._refuse(TooLarge())
        if self._json is not None:
            self._json.append(message.get("body", b""))
        if message["type"] == "http.request" and not message.get("more_body", False):
            if self._json is not None and is_deep(b"".join(self._json)):
                self._refuse(TooDeep())
            self._enter()
        return message

    async def send(self, message: Message) -> None:
        """A piece of the application's answer; with the first one the work is done."""
        if self.refused is None:
            await self.say(message)

    async def say(self, message: Message) -> None:
        """A piece of whatever is answered."""
        if message["type"] == "http.response.start":
            self.started = True
            self.leave()
            if self.closing:
                message["headers"] = [*message.get("headers", []), (b"connection", b"close")]
        await self._send(message)

    def _enter(self) -> None:
        if self._inside or self.started or self.path.startswith(UNCOUNTED):
            return
        if not self.lanes.enter(self.path):
            self._refuse(Full())
        self._inside = True

    def _refuse(self, why: Capped) -> None:
        self.refused = None if self.started else type(why)
        raise why

    def leave(self) -> None:
        """Give the place back."""
        if self._inside:
            self._inside = False
            self.lanes.leave()


def body_limit(headers: Headers) -> int:
    """Bytes a body may have: files come as multipart, everything else is small."""
    return FILE_BYTES if headers.get("content-type", "").startswith("multipart/") else FORM_BYTES


def is_deep(content: bytes) -> bool:
    """Whether lists and objects stand in each other more than ``JSON_DEPTH`` deep; before anything is parsed."""
    depth = 0
    for bracket in _STRING.sub(b"", content).translate(None, _BRACKETS):
        depth += 1 if bracket in b"[{" else -1
        if depth > JSON_DEPTH:
            return True
    return b"\x00" in content  # no UTF-8: what stands in it cannot be told so easily
