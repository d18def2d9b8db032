from __future__ import annotations

import re

import pytest

from challenge.rounds import queries
from challenge.rounds.document import in_force, prepared
from challenge.rounds.editor import PARTS
from challenge.rounds.schemas import Rules
from challenge.rounds.states import RoundState
from tests.factories.rounds import make_round
from tests.rounds.browsing import text_of, values_of

SLUGS = [part.slug for part in PARTS]


@pytest.fixture
def draft(world):
    with world.acting() as w:
        return make_round(w, state=RoundState.DRAFT).code


@pytest.fixture
def code(world):
    with world.acting() as w:
        return make_round(w).code


def document(world, code):
    with world.acting() as w:
        return prepared(w, queries.visible(w, code))


def test_saving_what_is_shown_changes_nothing(world, draft):
    before = document(world, draft)
    client = world.client("jaan")
    for slug in SLUGS:
        page = client.get(f"/rounds/{draft}/edit/{slug}")
        answer = client.post(f"/rounds/{draft}/edit/{slug}", data=values_of(page))
        assert (slug, answer.status_code) == (slug, 303)
        assert document(world, draft) == before


def test_who_may_not_edit(world, code):
    for name, status in (("nobody", 303), ("mari", 403), ("lena", 403), ("olev", 403), ("anna", 403), ("jaan", 200)):
        for path in ("/edit", "/edit/basics", "/import"):
            assert world.client(name).get(f"/rounds/{code}{path}").status_code == status
    assert world.client("mari").post(f"/rounds/{code}/edit/basics", data={"title": "Mine"}).status_code == 403
    assert world.client("jaan").get(f"/rounds/{code}/edit/nonsense").status_code == 404


def test_a_round_that_is_over_is_not_edited(world):
    with world.acting() as w:
        code = make_round(w, state=RoundState.CLOSED).code
    assert world.client("jaan").get(f"/rounds/{code}/edit").status_code == 409
    assert world.client("jaan").post(f"/rounds/{code}/edit/basics", data={}).status_code == 409


def test_two_coordinators_in_one_part(world, draft):
    url = f"/rounds/{draft}/edit/fairness"
    jaan, kadri = world.client("jaan"), world.client("kadri")
    first, second = values_of(jaan.get(url)), values_of(kadri.get(url))
    assert jaan.post(url, data=first | {"grace_seconds": "60"}).status_code == 303

    answer = kadri.post(url, data=second | {"grace_seconds": "30", "appeal_days": "20"})
    assert answer.status_code == 409
    words = text_of(answer)
    assert "Somebody else has changed this part since you opened it." in words
    assert "Seconds of grace after a deadline 60 30" in words
    assert 'value="30"' in answer.text
    assert document(world, draft).rules.grace_seconds == 60

    assert kadri.post(url, data=values_of(answer)).status_code == 303
    rules = document(world, draft).rules
    assert (rules.grace_seconds, rules.appeal_days) == (30, 20)


def test_two_coordinators_in_two_parts(world, draft):
    jaan, kadri = world.client("jaan"), world.client("kadri")
    first = values_of(jaan.get(f"/rounds/{draft}/edit/fairness"))
    second = values_of(kadri.get(f"/rounds/{draft}/edit/money"))
    assert jaan.post(f"/rounds/{draft}/edit/fairness", data=first | {"grace_seconds": "60"}).status_code == 303
    assert kadri.post(f"/rounds/{draft}/edit/money", data=second | {"offer_days": "10"}).status_code == 303
    rules = document(world, draft).rules
    assert (rules.grace_seconds, rules.offer_days) == (60, 10)


def test_save_and_go_on(world, draft):
    client = world.client("jaan")
    sent = values_of(client.get(f"/rounds/{draft}/edit/basics")) | {"then": "next"}
    assert client.post(f"/rounds/{draft}/edit/basics", data=sent).headers["location"] == f"/rounds/{draft}/edit/windows"


def test_a_published_round_is_changed_by_an_amendment(world, code):
    jaan, kadri = world.client("jaan"), world.client("kadri")
    sent = values_of(jaan.get(f"/rounds/{code}/edit/fairness")) | {"grace_seconds": "300"}
    assert jaan.post(f"/rounds/{code}/edit/fairness", data=sent).status_code == 303
    assert "Seconds of grace after a deadline 120 300" in text_of(jaan.get(f"/rounds/{code}/edit"))
    assert "within 120 seconds" in text_of(world.client().get(f"/rounds/{code}"))
    assert "within 300 seconds" in text_of(jaan.get(f"/rounds/{code}/preview"))

    amend = f"/rounds/{code}/transitions/amend"
    page = jaan.get(amend)
    assert "Seconds of grace after a deadline 120 300" in text_of(page)
    empty = jaan.post(amend, data=values_of(page))
    assert empty.status_code == 422
    assert "Say why the rules or dates change" in empty.text
    assert jaan.post(amend, data=values_of(page) | {"reason": "Slow network."}).status_code == 303
    assert "You asked for this. A second person must approve it." in text_of(jaan.get(f"/rounds/{code}"))
    assert jaan.post(amend, data=values_of(page) | {"reason": "Slow network."}).status_code == 409

    page = kadri.get(amend)
    assert "Seconds of grace after a deadline 120 300" in text_of(page)
    assert "Slow network." in text_of(page)
    assert kadri.post(amend, data=values_of(page)).status_code == 303
    assert "within 300 seconds" in text_of(world.client().get(f"/rounds/{code}"))
    words = text_of(world.client().get(f"/rounds/{code}/news"))
    assert "Slow network. Seconds of grace after a deadline: 300 (before: 120)" in words
    assert "Rules version 2" in words


def test_an_approval_made_for_another_version_is_refused(world, code):
    jaan, kadri = world.client("jaan"), world.client("kadri")
    url, amend = f"/rounds/{code}/edit/fairness", f"/rounds/{code}/transitions/amend"
    jaan.post(url, data=values_of(jaan.get(url)) | {"grace_seconds": "300"})
    jaan.post(amend, data=values_of(jaan.get(amend)) | {"reason": "Slow network."})
    held = values_of(kadri.get(amend))
    jaan.post(url, data=values_of(jaan.get(url)) | {"grace_seconds": "3600"})
    assert kadri.post(amend, data=held).status_code == 409
    with world.acting() as w:
        assert in_force(w, queries.visible(w, code)).rules.grace_seconds == 120


def test_what_cannot_be_amended_is_said_in_the_editor(world, code):
    client = world.client("jaan")
    url = f"/rounds/{code}/edit/idea"
    sent = values_of(client.get(url))
    del sent["on"]
    answer = client.post(url, data=sent)
    assert answer.status_code == 422
    assert "Gates cannot be switched on or off any more" in answer.text
    url = f"/rounds/{code}/edit/windows"
    answer = client.post(url, data=values_of(client.get(url)) | {"challenges_closes_at": "2027-01-10T10:00"})
    assert answer.status_code == 422
    assert re.search(
        r'<a href="#challenges_closes_at">“Cities submit challenges” cannot close in the past', answer.text
    )


def test_a_prepared_amendment_can_be_dropped(world, code):
    client = world.client("jaan")
    url = f"/rounds/{code}/edit/fairness"
    client.post(url, data=values_of(client.get(url)) | {"grace_seconds": "300"})
    assert client.post(f"/rounds/{code}/amendment/drop").status_code == 303
    assert document(world, code).rules == Rules()
    assert "Drop what is prepared" not in client.get(f"/rounds/{code}/edit").text
