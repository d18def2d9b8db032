from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import combinations

import pytest
from pydantic import ValidationError

from challenge.rounds.schemas import Criterion, GateRules, Rules, Scale, SizeClass, Theme
from challenge.rounds.states import Bound, Gate, Judge, Owed, Pairing
from tests.rounds.documents import rules_with

GATE_SETS = [frozenset(found) for size in (1, 2, 3) for found in combinations(Gate, size)]


def test_defaults_reproduce_2023():
    rules = Rules()

    assert rules.submissions_per_city == 3
    assert rules.interests_per_city == 5
    assert rules.pairing is Pairing.MANDATORY
    assert (rules.min_cities, rules.home_country) == (2, "EE")
    assert rules.open_gates == set(Gate)
    assert rules.gates[Gate.IDEA].judges == {Judge.CITIES, Judge.COORDINATORS}
    assert [rules.gates[gate].owed for gate in Gate] == [Owed.NOTHING, Owed.SIGN_OFF, Owed.SIGN_OFF]
    assert rules.decision_before_agreement
    assert [(size.months, size.budget_cents, size.planned, size.bound) for size in rules.size_classes] == [
        (36, 126_000_000, 2, Bound.APPROXIMATE),
        (24, 86_000_000, 2, Bound.APPROXIMATE),
    ]
    assert rules.pilots_per_city is None


def test_defaults_score_as_horizon_does():
    rules = Rules()
    full = rules.gates[Gate.FULL_PROPOSAL]

    assert (rules.scale.maximum, rules.scale.step) == (5, Decimal("0.5"))
    assert [criterion.weight for criterion in full.criteria] == [30, 25, 20, 15, 10]
    assert {criterion.threshold for criterion in full.criteria} == {3}
    assert rules.total_floor(Gate.PILOT_PROPOSAL) == 10  # exactly 10 of 15, not 10.005
    assert rules.total_floor(Gate.FULL_PROPOSAL) == Fraction(50, 3)
    assert Decimal(10) >= rules.total_floor(Gate.PILOT_PROPOSAL) > Decimal("9.99")
    assert (rules.ranking, rules.grace_seconds, rules.spread_alert) == ("raw", 120, Decimal("1.5"))
    assert (rules.reaction_days, rules.reaction_pages, rules.appeal_days) == (7, 2, 14)


@pytest.mark.parametrize("gates", GATE_SETS, ids=lambda gates: "+".join(sorted(gates)))
def test_every_set_of_gates_is_valid(gates):
    rules = rules_with(gates)

    assert rules.open_gates == gates
    assert Rules.model_validate(rules.model_dump(mode="json")) == rules
    assert Rules.model_validate_json(rules.model_dump_json()) == rules


def test_no_gate_at_all_is_refused():
    with pytest.raises(ValidationError, match="At least one gate must be on"):
        rules_with(frozenset())


def _criterion(key="impact", **fields):
    return Criterion(key=key, title="Impact", **fields)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"gates": {Gate.IDEA: GateRules(judges={Judge.CITIES})}}, "All three gates"),
        ({"themes": [Theme(key="a", title="A"), Theme(key="a", title="B")]}, "Each key"),
        ({"size_classes": [SizeClass(key="a", title="A", months=1, budget_cents=1, planned=1)] * 2}, "Each key"),
        ({"scale": Scale(maximum=Decimal(5), step=Decimal("0.4"))}, "multiple of its step"),
        ({"scale": Scale(maximum=Decimal(5), step=Decimal("0.1"))}, "more than 21 marks"),
        ({"scale": Scale(maximum=Decimal(2), step=Decimal("0.5"))}, "above the highest mark"),
        ({"tie_ladder": ["criterion:nonsense"]}, "in no gate"),
        ({"tie_ladder": ["panel", "panel"]}, "one thing twice"),
        ({"tie_ladder": ["submitted_at"]}, "in no gate"),
        ({"home_country": "Estonia"}, "pattern"),
        ({"city_kinds": set()}, "at least 1 item"),
        ({"grace_seconds": -1}, "greater than or equal to 0"),
        ({"unheard_of": 1}, "Extra inputs"),
    ],
)
def test_what_does_not_hang_together_is_refused(changes, words):
    with pytest.raises(ValidationError, match=words):
        Rules(**changes)


def test_jurors_need_a_criterion():
    gates = Rules().gates | {Gate.FULL_PROPOSAL: GateRules(judges={Judge.JURORS}, criteria=[])}
    with pytest.raises(ValidationError, match="needs at least one criterion"):
        Rules(gates=gates, tie_ladder=[])


def test_a_gate_of_cities_alone_needs_no_criterion():
    gates = {gate: GateRules(on=True, judges={Judge.CITIES}) for gate in Gate}
    assert Rules(gates=gates, tie_ladder=["countries"]).open_gates == set(Gate)


@pytest.mark.parametrize(
    ("typed", "exact"),
    [("2/3", Fraction(2, 3)), ("0.7", Fraction(7, 10)), ("0,7", Fraction(7, 10)), (0.7, Fraction(7, 10)), (1, 1)],
)
def test_a_threshold_is_exact(typed, exact):
    assert GateRules(total_threshold=typed, criteria=[_criterion()]).total_threshold == exact


@pytest.mark.parametrize("typed", ["3/2", "-1", "1/0", "two thirds", "1/1001"])
def test_a_threshold_that_means_nothing_is_refused(typed):
    with pytest.raises(ValidationError):
        GateRules(total_threshold=typed)


def test_rules_are_never_changed_in_place():
    with pytest.raises(ValidationError, match="frozen"):
        Rules().min_cities = 1
