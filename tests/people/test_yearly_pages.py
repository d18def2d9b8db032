"""Who confirms which roles and seats, on which pages."""

from datetime import timedelta

import pytest
from sqlmodel import select

from challenge.kernel import proof
from challenge.kernel.errors import Forbidden, Missing
from challenge.people import actions, queries, rules, yearly
from challenge.people.models import Role
from challenge.people.states import RoleName
from tests.cast import PEOPLE
from tests.counting import counted
from tests.factories.people import another_browser, make_person, person_of, steps
from tests.factories.yearly import DUE, confirm, holds, let_lapse, role_key, seat_key

# Who


@pytest.mark.parametrize(
    ("who", "status"), [("anna", 303), ("jaan", 303), ("kadri", 404), ("mari", 404), ("nobody", 401)]
)
def test_roles_are_confirmed_by_who_gives_them(world, who, status):
    world.move(days=DUE)
    key = role_key(world, "lena", "juror")
    if who == "kadri":  # a coordinator no more
        with world.acting() as w:
            w.session.delete(w.session.exec(select(Role).where(Role.person_id == PEOPLE["kadri"].id)).one())
    answer = (world.client() if who == "nobody" else another_browser(world, who)).post("/roles", data={"which": key})
    assert answer.status_code == status


def test_a_coordinator_confirms_every_role_of_the_own_round(world, round_of_kadri):
    own, other = round_of_kadri
    world.move(days=DUE)
    answers = {
        key: confirm(world, "kadri", key).status_code
        for key in (
            role_key(world, "lena", "juror", own), role_key(world, "olev", "observer", own),
            role_key(world, "ilse", "juror", other), role_key(world, "olev", "observer"),
            role_key(world, "anna", "administrator"), role_key(world, "kadri", "coordinator", own),
        )
    }  # fmt: skip
    assert list(answers.values()) == [303, 303, 403, 403, 403, 403]
    page = another_browser(world, "jaan").get("/roles").text
    assert "Olev Oja" not in page  # confirmed for the round; for all rounds an administrator does it
    assert "Ilse Ivask" in page


def test_the_list_holds_exactly_what_can_be_confirmed(world, round_of_kadri, two_administrators):
    world.move(days=DUE)
    for name in ("anna", "jaan", "kadri", "mari", "lena"):
        with world.acting(name, writing=False) as w:
            shown = {one.key for one in yearly.waiting(w)[0]}
            able = set()
            for role in w.session.exec(select(Role)):
                person = next(who for who, member in PEOPLE.items() if member.id == role.person_id)
                if rules.may_confirm_role(w, person_of(w, person), role.name, role.round_id) is None:
                    codes = {one.id: one.code for one in queries.rounds(w)}
                    able.add(f"role.{person_of(w, person).code}.{role.name}.{codes.get(role.round_id, '')}")
        assert {key for key in shown if key.startswith("role")} == able, name
    assert able == set()  # lena, the last, confirms nobody


@pytest.mark.parametrize(
    ("who", "status"), [("mari", 303), ("jaan", 303), ("anna", 303), ("peeter", 403), ("sofia", 404)]
)
def test_seats_are_confirmed_by_the_lead_or_the_programme(world, who, status):
    world.move(days=DUE)
    assert confirm(world, who, seat_key(world, "peeter", "tartu")).status_code == status


@pytest.mark.parametrize("who", ["anna", "jaan", "mari"])
def test_nobody_confirms_their_own(world, two_administrators, who):
    world.move(days=DUE)
    own = {
        "anna": role_key(world, "anna", "administrator"), "jaan": seat_key(world, "jaan", "host"),
        "mari": seat_key(world, "mari", "tartu"),
    }[who]  # fmt: skip
    client = another_browser(world, who)
    assert client.post("/roles", data={"which": own}).status_code == 403
    assert f'value="{own}"' not in client.get("/roles").text
    assert f'value="{own}"' in another_browser(world, "tiina").get("/roles").text


def test_it_needs_a_fresh_proof(world):
    world.move(days=DUE)
    client, key = another_browser(world, "anna"), role_key(world, "lena", "juror")
    world.now += proof.FRESH + timedelta(seconds=1)
    answer = client.post("/roles", data={"which": key})
    assert answer.status_code == 403
    assert "Confirm that it is you" in answer.text
    page = client.get("/roles").text
    assert "Lena Lind" in page
    assert 'name="which"' not in page
    assert "/confirm?next=%2Froles" in page


def test_a_key_of_something_else_is_not_there(world):
    world.move(days=DUE)
    code = role_key(world, "lena", "juror").split(".")[1]
    for key in ("", "role", "seat.x.y", f"role.{code}.king.", f"role.{code}.juror.ZZZZZZZZ", f"role.{code}.observer."):
        assert confirm(world, "anna", key).status_code == (422 if not key else 404), key
    with world.acting("anna") as w, pytest.raises(Missing):
        actions.confirm_role(w, person_of(w, "lena"), RoleName.OBSERVER)
    with world.acting("lena") as w, pytest.raises(Forbidden):
        actions.confirm_role(w, person_of(w, "oskar"), RoleName.JUROR)


# Pages


def test_all_shown_are_confirmed_with_one_press_and_what_is_gone_is_left_out(world):
    world.move(days=DUE)
    client = another_browser(world, "anna")
    page = client.get("/roles").text
    form = page.split("confirm all shown")[0].rsplit("<form", 1)[1]
    keys = [part.split('"')[0] for part in form.split('name="which" value="')[1:]]
    assert len(keys) == len(set(keys)) > 15
    with world.acting("anna") as w:
        actions.take_role(w, person_of(w, "oskar"), RoleName.JUROR)

    answer = client.post("/roles", data={"which": keys})

    assert answer.status_code == 303
    assert steps(world, "person").count("confirm_role") + steps(world, "organisation").count("confirm_seat") == (
        len(keys) - 1
    )
    assert "Nothing is due" in client.get("/roles").text
    assert not holds(world, "oskar", "juror")


def test_the_pages_of_the_person_and_the_organisation_have_the_button(world):
    world.move(days=DUE)
    client = another_browser(world, "anna")
    lena, peeter = role_key(world, "lena", "juror"), seat_key(world, "peeter", "tartu")
    person, place = f"/people/{lena.split('.')[1]}", f"/organisations/{peeter.split('.')[2]}"
    assert f'value="{lena}"' in client.get(person).text
    assert f'value="{peeter}"' in client.get(place).text
    assert confirm(world, "anna", lena, back=person).headers["location"] == person
    assert "confirmed until" in client.get(person).text
    assert f'value="{lena}"' not in client.get(person).text
    assert confirm(world, "anna", peeter, back="//evil.example").headers["location"] == "/roles"


def test_suspended_seats_stand_on_the_page_of_the_organisation(world):
    let_lapse(world)
    key = seat_key(world, "peeter", "tartu")
    page = another_browser(world, "anna").get(f"/organisations/{key.split('.')[2]}").text
    assert "Peeter Paju" in page
    assert f'value="{key}"' in page


def test_home_says_what_waits_for_whom(world):
    assert "/roles" not in world.client("mari").get("/home").text
    world.move(days=DUE)
    assert "One seat" in another_browser(world, "mari").get("/home").text
    assert 'href="/roles"' in another_browser(world, "jaan").get("/home").text
    assert 'href="/roles"' not in another_browser(world, "lena").get("/home").text


def test_the_list_asks_as_often_for_many_as_for_few(world):
    def queries():
        client = another_browser(world, "anna")
        with counted(world) as asked:
            client.get("/roles")
        return len(asked)

    few = queries()
    with world.acting() as w:
        for number in range(60):
            made = make_person(w, f"Nele {number}", f"nele{number}@example.org")
            w.add(Role(person_id=made.id, name=RoleName.JUROR, confirmed_at=w.now - timedelta(days=DUE)))
    page = another_browser(world, "anna").get("/roles").text
    assert "There are more" in page
    assert page.count('class="govuk-table__row"') < 60
    assert queries() == few
