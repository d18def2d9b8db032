from __future__ import annotations

import pytest

from challenge.rounds import actions, queries
from challenge.rounds.document import in_force, prepared
from challenge.rounds.states import RoundState, WindowName
from tests.factories.rounds import WINDOWS, make_round
from tests.rounds.documents import document


@pytest.fixture
def code(world):
    with world.acting() as w:
        return make_round(w).code


def made(answer):
    """The code of the round a page has made."""
    assert answer.status_code == 303
    return answer.headers["location"].split("/")[2]


def test_begin_with_defaults(world):
    client = world.client("jaan")
    assert "From an earlier round" in client.get("/rounds/new").text
    code = made(client.post("/rounds", data={"title": "Round 2030"}))
    with world.acting("jaan") as w:
        round_ = queries.visible(w, code)
        assert (round_.title, round_.state) == ("Round 2030", RoundState.DRAFT)


@pytest.mark.parametrize("name", ["mari", "olev"])
def test_who_may_not_begin(world, code, name):
    client = world.client(name)
    for path in ("/rounds/new", "/rounds/import", f"/rounds/{code}/clone"):
        assert client.get(path).status_code == 403
    assert client.post("/rounds", data={"title": "Mine"}).status_code == 403
    assert client.post(f"/rounds/{code}/clone", data={"title": "Mine", "years": "1"}).status_code == 403
    assert client.post("/rounds/import", data={"document": "title: Mine"}).status_code == 403
    assert client.post(f"/rounds/{code}/import", data={"document": "title: Mine"}).status_code == 403
    assert client.post(f"/rounds/{code}/news", data={"title": "Mine", "text": "Mine"}).status_code == 403


def test_a_title_that_is_taken_is_said_at_the_field(world, code):
    client = world.client("jaan")
    for path, more in (("/rounds", {}), (f"/rounds/{code}/clone", {"years": "1"})):
        answer = client.post(path, data={"title": "Round 2027", **more})
        assert answer.status_code == 422
        assert '<a href="#title">Another round has this title. Choose another one.</a>' in answer.text
        assert 'value="Round 2027"' in answer.text


def test_clone_shifts_the_dates(world, code):
    client = world.client("jaan")
    assert client.get(f"/rounds/{code}/clone").status_code == 200
    clone = made(client.post(f"/rounds/{code}/clone", data={"title": "Round 2029", "years": "2"}))
    with world.acting("jaan") as w:
        round_ = queries.visible(w, clone)
        closes_at = queries.windows(w, round_)[WindowName.IDEAS].closes_at
        assert closes_at.year == WINDOWS[WindowName.IDEAS][1].year + 2
        assert round_.cloned_from_id == queries.visible(w, code).id


def test_clone_keeps_what_was_typed(world, code):
    answer = world.client("jaan").post(f"/rounds/{code}/clone", data={"title": "Round 2029", "years": "many"})
    assert answer.status_code == 422
    assert 'value="many"' in answer.text
    assert '<a href="#years">Enter a whole number</a>' in answer.text


def test_download_and_upload_make_the_same_round(world, code):
    client = world.client("jaan")
    text = client.get(f"/rounds/{code}/rules.yaml").text.replace("title: Round 2027", "title: Round 2030")
    copy = made(client.post("/rounds/import", files={"file": ("round.yaml", text.encode(), "application/yaml")}))
    with world.acting("jaan") as w:
        new, old = in_force(w, queries.visible(w, copy)), in_force(w, queries.visible(w, code))
        assert new == old.model_copy(update={"title": "Round 2030"})


def test_a_document_that_cannot_be_read_is_kept_and_explained(world):
    client = world.client("jaan")
    assert client.get("/rounds/import").status_code == 200
    answer = client.post("/rounds/import", data={"document": "title: Round 2030\nrules:\n  min_cities: none at all\n"})
    assert answer.status_code == 422
    assert '<a href="#document">Line 3, rules.min_cities: Enter a whole number</a>' in answer.text
    assert "none at all" in answer.text
    binary = client.post("/rounds/import", files={"file": ("round.yaml", b"\xff\xfe\x00", "application/yaml")})
    assert binary.status_code == 422
    assert client.post("/rounds/import", data={"document": ""}).status_code == 422


def test_a_document_replaces_a_draft(world):
    with world.acting() as w:
        code = actions.start(w, document("Draft")).code
    client = world.client("jaan")
    assert "title: Draft" in client.get(f"/rounds/{code}/import").text
    answer = client.post(f"/rounds/{code}/import", data={"document": "title: Better\nrules: {grace_seconds: 5}\n"})
    assert made(answer) == code
    with world.acting("jaan") as w:
        found = in_force(w, queries.visible(w, code))
        assert (found.title, found.rules.grace_seconds, found.windows) == ("Better", 5, [])


def test_a_document_of_a_published_round_is_an_amendment(world, code):
    client = world.client("jaan")
    text = client.get(f"/rounds/{code}/rules.yaml").text.replace("grace_seconds: 120", "grace_seconds: 5")
    assert made(client.post(f"/rounds/{code}/import", data={"document": text})) == code
    with world.acting("jaan") as w:
        round_ = queries.visible(w, code)
        assert in_force(w, round_).rules.grace_seconds == 120
        assert prepared(w, round_).rules.grace_seconds == 5
    answer = client.post(f"/rounds/{code}/import", data={"document": "title: Round 2027\n"})
    assert answer.status_code == 422
    assert "Give dates for “Ideas”." in answer.text


def test_post_news(world, code):
    client = world.client("jaan")
    empty = client.post(f"/rounds/{code}/news", data={"title": "Webinar", "text": ""})
    assert empty.status_code == 422
    assert '<a href="#text">Write what is new</a>' in empty.text
    assert 'value="Webinar"' in empty.text
    answer = client.post(f"/rounds/{code}/news", data={"title": "Webinar", "text": "On Monday."})
    assert answer.headers["location"].startswith(f"/rounds/{code}/news#")
    assert "On Monday." in world.client().get(f"/rounds/{code}/news").text


def test_a_draft_has_no_news_page_to_write(world):
    with world.acting() as w:
        code = make_round(w, state=RoundState.DRAFT).code
    assert world.client("jaan").get(f"/rounds/{code}/news/new").status_code == 409
    assert world.client("jaan").get(f"/rounds/{code}/news").status_code == 200


def test_publish_by_its_button(world):
    with world.acting() as w:
        code = make_round(w, state=RoundState.DRAFT).code
        version = queries.visible(w, code).version
    client = world.client("jaan")
    stale = client.post(f"/rounds/{code}/transitions/publish", data={"version": str(version + 1)})
    assert stale.status_code == 409
    assert client.post(f"/rounds/{code}/transitions/publish", data={"version": str(version)}).status_code == 303
    assert world.client().get(f"/rounds/{code}").status_code == 200


def test_words_come_in_estonian_too_where_they_are_data(world, code):
    page = world.client().get(f"/rounds/{code}", headers={"accept-language": "et"})
    assert page.headers["content-language"] == "et"
    assert "Liikuvus" in page.text
    assert "Eesti" in page.text
