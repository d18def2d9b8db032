"""Pairing, budget and size: the same rules as everywhere, at the steps that need them."""

from __future__ import annotations

import pytest

from challenge.kernel.errors import Invalid, Refused
from challenge.proposals import actions, content
from challenge.proposals.content import gate_of
from challenge.proposals.rules import budget_fits, over_bounds, pairing_holds, rules_of
from challenge.proposals.states import BudgetCategory
from challenge.proposals.states import ProposalState as S
from challenge.rounds.states import Bound, CityRole, Pairing
from tests.factories.proposals import (
    ALL,
    AT,
    code_of,
    get,
    make_proposal,
    proposal_in,
    rules_with,
    sign_all,
)
from tests.factories.rounds import make_round

L, P, F = CityRole.LEAD, CityRole.PILOT, CityRole.FOLLOWER
CASES = {
    "urban_splash": ({"tartu": L, "fingal": P, "dlr": P}, None, None),
    "tallinn_and_tartu": ({"tallinn": L, "tartu": P}, "pairing", None),
    "two_irish": ({"fingal": L, "dlr": P}, "pairing", "pairing"),
    "follower_abroad": ({"tartu": L, "helsinki": F}, "pairing", "pairing"),
    "one_city": ({"tartu": L}, "pairing", "pairing"),
}


@pytest.mark.parametrize("case", CASES)
def test_pairing_holds_as_the_round_says(world, case):
    cities, mandatory, optional = CASES[case]
    with world.acting() as w:
        for rule, expected in ((Pairing.MANDATORY, mandatory), (Pairing.OPTIONAL, optional)):
            round_ = make_round(w, title=f"{case} {rule}", rules=rules_with(ALL, pairing=rule))
            problem = pairing_holds(w, make_proposal(w, round_, cities=cities))
            assert (problem.code if problem else None) == expected


@pytest.mark.abuse(32)
@pytest.mark.parametrize(("state", "act"), [(S.CO_DEVELOPMENT, "submit_pilot_proposal"), (S.FINALIST, "submit_full")])
def test_a_proposal_without_its_pair_is_not_handed_in(world, state, act):
    code = proposal_in(world, state)
    with world.acting("ravi") as w:
        actions.change_city_role(w, get(w, code), code_of(w, "helsinki"), F)
        world.now = AT[gate_of(get(w, code))]
    sign_all(world, code)

    with world.acting("ravi") as w, pytest.raises(Refused) as refused:
        actions.fire(w, get(w, code), act)
    assert refused.value.problem.code == "pairing"


@pytest.mark.parametrize("act", ["award", "promote"])
def test_no_award_without_a_pair(world, act):
    code = proposal_in(world, S.IN_JURY if act == "award" else S.RESERVE)
    with world.acting("sofia") as w:
        actions.leave_as_city(w, get(w, code), code_of(w, "helsinki"), "Elections.")

    with world.acting("jaan") as w:
        proposal = get(w, code)
        proposal.reviews_eligible, proposal.award_cents = 3, 1
        with pytest.raises(Refused) as refused:
            actions.cause(w, proposal, act)
    assert refused.value.problem.code == "pairing"


def test_thirty_seven_months_warn_and_do_not_block(world):
    code = proposal_in(world, S.CO_DEVELOPMENT)
    with world.acting("ravi") as w:
        proposal = get(w, code)
        actions.revise(w, proposal, {"months": "37"})
        size = rules_of(w, proposal).size_class("large")

        assert [str(text) for text in over_bounds(37, 126_000_000, size)] == [
            "This is one month longer than this class."
        ]
        assert budget_fits(w, proposal) is None


def test_a_maximum_blocks(world):
    rules = rules_with(ALL)
    classes = [size.model_copy(update={"bound": Bound.MAXIMUM}) for size in rules.size_classes]
    rules = rules.model_copy(update={"size_classes": classes})
    code = proposal_in(world, S.CO_DEVELOPMENT, rules=rules)
    with world.acting("ravi") as w:
        proposal = get(w, code)
        assert budget_fits(w, proposal) is None
        lines = {(code_of(w, "taltech"), BudgetCategory.STAFF, 1): 127_000_000}
        actions.set_budget(w, proposal, lines)

        assert str(budget_fits(w, proposal).fields["budget"]) == "The budget is €10,000 over the size of this class."


def test_a_proposal_without_a_budget_is_not_handed_in(world):
    with world.acting() as w:
        assert budget_fits(w, make_proposal(w, make_round(w))).code == "no_budget"


def test_only_partners_spend(world):
    code = proposal_in(world, S.CO_DEVELOPMENT)
    with world.acting("ravi") as w:
        for lines in (
            {(code_of(w, "aalto"), BudgetCategory.STAFF, 1): 100},
            {(code_of(w, "tartu"), BudgetCategory.STAFF, 1): -1},
            {(code_of(w, "tartu"), BudgetCategory.STAFF, 1): 10**13},
        ):
            with pytest.raises(Invalid):
                actions.set_budget(w, get(w, code), lines)


def test_a_city_that_goes_takes_its_lines_of_the_budget_along(world):
    code = proposal_in(world, S.CO_DEVELOPMENT)
    with world.acting("ravi") as w:
        proposal = get(w, code)
        lines = {
            (code_of(w, "helsinki"), BudgetCategory.TRAVEL, 1): 5_000,
            (code_of(w, "taltech"), BudgetCategory.STAFF, 1): 9,
        }
        actions.set_budget(w, proposal, lines)
        actions.remove_city(w, proposal, code_of(w, "helsinki"))

        assert [line.cents for line in content.budget(w, proposal)] == [9]


def test_there_is_one_lead_city_and_only_places_that_count_as_cities(world):
    code = proposal_in(world, S.CO_DEVELOPMENT)
    with world.acting("ravi") as w:
        proposal = get(w, code)
        for place, role in (("dlr", L), ("taltech", P), ("tartu", P)):
            with pytest.raises(Invalid):
                actions.ask_city(w, proposal, code_of(w, place), role)
        with pytest.raises(Invalid):
            actions.change_city_role(w, proposal, code_of(w, "helsinki"), L)
