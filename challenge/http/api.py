"""JSON plumbing: versions as ETags, keys against doing twice, keyset lists, and a workflow's transitions."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any, cast

from fastapi import APIRouter, Request
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from challenge.http.transitions import Acts, buttons
from challenge.http.work import WebWork, work
from challenge.kernel import idempotency
from challenge.kernel.errors import Invalid, Problem, Refusal
from challenge.kernel.i18n import _
from challenge.kernel.idempotency import IdempotencyKey
from challenge.kernel.messages import faults_of
from challenge.kernel.paging import Page
from challenge.kernel.workflow import Transition

PREFIX = "/api/v1"


class ProblemOut(BaseModel):
    """A refusal (RFC 9457)."""

    type: str
    title: str
    status: int
    code: str
    errors: dict[str, str] | None = None


class TransitionOut(BaseModel):
    """A transition this actor is offered; ``blocked_because`` says why it cannot be fired now."""

    name: str
    label: str
    blocked_because: str | None = None
    needs_two_people: bool = False
    asks: dict[str, Any] | None = None


class TransitionsOut(BaseModel):
    """Where the record stands and what the actor may do."""

    state: str
    version: int
    transitions: list[TransitionOut]


class FiredOut(BaseModel):
    """What firing did; ``done`` false means a second person must still approve."""

    code: str
    state: str
    version: int
    done: bool


# What any authenticated call may answer besides its success; shared by every route, so the document is complete.
# The schema stands in line: a model for each of eleven answers of a hundred routes would double the start-up.
_PROBLEM = {"application/problem+json": {"schema": ProblemOut.model_json_schema()}}
PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"content": _PROBLEM, "description": text}
    for status, text in {
        400: "Not readable", 401: "Sign in", 403: "Not yours to do", 404: "Not there, or not yours to know of",
        409: "Not possible now", 412: "Changed in the meantime", 413: "Too large", 422: "Some answers need you",
        428: "Say which version you saw (If-Match)", 429: "Too often", 503: "Busy",
    }.items()
}  # fmt: skip


class PreconditionFailed(Refusal):
    """If-Match names another version (412)."""

    status = 412


class PreconditionRequired(Refusal):
    """If-Match is missing (428)."""

    status = 428


CHANGED = Problem("changed", _("Somebody else changed this in the meantime. Read it again."))
SAY_VERSION = Problem("if_match", _("Send If-Match with the ETag you last read."))


def etag(record: Any) -> str:
    """The ETag of a record: its version, quoted."""
    return f'"{record.version}"'


def check_if_match(request: Request, record: Any) -> None:
    """Refuse a change made without having seen the present version (428, 412)."""
    given = request.headers.get("if-match")
    if given is None:
        raise PreconditionRequired(SAY_VERSION)
    if given.strip() not in {etag(record), "*"}:
        raise PreconditionFailed(CHANGED)


def one(request: Request, record: Any, body: BaseModel, *, status: int = 200, location: str | None = None) -> Response:
    """A record as JSON with its ETag; 304 when the reader has it."""
    headers = {"ETag": etag(record)}
    if location:
        headers["Location"] = location
    if request.method == "GET" and request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    return JSONResponse(jsonable_encoder(body), status, headers)


def listing(request: Request, page: Page[Any], shown: Callable[[Any], BaseModel]) -> Response:
    """Rows as ``{"items": [...], "next": url or null}``."""
    following = None
    if page.following:
        following = (
            str(request.url.include_query_params(cursor=page.following).path)
            + "?"
            + str(request.url.include_query_params(cursor=page.following).query)
        )
    return JSONResponse({"items": jsonable_encoder([shown(row) for row in page.rows]), "next": following})


def check_choices(given: BaseModel, choices: Mapping[str, Sequence[tuple[str, object]]]) -> None:
    """Refuse what stands on no list (422): a page offers only what does."""
    named = {name: value for name, value in given.model_dump(mode="json").items() if name in choices}
    faults = faults_of(type(given), named, choices=choices)
    if wrong := {name: text for name, text in faults.items() if name in named}:
        raise Invalid(Problem("invalid", _("Some answers need you."), wrong))


def once(w: WebWork, sent: object, act: Callable[[], Response]) -> Response:
    """Do ``act`` once per Idempotency-Key of the actor; a repeat gets the kept answer."""
    key = w.request.headers.get("idempotency-key", "").strip()[:80]
    if not key or w.actor.id is None:
        return act()
    said = f"{w.request.method} {w.request.url.path} {jsonable_encoder(sent)}"
    request_hash = hashlib.sha256(said.encode()).hexdigest()
    if (kept := idempotency.answered(w, key, request_hash)) is not None:
        headers = {"ETag": kept.etag, "Location": kept.location, "Idempotent-Replay": "true"}
        present = {name: value for name, value in headers.items() if value is not None}
        return JSONResponse(kept.body, kept.status, present)
    response = act()
    w.add(
        IdempotencyKey(
            actor_id=w.actor.id, key=key, request_hash=request_hash, status=response.status_code, at=w.now,
            body=_body(response), etag=response.headers.get("etag"), location=response.headers.get("location"),
        )
    )  # fmt: skip
    return response


def _body(response: Response) -> dict[str, Any] | None:
    import json  # noqa: PLC0415 -- only for a repeated request

    return cast("dict[str, Any]", json.loads(bytes(response.body))) if response.body else None


def add_api(router: APIRouter, acts: Acts, tag: str) -> None:
    """``GET`` of what is offered, and one typed ``POST`` for each transition people may fire."""
    base = f"{PREFIX}/{acts.noun}/{{code}}/transitions"

    @router.get(
        base, tags=[tag], name=f"api.{acts.noun}.transitions", response_model=TransitionsOut, responses=PROBLEMS
    )
    def transitions(request: Request, code: str) -> Response:
        with work(request) as w:
            record = acts.find(w, code)
            offered = acts.workflow.offers(w, record)
            rows = [
                TransitionOut(
                    name=button.name, label=button.label, blocked_because=button.reason,
                    needs_two_people=offer.row.keys > 1,
                    asks=offer.row.asks.model_json_schema() if offer.row.asks else None,
                )
                for button, offer in zip(buttons(acts, w, record), offered, strict=True)
            ]  # fmt: skip
            body = TransitionsOut(state=str(record.state), version=record.version, transitions=rows)
            return one(request, record, body)

    for name, rows in offered_by(acts).items():
        _add_fire(router, acts, tag, f"{base}/{name}", name, rows)


def offered_by(acts: Acts) -> Mapping[str, Sequence[Transition]]:
    """The transitions people fire, each with its rows."""
    rows = [row for row in acts.workflow.rows if row.offered]
    return {name: [row for row in rows if row.name == name] for name in dict.fromkeys(row.name for row in rows)}


def _add_fire(router: APIRouter, acts: Acts, tag: str, path: str, name: str, rows: Sequence[Transition]) -> None:
    asks = next((row.asks for row in rows if row.asks is not None), None)
    always = all(row.asks is not None and row.keys == 1 for row in rows)  # who turns a second key gives nothing more

    def fire(request: Request, code: str, given: BaseModel | None = None) -> Response:
        with work(request) as w:
            record = acts.find(w, code)
            if request.headers.get("if-match") is not None:
                check_if_match(request, record)

            def act() -> Response:
                fired = acts.fire(w, record, name, given)
                body = FiredOut(code=record.code, state=str(record.state), version=record.version, done=fired.done)
                return one(request, record, body, status=200 if fired.done else 202)

            return once(w, given, act)

    def plain(request: Request, code: str) -> Response:
        return fire(request, code)

    def asking(request: Request, code: str, given: BaseModel) -> Response:
        return fire(request, code, given)

    def perhaps_asking(request: Request, code: str, given: BaseModel | None = None) -> Response:
        return fire(request, code, given)

    endpoint: Callable[..., Response] = plain
    if asks is not None:
        endpoint = asking if always else perhaps_asking
        endpoint.__annotations__["given"] = asks if always else asks | None
    router.add_api_route(
        path, endpoint, methods=["POST"], tags=[tag], name=f"api.{acts.noun}.{name}", response_model=FiredOut,
        responses={**PROBLEMS, 202: {"model": FiredOut, "description": "Asked; a second person must approve"}},
        route_class_override=_permitted_first(acts, name),
    )  # fmt: skip


def _permitted_first(acts: Acts, name: str) -> type[APIRoute]:
    """Routes on which who may not act is told so, whatever they sent; what is wrong with it only who may act."""

    def demand(request: Request) -> None:
        with work(request, writing=False) as w:
            acts.workflow.permitted(w, acts.find(w, request.path_params["code"]), name)

    class PermittedFirst(APIRoute):
        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            handle = super().get_route_handler()

            async def handler(request: Request) -> Response:
                try:
                    return await handle(request)
                except RequestValidationError:
                    await run_in_threadpool(demand, request)
                    raise

            return handler

    return PermittedFirst


Rows = Sequence[Any]
