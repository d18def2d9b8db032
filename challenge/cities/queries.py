"""Cities by code, by id and by what people type. Everything here is public; people of a city are not here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, case, false, func, literal, or_, true
from sqlalchemy import select as rows_of
from sqlmodel import col, select

from challenge.cities.models import CityProfile
from challenge.kernel import paging
from challenge.kernel.errors import Missing
from challenge.kernel.paging import Page
from challenge.kernel.work import Work
from challenge.people.countries import countries_called, country_name
from challenge.people.models import Organisation
from challenge.people.spelling import plain
from challenge.people.states import KINDS, OrganisationKind

EXACT, PREFIX, INSIDE, BY_COUNTRY = range(4)


@dataclass(frozen=True, slots=True)
class City:
    """An organisation and its profile."""

    organisation: Organisation
    profile: CityProfile

    @property
    def id(self) -> int:
        """The organisation's id: what other records refer to."""
        return self.organisation.id

    @property
    def code(self) -> str:
        """For URLs."""
        return self.organisation.code

    @property
    def name(self) -> str:
        """As shown to people."""
        return self.organisation.name

    @property
    def country(self) -> str:
        """ISO 3166-1, two letters."""
        return self.organisation.country

    @property
    def kind(self) -> OrganisationKind:
        """City, municipality, county council."""
        return self.organisation.kind


@dataclass(frozen=True, slots=True)
class CityRow:
    """A city in a list."""

    id: int
    code: str
    name: str
    country: str
    kind: OrganisationKind
    region: str | None
    population: int | None

    @property
    def place(self) -> str:
        """``Tartu, Estonia``."""
        return f"{self.name}, {country_name(self.country)}"

    @property
    def kind_label(self) -> str:
        """What it is, in words."""
        return str(KINDS[self.kind])


def city(w: Work, code: str) -> City:
    """The city of this code. Missing for organisations that are none."""
    row = w.session.exec(
        select(Organisation, CityProfile)
        .join(CityProfile, col(CityProfile.organisation_id) == Organisation.id)
        .where(Organisation.code == code)
    ).first()
    if row is None:
        raise Missing
    return City(*row)


def by_ids(w: Work, ids: Iterable[int | None]) -> dict[int, City]:
    """Organisation id → city; ids of organisations that are no city are left out."""
    wanted = {city_id for city_id in ids if city_id is not None}
    if not wanted:
        return {}
    rows = w.session.exec(
        select(Organisation, CityProfile)
        .join(CityProfile, col(CityProfile.organisation_id) == Organisation.id)
        .where(col(Organisation.id).in_(wanted))
    )
    return {organisation.id: City(organisation, profile) for organisation, profile in rows}


def search(w: Work, text: str, limit: int = 20, *, country: str = "") -> list[CityRow]:
    """The best matches: the name itself, then names that begin so, then names with it inside, then by country."""
    return list(found(w, text, country=country, size=limit).rows)


def found(w: Work, text: str = "", *, country: str = "", after: str | None = None, size: int = paging.PAGE
          ) -> Page[CityRow]:  # fmt: skip
    """A page of cities, the best matches first, else by name; ``after`` is the cursor of the page before."""
    rank, matching = _match(text, country)
    name, code = col(Organisation.name_plain), col(Organisation.code)
    wanted = _listed(rank, name).where(matching)
    if keys := paging.after(after, int, str, str):
        wanted = wanted.where(
            or_(rank > keys[0], and_(rank == keys[0], or_(name > keys[1], and_(name == keys[1], code > keys[2]))))
        )
    w.session.flush()
    rows = w.session.connection().execute(wanted.order_by(rank, name, code).limit(size + 1)).all()
    last = rows[size - 1] if len(rows) > size else None
    following = paging.cursor(last.rank, last.name_plain, last.code) if last is not None else None
    return Page([CityRow(*row[:7]) for row in rows[:size]], following)


def count(w: Work, text: str = "", *, country: str = "") -> int:
    """How many cities match."""
    _rank, matching = _match(text, country)
    return w.session.exec(
        select(func.count())
        .select_from(CityProfile)
        .join(Organisation, col(Organisation.id) == CityProfile.organisation_id)
        .where(matching)
    ).one()


def options(w: Work, countries: Iterable[str] | None = None) -> list[tuple[str, str]]:
    """(code, "Tartu, Estonia") of every city, or of those in these countries, by name: for select fields."""
    wanted = (
        select(Organisation.code, Organisation.name, Organisation.country)
        .join(CityProfile, col(CityProfile.organisation_id) == Organisation.id)
        .order_by(col(Organisation.name_plain), col(Organisation.code))
    )
    if countries is not None:
        wanted = wanted.where(col(Organisation.country).in_(set(countries)))
    return [(code, f"{name}, {country_name(country)}") for code, name, country in w.session.exec(wanted)]


def countries_with_cities(w: Work) -> list[tuple[str, str]]:
    """(code, name) of the countries there are cities of, by name."""
    codes = w.session.exec(
        select(Organisation.country).join(CityProfile, col(CityProfile.organisation_id) == Organisation.id).distinct()
    )
    return sorted(((code, country_name(code)) for code in codes), key=lambda choice: plain(choice[1]))


def _listed(rank: ColumnElement[int], name: Any) -> Any:
    """The columns a list shows, and those it is sorted by."""
    return rows_of(
        col(Organisation.id), col(Organisation.code), col(Organisation.name), col(Organisation.country),
        col(Organisation.kind), col(CityProfile.region), col(CityProfile.population), rank.label("rank"), name,
    ).join(CityProfile, col(CityProfile.organisation_id) == Organisation.id)  # fmt: skip


def _match(text: str, country: str) -> tuple[ColumnElement[int], ColumnElement[bool]]:
    """How well a city fits what was typed (small is good), and whether it does at all."""
    in_country: ColumnElement[bool] = col(Organisation.country) == country.upper() if country else true()
    if not text.strip():
        return literal(0), in_country
    typed = plain(text)
    name, others = col(Organisation.name_plain), col(CityProfile.other_plain)
    exact = or_(name == typed, others.contains(f"/{typed}/", autoescape=True))
    prefix = or_(name.startswith(typed, autoescape=True), others.contains(f"/{typed}", autoescape=True))
    inside = or_(name.contains(typed, autoescape=True), others.contains(typed, autoescape=True))
    of_country = col(Organisation.country).in_(countries_called(text))
    rank = case((exact, EXACT), (prefix, PREFIX), (inside, INSIDE), else_=BY_COUNTRY)
    return rank, and_(in_country, or_(inside, of_country) if typed else false())


__all__ = [
    "City", "CityRow", "by_ids", "city", "count", "countries_with_cities", "country_name", "found", "options", "search",
]  # fmt: skip
