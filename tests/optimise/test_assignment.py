import subprocess
import sys

import numpy as np
import pytest

from challenge.optimise import flow
from challenge.optimise.assignment import Infeasible, assign
from tests.optimise.brute import Instance, random_instance


def outcome(instance, **more):
    try:
        return assign(*instance.arguments(), **more)
    except Infeasible as no:
        return no


def as_matrix(result, instance):
    matrix = np.zeros(instance.fit.shape, np.int8)
    for juror, proposal in result.pairs:
        matrix[juror, proposal] = 1
    return matrix


def can_be_had(instance, cause, proposals, jurors):
    """Whether the named demands and loads, and nothing else, leave anything."""
    every = instance.lawful
    got, load = every.sum(axis=1)[:, proposals], every.sum(axis=2)[:, jurors]
    if cause == "demand":
        good = (got == instance.demand[proposals]).all(axis=1) & (load <= instance.load_max[jurors]).all(axis=1)
    elif cause == "load_min":
        good = (got <= instance.demand[proposals]).all(axis=1) & (load >= instance.load_min[jurors]).all(axis=1)
    else:
        good = (got == instance.demand[proposals]).all(axis=1) & (load <= instance.load_max[jurors]).all(axis=1)
    return bool(good.any())


CASES = [random_instance(seed) for seed in range(400)]
POSSIBLE = [case for case in CASES if len(case.feasible)]
IMPOSSIBLE = [case for case in CASES if not len(case.feasible)][:60]


def test_two_hundred_small_instances_reach_what_brute_force_finds():
    for case in POSSIBLE[:200]:
        best = case.worth(case.feasible).max()

        result = outcome(case)

        assert (result.value, result.optimal) == (pytest.approx(best, abs=1e-9), True)
        assert result.bound == result.value
        matrix = as_matrix(result, case)
        assert (matrix == case.feasible).all(axis=(1, 2)).any()
    assert len(POSSIBLE) >= 100


def test_what_cannot_be_had_names_a_set_that_is_infeasible_and_minimal():
    causes = set()
    for case in IMPOSSIBLE:
        no = outcome(case)

        assert isinstance(no, Infeasible)
        proposals, jurors = list(no.proposals), list(no.jurors)
        assert not can_be_had(case, no.cause, proposals, jurors)
        for left_out in proposals:
            assert can_be_had(case, no.cause, [p for p in proposals if p != left_out], jurors)
        for left_out in jurors:
            assert can_be_had(case, no.cause, proposals, [j for j in jurors if j != left_out])
        assert no.shortfall >= 1
        causes.add(no.cause)
    assert causes == {"demand", "load_min", "fixed"}


def test_the_shortfall_is_what_is_lacking():
    fit, demand = np.ones((2, 3)), [2, 2, 2]

    with pytest.raises(Infeasible) as no:
        assign(fit, demand, [3, 2])

    assert (no.value.cause, no.value.proposals, no.value.jurors, no.value.shortfall) == ("demand", (0, 1, 2), (1,), 1)


def test_a_proposal_that_too_few_may_judge_is_named_alone():
    forbidden = np.array([[0, 1], [0, 1], [0, 0]])

    with pytest.raises(Infeasible) as no:
        assign(np.ones((3, 2)), [2, 2], [9, 9, 9], forbidden=forbidden)

    assert (no.value.proposals, no.value.jurors, no.value.shortfall) == ((1,), (), 1)


def test_the_same_input_gives_the_same_pairs_and_equals_are_decided_by_index():
    fit = np.zeros((9, 24))

    first = assign(fit, np.full(24, 3), np.full(9, 9))
    again = assign(fit, np.full(24, 3), np.full(9, 9))

    assert first == again
    assert first.optimal


def test_the_solver_prints_nothing():
    code = "from challenge.optimise.assignment import assign; assign([[1.0]], [1], [1], panel_limit=1)"

    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert (said.stdout, said.stderr) == ("", "")


def test_the_tie_breaking_term_never_beats_a_hair_of_fit():
    g = np.random.default_rng(3)
    fit = 0.5 + 1e-7 * g.integers(0, 3, (4, 3))
    fit[0, 0] = 0.9

    case = Instance(fit, np.array([1, 2, 1]), np.full(4, 2), np.zeros(4, int), fit < 0, fit < 0)

    assert outcome(case).value == pytest.approx(case.worth(case.feasible).max(), abs=1e-12)


def test_a_middling_instance_is_proven_with_pairs_left_out():
    g = np.random.default_rng(11)
    fit, forbidden = g.random((60, 200)), g.random((60, 200)) < 0.05

    result = assign(fit, np.full(200, 3), np.full(60, 11), load_min=np.full(60, 8), forbidden=forbidden)

    assert result.optimal
    loads = np.bincount([juror for juror, _ in result.pairs], minlength=60)
    assert (len(result.pairs), loads.min() >= 8, loads.max() <= 11) == (600, True, True)
    assert not any(forbidden[pair] for pair in result.pairs)


@pytest.mark.parametrize(
    ("shape", "demand", "load"),
    [((0, 0), [], []), ((3, 0), [], [1, 1, 1]), ((0, 2), [0, 0], []), ((2, 2), [0, 0], [5, 5])],
)
def test_where_nothing_is_asked_nothing_is_assigned(shape, demand, load):
    result = assign(np.zeros(shape), demand, load)

    assert (result.pairs, result.value, result.bound, result.optimal) == ((), 0.0, 0.0, True)


def test_a_demand_without_jurors_is_infeasible():
    with pytest.raises(Infeasible) as no:
        assign(np.zeros((0, 2)), [0, 2], [])

    assert (no.value.proposals, no.value.jurors, no.value.shortfall) == ((1,), (), 2)


ONES = np.ones((2, 3))


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"fit": np.ones(3)}, "two dimensions"),
        ({"fit": np.full((2, 3), np.nan)}, "finite"),
        ({"fit": np.full((2, 3), np.inf)}, "finite"),
        ({"fit": -ONES}, "not negative"),
        ({"demand": [1, 1]}, "demand must be 3 whole numbers"),
        ({"demand": [1, 1, 0.5]}, "demand must be whole numbers"),
        ({"load_max": [1, -1]}, "load_max must be whole numbers"),
        ({"load_min": [0, 4]}, "greater than load_max for juror 1"),
        ({"forbidden": np.zeros((3, 2))}, "forbidden must have the shape of fit"),
        ({"fixed": ONES, "forbidden": ONES}, "both fixed and forbidden"),
        ({"panel_limit": 0}, "panel_limit"),
    ],
)
def test_arguments_that_cannot_be_read_are_refused_by_name(arguments, says):
    with pytest.raises(ValueError, match=says):
        assign(**({"fit": ONES, "demand": [1, 1, 1], "load_max": [3, 3]} | arguments))


def test_a_shortage_of_several_reviews_is_minimal_in_a_middling_instance_too():
    g = np.random.default_rng(5)
    demand, room, allowed = np.full(90, 3), np.full(30, 9), g.random((90, 30)) > 0.1
    room[:5] -= 1
    met = flow.meet(demand, room, allowed, g.random((90, 30)))
    free = np.iinfo(np.int64).max

    def met_without(left_out_rows=(), left_out_columns=()):
        need, of = np.zeros_like(demand), np.full_like(room, free)
        need[met.rows], of[met.columns] = demand[met.rows], room[met.columns]
        need[list(left_out_rows)], of[list(left_out_columns)] = 0, free
        return not isinstance(flow.meet(need, of, allowed, allowed.astype(float)), flow.Shortage)

    assert met.units > 1
    assert not met_without()
    assert all(met_without(left_out_rows=[row]) for row in met.rows)
    assert all(met_without(left_out_columns=[column]) for column in met.columns)
