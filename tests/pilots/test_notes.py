"""Notes of the mentor: what is not shared is read by its writer and the coordinators, wherever anybody looks."""

from __future__ import annotations

import pytest
from sqlmodel import select

from challenge.home.queries import journal
from challenge.kernel.letter import Letter
from challenge.notifications import actions as notifications
from challenge.pilots.log.models import MentorNote
from challenge.pilots.states import PilotState
from challenge.proposals.models import Exclusion
from tests.cast import PEOPLE
from tests.factories.home import join_team
from tests.factories.pilots import make_pilot
from tests.pilots.ready import get

S = PilotState
EVERYBODY = ("nobody", "mari", "katrin", "ravi", "eero", "lena", "oskar", "jaan", "kadri", "olev", "anna")
OWN = {"lena", "jaan", "kadri"}  # the mentor, and the coordinators of the round
TEAM = {"ravi", "eero"}
CITIES = {"mari", "aoife"}


@pytest.fixture
def code(world):
    """A running pilot that lena mentors, with one note."""
    with world.acting() as w:
        pilot = make_pilot(w, state=S.RUNNING, mentor_id=PEOPLE["lena"].id)
        join_team(w, pilot.proposal_id, "eero")
        code = pilot.code
    assert write(world, code, "CANARY-NOTE").status_code == 303
    return code


def write(world, code, text, who="lena"):
    return world.client(who).post(f"/pilots/{code}/notes/new", data={"text": text})


def item_of(world):
    with world.acting(writing=False) as w:
        return w.session.exec(select(MentorNote)).one().code


def readers(world, code, *elsewhere):
    """Who is shown the note: by its own address, on the page of notes, in JSON, and in other places."""
    base = f"/pilots/{code}"
    paths = (f"{base}/notes", f"{base}/notes/{item_of(world)}", f"/api/v1{base}/notes", *elsewhere)
    return {who for who in EVERYBODY if any("CANARY-NOTE" in text(world, who, path) for path in paths)}


def text(world, who, path):
    """What is answered, as it comes: that pages are well-formed is looked at elsewhere."""
    client = world.client(who)
    client.is_strict = False
    return client.get(path).text


def places(code):
    """Wherever else a pilot is shown. The matrix of tests/policy asks for every address there is."""
    base = f"/pilots/{code}"
    return (
        base,
        f"{base}/log",
        f"{base}/showcase",
        f"/api/v1{base}/log",
        f"/api/v1{base}/results",
        "/journal",
        "/home",
    )


def test_a_note_that_is_not_shared_leaks_to_nobody(world, code):
    assert readers(world, code, *places(code)) == OWN
    for who in ("ravi", "mari", "olev"):  # not even that there is one
        assert "Notes of the mentor" not in text(world, who, f"/pilots/{code}"), who
        assert "Lena Lind" not in text(world, who, f"/pilots/{code}/notes"), who
        assert world.client(who).get(f"/pilots/{code}/notes/{item_of(world)}").status_code == 404, who
        assert world.client(who).get(f"/api/v1/pilots/{code}/notes").json() == {"items": []}, who


def test_a_shared_note_is_read_by_the_team_and_by_observers_and_by_no_city(world, code):
    share = f"/pilots/{code}/notes/{item_of(world)}/sharing"
    for who in (*TEAM, *CITIES, "olev", "katrin"):
        assert world.client(who).post(share).status_code in (403, 404), who
    assert world.client("jaan").post(share).status_code == 403  # a coordinator reads it, and does not share it
    assert world.client("lena").post(share).status_code == 303
    assert readers(world, code) == OWN | TEAM | {"olev"}
    assert "The mentor shared a note with the team" in world.client("ravi").get(f"/pilots/{code}").text
    assert world.client("lena").post(share).status_code == 409
    refused = world.client("lena").post(f"/pilots/{code}/notes/{item_of(world)}", data={"text": "Otherwise."})
    assert (refused.status_code, "Write a new one" in refused.text) == (409, True)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # nothing here depends on which
def test_a_conflict_of_interest_closes_the_notes_to_a_coordinator(world, code):
    with world.acting() as w:
        w.add(Exclusion(proposal_id=get(w, code).proposal_id, person_id=PEOPLE["kadri"].id))
    assert readers(world, code) == OWN - {"kadri"}
    for who, told in (("kadri", []), ("jaan", [item_of(world)])):
        with world.acting(who, writing=False) as w:
            rows = journal.steps(w, journal.Filters(workflow="mentor_note")).rows
            assert [row.code for row in rows] == told, who


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # nothing here depends on which
def test_the_next_mentor_does_not_read_what_the_last_one_kept_for_the_coordinators(world, code):
    with world.acting() as w:
        get(w, code).mentor_id = PEOPLE["oskar"].id
    assert readers(world, code) == {"jaan", "kadri"}  # lena is no longer of this pilot
    assert write(world, code, "Mine.", "oskar").status_code == 303
    assert world.client("oskar").get(f"/pilots/{code}/notes").text.count("Not shared") == 1


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # nothing here depends on which
def test_only_the_mentor_writes(world, code):
    for who in sorted({*TEAM, *CITIES, "jaan", "olev", "katrin", "oskar"}):
        assert write(world, code, "x", who).status_code == 403, who


def test_nobody_is_told_by_mail_of_what_is_not_shared(world, code):
    with world.acting() as w:
        notifications.tell(w, "http://127.0.0.1:8000")
        assert not any("CANARY" in row.text for row in w.session.exec(select(Letter)))


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # nothing here depends on which
def test_the_same_in_json(world, code):
    base, lena = f"/api/v1/pilots/{code}/notes", world.client("lena")
    made = lena.post(base, json={"text": "Second."})
    assert (made.status_code, [row["text"] for row in made.json()["items"]]) == (201, ["Second.", "CANARY-NOTE"])
    second = made.json()["items"][0]
    path, match = f"{base}/{second['code']}", {"if-match": f'"{second["version"]}"'}
    assert lena.patch(path, json={"text": "Third."}).status_code == 428
    assert lena.patch(path, json={"text": "Third."}, headers=match).json()["items"][0]["text"] == "Third."
    assert lena.post(f"{path}/sharing").json()["items"][0]["shared_at"] is not None
    assert [row["text"] for row in world.client("ravi").get(base).json()["items"]] == ["Third."]
    assert world.client("ravi").post(base, json={"text": "x"}).status_code == 403
