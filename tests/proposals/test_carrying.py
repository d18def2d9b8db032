"""A second life: what ended without a pilot is carried into a later round, with its text and its history."""

from __future__ import annotations

import pytest
from sqlmodel import select

from challenge.proposals.states import ProposalState as S
from challenge.rounds.models import Round
from tests.factories.proposals import ALL, ANSWERS, get, make_challenge, make_proposal, proposal_in, rules_with
from tests.factories.rounds import make_round


@pytest.fixture
def ended(world):
    """Declined in its round; a year on another round is under way: (the old code, a challenge of the new one)."""
    code = proposal_in(world, S.DRAFT, title="Hourly water")
    with world.acting() as w:
        old = get(w, code)
        old.state, old.stood_at = S.DECLINED, "in_review"
        challenge = make_challenge(w, make_round(w, title="The next round", rules=rules_with(ALL))).code
    return code, challenge


def begins(world, old, challenge, name="ravi", **fields):
    sent = {"title": "Hourly water", "organisation": "6", "challenges": challenge, "carried_from": old, **fields}
    return world.client(name).post("/proposals", data=sent)


def test_the_lead_carries_it_on_with_every_answer(world, ended):
    code, challenge = ended
    ravi = world.client("ravi")
    page = ravi.get(f"/proposals/{code}")
    assert "Carry it into The next round" in page.text
    form = ravi.get(f"/proposals/new?carried_from={code}")
    assert 'value="Hourly water"' in form.text
    made = begins(world, code, challenge)
    assert made.status_code == 303
    new = made.headers["location"].rsplit("/", 1)[1]
    with world.acting() as w:
        old, found = get(w, code), get(w, new)
        assert found.carried_from_id == old.id
        assert found.round_code != old.round_code
        assert {name: found.answers[name] for name in ANSWERS} == ANSWERS
        assert found.state is S.DRAFT
    assert "Goes on from" in ravi.get(f"/proposals/{new}").text
    after = ravi.get(f"/proposals/{code}").text
    assert "Goes on as" in after
    assert "Carry it into" not in after


def test_once_in_a_round_and_never_what_goes_on(world, ended):
    code, challenge = ended
    assert begins(world, code, challenge).status_code == 303
    again = begins(world, code, challenge, title="Another title")
    assert again.status_code == 409
    assert "goes on in this round already" in again.text
    with world.acting() as w:
        get(w, code).state = S.SUBMITTED
    assert "ended without a pilot" in begins(world, code, challenge, title="A third title").text


def test_only_its_lead_and_only_into_another_round(world, ended):
    code, challenge = ended
    assert begins(world, code, challenge, "eero", organisation="7").status_code == 404
    with world.acting() as w:
        round_ = make_round(w, title="Third round")
        own = make_proposal(w, round_, lead="ravi", state=S.WITHDRAWN).code
    refused = begins(world, own, challenge, title="Elsewhere")
    assert refused.status_code in {303, 409}
    assert begins(world, "ZZZZZZZZ", challenge).status_code == 404


def test_the_api_takes_it_too(world, ended):
    code, challenge = ended
    with world.acting() as w:
        round_code = w.session.exec(select(Round.code).where(Round.title == "The next round")).one()
    sent = {
        "round": round_code,
        "title": "Hourly water",
        "organisation": 6,
        "challenges": [challenge],
        "carried_from": code,
    }
    made = world.client("ravi").post("/api/v1/proposals", json=sent)
    assert made.status_code == 201
    with world.acting() as w:
        assert get(w, made.json()["code"]).answers["risks"] == ANSWERS["risks"]
