from datetime import timedelta

import pytest

from challenge.people import actions as people
from challenge.people.models import Organisation
from challenge.rounds.states import WindowName
from challenge.submissions.states import SubmissionState as S
from tests.cast import PEOPLE, PLACES
from tests.factories.proposals import make_challenge
from tests.factories.rounds import WINDOWS, make_round
from tests.factories.submissions import make_submission, submission_in


class Caller:
    """A program with a bearer token and no cookie."""

    def __init__(self, world, name):
        with world.acting(name) as w:
            token = people.create_token(w, PEOPLE[name].id, "test", 30)
        self.client, self.headers = world.client(), {"authorization": f"Bearer {token}"}

    def __call__(self, method, path, *, headers=None, **kwargs):
        return self.client.request(method, f"/api/v1{path}", headers={**self.headers, **(headers or {})}, **kwargs)


def codes(world):
    with world.acting() as w:
        made = make_round(w)
        return made.code, {name: w.session.get_one(Organisation, place.id).code for name, place in PLACES.items()}


def test_nobody_is_asked_to_sign_in(world):
    answer = world.client().get("/api/v1/submissions")
    assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")
    assert answer.headers["www-authenticate"] == "Bearer"


def test_a_draft_is_begun_changed_and_submitted_in_json(world):
    round_code, places = codes(world)
    mari = Caller(world, "mari")
    begun = mari("POST", "/submissions", json={"round": round_code, "city": places["tartu"], "title": "Quiet"})
    assert begun.status_code == 201
    path = begun.headers["location"].removeprefix("/api/v1")
    assert mari("PATCH", path, json={"answers": {"summary": "x"}}).status_code == 428
    stale = mari("PATCH", path, json={"answers": {"summary": "x"}}, headers={"if-match": '"99"'})
    assert stale.status_code == 412
    changed = mari("PATCH", path, json={"answers": {"summary": "x"}}, headers={"if-match": begun.headers["etag"]})
    assert changed.json()["answers"]["summary"] == "x"
    refused = mari("POST", f"{path}/transitions/submit")
    assert (refused.status_code, refused.json()["code"]) == (409, refused.json()["code"])
    assert "problem" in refused.json()["errors"]


def test_what_is_offered_says_why_it_is_blocked(world):
    code = submission_in(world, S.DRAFT)
    with world.acting("mari") as w:
        w.session.flush()
    answer = Caller(world, "mari")("GET", f"/submissions/{code}/transitions")
    assert answer.status_code == 200
    assert [row["name"] for row in answer.json()["transitions"] if row["blocked_because"] is None][:1] == ["submit"]
    assert Caller(world, "sofia")("GET", f"/submissions/{code}/transitions").status_code == 404


@pytest.mark.abuse(38)
def test_the_same_key_does_it_once(world):
    round_code, places = codes(world)
    mari = Caller(world, "mari")
    body = {"round": round_code, "city": places["tartu"], "title": "Once"}
    key = {"idempotency-key": "abc"}
    first, second = (mari("POST", "/submissions", json=body, headers=key) for _turn in range(2))
    assert first.json()["code"] == second.json()["code"]
    assert second.headers["idempotent-replay"] == "true"
    other = mari("POST", "/submissions", json={**body, "title": "Other"}, headers=key)
    assert (other.status_code, other.json()["code"]) == (409, "key_reused")
    assert len(mari("GET", "/submissions").json()["items"]) == 1


@pytest.mark.abuse(12)
def test_unknown_answers_are_refused(world):
    round_code, places = codes(world)
    body = {"round": round_code, "city": places["tartu"], "title": "x", "state": "accepted"}
    answer = Caller(world, "mari")("POST", "/submissions", json=body)
    assert answer.status_code == 422
    assert "state" in answer.json()["errors"]


def test_interest_is_put_and_its_cap_said(world):
    with world.acting() as w:
        round_ = make_round(w)
        made = [make_submission(w, round_, city=PLACES["helsinki"], state=S.SUBMITTED, title=f"C{n}", slot=n + 1)
                for n in range(3)]  # fmt: skip
        found = [row.code for row in made]
        tartu = w.session.get_one(Organisation, PLACES["tartu"].id).code
    world.move(days=23)
    mari = Caller(world, "mari")
    answer = mari("PUT", f"/submissions/{found[0]}/interests/{tartu}", json={"reason": "Ours too."})
    assert answer.status_code == 200, answer.text
    again = mari("PUT", f"/submissions/{found[0]}/interests/{tartu}", json={"reason": "Ours too."})
    assert again.status_code == 409


def test_cities_are_found_by_name_with_their_source(world):
    found = world.client().get("/api/v1/cities", params={"q": "tart"}).json()["items"]
    assert [row["name"] for row in found] == ["Tartu"]
    assert "GeoNames" in world.client().get(f"/api/v1/cities/{found[0]['code']}").json()["source"]


@pytest.mark.parametrize("path", ["/rounds", "/challenges", "/cities"])
def test_what_is_public_needs_no_token(world, path):
    codes(world)
    assert world.client().get(f"/api/v1{path}").status_code == 200


def test_the_document_names_every_transition(world):
    document = world.client().get("/api/v1/openapi.json").json()
    assert "/api/v1/submissions/{code}/transitions/submit" in document["paths"]
    assert all(path.startswith("/api/v1/") for path in document["paths"])


COLLECTIONS = ["rounds", "cities", "challenges", "submissions", "proposals", "reviews", "pilots"]


@pytest.mark.parametrize("name", COLLECTIONS)
def test_every_collection_answers_its_list(world, name):
    codes(world)
    answer = Caller(world, "jaan")("GET", f"/{name}")
    assert answer.status_code == 200
    assert isinstance(answer.json()["items"], list)


@pytest.mark.parametrize("name", ["rounds", "submissions", "proposals", "reviews", "pilots", "outcomes"])
def test_a_record_that_is_not_there_is_missing(world, name):
    path = f"/{name}/ZZZZZZZZ/transitions" if name == "outcomes" else f"/{name}/ZZZZZZZZ"
    answer = Caller(world, "jaan")("GET", path)
    assert (answer.status_code, answer.json()["code"]) == (404, "missing")


def test_a_proposal_is_started_in_json_and_not_seen_by_others(world):
    with world.acting() as w:
        made = make_round(w)
        challenge = make_challenge(w, made)
        round_code, challenge_code = made.code, challenge.code
    world.now = WINDOWS[WindowName.IDEAS][0] + timedelta(days=1)
    ravi = Caller(world, "ravi")
    body = {
        "round": round_code,
        "title": "Hourly",
        "organisation": PLACES["taltech"].id,
        "challenges": [challenge_code],
    }
    begun = ravi("POST", "/proposals", json=body)
    assert begun.status_code == 201, begun.text
    path = begun.headers["location"].removeprefix("/api/v1")
    assert ravi("GET", path).json()["challenges"] == [challenge_code]
    assert Caller(world, "eero")("GET", path).status_code == 404
    assert ravi("GET", path, headers={"if-none-match": begun.headers["etag"]}).status_code == 304


def test_the_journal_is_for_those_who_run_or_watch(world):
    submission_in(world, S.SUBMITTED)
    rows = Caller(world, "jaan")("GET", "/steps").json()["items"]
    assert "submit" in [row["act"] for row in rows]
    assert Caller(world, "ravi")("GET", "/steps").status_code == 403
