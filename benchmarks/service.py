"""Server processes on loopback, and what the kernel knows of them."""

from __future__ import annotations

import contextlib
import os
import random
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.load import Browser

PATIENCE = 60.0
SECRET = "a secret for benchmarks only, long enough for any key"
TICKS = os.sysconf("SC_CLK_TCK")


PORTS = range(20_000, 30_000)  # below those the kernel gives to clients: who waits for a server must not be given its


def free_port() -> int:
    """A port nobody listens on."""
    while True:
        port = random.choice(PORTS)
        with contextlib.closing(socket.socket()) as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


class Service:
    """A running server: its port, its process."""

    def __init__(self, port: int, process: subprocess.Popen[bytes], log: Path) -> None:
        self.port, self.process, self.log = port, process, log

    def browser(self, token: str = "", source: str = "127.0.0.1", **headers: str) -> Browser:
        """Somebody who looks at it."""
        return Browser(self.port, token, source, headers)

    def cpu(self) -> float:
        """Seconds of processor time it has used."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def memory(self, what: str = "Rss", *, children: bool = False) -> int:
        """Bytes: ``Rss``, or ``Pss`` where pages shared with others count in part."""
        pids = [self.process.pid, *(_children(self.process.pid) if children else [])]
        return sum(_rollup(pid, what) for pid in pids)


def _rollup(pid: int, what: str) -> int:
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith(f"{what}:"):
                return int(line.split()[1]) * 1024
    return 0


def _children(pid: int) -> list[int]:
    found = []
    with contextlib.suppress(OSError):
        for path in Path(f"/proc/{pid}/task").glob("*/children"):
            found += [int(child) for child in path.read_text().split()]
    return found


@contextlib.contextmanager
def running(command: Sequence[str], port: int, more: dict[str, str] | None = None) -> Iterator[Service]:
    """``python -m COMMAND…`` until it answers /healthz; ended afterwards."""
    with tempfile.NamedTemporaryFile(suffix=".log") as log:
        environment = {**os.environ, **(more or {})}
        process = subprocess.Popen([sys.executable, "-m", *command], env=environment, stdout=log, stderr=log)
        try:
            _wait(Browser(port), process, Path(log.name))
            yield Service(port, process, Path(log.name))
        finally:
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(browser: Browser, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(OSError, EOFError):
            if browser.get("/healthz").status == 200:  # noqa: PLR2004
                browser.close()
                return
        threading.Event().wait(0.02)
    message = f"the server did not start:\n{log.read_text()[-4_000:]}"
    raise RuntimeError(message)


def settings_of(url: str, port: int, files: Path) -> dict[str, str]:
    """The environment of a server on this database."""
    return {
        "CHALLENGE_DATABASE_URL": url,
        "CHALLENGE_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "CHALLENGE_SECRET_KEY": SECRET,
        "CHALLENGE_FILES": str(files),
        "CHALLENGE_ENV": "development",
        "CHALLENGE_LOG": "warning",
        "CHALLENGE_SEARCHES": "1000000",  # the limit is not what is measured
    }


@contextlib.contextmanager
def serving(url: str, files: Path, **more: str) -> Iterator[Service]:
    """``challenge serve`` on this database, as anybody would run it."""
    port = free_port()
    with running(["challenge", "serve", "--port", str(port)], port, {**settings_of(url, port, files), **more}) as made:
        yield made
