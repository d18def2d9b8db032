"""What an award needs: the pair, commitments, money, size and places."""

from __future__ import annotations

import pytest
from sqlmodel import select

from challenge.cities.models import CityProfile
from challenge.kernel.errors import Refused
from challenge.proposals.models import PartnerCity, Proposal
from challenge.proposals.states import ProposalState
from challenge.rounds.schemas import Rules, SizeClass
from challenge.rounds.states import Bound, CityRole
from challenge.selection.states import OutcomeState, Verdict
from tests.cast import PLACES
from tests.factories.jury import JURY
from tests.factories.rounds import make_round
from tests.factories.selection import make_candidate, make_outcome
from tests.selection.steps import EURO, approve, one, propose


@pytest.mark.abuse(32)
def test_an_award_needs_the_pair(world):
    proposal_id = one(world)
    with world.acting() as w:
        for row in w.session.exec(select(PartnerCity).where(PartnerCity.city_id == PLACES["helsinki"].id)):
            row.role = CityRole.FOLLOWER
    with pytest.raises(Refused) as caught:
        propose(world, "jaan", proposal_id)
    assert caught.value.problem.code == "pairing"
    propose(world, "jaan", proposal_id, verdict=Verdict.RESERVE)


def test_an_award_needs_what_the_cities_owe(world):
    world.now = JURY
    with world.acting() as w:
        proposal = make_candidate(w, make_round(w))
        proposal.title = "A title nobody signed"
        proposal_id = proposal.id
    with pytest.raises(Refused) as caught:
        propose(world, "jaan", proposal_id)
    assert caught.value.problem.code == "commitments"


def test_an_award_fits_the_budget_beside_the_approved_ones(world):
    world.now = JURY
    with world.acting() as w:
        round_ = make_round(w, budget_cents=1_500_000 * EURO)
        ids = [
            make_candidate(w, round_, title=title, cities=cities).id
            for title, cities in (
                ("Warm streets", {"tartu": CityRole.LEAD, "helsinki": CityRole.PILOT}),
                ("Root radar", {"tallinn": CityRole.LEAD, "fingal": CityRole.PILOT}),
            )
        ]
    first, second = propose(world, "jaan", ids[0]), propose(world, "jaan", ids[1])  # proposing binds nothing
    approve(world, "kadri", first)
    with pytest.raises(Refused) as caught:
        approve(world, "kadri", second)
    assert caught.value.problem.code == "over_budget"
    assert "€500,000" in str(caught.value.problem.text)
    with pytest.raises(Refused):
        propose(world, "jaan", ids[1], amount_cents=500_001 * EURO)
    approve(world, "kadri", propose(world, "jaan", ids[1], amount_cents=500_000 * EURO))


def test_a_maximum_blocks_and_an_approximate_size_does_not(world):
    size = SizeClass(key="large", title="Large", months=36, budget_cents=900_000 * EURO, planned=2)
    propose(world, "jaan", one(world, rules=Rules(size_classes=[size])))
    maximum = size.model_copy(update={"bound": Bound.MAXIMUM})
    world.now = JURY
    with world.acting() as w:
        other = make_candidate(w, make_round(w, title="Round 2028", rules=Rules(size_classes=[maximum]))).id
    with pytest.raises(Refused) as caught:
        propose(world, "jaan", other)
    assert caught.value.problem.code == "over_maximum"


@pytest.mark.parametrize("bound", ["cap", "capacity"])
def test_a_city_gets_no_more_pilots_than_it_may_and_can_carry(world, bound):
    world.now = JURY
    with world.acting() as w:
        round_ = make_round(w, rules=Rules(pilots_per_city=1 if bound == "cap" else None))
        first, second, follower = (
            make_candidate(w, round_, title=title, cities=cities).id
            for title, cities in (
                ("Warm streets", {"tartu": CityRole.LEAD, "helsinki": CityRole.PILOT}),
                ("Root radar", {"tallinn": CityRole.LEAD, "helsinki": CityRole.PILOT}),
                ("Open ramps", {"narva": CityRole.LEAD, "fingal": CityRole.PILOT, "helsinki": CityRole.FOLLOWER}),
            )
        )
        if bound == "capacity":
            profile = select(CityProfile).where(CityProfile.organisation_id == PLACES["helsinki"].id)
            w.session.exec(profile).one().capacity = 1
    approve(world, "kadri", propose(world, "jaan", first))
    approve(world, "kadri", propose(world, "jaan", first, amount_cents=EURO))  # its own place is no obstacle to it
    with pytest.raises(Refused) as caught:
        propose(world, "jaan", second)
    assert caught.value.problem.code == f"city_{bound}"
    assert "Helsinki" in str(caught.value.problem.text)
    approve(world, "kadri", propose(world, "jaan", follower))
    with world.acting() as w:
        w.session.get_one(Proposal, first).state = ProposalState.WITHDRAWN
    propose(world, "jaan", second)


def test_an_ended_pilot_frees_its_cities(world):
    world.now = JURY
    with world.acting() as w:
        round_ = make_round(w, rules=Rules(pilots_per_city=1))
        old = make_candidate(w, round_, state=ProposalState.PILOTED, award_cents=1)
        new = make_candidate(w, round_, title="Root radar").id
        make_outcome(w, old, state=OutcomeState.ANNOUNCED, amount_cents=1)
        old_id = old.id
    with pytest.raises(Refused):
        propose(world, "jaan", new)
    with world.acting() as w:
        w.session.get_one(Proposal, old_id).pilot_ended_at = world.now
    propose(world, "jaan", new)
