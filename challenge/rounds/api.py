"""Rounds in JSON."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel
from starlette.responses import Response

from challenge.http.api import PREFIX, PROBLEMS, add_api, check_if_match, listing, once, one
from challenge.http.work import work
from challenge.kernel.paging import Page
from challenge.kernel.workflow import Fired
from challenge.rounds import actions, queries
from challenge.rounds.document import in_force
from challenge.rounds.pages.acts import ACTS
from challenge.rounds.schemas import RoundDocument

TAG = "rounds"


class RoundOut(BaseModel):
    """A round: what is in force, and where it stands."""

    code: str
    version: int
    state: str
    rules_version: int
    imported: bool
    example: bool
    published_at: datetime | None
    document: RoundDocument
    facts: dict[str, Any]


class RoundItem(BaseModel):
    """A round in a list."""

    code: str
    title: str
    state: str
    year: int | None
    imported: bool
    example: bool


class RoundsOut(BaseModel):
    """All rounds one may know of: there are few."""

    items: list[RoundItem]
    next: str | None = None


def routes(fire: Callable[[Any, Any, str, BaseModel | None], Fired]) -> APIRouter:
    """The router; ``fire`` comes from the package that knows what rests on a round."""
    router = APIRouter()

    @router.get(f"{PREFIX}/rounds", tags=[TAG], response_model=RoundsOut, responses=PROBLEMS)
    def index(request: Request) -> Response:
        with work(request) as w:
            return listing(
                request, Page(queries.listed(w)), lambda row: RoundItem.model_validate(row, from_attributes=True)
            )

    @router.post(f"{PREFIX}/rounds", tags=[TAG], status_code=201, response_model=RoundOut, responses=PROBLEMS)
    def create(request: Request, document: RoundDocument) -> Response:
        with work(request) as w:
            return once(w, document, lambda: _one(w, request, actions.start(w, document), status=201))

    @router.get(f"{PREFIX}/rounds/{{code}}", tags=[TAG], response_model=RoundOut, responses=PROBLEMS)
    def show(request: Request, code: str) -> Response:
        with work(request) as w:
            return _one(w, request, queries.visible(w, code))

    @router.patch(f"{PREFIX}/rounds/{{code}}", tags=[TAG], response_model=RoundOut, responses=PROBLEMS)
    def update(request: Request, code: str, document: RoundDocument) -> Response:
        """Save a draft; of a published round, prepare an amendment (in force when two people agree)."""
        with work(request) as w:
            round_ = queries.editable(w, code)
            check_if_match(request, round_)
            actions.revise(w, round_, document)
            w.session.flush()
            return _one(w, request, round_)

    add_api(router, replace(ACTS, fire=fire), TAG)
    return router


def _one(w: Any, request: Request, round_: Any, status: int = 200) -> Response:
    body = RoundOut(
        code=round_.code, version=round_.version, state=str(round_.state), rules_version=round_.rules_version,
        imported=round_.imported, example=round_.example, published_at=round_.published_at,
        document=in_force(w, round_), facts=round_.facts,
    )  # fmt: skip
    location = f"{PREFIX}/rounds/{round_.code}" if status == 201 else None  # noqa: PLR2004
    return one(request, round_, body, status=status, location=location)
