"""The application: packages' routers, one outermost guard, the thread pool and the frozen heap."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from typing import Any, cast

import anyio.to_thread
from fastapi import FastAPI, Request
from jinja2 import Environment
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from challenge import wiring
from challenge.http import problems, statics
from challenge.http.connections import STATE, Connections
from challenge.http.finder import Finder
from challenge.http.lanes import Lanes
from challenge.http.rates import Searches
from challenge.http.security import Guard
from challenge.http.templates import environment
from challenge.http.turns import Turns
from challenge.http.visit import App
from challenge.http.watch import Watch
from challenge.kernel.clock import Clock, shifted
from challenge.kernel.database import Database
from challenge.kernel.freeze import Freezes
from challenge.kernel.scanning import Scanner
from challenge.settings import Settings

THREADS = 4  # 40 are a convoy on the interpreter lock (performance.md)


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[dict[str, Connections]]:
    """Threads as measured; after start-up the heap is frozen, so that collections stay short."""
    anyio.to_thread.current_default_thread_limiter().total_tokens = THREADS
    for name in app.state.templates.list_templates(extensions=["html"]):
        app.state.templates.get_template(name)
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 1_000)
    yield {STATE: Connections.of(app.state.settings)}
    app.state.database.close()


@cache
def templates() -> Environment:
    """The one environment of this process."""
    return environment(wiring.template_globals())


def create_app(settings: Settings | None = None, database: Database | None = None, clock: Clock | None = None) -> App:
    """The whole service as one ASGI application."""
    settings = settings or Settings()
    clock = clock or shifted(settings.clock_shift_seconds)
    app = FastAPI(
        title=settings.name, version="1", openapi_url="/api/v1/openapi.json", docs_url=None, redoc_url=None,
        lifespan=lifespan,
    )  # fmt: skip
    app.state.settings = settings
    app.state.database = database or Database(settings.database_url)
    app.state.clock = clock
    app.state.identify = wiring.identify
    app.state.mark_seen = wiring.mark_seen
    app.state.freezes, app.state.watch, app.state.turns = Freezes(), Watch(), Turns()
    app.state.scanner = Scanner(settings.scanner)
    app.state.searches, app.state.look_up = Searches(settings.searches), wiring.look_up
    app.state.alarm = wiring.alarm
    app.state.nav = wiring.nav
    app.state.oidc = wiring.oidc(settings)
    app.state.footer_note = footer_note
    app.state.templates = templates()
    app.router.routes.extend([Finder(wiring.routes()), *wiring.routes()])
    app.mount("/static", statics.serve, name="static")
    problems.install(app)
    lanes = Lanes(settings.requests, settings.requests_reserved)
    guard = Guard(app, clock, settings.origin, settings.hosts, problems.refuser(app), lanes)
    if settings.proxies:  # only they may say for whom they ask
        return cast("App", ProxyHeadersMiddleware(cast("Any", guard), list(settings.proxies)))
    return guard


def footer_note(request: Request) -> str:
    """What the footer says about this installation."""
    return wiring.demo_note() if request.app.state.settings.demo else ""
