"""What machines ask: is it alive, may people be sent here, whom to tell of a hole, what may be crawled."""

from __future__ import annotations

from datetime import timedelta

from fastapi import APIRouter, Request
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import JSONResponse, PlainTextResponse, Response

from challenge.home.queries import health
from challenge.http.statics import bundle
from challenge.kernel import migrate, skew
from challenge.kernel.clock import shifted

router = APIRouter()
EXPIRES = timedelta(days=180)
A_DAY = "public, max-age=86400"
PRIVATE = ("/account", "/api/", "/home", "/inbox", "/journal", "/language/", "/sign-in")


@router.get("/healthz", include_in_schema=False)
def alive() -> Response:
    """The process answers; nothing else is asked."""
    return JSONResponse({"alive": True})


@router.get("/readyz", include_in_schema=False)
def ready(request: Request) -> Response:
    """Every check by name; 503 as soon as one fails. A warning needs somebody, and sends nobody elsewhere."""
    checks = dict.fromkeys(("database", "schema", "clock", "messages"), False)
    try:
        checks |= checked(request)
    except SQLAlchemyError:
        checks["database"] = False
    is_ready = all(checks.values())
    warnings = [] if request.app.state.scanner.works else ["scanner"]
    return JSONResponse({"ready": is_ready, "checks": checks, "warnings": warnings}, 200 if is_ready else 503)


def checked(request: Request) -> dict[str, bool]:
    """What the database says. Steps are asked for only where the schema is the one this code knows."""
    database, clock = request.app.state.database, shifted(request.app.state.settings.clock_shift_seconds)
    is_current = migrate.current(database) == health.newest_schema()
    if not is_current:
        return {"database": True, "schema": False}
    with database.session(writing=False) as session:
        is_telling = health.is_telling(session, request.state.received_at)
        agrees = skew.of(session.connection(), clock) <= skew.MOST  # else deadlines differ from node to node
        return {"database": True, "schema": True, "clock": agrees, "messages": is_telling}


@router.get("/.well-known/security.txt", include_in_schema=False)
def security(request: Request) -> Response:
    """Whom to tell of a hole (RFC 9116)."""
    settings = request.app.state.settings
    expires = (request.state.received_at + EXPIRES).strftime("%Y-%m-%dT00:00:00Z")
    lines = [
        f"Contact: mailto:{settings.contact_email}" if settings.contact_email else "",
        f"Contact: {settings.public_url}/contact",
        f"Expires: {expires}",
        "Preferred-Languages: et, en",
        f"Canonical: {settings.public_url}/.well-known/security.txt",
    ]
    return PlainTextResponse("\n".join(line for line in lines if line) + "\n", headers={"Cache-Control": A_DAY})


@router.get("/robots.txt", include_in_schema=False)
def robots() -> Response:
    """Public pages may be found; what belongs to people or machines need not be asked for."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in PRIVATE)]
    return PlainTextResponse("\n".join(lines) + "\n", headers={"Cache-Control": A_DAY})


@router.get("/favicon.ico", include_in_schema=False)
def favicon() -> Response:
    """The mark, for browsers that ask without reading the page."""
    mark = bundle().files["mark.svg"]
    return Response(mark.plain, headers={"Cache-Control": A_DAY}, media_type=mark.kind)
