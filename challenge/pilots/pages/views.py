"""What the pages show of a pilot: the pair as two columns of cards, the map, and what is known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from babel.dates import format_date

from challenge.http.figures import PairRow, Place
from challenge.http.templates import day
from challenge.kernel.i18n import N_, Text, _, _n, locale
from challenge.kernel.money import euros
from challenge.kernel.work import Work
from challenge.people.countries import country_name
from challenge.pilots import content
from challenge.pilots.content import Member
from challenge.rounds.pairing import PairingFacts, pairing_facts
from challenge.rounds.states import CityRole, Pairing

if TYPE_CHECKING:
    from challenge.pilots.models import Pilot


def today(now: datetime, zone: str) -> date:
    """The day it is in the round's zone."""
    return now.astimezone(ZoneInfo(zone)).date()


# The pair


@dataclass(frozen=True, slots=True)
class Side:
    """One end of the arc: its cities, or why there is none."""

    cities: list[Member]
    missing: str


@dataclass(frozen=True, slots=True)
class Pair:
    """What the two columns of cards show."""

    home: Side
    away: Side
    followers: list[Member]

    @property
    def is_open(self) -> bool:
        """Whether an end of the arc is missing."""
        return not self.home.cities or not self.away.cities


def pair_of(pilot: Pilot, rows: Iterable[Member]) -> Pair:
    """Home cities on the left, cities abroad on the right; a missing end says what the rule of its round was."""
    rows = list(rows)
    counted = [row for row in rows if row.counts]
    rule = {
        Pairing.MANDATORY: _("Rule of that round: mandatory. A city is wanted."),
        Pairing.OPTIONAL: _("Rule of that round: optional."),
        Pairing.OFF: _("Rule of that round: none."),
    }[pilot.pairing]
    home_rule = _("Rule of that round: none.") if pilot.pairing is Pairing.OFF else _("A city is wanted.")
    return Pair(
        home=Side([row for row in counted if row.country == pilot.home_country], str(home_rule)),
        away=Side([row for row in counted if row.country != pilot.home_country], str(rule)),
        followers=[row for row in rows if not row.counts],
    )


def indicator_of_pairing(w: Work, pilot: Pilot) -> PairingFacts:
    """The live indicator over the member cities, by the pilot's own rule."""
    return pairing_facts((row.partner for row in content.members(w, pilot)), content.own_rules(pilot))


IN_COUNTRY = {
    CityRole.LEAD: N_("%(country)s, lead city"),
    CityRole.PILOT: N_("%(country)s, pilot city"),
    CityRole.FOLLOWER: N_("%(country)s, follower"),
}


def role_and_country(row: Member) -> str:
    """``Estonia, lead city``."""
    return str(_(IN_COUNTRY[row.role], country=country_name(row.country)))


def on_map(rows: Iterable[Any]) -> list[PairRow]:
    """A row per pair of cities with a place on the map; a city without a partner stands alone.

    Each of ``rows`` has the ``code`` and ``title`` of a pilot, and its cities at ``home`` and ``away``.
    """
    found = []
    for row in rows:
        home, away = ([place for city in side if (place := _place(city))] for side in (row.home, row.away))
        href = f"/pilots/{row.code}"
        if home and away:
            found += [PairRow(row.title, first, second, href) for first in home[:1] for second in away]
            found += [PairRow(row.title, other, away[0], href) for other in home[1:]]
        else:
            found += [PairRow(row.title, place, None, href) for place in [*home, *away]]
    return found


def _place(city: Member) -> Place | None:
    if city.latitude is None or city.longitude is None:
        return None
    return Place(city.name, city.longitude, city.latitude)


# What is known


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact, or that it is not known; ``guess`` marks an inference, ``note`` says from what."""

    label: str
    value: str | None
    guess: bool = False
    note: str = ""
    text: str = ""


KNOWN: dict[str, Text] = {
    "theme": _("Theme"),
    "type": _("Size"),
    "lead": _("Lead"),
    "project_manager": _("Project manager"),
    "research_partners": _("Research partners"),
    "products": _("What came out of it"),
    "site": _("Site"),
    "follow_up": _("Went on as"),
}


def key_facts(pilot: Pilot) -> list[Fact]:
    """The four facts that stand first."""
    facts = pilot.facts
    budget = euros(pilot.budget_cents) if pilot.budget_cents is not None else None
    months = str(_n("%(n)s month", "%(n)s months", pilot.months)) if pilot.months is not None else None
    return [
        Fact(str(_("Budget")), budget, *_marks(facts, "budget")),
        Fact(str(_("Length")), months, *_marks(facts, "duration")),
        _date(str(_("Starts")), pilot.starts_on, facts.get("start"), *_marks(facts, "start")),
        _date(str(_("Ends")), pilot.ends_on, facts.get("end"), *_marks(facts, "end", "period")),
    ]


def more_facts(pilot: Pilot, organisation: str | None) -> list[Fact]:
    """What else is known: of a pilot run here its lead organisation, of a past one whatever its sources say."""
    if not pilot.imported:
        return [Fact(str(_("Lead organisation")), organisation)]
    facts = pilot.facts
    asked = ("type", "lead", "research_partners", "products")
    return [
        Fact(str(label), _words(facts.get(name)), *_marks(facts, name))
        for name, label in KNOWN.items()
        if name in asked or facts.get(name)
    ]


def _marks(facts: Mapping[str, Any], *names: str) -> tuple[bool, str]:
    guess = any(bool(facts.get(f"{name}_is_guess")) for name in names)
    return guess, next((str(facts[f"{name}_note"]) for name in names if facts.get(f"{name}_note")), "")


def _words(value: object) -> str | None:
    if isinstance(value, list):
        return ", ".join(str(entry) for entry in value) or None
    return str(value) if value else None


def _date(label: str, exact: date | None, known: object, guess: bool, note: str) -> Fact:  # noqa: FBT001
    """The month large and the day small; or, where only that is known, a month or a year (``2024-11``, ``2021``)."""
    if exact is not None:
        return Fact(label, _in_month(exact), guess, note, day(exact))
    text = str(known or "")
    is_month = len(text) == len("2024-11") and text[4] == "-"
    return Fact(label, _in_month(date(int(text[:4]), int(text[5:]), 1)) if is_month else text or None, guess, note)


def _in_month(exact: date) -> str:
    return format_date(exact, "LLL y", locale=locale())


def month_of(pilot: Pilot, now: date) -> str:
    """``month 14 of 24``, while it runs."""
    if pilot.started_at is None or pilot.ended_at is not None or pilot.starts_on is None or pilot.months is None:
        return ""
    month = (now.year - pilot.starts_on.year) * 12 + now.month - pilot.starts_on.month + 1
    if not 1 <= month <= pilot.months:
        return ""
    return str(_("month %(month)s of %(months)s", month=month, months=pilot.months))
