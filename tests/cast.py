"""The cast. Tests read as sentences: mari leads Tartu, sofia leads Helsinki, ravi researches, lena judges,
jaan and kadri run the programme, nobody is signed out. The ids are fixed, because the seed is."""

from __future__ import annotations

from dataclasses import dataclass

from challenge.cities.models import CityProfile
from challenge.kernel.work import Work
from challenge.people.models import Membership, Organisation, Person, Role
from challenge.people.queries import fold
from challenge.people.states import OrganisationKind as Kind
from challenge.people.states import RoleName, Seat


@dataclass(frozen=True)
class Place:
    id: int
    name: str
    country: str
    kind: Kind
    population: int | None = None


@dataclass(frozen=True)
class Member:
    id: int
    name: str
    organisation: str | None = None
    seat: Seat = Seat.LEAD
    role: RoleName | None = None

    @property
    def email(self) -> str:
        return f"{self.name.split()[0].lower()}@example.org"


PLACES = {
    "tartu": Place(1, "Tartu", "EE", Kind.CITY, 97_000),
    "helsinki": Place(2, "Helsinki", "FI", Kind.CITY, 675_000),
    "fingal": Place(3, "Fingal", "IE", Kind.COUNTY_COUNCIL),
    "dlr": Place(4, "Dún Laoghaire-Rathdown", "IE", Kind.COUNTY_COUNCIL),
    "tallinn": Place(5, "Tallinn", "EE", Kind.CITY, 457_000),
    "taltech": Place(6, "TalTech", "EE", Kind.UNIVERSITY),
    "aalto": Place(7, "Aalto University", "FI", Kind.UNIVERSITY),
    "host": Place(8, "FinEst Centre for Smart Cities", "EE", Kind.PROGRAMME),
    "narva": Place(9, "Narva", "EE", Kind.CITY),
}

PEOPLE = {
    "mari": Member(1, "Mari Maasikas", "tartu"),
    "peeter": Member(2, "Peeter Paju", "tartu", Seat.DEPUTY),
    "sofia": Member(3, "Sofia Salo", "helsinki"),
    "aoife": Member(4, "Aoife Byrne", "fingal"),
    "niamh": Member(5, "Niamh Kelly", "dlr"),
    "tiina": Member(6, "Tiina Tamm", "tallinn"),
    "ravi": Member(7, "Ravi Rao", "taltech"),
    "lena": Member(8, "Lena Lind", role=RoleName.JUROR),
    "oskar": Member(9, "Oskar Olsen", role=RoleName.JUROR),
    "ilse": Member(10, "Ilse Ivask", role=RoleName.JUROR),
    "jaan": Member(11, "Jaan Jõgi", "host", Seat.LEAD, RoleName.COORDINATOR),
    "kadri": Member(12, "Kadri Kask", "host", Seat.MEMBER, RoleName.COORDINATOR),
    "olev": Member(13, "Olev Oja", role=RoleName.OBSERVER),
    "anna": Member(14, "Anna Aru", role=RoleName.ADMINISTRATOR),
    "eero": Member(15, "Eero Eskola", "aalto"),
    "katrin": Member(16, "Katrin Kivi", "narva"),
}


def seed(w: Work) -> None:
    """Everybody and every place of the cast. Juror roles here hold for every round."""
    for place in PLACES.values():
        w.add(
            Organisation(
                id=place.id, kind=place.kind, name=place.name, name_key=fold(place.name), country=place.country
            )
        )
        if place.kind in {Kind.CITY, Kind.COUNTY_COUNCIL}:
            w.add(CityProfile(organisation_id=place.id, population=place.population))
    for member in PEOPLE.values():
        w.add(Person(id=member.id, name=member.name, email=member.email, email_key=fold(member.email)))
        if member.organisation:
            organisation_id = PLACES[member.organisation].id
            w.add(Membership(person_id=member.id, organisation_id=organisation_id, seat=member.seat))
        if member.role:
            w.add(Role(person_id=member.id, name=member.role))
