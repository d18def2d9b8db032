"""Comments, suggestions, earlier texts, who is here: for the team and its partner cities, and for nobody else."""

from __future__ import annotations

import html
import re

import pytest
from sqlmodel import select

from challenge.kernel import patch
from challenge.kernel.comment import Comment
from challenge.kernel.patch import token_of
from challenge.proposals import actions
from challenge.proposals.schemas import Invitation
from challenge.proposals.states import ProposalState as S
from challenge.proposals.states import TeamRole
from tests.cast import PEOPLE
from tests.factories.proposals import TEXT, get, proposal_in, walk
from tests.filling import hidden

JSON = {"accept": "application/json"}
SAID = "Say which laboratory it is."
BETTER = "Sensors above the ice measure the water every hour, and residents see it."


@pytest.fixture
def code(world):
    return proposal_in(world, S.CO_DEVELOPMENT)


def add_mentor(world, code):
    with world.acting("ravi") as w:
        actions.invite_member(w, get(w, code), Invitation(name="Eero", email="eero@example.org", role=TeamRole.MENTOR))
    with world.acting("eero") as w:
        actions.accept_invitation(w, get(w, code))


def suggest(world, code, name, **fields):
    sent = {"base": token_of(TEXT), "text": SAID, "proposed": BETTER, **fields}
    return world.client(name).post(f"/proposals/{code}/answers/method", data=sent)


def settle(world, code, name, act, base=TEXT):
    with world.acting(writing=False) as w:
        made = w.session.exec(select(Comment).order_by(Comment.id)).first()
    sent = {"act": act, "base": token_of(base)}
    return world.client(name).post(f"/proposals/{code}/answers/method/comments/{made.code}", data=sent)


def test_a_city_suggests_and_whoever_writes_takes_it_over_in_both_names(world, code):
    assert suggest(world, code, "sofia").status_code == 303
    page = html.unescape(world.client("ravi").get(f"/proposals/{code}/answers/method").text)
    assert SAID in page
    assert re.search(r"<del>.*under</del>", page)
    assert re.search(r"<ins>.*above</ins>", page)
    assert "One open comment" in world.client("ravi").get(f"/proposals/{code}/edit?part=plan").text
    assert settle(world, code, "ravi", "accept").status_code == 303
    with world.acting(writing=False) as w:
        assert get(w, code).answers["method"] == BETTER
        last = patch.latest(w, "proposal", code, "method")
        assert (last.by_id, last.suggested_by_id) == (PEOPLE["ravi"].id, PEOPLE["sofia"].id)
    page = world.client("mari").get(f"/proposals/{code}/answers/method/history").text
    assert "Ravi Rao" in page
    assert "suggested by Sofia Salo" in page
    assert settle(world, code, "ravi", "accept").status_code == 409  # once


def test_who_may_not_write_suggests_but_does_not_take_over(world, code):
    add_mentor(world, code)
    assert suggest(world, code, "eero").status_code == 303
    for name in ("eero", "sofia"):
        assert "Take this text over" not in world.client(name).get(f"/proposals/{code}/answers/method").text
        assert settle(world, code, name, "accept").status_code == 403
    assert "Take this text over" in world.client("ravi").get(f"/proposals/{code}/answers/method").text


def test_a_text_that_changed_since_is_looked_at_again_before_a_suggestion_goes_over_it(world, code):
    suggest(world, code, "sofia")
    with world.acting("ravi") as w:
        actions.revise(w, get(w, code), {"method": "Another method."})
    answer = settle(world, code, "ravi", "accept")
    assert answer.status_code == 409
    assert "The text changed in the meantime" in answer.text
    with world.acting(writing=False) as w:
        assert get(w, code).answers["method"] == "Another method."
        assert w.session.exec(select(Comment.ended_at)).one() is None
    assert settle(world, code, "ravi", "accept", "Another method.").status_code == 303


def test_nothing_is_taken_over_once_it_is_handed_in(world, code):
    suggest(world, code, "sofia")
    walk(world, code, "submit_pilot_proposal")
    assert settle(world, code, "ravi", "accept").status_code == 409
    assert settle(world, code, "ravi", "resolve").status_code == 303


def test_a_comment_is_resolved_and_reopened(world, code):
    suggest(world, code, "mari", proposed=TEXT)  # only words
    with world.acting(writing=False) as w:
        assert w.session.exec(select(Comment.proposed)).one() is None
    for act, waits in (("resolve", 0), ("reopen", 1)):
        assert settle(world, code, "sofia", act).status_code == 303
        page = world.client("ravi").get(f"/proposals/{code}/answers/method").text
        assert ("One settled comment" in page) == (waits == 0)
    assert settle(world, code, "sofia", "forget").status_code == 404


def test_an_empty_comment_is_none(world, code):
    answer = suggest(world, code, "mari", text=" ", proposed=TEXT)
    assert answer.status_code == 422
    assert "Write a comment, or change the text you suggest" in answer.text


@pytest.mark.parametrize("name", ["lena", "katrin", "eero", "nobody", "jaan", "olev", "peeter"])
def test_only_those_who_work_on_it_read_and_say(world, code, name):
    """Peeter is of a partner city and shows that the pages are there; the coordinator reads the proposal, not this."""
    suggest(world, code, "sofia")
    client, base = world.client(name), f"/proposals/{code}/answers/method"
    expected = {"peeter": {200, 303}, "jaan": {403}, "olev": {403}, "nobody": {303, 401}}.get(name, {404})
    answers = [
        client.get(base),
        client.get(f"{base}/history?new=1"),
        client.post(f"/proposals/{code}/here"),
        client.post(base, data={"text": "x", "base": token_of(TEXT)}),
        settle(world, code, name, "resolve"),
    ]
    assert {answer.status_code for answer in answers} == expected
    assert (SAID in answers[0].text) == (name == "peeter")
    check = client.get(f"/proposals/{code}/check").text
    assert ("One open comment" in check) == (name == "peeter")


def type_in(world, code, text, page=None):
    client = world.client("ravi")
    page = page or hidden(client.get(f"/proposals/{code}/edit?part=risks").text)
    assert client.post(f"/proposals/{code}/edit?part=risks", data={**page, "risks": text}).status_code == 303
    return page


def test_earlier_texts_are_read_compared_and_brought_back(world, code):
    page = type_in(world, code, "Ice breaks")
    type_in(world, code, "Ice breaks the buoys.", page)
    world.move(minutes=1)
    type_in(world, code, "Storms.")
    url, ravi = f"/proposals/{code}/answers/risks/history", world.client("ravi")
    shown = ravi.get(url).text
    assert "Show all 4" in shown  # two were typed on one page
    assert shown.count("What changed<") == 4  # the head of the column, and three rows
    one = ravi.get(f"{url}?new=3").text
    assert '<p class="kept">Ice breaks the buoys.</p>' in one
    assert re.search(r"<ins>.*buoys", one)
    assert "Bring this text back" in ravi.get(f"{url}?new=2&every=1").text
    assert "Bring this text back" not in world.client("sofia").get(f"{url}?new=2&every=1").text

    stale = ravi.post(url, data={"number": "3", "base": token_of("Ice breaks")})
    assert stale.status_code == 409
    assert world.client("sofia").post(url, data={"number": "3", "base": token_of("Storms.")}).status_code == 403
    assert ravi.post(url, data={"number": "3", "base": token_of("Storms.")}).status_code == 303
    with world.acting(writing=False) as w:
        assert get(w, code).answers["risks"] == "Ice breaks the buoys."
        texts = [version.text for version in patch.versions(w, "proposal", code, "risks")]
    assert texts == [TEXT, "Ice breaks", "Ice breaks the buoys.", "Storms.", "Ice breaks the buoys."]
    assert ravi.post(url, data={"number": "99", "base": ""}).status_code == 404
    assert ravi.get(f"/proposals/{code}/answers/no_such_question").status_code == 404


def test_choices_and_tables_have_a_history_too(world, code):
    with world.acting("ravi") as w:
        actions.revise(w, get(w, code), {"mims": ["mim3"], "months": 24, "indicators": ["A | 1 | 2"], "publish": False})
    for question in ("mims", "months", "indicators", "publish"):
        page = world.client("ravi").get(f"/proposals/{code}/answers/{question}/history?new=2")
        assert "Bring this text back" not in page.text
        answer = world.client("ravi").post(
            f"/proposals/{code}/answers/{question}/history",
            data={"number": "1", "base": _token(world, code, question)},
        )
        assert answer.status_code == 303
    with world.acting(writing=False) as w:
        now = get(w, code)
        assert (now.answers["mims"], now.answers["months"], now.months) == (["mim1", "mim7"], "36", 36)
        assert (now.answers["publish"], now.publish) == (True, True)


def _token(world, code, question):
    with world.acting(writing=False) as w:
        return token_of(get(w, code).answers[question])


def test_the_form_says_who_is_at_which_question(world, code):
    with world.acting("ravi") as w:
        actions.invite_member(w, get(w, code), Invitation(name="Eero", email="eero@example.org", role=TeamRole.CO_LEAD))
    with world.acting("eero") as w:
        actions.accept_invitation(w, get(w, code))
    ravi, eero = world.client("ravi"), world.client("eero")
    assert ravi.post(f"/proposals/{code}/here", data={"question": "risks"}).json()["here"] == []
    told = eero.post(f"/proposals/{code}/here", data={"question": "impact"}).json()
    assert told["here"] == [{"name": "Ravi Rao", "question": "risks", "text": "Ravi Rao is at: Risks"}]
    assert "Ravi Rao is at: Risks" in eero.get(f"/proposals/{code}/edit?part=risks").text
    assert "Ravi Rao" in eero.get(f"/proposals/{code}").text
    ravi.post(f"/proposals/{code}/here", data={"leaving": "1"})
    assert eero.post(f"/proposals/{code}/here", data={"question": "impact"}).json()["here"] == []
    assert "is at:" not in eero.get(f"/proposals/{code}/edit?part=risks").text


def test_texts_of_earlier_gates_are_there_and_not_asked_again(world):
    code = proposal_in(world, S.FINALIST)
    edit = world.client("ravi").get(f"/proposals/{code}/edit?part=answer").text
    assert TEXT in edit  # of the idea
    with world.acting(writing=False) as w:
        texts = patch.versions(w, "proposal", code, "answer")
    assert [version.text for version in texts] == [TEXT]


def test_programs_save_question_by_question_too(world, code):
    ravi, path = world.client("ravi"), f"/api/v1/proposals/{code}"
    shown = ravi.get(path).json()["bases"]
    with world.acting("ravi") as w:
        actions.revise(w, get(w, code), {"risks": "Storms."})
    answers = {"risks": "Ice.", "impact": "Cleaner water."}
    late = ravi.patch(path, json={"answers": answers, "bases": shown})
    assert (late.status_code, late.headers["content-type"]) == (409, "application/problem+json")
    texts = {"yours": "Ice.", "theirs": "Storms.", "began": TEXT, "base": token_of("Storms.")}
    assert (late.json()["code"], late.json()["texts"]) == ("other_text", {"risks": texts})
    with world.acting(writing=False) as w:
        assert (get(w, code).answers["risks"], get(w, code).answers["impact"]) == ("Storms.", "Cleaner water.")
    over = {"answers": {"risks": "Ice and storms."}, "bases": {"risks": texts["base"]}}
    assert ravi.patch(path, json=over).status_code == 200
    assert ravi.patch(path, json={"answers": {"risks": "Whatever."}}).status_code == 428
