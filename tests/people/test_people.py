import contextlib
import shlex

import pytest
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError
from sqlmodel import select
from typer.testing import CliRunner

from challenge import cli
from challenge.kernel.errors import Forbidden, Refused
from challenge.kernel.journal import Step
from challenge.people import actions, directory
from challenge.people.models import Person, Role
from challenge.people.states import RoleName
from tests.cast import PEOPLE
from tests.factories.people import letters_to, make_person
from tests.factories.rounds import make_round
from tests.house.test_files import ROOT


def person(w, name):
    return w.session.get_one(Person, PEOPLE[name].id)


def path(world, name):
    with world.acting(writing=False) as w:
        return f"/people/{person(w, name).code}"


def roles(world, name):
    with world.acting(writing=False) as w:
        rows = w.session.exec(select(Role).where(Role.person_id == PEOPLE[name].id))
        return {(str(row.name), row.round_id) for row in rows}


@pytest.fixture
def kadri_of_one_round(world):
    """Kadri coordinates one round only; there is another."""
    with world.acting() as w:
        own, other = make_round(w, title="Round A"), make_round(w, title="Round B")
        w.session.delete(w.session.exec(select(Role).where(Role.person_id == PEOPLE["kadri"].id)).one())
        w.add(Role(person_id=PEOPLE["kadri"].id, name=RoleName.COORDINATOR, round_id=own.id))
    return own, other


@pytest.mark.parametrize(
    ("who", "status"), [("jaan", 200), ("anna", 200), ("mari", 403), ("lena", 403), ("olev", 403), ("nobody", 303)]
)
def test_people_are_listed_for_who_runs_the_programme(world, who, status):
    answer = world.client(who).get("/people")

    assert answer.status_code == status
    assert ("Ravi Rao" in answer.text) is (status == 200)


def test_people_are_found_by_name_and_address_without_accents(world):
    client = world.client("anna")

    assert "Jaan Jõgi" in client.get("/people?q=jogi").text
    assert "Ravi Rao" in client.get("/people?q=ravi@").text
    for text in ("%", "_", "|", "\\", "'", "r%o", "ra_i"):
        world.move(seconds=1)
        found = client.get("/people", params={"q": text})
        assert found.status_code == 200
        assert "Ravi Rao" not in found.text


@pytest.mark.parametrize("typed", ["' OR '1'='1", "' OR 1=1 --", "%", "r_vi", "r%i", "\\", '"; DROP TABLE person; --'])
def test_what_is_searched_for_is_no_part_of_the_query(world, typed):
    jaan = world.client("jaan")
    assert "Ravi Rao" in jaan.get("/people", params={"q": "ravi"}).text
    answer = jaan.get("/people", params={"q": typed})
    assert (answer.status_code, "Ravi Rao" in answer.text) == (200, False)
    assert "Ravi Rao" in jaan.get("/people").text


def test_list_of_people_asks_as_often_for_three_as_for_fifty(world):
    def queries(text):
        counted = []
        with world.acting("anna", writing=False) as w:
            event.listen(world.database.engine, "after_cursor_execute", lambda *_: counted.append(1))
            directory.people(w, text)
        return len(counted)

    few = queries("rao")
    with world.acting() as w:
        for number in range(60):
            made = make_person(w, f"Nele Number {number}", f"nele{number}@example.org")
            actions.give_role(w, made, RoleName.JUROR)

    assert queries("nele") == few


def test_invited_person_can_sign_in_and_is_written_to(world):
    answer = world.client("jaan").post("/people/new", data={"name": "Uku Uus", "email": "Uku@Example.org"})

    assert answer.status_code == 303
    assert "Uku Uus" in world.client("jaan").get(answer.headers["location"]).text
    with world.acting(writing=False) as w:
        (letter,) = letters_to(w, "Uku@example.org")
        step = w.session.exec(select(Step)).one()
    assert "http://127.0.0.1:8000/sign-in" in letter.text
    assert (step.workflow, step.transition, step.actor_id) == ("person", "invite", PEOPLE["jaan"].id)


def test_first_person_is_added_on_the_command_line_as_the_document_says(world, monkeypatch):
    monkeypatch.setattr(cli, "opened", lambda: contextlib.nullcontext((world.settings, world.database)))
    document = (ROOT / "docs" / "operating.md").read_text()
    said = [shlex.split(line)[2:] for line in document.splitlines() if line.startswith("./run challenge people ")]
    assert [words[1] for words in said] == ["add", "role", "role"]
    for words in said:
        ended = CliRunner().invoke(cli.app, words)
        assert (ended.exit_code, "Liis Kask" in ended.stdout) == (0, True), ended.output
    with world.acting(writing=False) as w:
        liis = w.session.exec(select(Person).where(Person.email == "liis@example.org")).one()
        held = w.session.exec(select(Role.name).where(Role.person_id == liis.id)).all()
    assert (liis.locale, set(held)) == ("et", {RoleName.COORDINATOR, RoleName.ADMINISTRATOR})


def test_known_address_is_shown_not_doubled(world):
    answer = world.client("jaan").post("/people/new", data={"name": "Other Name", "email": "RAVI@example.org"})

    assert answer.headers["location"] == path(world, "ravi")
    assert world.client("mari").post("/people/new", data={"name": "Uku", "email": "u@example.org"}).status_code == 403


def test_address_is_unique_in_the_database(world):
    with pytest.raises(IntegrityError), world.acting() as w:
        make_person(w, "Mari Teine", "m\u0430ri@example.org")


def test_administrator_gives_and_takes_every_role(world):
    client, ravi = world.client("anna"), path(world, "ravi")

    for name in ("coordinator", "juror", "observer", "administrator"):
        assert client.post(f"{ravi}/roles", data={"role": name, "round": ""}).status_code == 303
    assert roles(world, "ravi") == {(name, None) for name in ("coordinator", "juror", "observer", "administrator")}
    for name in ("coordinator", "juror", "observer", "administrator"):
        assert client.post(f"{ravi}/roles/take", data={"role": name, "round": ""}).status_code == 303
    assert roles(world, "ravi") == set()


def test_role_of_a_round_stands_in_the_journal_of_that_round(world, kadri_of_one_round):
    own, _other = kadri_of_one_round

    answer = world.client("kadri").post(f"{path(world, 'ravi')}/roles", data={"role": "juror", "round": own.code})

    assert answer.status_code == 303
    assert roles(world, "ravi") == {("juror", own.id)}
    with world.acting(writing=False) as w:
        step = w.session.exec(select(Step).where(Step.transition == "give_role")).one()
    assert (step.scope, step.actor_id) == (own.code, PEOPLE["kadri"].id)


def test_coordinator_appoints_jurors_in_own_rounds_only(world, kadri_of_one_round):
    own, other = kadri_of_one_round
    ravi = path(world, "ravi")
    client = world.client("kadri")

    for role, round_code in (("juror", other.code), ("juror", ""), ("coordinator", own.code), ("administrator", "")):
        answer = client.post(f"{ravi}/roles", data={"role": role, "round": round_code})
        assert answer.status_code in {403, 422}, (role, round_code)
        round_id = {own.code: own.id, other.code: other.id}.get(round_code)
        with world.acting("kadri") as w, pytest.raises(Forbidden):
            actions.give_role(w, person(w, "ravi"), RoleName(role), round_id)
    page = client.get(ravi).text

    assert roles(world, "ravi") == set()
    assert "Round A" in page
    assert "Round B" not in page


def test_nobody_gives_a_role_to_themselves(world):
    for who in ("anna", "jaan"):
        answer = world.client(who).post(f"{path(world, who)}/roles", data={"role": "juror", "round": ""})
        assert answer.status_code in {403, 422}
        with world.acting(who) as w, pytest.raises(Forbidden):
            actions.give_role(w, person(w, who), RoleName.JUROR)
    assert "Nobody gives a role to themselves" in world.client("anna").get(path(world, "anna")).text


def test_roles_need_a_fresh_sign_in(world):
    client, ravi = world.client("anna"), path(world, "ravi")
    world.move(minutes=16)

    assert "Confirm that it is you first." in client.get(ravi).text
    assert client.post(f"{ravi}/roles", data={"role": "juror", "round": ""}).status_code == 403
    assert roles(world, "ravi") == set()


def test_administrator_is_one_for_all_rounds(world, kadri_of_one_round):
    own, _other = kadri_of_one_round

    answer = world.client("anna").post(
        f"{path(world, 'ravi')}/roles", data={"role": "administrator", "round": own.code}
    )

    assert answer.status_code == 422
    assert "An administrator is one for all rounds." in answer.text


def test_last_administrator_stays(world):
    with world.acting() as w, pytest.raises(Refused):
        actions.take_role(w, person(w, "anna"), RoleName.ADMINISTRATOR)
    with world.acting() as w, pytest.raises(Refused):
        actions.disable(w, person(w, "anna"))
    with world.acting() as w:
        actions.give_role(w, person(w, "jaan"), RoleName.ADMINISTRATOR)
        actions.disable(w, person(w, "jaan"))
    with world.acting() as w, pytest.raises(Refused):  # the other one cannot come in
        actions.take_role(w, person(w, "anna"), RoleName.ADMINISTRATOR)


def test_role_held_already_is_given_once(world):
    for _ in range(2):
        assert world.client("anna").post(
            f"{path(world, 'ravi')}/roles", data={"role": "juror", "round": ""}).status_code == 303  # fmt: skip
    with pytest.raises(IntegrityError), world.acting() as w:
        w.add(Role(person_id=PEOPLE["ravi"].id, name=RoleName.JUROR))


def test_role_not_held_cannot_be_taken(world):
    answer = world.client("anna").post(f"{path(world, 'ravi')}/roles/take", data={"role": "juror", "round": ""})

    assert answer.status_code == 404


def test_only_administrators_lock_out_and_nobody_themselves(world):
    assert world.client("jaan").post(f"{path(world, 'mari')}/disable").status_code == 403
    assert world.client("anna").post(f"{path(world, 'anna')}/disable").status_code == 403
    assert world.client("anna").post(f"{path(world, 'mari')}/disable").status_code == 303

    page = world.client("anna").get(path(world, "mari")).text
    assert "Locked out since" in page
    assert world.client("anna").post(f"{path(world, 'mari')}/enable").status_code == 303
    with world.acting(writing=False) as w:
        steps = [step.transition for step in w.session.exec(select(Step).where(Step.workflow == "person"))]
    assert steps == ["disable", "enable"]


def test_locked_out_person_is_given_no_role(world):
    world.client("anna").post(f"{path(world, 'ravi')}/disable")

    answer = world.client("anna").post(f"{path(world, 'ravi')}/roles", data={"role": "juror", "round": ""})

    assert answer.status_code == 409


def test_person_page_is_not_there_for_others(world):
    ravi = path(world, "ravi")

    for who in ("mari", "ravi", "olev", "lena"):
        real, none = world.client(who).get(ravi), world.client(who).get("/people/00000000")
        assert real.status_code == none.status_code == 404
        assert real.text == none.text.replace("00000000", ravi.rsplit("/", 1)[1])


def test_changed_address_is_told_to_the_old_one_and_ends_every_session(world):
    client, mari = world.client("mari"), path(world, "mari")

    answer = world.client("anna").post(f"{mari}/email", data={"email": "mari@city.example.org"})

    assert answer.status_code == 303
    assert client.get("/account").status_code == 303
    with world.acting(writing=False) as w:
        told = [letters_to(w, address)[0].text for address in ("mari@example.org", "mari@city.example.org")]
        assert person(w, "mari").email_key == "mari@city.example.org"
        assert w.session.exec(select(Step)).one().transition == "change_email"
    assert told[0] == told[1]


@pytest.mark.parametrize(("who", "email", "status"), [
    ("jaan", "new@example.org", 403), ("anna", "nonsense", 422), ("anna", "s\u043efia@example.org", 422),
    ("anna", "SOFIA@example.org", 409),
])  # fmt: skip
def test_address_is_changed_by_administrators_to_one_nobody_has(world, who, email, status):
    assert world.client(who).post(f"{path(world, 'mari')}/email", data={"email": email}).status_code == status
    assert world.client("anna").post(f"{path(world, 'anna')}/email", data={"email": "a@example.org"}).status_code == 403
    with world.acting(writing=False) as w:
        assert person(w, "mari").email == "mari@example.org"
