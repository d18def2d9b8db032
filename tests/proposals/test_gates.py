"""Dates, gates, scores and appeals: when a proposal moves on, and when it does not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from challenge.kernel import receipt, revision
from challenge.kernel.errors import Invalid, Refused
from challenge.proposals import actions, content
from challenge.proposals.asks import Until
from challenge.proposals.rules import quorum
from challenge.proposals.states import ProposalState as S
from challenge.proposals.workflow import PROPOSAL
from challenge.rounds.models import Extension, Round
from challenge.rounds.rules import due_at
from challenge.rounds.states import Gate, Judge, WindowName
from tests.factories.proposals import (
    ALL,
    get,
    make_challenge,
    make_proposal,
    proposal_in,
    rules_with,
    started,
    walk,
)
from tests.factories.rounds import make_round


@pytest.mark.abuse(15)
def test_the_grace_is_the_last_moment(world):
    code = proposal_in(world, S.DRAFT)
    with world.acting() as w:
        due = due_at(w, get(w, code), "proposal", WindowName.IDEAS)
    world.now = due + timedelta(seconds=120)
    with world.acting("ravi") as w, pytest.raises(Refused) as refused:
        actions.fire(w, get(w, code), "submit")
    assert refused.value.problem.code == "deadline_over"
    world.now = due + timedelta(seconds=119, milliseconds=999)
    with world.acting("ravi") as w:
        actions.fire(w, get(w, code), "submit")
        assert receipt.latest(w, "proposal", code).within_grace


def test_nothing_is_handed_in_before_the_window_opens(world):
    code = proposal_in(world, S.DRAFT)

    with world.acting("ravi") as w, pytest.raises(Refused) as refused:
        actions.fire(w, get(w, code), "submit")
    assert refused.value.problem.code == "not_open_yet"


def test_a_returned_idea_is_submitted_after_the_window_has_closed(world):
    code = proposal_in(world, S.SUBMITTED)
    world.move(days=60)  # the window closed
    with world.acting("jaan") as w:
        until = world.now + timedelta(days=5)
        with pytest.raises(Invalid):
            actions.fire(w, get(w, code), "send_back", Until(reason="Late", until=world.now))
        actions.fire(w, get(w, code), "send_back", Until(reason="Say which cities.", until=until))
    world.move(days=4)
    with world.acting("ravi") as w:
        actions.revise(w, get(w, code), {"cities_helped": "Tartu and Helsinki"})
        actions.fire(w, get(w, code), "submit")
        assert get(w, code).state is S.SUBMITTED
        assert len(revision.every(w, "proposal", code)) == 2


def test_overdue_drafts_lapse_and_extended_ones_do_not(world):
    code = proposal_in(world, S.CO_DEVELOPMENT)
    with world.acting() as w:
        round_ = w.session.get_one(Round, get(w, code).round_id)
        other = make_proposal(w, round_, state=S.CO_DEVELOPMENT).code
    world.move(days=150)
    with world.acting() as w:
        w.add(
            Extension(
                workflow="proposal", subject_code=other, until=world.now + timedelta(days=1), reason="x", at=w.now
            )
        )
        assert [one.code for one in actions.lapse_overdue(w, round_)] == [code]
        assert get(w, other).state is S.CO_DEVELOPMENT


def test_an_offer_expires_at_its_date_and_frees_the_money(world):
    code = proposal_in(world, S.SELECTED)
    with world.acting() as w:
        proposal = get(w, code)
        round_ = w.session.get_one(Round, proposal.round_id)
        proposal.offer_until = world.now + timedelta(days=1)
        assert actions.expire_offers(w, round_) == []
    world.move(days=1)

    with world.acting() as w:
        assert [one.code for one in actions.expire_offers(w, round_)] == [code]
        assert (get(w, code).state, get(w, code).award_cents) == (S.LAPSED, None)


def test_a_selected_team_turns_down(world):
    code = proposal_in(world, S.SELECTED)
    walk(world, code, "turn_down")

    with world.acting() as w:
        proposal = get(w, code)
        assert (proposal.state, proposal.award_cents) == (S.WITHDRAWN, None)
        assert w.session.get_one(Round, proposal.round_id).open_matters == 0


@pytest.mark.parametrize("state", [S.DECLINED, S.INELIGIBLE])
def test_only_an_upheld_appeal_reinstates(world, state):
    code = proposal_in(world, state)
    with world.acting("jaan") as w, pytest.raises(Refused) as refused:
        actions.fire(w, get(w, code), "reinstate")
    assert refused.value.problem.code == "no_upheld_appeal"

    walk(world, code, "reinstate")
    with world.acting() as w:
        assert get(w, code).state is (S.IN_REVIEW if state is S.DECLINED else S.SUBMITTED)


@pytest.mark.parametrize(("stood", "way"), [(S.SHORTLISTING, "decline"), (S.IN_JURY, "turn_away")])
def test_a_declined_proposal_comes_back_to_its_gate(world, stood, way):
    code = proposal_in(world, stood)
    walk(world, code, way)
    with world.acting("jaan") as w, pytest.raises(Refused) as refused:
        actions.fire(w, get(w, code), "reinstate")
    assert refused.value.problem.code == "no_upheld_appeal"
    walk(world, code, "reinstate")

    with world.acting() as w:
        assert (get(w, code).state, get(w, code).stood_at) == (stood, None)


def test_below_a_threshold_nothing_goes_to_the_jury_where_the_pilot_proposal_is_last(world):
    code = proposal_in(world, S.SHORTLISTING, gates={Gate.IDEA, Gate.PILOT_PROPOSAL})
    with world.acting() as w:
        get(w, code).reviews_eligible = 3
        get(w, code).below_threshold = True
    with world.acting("jaan") as w, pytest.raises(Refused) as refused:
        actions.fire(w, get(w, code), "to_jury")
    assert refused.value.problem.code == "below_threshold"


def test_scores_of_one_gate_do_not_count_at_the_next(world):
    code = proposal_in(world, S.SHORTLISTING)
    with world.acting() as w:
        assert get(w, code).reviews_eligible == 0
        get(w, code).reviews_eligible = 3
        get(w, code).below_threshold = True
    with world.acting("jaan") as w, pytest.raises(Refused) as refused:
        actions.fire(w, get(w, code), "name_finalist")
    assert refused.value.problem.code == "below_threshold"
    walk(world, code, "name_finalist", "submit_full")

    with world.acting() as w:
        proposal = get(w, code)
        assert (proposal.reviews_eligible, proposal.below_threshold) == (0, None)
        assert quorum(w, proposal).code == "quorum"


def test_where_cities_judge_no_review_is_awaited(world):
    code = proposal_in(world, S.IN_REVIEW)
    with world.acting() as w:
        assert quorum(w, get(w, code)) is None

    rules = rules_with(ALL)
    by_jurors = rules.gates[Gate.PILOT_PROPOSAL].model_copy(update={"judges": {Judge.JURORS}, "reviews": 1})
    rules = rules.model_copy(update={"gates": {**rules.gates, Gate.IDEA: by_jurors}})
    code = proposal_in(world, S.IN_REVIEW, rules=rules)
    with world.acting("jaan") as w, pytest.raises(Refused) as refused:
        actions.fire(w, get(w, code), "invite")
    assert str(refused.value.problem.text) == "One more review is needed."


def test_nothing_is_reopened_or_recalled_after_the_first_review(world):
    code = proposal_in(world, S.SHORTLISTING)
    with world.acting() as w:
        get(w, code).reviews_eligible = 1
    for name, act in (("ravi", "recall"), ("jaan", "reopen")):
        with world.acting(name) as w:
            offers = {offer.row.name: offer.problem for offer in PROPOSAL.offers(w, get(w, code))}
            assert offers[act].code == "reviewed"


def test_an_amended_round_moves_drafts_only(world):
    code, sent = proposal_in(world, S.DRAFT), None
    with world.acting() as w:
        round_ = w.session.get_one(Round, get(w, code).round_id)
        sent = make_proposal(w, round_, state=S.SUBMITTED).code
        round_.rules, round_.rules_version = rules_with({Gate.FULL_PROPOSAL}).model_dump(mode="json"), 2
    with world.acting() as w:
        round_ = w.session.get_one(Round, round_.id)
        assert [one.code for one in actions.follow_rules(w, round_)] == [code]
        assert content.gate_of(get(w, code)) is Gate.FULL_PROPOSAL
        assert len(get(w, sent).gates) == 3
        assert actions.follow_rules(w, round_) == []


def test_a_draft_of_another_round_is_started_by_another_team(world):
    with world.acting() as w:
        round_ = make_round(w, rules=rules_with({Gate.PILOT_PROPOSAL}))
        challenge = make_challenge(w, round_)
    code = started(world, round_id=round_.id, challenges=[challenge.code], lead="eero")

    with world.acting("eero") as w:
        actions.fire(w, get(w, code), "begin")
        assert get(w, code).state is S.CO_DEVELOPMENT
