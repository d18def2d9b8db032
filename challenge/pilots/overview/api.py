"""The portfolio in JSON: the same lines as its page, for the same readers."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.encoders import jsonable_encoder
from pydantic import BaseModel
from starlette.responses import JSONResponse, Response

from challenge.http.api import PREFIX, PROBLEMS
from challenge.http.work import work
from challenge.kernel.errors import Forbidden
from challenge.pilots.overview.queries import Filters, Line, portfolio
from challenge.pilots.overview.rules import sees_portfolio
from challenge.pilots.tracking.api import HealthOut, health_out

router = APIRouter()


class LineCity(BaseModel):
    """A member city."""

    code: str
    name: str
    country: str
    role: str


class NextOut(BaseModel):
    """The next day something is due: a milestone by its title, a report by its kind."""

    due_on: date
    what: str


class LineOut(BaseModel):
    """A pilot of the portfolio."""

    code: str
    title: str
    state: str
    round_code: str
    round_title: str
    starts_on: date | None
    ends_on: date | None
    cities: list[LineCity]
    health: HealthOut
    next: NextOut | None
    budget_cents: int | None
    paid_cents: int | None
    indicators: int
    indicators_measured: int


class PortfolioOut(BaseModel):
    """The pilots one runs or observes, the worst first."""

    items: list[LineOut]


@router.get(f"{PREFIX}/pilots/overview", tags=["pilots"], response_model=PortfolioOut, responses=PROBLEMS)
def overview(
    request: Request,
    round_code: Annotated[str, Query(alias="round")] = "",
    health: str = "",
    state: str = "",
    country: str = "",
) -> Response:
    """Every pilot of the rounds one runs or observes: its health with every reason, what is due next."""
    with work(request) as w:
        if problem := sees_portfolio(w):
            raise Forbidden(problem)
        lines = portfolio(w, Filters(*(given[:32] for given in (round_code, health, state, country))))
        return JSONResponse(jsonable_encoder(PortfolioOut(items=[_line(line) for line in lines])))


def _line(line: Line) -> LineOut:
    pilot = line.pilot
    return LineOut(
        code=pilot.code, title=pilot.title, state=str(pilot.state), round_code=pilot.round_code,
        round_title=line.round_title, starts_on=pilot.starts_on, ends_on=pilot.ends_on,
        cities=[LineCity(code=c.code, name=c.name, country=c.country, role=str(c.role)) for c in line.cities],
        health=health_out(line.health),
        next=None if line.following is None else NextOut(due_on=line.following[0], what=line.following[1]),
        budget_cents=pilot.budget_cents, paid_cents=line.paid,
        indicators=line.indicators, indicators_measured=line.measured,
    )  # fmt: skip
