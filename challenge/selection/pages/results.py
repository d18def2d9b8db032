"""The results of a round, for everybody, once they are announced."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from challenge.http.access import public
from challenge.http.pages import page
from challenge.http.work import work
from challenge.rounds import queries as rounds
from challenge.rounds.states import RoundState
from challenge.selection import queries

router = APIRouter(include_in_schema=False)


@router.get("/rounds/{code}/results")
@public
def show(request: Request, code: str) -> Response:
    """What was planned and awarded. Before the announcement the page is the same whatever is decided."""
    with work(request) as w:
        round_ = rounds.visible(w, code)
        return page(
            w, "selection/results.html", round=round_, results=queries.results(w, round_),
            home=rounds.rules_of(round_).home_country, is_over=round_.state is not RoundState.PUBLISHED,
        )  # fmt: skip
