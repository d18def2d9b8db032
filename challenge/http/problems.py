"""Refusals as answers: a page for people, problem+json (RFC 9457) for programs; the same reason in both."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, RedirectResponse, Response

from challenge.http.language import language_of
from challenge.http.messages import message_of
from challenge.http.pages import problem_page, signed_out_page
from challenge.http.sent import SentBody
from challenge.http.visit import App, Capped, Scope
from challenge.kernel.actor import Actor
from challenge.kernel.errors import Frozen, Invalid, Missing, Problem, Refusal, SignInNeeded, TooMany
from challenge.kernel.i18n import _, speaking

log = logging.getLogger("challenge")
PROBLEM_JSON = "application/problem+json"
METHOD = Problem("method", _("This address does not do that. Go back and use the buttons of the page."))
CRASH = Problem("crash", _("Something went wrong on our side. Nothing you sent was half-done. Try again in a minute."))
SECRET = re.compile(r"[^/]{24,}")  # part of a path that may be a token: of a sign-in link
UNREADABLE = Problem("unreadable", _("What was sent could not be read. Go back and send it again."))


def wants_json(request: Request) -> bool:
    """Programs are answered in JSON: the API, and scripts that say so."""
    return request.url.path.startswith("/api/") or request.headers.get("accept", "").startswith("application/json")


def answer(request: Request, status: int, problem: Problem) -> Response:
    """The refusal in the reader's language, as a page or as problem+json."""
    actor = getattr(request.state, "actor", None)
    _note(request, status, problem, actor)
    with speaking(language_of(request, actor)):
        headers = {"Retry-After": "5"} if status == 503 else {}  # noqa: PLR2004
        if wants_json(request):
            body: dict[str, Any] = {
                "type": f"{request.app.state.settings.public_url}/help/problems#{problem.code}",
                "title": str(problem.text), "status": status, "code": problem.code,
            }  # fmt: skip
            if problem.fields:
                body["errors"] = {name: str(text) for name, text in problem.fields.items()}
            if status == 401:  # noqa: PLR2004
                headers["WWW-Authenticate"] = "Bearer"
            return JSONResponse(body, status, headers, PROBLEM_JSON)
        if status == 401 and request.method in {"GET", "HEAD"}:  # noqa: PLR2004
            return RedirectResponse(f"/sign-in?next={quote(_address(request), safe='')}", 303)
        if status == 401 and (sent := _to_give_back(request)) is not None:  # noqa: PLR2004
            return signed_out_page(request, problem, sent)
        if problem.code == "second_factor_needed" and problem.remedy and request.method in {"GET", "HEAD"}:
            return RedirectResponse(problem.remedy.href(_address(request)), 303)
        return problem_page(request, status, problem, headers)


def path_of(request: Request) -> str:
    """The path as the log may name it: without tokens, and without what was asked or searched for."""
    return SECRET.sub("…", request.url.path)


def _note(request: Request, status: int, problem: Problem, actor: Actor | None) -> None:
    """A line in the log for every refusal, except that visitors stray (401, 404). A crash has its own."""
    is_known = actor is not None and actor.signed_in
    if status == 500 or (status in {401, 404} and not is_known):  # noqa: PLR2004
        return
    who = actor.code if actor is not None and is_known else "-"
    log.info("refused %s %s %s %s person=%s", status, problem.code, request.method, path_of(request), who)


def _to_give_back(request: Request) -> SentBody | None:
    """What was typed, unless it is a secret or about the account itself: who signs in next might be somebody else."""
    sent: SentBody | None = getattr(request.state, "sent", None)
    about_oneself = request.url.path.startswith(("/account", "/confirm", "/sign-in"))
    return sent if sent is not None and (sent.fields or sent.files) and not about_oneself else None


def _address(request: Request) -> str:
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def install(app: FastAPI) -> None:
    """Answer every refusal, mistake and crash."""

    @app.exception_handler(Refusal)
    def on_refusal(request: Request, error: Refusal) -> Response:
        response = answer(request, error.status, error.problem)
        if isinstance(error, TooMany | Frozen):
            response.headers["Retry-After"] = str(error.retry_after)
        return response

    @app.exception_handler(HTTPException)
    def on_http(request: Request, error: HTTPException) -> Response:
        if error.status_code == 404:  # noqa: PLR2004
            return answer(request, 404, Missing().problem)
        response = answer(request, error.status_code, METHOD if error.status_code == 405 else UNREADABLE)  # noqa: PLR2004
        response.headers.update(error.headers or {})  # which methods there are (RFC 9110 §15.5.6)
        return response

    @app.exception_handler(ClientDisconnect)
    def on_leaving(request: Request, _error: ClientDisconnect) -> Response:
        return answer(request, 400, UNREADABLE)  # nobody is there to read it

    @app.exception_handler(RequestValidationError)
    def on_validation(request: Request, error: RequestValidationError) -> Response:
        if any(found["loc"][0] == "path" for found in error.errors()):
            return answer(request, 404, Missing().problem)
        fields = {".".join(map(str, found["loc"][1:])) or "body": message_of(found, None) for found in error.errors()}
        problem = Problem("invalid", _("Some answers need you."), fields)
        return answer(request, Invalid.status, problem)

    @app.exception_handler(Capped)
    async def on_cap(_request: Request, _error: Capped) -> Response:
        return Response()  # the outermost layer answers; no thread waits, no traceback keeps the body in memory

    @app.exception_handler(Exception)
    def on_crash(request: Request, error: Exception) -> Response:
        route = getattr(request.scope.get("route"), "path", "")  # the address itself may hold a secret
        log.error("crash at %s %s", request.method, route, exc_info=error)
        return answer(request, 500, CRASH)


def refuser(app: FastAPI) -> Callable[[Scope, int, Problem], App]:
    """What the outermost layer answers with, before the application has seen the request."""

    def refuse(scope: Scope, status: int, problem: Problem) -> App:
        scope["app"] = app
        return answer(Request(scope), status, problem)

    return refuse


__all__ = ["SignInNeeded", "answer", "install", "refuser", "wants_json"]
