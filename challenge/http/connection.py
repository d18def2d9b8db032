"""Connections that wait for a request must end: uvicorn alone waits for ever (reliability.md, F7).

The head of a request has ten seconds, a body thirty and then as long as it arrives fast enough, an answer a minute for
each piece to be taken. One address has so many connections; when it opens more, an idle one makes room.
"""

from __future__ import annotations

import asyncio
from enum import Enum
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from challenge.http.connections import STATE, Connections
from challenge.http.security import HEADERS

HEAD_BYTES = 48 * 1024  # of an unfinished head; the exact cap is in the guard
LINGER_SECONDS = 2.0  # after an answer that came before the end of the body
WRITE_SECONDS = 60.0
CLOSE_SECONDS = 5.0
LATE = b"408 Request Timeout", "The request did not arrive in time."
LONG = b"431 Request Header Fields Too Large", "The head of the request is too large."
FULL = b"429 Too Many Requests", "Too many connections from this address."
BROKEN = b"400 Bad Request", "This is not a request."


class Phase(Enum):
    """What is being received."""

    NOTHING = "nothing"
    HEAD = "head"
    BODY = "body"


class Patient(HttpToolsProtocol):
    """uvicorn's connection, with an end to its patience."""

    place: str | None = None

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.all = cast("Connections", self.app_state.get(STATE) or Connections())
        self.phase = Phase.NOTHING
        self._received = 0  # bytes of the head, then of the body
        self._began = 0.0
        self._patience: asyncio.TimerHandle | None = None
        self._writing: asyncio.TimerHandle | None = None

    @property
    def is_idle(self) -> bool:
        """Whether closing it now hurts nobody: no byte of a request is there, every answer is out."""
        answered = self.cycle is None or self.cycle.response_complete
        return answered and (self.phase is Phase.NOTHING or (self.phase is Phase.HEAD and not self._received))

    @property
    def is_waiting(self) -> bool:
        """Whether it waits for the other side: to send the rest of a request, or to take an answer."""
        if self.phase is Phase.BODY or self._writing is not None:
            return True
        return self.phase is Phase.HEAD and (self.cycle is None or self.cycle.response_complete)

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Count it and begin to wait for the first head."""
        super().connection_made(transport)
        if not self.all.enter(self, self.client[0] if self.client else ""):
            self._refuse(*FULL)
            return
        self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it."""
        self.all.leave(self)
        self._stop()
        super().connection_lost(exc)

    def end(self) -> None:
        """Close; what is written is still sent, if it is taken soon."""
        self._stop()
        self.all.leave(self)
        if self.cycle is not None and not self.cycle.response_complete:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self.transport.close()
        self.loop.call_later(CLOSE_SECONDS, self.transport.abort)

    def data_received(self, data: bytes) -> None:
        """Feed the parser, which calls the ``on_`` methods."""
        if self.transport.is_closing():
            return
        if self.phase is Phase.NOTHING and self._patience is None:
            self._expect_head()
        if self.phase is Phase.HEAD:
            self._received += len(data)
        super().data_received(data)
        if self.phase is Phase.HEAD and self._received > HEAD_BYTES:
            self._refuse(*LONG)

    def on_headers_complete(self) -> None:
        """The head was in time; now the body."""
        self.phase, self._received, self._began = Phase.BODY, 0, self.loop.time()
        self._wait(self.all.body_seconds)
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Count what comes: it earns time."""
        self._received += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """All is here."""
        self.phase = Phase.NOTHING
        self._stop()
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """An answer before the end of the body: the rest is not read for long."""
        super().on_response_complete()
        if self.phase is Phase.BODY:
            self._began = float("-inf")
            self._wait(LINGER_SECONDS)

    def pause_writing(self) -> None:
        """The other side does not take what is sent."""
        super().pause_writing()
        self._writing = self.loop.call_later(WRITE_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        """It does again."""
        if self._writing is not None:
            self._writing.cancel()
            self._writing = None
        super().resume_writing()

    def send_400_response(self, msg: str) -> None:
        """What uvicorn says to what is no HTTP, with our headers."""
        del msg
        self._refuse(*BROKEN)

    def _expect_head(self) -> None:
        self.phase, self._received = Phase.HEAD, 0
        self._wait(self.all.head_seconds)

    def _wait(self, seconds: float) -> None:
        self._stop()
        self._patience = self.loop.call_later(seconds, self._lose_patience)

    def _stop(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _lose_patience(self) -> None:
        self._patience = None
        if self.phase is Phase.BODY:
            earned = self._began + self.all.body_seconds + self._received / self.all.body_rate - self.loop.time()
            if earned > 0:
                self._wait(earned)
                return
        elif not self._received:  # a browser that connected beforehand
            self.end()
            return
        self._refuse(*LATE)

    def _refuse(self, line: bytes, text: str) -> None:
        """Say why, unless an answer has begun; then close."""
        if self.cycle is None or self.cycle.response_complete or not self.cycle.response_started:
            body = text.encode()
            headers = {**HEADERS, "content-type": "text/plain; charset=utf-8", "content-length": str(len(body))}
            head = "".join(f"{name}: {value}\r\n" for name, value in headers.items()).encode()
            self.transport.write(b"HTTP/1.1 " + line + b"\r\n" + head + b"connection: close\r\n\r\n" + body)
        self.end()
