"""The portfolio as those who run it need it, in a constant number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import col, select

from challenge.kernel.work import Work
from challenge.pilots import content
from challenge.pilots.content import Member
from challenge.pilots.models import Indicator, Milestone, Pilot, Report
from challenge.pilots.money import ledger
from challenge.pilots.queries import inside
from challenge.pilots.states import OPEN, PilotState, ReportState
from challenge.pilots.tracking.health import Health, Level
from challenge.pilots.tracking.queries import healths
from challenge.rounds.models import Round

MOST = 300


@dataclass(frozen=True, slots=True)
class Filters:
    """What the portfolio is narrowed to; empty is everything. The address holds them, so it can be kept."""

    round: str = ""
    health: str = ""
    state: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A pilot of the portfolio. ``following`` is the next day something is due, and what; ``paid`` None: no ledger."""

    pilot: Pilot
    round_title: str
    cities: Sequence[Member]
    health: Health | None
    following: tuple[date, str] | None
    paid: int | None
    measured: int
    indicators: int

    @property
    def code(self) -> str:
        """As every row that stands for a pilot has it."""
        return self.pilot.code

    @property
    def title(self) -> str:
        """As every row that stands for a pilot has it."""
        return self.pilot.title

    @property
    def home(self) -> list[Member]:
        """The cities that count, of the country of the programme."""
        return [city for city in self.cities if city.counts and city.country == self.pilot.home_country]

    @property
    def away(self) -> list[Member]:
        """The cities that count, from abroad."""
        return [city for city in self.cities if city.counts and city.country != self.pilot.home_country]


def portfolio(w: Work, filters: Filters) -> list[Line]:
    """The pilots one reads everything of, the worst first, then by title."""
    found = (
        select(Pilot, Round.title)
        .join(Round, col(Round.id) == Pilot.round_id)
        .where(inside(w))
        .order_by(col(Pilot.title), col(Pilot.id))
        .limit(MOST)
    )
    if filters.round:
        found = found.where(Pilot.round_code == filters.round)
    if filters.state in set(PilotState):
        found = found.where(Pilot.state == PilotState(filters.state))
    rows = w.session.exec(found).all()
    pilots = [pilot for pilot, _title in rows]
    ids = [pilot.id for pilot in pilots]
    cities, known = content.members_of(w, ids), healths(w, pilots)
    going = [pilot.id for pilot in pilots if pilot.state in OPEN]  # of what has ended nothing is due
    due, paid, measured = _due(w, going), ledger.paid(w, ids), _measured(w, ids)
    nothing = (0, 0)
    lines = [
        Line(
            one, title, cities.get(one.id, ()), known.get(one.id), due.get(one.id), paid.get(one.id),
            *measured.get(one.id, nothing),
        )
        for one, title in rows
    ]  # fmt: skip
    lines = [line for line in lines if _wanted(line, filters)]
    return sorted(lines, key=lambda line: -(line.health.level if line.health is not None else -2))


def _wanted(line: Line, filters: Filters) -> bool:
    level = line.health.level.key if line.health is not None else "none"
    if filters.health and filters.health in {*(one.key for one in Level), "none"} and filters.health != level:
        return False
    return not filters.country or any(city.country == filters.country for city in line.cities)


def _due(w: Work, ids: Sequence[int]) -> dict[int, tuple[date, str]]:
    """Pilot id → the next thing that is due and not done: its day, and the milestone's title or the report's kind."""
    columns: Any = (Milestone.pilot_id, Milestone.due_on, Milestone.title)
    milestones = select(*columns).where(col(Milestone.pilot_id).in_(ids), col(Milestone.done_on).is_(None))
    owed: Any = (Report.pilot_id, Report.due_on, Report.kind)
    reports = select(*owed).where(
        col(Report.pilot_id).in_(ids), col(Report.state).in_((ReportState.DUE, ReportState.RETURNED))
    )
    rows: Iterable[Any] = [*w.session.exec(milestones), *w.session.exec(reports)]
    found: dict[int, tuple[date, str]] = {}
    for pilot_id, due_on, what in rows:
        if pilot_id not in found or due_on < found[pilot_id][0]:
            found[pilot_id] = (due_on, what)
    return found


def _measured(w: Work, ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Pilot id → how many of its indicators were measured, and how many it has."""
    found: dict[int, tuple[int, int]] = {}
    columns: Any = (Indicator.pilot_id, Indicator.measured_on)
    rows = select(*columns).where(col(Indicator.pilot_id).in_(ids))
    for pilot_id, measured_on in w.session.exec(rows):
        measured, count = found.get(pilot_id, (0, 0))
        found[pilot_id] = (measured + (measured_on is not None), count + 1)
    return found
