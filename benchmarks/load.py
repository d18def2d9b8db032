"""Browsers as bare as can be: one connection each, kept open, so that little of what is measured is the client."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from benchmarks.ranks import percentile
from challenge.people.queries import COOKIE

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, and how long it took to the last byte."""

    status: int
    head: str
    body: bytes
    seconds: float

    @property
    def text(self) -> str:
        """The page."""
        return self.body.decode()

    def header(self, name: str) -> str:
        """A header of the answer, empty where there is none."""
        for line in self.head.split("\r\n")[1:]:
            key, _colon, value = line.partition(":")
            if key.lower() == name:
                return value.strip()
        return ""


class Browser:
    """Asks over one connection; opens a new one where the server has closed it. ``source`` is its address."""

    def __init__(
        self, port: int, token: str = "", source: str = LOOPBACK, headers: Mapping[str, str] | None = None
    ) -> None:
        self.port, self.source = port, source
        lines = {"Host": f"{LOOPBACK}:{port}", "Sec-Fetch-Site": "same-origin", **(headers or {})}
        if token:
            lines["Cookie"] = f"{COOKIE}={token}"
        self._lines = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        self._socket: socket.socket | None = None

    def get(self, path: str) -> Answer:
        """Read a page."""
        return self._ask(f"GET {path} HTTP/1.1\r\n{self._lines}\r\n".encode())

    def post(self, path: str, fields: Mapping[str, str | Sequence[str]]) -> Answer:
        """Send a form."""
        return self.send(path, urlencode(fields, doseq=True).encode(), "application/x-www-form-urlencoded")

    def upload(self, path: str, name: str, content: bytes) -> Answer:
        """Send a file."""
        head = f'--cut\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
        return self.send(path, head + content + b"\r\n--cut--\r\n", "multipart/form-data; boundary=cut")

    def send(self, path: str, body: bytes, kind: str) -> Answer:
        """Post a body of this kind."""
        head = f"POST {path} HTTP/1.1\r\n{self._lines}Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
        return self._ask(head.encode() + body)

    def close(self) -> None:
        """Hang up."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _ask(self, request: bytes) -> Answer:
        began = time.perf_counter()
        try:
            return self._once(request, began)
        except (ConnectionError, EOFError):  # the server had closed it between two requests
            self.close()
            return self._once(request, began)

    def _once(self, request: bytes, began: float) -> Answer:
        if self._socket is None:
            self._socket = socket.create_connection((LOOPBACK, self.port), 30, (self.source, 0))
            if self._socket.getsockname() == self._socket.getpeername():  # nobody listens: it found itself
                self.close()
                raise ConnectionRefusedError
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.sendall(request)
        found = b""
        while (end := found.find(b"\r\n\r\n")) < 0:
            found += self._more()
        head = found[:end].decode("latin-1")
        answer = Answer(int(head[9:12]), head, b"", 0.0)
        length = int(answer.header("content-length") or 0)
        parts, have = [found[end + 4 :]], len(found) - end - 4
        while have < length:
            parts.append(self._more())
            have += len(parts[-1])
        if answer.header("connection") == "close":
            self.close()
        return Answer(answer.status, head, b"".join(parts), time.perf_counter() - began)

    def _more(self) -> bytes:
        piece = self._socket.recv(262_144) if self._socket is not None else b""
        if not piece:
            raise EOFError
        return piece


@dataclass(slots=True)
class Load:
    """What closed-loop clients found: seconds of each good answer, and how many went wrong."""

    times: list[float] = field(default_factory=list)
    wrong: int = 0
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Good answers a second."""
        return len(self.times) / self.seconds

    @property
    def success(self) -> float:
        """The share of good answers."""
        return len(self.times) / max(len(self.times) + self.wrong, 1)

    def at(self, share: float) -> float:
        """A percentile of the seconds; endless when nothing was answered."""
        return percentile(self.times, share) if self.times else float("inf")


def closed_loop(asks: Sequence[Callable[[], bool]], seconds: float, pause: float = 0.0) -> Load:
    """Each of ``asks`` is a client: asked again as soon as it was answered, until the time is over.

    It says whether the answer was good; an exception is a wrong answer.
    """
    load, lock = Load(), threading.Lock()
    until = time.perf_counter() + seconds

    def client(ask: Callable[[], bool]) -> None:
        times, wrong = [], 0
        while (began := time.perf_counter()) < until:
            try:
                good = ask()
            except (OSError, EOFError):
                good = False
            if good:
                times.append(time.perf_counter() - began)
            else:
                wrong += 1
            if pause:
                threading.Event().wait(pause)
        with lock:
            load.times += times
            load.wrong += wrong

    began = time.perf_counter()
    threads = [threading.Thread(target=client, args=(ask,)) for ask in asks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    load.seconds = time.perf_counter() - began
    return load


def reader(browser: Browser, *paths: str) -> Callable[[], bool]:
    """A client that reads these pages in turn."""
    turn = iter(range(1 << 60))
    return lambda: browser.get(paths[next(turn) % len(paths)]).status == 200  # noqa: PLR2004
