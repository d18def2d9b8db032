"""Indicators over time as the pages show them: a figure per indicator, a line per city, and the table that draws it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from challenge.http.lines import Lines, Mark, Series, lines
from challenge.http.templates import day
from challenge.kernel.i18n import _
from challenge.kernel.work import Work
from challenge.pilots import content
from challenge.pilots.pages.progress import quantity
from challenge.pilots.tracking import queries
from challenge.pilots.tracking.queries import Measured

if TYPE_CHECKING:
    from challenge.pilots.models import Indicator, Pilot


@dataclass(frozen=True, slots=True)
class City:
    """How far one city has come: baseline, target and where it stands."""

    name: str
    tone: str
    baseline: str
    target: str
    actual: str
    measured_on: date | None


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the table of values."""

    day: date
    city: str
    value: str
    source: str
    who: str
    counts: bool


@dataclass(frozen=True, slots=True)
class Tracked:
    """An indicator over time: one line per city it is measured in."""

    title: str
    unit: str
    cities: tuple[City, ...]
    figure: Lines | None
    entries: tuple[Entry, ...]


def tracked(w: Work, pilot: Pilot) -> list[Tracked]:
    """The indicators of a pilot with everything that was measured; those of one title in one figure."""
    cities = {row.city_id: row.name for row in content.members(w, pilot)}
    groups: dict[tuple[str, str], list[Indicator]] = {}
    for row in content.indicators(w, pilot):
        groups.setdefault((row.title, row.unit), []).append(row)
    measured: dict[int, list[Measured]] = {}
    for one in queries.measurements(w, pilot):
        measured.setdefault(one.indicator_id, []).append(one)
    return [_tracked(title, unit, rows, measured, cities) for (title, unit), rows in groups.items()]


def city_name(row: Indicator, cities: dict[int, str]) -> str:
    """Where an indicator is measured."""
    if row.city_id is None:
        return str(_("All cities"))
    return cities.get(row.city_id) or str(_("a former member"))


def _tracked(
    title: str, unit: str, rows: Sequence[Indicator], measured: dict[int, list[Measured]], cities: dict[int, str]
) -> Tracked:
    series = [
        Series(city_name(row, cities), tuple((one.measured_on, float(one.value)) for one in measured.get(row.id, ())
                                             if one.counts))
        for row in rows
    ]  # fmt: skip
    figure = lines(series, _marks(rows), _number, _name_day)
    tones = [line.tone for line in figure.lines] if figure else ["edge"] * len(rows)
    entries = sorted(
        (
            Entry(one.measured_on, city_name(row, cities), quantity(one.value), one.source, one.who, one.counts)
            for row in rows
            for one in measured.get(row.id, ())
        ),
        key=lambda entry: (entry.day, entry.city),
    )
    return Tracked(
        title, unit,
        tuple(
            City(city_name(row, cities), tone, quantity(row.baseline), quantity(row.target), quantity(row.actual),
                 row.measured_on)
            for row, tone in zip(rows, tones, strict=True)
        ),
        figure, tuple(entries),
    )  # fmt: skip


def _marks(rows: Iterable[Indicator]) -> list[Mark]:
    """Baseline and target, where all cities have the same."""
    baselines, targets = {row.baseline for row in rows}, {row.target for row in rows}
    found = []
    if len(baselines) == 1 and (value := next(iter(baselines))) is not None:
        found.append(Mark(str(_("baseline %(value)s", value=quantity(value))), float(value)))
    if len(targets) == 1 and (value := next(iter(targets))) is not None:
        found.append(Mark(str(_("target %(value)s", value=quantity(value))), float(value)))
    return found


def _number(value: float) -> str:
    return quantity(Decimal(str(round(value, 4))))


def _name_day(when: date) -> str:
    return str(day(when))
