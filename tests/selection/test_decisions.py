"""Proposing and approving: two people without a conflict, one revision, with reasons."""

from __future__ import annotations

import pytest
from sqlmodel import select

from challenge.http.forms import Form
from challenge.kernel.errors import Forbidden, Refused
from challenge.kernel.journal import Step
from challenge.proposals.models import Proposal
from challenge.proposals.states import ProposalState
from challenge.rounds.models import Round
from challenge.selection import queries
from challenge.selection.models import Outcome
from challenge.selection.schemas import OutcomeIn
from challenge.selection.states import OutcomeState, Verdict
from tests.factories.jury import JURY, make_conflict, make_juror
from tests.selection.steps import EURO, approve, one, propose


def test_two_coordinators_decide(world):
    proposal_id = one(world)
    outcome_id = propose(world, "jaan", proposal_id)
    approve(world, "kadri", outcome_id)

    with world.acting() as w:
        outcome = w.session.get_one(Outcome, outcome_id)
        assert outcome.state is OutcomeState.APPROVED
        assert [condition.text for condition in queries.conditions(w, outcome)] == [
            "The council agrees.", "The data stay open.",
        ]  # fmt: skip
        assert w.session.get_one(Proposal, proposal_id).state is ProposalState.IN_JURY
        assert w.session.get_one(Proposal, proposal_id).award_cents is None


def test_who_proposed_is_told_who_can_approve(world):
    outcome_id = propose(world, "jaan", one(world))
    with pytest.raises(Refused) as caught:
        approve(world, "jaan", outcome_id)
    assert caught.value.problem.code == "second_person"
    assert "Kadri Kask" in str(caught.value.problem.text)
    assert "Jaan" not in str(caught.value.problem.text)


def test_only_coordinators_decide(world):
    proposal_id = one(world)
    outcome_id = propose(world, "jaan", proposal_id)
    for who in ("mari", "ravi", "lena", "olev", "anna"):
        with pytest.raises(Forbidden):
            propose(world, who, proposal_id)
        with pytest.raises(Forbidden):
            approve(world, who, outcome_id)


@pytest.mark.abuse(9)
def test_a_coordinator_with_a_conflict_does_not_decide(world):
    proposal_id = one(world)
    with world.acting() as w:
        make_conflict(w, w.session.get_one(Proposal, proposal_id), "kadri")
    with pytest.raises(Forbidden):
        propose(world, "kadri", proposal_id)
    outcome_id = propose(world, "jaan", proposal_id)
    with pytest.raises(Forbidden):
        approve(world, "kadri", outcome_id)
    with pytest.raises(Refused) as caught:
        approve(world, "jaan", outcome_id)
    assert "nobody else" in str(caught.value.problem.text)


def test_who_judges_in_the_round_does_not_decide(world):
    proposal_id = one(world)
    with world.acting() as w:
        make_juror(w, w.session.get_one(Round, w.session.get_one(Proposal, proposal_id).round_id), "kadri")
    with pytest.raises(Forbidden):
        propose(world, "kadri", proposal_id)


def test_an_outcome_about_an_earlier_version_is_not_approved(world):
    proposal_id = one(world)
    outcome_id = propose(world, "jaan", proposal_id)
    with world.acting() as w:
        w.session.get_one(Proposal, proposal_id).months = 12
    with pytest.raises(Refused) as caught:
        approve(world, "kadri", outcome_id)
    assert caught.value.problem.code == "stale_revision"


def test_a_page_opened_before_a_change_proposes_nothing(world):
    with pytest.raises(Refused) as caught:
        propose(world, "jaan", one(world), revision=7)
    assert caught.value.problem.code == "stale_revision"


def test_a_changed_mind_supersedes(world):
    proposal_id = one(world)
    first = propose(world, "jaan", proposal_id)
    approve(world, "kadri", first)
    second = propose(world, "kadri", proposal_id, verdict=Verdict.DECLINE)

    with world.acting() as w:
        older, newer = w.session.get_one(Outcome, first), w.session.get_one(Outcome, second)
        assert (older.state, older.amount_cents) == (OutcomeState.SUPERSEDED, 1_000_000 * EURO)
        assert (newer.state, newer.amount_cents, newer.accept_by) == (OutcomeState.PROPOSED, None, None)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"reviews_eligible": 2}, "quorum"),
        ({"below_threshold": True}, "below_threshold"),
        ({"below_threshold": None}, "no_scores_yet"),
    ],
)
def test_departing_from_the_rules_needs_a_reason(world, fields, code):
    proposal_id = one(world)
    with world.acting() as w:
        proposal = w.session.get_one(Proposal, proposal_id)
        for name, value in fields.items():
            setattr(proposal, name, value)
    with pytest.raises(Refused) as caught:
        propose(world, "jaan", proposal_id)
    assert caught.value.problem.code == code
    assert "deviation" in caught.value.problem.fields
    outcome_id = propose(world, "jaan", proposal_id, deviation="Two jurors agree in every point.")
    approve(world, "kadri", outcome_id)


def test_declining_below_a_threshold_needs_no_reason_for_departing(world):
    proposal_id = one(world)
    with world.acting() as w:
        w.session.get_one(Proposal, proposal_id).below_threshold = True
    propose(world, "jaan", proposal_id, verdict=Verdict.DECLINE)


def test_only_proposals_in_jury_or_on_reserve_are_decided(world):
    proposal_id = one(world)
    for state, verdict, code in (
        (ProposalState.SHORTLISTING, Verdict.FUND, "not_in_jury"),
        (ProposalState.DECLINED, Verdict.FUND, "not_in_jury"),
        (ProposalState.RESERVE, Verdict.DECLINE, "on_reserve"),
    ):
        with world.acting() as w:
            w.session.get_one(Proposal, proposal_id).state = state
        with pytest.raises(Refused) as caught:
            propose(world, "jaan", proposal_id, verdict=verdict)
        assert caught.value.problem.code == code


def test_an_offer_over_before_it_is_made_is_refused(world):
    with pytest.raises(Refused) as caught:
        propose(world, "jaan", one(world), accept_by=JURY)
    assert caught.value.problem.fields.keys() == {"accept_by"}


def test_what_is_journalled_before_the_announcement_is_not_on_the_proposals_own_timeline(world):
    proposal_id = one(world)
    with world.acting() as w:
        code = w.session.get_one(Proposal, proposal_id).code
        before = w.session.exec(select(Step).where(Step.subject_code == code)).all()
    approve(world, "kadri", propose(world, "jaan", proposal_id))

    with world.acting() as w:
        assert w.session.exec(select(Step).where(Step.subject_code == code)).all() == before
        made = w.session.exec(select(Step.transition).where(Step.workflow == "outcome").order_by(Step.id)).all()
        assert made == ["propose", "approve"]


def test_proposing_leaves_no_trace_in_the_proposal(world):
    proposal_id = one(world)
    with world.acting() as w:
        before = w.session.get_one(Proposal, proposal_id).model_dump()
    approve(world, "kadri", propose(world, "jaan", proposal_id))
    with world.acting() as w:
        assert w.session.get_one(Proposal, proposal_id).model_dump() == before


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"verdict": "fund"}, "amount_cents"),
        ({"verdict": "reserve"}, "reserve_rank"),
        ({"verdict": "fund", "amount_cents": "12"}, "accept_by"),
        ({"verdict": "decline"}, "reasons"),
        ({"reasons": "Good."}, "verdict"),
        ({"verdict": "fund", "conditions": "\n".join("abcdefghijklm")}, "conditions"),
    ],
    ids=str,
)
def test_the_form_says_what_is_missing(values, field):
    form = Form(OutcomeIn, {"reasons": "" if field == "reasons" else "Good.", **values}, checked=True)
    assert not form.valid
    assert form.errors[field]


def test_the_form_leaves_out_what_does_not_belong_to_the_verdict():
    found = OutcomeIn.model_validate(
        {"verdict": "decline", "reasons": "No.", "amount_cents": 5, "reserve_rank": 3, "conditions": "x",
         "accept_by": "2027-12-01T12:00"}
    )  # fmt: skip
    assert (found.amount_cents, found.reserve_rank, found.conditions, found.accept_by) == (None, None, "", None)


def test_time_alone_can_block_an_approval(world):
    outcome_id = propose(world, "jaan", one(world))
    world.move(days=30)
    with pytest.raises(Refused) as caught:
        approve(world, "kadri", outcome_id)
    assert caught.value.problem.code == "offer_over"
