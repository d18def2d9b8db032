"""Comments and the team's tasks in JSON: the same acts, the same refusals, the same people as on the pages."""

from __future__ import annotations

import pytest
from sqlmodel import select

from challenge.kernel.comment import Comment
from challenge.kernel.patch import token_of
from challenge.notifications.models import Message
from challenge.people.models import Person
from challenge.proposals import actions
from challenge.proposals.asks import NewTask
from challenge.proposals.states import ProposalState as S
from tests.cast import PEOPLE
from tests.factories.proposals import get, proposal_in
from tests.factories.rounds import make_round
from tests.factories.submissions import make_submission
from tests.proposals.test_tasks import joins
from tests.ticking import tick

API = "/api/v1/proposals"
SECRET = "Between us Zirkonium"


@pytest.fixture
def code(world):
    """Ravi leads, Oskar is in the team, Tartu and Helsinki are partners; the risks are not written."""
    made = proposal_in(world, S.CO_DEVELOPMENT)
    with world.acting() as w:
        joins(w, get(w, made), "oskar")
    with world.acting("ravi") as w:
        actions.revise(w, get(w, made), {"risks": ""})
    return made


def who(world, name):
    with world.acting(writing=False) as w:
        return w.session.get_one(Person, PEOPLE[name].id).code


def says(world, code, name, question="summary", **body):
    return world.client(name).post(f"{API}/{code}/answers/{question}/comments", json=body)


def test_a_comment_is_said_read_and_names_people_who_hear_of_it(world, code):
    made = says(world, code, "mari", text=SECRET, tell=[who(world, "oskar")])
    assert (made.status_code, made.json()["by"], made.json()["state"]) == (201, "Mari Maasikas", "open")
    says(world, code, "oskar", "risks", text="@Ravi look")
    found = world.client("ravi").get(f"{API}/{code}/comments").json()
    assert [(one["question"], one["by"], one["text"]) for one in found["items"]] == [
        ("summary", "Mari Maasikas", SECRET), ("risks", "Oskar Olsen", "@Ravi look"),
    ]  # fmt: skip
    assert found["people"] == [{"code": who(world, "oskar"), "name": "Oskar Olsen"}]
    narrowed = world.client("ravi").get(f"{API}/{code}/comments?question=risks").json()
    assert [one["text"] for one in narrowed["items"]] == ["@Ravi look"]
    assert SECRET in world.client("ravi").get(f"/proposals/{code}/answers/summary").text
    tick(world)
    with world.acting(writing=False) as w:
        rows = w.session.exec(select(Message.person_id).where(Message.template == "proposal.mention.teammates")).all()
    assert set(rows) == {PEOPLE["oskar"].id, PEOPLE["ravi"].id}


def test_a_suggested_text_is_taken_over_where_the_text_it_saw_still_stands(world, code):
    ravi = world.client("ravi")
    base = ravi.get(f"{API}/{code}").json()["bases"]["summary"]
    made = says(world, code, "mari", proposed="Better.", base=base).json()
    assert (made["proposed"], made["base"]) == ("Better.", base)
    path = f"{API}/{code}/answers/summary/comments/{made['code']}"
    assert world.client("mari").post(path, json={"act": "accept", "base": base}).status_code == 403  # may not write
    stale = ravi.post(path, json={"act": "accept", "base": token_of("Else")})
    assert (stale.status_code, stale.json()["code"]) == (409, "changed")
    taken = ravi.post(path, json={"act": "accept", "base": base})
    assert (taken.status_code, taken.json()["state"], taken.json()["ended_by"]) == (200, "taken_over", "Ravi Rao")
    assert ravi.get(f"{API}/{code}").json()["summary"] == "Better."
    again = ravi.post(path, json={"act": "resolve"})
    assert (again.status_code, again.json()["code"]) == (409, "comment_not_open")
    assert ravi.post(path, json={"act": "reopen"}).json()["state"] == "open"
    assert ravi.post(path, json={"act": "resolve"}).json()["state"] == "resolved"


def test_what_is_wrong_is_said_by_answer(world, code):
    empty = says(world, code, "ravi")
    assert (empty.status_code, set(empty.json()["errors"])) == (422, {"text"})
    same = says(world, code, "ravi", proposed="", base=token_of(""), text="")
    assert same.status_code == 422
    for stranger in ("mari", "jaan", "tiina", "ravi"):  # a partner city, the coordinator, a stranger, oneself
        answer = says(world, code, "ravi", text="Look", tell=[who(world, stranger)])
        assert (answer.status_code, set(answer.json()["errors"])) == (422, {"tell"}), stranger
    assert says(world, code, "ravi", text="x" * 4_001).status_code == 422
    assert says(world, code, "ravi", "no_question", text="x").status_code == 404
    assert says(world, code, "ravi", text="x", accepted=True).status_code == 422
    with world.acting(writing=False) as w:
        assert w.session.exec(select(Comment)).all() == []


def test_a_key_makes_it_happen_once(world, code):
    ravi = world.client("ravi")
    for path, body in (
        (f"{API}/{code}/answers/summary/comments", {"text": "Once"}), (f"{API}/{code}/tasks", {"title": "Once"}),
    ):  # fmt: skip
        first, second = (ravi.post(path, json=body, headers={"idempotency-key": path}) for _turn in range(2))
        assert first.json() == second.json()
        assert (first.status_code, second.status_code, second.headers["idempotent-replay"]) == (201, 201, "true")
    assert len(ravi.get(f"{API}/{code}/comments").json()["items"]) == 1
    assert [one["title"] for one in ravi.get(f"{API}/{code}/tasks").json()["items"] if one["own"]] == ["Once"]


@pytest.mark.abuse(11)
def test_who_does_not_work_on_it_reads_and_says_nothing(world, code):
    says(world, code, "ravi", text=SECRET)
    with world.acting("ravi") as w:
        actions.add_task(w, get(w, code), NewTask(title=SECRET))
    assert SECRET in world.client("oskar").get(f"{API}/{code}/comments").text
    assert SECRET in world.client("oskar").get(f"{API}/{code}/tasks").text
    assert SECRET in world.client("mari").get(f"{API}/{code}/comments").text
    for name, comments, tasks in (("mari", 200, 403), ("jaan", 403, 403), ("olev", 403, 403), ("eero", 404, 404),
                                  ("tiina", 404, 404), ("lena", 404, 404), ("nobody", 401, 401)):  # fmt: skip
        answers = [world.client(name).get(f"{API}/{code}/{what}") for what in ("comments", "tasks")]
        assert [answer.status_code for answer in answers] == [comments, tasks], name
        assert SECRET not in "".join(answer.text for answer in answers if answer.status_code != 200)
        if comments != 200:
            assert says(world, code, name, text="x").status_code == comments
        assert world.client(name).post(f"{API}/{code}/tasks", json={"title": "x"}).status_code == tasks


def test_a_task_is_written_down_given_done_opened_and_taken_off(world, code):
    ravi, path = world.client("ravi"), f"{API}/{code}/tasks"
    oskar = who(world, "oskar")
    before = ravi.get(path).json()["items"]
    assert [(one["key"], one["own"]) for one in before][:1] == [("part-risks", False)]
    given = ravi.put(f"{path}/part-risks/assignment", json={"person": oskar, "due_on": "2027-03-01"}).json()["items"][0]
    assert (given["person"], given["name"], given["due_on"]) == (oskar, "Oskar Olsen", "2027-03-01")
    assert "part-risks" in {one["key"] for one in world.client("oskar").get(path).json()["items"]}
    made = ravi.post(path, json={"title": "Ask the harbour master", "person": oskar, "due_on": "2027-03-05"})
    own = next(one for one in made.json()["items"] if one["own"])
    assert (made.status_code, own["title"], own["done_at"]) == (201, "Ask the harbour master", None)
    assert "Your task: Ask the harbour master" in world.client("oskar").get("/home").text
    one = f"{path}/{own['key']}"

    def done_at(answer):
        return next(task for task in answer.json()["items"] if task["own"])["done_at"]

    assert done_at(world.client("oskar").put(f"{one}/done")) is not None
    assert done_at(ravi.delete(f"{one}/done")) is None
    assert [task["own"] for task in ravi.delete(one).json()["items"] if task["own"]] == []
    assert ravi.delete(one).status_code == 404
    assert ravi.put(f"{path}/part-risks/done").status_code == 404  # the gate says when it is done


def test_a_task_is_given_to_the_team_only(world, code):
    path = f"{API}/{code}/tasks"
    for body in ({"title": "x", "person": who(world, "mari")}, {"title": "x", "person": "ZZZZZZZZ"}):
        answer = world.client("ravi").post(path, json=body)
        assert (answer.status_code, set(answer.json()["errors"])) == (422, {"person"})
    assert world.client("ravi").post(path, json={"title": ""}).status_code == 422
    assert world.client("ravi").put(f"{path}/ZZZZZZZZ/assignment", json={}).status_code == 404


def test_the_people_of_a_city_talk_of_their_challenge(world):
    with world.acting() as w:
        mine = make_submission(w, make_round(w)).code
    path = f"/api/v1/submissions/{mine}"
    made = world.client("peeter").post(f"{path}/answers/title/comments", json={"text": SECRET})
    assert made.status_code == 201
    assert SECRET in world.client("mari").get(f"{path}/comments").text
    assert world.client("sofia").get(f"{path}/comments").status_code == 404
