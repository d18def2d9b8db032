"""How far a pilot has come: its indicators with bars, its milestones as a time plan."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from babel.dates import format_date
from babel.numbers import format_decimal

from challenge.http.figures import Gantt, Span, gantt, share
from challenge.http.templates import day
from challenge.kernel.i18n import Text, _, _n, locale
from challenge.pilots.content import Member
from challenge.pilots.states import ReportState

if TYPE_CHECKING:
    from challenge.pilots.models import Indicator, Milestone, Pilot, Report

# Indicators


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """A line of the table; ``span`` is how many lines share its title (0: not the first of them)."""

    code: str
    title: str
    span: int
    city: str
    baseline: str
    actual: str
    target: str
    percent: float | None
    tone: str
    state: str
    state_tone: str
    measured_on: date | None
    source: str
    closed: bool

    @property
    def percent_text(self) -> str:
        """The number that stands beside the bar."""
        return f"{self.percent or 0:.0f}\u00a0%"


def quantity(value: Decimal | None) -> str:
    """A number without idle zeros, in the reader's way."""
    if value is None:
        return "–"
    return str(format_decimal(value.normalize(), format="#,##0.####", locale=locale()))


def plain_number(value: Decimal | None) -> str:
    """As a form shows it."""
    return "" if value is None else f"{value.normalize():f}"


def covered(row: Indicator) -> float | None:
    """How much of the way from baseline to target is done, in percent; None where it cannot be said."""
    if row.baseline is None or row.target is None or row.actual is None or row.target == row.baseline:
        return None
    return share(float(row.actual - row.baseline) / float(row.target - row.baseline), 1.0)


def indicator_rows(pilot: Pilot, rows: Sequence[Indicator], members: Iterable[Member]) -> list[IndicatorRow]:
    """The indicators; lines of one title stand under it."""
    cities = {row.city_id: row for row in members}
    many = {title: sum(row.title == title for row in rows) for title in {row.title for row in rows}}
    seen: set[str] = set()
    shown = []
    for row in rows:
        city = cities.get(row.city_id or 0)
        percent = covered(row)
        state, tone = _indicator_state(pilot, row, percent)
        abroad = city is not None and city.country != pilot.home_country
        unit = f"{row.title}, {row.unit}" if row.unit else row.title
        together = _("All cities") if row.city_id is None else _("a former member")
        shown.append(
            IndicatorRow(
                row.code, unit, 0 if row.title in seen else many[row.title],
                city.name if city is not None else str(together),
                quantity(row.baseline), quantity(row.actual), quantity(row.target), percent,
                "clay" if abroad else "sea", str(state), tone, row.measured_on, row.source,
                row.closed_at is not None,
            )
        )  # fmt: skip
        seen.add(row.title)
    return shown


def _indicator_state(pilot: Pilot, row: Indicator, percent: float | None) -> tuple[Text, str]:
    """Reached, on course or behind: compared with how much of the pilot's time had passed when it was measured."""
    if row.actual is None:
        return _("Not measured yet"), "off"
    if percent is None:
        return _("Measured"), "sea"
    if percent >= 100:  # noqa: PLR2004 -- the whole way
        return _("Reached"), "moss"
    if row.closed_at is not None:
        return _("Not reached"), "rose"
    time = _time_covered(pilot, row.measured_on)
    if time is None:
        return _("Measured"), "sea"
    return (_("On course"), "moss") if percent >= time else (_("Behind"), "sun")


def _time_covered(pilot: Pilot, on: date | None) -> float | None:
    if pilot.starts_on is None or pilot.ends_on is None or on is None or pilot.ends_on == pilot.starts_on:
        return None
    return share((on - pilot.starts_on).days, (pilot.ends_on - pilot.starts_on).days)


# Milestones


@dataclass(frozen=True, slots=True)
class MilestoneRow:
    """A line of the table under the time plan."""

    code: str
    title: str
    starts_on: date
    due_on: date
    state: str
    tone: str
    evidence: str


def milestone_rows(rows: Iterable[Milestone], now: date) -> list[MilestoneRow]:
    """The milestones with their state in words."""
    return [
        MilestoneRow(row.code, row.title, row.starts_on, row.due_on, str(state), tone, row.evidence)
        for row in rows
        for state, tone in [_milestone_state(row, now)]
    ]


def _milestone_state(row: Milestone, now: date) -> tuple[Text, str]:
    if row.done_on is not None:
        late = (row.done_on - row.due_on).days
        if late <= 0:
            return _("Done"), "moss"
        return _n("Done one day late", "Done %(n)s days late", late), "moss"
    if now > row.due_on:
        return _("Late"), "rose"
    return (_("Under way"), "plum") if now >= row.starts_on else (_("Planned"), "off")


BARS = {"moss": "edge", "rose": "clay"}


def plan_of(rows: Sequence[MilestoneRow], now: date) -> Gantt:
    """The time plan: what is done in grey, what is late in clay."""
    spans = [
        Span(
            row.title, row.starts_on, row.due_on, BARS.get(row.tone, "sea"),
            str(_("%(first)s to %(last)s", first=day(row.starts_on), last=day(row.due_on))), row.state,
        )
        for row in rows
    ]  # fmt: skip
    return gantt(spans, now, _month)


def _month(first: date) -> str:
    return str(first.year) if first.month == 1 else format_date(first, "LLL", locale=locale())


# Reports


def late(rows: Iterable[Report], now: date) -> set[str]:
    """The codes of reports whose day has passed and that wait to be written."""
    waiting = (ReportState.DUE, ReportState.RETURNED)
    return {row.code for row in rows if row.state in waiting and row.due_on < now}
