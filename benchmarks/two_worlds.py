"""One server process for several databases: ``python -m benchmarks.two_worlds PORT URL URL …``.

The header ``x-world`` says which; so two worlds differ by what is in them and not by their process.
"""

from __future__ import annotations

import sys

import uvicorn

from challenge.app import create_app
from challenge.cli import protocol
from challenge.http.visit import App, Receive, Scope, Send
from challenge.kernel.database import Database
from challenge.settings import Settings


class Worlds:
    """ASGI: hands each request to the application of its world; the first one has the lifespan."""

    def __init__(self, apps: list[App]) -> None:
        self.apps = apps

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """To the world that is asked for."""
        asked = dict(scope.get("headers", ())).get(b"x-world", b"0")
        await self.apps[int(asked)](scope, receive, send)


def main() -> None:
    """Serve them all."""
    port, *urls = sys.argv[1:]
    apps = [create_app(Settings(), Database(url)) for url in urls]
    uvicorn.run(
        Worlds(apps), host="127.0.0.1", port=int(port), http=protocol(), log_level="warning", server_header=False,
        proxy_headers=False, ws="none",
    )  # fmt: skip


if __name__ == "__main__":
    main()
