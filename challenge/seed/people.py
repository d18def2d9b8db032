"""Cities, universities and people of the synthetic programme: numbered, so that nobody takes them for real ones."""

from __future__ import annotations

from dataclasses import dataclass, field

from challenge.cities.models import CityProfile
from challenge.people.models import Membership, Organisation, Person, Role
from challenge.people.spelling import address_key, fold, plain
from challenge.people.states import OrganisationKind, RoleName, Seat
from challenge.seed.bulk import Bulk

HOME = "EE"
ABROAD = ("FI", "LV", "LT", "SE", "NO", "DK", "DE", "NL", "IE")
OFFICES = (RoleName.COORDINATOR, RoleName.COORDINATOR, RoleName.OBSERVER, RoleName.ADMINISTRATOR)


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person, as other rows need them."""

    id: int
    name: str
    email: str
    place: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A city or university and who leads it."""

    id: int
    code: str
    name: str
    country: str
    lead: Somebody
    deputy: Somebody


@dataclass(slots=True)
class Society:
    """Everybody and every place."""

    home: list[Place] = field(default_factory=list)
    abroad: list[Place] = field(default_factory=list)
    researchers: list[Somebody] = field(default_factory=list)
    jurors: list[Somebody] = field(default_factory=list)
    offices: list[Somebody] = field(default_factory=list)

    @property
    def cities(self) -> list[Place]:
        """Both at home and abroad."""
        return [*self.home, *self.abroad]


def populate(bulk: Bulk, scale: int) -> Society:
    """As many as a programme of ``scale`` proposals has."""
    found = Society()
    for number in range(1, max(12, scale // 25) + 1):
        country = HOME if number % 3 == 1 else ABROAD[number % len(ABROAD)]
        made = _place(bulk, f"City {number:05}", OrganisationKind.CITY, country)
        bulk.put(
            CityProfile, organisation_id=made.id, population=bulk.chance.randint(3_000, 900_000),
            latitude=round(bulk.chance.uniform(50, 66), 4), longitude=round(bulk.chance.uniform(5, 28), 4),
        )  # fmt: skip
        (found.home if country == HOME else found.abroad).append(made)
    universities = [
        _place(bulk, f"University {number:05}", OrganisationKind.UNIVERSITY, HOME if number % 2 else ABROAD[0])
        for number in range(1, max(4, scale // 100) + 1)
    ]
    for number in range(1, max(8, scale // 4) + 1):
        university = universities[number % len(universities)]
        found.researchers.append(_person(bulk, f"Researcher {number:05}", university.id, Seat.MEMBER))
    found.jurors = [_person(bulk, f"Juror {number:05}") for number in range(1, max(6, scale // 30) + 1)]
    for number, role in enumerate(OFFICES, 1):
        found.offices.append(_person(bulk, f"Officer {number}"))
        bulk.put(Role, person_id=found.offices[-1].id, name=role)
    return found


def _place(bulk: Bulk, name: str, kind: OrganisationKind, country: str) -> Place:
    code = bulk.code()
    number = bulk.put(
        Organisation, code=code, kind=kind, name=name, name_key=fold(name), name_plain=plain(name), country=country
    )
    lead = _person(bulk, f"Lead of {name}", number, Seat.LEAD)
    deputy = _person(bulk, f"Deputy of {name}", number, Seat.DEPUTY)
    return Place(number, code, name, country, lead, deputy)


def _person(bulk: Bulk, name: str, place: int | None = None, seat: Seat | None = None) -> Somebody:
    email = f"{name.lower().replace(' ', '.')}@example.org"
    number = bulk.put(Person, name=name, name_plain=plain(name), email=email, email_key=address_key(email))
    if place is not None and seat is not None:
        bulk.put(Membership, person_id=number, organisation_id=place, seat=seat)
    return Somebody(number, name, email, place)
