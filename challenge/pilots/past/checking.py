"""The dry run: what would become of each row, against the rounds, cities and pilots that are there."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlmodel import col, select

from challenge.cities.models import CityProfile
from challenge.kernel.i18n import Text, _
from challenge.kernel.journal import canonical
from challenge.kernel.work import Work
from challenge.people import rules as people
from challenge.people.models import Organisation
from challenge.people.spelling import fold
from challenge.pilots.models import Pilot
from challenge.pilots.past.columns import Row
from challenge.pilots.past.models import PastPilot
from challenge.pilots.past.reading import Faults, pilot_in, said
from challenge.pilots.schemas import ImportedCity, ImportedPilot
from challenge.pilots.states import PAIRED
from challenge.rounds import queries as rounds
from challenge.rounds.models import Round
from challenge.rounds.pairing import City, pairing
from challenge.rounds.states import CityRole

CITY = re.compile(r"(.+?)\s*\(([A-Za-z]{2})\)")
may_import = people.any_of(people.is_coordinator, people.is_system)


class Verdict(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    THERE = "there"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Checked:
    """A row and what becomes of it; ``faults`` by column when it is bad, else ``pilot`` as it is imported."""

    number: int
    key: str
    title: str
    verdict: Verdict
    faults: Faults
    digest: str = ""
    round: Round | None = None
    pilot: ImportedPilot | None = None

    @property
    def reasons(self) -> list[tuple[str, str]]:
        """Column and what is wrong there, in words."""
        return said(self.faults)


@dataclass(frozen=True, slots=True)
class _Known:
    """What the rows are held against, read once for all of them."""

    rounds: Mapping[str, list[Round]]
    cities: Mapping[tuple[str, str], list[Organisation]]
    imported: Mapping[str, str]
    titles: frozenset[tuple[int, str]]
    keys: Mapping[str, list[int]]


def check(w: Work, rows: Sequence[Row]) -> list[Checked]:
    """Every row with its verdict and, where it is bad, why; nothing is written. The queries are few."""
    known = _known(w, rows)
    return [_check(w, row, known) for row in rows]


def _known(w: Work, rows: Sequence[Row]) -> _Known:
    by_name: dict[str, list[Round]] = {}
    for round_ in w.session.exec(select(Round).where(rounds.in_sight(w))):
        for name in {fold(round_.code), fold(round_.title)}:
            by_name.setdefault(name, []).append(round_)
    keys: dict[str, list[int]] = {}
    for row in rows:
        keys.setdefault(row.get("key"), []).append(row.number)
    kept = select(PastPilot.key, PastPilot.digest).where(col(PastPilot.key).in_(list(keys)))
    titles = select(Pilot.round_id, Pilot.title).where(col(Pilot.title).in_([row.get("title") for row in rows]))
    return _Known(
        by_name, _cities(w, rows), dict(w.session.exec(kept).all()),
        frozenset((round_id, title) for round_id, title in w.session.exec(titles)), keys,
    )  # fmt: skip


def _cities(w: Work, rows: Iterable[Row]) -> dict[tuple[str, str], list[Organisation]]:
    """(country, name) → the cities called so, for all names in the rows."""
    named = {fold(match[1]) for row in rows for _column, text, _role in _named(row) if (match := CITY.fullmatch(text))}
    found: dict[tuple[str, str], list[Organisation]] = {}
    places = (
        select(Organisation)
        .join(CityProfile, col(CityProfile.organisation_id) == Organisation.id)
        .where(col(Organisation.name_key).in_(named))
    )
    for place in w.session.exec(places):
        found.setdefault((place.country, place.name_key), []).append(place)
    return found


def _named(row: Row) -> list[tuple[str, str, CityRole]]:
    """Column, city as written, role."""
    members = row.parts("cities")
    return [
        *(("cities", text, CityRole.PILOT if place else CityRole.LEAD) for place, text in enumerate(members)),
        *(("followers", text, CityRole.FOLLOWER) for text in row.parts("followers")),
    ]


def _check(w: Work, row: Row, known: _Known) -> Checked:
    round_, faults = _round(w, row, known)
    themes = rounds.rules_of(round_).themes if round_ is not None else []
    if round_ is None and row.get("themes"):
        row = Row(row.number, {name: text for name, text in row.cells.items() if name != "themes"})  # whose themes?
    pilot, more = pilot_in(row, themes)
    cities, wrong = _members(row, known)
    faults = {**more, **wrong, **faults}
    if len(known.keys[row.get("key")]) > 1 and row.get("key"):
        numbers = ", ".join(map(str, known.keys[row.get("key")]))
        faults["key"] = _("This key stands in several rows: %(numbers)s", numbers=numbers)
    digest = ""
    if pilot is not None and round_ is not None and not wrong:
        if pilot.state in PAIRED and (problem := pairing(_counted(cities), rounds.rules_of(round_))):
            faults.setdefault("cities", problem.text)
        pilot = pilot.model_copy(update={"cities": [ImportedCity(city=c.code, role=role) for c, role in cities]})
        said = {"round": round_.code, **pilot.model_dump(mode="json")}
        digest = hashlib.sha256(canonical(said).encode()).hexdigest()
        _already(row, round_, digest, known, faults)
    if faults:
        return Checked(row.number, row.get("key"), row.get("title"), Verdict.BAD, faults)
    verdict = Verdict.THERE if row.get("key") in known.imported else Verdict.NEW
    return Checked(row.number, row.get("key"), row.get("title"), verdict, {}, digest, round_, pilot)


def _round(w: Work, row: Row, known: _Known) -> tuple[Round | None, Faults]:
    name = row.get("round")
    found = known.rounds.get(fold(name), []) if name else []
    if not name:
        return None, {}
    if len(found) > 1:
        return None, {"round": _("Several rounds are called “%(name)s”. Write the code of the round.", name=name)}
    if not found:
        return None, {"round": _("There is no round “%(name)s”. Write its code or title.", name=name)}
    if problem := may_import(w, found[0]):
        return found[0], {"round": problem.text}
    return found[0], {}


def _members(row: Row, known: _Known) -> tuple[list[tuple[Organisation, CityRole]], Faults]:
    cities: list[tuple[Organisation, CityRole]] = []
    faults: dict[str, Text] = {}
    for column, text, role in _named(row):
        match = CITY.fullmatch(text)
        if match is None:
            faults[column] = _("“%(text)s”: write the city with its country, as in Tartu (EE).", text=text)
            continue
        found = known.cities.get((match[2].upper(), fold(match[1])), [])
        if len(found) == 1:
            cities.append((found[0], role))
        elif found:
            faults[column] = _(
                "Several cities are called %(text)s. Ask an administrator to tell them apart.", text=text
            )
        else:
            faults[column] = _("There is no city %(text)s. Look how it is spelt on the page of cities.", text=text)
    twice = [name for name, count in Counter(city.name for city, _role in cities).items() if count > 1]
    if twice:
        faults["cities"] = _("%(city)s is there twice.", city=twice[0])
    return cities, faults


def _counted(cities: Iterable[tuple[Organisation, CityRole]]) -> list[City]:
    return [(city.country, role, city.id) for city, role in cities]


def _already(row: Row, round_: Round, digest: str, known: _Known, faults: dict[str, Any]) -> None:
    """A key that is known must say what it said; a title that is known without a key is not imported beside itself."""
    kept = known.imported.get(row.get("key"))
    if kept is not None and kept != digest:
        faults["key"] = _("This pilot was imported with other values. Change it on its page, and leave this row out.")
    elif kept is None and (round_.id, row.get("title")) in known.titles:
        faults["title"] = _("This round has a pilot of this title already. Leave this row out.")
