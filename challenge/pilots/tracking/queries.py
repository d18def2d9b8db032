"""What is tracked of one pilot or of many, in a constant number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from challenge.kernel.errors import Missing
from challenge.kernel.record import Row
from challenge.kernel.work import Work
from challenge.people.queries import names
from challenge.pilots.models import Indicator, Milestone, Pilot, Report
from challenge.pilots.tracking.health import Health, Known, health
from challenge.pilots.tracking.models import Measurement, Risk
from challenge.rounds.models import Round

R = TypeVar("R", bound=Row)


def health_of(w: Work, pilot: Pilot) -> Health | None:
    """How it is doing and why; None for one that is not under way."""
    return healths(w, [pilot]).get(pilot.id)


def healths(w: Work, pilots: Sequence[Pilot]) -> dict[int, Health]:
    """Pilot id → its health, for those that are under way."""
    ids = [pilot.id for pilot in pilots]
    zones = dict(
        w.session.exec(select(Round.id, Round.zone).where(col(Round.id).in_({p.round_id for p in pilots}))).all()
    )
    milestones, reports = _by_pilot(w, Milestone, ids), _by_pilot(w, Report, ids)
    indicators, risks = _by_pilot(w, Indicator, ids), _by_pilot(w, Risk, ids)
    found = {}
    for pilot in pilots:
        known = Known(
            pilot, w.now.astimezone(ZoneInfo(zones[pilot.round_id])).date(), milestones.get(pilot.id, ()),
            reports.get(pilot.id, ()), indicators.get(pilot.id, ()), risks.get(pilot.id, ()),
        )  # fmt: skip
        if (one := health(known)) is not None:
            found[pilot.id] = one
    return found


def _by_pilot(w: Work, table: type[R], ids: Sequence[int]) -> dict[int, list[R]]:
    columns: Any = table
    found: dict[int, list[R]] = {}
    for row in w.session.exec(select(table).where(col(columns.pilot_id).in_(ids)).order_by(col(table.id))):
        found.setdefault(row.pilot_id, []).append(row)  # type: ignore[attr-defined]  # all four have it
    return found


# Risks


def risks(w: Work, pilot: Pilot) -> list[Risk]:
    """Its risks and issues: the open ones first, the gravest first."""
    rows = _by_pilot(w, Risk, [pilot.id]).get(pilot.id, [])
    return sorted(rows, key=lambda row: (row.closed_on is not None, -row.weight, row.id))


def risk(w: Work, pilot: Pilot, code: str) -> Risk:
    """One of them."""
    found = w.session.exec(select(Risk).where(Risk.pilot_id == pilot.id, Risk.code == code)).first()
    if found is None:
        raise Missing
    return found


# Measurements


@dataclass(frozen=True, slots=True)
class Measured:
    """A value as it was entered; ``counts`` is false where a later entry of the same day corrects it."""

    indicator_id: int
    value: Decimal
    measured_on: date
    source: str
    at: datetime
    who: str
    counts: bool


def measurements(w: Work, pilot: Pilot) -> list[Measured]:
    """Everything that was measured in it, by day; what was entered last of a day counts."""
    found = (
        select(Measurement)
        .join(Indicator, col(Indicator.id) == Measurement.indicator_id)
        .where(Indicator.pilot_id == pilot.id)
        .order_by(col(Measurement.measured_on), col(Measurement.id))
    )
    rows = w.session.exec(found).all()
    last = {(row.indicator_id, row.measured_on): row.id for row in rows}
    who = names(w, [row.by_id for row in rows])
    return [
        Measured(
            row.indicator_id, row.value, row.measured_on, row.source, row.at, who.get(row.by_id or 0, ""),
            last[row.indicator_id, row.measured_on] == row.id,
        )
        for row in rows
    ]  # fmt: skip
