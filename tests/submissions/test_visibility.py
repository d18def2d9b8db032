"""Who sees what: a draft is as if it were not there for everybody who does not work on it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from challenge.kernel.errors import Missing
from challenge.people.models import Role
from challenge.people.states import RoleName
from challenge.rounds.states import WindowName
from challenge.submissions import queries
from challenge.submissions.models import SubmissionCity
from challenge.submissions.states import OPEN_TO_INTEREST, PUBLIC
from challenge.submissions.states import SubmissionState as S
from tests.cast import PEOPLE, PLACES
from tests.factories.rounds import WINDOWS, make_round
from tests.factories.submissions import find, fresh, make_submission, submission_in
from tests.submissions.marks import on_sqlite

STRANGERS = ("nobody", "sofia", "tiina", "ravi", "lena", "anna")
PATHS = (
    "", "/edit", "/check", "/conflict", "/files", "/revisions", "/receipt", "/receipt.json", "/checklist",
    "/transitions/submit", "/transitions/review",
)  # fmt: skip
NOWHERE = "ZZZZZZZZ"


@on_sqlite
@pytest.mark.parametrize("name", STRANGERS)
@pytest.mark.abuse(11)
def test_a_draft_is_byte_for_byte_as_if_it_were_not_there(world, name):
    code = submission_in(world, S.DRAFT)
    client = world.client(name)
    for base in ("/submissions", "/challenges"):
        for path in PATHS if base == "/submissions" else ("", "/interest", "/questions", "/files/ABCDEFGH"):
            there = client.get(f"{base}/{code}{path}")
            missing = client.get(f"{base}/{NOWHERE}{path}")
            assert there.status_code == missing.status_code, path
            assert there.text.replace(code, NOWHERE) == missing.text, path
            signs_in_first = name == "nobody" and (base == "/submissions" or path == "/interest")
            assert there.status_code == (303 if signs_in_first else 404), path
    for url in ("/submissions", "/interests", "/challenges"):
        assert code not in client.get(url).text
        assert "Quiet junctions" not in client.get(url).text


@on_sqlite
@pytest.mark.parametrize("state", [state for state in S if state not in PUBLIC])
def test_what_is_not_accepted_is_not_public(world, state):
    code = submission_in(world, state)
    assert world.client().get(f"/challenges/{code}").status_code == 404
    assert world.client("sofia").get(f"/submissions/{code}").status_code == 404
    assert "Quiet junctions" not in world.client().get("/challenges").text


@on_sqlite
@pytest.mark.parametrize("state", list(S))
def test_other_cities_see_title_and_summary_once_submitting_is_over(world, state):
    code = submission_in(world, state)
    sofia = world.client("sofia")
    assert "Quiet junctions" not in sofia.get("/interests").text  # challenges are still being submitted
    world.now = WINDOWS[WindowName.INTERESTS][0]
    sofia = fresh(world, "sofia")
    page = sofia.get("/interests").text
    assert ("Quiet junctions" in page) == (state in OPEN_TO_INTEREST)
    assert "Residents filed" not in page  # the problem itself stays with the city until it is accepted
    answer = sofia.get(f"/challenges/{code}/interest")
    assert answer.status_code == (200 if state in OPEN_TO_INTEREST else 404)
    if state in OPEN_TO_INTEREST:
        assert "Tram wheels squeal" in answer.text
        assert "Residents filed" not in answer.text
        assert sofia.get(f"/submissions/{code}").status_code == 404


def test_interest_is_for_people_of_cities(world):
    code = submission_in(world, S.ACCEPTED)
    world.now = WINDOWS[WindowName.INTERESTS][0]
    assert world.client("ravi").get(f"/challenges/{code}/interest").status_code == 403
    assert world.client("ravi").get("/interests").status_code == 403
    assert world.client().get(f"/challenges/{code}/interest").headers["location"].startswith("/sign-in")


def test_further_cities_see_it_and_only_the_lead_city_writes(world):
    code = submission_in(world, S.DRAFT)
    with world.acting() as w:
        w.add(SubmissionCity(submission_id=find(w, code).id, city_id=PLACES["helsinki"].id))
    sofia = world.client("sofia")
    assert sofia.get(f"/submissions/{code}").status_code == 200
    assert code in sofia.get("/submissions").text
    assert sofia.get(f"/submissions/{code}/edit").status_code == 403


def test_a_coordinator_of_one_round_sees_that_round_only(world):
    with world.acting() as w:
        mine, other = make_round(w), make_round(w, title="Another round")
        seen = make_submission(w, mine).code
        unseen = make_submission(w, other, title="In another round").code
        w.add(Role(person_id=PEOPLE["ravi"].id, name=RoleName.COORDINATOR, round_id=mine.id))
    with world.acting("ravi") as w:
        assert queries.visible(w, seen).code == seen
        with pytest.raises(Missing):
            queries.visible(w, unseen)


@on_sqlite
def test_a_public_challenge_tells_no_people(world):
    code = submission_in(world, S.ACCEPTED)
    with world.acting() as w:
        people = find(w, code).answers
    page = world.client().get(f"/challenges/{code}").text
    for secret in ("Mari", "Peeter", people["contact"], people["deputy"], "jaan"):
        assert secret not in page


def test_time_passes_between_the_windows(world):
    code = submission_in(world, S.SUBMITTED)
    world.now = WINDOWS[WindowName.CHALLENGES][1] + timedelta(seconds=119)
    assert code not in fresh(world, "sofia").get("/interests").text
    world.now = WINDOWS[WindowName.CHALLENGES][1] + timedelta(seconds=120)
    page = world.client("sofia").get("/interests").text
    assert "Quiet junctions at night" in page
    assert "opens Mon 1 February 2027" in page
