from __future__ import annotations

from typing import Any

import pyotp
from sqlmodel import col, select

from challenge.kernel import journal
from challenge.kernel.journal import Step
from challenge.kernel.letter import Letter
from challenge.kernel.work import Work
from challenge.people import actions
from challenge.people.models import Membership, Organisation, Person
from challenge.people.spelling import address_key
from challenge.people.states import OrganisationKind, Seat
from tests.cast import PEOPLE
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


def seats(world: World, organisation_id: int) -> dict[int, str]:
    """Person id → seat."""
    with world.acting(writing=False) as w:
        rows = w.session.exec(select(Membership).where(Membership.organisation_id == organisation_id))
        return {row.person_id: str(row.seat) for row in rows}


def steps(world: World, workflow: str) -> list[str]:
    """What the journal says happened, its chain checked."""
    with world.acting(writing=False) as w:
        assert list(journal.faults(w.session)) == []
        return [step.transition for step in w.session.exec(select(Step).where(Step.workflow == workflow))]


def invite(
    world: World, tartu: str, who: str = "mari", name: str = "Uku Uus", email: str = "uku@example.org",
    seat: str = "member",
) -> Any:  # fmt: skip
    return world.client(who).post(f"{tartu}/invitations", data={"name": name, "email": email, "seat": seat})


def offer_to(world: World, who: str) -> str:
    """The address of the first invitation on somebody's account page."""
    page = world.client(who).get("/account").text
    return f"/invitations/{page.split('/invitations/')[1].split('/')[0]}"


def another_browser(world: World, name: str = "mari", agent: str = "") -> Client:
    """The same person, signed in once more."""
    with world.acting() as w:
        return Client(world.app, actions.create_session(w, PEOPLE[name].id, agent))


def app_of(world: World, name: str = "mari") -> pyotp.TOTP:
    """Set up an app for codes; what the phone has. The code of this moment is used up by it."""
    with world.acting(name) as w:
        app = pyotp.TOTP(actions.start_app(w, "City Challenge").secret)
        assert actions.confirm_app(w, app.at(world.now)) is not None
    return app


def recovery_codes(world: World, name: str = "mari") -> list[str]:
    """New recovery codes of somebody with a second factor."""
    with world.acting(name) as w:
        return actions.renew_recovery_codes(w)


def half_signed_in(world: World, name: str = "mari", wanted: str = "") -> Client:
    """A browser in which somebody has shown the first of two factors."""
    email = PEOPLE[name].email
    world.client().post("/sign-in", data={"email": email, "next": wanted})
    answer = world.client().post(f"/sign-in/{mailed_token(world, email)}")
    assert answer.headers["location"].startswith("/sign-in/code"), answer.headers
    return signed_in(world, answer)


def guess(client: Client, code: str, wanted: str = "") -> Any:
    """Show a code as the second factor."""
    return client.post("/sign-in/code", data={"code": code, "next": wanted})


def person_of(w: Work, name: str = "mari") -> Person:
    return w.session.get_one(Person, PEOPLE[name].id)


def shown_codes(answer: Any) -> list[str]:
    """The recovery codes on the page that shows them."""
    return str(answer.text).split("<pre")[1].split(">", 1)[1].split("</pre>")[0].split()
