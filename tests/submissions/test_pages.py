from __future__ import annotations

import re

import pytest
from sqlmodel import select

from challenge.submissions.models import Submission
from challenge.submissions.states import SubmissionState as S
from tests.cast import PLACES
from tests.factories.rounds import make_round
from tests.factories.submissions import answers, find, make_interest, make_submission, submission_in
from tests.filling import hidden
from tests.submissions.marks import on_sqlite

STATES = list(S)


def posted(w, **changes):
    """The form as a browser sends it: boxes that are not ticked are absent."""
    given = answers(w, **changes)
    return {name: "yes" if value is True else value for name, value in given.items() if value is not False}


def test_a_city_writes_checks_and_submits(world):
    mari = world.client("mari")
    with world.acting() as w:
        make_round(w)
        form = posted(w)

    assert "Begin a challenge" in mari.get("/submissions").text
    page = mari.get("/submissions/new").text
    city = re.search(r'<option value="(\w{8})"[^>]*>Tartu', page)[1]
    answer = mari.post("/submissions", data={"city": city, "title": "Quiet junctions at night"})
    assert answer.status_code == 303
    edit = answer.headers["location"]
    here = edit.removesuffix("/edit")

    page = mari.get(edit)
    assert page.status_code == 200
    assert 'data-autosave="' in page.text
    answer = mari.post(edit, data={**form, **hidden(page.text), "step": "check"})
    assert answer.headers["location"] == f"{here}/check"
    page = mari.get(f"{here}/check")
    assert "Needs you" not in page.text
    answer = mari.post(f"{here}/transitions/submit", data={"version": version(page)})
    assert answer.status_code == 303
    page = mari.get(here).text
    assert "Submitted" in page
    assert "Receipt" in page
    assert "Challenge 1 of at most 3" in page


def version(response) -> str:
    return re.search(r'name="version" value="(\d+)"', response.text)[1]


@on_sqlite
@pytest.mark.parametrize("state", STATES)
def test_every_state_has_its_page_for_city_and_coordinator(world, state):
    code = submission_in(world, state)
    for name in ("mari", "peeter", "jaan", "olev"):
        for path in ("", "/check", "/files", "/revisions"):
            assert world.client(name).get(f"/submissions/{code}{path}").status_code == 200, (name, path)
    assert code in world.client("mari").get("/submissions").text
    assert code in world.client("jaan").get("/submissions").text


def test_a_challenge_is_read_by_everybody(world):
    code = submission_in(world, S.ACCEPTED)
    with world.acting() as w:
        make_interest(w, find(w, code))
    page = world.client().get(f"/challenges/{code}").text
    assert "3,400" in page
    assert "Helsinki FI" in page
    assert "Mari" not in page
    assert code in world.client().get("/challenges").text


@on_sqlite
def test_the_coordinator_goes_through_the_checklist(world):
    code = submission_in(world, S.IN_REVIEW)
    jaan = world.client("jaan")
    page = jaan.get(f"/submissions/{code}").text
    assert "2 points of the checklist are open" in page
    blocked = jaan.post(f"/submissions/{code}/transitions/accept", data={})
    assert blocked.status_code == 409
    assert jaan.get(f"/submissions/{code}/checklist").status_code == 200
    jaan.post(f"/submissions/{code}/checklist", data={"real": "yes", "no_supplier": "yes", "note": ""})
    assert jaan.post(f"/submissions/{code}/transitions/accept", data={}).status_code == 303
    with world.acting() as w:
        assert find(w, code).state is S.ACCEPTED
    assert world.client("mari").get(f"/submissions/{code}/checklist").status_code == 403


@on_sqlite
def test_lists_are_empty_with_a_next_step(world):
    with world.acting() as w:
        make_round(w)
    assert "Begin a challenge" in world.client("mari").get("/submissions").text
    assert "Read published challenges" in world.client("ravi").get("/submissions").text
    assert "No challenges yet" in world.client("jaan").get("/submissions").text
    assert "No challenges yet" in world.client().get("/challenges").text
    assert world.client("ravi").get("/submissions/new").status_code == 403
    assert world.client("ravi").get("/interests").status_code == 403


@on_sqlite
def test_a_new_challenge_needs_its_title(world):
    with world.acting() as w:
        make_round(w)
    answer = world.client("mari").post("/submissions", data={"city": "", "title": ""})
    assert answer.status_code == 422
    assert "Give the challenge a title" in answer.text
    with world.acting() as w:
        assert w.session.exec(select(Submission)).all() == []


def test_the_coordinators_list_is_filtered(world):
    with world.acting() as w:
        round_ = make_round(w)
        make_submission(w, round_, state=S.SUBMITTED, title="Tram noise")
        make_submission(
            w, round_, city=PLACES["helsinki"], state=S.IN_REVIEW, title="Wasted heat", given={"themes": ["energy"]}
        )
    jaan = world.client("jaan")
    for query, seen, unseen in (
        ("state=submitted", "Tram noise", "Wasted heat"),
        ("theme=energy", "Wasted heat", "Tram noise"),
        ("country=FI", "Wasted heat", "Tram noise"),
        ("q=noise", "Tram noise", "Wasted heat"),
    ):
        page = jaan.get(f"/submissions?{query}").text
        assert seen in page, query
        assert unseen not in page, query
    assert "Nothing fits" in jaan.get("/submissions?q=zebra").text
