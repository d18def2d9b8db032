"""What follows from an offer: accepting, turning down, promoting, conditions."""

from __future__ import annotations

import pytest
from sqlmodel import select

from challenge.kernel.errors import Forbidden, Refused
from challenge.kernel.journal import Step
from challenge.proposals import actions as proposals
from challenge.proposals.asks import Reason
from challenge.proposals.models import Proposal
from challenge.proposals.states import ProposalState
from challenge.rounds.models import Round
from challenge.selection import actions, queries
from challenge.selection.models import Outcome
from challenge.selection.states import OutcomeState, Verdict
from tests.selection.steps import announce, approve, decided, propose, states

FUND, RESERVE, DECLINE, INELIGIBLE = Verdict


def test_the_lead_accepts_and_the_offer_no_longer_expires(world):
    round_id, proposal_id = decided(world, FUND)
    announce(world, round_id)
    with pytest.raises(Forbidden), world.acting("eero") as w:
        actions.accept(w, w.session.get_one(Proposal, proposal_id))
    with world.acting("ravi") as w:
        actions.accept(w, w.session.get_one(Proposal, proposal_id))
    world.move(days=60)
    with pytest.raises(Refused), world.acting() as w:
        proposals.fire(w, w.session.get_one(Proposal, proposal_id), "expire")
    with pytest.raises(Refused) as caught, world.acting("ravi") as w:
        actions.accept(w, w.session.get_one(Proposal, proposal_id))
    assert caught.value.problem.code == "accepted_already"


def test_an_offer_cannot_be_accepted_after_its_date(world):
    round_id, proposal_id = decided(world, FUND)
    announce(world, round_id)
    world.move(days=30)
    with pytest.raises(Refused) as caught, world.acting("ravi") as w:
        actions.accept(w, w.session.get_one(Proposal, proposal_id))
    assert caught.value.problem.code == "offer_over"
    with world.acting() as w:
        proposals.fire(w, w.session.get_one(Proposal, proposal_id), "expire")
        assert queries.board(w, w.session.get_one(Round, round_id)).money.approved == 0


def test_a_selected_team_turns_down_and_the_reserve_is_promoted_within_the_budget(world):
    round_id, selected, reserve = decided(world, FUND, RESERVE, budget_cents=120_000_000)
    announce(world, round_id)
    with pytest.raises(Refused) as caught:
        propose(world, "jaan", reserve, amount_cents=100_000_000)
    assert caught.value.problem.code == "over_budget"

    with world.acting("ravi") as w:
        proposals.fire(w, w.session.get_one(Proposal, selected), "turn_down", Reason(reason="We have no people left."))
    approve(world, "kadri", propose(world, "jaan", reserve, amount_cents=100_000_000))
    with world.acting() as w:  # as long as it is not told, the place on the list stands
        standing = queries.announced(w, w.session.get_one(Proposal, reserve))
        assert (standing.verdict, standing.state) == (RESERVE, OutcomeState.ANNOUNCED)
        assert queries.decision(w, w.session.get_one(Proposal, reserve)).outcome.id == standing.id
    announce(world, round_id)

    assert states(world, [selected, reserve]) == [ProposalState.WITHDRAWN, ProposalState.SELECTED]
    with world.acting() as w:
        promoted = w.session.get_one(Proposal, reserve)
        assert promoted.award_cents == 100_000_000
        assert [outcome.state for outcome in queries.history(w, promoted)] == [
            OutcomeState.ANNOUNCED, OutcomeState.SUPERSEDED,
        ]  # fmt: skip
        steps = w.session.exec(select(Step.transition).where(Step.subject_code == promoted.code)).all()
        assert steps[-1] == "promote"


def test_conditions_are_ticked_after_the_announcement(world):
    round_id, proposal_id = decided(world, FUND)
    with world.acting() as w:
        outcome_id = queries.pending(w, w.session.get_one(Proposal, proposal_id)).id
    with pytest.raises(Refused), world.acting("jaan") as w:
        actions.meet(w, w.session.get_one(Outcome, outcome_id), 1)
    announce(world, round_id)
    with world.acting("jaan") as w:
        proposal = w.session.get_one(Proposal, proposal_id)
        assert len(queries.unmet(w, proposal)) == 1
        actions.meet(w, w.session.get_one(Outcome, outcome_id), 1)
        assert queries.unmet(w, proposal) == []
