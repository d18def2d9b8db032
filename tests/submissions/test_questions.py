"""Public questions: nothing shows before it is published, and no answer is edited silently."""

from __future__ import annotations

import pytest
from sqlmodel import select

from challenge.kernel.errors import Forbidden, Refused
from challenge.rounds.models import Round
from challenge.rounds.states import RoundState
from challenge.submissions import actions
from challenge.submissions.models import Question
from challenge.submissions.states import SubmissionState as S
from tests.factories.submissions import find, submission_in
from tests.submissions.marks import on_sqlite

TEXT = "May a solution change the tram as well as the track?"


@pytest.fixture
def code(world):
    return submission_in(world, S.ACCEPTED)


def asked(world, code, name="nobody", text=TEXT):
    """A question on the challenge, asked on the web; gives back its code."""
    answer = world.client(name).post(f"/challenges/{code}/questions", data={"text": text})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/challenges/{code}")
    with world.acting() as w:
        return w.session.exec(select(Question.code).order_by(Question.id.desc())).first()


def test_a_visitors_question_shows_when_a_coordinator_has_published_it(world, code):
    question = asked(world, code)
    visitor, jaan, mari = world.client(), world.client("jaan"), world.client("mari")
    assert TEXT not in visitor.get(f"/challenges/{code}").text
    assert TEXT not in visitor.get(f"/challenges/{code}/questions").text
    assert TEXT not in mari.get("/questions").text
    assert mari.get(f"/questions/{question}").status_code == 404
    assert TEXT in jaan.get("/questions").text
    assert mari.post(f"/questions/{question}/publication").status_code == 404
    assert jaan.post(f"/questions/{question}/publication").status_code == 303
    page = visitor.get(f"/challenges/{code}").text
    assert TEXT in page
    assert "Waiting for an answer" in page
    assert "by a visitor" in page


def test_the_city_answers_and_a_correction_stands_beneath_the_answer(world, code):
    question = asked(world, code, "ravi")
    world.client("jaan").post(f"/questions/{question}/publication")
    mari, visitor = world.client("mari"), world.client()
    assert TEXT in mari.get("/questions").text
    assert mari.post(f"/questions/{question}/answer", data={"text": ""}).status_code == 422
    assert mari.post(f"/questions/{question}/answer", data={"text": "Yes, on two trams."}).status_code == 303
    assert "Yes, on two trams." in visitor.get(f"/challenges/{code}").text
    assert mari.post(f"/questions/{question}/answer", data={"text": "On three trams."}).status_code == 303
    assert mari.post(f"/questions/{question}/answer", data={"text": "Of the 2018 series."}).status_code == 303
    page = visitor.get(f"/challenges/{code}").text
    for text in ("Yes, on two trams.", "On three trams.", "Of the 2018 series.", "Corrected"):
        assert text in page
    assert "Ravi" not in page
    with world.acting("mari") as w, pytest.raises(Refused) as refused:
        actions.answer_question(w, w.session.exec(select(Question)).one(), "Quite another answer")
    assert refused.value.problem.code == "answered"


def test_a_refused_question_never_shows(world, code):
    question = asked(world, code)
    jaan = world.client("jaan")
    assert jaan.post(f"/questions/{question}/refusal").status_code == 303
    assert TEXT not in world.client().get(f"/challenges/{code}").text
    assert TEXT not in jaan.get("/questions").text
    assert jaan.post(f"/questions/{question}/publication").status_code == 409
    assert jaan.post(f"/questions/{question}/answer", data={"text": "Yes"}).status_code == 409


def test_questions_on_a_round_stand_on_the_rounds_page(world, code):
    with world.acting() as w:
        round_code = w.session.exec(select(Round.code)).one()
    visitor = world.client()
    url = f"/rounds/{round_code}/questions"
    assert visitor.post(url, data={"text": "Can two partner cities be from the same country?"}).status_code == 303
    assert "same country" not in visitor.get(url).text
    with world.acting() as w:
        question = w.session.exec(select(Question.code)).one()
    jaan = world.client("jaan")
    jaan.post(f"/questions/{question}/answer", data={"text": "Yes, with one of Estonia."})
    assert "same country" not in visitor.get(url).text  # answered, and still not published
    jaan.post(f"/questions/{question}/publication")
    assert "Yes, with one of Estonia." in visitor.get(url).text
    assert "same country" not in visitor.get(f"/challenges/{code}").text
    assert world.client("mari").get(f"/questions/{question}").status_code == 404


def test_too_many_unread_questions_are_refused_for_an_hour(world, code):
    for number in range(20):
        asked(world, code, text=f"Question number {number}?")
    answer = world.client().post(f"/challenges/{code}/questions", data={"text": TEXT})
    assert answer.status_code == 409
    assert "Many questions are waiting to be read." in answer.text
    world.move(minutes=61)
    asked(world, code)


def test_read_questions_do_not_count_against_the_next(world, code):
    codes = [asked(world, code, text=f"Question number {number}?") for number in range(20)]
    for question in codes[:2]:
        world.client("jaan").post(f"/questions/{question}/publication")
    asked(world, code)


@on_sqlite
@pytest.mark.parametrize("text", ["", "short", "x" * 2001])
def test_a_question_has_a_length(world, code, text):
    assert world.client().post(f"/challenges/{code}/questions", data={"text": text}).status_code == 422


def test_no_questions_on_what_nobody_may_read_or_when_the_round_is_over(world):
    code = submission_in(world, S.SUBMITTED)
    assert world.client().get(f"/challenges/{code}/questions").status_code == 404
    assert world.client().post(f"/challenges/{code}/questions", data={"text": TEXT}).status_code == 404
    with world.acting() as w:
        round_ = w.session.exec(select(Round)).one()
        round_.state = RoundState.CLOSED
        round_code = round_.code
    answer = world.client().post(f"/rounds/{round_code}/questions", data={"text": TEXT})
    assert answer.status_code == 409
    assert world.client().get(f"/rounds/{round_code}/questions").status_code == 200


def test_only_coordinators_decide_and_only_the_city_or_they_answer(world, code):
    asked(world, code)
    with world.acting("sofia") as w:
        question = w.session.exec(select(Question)).one()
        for act in (actions.publish_question, actions.refuse_question):
            with pytest.raises(Forbidden):
                act(w, question)
        with pytest.raises(Forbidden):
            actions.answer_question(w, question, "Ours is better.")
    with world.acting("peeter") as w:
        actions.answer_question(w, w.session.exec(select(Question)).one(), "Yes.")
    with world.acting() as w:
        assert find(w, code).state is S.ACCEPTED
