import pytest
from sqlalchemy.exc import IntegrityError

from challenge.kernel.errors import Forbidden
from challenge.people import actions, directory
from challenge.people.models import Organisation, Person
from challenge.people.states import OrganisationKind, Seat
from tests.cast import PEOPLE, PLACES
from tests.factories.people import invite, make_organisation, make_person, make_seat, seats, steps

TARTU = PLACES["tartu"].id


def code(world, name):
    with world.acting(writing=False) as w:
        return w.session.get_one(Person, PEOPLE[name].id).code


@pytest.mark.parametrize(
    ("who", "status"),
    [("mari", 200), ("peeter", 200), ("jaan", 200), ("anna", 200), ("olev", 200), ("sofia", 404), ("ravi", 404),
     ("lena", 404), ("nobody", 303)],
)  # fmt: skip
def test_organisation_is_shown_to_its_people_and_the_programme(world, tartu, who, status):
    answer = world.client(who).get(tartu)

    assert answer.status_code == status
    assert ("mari@example.org" in answer.text) is (status == 200)


@pytest.mark.abuse(11)
def test_strangers_cannot_tell_an_organisation_from_none(world, tartu):
    assert world.client("sofia").get(tartu).text == world.client("sofia").get("/organisations/00000000").text.replace(
        "00000000", tartu.rsplit("/", 1)[1])  # fmt: skip


def test_lead_hands_over_to_a_deputy(world, tartu):
    answer = world.client("mari").post(f"{tartu}/members/{code(world, 'peeter')}/seat", data={"seat": "lead"})

    assert answer.status_code == 303
    assert seats(world, TARTU) == {PEOPLE["mari"].id: "deputy", PEOPLE["peeter"].id: "lead"}
    assert steps(world, "organisation") == ["hand_over"]


def test_lead_cannot_hand_over_past_the_deputies(world, tartu):
    with world.acting() as w:
        make_seat(w, PEOPLE["ravi"].id, TARTU)

    answer = world.client("mari").post(f"{tartu}/members/{code(world, 'ravi')}/seat", data={"seat": "lead"})

    assert answer.status_code == 403
    assert (
        world.client("jaan").post(f"{tartu}/members/{code(world, 'ravi')}/seat", data={"seat": "lead"}).status_code
        == 303
    )


def test_nobody_appoints_themselves(world, tartu):
    with world.acting() as w:
        make_seat(w, PEOPLE["jaan"].id, TARTU)

    assert invite(world, tartu, who="kadri", email="kadri@example.org", seat="lead").status_code == 403
    answer = world.client("jaan").post(f"{tartu}/members/{code(world, 'jaan')}/seat", data={"seat": "lead"})
    assert answer.status_code == 403
    assert seats(world, TARTU)[PEOPLE["mari"].id] == "lead"


def test_deputy_runs_no_seats(world, tartu):
    for path, data in (
        (f"members/{code(world, 'mari')}/remove", {}),
        (f"members/{code(world, 'peeter')}/seat", {"seat": "lead"}),
    ):
        assert world.client("peeter").post(f"{tartu}/{path}", data=data).status_code == 403
    assert seats(world, TARTU) == {PEOPLE["mari"].id: "lead", PEOPLE["peeter"].id: "deputy"}


def test_lead_makes_members_and_deputies_and_removes_them(world, tartu):
    peeter = code(world, "peeter")

    assert world.client("mari").post(f"{tartu}/members/{peeter}/seat", data={"seat": "member"}).status_code == 303
    assert seats(world, TARTU)[PEOPLE["peeter"].id] == "member"
    assert world.client("mari").post(f"{tartu}/members/{peeter}/remove").status_code == 303

    assert PEOPLE["peeter"].id not in seats(world, TARTU)
    assert world.client("peeter").get(tartu).status_code == 404
    assert steps(world, "organisation") == ["seat", "remove_member"]


def test_everybody_but_the_lead_may_leave(world, tartu):
    assert world.client("mari").post(f"{tartu}/members/{code(world, 'mari')}/remove").status_code == 409
    assert world.client("peeter").post(f"{tartu}/members/{code(world, 'peeter')}/remove").status_code == 303

    assert seats(world, TARTU) == {PEOPLE["mari"].id: "lead"}
    assert steps(world, "organisation") == ["leave"]


def test_lead_is_not_made_less_without_handing_over(world, tartu):
    answer = world.client("jaan").post(f"{tartu}/members/{code(world, 'mari')}/seat", data={"seat": "member"})

    assert answer.status_code == 409
    assert seats(world, TARTU)[PEOPLE["mari"].id] == "lead"


def test_two_leads_are_refused_by_the_database(world):
    with pytest.raises(IntegrityError), world.acting() as w:
        make_seat(w, PEOPLE["ravi"].id, TARTU, Seat.LEAD)


@pytest.mark.abuse(31)
def test_a_name_that_looks_taken_is_refused_by_the_database_and_in_words(world):
    with pytest.raises(IntegrityError), world.acting() as w:
        make_organisation(w, "T\u0430rtu", "EE")

    answer = world.client("anna").post("/organisations/new", data={"kind": "company", "name": "TARTU", "country": "EE"})

    assert answer.status_code == 409
    assert "There is already an organisation of this name in this country." in answer.text


def test_programme_adds_and_corrects_organisations(world):
    client = world.client("jaan")
    wrong = client.post("/organisations/new", data={"kind": "city", "name": "X", "country": "Q9", "website": "ftp://x"})
    made = client.post(
        "/organisations/new",
        data={"kind": "company", "name": "Aardla Labs", "country": "EE", "website": "https://a.ee"},
    )
    path = made.headers["location"]
    changed = client.post(f"{path}/edit", data={"kind": "ngo", "name": "Aardla Lab"})

    assert wrong.status_code == 422
    assert (made.status_code, changed.status_code) == (303, 303)
    assert "Aardla Lab" in client.get(path).text
    assert world.client("mari").get("/organisations/new").status_code == 403
    assert steps(world, "organisation") == ["create", "revise"]


def test_list_shows_all_to_the_programme_and_ones_own_to_others(world):
    assert "TalTech" in world.client("olev").get("/organisations").text
    own = world.client("mari").get("/organisations").text

    assert "Tartu" in own
    assert "TalTech" not in own
    assert "TalTech" not in world.client("mari").get("/organisations?q=taltech").text


def test_list_of_many_goes_on_page_by_page(world):
    with world.acting() as w:
        for number in range(120):
            make_organisation(w, f"Firm {number:03}")
    seen, after = [], None
    with world.acting("anna", writing=False) as w:
        while True:
            page = directory.organisations(w, "firm", after)
            seen += [row.name for row in page.rows]
            if (after := page.following) is None:
                break

    assert seen == [f"Firm {number:03}" for number in range(120)]
    assert world.client("anna").get("/organisations?after=rubbish").status_code == 422


def test_adding_without_asking_is_for_the_programme(world):
    with world.acting("mari") as w, pytest.raises(Forbidden):
        actions.add_member(w, w.session.get_one(Organisation, TARTU), w.session.get_one(Person, 7), Seat.MEMBER)
    with world.acting() as w:
        actions.add_member(w, w.session.get_one(Organisation, TARTU), make_person(w), Seat.LEAD)

    assert list(seats(world, TARTU).values()) == ["deputy", "deputy", "lead"]


def test_city_kinds_are_not_made_here(world):
    answer = world.client("anna").post("/organisations/new", data={"kind": "city", "name": "Elva", "country": "EE"})

    assert answer.status_code == 422
    assert OrganisationKind.CITY in {place.kind for place in PLACES.values()}
