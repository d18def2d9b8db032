"""Long forms: saved while one types, nothing lost when two people edit."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime

import pytest
from sqlmodel import select

from challenge.kernel.editing import Editing
from challenge.kernel.journal import Step
from challenge.submissions import actions
from challenge.submissions.states import SubmissionState as S
from tests.cast import PEOPLE
from tests.factories.rounds import make_round
from tests.factories.submissions import answers, find, make_submission, submission_in
from tests.submissions.marks import on_sqlite

JSON = {"accept": "application/json"}


@pytest.fixture
def code(world):
    with world.acting() as w:
        return make_submission(w, make_round(w)).code


def typed(world, code, **changes):
    """The whole form as a browser sends it, with the version it was made from."""
    with world.acting(writing=False) as w:
        submission = find(w, code)
        given = {**submission.answers, "version": submission.version, **changes}
    return {name: "yes" if value is True else value for name, value in given.items() if value is not False}


def kept(world, code):
    with world.acting(writing=False) as w:
        return find(w, code).answers


def test_autosave_answers_with_the_version_and_the_time(world, code):
    world.now = datetime(2027, 1, 10, 14, 20, 7, tzinfo=UTC)
    mari = world.client("mari")
    before = typed(world, code)
    answer = mari.post(f"/submissions/{code}/edit", data={**before, "problem": "Half a"}, headers=JSON)
    assert answer.status_code == 200
    assert answer.json() == {
        "saved_at": "2027-01-10T14:20:07+00:00", "version": before["version"] + 1, "text": "Saved 16:20:07"
    }  # fmt: skip
    assert kept(world, code)["problem"] == "Half a"
    assert "Saved 16:20:07" in mari.get(f"/submissions/{code}/edit").text


def test_unfinished_and_wrong_answers_are_kept_as_typed(world, code):
    data = typed(world, code, since="long ago", title="", outcome="word " * 200, themes=["energy", "data", "mobility"])
    answer = world.client("mari").post(f"/submissions/{code}/edit", data=data, headers=JSON)
    assert answer.status_code == 200
    now = kept(world, code)
    assert (now["since"], now["title"], now["themes"]) == ("long ago", "", ["energy", "data", "mobility"])
    page = world.client("mari").get(f"/submissions/{code}/edit?checked=1").text
    for text in ("Enter a whole number", "Give the challenge a title", "Shorten this by 50 words", "Choose at most 2"):
        assert text in page
    with world.acting() as w:
        assert find(w, code).title == "Quiet junctions at night"  # the last title that was one


def test_saving_twice_what_is_there_is_no_conflict(world, code):
    data = typed(world, code, problem="Now this")
    mari = world.client("mari")
    first = mari.post(f"/submissions/{code}/edit", data=data, headers=JSON).json()
    again = mari.post(f"/submissions/{code}/edit", data=data, headers=JSON)  # the answer was lost on the way
    assert (again.status_code, again.json()["version"]) == (200, first["version"])


def test_the_journal_has_one_step_per_sitting(world, code):
    for number in range(4):
        world.client("mari").post(f"/submissions/{code}/edit", data=typed(world, code, problem=f"Text {number}"))
        world.move(minutes=1)
    world.move(minutes=40)
    world.client("mari").post(f"/submissions/{code}/edit", data=typed(world, code, problem="After lunch"))
    world.client("peeter").post(f"/submissions/{code}/edit", data=typed(world, code, problem="The deputy’s"))
    with world.acting() as w:
        steps = w.session.exec(select(Step.actor_id).where(Step.subject_code == code, Step.transition == "revise"))
        assert list(steps) == [PEOPLE["mari"].id, PEOPLE["mari"].id, PEOPLE["peeter"].id]


def test_the_form_says_who_is_there_too(world, code):
    peeter = world.client("peeter")
    peeter.get(f"/submissions/{code}/edit")
    world.move(minutes=5)
    page = world.client("mari").get(f"/submissions/{code}/edit").text
    assert "Peeter Paju is at this form too" in page
    assert "Mari Maasikas is at this form too" not in page
    world.move(minutes=16)
    assert "at this form too" not in world.client("mari").get(f"/submissions/{code}/edit").text


def collide(world, code, **json):
    """Mari and Peeter open the form; Peeter saves first; Mari's answer comes late."""
    mari, peeter = world.client("mari"), world.client("peeter")
    mari.get(f"/submissions/{code}/edit")
    peeter.get(f"/submissions/{code}/edit")
    before = typed(world, code)
    theirs = {**before, "problem": "Peeter wrote this about the curves.", "evidence": "Peeter’s numbers."}
    assert peeter.post(f"/submissions/{code}/edit", data=theirs, headers=JSON).status_code == 200
    mine = {**before, "problem": "Mari wrote this about the wheels.", "tried": "Mari’s attempts."}
    return mari.post(f"/submissions/{code}/edit", data=mine, **json)


@pytest.mark.abuse(38)
def test_a_stale_save_shows_both_texts_and_loses_nothing(world, code):
    answer = collide(world, code)
    assert answer.status_code == 409
    page = html.unescape(answer.text)
    for text in ("Mari wrote this about the wheels.", "Peeter wrote this about the curves.", "Mari’s attempts."):
        assert text in page
    assert "Peeter Paju saved this form" in page
    assert re.search(r"<del>.*curves", page)
    assert re.search(r"<ins>.*wheels", page)
    assert chosen(page) == {"problem": "", "evidence": "theirs", "tried": "mine"}
    assert kept(world, code)["problem"] == "Peeter wrote this about the curves."


def chosen(page):
    """What is chosen already, by question."""
    names = re.findall(r'name="pick-(\w+)" type="radio" value="mine"', page)
    picked = {}
    for name in names:
        radios = re.findall(rf'name="pick-{name}" type="radio" value="(\w+)"([^>]*)>', page)
        picked[name] = next((value for value, rest in radios if "checked" in rest), "")
    return picked


def test_the_chosen_texts_are_saved(world, code):
    page = collide(world, code).text
    mari = world.client("mari")
    version = re.search(r'name="version" value="(\d+)"', page)[1]
    picks = {"pick-problem": "mine", "pick-evidence": "theirs", "pick-tried": "mine"}
    answer = mari.post(f"/submissions/{code}/conflict", data={"version": version, **picks})
    assert answer.headers["location"] == f"/submissions/{code}/edit"
    now = kept(world, code)
    assert now["problem"] == "Mari wrote this about the wheels."
    assert now["evidence"] == "Peeter’s numbers."
    assert now["tried"] == "Mari’s attempts."
    assert mari.get(f"/submissions/{code}/conflict").status_code == 303  # nothing waits any more


@on_sqlite
def test_every_open_question_must_be_settled(world, code):
    page = collide(world, code).text
    version = re.search(r'name="version" value="(\d+)"', page)[1]
    answer = world.client("mari").post(
        f"/submissions/{code}/conflict", data={"version": version, "pick-evidence": "theirs", "pick-tried": "mine"}
    )
    assert answer.status_code == 422
    assert "Choose a text: The problem now" in answer.text
    assert kept(world, code)["tried"] != "Mari’s attempts."


def test_a_third_text_in_the_meantime_is_shown_before_anything_is_saved(world, code):
    page = collide(world, code).text
    version = re.search(r'name="version" value="(\d+)"', page)[1]
    data = typed(world, code, problem="Peeter once more.")
    world.client("peeter").post(f"/submissions/{code}/edit", data=data, headers=JSON)
    picks = {"pick-problem": "mine", "pick-evidence": "theirs", "pick-tried": "mine"}
    answer = world.client("mari").post(f"/submissions/{code}/conflict", data={"version": version, **picks})
    assert answer.status_code == 409
    assert "Peeter once more." in answer.text
    assert kept(world, code)["problem"] == "Peeter once more."


def test_a_stale_autosave_is_409_with_the_page_where_both_texts_wait(world, code):
    answer = collide(world, code, headers=JSON)
    assert answer.status_code == 409
    body = answer.json()
    assert body["url"] == f"/submissions/{code}/conflict"
    assert body["text"] == "Somebody else changed this. See both texts."
    mari = world.client("mari")
    assert "Mari wrote this about the wheels." in mari.get(body["url"]).text
    assert "See both texts and choose" in mari.get(f"/submissions/{code}/edit").text
    mari.post(f"/submissions/{code}/edit", data=typed(world, code, site="A depot."), headers=JSON)
    assert "Mari wrote this about the wheels." in mari.get(body["url"]).text  # until she has chosen


def test_what_was_typed_when_a_colleague_handed_it_in_is_kept_to_be_copied(world, code):
    mari = world.client("mari")
    mari.get(f"/submissions/{code}/edit")
    mine = typed(world, code, problem="One last sentence.")
    with world.acting("peeter") as w:
        actions.fire(w, find(w, code), "submit")
    answer = mari.post(f"/submissions/{code}/edit", data=mine)
    assert answer.status_code == 409
    assert "One last sentence." in answer.text
    assert "It is submitted. Until the deadline the city’s lead can recall it." in html.unescape(answer.text)
    assert kept(world, code)["problem"] != "One last sentence."
    with world.acting() as w:
        rows = w.session.exec(select(Editing)).all()
        assert [row.person_id for row in rows if row.kept] == [PEOPLE["mari"].id]


@on_sqlite
@pytest.mark.parametrize("state", [state for state in S if state not in (S.DRAFT, S.RETURNED)])
def test_what_is_handed_in_is_not_edited(world, state):
    code = submission_in(world, state)
    before = kept(world, code)
    mari = world.client("mari")
    assert mari.get(f"/submissions/{code}/edit").status_code == 409
    data = {
        **{key: value for key, value in before.items() if value is not False},
        "problem": "Changed",
        "version": "99",
    }
    assert mari.post(f"/submissions/{code}/edit", data=data, headers=JSON).status_code == 409
    assert mari.post(f"/submissions/{code}/conflict", data={}).status_code == 409
    assert kept(world, code) == before


@on_sqlite
def test_people_who_only_read_do_not_edit(world, code):
    for name in ("jaan", "olev"):
        assert world.client(name).get(f"/submissions/{code}/edit").status_code == 403
        assert world.client(name).post(f"/submissions/{code}/edit", data={"problem": "x"}).status_code == 403


def test_characters_a_database_cannot_hold_do_not_crash_a_save(world, code):
    with world.acting("mari") as w:
        actions.revise(w, find(w, code), {"problem": "nul \x00 and half \ud800 a pair", "title": "T\x00"})
    assert kept(world, code)["problem"] == "nul  and half ? a pair"


def test_a_year_typed_again_is_no_change(world):
    code = submission_in(world, S.RETURNED)
    assert kept(world, code)["since"] == 2019
    data = typed(world, code)
    data["since"] = "2019"
    stale = {**data, "version": "1"}
    assert world.client("mari").post(f"/submissions/{code}/edit", data=stale, headers=JSON).status_code == 200
    with world.acting() as w:
        assert answers(w)["since"] == "2019"
