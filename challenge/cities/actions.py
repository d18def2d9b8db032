"""Cities: read in from the list that comes with the service, added, described, corrected."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel, col, select

from challenge.cities import rules
from challenge.cities.models import CityProfile
from challenge.cities.queries import City
from challenge.cities.schemas import Facts, Profile
from challenge.cities.words import theme_key
from challenge.kernel.codes import new_code
from challenge.kernel.errors import Forbidden, Refused
from challenge.kernel.work import Work
from challenge.people.actions import create_organisation
from challenge.people.models import Organisation
from challenge.people.spelling import fold, plain
from challenge.people.states import PLACES, OrganisationKind


def load_municipalities(w: Work) -> int:
    """Add every municipality of the list that is not there yet; how many were added.

    An organisation of the same name and country is taken for the same: it gets the facts it lacks and keeps its own.
    """
    listed = {(fold(entry["name"]), entry["country"]): entry for entry in municipalities()}
    known = _ids_by_name(w)
    added = [
        _organisation(w, name_key, entry) for (name_key, _c), entry in listed.items() if (name_key, _c) not in known
    ]
    if added:
        _insert(w, Organisation, added)
        known = _ids_by_name(w)
    places = set(w.session.exec(select(Organisation.id).where(col(Organisation.kind).in_(PLACES))))
    by_id = {known[key]: entry for key, entry in listed.items() if known[key] in places}
    described = set(w.session.exec(select(CityProfile.organisation_id)))
    profiles = [
        {**_undescribed(), **_facts(entry), "organisation_id": id_}
        for id_, entry in by_id.items()
        if id_ not in described
    ]
    if profiles:
        _insert(w, CityProfile, profiles)
    for profile in w.session.exec(select(CityProfile).where(col(CityProfile.latitude).is_(None))):
        for name, value in _facts(by_id.get(profile.organisation_id)).items():
            if not getattr(profile, name):
                setattr(profile, name, value)
    if added:
        w.step("cities", "municipalities", "import", old=None, new=None, given={"added": len(added)})
    return len(added)


def municipalities() -> list[dict[str, Any]]:
    """The list, as it stands in the file."""
    text = (files("challenge.cities") / "data" / "municipalities.json").read_text("utf-8")
    entries: list[dict[str, Any]] = json.loads(text)
    return entries


def create_city(w: Work, facts: Facts) -> City:
    """A city that is not in the list."""
    if problem := rules.may_correct(w, None):
        raise Forbidden(problem)
    organisation = create_organisation(w, kind=facts.kind, name=facts.name, country=facts.country)
    profile = w.add(
        CityProfile(
            organisation_id=organisation.id, population=facts.population, latitude=facts.latitude,
            longitude=facts.longitude, region=facts.region or None,
        )
    )  # fmt: skip
    return City(organisation, profile)


def correct(w: Work, city: City, facts: Facts) -> None:
    """Change what rules rest on; the database keeps the country of a city that is in a pilot."""
    if problem := rules.may_correct(w, city.organisation):
        raise Forbidden(problem)
    organisation, profile = city.organisation, city.profile
    organisation.kind, organisation.name, organisation.country = facts.kind, facts.name, facts.country
    profile.population, profile.region = facts.population, facts.region or None
    profile.latitude, profile.longitude = facts.latitude, facts.longitude
    try:
        w.session.flush()
    except IntegrityError as error:
        if "FOREIGN KEY constraint failed" in str(error.orig):  # all that SQLite says; nothing else refers to a fact
            raise Refused(rules.COUNTRY_IN_USE) from error
        raise
    w.note("organisation", organisation, "correct", facts.model_dump(mode="json"))


def describe(w: Work, city: City, given: Profile) -> None:
    """What the city says about itself."""
    if problem := rules.may_describe(w, city.organisation):
        raise Forbidden(problem)
    profile = city.profile
    own = [key for entry in given.other_themes.split(",") if (key := theme_key(entry))]
    profile.offers, profile.wants = given.offers, given.wants
    profile.themes = list(dict.fromkeys([*given.themes, *own]))
    profile.networks, profile.languages, profile.capacity = given.networks, given.languages, given.capacity
    city.organisation.website = given.website or None
    w.session.flush()
    w.note("organisation", city.organisation, "describe", {"capacity": given.capacity, "themes": profile.themes})


def _ids_by_name(w: Work) -> dict[tuple[str, str], int]:
    rows = w.session.exec(select(Organisation.name_key, Organisation.country, Organisation.id))
    return {(name_key, country): id_ for name_key, country, id_ in rows}


def _insert(w: Work, model: type[SQLModel], rows: list[dict[str, Any]]) -> None:
    """Many rows at once: as objects they would take ten times as long."""
    w.session.flush()
    w.session.connection().execute(insert(model), rows)


def _organisation(w: Work, name_key: str, entry: dict[str, Any]) -> dict[str, Any]:
    return {
        "code": new_code(), "version": 1, "created_at": w.now, "kind": OrganisationKind(entry["kind"]),
        "name": entry["name"], "name_key": name_key, "name_plain": plain(entry["name"])[:120],
        "country": entry["country"], "website": None,
    }  # fmt: skip


def _facts(entry: dict[str, Any] | None) -> dict[str, Any]:
    """What the list says of a city; nothing of a city that is not in it."""
    if entry is None:
        return {}
    names: list[str] = entry["alternate_names"]
    plains = dict.fromkeys(plain(name) for name in names)
    return {
        "population": entry["population"], "latitude": entry["latitude"], "longitude": entry["longitude"],
        "geoname_id": entry["geoname_id"], "national_code": entry["national_code"], "region": entry["county"],
        "other_names": names, "other_plain": f"/{'/'.join(plains)}/" if plains else "",
    }  # fmt: skip


def _undescribed() -> dict[str, Any]:
    """The columns the list says nothing of."""
    return {
        "version": 1, "networks": [], "languages": [], "themes": [], "offers": "", "wants": "", "capacity": None,
        "maturity": {},
    }  # fmt: skip
