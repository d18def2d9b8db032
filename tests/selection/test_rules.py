"""What awards bind and what they leave, who decides, when one may appeal: the figures and their edges."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select

from challenge.cities.models import CityProfile
from challenge.people.models import Role
from challenge.people.states import RoleName
from challenge.proposals import capacity
from challenge.proposals.models import PartnerCity, Proposal
from challenge.proposals.states import ProposalState
from challenge.rounds.models import Round
from challenge.rounds.schemas import Rules, SizeClass
from challenge.rounds.states import Bound, CityRole
from challenge.selection import rules
from challenge.selection.states import OutcomeState, ScenarioState, Verdict
from tests.cast import PEOPLE, PLACES
from tests.factories.jury import JURY, make_conflict, make_juror
from tests.factories.rounds import make_round
from tests.factories.selection import make_appeal, make_candidate, make_outcome, make_scenario

APPROVED, ANNOUNCED = OutcomeState.APPROVED, OutcomeState.ANNOUNCED
OTHERS = {"tallinn": CityRole.LEAD, "fingal": CityRole.PILOT}


@pytest.fixture
def w(world):
    world.now = JURY
    with world.acting() as opened:
        yield opened


def candidate(w, round_, number=1, **fields):
    return make_candidate(w, round_, title=f"Proposal {number}", **fields)


def code_of(problem):
    return None if problem is None else problem.code


@pytest.mark.parametrize(
    ("state", "verdict", "leaves", "bound"),
    [
        (APPROVED, Verdict.FUND, None, 100),
        (ANNOUNCED, Verdict.FUND, None, 100),
        (OutcomeState.PROPOSED, Verdict.FUND, None, 0),
        (OutcomeState.SUPERSEDED, Verdict.FUND, None, 0),
        (APPROVED, Verdict.RESERVE, None, 0),
        (APPROVED, Verdict.FUND, ProposalState.WITHDRAWN, 0),
        (APPROVED, Verdict.FUND, ProposalState.LAPSED, 0),
    ],
)
def test_money_is_bound_by_awards_that_two_people_decided_and_nobody_gave_up(w, state, verdict, leaves, bound):
    round_, other = make_round(w, budget_cents=1_000), make_round(w, title="Round 2028")
    first = candidate(w, round_)
    assert first.id == 1
    make_outcome(w, first, state=state, verdict=verdict, amount_cents=100)
    make_outcome(w, candidate(w, other, 2, cities=OTHERS), state=APPROVED, amount_cents=50)
    if leaves is not None:
        first.state = leaves
    assert rules.bound_cents(w, round_.id) == bound
    assert rules.bound_cents(w, round_.id, but=first.id) == 0
    assert rules.awards_but(w, round_.id, []) == ([("large", 100)] if bound else [])
    assert rules.awards_but(w, round_.id, [first.id]) == []


def test_the_budget_covers_an_award_to_the_cent_beside_the_others(w):
    round_ = make_round(w, budget_cents=150)
    first, second = candidate(w, round_), candidate(w, round_, 2, cities=OTHERS)
    make_outcome(w, first, state=APPROVED, amount_cents=100)
    assert [code_of(rules.budget_left(w, second, cents)) for cents in (50, 51)] == [None, "over_budget"]
    assert [code_of(rules.budget_left(w, first, cents)) for cents in (150, 151)] == [None, "over_budget"]
    round_.budget_cents = 100
    assert "leaves €0." in str(rules.budget_left(w, second, 1).text)
    assert [str(text) for text in rules.budget_left(w, second, 1).fields.values()] == ["The budget leaves €0"]
    round_.budget_cents = None
    assert rules.budget_left(w, second, 10**9) is None


def test_a_maximum_is_a_maximum_to_the_cent(w):
    size = SizeClass(key="large", title="Large", months=36, budget_cents=900, planned=2, bound=Bound.MAXIMUM)
    proposal = candidate(w, make_round(w, rules=Rules(size_classes=[size])))
    assert [code_of(rules.fits_class(w, proposal, cents)) for cents in (900, 901)] == [None, "over_maximum"]
    proposal.size_class = None
    assert rules.fits_class(w, proposal, 901) is None


@pytest.mark.parametrize(
    ("change", "carried"),
    [
        ({}, 1),
        ({"outcome": OutcomeState.PROPOSED}, 0),
        ({"outcome": OutcomeState.PROPOSED, "state": ProposalState.SELECTED, "award_cents": 100}, 1),
        ({"outcome": OutcomeState.PROPOSED, "state": ProposalState.PILOTED, "award_cents": 100}, 1),
        ({"ended": True}, 0),
        ({"left": True}, 0),
        ({"role": CityRole.FOLLOWER}, 0),
    ],
)
def test_a_city_carries_the_pilots_in_which_it_leads_or_pilots_until_they_end(w, change, carried):
    round_ = make_round(w, rules=Rules(pilots_per_city=1))
    first, second = candidate(w, round_), candidate(w, round_, 2, cities={**OTHERS, "helsinki": CityRole.PILOT})
    bystander = candidate(w, round_, 3, cities={**OTHERS, "narva": CityRole.PILOT})
    make_outcome(w, first, state=change.get("outcome", APPROVED), amount_cents=100)
    first.award_cents = change.get("award_cents")
    first.state = change.get("state", first.state)
    first.pilot_ended_at = w.now if change.get("ended") else None
    there = select(PartnerCity).where(PartnerCity.proposal_id == first.id, PartnerCity.city_id == PLACES["helsinki"].id)
    row = w.session.exec(there).one()
    row.left_at = w.now if change.get("left") else None
    row.role = change.get("role", row.role)
    w.session.flush()
    helsinki = PLACES["helsinki"].id
    told = {helsinki: [round_.id]} if carried and first.state in capacity.CARRYING else {}
    assert capacity.carried(w, [helsinki]) == told  # what teams see: an award that is not announced stays unsaid
    assert capacity.carried(w, [helsinki], but=[first.id]) == {}
    for city, but, here in ((helsinki, [], carried), (helsinki, [first.id], 0), (PLACES["narva"].id, [], 0)):
        assert rules.rooms(w, round_.id, [city], but=but)[city].here == here
    assert code_of(rules.cities_can_carry(w, second)) == ("city_cap" if carried else None)
    assert rules.cities_can_carry(w, bystander) is None


@pytest.mark.parametrize(("capacity", "code"), [(0, "city_capacity"), (1, "city_capacity"), (2, None), (None, None)])
def test_capacity_counts_over_all_rounds_and_a_cap_in_one(w, capacity, code):
    round_, other = (make_round(w, title=title, rules=Rules(pilots_per_city=1)) for title in ("A", "B"))
    make_outcome(w, candidate(w, other), state=APPROVED, amount_cents=100)
    here = candidate(w, round_, 2)
    profile = select(CityProfile).where(CityProfile.organisation_id == PLACES["helsinki"].id)
    w.session.exec(profile).one().capacity = capacity
    assert code_of(rules.cities_can_carry(w, here)) == code


def test_an_award_that_is_none_needs_no_money(w):
    proposal = candidate(w, make_round(w, budget_cents=1))
    reserve = make_outcome(w, proposal, verdict=Verdict.RESERVE)
    assert rules.award_holds(w, reserve) is None
    assert rules.may_award(w, proposal, 2).code == "over_budget"


@pytest.mark.parametrize(
    ("fields", "chosen", "verdict", "deviation", "state", "asked"),
    [
        ({}, True, Verdict.FUND, "", ProposalState.IN_JURY, False),
        ({}, True, Verdict.DECLINE, "", ProposalState.IN_JURY, True),
        ({}, False, Verdict.FUND, "", ProposalState.IN_JURY, True),
        ({}, False, Verdict.RESERVE, "", ProposalState.IN_JURY, False),
        ({}, False, Verdict.FUND, "The ministry pays.", ProposalState.IN_JURY, False),
        ({}, False, Verdict.FUND, "", ProposalState.RESERVE, False),
        ({"adopted_at": None, "adopted_by": None}, False, Verdict.FUND, "", ProposalState.IN_JURY, False),
    ],
)
def test_only_the_adopted_scenario_asks_for_a_reason(w, fields, chosen, verdict, deviation, state, asked):
    round_, other = make_round(w), make_round(w, title="Round 2028")
    proposal, rival = candidate(w, round_), candidate(w, round_, 2, cities=OTHERS)
    make_scenario(w, round_, [proposal if chosen else rival], left=[rival if chosen else proposal], **fields)
    make_scenario(w, other, [] if chosen else [proposal])
    proposal.state = state
    problem = rules.departs_from_portfolio(w, proposal, verdict, deviation)
    assert (problem is not None) is asked
    if asked:
        says = "does not fund" if verdict is Verdict.FUND else "” funds"
        assert says in str(problem.text)
        outcome = make_outcome(w, proposal, verdict=verdict)
        assert rules.follows_portfolio(w, outcome).code == "departs_from_portfolio"
        assert "Withdraw the outcome" in str(rules.follows_portfolio(w, outcome).text)


def test_a_scenario_without_a_portfolio_or_adopted_once_is_not_adopted(world):
    world.now = JURY
    with world.acting() as w:
        round_ = make_round(w)
        scenario = make_scenario(w, round_, [candidate(w, round_)])
        ids = round_.id, scenario.id, 1
    with world.acting("jaan") as w:
        round_, scenario = w.session.get_one(Round, ids[0]), w.session.get_one(type(scenario), ids[1])
        selection = w.session.get_one(rules.portfolio.Selection, ids[2])
        with w.session.no_autoflush:
            assert rules.may_adopt(w, round_, selection, scenario).code == "adopted_already"
            scenario.adopted_at = scenario.adopted_by = None
            assert rules.may_adopt(w, round_, selection, scenario) is None
            assert rules.may_adopt(w, round_, None, scenario).code == "not_computed"
            scenario.state = ScenarioState.FAILED
            assert rules.may_adopt(w, round_, selection, scenario).code == "not_computed"
        w.session.rollback()


@pytest.mark.parametrize(
    ("fields", "sits"),
    [({}, True), ({"accepted": False}, False), ({"left_at": JURY}, False)],
)
def test_who_sits_on_the_panel_now_does_not_decide(world, fields, sits):
    world.now = JURY
    with world.acting() as w:
        round_, other = make_round(w), make_round(w, title="Round 2028")
        make_juror(w, round_, "kadri", **fields)
        make_juror(w, other, "jaan")
        proposal_id = candidate(w, round_).id
    for who, on_panel in (("kadri", sits), ("jaan", False)):
        with world.acting(who) as w:
            proposal = w.session.get_one(Proposal, proposal_id)
            assert rules.is_on_panel(w, proposal.round_id) is on_panel
            assert (rules.may_decide(w, proposal) is None) is not on_panel
            assert (rules.may_run(w, w.session.get_one(Round, proposal.round_id)) is None) is not on_panel


def test_who_can_decide_is_named_without_who_cannot(w):
    round_, other = make_round(w), make_round(w, title="Round 2028")
    proposal = candidate(w, round_)
    for name, where in (("katrin", round_), ("tiina", other), ("aoife", round_), ("niamh", round_), ("eero", round_)):
        w.add(Role(person_id=PEOPLE[name].id, name=RoleName.COORDINATOR, round_id=where.id))
    w.add(Role(person_id=PEOPLE["katrin"].id, name=RoleName.COORDINATOR))
    make_conflict(w, proposal, "eero")
    aoife, niamh = (w.session.get_one(rules.who.Person, PEOPLE[name].id) for name in ("aoife", "niamh"))
    aoife.disabled_at, niamh.erased_at = w.now, w.now
    w.session.flush()
    assert [name for _id, name in rules.deciders(w, proposal)] == ["Jaan Jõgi", "Kadri Kask", "Katrin Kivi"]
    assert [name for _id, name in rules.deciders(w, proposal, but=11)] == ["Kadri Kask", "Katrin Kivi"]
    appeal = make_appeal(w, proposal, decision="declined")
    assert [key for key, _name in rules.deciders(w, appeal)] == [11, 12, 16]


def test_an_offer_is_ahead_until_its_moment(w):
    second = timedelta(seconds=1)
    assert rules.is_ahead(w, None) is None
    assert rules.is_ahead(w, w.now + second) is None
    assert rules.is_ahead(w, w.now).code == rules.is_ahead(w, w.now - second).code == "offer_over"


def test_a_system_decides_nothing(w):
    with pytest.raises(ValueError, match="only a person"):
        rules.person_id(w)
    appeal = make_appeal(w, candidate(w, make_round(w)), decision="declined")
    assert rules.is_handler(w, appeal).code == "may_not"  # it has no handler, and the system is nobody
