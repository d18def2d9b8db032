from __future__ import annotations

from typing import Any

from sqlmodel import col, select

from challenge.kernel.letter import Letter
from challenge.kernel.work import Work
from challenge.people.models import Membership, Organisation, Person
from challenge.people.spelling import address_key
from challenge.people.states import OrganisationKind, Seat
from tests.world import Client, World

PASSWORD = "kolm rohelist kassi metsas"


def make_person(w: Work, name: str = "Uku Uus", email: str = "uku@example.org", **fields: Any) -> Person:
    return w.add(Person(name=name, email=email, email_key=address_key(email), **fields))


def make_organisation(
    w: Work, name: str = "Aardla Labs", country: str = "EE", kind: OrganisationKind = OrganisationKind.COMPANY
) -> Organisation:
    return w.add(Organisation(name=name, country=country, kind=kind))


def make_seat(w: Work, person_id: int, organisation_id: int, seat: Seat = Seat.MEMBER) -> Membership:
    return w.add(Membership(person_id=person_id, organisation_id=organisation_id, seat=seat))


def letters_to(w: Work, address: str) -> list[Letter]:
    """Newest first."""
    wanted = select(Letter).where(Letter.address == address).order_by(col(Letter.id).desc())
    return list(w.session.exec(wanted))


def mailed_token(world: World, address: str) -> str:
    """The token in the newest sign-in letter to this address."""
    with world.acting(writing=False) as w:
        text = letters_to(w, address)[0].text
    return text.split("/sign-in/")[1].split()[0]


def cookie_of(response: Any) -> str:
    """The session token a response sets."""
    found = [value for name, value in response.headers.multi_items() if name == "set-cookie" and "__Host-sid=" in value]
    assert len(found) == 1, response.headers
    return found[0].split("__Host-sid=")[1].split(";")[0]


def signed_in(world: World, response: Any) -> Client:
    """A browser that kept the cookie of this response."""
    return Client(world.app, cookie_of(response))
