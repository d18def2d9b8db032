"""Notes to the panel and the team's answer in JSON: the same acts and the same refusals as on the pages."""

import pytest

from challenge.policy.redaction import BAR
from tests.factories.blind import SENTENCE, blind_round, confirmed, named_in
from tests.factories.consensus import make_note, make_reaction, panel_of
from tests.factories.jury import make_juror, make_submitted, proposal_of, round_of
from tests.factories.proposals import make_proposal
from tests.factories.rounds import make_round

API = "/api/v1/proposals"


def test_the_panel_reads_and_writes_notes(world):
    codes = panel_of(world)
    path, lena = f"{API}/{codes['p1']}/notes", world.client("lena")
    assert lena.get(path).json() == {"gate": "full_proposal", "items": []}
    made = lena.post(path, json={"text": "I read the budget twice."})
    assert made.status_code == 201
    assert [(one["juror"], one["text"]) for one in world.client("oskar").get(path).json()["items"]] == [
        ("Lena Lind", "I read the budget twice.")
    ]
    assert world.client("olev").get(path).status_code == 200
    assert lena.post(path, json={"text": ""}).status_code == 422
    assert lena.post(path, json={"text": "x", "juror": "other"}).status_code == 422


@pytest.mark.abuse(1, 10)
@pytest.mark.parametrize("name", ["ravi", "mari", "tiina", "anna"])
def test_notes_are_not_there_for_others(world, name):
    codes = panel_of(world)
    with world.acting() as w:
        make_note(w, proposal_of(w, codes["p1"]), "lena", "Between us.")
        make_juror(w, round_of(w, codes["round"]), "tiina")
    client, path = world.client(name), f"{API}/{codes['p1']}/notes"
    assert client.get(path).status_code == client.get(f"{API}/ZZZZZZZZ/notes").status_code == 404
    assert client.post(path, json={"text": "x"}).status_code == 404
    assert "Between us." in world.client("lena").get(path).text


def test_coordinators_read_along_and_write_nothing(world):
    codes = panel_of(world)
    path, jaan = f"{API}/{codes['p1']}/notes", world.client("jaan")
    assert jaan.get(path).status_code == 200
    assert jaan.post(path, json={"text": "x"}).status_code == 403


def test_before_enough_are_in_the_discussion_is_closed(world):
    codes = panel_of(world, {"lena": 30})
    answer = world.client("lena").get(f"{API}/{codes['p1']}/notes")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_open")


def test_the_team_reads_the_comments_and_answers_once(world):
    codes = panel_of(world)
    with world.acting() as w:
        comments = [{"criterion": "impact", "text": "Clear."}, {"criterion": "", "text": "Fund it."}]
        make_reaction(w, proposal_of(w, codes["p1"]), comments=comments)
    path, ravi = f"{API}/{codes['p1']}/reaction", world.client("ravi")
    found = ravi.get(path).json()
    assert found["comments"] == [{"criterion": "impact", "texts": ["Clear."]}, {"criterion": "", "texts": ["Fund it."]}]
    assert (found["most_words"], found["text"], found["answered_at"]) == (1000, "", None)
    long = ravi.post(path, json={"text": "word " * 1001})
    assert (long.status_code, "text" in long.json()["errors"]) == (422, True)
    assert ravi.post(path, json={"text": "The budget is on page 3."}).json()["text"] == "The budget is on page 3."
    again = ravi.post(path, json={"text": "More."})
    assert (again.status_code, again.json()["code"]) == (409, "answered")


@pytest.mark.abuse(11)
@pytest.mark.parametrize("name", ["lena", "eero", "katrin", "anna"])
def test_comments_are_not_there_for_others(world, name):
    codes = panel_of(world)
    with world.acting() as w:
        make_reaction(w, proposal_of(w, codes["p1"]))
    path = f"{API}/{codes['p1']}/reaction"
    assert world.client(name).get(path).status_code == world.client(name).get(f"{API}/ZZZZZZZZ/reaction").status_code
    assert world.client(name).post(path, json={"text": "x"}).status_code == 404
    assert world.client("ravi").get(path).status_code == 200


def test_without_comments_there_is_nothing_to_answer(world):
    with world.acting() as w:
        code = make_proposal(w, make_round(w)).code
    assert world.client("ravi").get(f"{API}/{code}/reaction").status_code == 404


def test_what_the_api_says_of_a_review_names_nobody_where_jurors_read_without_names(world):
    codes = blind_round(world)
    confirmed(world, codes["p1"])
    with world.acting() as w:
        proposal = proposal_of(w, codes["p1"])
        for name in ("lena", "oskar", "ilse"):
            review = make_submitted(w, proposal, make_juror(w, round_of(w, codes["round"]), name), 30).code
        make_note(w, proposal, "oskar", "Good.")
        make_reaction(w, proposal, text=SENTENCE)
    lena = world.client("lena")
    for address in ("/api/v1/reviews", f"/api/v1/reviews/{review}", f"{API}/{codes['p1']}/notes"):
        assert named_in(lena.get(address).text) == set()
    assert BAR in lena.get("/api/v1/reviews").json()["items"][0]["title"]
    assert lena.get(f"{API}/{codes['p1']}/reaction").status_code == 404
