"""What a pilot holds beside its own row, and the agreement as a snapshot that signatures refer to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from babel.dates import format_date
from sqlmodel import col, select

from challenge.cities.models import CityProfile
from challenge.kernel import revision
from challenge.kernel.errors import Problem
from challenge.kernel.i18n import Text, locale
from challenge.kernel.money import euros
from challenge.kernel.revision import Revision
from challenge.kernel.work import Work
from challenge.people.models import Organisation
from challenge.pilots.models import Indicator, MemberCity, Milestone, Pilot, Report, Tranche
from challenge.pilots.states import LABELS, TrancheState
from challenge.rounds.pairing import COUNTING, City, Partner, pairing
from challenge.rounds.schemas import Rules
from challenge.rounds.states import CityRole

WORKFLOW = "pilot"
REPORTING = "report"
_ORDER = {CityRole.LEAD: 0, CityRole.PILOT: 1, CityRole.FOLLOWER: 2}


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in a sentence, written in the reader's way."""

    cents: int

    def __str__(self) -> str:
        return euros(self.cents)


@dataclass(frozen=True, slots=True)
class Day:
    """A day in a sentence, written in the reader's way."""

    day: date

    def __str__(self) -> str:
        return format_date(self.day, "d MMMM y" if locale() == "en" else "d. MMMM y", locale=locale())


@dataclass(frozen=True, slots=True)
class Member:
    """A member city as everybody needs it."""

    city_id: int
    code: str
    name: str
    country: str
    role: CityRole
    site: str
    signed_at: datetime | None
    signed_by_id: int | None
    signed_revision: int | None
    population: int | None
    latitude: float | None
    longitude: float | None

    @property
    def counts(self) -> bool:
        """Whether it counts for the pairing rule, and signs the agreement."""
        return self.role in COUNTING

    @property
    def partner(self) -> Partner:
        """As the pairing indicator needs it."""
        return Partner(self.city_id, self.name, self.country, self.role)


def members(w: Work, pilot: Pilot) -> list[Member]:
    """The member cities: lead, pilot, follower, each by name."""
    return members_of(w, [pilot.id]).get(pilot.id, [])


def members_of(w: Work, ids: Iterable[int]) -> dict[int, list[Member]]:
    """Pilot id → its member cities, for lists."""
    shown: tuple[Any, ...] = (
        MemberCity.pilot_id, MemberCity.city_id, Organisation.code, Organisation.name, MemberCity.country,
        MemberCity.role, MemberCity.site, MemberCity.signed_at, MemberCity.signed_by_id, MemberCity.signed_revision,
        CityProfile.population, CityProfile.latitude, CityProfile.longitude,
    )  # fmt: skip
    rows = w.session.exec(
        select(*shown)
        .join(Organisation, col(Organisation.id) == MemberCity.city_id)
        .outerjoin(CityProfile, col(CityProfile.organisation_id) == MemberCity.city_id)
        .where(col(MemberCity.pilot_id).in_(list(ids)))
        .order_by(Organisation.name)
    )  # fmt: skip
    found: dict[int, list[Member]] = {}
    for pilot_id, *member in rows:
        found.setdefault(pilot_id, []).append(Member(*member))
    return {pilot_id: sorted(row, key=lambda member: _ORDER[member.role]) for pilot_id, row in found.items()}


def label_of(pilot: Pilot) -> Text:
    """The team's word for where it stands."""
    return LABELS[pilot.state].team


def own_rules(pilot: Pilot) -> Rules:
    """The pairing rule as the pilot carries it, whatever its round says today."""
    return Rules.model_construct(pairing=pilot.pairing, home_country=pilot.home_country, min_cities=pilot.min_cities)


def paired(pilot: Pilot, cities: Iterable[City]) -> Problem | None:
    """Why these cities would not do for this pilot, if so."""
    return pairing(cities, own_rules(pilot))


def counted(rows: Iterable[Member]) -> list[City]:
    """Members as the pairing rule reads them."""
    return [(row.country, row.role, row.city_id) for row in rows]


def milestones(w: Work, pilot: Pilot) -> list[Milestone]:
    """Its milestones in the order of time."""
    found = select(Milestone).where(Milestone.pilot_id == pilot.id)
    return list(w.session.exec(found.order_by(col(Milestone.starts_on), col(Milestone.due_on), col(Milestone.id))))


def indicators(w: Work, pilot: Pilot) -> list[Indicator]:
    """Its indicators; those of one title stand together."""
    found = select(Indicator).where(Indicator.pilot_id == pilot.id).order_by(col(Indicator.id))
    rows = list(w.session.exec(found))
    first = {row.title: place for place, row in reversed(list(enumerate(rows)))}
    return sorted(rows, key=lambda row: (first[row.title], row.id))


def reports(w: Work, pilot: Pilot) -> list[Report]:
    """Its reports by due date."""
    found = select(Report).where(Report.pilot_id == pilot.id)
    return list(w.session.exec(found.order_by(col(Report.due_on), col(Report.id))))


def tranches(w: Work, pilot: Pilot) -> list[Tranche]:
    """Its tranches by date."""
    found = select(Tranche).where(Tranche.pilot_id == pilot.id)
    return list(w.session.exec(found.order_by(col(Tranche.due_on), col(Tranche.id))))


def planned_cents(rows: Iterable[Tranche]) -> int:
    """What the tranches add up to, without the cancelled ones."""
    kept = (row for row in rows if row.state is not TrancheState.CANCELLED and row.recovers_from_id is None)
    return sum(row.cents for row in kept)


def together(code: str, text: Text, lacks: dict[str, Text]) -> Problem | None:
    """One problem of all that is lacking, by what it is about; alone, it speaks for itself."""
    if not lacks:
        return None
    return Problem(code, next(iter(lacks.values())) if len(lacks) == 1 else text, lacks)


# The agreement


def snapshot(w: Work, pilot: Pilot) -> dict[str, Any]:
    """What is signed: text, cities with their roles, money, dates."""
    return {
        "text": pilot.agreement,
        "title": pilot.title,
        "cities": [
            {"city": row.code, "name": row.name, "country": row.country, "role": str(row.role)}
            for row in members(w, pilot)
        ],
        "budget_cents": pilot.budget_cents,
        "months": pilot.months,
        "starts_on": pilot.starts_on and pilot.starts_on.isoformat(),
        "ends_on": pilot.ends_on and pilot.ends_on.isoformat(),
    }


def keep_agreement(w: Work, pilot: Pilot) -> Revision | None:
    """Keep the agreement as it stands, once it has a text. A changed one has a new number: signatures are void."""
    return revision.revise(w, WORKFLOW, pilot, snapshot(w, pilot)) if pilot.agreement else None
