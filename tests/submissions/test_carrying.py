"""A second life: a city carries its challenge into a later round; another takes up what found no pilot."""

from __future__ import annotations

import pytest
from sqlmodel import select

from challenge.people.models import Organisation
from challenge.rounds.models import Round
from challenge.submissions.states import SubmissionState as S
from tests.factories.rounds import make_round
from tests.factories.submissions import find, make_submission


@pytest.fixture
def ended(world):
    """Tartu's published challenge that found no pilot; a year on another round is under way."""
    with world.acting() as w:
        code = make_submission(
            w, make_round(w, title="Earlier"), state=S.NOT_PILOTED, title="Know when the water is clean"
        ).code
        make_round(w, title="The next round")
    return code


def begins(world, name, city, code, title="Know when the water is clean"):
    with world.acting() as w:
        place = w.session.exec(select(Organisation.code).where(Organisation.name == city)).one()
    return world.client(name).post("/submissions", data={"city": place, "title": title, "carried_from": code})


def made_by(world, answer):
    code = answer.headers["location"].split("/")[2]
    with world.acting() as w:
        found = find(w, code)
        return found.answers, found.carried_from_id, found.state, found.round_code


def test_its_city_carries_it_on_with_every_answer(world, ended):
    mari = world.client("mari")
    assert "Carry it into The next round" in mari.get(f"/submissions/{ended}").text
    assert 'value="Know when the water is clean"' in mari.get(f"/submissions/new?carried_from={ended}").text
    made = begins(world, "mari", "Tartu", ended)
    assert made.status_code == 303
    answers, from_id, state, round_code = made_by(world, made)
    with world.acting() as w:
        old = find(w, ended)
        assert from_id == old.id
        assert {**old.answers, "title": "x"} == {**answers, "title": "x"}
        assert round_code == w.session.exec(select(Round.code).where(Round.title == "The next round")).one()
    assert state is S.DRAFT
    assert "Goes on as" in mari.get(f"/submissions/{ended}").text
    again = begins(world, "mari", "Tartu", ended, "Another title")
    assert again.status_code == 409
    assert "carries it on in this round already" in again.text


def test_another_city_takes_up_the_problem_and_writes_the_rest(world, ended):
    tiina = world.client("tiina")
    page = tiina.get(f"/challenges/{ended}").text
    assert "Take it up" in page
    made = begins(world, "tiina", "Tallinn", ended, "Clean water in Tallinn too")
    assert made.status_code == 303
    answers, from_id, _state, _round = made_by(world, made)
    with world.acting() as w:
        old = find(w, ended)
        assert from_id == old.id
        assert answers["problem"] == old.answers["problem"]
        assert answers["title"] == "Clean water in Tallinn too"
        assert not {"site", "contact", "deputy", "brings", "evidence"} & {
            key for key, value in answers.items() if value
        }
    code = made.headers["location"].split("/")[2]
    assert "Goes on from" in tiina.get(f"/submissions/{code}").text


@pytest.mark.abuse(11)
def test_a_draft_of_another_city_shows_nowhere(world, ended):
    made = begins(world, "tiina", "Tallinn", ended, "Still a secret of Tallinn")
    code = made.headers["location"].split("/")[2]
    for name in ("mari", "ravi", "nobody"):
        for path in (f"/submissions/{ended}", f"/challenges/{ended}", "/challenges"):
            text = world.client(name).get(path).text
            assert "Still a secret of Tallinn" not in text
            assert code not in text
    assert "Still a secret of Tallinn" in world.client("tiina").get(f"/submissions/{code}").text


@pytest.mark.parametrize("state", [S.ACCEPTED, S.PILOTED])
def test_what_goes_on_or_has_a_pilot_is_not_taken(world, state):
    with world.acting() as w:
        code = make_submission(w, make_round(w, title="Earlier"), state=state, title="Under way").code
        make_round(w, title="The next round")
    for name, city in (("mari", "Tartu"), ("tiina", "Tallinn")):
        refused = begins(world, name, city, code)
        assert refused.status_code == 409
        assert "ended without a pilot" in refused.text


def test_what_was_never_published_is_not_there_for_another_city(world):
    with world.acting() as w:
        code = make_submission(w, make_round(w, title="Earlier"), state=S.REJECTED, title="Not published").code
        make_round(w, title="The next round")
    assert begins(world, "tiina", "Tallinn", code).status_code == 404
    assert world.client("tiina").get(f"/submissions/new?carried_from={code}").status_code == 404
    assert begins(world, "mari", "Tartu", code).status_code == 303


def test_the_api_takes_it_too(world, ended):
    with world.acting() as w:
        round_code = w.session.exec(select(Round.code).where(Round.title == "The next round")).one()
        place = w.session.exec(select(Organisation.code).where(Organisation.name == "Tartu")).one()
    sent = {"round": round_code, "city": place, "title": "Again", "carried_from": ended}
    made = world.client("mari").post("/api/v1/submissions", json=sent)
    assert made.status_code == 201
    with world.acting() as w:
        assert find(w, made.json()["code"]).answers["problem"] == find(w, ended).answers["problem"]
