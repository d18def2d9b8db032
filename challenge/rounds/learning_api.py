"""What cities that are new can learn from, in JSON."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.encoders import jsonable_encoder
from pydantic import BaseModel
from starlette.responses import JSONResponse, Response

from challenge.cities.words import language_choices
from challenge.http.api import PREFIX, PROBLEMS, check_choices, once
from challenge.http.work import work
from challenge.kernel.errors import Forbidden
from challenge.kernel.work import Work
from challenge.people.rules import is_coordinator
from challenge.rounds import links, queries
from challenge.rounds.asks import LinkIn

TAG = "rounds"
PATH = f"{PREFIX}/rounds/{{code}}/learning"
router = APIRouter()


class LinkOut(BaseModel):
    """A link; ``language`` is the one of what it leads to."""

    code: str
    title: str
    href: str
    language: str
    note: str


class LinksOut(BaseModel):
    """All of a round in their order."""

    items: list[LinkOut]


@router.get(PATH, tags=[TAG], name="api.rounds.learning", response_model=LinksOut, responses=PROBLEMS)
def index(request: Request, code: str) -> Response:
    """Where one can learn more."""
    with work(request) as w:
        return _sent(w, queries.visible(w, code))


@router.post(PATH, tags=[TAG], name="api.rounds.add_link", status_code=201, response_model=LinksOut, responses=PROBLEMS)
def add(request: Request, code: str, given: LinkIn) -> Response:
    """Recommend something, after everything else."""
    with work(request) as w:

        def act() -> Response:
            round_ = queries.visible(w, code)
            if problem := is_coordinator(w, round_):
                raise Forbidden(problem)
            check_choices(given, {"language": language_choices()})
            links.add_link(w, round_, given)
            return _sent(w, round_, 201)

        return once(w, given, act)


@router.delete(f"{PATH}/{{item}}", tags=[TAG], response_model=LinksOut, responses=PROBLEMS)
def remove(request: Request, code: str, item: str) -> Response:
    """Recommend it no more."""
    with work(request) as w:
        round_ = queries.visible(w, code)
        links.remove_link(w, round_, item)
        return _sent(w, round_)


@router.post(f"{PATH}/{{item}}/up", tags=[TAG], response_model=LinksOut, responses=PROBLEMS)
def move_up(request: Request, code: str, item: str) -> Response:
    """Before the one it follows."""
    with work(request) as w:

        def act() -> Response:
            round_ = queries.visible(w, code)
            links.move_link_up(w, round_, item)
            return _sent(w, round_)

        return once(w, None, act)


def _sent(w: Work, round_: Any, status: int = 200) -> Response:
    found = [LinkOut.model_validate(link, from_attributes=True) for link in links.links(w, round_)]
    return JSONResponse(jsonable_encoder(LinksOut(items=found)), status)
