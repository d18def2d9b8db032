"""Dates to the second: what is still possible just before them, and no longer at them."""

from datetime import timedelta

import pytest
from sqlmodel import select

from challenge.proposals import rules
from challenge.proposals.models import Commitment
from challenge.proposals.states import ENDS
from challenge.proposals.states import ProposalState as S
from challenge.proposals.workflow import variant
from challenge.rounds.models import Extension
from tests.factories.proposals import get, proposal_in

SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("ask", "name"),
    [
        (rules.may_change_cities, rules.REPLACING), (rules.may_change_challenges, rules.REHOMING),
    ],
)  # fmt: skip
def test_a_date_given_for_one_thing_opens_it_until_then(world, ask, name):
    code = proposal_in(world, S.SHORTLISTING)
    until = world.now + timedelta(days=3)
    with world.acting() as w:
        assert ask(w, get(w, code)).code == "handed_in"
        w.add(Extension(workflow=name, subject_code=code, until=until, reason="A city left.", at=w.now))
    for now, problem in ((until - SECOND, None), (until, "handed_in"), (until + SECOND, "handed_in")):
        world.now = now
        with world.acting() as w:
            found = ask(w, get(w, code))
            assert (found.code if found else None) == problem


@pytest.mark.parametrize("ask", [rules.may_change_cities, rules.may_change_challenges, rules.is_editable])
def test_what_has_ended_stays_as_it_is_whatever_date_was_given(world, ask):
    code = proposal_in(world, S.WITHDRAWN)
    with world.acting() as w:
        for name in (rules.REPLACING, rules.REHOMING):
            later = w.now + timedelta(days=3)
            w.add(Extension(workflow=name, subject_code=code, until=later, reason="By mistake.", at=w.now))
        assert ask(w, get(w, code)).code == "ended"


def test_an_offer_stands_until_its_date_and_not_at_it(world):
    code = proposal_in(world, S.SELECTED)
    with world.acting() as w:
        proposal = get(w, code)
        proposal.offer_until = None
        assert rules.offer_is_over(w, proposal).code == "no_end_date"
        proposal.offer_until = w.now + SECOND
        assert rules.offer_is_over(w, proposal).code == "not_over_yet"
        proposal.offer_until = w.now
        assert rules.offer_is_over(w, proposal) is None


@pytest.mark.parametrize("state", list(S))
def test_merging_and_rating_are_for_ideas_under_evaluation(world, state):
    code = proposal_in(world, S.DRAFT)
    with world.acting() as w:
        proposal = get(w, code)
        with w.session.no_autoflush:
            proposal.state = state
            can_merge, rated = rules.can_merge(w, proposal), rules.may_be_rated(w, proposal)
        assert (can_merge is None) == (state in (S.IN_REVIEW, S.CO_DEVELOPMENT))
        assert (rated is not None and rated.code == "not_to_rate") == (state not in (S.SUBMITTED, S.IN_REVIEW))
        w.session.expire(proposal)


@pytest.mark.parametrize("state", list(S))
def test_a_city_commits_itself_only_to_what_has_not_ended(world, state):
    code = proposal_in(world, S.SHORTLISTING)
    with world.acting() as w:
        proposal = get(w, code)
        commitment = w.session.exec(select(Commitment).where(Commitment.proposal_id == proposal.id)).first()
        with w.session.no_autoflush:
            proposal.state = state
            assert (rules.proposal_is_open(w, commitment) is None) == (state not in ENDS)
        w.session.expire(proposal)


def test_a_declined_proposal_that_was_imported_stands_at_no_gate(world):
    code = proposal_in(world, S.DRAFT)
    with world.acting() as w:
        proposal = get(w, code)
        with w.session.no_autoflush:
            proposal.state, proposal.stood_at = S.DECLINED, None
            assert variant(proposal) == frozenset(proposal.gates)
            proposal.stood_at = "in_jury"
            assert S.IN_JURY in variant(proposal)
        w.session.expire(proposal)
