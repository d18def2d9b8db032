"""Long forms: saved while one types, nothing lost when two people edit."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime

import pytest
from sqlmodel import select

from challenge.kernel.editing import Aside
from challenge.kernel.journal import Step
from challenge.kernel.patch import token_of
from challenge.submissions import actions
from challenge.submissions.states import SubmissionState as S
from tests.cast import PEOPLE
from tests.factories.rounds import make_round
from tests.factories.submissions import answers, find, make_submission, submission_in
from tests.filling import hidden, over
from tests.submissions.marks import on_sqlite

JSON = {"accept": "application/json"}


@pytest.fixture
def code(world):
    with world.acting() as w:
        return make_submission(w, make_round(w)).code


def typed(world, code, **changes):
    """The whole form as a browser sends it, with the texts it was made from."""
    with world.acting(writing=False) as w:
        submission = find(w, code)
        given = {**submission.answers, **over(submission.answers), **changes}
    return {name: "yes" if value is True else value for name, value in given.items() if value is not False}


BEGAN = "Residents filed 212 complaints in 2026."


def kept(world, code):
    with world.acting(writing=False) as w:
        return find(w, code).answers


def test_autosave_answers_with_the_version_and_the_time(world, code):
    world.now = datetime(2027, 1, 10, 14, 20, 7, tzinfo=UTC)
    mari = world.client("mari")
    answer = mari.post(f"/submissions/{code}/edit", data=typed(world, code, problem="Half a"), headers=JSON)
    assert answer.status_code == 200
    told = answer.json()
    assert (told["saved_at"], told["text"]) == ("2027-01-10T14:20:07+00:00", "Saved 16:20:07")
    assert told["bases"]["problem"] == token_of("Half a")
    assert told["fresh"] == {}
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
    mine = {**before, "problem": "Mari wrote this about the wheels.", "tried": "Mari’s attempts.", "sitting": "hers"}
    return mari.post(f"/submissions/{code}/edit", data=mine, **json)


@pytest.mark.abuse(38)
def test_a_stale_save_takes_what_is_free_and_shows_three_texts_of_the_rest(world, code):
    answer = collide(world, code)
    assert answer.status_code == 409
    page = html.unescape(answer.text)
    for text in ("Mari wrote this about the wheels.", "Peeter wrote this about the curves.", BEGAN):
        assert f'<p class="kept">{text}' in page
    assert "The text saved by Peeter Paju" in page
    assert re.search(r"<ins>.*curves", page)
    assert re.search(r"<ins>.*wheels", page)
    assert waiting(page) == ["problem"]
    now = kept(world, code)
    assert (now["problem"], now["evidence"]) == ("Peeter wrote this about the curves.", "Peeter’s numbers.")
    assert now["tried"] == "Mari’s attempts."  # nobody else had touched it


def waiting(page):
    """The questions a choice is asked for."""
    return re.findall(r'name="question" value="(\w+)"', page)


def choose(world, code, page, choice, **more):
    fields = dict(re.findall(r'<input type="hidden" name="(question|sitting|base)" value="([^"]*)">', page))
    return world.client("mari").post(f"/submissions/{code}/conflict", data={**fields, "choice": choice, **more})


@pytest.mark.parametrize(
    ("choice", "more", "text"),
    [
        ("mine", {}, "Mari wrote this about the wheels."),
        ("theirs", {}, "Peeter wrote this about the curves."),
        ("both", {"text": "Of wheels and curves."}, "Of wheels and curves."),
    ],
)
def test_the_chosen_text_is_saved(world, code, choice, more, text):
    page = collide(world, code).text
    answer = choose(world, code, page, choice, **more)
    assert answer.headers["location"] == f"/submissions/{code}/edit#problem"
    assert kept(world, code)["problem"] == text
    assert world.client("mari").get(f"/submissions/{code}/conflict").status_code == 303  # nothing waits any more


def test_both_texts_are_offered_as_one(world, code):
    mari, peeter = world.client("mari"), world.client("peeter")
    for client in (mari, peeter):
        client.get(f"/submissions/{code}/edit")
    began = typed(world, code, problem="It squeals in curves. It squeals on bridges.")
    mari.post(f"/submissions/{code}/edit", data=began)
    shown = typed(world, code)
    for client, text in (
        (peeter, "It squeals in curves. It rattles on bridges."),
        (mari, "It squeals in narrow curves. It squeals on bridges."),
    ):
        answer = client.post(f"/submissions/{code}/edit", data={**shown, "problem": text, "sitting": text[:16]})
    assert "It squeals in narrow curves. It rattles on bridges.</textarea>" in answer.text


@on_sqlite
def test_a_choice_must_be_one(world, code):
    answer = choose(world, code, collide(world, code).text, "")
    assert answer.status_code == 422
    assert "Choose a text: The problem now" in answer.text
    assert kept(world, code)["problem"] == "Peeter wrote this about the curves."


@pytest.mark.parametrize("choice", ["mine", "both"])
def test_a_third_text_in_the_meantime_is_shown_before_anything_is_saved(world, code, choice):
    page = collide(world, code).text
    world.client("peeter").post(f"/submissions/{code}/edit", data=typed(world, code, problem="Peeter once more."))
    answer = choose(world, code, page, choice, text="Of wheels and curves.")
    assert answer.status_code == 409
    assert '<p class="kept">Peeter once more.' in answer.text
    mine = "Of wheels and curves." if choice == "both" else "Mari wrote this about the wheels."
    assert f'<p class="kept">{mine}' in answer.text
    assert kept(world, code)["problem"] == "Peeter once more."


def test_a_stale_autosave_is_409_with_the_page_where_both_texts_wait(world, code):
    answer = collide(world, code, headers=JSON)
    assert answer.status_code == 409
    body = answer.json()
    assert (body["url"], body["late"]) == (f"/submissions/{code}/conflict", ["problem"])
    assert body["text"] == "Somebody else changed the same answer. Your text is kept: see both and choose."
    assert body["fresh"]["evidence"] == [["evidence", "Peeter’s numbers."]]
    assert "problem" not in body["bases"]
    mari = world.client("mari")
    assert "See both texts and choose" in mari.get(f"/submissions/{code}/edit").text
    mari.post(f"/submissions/{code}/edit", data=typed(world, code, site="A depot."), headers=JSON)
    assert waiting(mari.get(body["url"]).text) == ["problem"]  # until she has chosen


def test_texts_of_two_pages_wait_side_by_side(world, code):
    mari = world.client("mari")
    pages = [hidden(mari.get(f"/submissions/{code}/edit").text) for _page in range(2)]
    world.client("peeter").post(f"/submissions/{code}/edit", data=typed(world, code, problem="Peeter’s."))
    for number, fields in enumerate(pages):
        answer = mari.post(f"/submissions/{code}/edit", data={**fields, "problem": f"Mari’s {number}."})
    assert waiting(answer.text) == ["problem", "problem"]
    assert '<p class="kept">Mari’s 0.' in html.unescape(answer.text)


def test_a_text_decided_against_does_not_come_back_with_the_next_save_of_its_page(world, code):
    mari = world.client("mari")
    fields = hidden(mari.get(f"/submissions/{code}/edit").text)
    world.client("peeter").post(f"/submissions/{code}/edit", data=typed(world, code, problem="Peeter’s."))
    page = mari.post(f"/submissions/{code}/edit", data={**fields, "problem": "Mari’s."}).text
    choose(world, code, page, "theirs")
    again = mari.post(f"/submissions/{code}/edit", data={**fields, "problem": "Mari’s.", "site": "A depot."})
    assert again.status_code == 303
    assert (kept(world, code)["problem"], kept(world, code)["site"]) == ("Peeter’s.", "A depot.")


def test_answers_lost_on_the_way_are_no_conflict_with_oneself(world, code):
    mari = world.client("mari")
    fields = hidden(mari.get(f"/submissions/{code}/edit").text)
    for text in ("One.", "One. Two.", "One. Two. Three."):  # no answer ever arrived
        assert mari.post(f"/submissions/{code}/edit", data={**fields, "problem": text}).status_code == 303
    assert kept(world, code)["problem"] == "One. Two. Three."
    world.client("peeter").post(f"/submissions/{code}/edit", data=typed(world, code, problem="Peeter’s."))
    late = mari.post(f"/submissions/{code}/edit", data={**fields, "problem": "One. Two. Three."}, headers=JSON)
    assert (late.status_code, late.json()["fresh"]["problem"]) == (200, [["problem", "Peeter’s."]])
    assert kept(world, code)["problem"] == "Peeter’s."


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
        rows = w.session.exec(select(Aside)).all()
        assert [(row.person_id, row.text) for row in rows] == [(PEOPLE["mari"].id, "One last sentence.")]


@on_sqlite
@pytest.mark.parametrize("state", [state for state in S if state not in (S.DRAFT, S.RETURNED)])
def test_what_is_handed_in_is_not_edited(world, state):
    code = submission_in(world, state)
    before = kept(world, code)
    mari = world.client("mari")
    assert mari.get(f"/submissions/{code}/edit").status_code == 409
    data = {**{key: value for key, value in before.items() if value is not False}, "problem": "Changed"}
    assert mari.post(f"/submissions/{code}/edit", data=data, headers=JSON).status_code == 409
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
    assert world.client("mari").post(f"/submissions/{code}/edit", data=data, headers=JSON).status_code == 200
    with world.acting() as w:
        assert answers(w)["since"] == "2019"
