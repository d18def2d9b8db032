"""The log of meetings and decisions: who writes it, who reads it, how a correction stays in sight, in HTML and JSON."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from challenge.kernel.journal import Step
from challenge.notifications.actions import tell
from challenge.notifications.models import Message
from challenge.people.models import Person
from challenge.pilots.log.models import Decision, Meeting
from challenge.pilots.states import PilotState
from challenge.proposals.models import Exclusion, TeamMember
from challenge.proposals.states import TeamRole
from tests.cast import PEOPLE
from tests.counting import counted
from tests.factories.home import join_team
from tests.factories.pilots import make_decision, make_meeting, make_note, make_pilot
from tests.pilots.ready import get

S = PilotState
GIVEN = {"held_on": "2027-01-08", "present": "Mari, Aoife, Ravi", "noted": "CANARY-NOTED: the ice comes early."}
MEMBERS = ("mari", "peeter", "ravi", "eero", "lena", "jaan")  # eero is on the team, lena mentors
READERS = ("mari", "eero", "jaan", "olev")
OTHERS = ("katrin", "oskar", "anna")


@pytest.fixture
def code(world):
    """A running pilot with a team of two and a mentor."""
    with world.acting() as w:
        pilot = make_pilot(w, state=S.RUNNING, title="Clean Bays", mentor_id=PEOPLE["lena"].id)
        join_team(w, pilot.proposal_id, "eero")
        return pilot.code


def code_of(world, name):
    with world.acting(writing=False) as w:
        return w.session.get_one(Person, PEOPLE[name].id).code


def note(world, code, who="ravi", **given):
    answer = world.client(who).post(f"/pilots/{code}/log/new", data={**GIVEN, **given})
    assert answer.status_code == 303, who
    return answer.headers["location"].rsplit("/", 1)[1]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # nothing here depends on which
def test_its_people_and_the_programme_write_and_nobody_else(world, code):
    for who in MEMBERS:
        item = note(world, code, who)
        again = world.client(who).post(f"/pilots/{code}/log/{item}/decisions/new", data={"text": f"Decided by {who}."})
        assert again.status_code == 303, who
    base = f"/pilots/{code}/log"
    for who in (*OTHERS, "olev"):
        answer = world.client(who).post(f"{base}/new", data=GIVEN)
        assert answer.status_code == 403, who
        for path, given in ((f"{base}/{item}/edit", GIVEN), (f"{base}/{item}/decisions/new", {"text": "x"})):
            assert world.client(who).post(path, data=given).status_code == 403, (who, path)
    assert "its team, leads and deputies of its cities" in world.client("olev").post(f"{base}/new", data=GIVEN).text
    with world.acting() as w:
        assert len(w.session.exec(select(Meeting)).all()) == len(MEMBERS)


def test_the_public_and_strangers_read_none_of_it_and_its_people_do(world, code):
    item = note(world, code)
    decision = {"text": "CANARY-DECISION", "who": code_of(world, "mari"), "due_on": "2027-02-01"}
    world.client("ravi").post(f"/pilots/{code}/log/{item}/decisions/new", data=decision)
    inner = (f"/pilots/{code}/log", f"/pilots/{code}/log/{item}", f"/api/v1/pilots/{code}/log")
    outer = (f"/pilots/{code}", f"/pilots/{code}/showcase", f"/api/v1/pilots/{code}", "/home")
    for who in READERS:
        seen = [world.client(who).get(path).text for path in inner]
        assert all("CANARY-NOTED" in text and "CANARY-DECISION" in text for text in seen), who
    for who in ("katrin", "oskar", "nobody"):
        for path in (*inner, *outer):
            assert "CANARY" not in world.client(who).get(path).text, (who, path)
    assert world.client("katrin").get(inner[0]).status_code == 403
    with world.acting() as w:  # a conflict of interest closes it to the coordinator
        w.add(Exclusion(proposal_id=get(w, code).proposal_id, person_id=PEOPLE["kadri"].id))
    assert world.client("kadri").get(inner[0]).status_code == 403


def test_a_correction_keeps_the_earlier_wording_and_stands_in_the_journal(world, code):
    item = note(world, code)
    page, edit = f"/pilots/{code}/log/{item}", f"/pilots/{code}/log/{item}/edit"
    assert "How it was worded before" not in world.client("olev").get(page).text
    assert world.client("mari").post(edit, data={**GIVEN, "noted": "The ice comes late."}).status_code == 303
    assert world.client("mari").post(edit, data={**GIVEN, "noted": "The ice comes late."}).status_code == 303

    text = world.client("olev").get(page).text
    assert "How it was worded before" in text
    assert "<del>" in text
    assert "CANARY-NOTED:" in text
    assert "Mari Maasikas" in text
    history = world.client("olev").get(f"/pilots/{code}").text
    assert history.count("The notes of a meeting were corrected") == 1  # the second changed nothing
    with world.acting(writing=False) as w:
        acts = [row.transition for row in w.session.exec(select(Step).where(Step.subject_code == code))]
        assert acts == ["add_meeting", "change_meeting"]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # nothing here depends on which
def test_two_who_correct_one_meeting_do_not_overwrite_each_other(world, code):
    item = note(world, code)
    edit = f"/pilots/{code}/log/{item}/edit"

    def seen():
        return world.client("ravi").get(edit).text.split('name="version" value="')[1].split('"')[0]

    first = seen()
    assert world.client("mari").post(edit, data={**GIVEN, "noted": "A", "version": first}).status_code == 303
    assert world.client("ravi").post(edit, data={**GIVEN, "noted": "B", "version": first}).status_code == 409
    second = seen()
    note(world, code, "aoife")  # another meeting is no reason to begin anew
    assert world.client("ravi").post(edit, data={**GIVEN, "noted": "B", "version": second}).status_code == 303


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # nothing here depends on which
def test_a_decision_names_who_does_it_by_when_and_is_done(world, code):
    item = note(world, code)
    new = f"/pilots/{code}/log/{item}/decisions/new"
    offered = world.client("ravi").get(new).text
    for name in ("Mari Maasikas", "Ravi Rao", "Lena Lind", "Eero Eskola", "Jaan Jõgi"):
        assert name in offered, name
    for name in ("Sofia Salo", "Katrin Kivi", "Oskar Olsen", "Olev Oja"):
        assert name not in offered, name
    mari = code_of(world, "mari")
    for given, why in (
        ({"text": "x", "who": code_of(world, "sofia")}, "Choose"),
        ({"text": "x", "due_on": "2027-02-01"}, "a day alone reminds nobody"),
        ({"text": ""}, "Say what was decided"),
    ):
        refused = world.client("ravi").post(new, data=given)
        assert (refused.status_code, why in refused.text) == (422, True), given
    assert (
        world.client("ravi").post(new, data={"text": "Buy sensors.", "who": mari, "due_on": "2027-01-09"}).status_code
        == 303
    )
    assert "Late" in world.client("aoife").get(f"/pilots/{code}/log").text

    with world.acting(writing=False) as w:
        found = w.session.exec(select(Decision)).one().code
    do = f"/pilots/{code}/decisions/{found}"
    assert world.client("olev").post(f"{do}/completion").status_code == 403
    assert world.client("mari").post(f"{do}/completion").status_code == 303
    assert world.client("mari").post(f"{do}/completion").status_code == 409
    refused = world.client("ravi").post(do, data={"text": "Buy more."})
    assert (refused.status_code, "done already" in refused.text) == (409, True)
    assert "What was decided is done" in world.client("olev").get(f"/pilots/{code}").text


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # nothing here depends on which
def test_who_was_named_and_has_left_stays_named(world, code):
    with world.acting() as w:
        decision = make_decision(w, make_meeting(w, get(w, code)), "sofia").code
    edit = world.client("ravi").get(f"/pilots/{code}/decisions/{decision}").text
    assert "Sofia Salo" in edit
    given = {"text": "Said otherwise.", "who": code_of(world, "sofia")}
    assert world.client("ravi").post(f"/pilots/{code}/decisions/{decision}", data=given).status_code == 303


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # nothing here depends on which
def test_a_meeting_to_come_is_not_noted(world, code):
    refused = world.client("ravi").post(f"/pilots/{code}/log/new", data={**GIVEN, "held_on": "2027-01-11"})
    assert (refused.status_code, "still to come" in refused.text) == (422, True)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # nothing here depends on which
def test_the_same_in_json(world, code):
    base = f"/api/v1/pilots/{code}"
    ravi = world.client("ravi")
    made = ravi.post(f"{base}/log", json=GIVEN)
    assert made.status_code == 201
    item, mari = made.json()["code"], code_of(world, "mari")
    decided = ravi.post(f"{base}/log/{item}/decisions", json={"text": "Buy.", "who": mari, "due_on": "2027-02-01"})
    assert decided.status_code == 201
    (decision,) = decided.json()["decisions"]
    assert (decision["who"], decision["due_on"], decision["done_on"]) == ("Mari Maasikas", "2027-02-01", None)

    assert ravi.patch(f"{base}/log/{item}", json=GIVEN).status_code == 428
    changed = ravi.patch(
        f"{base}/log/{item}", json={**GIVEN, "noted": "Late."}, headers={"if-match": made.headers["etag"]}
    )
    assert (changed.status_code, changed.json()["noted"]) == (200, "Late.")
    path, match = f"{base}/decisions/{decision['code']}", {"if-match": f'"{decision["version"]}"'}
    assert ravi.patch(path, json={"text": "Sell."}, headers=match).json()["decisions"][0]["text"] == "Sell."
    assert ravi.post(f"{path}/completion").json()["decisions"][0]["done_on"] == "2027-01-10"
    assert ravi.post(f"{base}/log", json={**GIVEN, "noted": ""}).status_code == 422
    assert world.client("olev").post(f"{base}/log", json=GIVEN).status_code == 403
    assert [row["code"] for row in world.client("olev").get(f"{base}/log").json()["items"]] == [item]


def test_a_long_log_costs_no_more_queries(world, code):
    def asked():
        with counted(world) as statements:
            assert world.client("jaan").get(f"/pilots/{code}/log").status_code == 200
        return len(statements)

    with world.acting() as w:
        make_decision(w, make_meeting(w, get(w, code)), "mari")
    asked()
    first = asked()
    with world.acting() as w:
        for _turn in range(3):
            meeting = make_meeting(w, get(w, code))
            for who in ("mari", "ravi", None):
                make_decision(w, meeting, who)
    assert asked() == first


@pytest.mark.parametrize("make", [make_meeting, make_note])
@pytest.mark.parametrize("ending", [S.COMPLETED, S.TERMINATED])
def test_the_database_itself_keeps_the_archive(world, make, ending):
    with world.acting() as w:
        pilot = make_pilot(w, state=S.RUNNING)
        row = make(w, pilot)
        row.by_id = PEOPLE["mari"].id  # while it runs it can be changed
        w.session.flush()
        pilot.public_summary = pilot.replication_plan = "x"
        pilot.state = ending
        w.session.flush()
        for act in (lambda: make(w, pilot), lambda: _change(w, row), lambda: _remove(w, row)):
            with pytest.raises(IntegrityError, match="pilot_archived"), w.session.begin_nested():
                act()
            w.session.expire_all()


def _change(w, row):
    row.by_id = PEOPLE["ravi"].id
    w.session.flush()


def _remove(w, row):
    w.session.delete(row)
    w.session.flush()


def told(world):
    with world.acting() as w:
        tell(w, "https://x", 500)
        rows = w.session.exec(select(Message).where(Message.template.contains("of_the_log")).order_by(Message.id)).all()
        return [(next(name for name, one in PEOPLE.items() if one.id == row.person_id), row.text) for row in rows]


def test_whom_a_decision_names_is_told_once_without_its_words(world, code):
    item, ravi = note(world, code), world.client("ravi")
    given = {"text": "CANARY-DECIDED: buy sensors.", "who": code_of(world, "eero"), "due_on": "2027-02-01"}
    assert ravi.post(f"/pilots/{code}/log/{item}/decisions/new", data=given).status_code == 303
    [(name, text)] = told(world)
    assert name == "eero"
    assert "CANARY" not in text
    assert "CANARY-DECIDED" in world.client("eero").get(f"/pilots/{code}/log").text  # where they read it
    changed = {"text": "Buy two sensors."}
    for more, who in (
        ({}, ["eero"]),
        ({"who": code_of(world, "mari")}, ["eero", "mari"]),
    ):  # other words, another person
        with world.acting(writing=False) as w:
            row = w.session.exec(select(Decision)).one()
        sent = {**given, **changed, **more, "version": row.version}
        assert ravi.post(f"/pilots/{code}/decisions/{row.code}", data=sent).status_code == 303
        assert [name for name, _text in told(world)] == who


def test_who_names_oneself_or_has_left_by_then_is_not_told(world, code):
    item, ravi = note(world, code), world.client("ravi")
    for name in ("ravi", "eero"):
        given = {"text": "To do.", "who": code_of(world, name), "due_on": ""}
        assert ravi.post(f"/pilots/{code}/log/{item}/decisions/new", data=given).status_code == 303
    with world.acting() as w:
        w.session.exec(select(TeamMember).where(TeamMember.person_id == PEOPLE["eero"].id)).one().left_at = w.now
    assert told(world) == []


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # nothing here depends on which
def test_a_mentor_of_the_team_writes_too(world, code):
    with world.acting() as w:
        join_team(w, get(w, code).proposal_id, "sofia")
        row = w.session.exec(select(TeamMember).where(TeamMember.person_id == PEOPLE["sofia"].id)).one()
        row.role = TeamRole.MENTOR
    note(world, code, "sofia")
    assert world.client("sofia").post(f"/pilots/{code}/notes/new", data={"text": "A note."}).status_code == 303
