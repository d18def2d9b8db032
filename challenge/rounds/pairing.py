"""The pairing rule: a pilot joins cities of the home country with cities of another (design.md §4.1).

One pure function, used by the live indicator, guards, imports and selection. A city is given as ``(country, role)`` or
``(country, role, city)``; where ``city`` (its id or code) is given, the same city counts once.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from challenge.kernel.errors import Problem
from challenge.kernel.i18n import Text, _, _n
from challenge.rounds.schemas import Rules
from challenge.rounds.states import CityRole, Pairing
from challenge.rounds.words import Country, Sentences

City = tuple[str, CityRole] | tuple[str, CityRole, Hashable]
COUNTING = frozenset({CityRole.LEAD, CityRole.PILOT})


class Part(StrEnum):
    """What the rule asks for."""

    HOME = "home"
    FOREIGN = "foreign"
    COUNT = "count"


def pairing(cities: Iterable[City], rules: Rules) -> Problem | None:
    """Why these cities may not run a pilot together, if so."""
    lacks = _lacking(_countries(cities), rules)
    if not lacks:
        return None
    text = Text("%(sentences)s", names={"sentences": Sentences(tuple(lacks.values()))})
    return Problem("pairing", text, {"cities": text})


def _countries(cities: Iterable[City]) -> list[str]:
    """The country of each city that counts, each city once."""
    known: dict[Hashable, str] = {}
    nameless = []
    for country, role, *identity in cities:
        if role not in COUNTING:
            continue
        if identity and identity[0] is not None:
            known[identity[0]] = country
        else:
            nameless.append(country)
    return [*known.values(), *nameless]


def _lacking(countries: list[str], rules: Rules) -> dict[Part, Text]:
    """What is missing, in words that say what to add; empty when the rule holds."""
    lacks = {}
    home = sum(country == rules.home_country for country in countries)
    name = Country(rules.home_country)
    if rules.pairing is not Pairing.OFF and not home:
        lacks[Part.HOME] = _("Add a lead or pilot city of the home country (%(country)s).", country=name)
    if rules.pairing is Pairing.MANDATORY and home == len(countries):
        lacks[Part.FOREIGN] = _(
            "Add a lead or pilot city of a country other than the home country (%(country)s).", country=name
        )
    missing = rules.min_cities - len(countries)
    if missing > len(lacks):  # the cities asked for above bring the number up as well
        lacks[Part.COUNT] = _n(
            "In all one more lead or pilot city is needed.",
            "In all %(n)s more lead or pilot cities are needed.",
            missing,
        )
    return lacks


# The live indicator


@dataclass(frozen=True, slots=True)
class Partner:
    """A city as the indicator needs it."""

    city: Hashable
    name: str
    country: str
    role: CityRole


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the indicator: a tag and what it is about."""

    kind: Literal["met", "missing", "advised", "not_counted", "rests_on"]
    part: Part | None
    text: Text
    city: Hashable | None = None

    @property
    def tag(self) -> Text:
        """The word on the tag."""
        return TAGS[self.kind]

    @property
    def tone(self) -> str:
        """The tag's tone (look.md)."""
        return TONES[self.kind]


TAGS: dict[str, Text] = {
    "met": _("Met"),
    "missing": _("Missing"),
    "advised": _("Advised"),
    "not_counted": _("Not counted"),
    "rests_on": _("Rests on one city"),
}
TONES = {"met": "moss", "missing": "sun", "advised": "sea", "not_counted": "off", "rests_on": "sun"}


@dataclass(frozen=True, slots=True)
class PairingFacts:
    """The rule, line by line, with the names the arc shows."""

    problem: Problem | None
    home: tuple[str, ...]
    away: tuple[str, ...]
    facts: tuple[Fact, ...]

    @property
    def holds(self) -> bool:
        """Whether these cities may run a pilot together."""
        return self.problem is None


def pairing_facts(partners: Iterable[Partner], rules: Rules) -> PairingFacts:
    """What is met, what is missing, who does not count, and whose leaving would break the rule."""
    every = list(partners)
    counted = list({partner.city: partner for partner in every if partner.role in COUNTING}.values())
    home = [partner for partner in counted if partner.country == rules.home_country]
    away = [partner for partner in counted if partner.country != rules.home_country]
    lacks = _lacking([partner.country for partner in counted], rules)
    facts = [*_sides(home, away, rules, lacks), *_number(counted, rules, lacks)]
    ids = {partner.city for partner in counted}
    facts += [
        Fact("not_counted", None, _("%(city)s: followers do not count", city=partner.name), partner.city)
        for partner in every
        if partner.city not in ids
    ]
    facts += _weak_points(counted, rules) if not lacks else []
    return PairingFacts(
        problem=pairing(((partner.country, partner.role, partner.city) for partner in every), rules),
        home=tuple(partner.name for partner in home),
        away=tuple(partner.name for partner in away),
        facts=tuple(facts),
    )


def _sides(home: list[Partner], away: list[Partner], rules: Rules, lacks: dict[Part, Text]) -> list[Fact]:
    if rules.pairing is Pairing.OFF:
        return []
    facts = []
    if home:
        text = _n("one city of the home country", "%(n)s cities of the home country", len(home))
        facts.append(Fact("met", Part.HOME, text))
    else:
        facts.append(Fact("missing", Part.HOME, lacks[Part.HOME]))
    if away:
        facts.append(Fact("met", Part.FOREIGN, _n("one city abroad", "%(n)s cities abroad", len(away))))
    elif Part.FOREIGN in lacks:
        facts.append(Fact("missing", Part.FOREIGN, lacks[Part.FOREIGN]))
    else:
        text = _("a city abroad is not required in this round")
        facts.append(Fact("advised", Part.FOREIGN, text))
    return facts


def _number(counted: list[Partner], rules: Rules, lacks: dict[Part, Text]) -> list[Fact]:
    if Part.COUNT in lacks:
        return [Fact("missing", Part.COUNT, lacks[Part.COUNT])]
    if len(counted) < rules.min_cities:
        return []  # the lines above ask for them
    return [Fact("met", Part.COUNT, _n("one city takes part", "%(n)s cities take part", len(counted)))]


def _weak_points(counted: list[Partner], rules: Rules) -> list[Fact]:
    """The cities without which the rule would no longer hold."""
    facts = []
    for partner in counted:
        left = [other.country for other in counted if other.city != partner.city]
        lacks = _lacking(left, rules)
        if Part.HOME in lacks:
            text = _("without %(city)s a city of the home country is missing", city=partner.name)
        elif Part.FOREIGN in lacks:
            text = _("without %(city)s a city abroad is missing", city=partner.name)
        elif lacks:
            text = _("without %(city)s there are too few cities", city=partner.name)
        else:
            continue
        facts.append(Fact("rests_on", next(iter(lacks)), text, partner.city))
    return facts
