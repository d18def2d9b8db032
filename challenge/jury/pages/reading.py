"""The version under review as the reading pane shows it: parts, questions, tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from challenge.http.forms import ask_of
from challenge.jury.queries import Reading
from challenge.kernel.i18n import _n, gettext
from challenge.proposals.lines import Indicator, PlanTask, tasks_in
from challenge.proposals.schemas import CHECKS, FORMS, MIMS, PARTS, Check, Mim
from challenge.proposals.states import CATEGORIES, BudgetCategory
from challenge.rounds.schemas import Rules
from challenge.rounds.states import Gate
from challenge.rounds.words import Country

APART = frozenset({"title", "summary", "publish", "size_class", "months"})  # shown above the parts, or not at all


@dataclass(frozen=True, slots=True)
class Said:
    """An answer: its question, and text, a list, or a table of indicators or tasks."""

    label: str
    text: str = ""
    entries: tuple[str, ...] = ()
    indicators: tuple[Mapping[str, str], ...] = ()
    tasks: tuple[PlanTask, ...] = ()


@dataclass(frozen=True, slots=True)
class PartRead:
    """A part of the proposal with what is said in it."""

    key: str
    title: str
    answers: tuple[Said, ...]


def parts_of(reading: Reading, gate: Gate) -> list[PartRead]:
    """The answered questions in the order of the form."""
    answers = reading.content.get("answers", {})
    by_part: dict[str, list[Said]] = {}
    for name, info in FORMS[gate].model_fields.items():
        value = answers.get(name)
        if name in APART or value in (None, "", []):
            continue
        by_part.setdefault(ask_of(info).part, []).append(_said(name, gettext(info.title or name), value))
    return [PartRead(key, str(title), tuple(by_part[key])) for key, title in PARTS.items() if key in by_part]


def _said(name: str, label: str, value: Any) -> Said:
    if name == "indicators":
        return Said(label, indicators=tuple(_cells(line) for line in value))
    if name == "work_plan":
        return Said(label, tasks=tuple(tasks_in(value)))
    if name == "mims":
        return Said(label, entries=tuple(str(MIMS[Mim(one)]) for one in value))
    if name == "people_checks":
        return Said(label, entries=tuple(str(CHECKS[Check(one)]) for one in value))
    return Said(label, text=str(value))


def _cells(line: Any) -> Mapping[str, str]:
    """An indicator as it is kept: one line, or (where imported) its cells."""
    found: Mapping[str, str] = Indicator.cells(line) if isinstance(line, str) else {**Indicator.cells(""), **line}
    return found


@dataclass(frozen=True, slots=True)
class BudgetRow:
    """What one partner spends, and on what."""

    partner: str
    cents: int
    categories: str


def budget_of(reading: Reading) -> tuple[list[BudgetRow], int]:
    """The budget by partner, and its total."""
    by_partner: dict[str, list[Mapping[str, Any]]] = {}
    for line in reading.content.get("budget", []):
        by_partner.setdefault(line["name"], []).append(line)
    rows = [
        BudgetRow(
            partner, sum(line["cents"] for line in lines),
            ", ".join(dict.fromkeys(str(CATEGORIES[BudgetCategory(line["category"])]) for line in lines)),
        )
        for partner, lines in by_partner.items()
    ]  # fmt: skip
    return rows, sum(row.cents for row in rows)


@dataclass(frozen=True, slots=True)
class Pair:
    """Who takes part, for the sign of the pair."""

    home: str
    away: str | None
    note: str


def pair_of(reading: Reading, rules: Rules) -> Pair | None:
    """The cities in the lead and pilot roles by side; countries and followers in the note."""
    cities = [city for city in reading.content.get("cities", []) if city["role"] != "follower"]
    home = [city["name"] for city in cities if city["country"] == rules.home_country]
    away = [city["name"] for city in cities if city["country"] != rules.home_country]
    if not cities:
        return None
    sides = (home, away) if home else (away, [])
    return Pair(" + ".join(sides[0]), " + ".join(sides[1]) or None, " · ".join(_notes(reading)))


def _notes(reading: Reading) -> Iterator[str]:
    cities = reading.content.get("cities", [])
    countries = dict.fromkeys(str(Country(city["country"])) for city in cities if city["role"] != "follower")
    yield ", ".join(countries)
    followers = [f"{city['name']} ({Country(city['country'])})" for city in cities if city["role"] == "follower"]
    if followers:
        yield str(_n("follower: %(cities)s", "followers: %(cities)s", len(followers), cities=", ".join(followers)))
