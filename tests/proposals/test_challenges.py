"""Challenges move along only when they are behind; how many proposals rest on them is always right."""

from __future__ import annotations

from datetime import timedelta
from itertools import combinations

import pytest

from challenge.kernel.errors import Invalid, Refused
from challenge.proposals import actions, content
from challenge.proposals.asks import Reason
from challenge.proposals.rules import answers_accepted_challenge, round_of
from challenge.proposals.states import ProposalState as S
from challenge.rounds.actions import extend
from challenge.submissions.asks import Withdraw
from challenge.submissions.models import Submission
from challenge.submissions.states import SubmissionState as C
from challenge.submissions.workflow import SUBMISSION
from tests.factories.proposals import get, make_challenge, proposal_in, rules_with, started, walk
from tests.factories.rounds import make_round
from tests.world import NOW

STEPS = ("submit", "screen_in", "invite", "submit_pilot_proposal", "name_finalist", "submit_full")
INTERLEAVINGS = [set(places) for places in combinations(range(4), 2)]


def two_on_one(world):
    with world.acting() as w:
        round_ = make_round(w, rules=rules_with())
        challenge = make_challenge(w, round_)
    one, two = (started(world, round_id=round_.id, challenges=[challenge.code]) for _ in range(2))
    return challenge.id, one, two


def facts(world, challenge_id):
    with world.acting() as w:
        found = w.session.get_one(Submission, challenge_id)
        return found.state, found.live_proposals


@pytest.mark.parametrize("places", INTERLEAVINGS, ids=str)
def test_two_proposals_in_any_order_leave_the_challenge_in_the_furthest_state(world, places):
    challenge_id, one, two = two_on_one(world)
    assert facts(world, challenge_id) == (C.ACCEPTED, 2)
    halves = {one: [STEPS[:3], STEPS[3:]], two: [STEPS[:3], STEPS[3:]]}
    furthest = C.ACCEPTED
    for place in range(4):
        code = one if place in places else two
        half = halves[code].pop(0)
        world.now = max(world.now, NOW)
        walk_now(world, code, half)
        furthest = C.PILOT_SELECTION if half == STEPS[3:] or furthest is C.PILOT_SELECTION else C.CO_DEVELOPMENT
        assert facts(world, challenge_id) == (furthest, 2)


def walk_now(world, code, names):
    """Walk, with an extension where the other proposal has taken the clock past this one's dates."""
    with world.acting("jaan") as w:
        extend(w, get(w, code), "proposal", world.now + timedelta(days=300), "They wait for each other.")
    walk(world, code, *names)


def test_release_is_refused_while_one_is_live_and_works_afterwards(world):
    challenge_id, one, two = two_on_one(world)
    walk(world, one, "submit")
    walk(world, two, "submit")
    with world.acting("jaan") as w, pytest.raises(Refused):
        SUBMISSION.fire(w, w.session.get_one(Submission, challenge_id), "release")
    walk(world, one, "withdraw")
    assert facts(world, challenge_id) == (C.ACCEPTED, 1)
    with world.acting("jaan") as w, pytest.raises(Refused):
        SUBMISSION.fire(w, w.session.get_one(Submission, challenge_id), "release")
    walk(world, two, "find_ineligible")

    with world.acting("jaan") as w:
        SUBMISSION.fire(w, w.session.get_one(Submission, challenge_id), "release")
    assert facts(world, challenge_id) == (C.NOT_PILOTED, 0)


def test_a_piloted_proposal_still_rests_on_its_challenge(world):
    code = proposal_in(world, S.PILOTED)
    with world.acting() as w:
        (challenge,) = [w.session.get_one(Submission, one.id) for one in content.challenges(w, get(w, code))]
        assert (challenge.state, challenge.live_proposals) == (C.PILOT_SELECTION, 1)


def test_a_challenge_of_an_earlier_round_moves_too(world):
    with world.acting() as w:
        earlier = make_round(w, title="Round 2025")
        old = make_challenge(w, earlier)
        world.move(days=1)
    with world.acting() as w:
        round_ = make_round(w, title="Round 2027", rules=rules_with())
        new = make_challenge(w, round_)
    code = started(world, round_id=round_.id, challenges=[old.code, new.code])
    walk(world, code, "submit", "screen_in", "invite")

    assert facts(world, old.id) == (C.CO_DEVELOPMENT, 1)
    assert facts(world, new.id) == (C.CO_DEVELOPMENT, 1)


def test_challenges_are_added_and_dropped_but_never_all(world):
    code = proposal_in(world, S.DRAFT)
    with world.acting() as w:
        round_ = make_round(w, title="Same round?")
        proposal = get(w, code)
        more = make_challenge(w, w.session.get_one(type(round_), proposal.round_id))
        hidden = make_challenge(w, w.session.get_one(type(round_), proposal.round_id), state=C.IN_REVIEW)
        (first,) = content.challenges(w, proposal)
    with world.acting("ravi") as w:
        proposal = get(w, code)
        with pytest.raises(Refused):
            actions.drop_challenge(w, proposal, first.code)
        with pytest.raises(Invalid):
            actions.answer_challenge(w, proposal, hidden.code)
        actions.answer_challenge(w, proposal, more.code)
        actions.drop_challenge(w, proposal, first.code)
    assert facts(world, first.id) == (C.ACCEPTED, 0)
    assert facts(world, more.id) == (C.ACCEPTED, 1)


def test_a_withdrawn_challenge_leaves_time_to_attach_to_another(world):
    code = proposal_in(world, S.SHORTLISTING)
    with world.acting("mari") as w:
        (answered,) = content.challenges(w, get(w, code))
        SUBMISSION.fire(w, w.session.get_one(Submission, answered.id), "withdraw", Withdraw(reason="No staff."))
    with world.acting() as w:
        round_ = round_of(w, get(w, code))
        assert [found.code for found in actions.rehome(w, round_)] == [code]
        assert actions.rehome(w, round_) == []  # once
        other = make_challenge(w, round_)
    with world.acting("ravi") as w:
        actions.answer_challenge(w, get(w, code), other.code)
        actions.drop_challenge(w, get(w, code), answered.code)
        assert [one.code for one in content.challenges(w, get(w, code))] == [other.code]


def test_a_coordinator_may_record_that_it_goes_on_without(world):
    code = proposal_in(world, S.CO_DEVELOPMENT)
    with world.acting("mari") as w:
        (answered,) = content.challenges(w, get(w, code))
        SUBMISSION.fire(w, w.session.get_one(Submission, answered.id), "withdraw", Withdraw(reason="No staff."))
    with world.acting("jaan") as w:
        assert answers_accepted_challenge(w, get(w, code)) is not None
        actions.go_on_without(w, get(w, code), Reason(reason="Helsinki has the same problem."))
        assert answers_accepted_challenge(w, get(w, code)) is None
