"""The results of a pilot in JSON, as everybody reads them; outputs and wishes to do the same."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from fastapi import APIRouter, Request
from fastapi.encoders import jsonable_encoder
from pydantic import BaseModel
from starlette.responses import JSONResponse, Response

from challenge.cities import queries as cities
from challenge.http.api import PREFIX, PROBLEMS, once
from challenge.http.work import work
from challenge.kernel.work import Work
from challenge.pilots import content
from challenge.pilots import queries as pilots
from challenge.pilots.results import actions
from challenge.pilots.results.models import OutputKind
from challenge.pilots.results.schemas import OutputIn, WishIn
from challenge.pilots.results.views import showcase

router = APIRouter()
PATH = f"{PREFIX}/pilots/{{code}}"
TAG = "pilots"


class ResultCity(BaseModel):
    """A member city."""

    code: str
    name: str
    country: str
    role: str


class ResultIndicator(BaseModel):
    """What was measured in one city, or (city null) in all."""

    title: str
    unit: str
    city: str | None
    baseline: Decimal | None
    target: Decimal | None
    actual: Decimal | None
    measured_on: date | None


class OutputOut(BaseModel):
    """Something it made."""

    code: str
    kind: OutputKind
    title: str
    description: str
    licence: str
    url: str


class KitOut(BaseModel):
    """Lessons, and how to do the same."""

    lessons: str
    needs: str
    steps: str
    costs: str


class NewsOut(BaseModel):
    """What happened."""

    title: str
    text: str
    published_on: date


class ReuseOut(BaseModel):
    """Who uses it."""

    who: str
    how: str
    url: str
    since: date


class ContactOut(BaseModel):
    """Who agreed to be asked."""

    name: str
    email: str


class ResultsOut(BaseModel):
    """What came of a pilot. Null is "not known"."""

    code: str
    title: str
    summary: str
    public_summary: str
    state: str
    cities: list[ResultCity]
    indicators: list[ResultIndicator]
    outputs: list[OutputOut]
    kit: KitOut | None
    news: list[NewsOut]
    reuses: list[ReuseOut]
    reuse_count: int
    interested_cities: int
    contacts: list[ContactOut]


class WishOut(BaseModel):
    """How many cities would like to do the same."""

    interested_cities: int


@router.get(f"{PATH}/results", tags=[TAG], response_model=ResultsOut, responses=PROBLEMS)
def results(request: Request, code: str) -> Response:
    """What came of it."""
    with work(request) as w:
        return _sent(shown(w, code))


@router.post(f"{PATH}/outputs", tags=[TAG], status_code=201, response_model=ResultsOut, responses=PROBLEMS)
def add_output(request: Request, code: str, given: OutputIn) -> Response:
    """Add something it made."""
    with work(request) as w:

        def act() -> Response:
            actions.add(w, pilots.whole(w, code), "output", given)
            return _sent(shown(w, code), 201)

        return once(w, given, act)


@router.put(f"{PATH}/interests/{{city}}", tags=[TAG], response_model=WishOut, responses=PROBLEMS)
def wish(request: Request, code: str, city: str, given: WishIn) -> Response:
    """A city would like to do the same."""
    with work(request) as w:
        pilot = pilots.visible(w, code)
        actions.wish(w, pilot, cities.city(w, city).organisation, given)
        return _sent(WishOut(interested_cities=showcase(w, pilot).wishes))


def shown(w: Work, code: str) -> ResultsOut:
    """The results as JSON."""
    pilot = pilots.visible(w, code)
    found = showcase(w, pilot)
    members = {row.city_id: row.code for row in found.members}

    def rows(kind: type[BaseModel], given: Any) -> list[Any]:
        return [kind.model_validate(row, from_attributes=True) for row in given]

    return ResultsOut(
        code=pilot.code, title=pilot.title, summary=pilot.summary, public_summary=pilot.public_summary,
        state=str(pilot.state),
        cities=[ResultCity(code=r.code, name=r.name, country=r.country, role=str(r.role)) for r in found.members],
        indicators=[
            ResultIndicator(
                title=row.title, unit=row.unit, city=members.get(row.city_id or 0), baseline=row.baseline,
                target=row.target, actual=row.actual, measured_on=row.measured_on,
            )
            for row in content.indicators(w, pilot)
        ],
        outputs=rows(OutputOut, found.outputs), news=rows(NewsOut, found.news), reuses=rows(ReuseOut, found.reuses),
        kit=None if found.kit is None else KitOut.model_validate(found.kit, from_attributes=True),
        reuse_count=len(found.reuses), interested_cities=found.wishes, contacts=rows(ContactOut, found.contacts),
    )  # fmt: skip


def _sent(body: BaseModel, status: int = 200) -> Response:
    return JSONResponse(jsonable_encoder(body), status)
