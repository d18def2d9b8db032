"""Health, measurements and risks in JSON."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from fastapi import APIRouter, Request
from fastapi.encoders import jsonable_encoder
from pydantic import BaseModel
from starlette.responses import JSONResponse, Response

from challenge.http.api import PREFIX, PROBLEMS, once
from challenge.http.work import work
from challenge.kernel.work import Work
from challenge.pilots import actions as pilot_actions
from challenge.pilots import content
from challenge.pilots import queries as pilots
from challenge.pilots.schemas import MeasurementIn
from challenge.pilots.tracking import actions, queries
from challenge.pilots.tracking.health import Health
from challenge.pilots.tracking.models import RiskKind
from challenge.pilots.tracking.schemas import RiskIn

router = APIRouter()
PATH = f"{PREFIX}/pilots/{{code}}"
TAG = "pilots"


class ReasonOut(BaseModel):
    """Why a pilot is not on track."""

    rule: str
    level: str
    text: str


class HealthOut(BaseModel):
    """How a pilot is doing; null where it is not under way."""

    level: str | None
    reasons: list[ReasonOut]


class MeasurementOut(BaseModel):
    """A value on a day; ``counts`` is false where a later entry of that day corrects it."""

    indicator: str
    title: str
    unit: str
    city: str | None
    measured_on: date
    value: Decimal
    source: str
    counts: bool


class MeasurementsOut(BaseModel):
    """Everything that was measured, by day."""

    items: list[MeasurementOut]


class RiskOut(BaseModel):
    """A risk or an issue; likelihood and impact are 1 to 3."""

    code: str
    kind: RiskKind
    title: str
    likelihood: int
    impact: int
    response: str
    opened_on: date
    closed_on: date | None
    ending: str


class RisksOut(BaseModel):
    """The log."""

    items: list[RiskOut]


@router.get(f"{PATH}/health", tags=[TAG], response_model=HealthOut, responses=PROBLEMS)
def health(request: Request, code: str) -> Response:
    """How it is doing, computed from plan, reports, indicators and risks, with every reason."""
    with work(request) as w:
        return _sent(health_out(queries.health_of(w, pilots.whole(w, code))))


def health_out(found: Health | None) -> HealthOut:
    """Health as JSON."""
    if found is None:
        return HealthOut(level=None, reasons=[])
    reasons = [ReasonOut(rule=one.rule, level=one.level.key, text=str(one.text)) for one in found.reasons]
    return HealthOut(level=found.level.key, reasons=reasons)


@router.get(f"{PATH}/measurements", tags=[TAG], response_model=MeasurementsOut, responses=PROBLEMS)
def measurements(request: Request, code: str) -> Response:
    """Its indicators over time."""
    with work(request) as w:
        return _sent(_measured(w, pilots.visible(w, code).code))


@router.post(
    f"{PATH}/indicators/{{item}}/measurements", tags=[TAG], status_code=201, response_model=MeasurementsOut,
    responses=PROBLEMS,
)  # fmt: skip
def measure(request: Request, code: str, item: str, given: MeasurementIn) -> Response:
    """Add a value; what was entered before stays."""
    with work(request) as w:

        def act() -> Response:
            pilot = pilots.whole(w, code)
            pilot_actions.measure(w, pilot, pilots.item(w, "indicator", pilot, item), given)
            return _sent(_measured(w, code), 201)

        return once(w, given, act)


def _measured(w: Work, code: str) -> MeasurementsOut:
    pilot = pilots.visible(w, code)
    cities = {row.city_id: row.code for row in content.members(w, pilot)}
    indicators = {row.id: row for row in content.indicators(w, pilot)}
    return MeasurementsOut(items=[
        MeasurementOut(
            indicator=row.code, title=row.title, unit=row.unit, city=cities.get(row.city_id or 0), value=one.value,
            measured_on=one.measured_on, source=one.source, counts=one.counts,
        )
        for one in queries.measurements(w, pilot)
        for row in [indicators[one.indicator_id]]
    ])  # fmt: skip


@router.get(f"{PATH}/risks", tags=[TAG], response_model=RisksOut, responses=PROBLEMS)
def risks(request: Request, code: str) -> Response:
    """Its risks and issues, for those inside."""
    with work(request) as w:
        rows = queries.risks(w, pilots.whole(w, code))
        return _sent(RisksOut(items=[RiskOut.model_validate(row, from_attributes=True) for row in rows]))


@router.post(f"{PATH}/risks", tags=[TAG], status_code=201, response_model=RiskOut, responses=PROBLEMS)
def add_risk(request: Request, code: str, given: RiskIn) -> Response:
    """Note one."""
    with work(request) as w:

        def act() -> Response:
            made = actions.add_risk(w, pilots.whole(w, code), given)
            return _sent(RiskOut.model_validate(made, from_attributes=True), 201)

        return once(w, given, act)


def _sent(body: BaseModel, status: int = 200) -> Response:
    return JSONResponse(jsonable_encoder(body), status)
