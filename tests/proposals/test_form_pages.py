"""Beginning, writing and handing in on the web; the budget."""

from __future__ import annotations

import pytest

from challenge.kernel import revision
from challenge.proposals import actions, content
from challenge.proposals.schemas import Invitation
from challenge.proposals.states import ProposalState as S
from challenge.proposals.states import TeamRole
from challenge.rounds.states import Gate
from tests.factories.proposals import (
    ANSWERS,
    AT,
    code_of,
    get,
    make_challenge,
    proposal_in,
    rules_with,
)
from tests.factories.rounds import make_round
from tests.filling import hidden


def test_a_proposal_is_begun_from_a_challenge(world):
    with world.acting() as w:
        challenge = make_challenge(w, make_round(w, rules=rules_with())).code
    ravi = world.client("ravi")
    form = ravi.get(f"/proposals/new?challenge={challenge}")
    assert f'value="{challenge}" checked' in form.text

    refused = ravi.post("/proposals", data={"title": "", "organisation": "6"})
    assert refused.status_code == 422
    assert "Choose at least one challenge" in refused.text
    made = ravi.post("/proposals", data={"title": "Bathing water", "organisation": "6", "challenges": challenge})
    assert made.status_code == 303
    page = ravi.get(made.headers["location"])
    assert "Bathing water" in page.text
    assert "Next:" in page.text
    assert "0 of 4 parts done" in page.text or "1 of 4 parts done" in page.text
    assert world.client("lena").get("/proposals/new").status_code == 403


def test_an_answer_is_saved_part_by_part_and_by_itself(world):
    code = proposal_in(world, S.CO_DEVELOPMENT)
    ravi = world.client("ravi")
    page = ravi.get(f"/proposals/{code}/edit?part=risks")
    assert page.status_code == 200

    sent = {**hidden(page.text), "risks": "Ice breaks the buoys.", "data_protection": ANSWERS["data_protection"]}
    saved = ravi.post(f"/proposals/{code}/edit?part=risks", data=sent, headers={"accept": "application/json"})
    assert saved.status_code == 200
    assert saved.json()["text"].startswith("Saved")
    with world.acting() as w:
        assert get(w, code).answers["risks"] == "Ice breaks the buoys."
        assert get(w, code).answers["answer"] == ANSWERS["answer"]  # other parts stay
        assert get(w, code).version == saved.json()["version"]


def test_indicators_are_typed_in_cells_and_kept_as_lines(world):
    code = proposal_in(world, S.CO_DEVELOPMENT)
    ravi = world.client("ravi")
    page = ravi.get(f"/proposals/{code}/edit?part=impact")
    assert 'value="Hours until a warning"' in page.text

    cells = {"indicator-0-name": "Hours | days", "indicator-0-baseline": "48", "indicator-0-target": "2",
             "indicator-2-name": "Bathers"}  # fmt: skip
    sent = {**hidden(page.text), "impact": "Fewer days closed.", **cells}
    assert ravi.post(f"/proposals/{code}/edit?part=impact", data=sent).status_code == 303
    with world.acting() as w:
        assert get(w, code).answers["indicators"] == ["Hours / days | 48 | 2", "Bathers"]
    check = ravi.get(f"/proposals/{code}/edit?part=impact&checked=1")
    assert "Give at least one indicator with its baseline and its target" in check.text


@pytest.mark.abuse(38)
def test_a_stale_save_shows_both_texts_and_loses_none(world):
    code = proposal_in(world, S.CO_DEVELOPMENT)
    with world.acting("ravi") as w:
        actions.invite_member(w, get(w, code), Invitation(name="Eero", email="eero@example.org", role=TeamRole.CO_LEAD))
    with world.acting("eero") as w:
        actions.accept_invitation(w, get(w, code))
    ravi, eero = world.client("ravi"), world.client("eero")
    url = f"/proposals/{code}/edit?part=risks"
    his, hers = (
        {**hidden(client.get(url).text), "data_protection": ANSWERS["data_protection"]} for client in (ravi, eero)
    )
    assert ravi.post(url, data={**his, "risks": "Ravi says ice."}).status_code == 303
    late = eero.post(url, data={**hers, "risks": "Eero says storms."})
    assert late.status_code == 409
    assert "Ravi says ice." in late.text
    assert "Eero says storms." in late.text


def test_a_save_is_not_stale_when_only_the_budget_changed(world):
    code = proposal_in(world, S.CO_DEVELOPMENT)
    ravi = world.client("ravi")
    page = ravi.get(f"/proposals/{code}/edit?part=risks").text
    with world.acting() as w:
        partner = code_of(w, "taltech")
    assert ravi.post(f"/proposals/{code}/budget", data={f"{partner}-staff-1": "900,000"}).status_code == 303
    sent = {**hidden(page), "risks": "Ice.", "data_protection": ANSWERS["data_protection"]}

    assert ravi.post(f"/proposals/{code}/edit?part=risks", data=sent).status_code == 303
    with world.acting() as w:
        assert get(w, code).answers["risks"] == "Ice."


def test_an_idea_is_submitted_over_the_web_with_its_receipt(world):
    code = proposal_in(world, S.DRAFT)
    world.now = AT[Gate.IDEA]
    ravi = world.client("ravi")
    check = ravi.get(f"/proposals/{code}/check")
    assert "Submit idea" in check.text
    with world.acting() as w:
        version = get(w, code).version
    assert ravi.post(f"/proposals/{code}/transitions/submit", data={"version": version}).status_code == 303
    page = ravi.get(f"/proposals/{code}")
    assert "Idea submitted" in page.text
    receipt = ravi.get(f"/proposals/{code}/receipt.json").json()
    with world.acting() as w:
        assert receipt["content"]["sha256"] == revision.at(w, "proposal", code, 1).hash
    assert world.client("sofia").get(f"/proposals/{code}/receipt").status_code == 200


def test_the_budget_adds_up_warns_and_says_what_is_wrong(world):
    code = proposal_in(world, S.CO_DEVELOPMENT)
    ravi = world.client("ravi")
    with world.acting() as w:
        partner = code_of(w, "tartu")
    wrong = ravi.post(f"/proposals/{code}/budget", data={f"{partner}-staff-1": "lots"})
    assert wrong.status_code == 422
    assert 'value="lots"' in wrong.text
    assert "Tartu, Staff, year 1: enter an amount in euros" in wrong.text
    assert ravi.post(f"/proposals/{code}/budget", data={f"{partner}-staff-1": "1.300.000,50"}).status_code == 303
    page = ravi.get(f"/proposals/{code}/budget")
    assert "The budget is €40,000.50 over the size of this class." in page.text
    assert world.client("mari").post(f"/proposals/{code}/budget", data={}).status_code == 403
    assert "Save and add up" not in world.client("mari").get(f"/proposals/{code}/budget").text


def test_a_stale_budget_keeps_what_was_typed(world):
    code = proposal_in(world, S.CO_DEVELOPMENT)
    ravi = world.client("ravi")
    with world.acting() as w:
        partner = code_of(w, "tartu")
    late = ravi.post(f"/proposals/{code}/budget", data={"stamp": "0" * 16, f"{partner}-staff-1": "77"})
    assert late.status_code == 409
    assert 'value="77"' in late.text
    with world.acting() as w:
        assert sum(line.cents for line in content.budget(w, get(w, code))) == 120_000_000
