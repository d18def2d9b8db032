"""Announcing: two keys, one transaction, all or held back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import event
from sqlmodel import select

from challenge.jury.models import Review
from challenge.kernel.errors import Forbidden, Refused
from challenge.kernel.journal import Step
from challenge.proposals.models import Proposal
from challenge.proposals.states import ProposalState
from challenge.rounds.models import Round
from challenge.selection import actions, queries
from challenge.selection.letters import letter
from challenge.selection.models import Outcome, Release
from challenge.selection.schemas import Announcing
from challenge.selection.states import OutcomeState, Verdict
from challenge.selection.workflow import OUTCOME
from tests.factories.jury import JURY, make_conflict, make_juror, make_submitted
from tests.factories.selection import make_outcome
from tests.selection.steps import announce, approve, decided, propose, states

FUND, RESERVE, DECLINE, INELIGIBLE = Verdict


def test_everything_is_told_at_once_when_the_second_key_turns(world):
    round_id, *ids = decided(world, FUND, RESERVE, DECLINE, INELIGIBLE)

    assert announce(world, round_id, "jaan") is None
    assert states(world, ids) == [ProposalState.IN_JURY] * 4
    release = announce(world, round_id, "kadri")

    assert release is not None
    assert (release.funded, release.reserved, release.declined, release.ineligible) == (1, 1, 1, 1)
    assert states(world, ids) == [
        ProposalState.SELECTED, ProposalState.RESERVE, ProposalState.DECLINED, ProposalState.INELIGIBLE,
    ]  # fmt: skip
    with world.acting() as w:
        selected, reserve, *_others = (w.session.get_one(Proposal, key) for key in ids)
        assert (selected.award_cents, selected.offer_until) == (100_000_000, JURY + timedelta(days=30))
        assert (reserve.award_cents, reserve.offer_until) == (None, JURY + timedelta(days=30))
        told = w.session.exec(select(Outcome)).all()
        assert {(outcome.state, outcome.published_at, outcome.release_id) for outcome in told} == {
            (OutcomeState.ANNOUNCED, JURY, release.id)
        }


@pytest.mark.abuse(34)
def test_nobody_turns_both_keys(world):
    round_id, *ids = decided(world, FUND)
    announce(world, round_id, "jaan")
    with pytest.raises(Refused) as caught:
        announce(world, round_id, "jaan")
    assert caught.value.problem.code == "second_person"
    assert states(world, ids) == [ProposalState.IN_JURY]


def test_only_coordinators_announce(world):
    round_id, *_ids = decided(world, FUND)
    for who in ("mari", "ravi", "lena", "olev", "anna"):
        with pytest.raises(Forbidden):
            announce(world, round_id, who)


@pytest.mark.abuse(34)
def test_both_keys_are_for_the_same_batch(world):
    round_id, first, second = decided(world, FUND, None)
    announce(world, round_id, "jaan")
    approve(world, "kadri", propose(world, "jaan", second, verdict=DECLINE))
    with world.acting("kadri") as w:
        seen = queries.batch(w, w.session.get_one(Round, round_id)).digest

    assert announce(world, round_id, "kadri") is None  # another batch: the first key of a new pair
    assert states(world, [first, second]) == [ProposalState.IN_JURY] * 2
    with world.acting("jaan") as w:
        assert actions.announce(w, w.session.get_one(Round, round_id), seen) is not None


def test_a_page_opened_before_a_change_announces_nothing(world):
    round_id, *_ids = decided(world, FUND)
    with pytest.raises(Refused) as caught, world.acting("jaan") as w:
        actions.announce(w, w.session.get_one(Round, round_id), "an earlier batch")
    assert caught.value.problem.code == "batch_changed"


def test_what_does_not_hold_is_held_back_and_the_rest_goes_on(world):
    round_id, funded, unapproved, without, changed, late = decided(world, FUND, None, None, DECLINE, RESERVE)
    propose(world, "jaan", unapproved, verdict=DECLINE)
    with world.acting() as w:
        w.session.get_one(Proposal, changed).months = 7
    world.move(days=29, hours=23)
    with world.acting() as w:
        batch = queries.batch(w, w.session.get_one(Round, round_id))
        assert [item.proposal.id for item in batch.items] == [funded, late]
    world.move(days=1)
    with world.acting() as w:
        proposal = w.session.get_one(Proposal, funded)
        outcome = queries.pending(w, proposal)
        OUTCOME.cause(w, outcome, "supersede")
        make_outcome(w, proposal, state=OutcomeState.APPROVED)

    release = announce(world, round_id)

    assert (release.funded, release.declined, release.held_back) == (1, 0, 4)
    assert states(world, [funded, unapproved, without, changed, late]) == [
        ProposalState.SELECTED, *[ProposalState.IN_JURY] * 4,
    ]  # fmt: skip


def test_the_preview_holds_back_exactly_what_the_act_holds_back(world):
    round_id, *_ids = decided(world, FUND, DECLINE, None, RESERVE)
    with world.acting("jaan") as w:
        batch = queries.batch(w, w.session.get_one(Round, round_id))
        counts = (batch.count(FUND), batch.count(RESERVE), batch.count(DECLINE), len(batch.held), batch.funded_cents)
    release = announce(world, round_id)
    assert counts == (release.funded, release.reserved, release.declined, release.held_back, release.funded_cents)


def test_a_failure_in_the_middle_leaves_nothing_told(world):
    round_id, *ids = decided(world, FUND, RESERVE, DECLINE)
    announce(world, round_id, "jaan")
    engine = world.database.engine
    seen = []

    def break_at_the_second(_connection, _cursor, statement, *_rest):
        if statement.startswith("UPDATE proposal SET"):
            seen.append(statement)
            if len(seen) == 3:
                raise RuntimeError("the power goes")

    event.listen(engine, "before_cursor_execute", break_at_the_second)
    try:
        with pytest.raises(RuntimeError):
            announce(world, round_id, "kadri")
    finally:
        event.remove(engine, "before_cursor_execute", break_at_the_second)

    assert states(world, ids) == [ProposalState.IN_JURY] * 3
    with world.acting() as w:
        assert w.session.exec(select(Release)).all() == []
        assert {outcome.state for outcome in w.session.exec(select(Outcome))} == {OutcomeState.APPROVED}
        assert w.session.exec(select(Step).where(Step.transition == "announce")).all() == []
    assert announce(world, round_id, "kadri") is not None  # the first key still stands


def test_four_planned_and_one_awarded_is_valid(world):
    round_id, *ids = decided(world, FUND, DECLINE, DECLINE, DECLINE)
    release = announce(world, round_id)
    assert (release.funded, release.declined) == (1, 3)
    assert states(world, ids)[0] is ProposalState.SELECTED


def test_nothing_approved_is_nothing_to_announce(world):
    round_id, *_ids = decided(world, None)
    with pytest.raises(Refused) as caught:
        announce(world, round_id, "jaan")
    assert caught.value.problem.code == "nothing_to_announce"


def test_reviews_that_count_are_published_in_the_same_act(world):
    round_id, first, second = decided(world, FUND, None)
    with world.acting() as w:
        round_ = w.session.get_one(Round, round_id)
        jurors = [make_juror(w, round_, name) for name in ("lena", "oskar", "ilse")]
        told = w.session.get_one(Proposal, first)
        reviews = [make_submitted(w, told, juror).id for juror in jurors]
        waiting = make_submitted(w, w.session.get_one(Proposal, second), jurors[0]).id
        make_conflict(w, told, "oskar")
        told.reviews_eligible, told.below_threshold = 3, False
    announce(world, round_id)
    with world.acting() as w:
        stamps = [w.session.get_one(Review, key).published_at for key in (*reviews, waiting)]
    assert stamps == [JURY, None, JURY, None]


def test_too_few_reviews_are_enough_when_two_people_said_why(world):
    round_id, proposal_id = decided(world, None)
    with world.acting() as w:
        w.session.get_one(Proposal, proposal_id).reviews_eligible = 2
    approve(world, "kadri", propose(world, "jaan", proposal_id, deviation="The third juror fell ill; both agree."))
    announce(world, round_id)
    assert states(world, [proposal_id]) == [ProposalState.SELECTED]


def test_the_preview_is_what_is_sent(world):
    round_id, *_ids = decided(world, FUND, RESERVE, DECLINE, INELIGIBLE)
    with world.acting("jaan") as w:
        batch = queries.batch(w, w.session.get_one(Round, round_id))
        before = {(item.outcome.code, p.id): letter(w, item.outcome, p) for item in batch.items for p in item.people}
        assert batch.letters == len(before)
    world.move(hours=2)
    announce(world, round_id)
    world.move(days=3)
    with world.acting() as w:
        after = {}
        for outcome in w.session.exec(select(Outcome)):
            proposal = w.session.get_one(Proposal, outcome.proposal_id)
            for person in queries.recipients(w, [proposal])[proposal.id]:
                after[outcome.code, person.id] = letter(w, outcome, person)
    assert after == before


# What follows from an offer


def test_an_offer_whose_date_has_passed_is_not_announced(world):
    _round_id, proposal_id = decided(world, Verdict.FUND)
    world.move(days=400)
    with world.acting("jaan") as w:
        outcome = w.session.exec(select(Outcome).where(Outcome.proposal_id == proposal_id)).one()
        with pytest.raises(Refused) as refused:
            OUTCOME.cause(w, outcome, "announce", Announcing(release="ABCDEFGH", release_id=1))
    assert "accept_by" in refused.value.problem.fields
