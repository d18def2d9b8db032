"""Before the announcement nothing betrays an outcome: no state, count, time, word or existence."""

from __future__ import annotations

import re

import pytest
from sqlmodel import select

from challenge.kernel.journal import Step
from challenge.people.models import Role
from challenge.people.states import RoleName
from challenge.proposals.models import Proposal
from challenge.rounds.models import Round
from challenge.selection import actions, queries
from challenge.selection.schemas import OutcomeIn
from challenge.selection.states import Verdict
from tests.cast import PEOPLE
from tests.factories.jury import make_juror, make_submitted
from tests.selection.steps import announce, approve, codes, decided, propose

CANARY = "Kanarek-3141592"
OUTSIDERS = ("ravi", "mari", "lena", "nobody")


def pages_of(round_code: str, code: str) -> list[str]:
    """Every page on which a proposal or a round is shown to outsiders, if it is there for them."""
    return [
        "/home", "/proposals", f"/proposals/{code}", f"/proposals/{code}/outcome", f"/proposals/{code}/appeal",
        f"/proposals/{code}/transitions/turn_down", f"/rounds/{round_code}", f"/rounds/{round_code}/results",
        f"/rounds/{round_code}/ranking", f"/rounds/{round_code}/outcomes", "/appeals", "/reviews",
    ]  # fmt: skip


def seen(world, paths: list[str]) -> dict[tuple[str, str], tuple[int, str]]:
    """What each outsider reads on each page."""
    found = {}
    for who in OUTSIDERS:
        client = world.client(who)
        for path in paths:
            answer = client.get(path)
            found[who, path] = (answer.status_code, re.sub(r"\s+", " ", answer.text))
    return found


@pytest.mark.abuse(4)
def test_pages_are_the_same_before_and_after_a_decision_until_it_is_announced(world):
    round_id, proposal_id = decided(world, None)
    with world.acting() as w:
        round_ = w.session.get_one(Round, round_id)
        proposal = w.session.get_one(Proposal, proposal_id)
        for name in ("lena", "oskar", "ilse"):
            make_submitted(w, proposal, make_juror(w, round_, name), comment=CANARY)
        proposal.reviews_eligible, proposal.below_threshold = 3, False
    round_code, code = codes(world, round_id, proposal_id)
    paths = pages_of(round_code, code)
    before = seen(world, paths)

    approve(world, "kadri", propose(world, "jaan", proposal_id, reasons=CANARY, note=CANARY, conditions=CANARY))
    announce(world, round_id, "jaan")  # the first key
    after = seen(world, paths)

    assert [key for key in before if before[key] != after[key]] == []
    assert not [key for key, (_status, text) in after.items() if CANARY in text and key[0] != "lena"]

    announce(world, round_id, "kadri")
    told = seen(world, [f"/proposals/{code}/outcome"])
    assert {who for (who, _path), (status, text) in told.items() if status == 200 and CANARY in text} == {
        "ravi", "mari",
    }  # fmt: skip


def test_the_journal_keeps_it_apart(world):
    """Notes about outcomes stand under the workflow "outcome", never under the proposal or the round."""
    round_id, proposal_id = decided(world, None)
    with world.acting() as w:
        before = w.session.exec(select(Step.id)).all()
    first = propose(world, "jaan", proposal_id, reasons=CANARY)
    with world.acting("jaan") as w:
        actions.fire(w, queries.pending(w, w.session.get_one(Proposal, proposal_id)), "withdraw",
                     actions.outcomes.OUTCOME.rows[1].asks(reason=CANARY))  # fmt: skip
    approve(world, "kadri", propose(world, "jaan", proposal_id))
    announce(world, round_id, "jaan")
    with world.acting() as w:
        steps = w.session.exec(select(Step).where(Step.id.not_in(before))).all()
    assert first
    assert {step.workflow for step in steps} == {"outcome"}
    assert [step.transition for step in steps] == ["propose", "withdraw", "propose", "approve", "ask_announce"]


def test_a_reserve_place_looks_the_same_while_a_promotion_is_prepared(world):
    round_id, funded, reserve = decided(world, Verdict.FUND, Verdict.RESERVE)
    announce(world, round_id)
    with world.acting() as w:
        w.session.get_one(Proposal, funded).state = "withdrawn"
    _round_code, code = codes(world, round_id, reserve)
    path = f"/proposals/{code}/outcome"
    before = [world.client(who).get(path).text for who in OUTSIDERS]
    approve(world, "kadri", propose(world, "jaan", reserve, amount_cents=5))
    assert [world.client(who).get(path).text for who in OUTSIDERS] == before


def test_a_refused_proposal_of_an_outcome_leaves_no_trace(world):
    _round_id, proposal_id = decided(world, None)
    with world.acting() as w:
        before = w.session.exec(select(Step.id)).all()
        w.add(Role(person_id=PEOPLE["katrin"].id, name=RoleName.COORDINATOR))
    with pytest.raises(Exception, match="over_budget"):
        propose(world, "katrin", proposal_id, amount_cents=10**12)
    with world.acting() as w:
        assert w.session.exec(select(Step.id)).all() == before
        assert queries.history(w, w.session.get_one(Proposal, proposal_id)) == []
    assert OutcomeIn.model_fields
