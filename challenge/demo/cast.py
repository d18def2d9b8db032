"""The invented people and places of the example round. Its cities exist nowhere."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from challenge.kernel.i18n import Text, _
from challenge.people.states import OrganisationKind as Kind
from challenge.people.states import RoleName, Seat


@dataclass(frozen=True)
class Place:
    """An organisation; cities have a position for the map."""

    name: str
    country: str
    kind: Kind
    population: int | None = None
    at: tuple[float, float] | None = None  # latitude, longitude
    themes: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    capacity: int | None = None


@dataclass(frozen=True)
class Member:
    """A person with a seat or a role."""

    name: str
    place: str | None = None
    seat: Seat = Seat.LEAD
    role: RoleName | None = None
    locale: str = "en"

    @property
    def email(self) -> str:
        """An address that can never be delivered."""
        plain = unicodedata.normalize("NFKD", self.name.lower()).encode("ascii", "ignore").decode()
        return f"{plain.replace(' ', '.')}@example.org"


PLACES = {
    "kaldvere": Place(
        "Kaldvere (example)", "EE", Kind.CITY, 61_000, (58.9, 25.6), ("mobility", "data"), ("et", "en"), 3
    ),
    "merilinna": Place(
        "Merilinna (example)", "EE", Kind.CITY, 48_000, (58.4, 23.7), ("environment", "energy"), ("et", "en")
    ),
    "lindsund": Place(
        "Lindsund (example)", "FI", Kind.CITY, 84_000, (61.2, 22.3), ("mobility", "energy"), ("fi", "sv", "en"), 2
    ),
    "ostmere": Place(
        "Ostmere (example)", "IE", Kind.COUNTY_COUNCIL, 150_000, (53.0, -7.6), ("environment", "mobility"), ("en", "ga")
    ),
    "havnsted": Place(
        "Havnsted (example)", "DK", Kind.CITY, 73_000, (56.1, 9.4), ("city_planning", "data"), ("da", "en"), 2
    ),
    "institute": Place("Baltic Institute of Technology (example)", "EE", Kind.UNIVERSITY),
    "university": Place("Northern University (example)", "FI", Kind.UNIVERSITY),
    "host": Place("Programme office (example)", "EE", Kind.PROGRAMME),
}

PEOPLE = {
    "liis": Member("Liis Kask", "host", Seat.LEAD, RoleName.COORDINATOR, "et"),
    "henrik": Member("Henrik Saar", "host", Seat.DEPUTY, RoleName.COORDINATOR),
    "karl": Member("Karl Põder", "kaldvere", locale="et"),
    "eva": Member("Eva Sild", "kaldvere", Seat.DEPUTY, locale="et"),
    "tiiu": Member("Tiiu Mets", "merilinna", locale="et"),
    "mikko": Member("Mikko Aho", "lindsund"),
    "nora": Member("Nora Quinn", "ostmere"),
    "liv": Member("Liv Hansen", "havnsted"),
    "aino": Member("Aino Lehto", "institute"),
    "priit": Member("Priit Vaher", "university"),
    "maren": Member("Maren Dahl"),
    "amara": Member("Amara Osei"),
    "jonas": Member("Jonas Weber"),
    "elif": Member("Elif Kaya"),
    "olev": Member("Olev Oja", role=RoleName.OBSERVER),
    "anu": Member("Anu Rand", role=RoleName.ADMINISTRATOR),
}

ROLES: dict[str, Text] = {
    "liis": _("Coordinator"),
    "henrik": _("Second coordinator"),
    "karl": _("City representative"),
    "mikko": _("Partner city abroad"),
    "aino": _("Researcher"),
    "maren": _("Mentor of a pilot"),
    "amara": _("Juror"),
    "olev": _("Observer"),
    "anu": _("Administrator"),
}
