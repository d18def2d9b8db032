"""Pilots in JSON: the public facts, and the plan for those inside."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from challenge.cities import queries as cities
from challenge.http.api import PREFIX, PROBLEMS, add_api, check_if_match, listing, once, one
from challenge.http.work import work
from challenge.kernel.work import Work
from challenge.pilots import actions, content, queries
from challenge.pilots.log.api import router as log
from challenge.pilots.money.schemas import TrancheIn
from challenge.pilots.overview.api import router as overview
from challenge.pilots.pages.portfolio import ACTS
from challenge.pilots.pages.reports import ACTS as REPORTS
from challenge.pilots.past.api import router as past
from challenge.pilots.queries import Filters
from challenge.pilots.results.api import router as showcase
from challenge.pilots.schemas import IndicatorIn, MemberIn, MilestoneIn, PilotIn, ReportIn
from challenge.pilots.tracking.api import router as tracking
from challenge.proposals import queries as proposals

TAG = "pilots"
PATH = f"{PREFIX}/pilots/{{code}}"
router = APIRouter()
router.include_router(past)
router.include_router(overview)
router.include_router(showcase)
router.include_router(tracking)
router.include_router(log)


class PairIn(BaseModel):
    """The selected proposal a pilot is made of."""

    model_config = ConfigDict(extra="forbid")

    proposal: str = Field(max_length=9)


class MemberOut(BaseModel):
    """A member city."""

    code: str
    name: str
    country: str
    role: str


class PilotItem(BaseModel):
    """A pilot in a list. Null is "not known"."""

    code: str
    title: str
    state: str
    round_code: str
    starts_on: date | None
    months: int | None
    cities: list[MemberOut]


class PilotsOut(BaseModel):
    """A page of pilots."""

    items: list[PilotItem]
    next: str | None = None


class IndicatorOut(BaseModel):
    """What is measured."""

    title: str
    unit: str
    baseline: Decimal | None
    target: Decimal | None
    actual: Decimal | None


class MilestoneOut(BaseModel):
    """A step of the plan."""

    title: str
    starts_on: date
    due_on: date
    done_on: date | None


class PilotOut(BaseModel):
    """A pilot as everybody may know it."""

    code: str
    version: int
    title: str
    full_title: str
    summary: str
    state: str
    round_code: str
    pairing: str
    budget_cents: int | None
    months: int | None
    starts_on: date | None
    ends_on: date | None
    public_summary: str
    cities: list[MemberOut]
    milestones: list[MilestoneOut]
    indicators: list[IndicatorOut]
    sources: list[str]


@router.get(f"{PREFIX}/pilots", tags=[TAG], response_model=PilotsOut, responses=PROBLEMS)
def index(
    request: Request,
    round_code: Annotated[str, Query(alias="round")] = "",
    state: str = "",
    country: str = "",
    theme: str = "",
    cursor: str | None = None,
) -> Response:
    """Pilots one may know of, by title."""
    with work(request) as w:
        filters = Filters(round_code[:9], state[:32], country[:2], theme[:32])
        found = queries.listed(w, filters, cursor)
        return listing(request, found, lambda row: PilotItem.model_validate(
            {name: getattr(row, name) for name in ("code", "title", "state", "round_code", "starts_on", "months")}
            | {"cities": [_member(city) for city in row.cities]}
        ))  # fmt: skip


@router.post(f"{PREFIX}/pilots", tags=[TAG], status_code=201, response_model=PilotOut, responses=PROBLEMS)
def pair(request: Request, given: PairIn) -> Response:
    """Make a pilot of a selected proposal."""
    with work(request) as w:

        def act() -> Response:
            made = actions.pair(w, proposals.visible(w, given.proposal))
            return one(request, made, shown(w, made), status=201, location=f"{PREFIX}/pilots/{made.code}")

        return once(w, given, act)


@router.get(PATH, tags=[TAG], response_model=PilotOut, responses=PROBLEMS)
def show(request: Request, code: str) -> Response:
    """A pilot."""
    with work(request) as w:
        found = queries.visible(w, code)
        return one(request, found, shown(w, found))


@router.patch(PATH, tags=[TAG], response_model=PilotOut, responses=PROBLEMS)
def update(request: Request, code: str, given: PilotIn) -> Response:
    """Change what coordinators keep about it."""
    with work(request) as w:
        found = queries.whole(w, code)
        check_if_match(request, found)
        actions.revise(w, found, given)
        w.session.flush()
        return one(request, found, shown(w, found))


@router.post(f"{PATH}/members", tags=[TAG], status_code=201, response_model=PilotOut, responses=PROBLEMS)
def add_member(request: Request, code: str, given: MemberIn) -> Response:
    """Add a member city."""
    with work(request) as w:
        found = queries.whole(w, code)
        actions.add_member(w, found, cities.city(w, given.city).organisation, given.role)
        return one(request, found, shown(w, found), status=201)


@router.delete(f"{PATH}/members/{{city}}", tags=[TAG], response_model=PilotOut, responses=PROBLEMS)
def remove_member(request: Request, code: str, city: str) -> Response:
    """Remove a member city; the pairing rule holds."""
    with work(request) as w:
        found = queries.whole(w, code)
        actions.remove_member(w, found, cities.city(w, city).organisation)
        return one(request, found, shown(w, found))


@router.post(f"{PATH}/milestones", tags=[TAG], status_code=201, response_model=PilotOut, responses=PROBLEMS)
def add_milestone(request: Request, code: str, given: MilestoneIn) -> Response:
    """Plan a milestone."""
    return _planned(request, code, lambda w, found: actions.add_milestone(w, found, given))


@router.post(f"{PATH}/indicators", tags=[TAG], status_code=201, response_model=PilotOut, responses=PROBLEMS)
def add_indicator(request: Request, code: str, given: IndicatorIn) -> Response:
    """Plan what is measured."""
    return _planned(request, code, lambda w, found: actions.add_indicator(w, found, given))


@router.post(f"{PATH}/reports", tags=[TAG], status_code=201, response_model=PilotOut, responses=PROBLEMS)
def add_report(request: Request, code: str, given: ReportIn) -> Response:
    """Plan a report."""
    return _planned(request, code, lambda w, found: actions.add_report(w, found, given))


@router.post(f"{PATH}/tranches", tags=[TAG], status_code=201, response_model=PilotOut, responses=PROBLEMS)
def add_tranche(request: Request, code: str, given: TrancheIn) -> Response:
    """Plan a payment."""
    return _planned(request, code, lambda w, found: actions.add_tranche(w, found, given))


def _planned(request: Request, code: str, act: Any) -> Response:
    with work(request) as w:
        found = queries.whole(w, code)
        act(w, found)
        w.session.flush()
        return one(request, found, shown(w, found), status=201)


def _member(city: Any) -> MemberOut:
    return MemberOut(code=city.code, name=city.name, country=city.country, role=str(city.role))


def shown(w: Work, found: Any) -> PilotOut:
    """A pilot as JSON: what the public page shows."""
    columns = {
        name: getattr(found, name)
        for name in PilotOut.model_fields
        if name not in {"cities", "milestones", "indicators", "state", "pairing"}
    }
    return PilotOut(
        **columns,
        state=str(found.state),
        pairing=str(found.pairing),
        cities=[_member(city) for city in content.members(w, found)],
        milestones=[MilestoneOut.model_validate(row, from_attributes=True) for row in content.milestones(w, found)],
        indicators=[IndicatorOut.model_validate(row, from_attributes=True) for row in content.indicators(w, found)],
    )


add_api(router, ACTS, TAG)
add_api(router, REPORTS, TAG)
