import pytest
from sqlmodel import select

from challenge.kernel.errors import Forbidden, Refused
from challenge.kernel.journal import StepText
from challenge.people import actions
from challenge.people.models import Organisation, Person, SeatInvitation
from challenge.people.states import Seat
from tests.cast import PEOPLE, PLACES
from tests.factories.people import invite, letters_to, offer_to, seats, steps

TARTU = PLACES["tartu"].id


def test_seat_is_taken_by_accepting(world, tartu):
    assert invite(world, tartu, email="ravi@example.org", seat="deputy").status_code == 303
    assert PEOPLE["ravi"].id not in seats(world, TARTU)
    assert world.client("ravi").get(tartu).status_code == 404

    assert world.client("ravi").post(offer_to(world, "ravi") + "/accept").headers["location"] == tartu

    assert seats(world, TARTU)[PEOPLE["ravi"].id] == "deputy"
    assert world.client("ravi").get(tartu).status_code == 200
    assert steps(world, "organisation") == ["offer_seat", "seat"]


def test_invited_person_is_written_to_in_their_language(world, tartu):
    with world.acting() as w:
        w.session.get_one(Person, PEOPLE["ravi"].id).locale = "et"
    invite(world, tartu, email="ravi@example.org")

    with world.acting(writing=False) as w:
        (letter,) = letters_to(w, "ravi@example.org")
    assert letter.locale == "et"
    assert "Tartu" in letter.subject
    assert "http://127.0.0.1:8000/account" in letter.text
    assert letter.not_after is None


@pytest.mark.abuse(24)
def test_invitation_tells_nothing_about_accounts(world, tartu):
    known = invite(world, tartu, name="Somebody", email="ravi@example.org")
    unknown = invite(world, tartu, name="Somebody", email="xavi@example.org")

    assert known.status_code == unknown.status_code == 303
    page = world.client("mari").get(tartu).text
    assert "Ravi Rao" not in page
    assert page.count('<li class="row"><span>Somebody<br>') == 2


def test_declined_seat_can_be_offered_again(world, tartu):
    invite(world, tartu, email="ravi@example.org")
    assert invite(world, tartu, email="ravi@example.org").status_code == 409
    world.client("ravi").post(offer_to(world, "ravi") + "/decline")

    assert invite(world, tartu, email="ravi@example.org").status_code == 303
    assert PEOPLE["ravi"].id not in seats(world, TARTU)


@pytest.mark.abuse(16)
def test_offer_taken_back_cannot_be_accepted(world, tartu):
    invite(world, tartu, email="ravi@example.org")
    offer = world.client("ravi").get("/account").text.split("/invitations/")[1].split("/")[0]
    world.client("mari").post(f"{tartu}/invitations/{offer}/take-back")

    assert world.client("ravi").post(f"/invitations/{offer}/accept").status_code == 409
    assert PEOPLE["ravi"].id not in seats(world, TARTU)


@pytest.mark.abuse(11, 16)
def test_somebody_elses_invitation_is_not_there(world, tartu):
    invite(world, tartu, email="ravi@example.org")
    offer = world.client("ravi").get("/account").text.split("/invitations/")[1].split("/")[0]

    assert world.client("eero").post(f"/invitations/{offer}/accept").status_code == 404
    assert world.client("mari").post(f"/invitations/{offer}/accept").status_code == 404
    assert PEOPLE["ravi"].id not in seats(world, TARTU)


@pytest.mark.parametrize("who", ["peeter", "sofia", "olev"])
def test_only_the_lead_and_the_programme_invite(world, tartu, who):
    answer = invite(world, tartu, who=who)

    assert answer.status_code in {403, 404}
    with world.acting(writing=False) as w:
        assert letters_to(w, "uku@example.org") == []


def test_lead_offers_no_lead_seat(world, tartu):
    assert invite(world, tartu, seat="lead").status_code == 422
    with world.acting("mari") as w, pytest.raises(Forbidden):
        actions.offer_seat(
            w,
            w.session.get_one(Organisation, TARTU),
            name="Uku",
            email="uku@example.org",
            seat=Seat.LEAD,
            public_url="",
        )


def test_member_cannot_be_invited_twice(world, tartu):
    answer = invite(world, tartu, email="peeter@example.org")

    assert answer.status_code == 422
    assert "This person already has a seat here." in answer.text


def test_coordinator_invites_a_new_lead_and_the_old_one_becomes_a_deputy(world, tartu):
    assert invite(world, tartu, who="jaan", email="ravi@example.org", seat="lead").status_code == 303
    world.client("ravi").post(offer_to(world, "ravi") + "/accept")

    assert seats(world, TARTU)[PEOPLE["ravi"].id] == "lead"
    assert seats(world, TARTU)[PEOPLE["mari"].id] == "deputy"


def test_journal_names_no_address(world, tartu):
    invite(world, tartu)

    with world.acting(writing=False) as w:
        given = [text.given for text in w.session.exec(select(StepText))]
    assert given
    assert "uku" not in str(given).lower()


@pytest.mark.abuse(16)
def test_accepting_twice_is_refused(world, tartu):
    invite(world, tartu, email="ravi@example.org")
    world.client("ravi").post(offer_to(world, "ravi") + "/accept")

    with world.acting("ravi") as w, pytest.raises(Refused):
        actions.accept_seat(w, w.session.exec(select(SeatInvitation)).one())


@pytest.mark.abuse(27)
def test_one_organisation_invites_thirty_an_hour(world, tartu):
    with world.acting("mari") as w:
        organisation = w.session.get_one(Organisation, TARTU)
        for number in range(30):
            actions.offer_seat(
                w, organisation, name="Uku", email=f"uku{number}@example.org", seat=Seat.MEMBER, public_url=""
            )

    refused = invite(world, tartu)

    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) == 3600
    world.move(hours=1, seconds=1)
    assert (
        world.client("jaan")
        .post(f"{tartu}/invitations", data={"name": "Uku Uus", "email": "uku@example.org", "seat": "member"})
        .status_code
        == 303
    )
