"""The application behind a real uvicorn on loopback, as ``serve`` runs it."""

import contextlib
import socket
import threading

import uvicorn

from challenge.cli import protocol


def free_port() -> int:
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def serving(app, port: int):
    """uvicorn in a thread."""
    config = uvicorn.Config(
        app, host="127.0.0.1", port=port, log_level="warning", ws="none", http=protocol(), server_header=False,
        proxy_headers=False,
    )  # fmt: skip
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        threading.Event().wait(0.01)
    yield
    server.should_exit = True
    thread.join(10)
