"""The words people and organisations are sorted by."""

from enum import StrEnum

from challenge.kernel.i18n import Text, _


class OrganisationKind(StrEnum):
    """What an organisation is. Which kinds count as a city is a rule of the round."""

    CITY = "city"
    MUNICIPALITY = "municipality"
    COUNTY_COUNCIL = "county_council"
    CAMPUS = "campus"
    UNIVERSITY = "university"
    COMPANY = "company"
    NGO = "ngo"
    RESIDENTS = "residents"
    PROGRAMME = "programme"


KINDS: dict[OrganisationKind, Text] = {
    OrganisationKind.CITY: _("City"),
    OrganisationKind.MUNICIPALITY: _("Municipality"),
    OrganisationKind.COUNTY_COUNCIL: _("County council"),
    OrganisationKind.CAMPUS: _("Campus"),
    OrganisationKind.UNIVERSITY: _("University or research institute"),
    OrganisationKind.COMPANY: _("Company"),
    OrganisationKind.NGO: _("Non-governmental organisation"),
    OrganisationKind.RESIDENTS: _("Residents’ group"),
    OrganisationKind.PROGRAMME: _("Programme host"),
}


PLACES = frozenset({OrganisationKind.CITY, OrganisationKind.MUNICIPALITY, OrganisationKind.COUNTY_COUNCIL})
"""The kinds that lie somewhere on the map and have a city profile (the rules of a round say which may take part)."""


class Seat(StrEnum):
    """What a person is in an organisation."""

    LEAD = "lead"
    DEPUTY = "deputy"
    MEMBER = "member"


SEATS: dict[Seat, Text] = {Seat.LEAD: _("Lead"), Seat.DEPUTY: _("Deputy"), Seat.MEMBER: _("Member")}


class Ceremony(StrEnum):
    """What a passkey is asked for."""

    ADD = "add"
    SIGN_IN = "sign_in"
    CONFIRM = "confirm"


class RoleName(StrEnum):
    """What a person is to the programme, for one round or for all."""

    COORDINATOR = "coordinator"
    JUROR = "juror"
    OBSERVER = "observer"
    ADMINISTRATOR = "administrator"


ROLES: dict[RoleName, Text] = {
    RoleName.COORDINATOR: _("Coordinator"),
    RoleName.JUROR: _("Juror"),
    RoleName.OBSERVER: _("Observer"),
    RoleName.ADMINISTRATOR: _("Administrator"),
}
