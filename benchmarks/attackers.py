"""Attackers, in a process of their own: ``python -m benchmarks.attackers PORT KIND COUNT TOKEN PATH`` until ended.

They come from several addresses of loopback, so that the cap on connections of one address does not stop them, and
come back whenever they are let go. When ended they print what happened to them as JSON.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
import time
from dataclasses import dataclass, field

from challenge.people.queries import COOKIE
from tests.factories.files import BOMBS

PER_ADDRESS = 30
KINDS = ("slow_head", "slow_body", "slow_reader", "large", "bomb")
LITTLE = 4_096  # bytes an attacker reads ahead
LARGE = 64 * 1024 * 1024
PIECE = b"x" * 65_536
HEAVY = ("ratio", "entries", "laughs", "pixels", "pixels in a document", "nested")


@dataclass(slots=True)
class Fate:
    """What became of the connections: how long each was kept, and what was answered."""

    kept: list[float] = field(default_factory=list)
    open: dict[int, float] = field(default_factory=dict)  # since when, by number
    answers: dict[str, int] = field(default_factory=dict)
    refused: int = 0


class Attacker:
    """One of them: its kind and number decide from which address it comes."""

    def __init__(self, port: int, kind: str, number: int, token: str, path: str, fate: Fate) -> None:
        self.port, self.number, self.path, self.fate = port, number, path, fate
        self.act = getattr(self, kind)
        self.source = f"127.{1 + KINDS.index(kind)}.{number // PER_ADDRESS}.9"
        self.lines = f"Host: 127.0.0.1:{port}\r\nSec-Fetch-Site: same-origin\r\nCookie: {COOKIE}={token}\r\n"

    async def again(self) -> None:
        """Connect, act until it is over, and again."""
        while True:
            began = time.monotonic()
            try:
                reader, writer = await asyncio.open_connection(
                    "127.0.0.1", self.port, local_addr=(self.source, 0), limit=LITTLE
                )
            except OSError:
                self.fate.refused += 1
                await asyncio.sleep(0.5)
                continue
            self.fate.open[self.number] = began
            with contextlib.suppress(OSError, asyncio.IncompleteReadError):
                await self.act(reader, writer)
            answer = b""
            with contextlib.suppress(OSError, TimeoutError):
                answer = await asyncio.wait_for(reader.read(64), 1)
            said = answer[9:12].decode("latin-1") or "closed"
            self.fate.answers[said] = self.fate.answers.get(said, 0) + 1
            self.fate.kept.append(time.monotonic() - self.fate.open.pop(self.number))
            writer.close()
            await asyncio.sleep(0.05)

    async def slow_head(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """A head without end, a byte a time."""
        await self._trickle(reader, writer, f"GET {self.path} HTTP/1.1\r\n{self.lines}X-A: ".encode())

    async def slow_body(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """A form without end, a byte a time."""
        kind = "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 200000\r\n\r\nx="
        await self._trickle(reader, writer, f"POST {self.path} HTTP/1.1\r\n{self.lines}{kind}".encode())

    async def _trickle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, begin: bytes) -> None:
        writer.write(begin)
        while not reader.at_eof() and not writer.is_closing():
            await writer.drain()
            await asyncio.sleep(0.5)
            if reader._buffer:  # type: ignore[attr-defined]  # noqa: SLF001 -- asyncio has no way to look without waiting
                return
            writer.write(b"x")

    async def slow_reader(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Asks for pages and takes a few bytes of the answers now and then."""
        writer.write(f"GET {self.path} HTTP/1.1\r\n{self.lines}\r\n".encode() * 20)
        while await reader.read(16):  # noqa: ASYNC110 -- it waits for nothing: it is slow
            await asyncio.sleep(0.5)

    async def large(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """64 MiB: half of them say so beforehand, half only send."""
        del reader
        says = self.number % 2 == 0
        size = f"Content-Length: {LARGE}\r\n" if says else "Transfer-Encoding: chunked\r\n"
        kind = "Content-Type: multipart/form-data; boundary=cut\r\n"
        part = b'--cut\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF-1.7\n'
        writer.write(f"POST {self.path} HTTP/1.1\r\n{self.lines}{kind}{size}\r\n".encode())
        for piece in (part, *[PIECE] * (LARGE // len(PIECE))):
            writer.write(piece if says else b"%x\r\n%b\r\n" % (len(piece), piece))
            await writer.drain()

    async def bomb(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One hostile file after the other."""
        for name in HEAVY:
            part = b'--cut\r\nContent-Disposition: form-data; name="file"; filename="plan.docx"\r\n\r\n'
            body = part + _bomb(name) + b"\r\n--cut--\r\n"
            kind = f"Content-Type: multipart/form-data; boundary=cut\r\nContent-Length: {len(body)}\r\n\r\n"
            writer.write(f"POST {self.path} HTTP/1.1\r\n{self.lines}{kind}".encode() + body)
            await writer.drain()
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
            said = head[9:12]
            self.fate.answers[said] = self.fate.answers.get(said, 0) + 1
            await reader.readexactly(int(head.split("content-length:")[1].split("\r\n")[0]))


_made: dict[str, bytes] = {}


def _bomb(name: str) -> bytes:
    if name not in _made:
        _made[name] = BOMBS[name]()
    return _made[name]


async def attack(port: int, kind: str, count: int, token: str, path: str) -> None:
    """All of them at once, until the process is asked to end."""
    fate, over = Fate(), asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, over.set)
    tasks = [asyncio.create_task(Attacker(port, kind, one, token, path, fate).again()) for one in range(count)]
    say("attacking")
    await over.wait()
    ended = time.monotonic()
    kept = [*fate.kept, *(ended - since for since in fate.open.values())]
    say(json.dumps({"kind": kind, "kept": kept, "answers": fate.answers, "refused": fate.refused}))
    os._exit(len(tasks) == 0)  # at once: some of them would not hear that they are cancelled


def say(line: str) -> None:
    """To whoever started the attack."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    """Attack until ended; what happened is said then."""
    port, kind, count, token, path = sys.argv[1:]
    if kind == "bomb":
        for name in HEAVY:
            _bomb(name)
    asyncio.run(attack(int(port), kind, int(count), token, path))


if __name__ == "__main__":
    main()
