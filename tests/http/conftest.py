"""A world behind a real server on loopback."""

import contextlib
import socket
from dataclasses import dataclass

import pytest

from challenge.app import create_app
from tests.serving import free_port, serving


@dataclass
class Served:
    """``connect`` opens a plain socket, ``ask`` sends one whole request and gives back all that is answered."""

    world: object
    port: int

    @property
    def host(self) -> bytes:
        return b"Host: 127.0.0.1:%d\r\n" % self.port

    def connect(self) -> socket.socket:
        made = socket.create_connection(("127.0.0.1", self.port), timeout=10)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 64 * 1024)
        return made

    def ask(self, line: bytes = b"GET /healthz HTTP/1.1", more: bytes = b"") -> bytes:
        with self.connect() as client:
            head = line + b"\r\n" + self.host + b"Connection: close\r\n" + more + b"\r\n"
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                client.sendall(head)
            return everything(client)


def everything(client: socket.socket) -> bytes:
    """What is answered until the other side closes."""
    found = b""
    with contextlib.suppress(ConnectionResetError):
        while piece := client.recv(65_536):
            found += piece
    return found


@pytest.fixture
def serve(world):
    """``served = serve(head_seconds=0.3)``: with these settings."""

    def start(**changes) -> Served:
        port = free_port()
        world.settings = world.settings.model_copy(update={"public_url": f"http://127.0.0.1:{port}", **changes})
        running.enter_context(serving(create_app(world.settings, world.database, world.clock), port))
        return Served(world, port)

    with contextlib.ExitStack() as running:
        yield start


@pytest.fixture
def served(serve):
    return serve()
