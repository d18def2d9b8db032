"""The portfolio equals the best of all portfolios, on cases where every kind of rule binds; clashes are smallest."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from challenge.optimise.portfolio import Candidate, Infeasible, Portfolio, Rule, Rules, select
from challenge.optimise.rows import rows
from tests.optimise.portfolios import best, case


def value_of(candidates: list[Candidate], chosen: tuple[int, ...]) -> int:
    return sum(candidates[at].value for at in chosen)


def test_it_equals_brute_force_with_every_kind_of_rule() -> None:
    rng = np.random.default_rng(6)
    lawful = 0

    for _ in range(300):
        candidates, rules = case(rng, 16)
        expected = best(candidates, rules)
        if expected is None:
            with pytest.raises(Infeasible):
                select(candidates, rules)
            continue
        value = value_of(candidates, expected)
        assert select(candidates, rules) == Portfolio(value, value, expected, "optimal")
        lawful += 1

    assert lawful > 200


def test_each_kind_of_rule_decides_somewhere() -> None:
    rng = np.random.default_rng(6)
    kinds = ("budget", "planned", "city_cap", "theme_min", "theme_max", "must_in", "must_out")
    decides, none = dict.fromkeys((*kinds, "group"), 0), Rules()

    for _ in range(60):
        candidates, rules = case(rng, 11)
        full = best(candidates, rules)
        for kind in kinds:
            decides[kind] += full != best(candidates, replace(rules, **{kind: getattr(none, kind)}))
        alone = [replace(one, group=None) for one in candidates]
        decides["group"] += full != best(alone, rules)

    assert min(decides.values()) > 0, decides


def test_equal_portfolios_are_told_apart_by_the_order_given() -> None:
    alike = [Candidate(5, 10, "mid") for _ in range(60)]

    assert select(alike, Rules(budget=35)).chosen == (0, 1, 2)
    assert select(alike, Rules(budget=35, must_in={40}, must_out={0})).chosen == (1, 2, 40)
    # Two of 3 are as good as one of 6; the order of the first that differs decides, over more than one block.
    mixed = [Candidate(3, 10, "mid")] * 30 + [Candidate(6, 20, "mid")] + [Candidate(3, 10, "mid")]
    assert select(mixed, Rules(budget=20)).chosen == (0, 1)
    assert select(mixed[30:], Rules(budget=20)).chosen == (0,)


def test_large_ties_are_settled_as_by_brute_force() -> None:
    rng = np.random.default_rng(9)
    for _ in range(12):
        count = 45
        kinds = [Candidate(int(v), int(c), "mid") for v, c in ((10, 4), (20, 8), (15, 6))]
        candidates = [kinds[int(one)] for one in rng.integers(3, size=count)]
        first = select(candidates, Rules(budget=31))

        # All are worth 2.5 a unit of cost: the greatest even cost within the budget, first ones first.
        left, expected = 30, []
        for at, one in enumerate(candidates):
            rest = {0}
            for later in candidates[at + 1 :]:
                rest |= {had + later.cost for had in rest if had + later.cost <= left}
            if one.cost <= left and left - one.cost in rest:
                expected.append(at)
                left -= one.cost
        assert first.chosen == tuple(expected)


def test_money_is_exact_to_the_cent() -> None:
    two = [Candidate(5, 100_000_001, "mid"), Candidate(5, 99_999_999, "mid"), Candidate(9, 150_000_000, "mid")]

    assert select(two, Rules(budget=200_000_000)).chosen == (0, 1)
    assert select(two, Rules(budget=199_999_999)).chosen == (2,)


@pytest.mark.parametrize("count", [0, 1])
def test_nothing_to_choose_from_is_an_empty_portfolio(count: int) -> None:
    candidates = [Candidate(5, 10, "mid")] * count

    assert select(candidates, Rules(budget=9)) == Portfolio(0, 0, (), "optimal")
    with pytest.raises(Infeasible) as clash:
        select(candidates, Rules(theme_min={"water": 1}))
    assert clash.value.rules == (Rule("theme_min", "water"),)


def test_a_clash_is_the_smallest_set_of_rules() -> None:
    candidates = [
        Candidate(5, 60, "large", ("tartu",), ("water",)),
        Candidate(5, 60, "large", ("tartu",), ("air",)),
        Candidate(5, 60, "mid", ("narva",), ("water",)),
    ]
    rules = Rules(130, {"large": 1}, {"tartu": 1}, {"air": 1}, {}, must_in={0, 2})

    with pytest.raises(Infeasible) as clash:
        select(candidates, rules)

    # Money, too, would clash with three rules (both must be in, one more for air); the places clash with two.
    assert len(clash.value.rules) == 3
    assert set(clash.value.rules) == {Rule("planned", "large"), Rule("must_in", 0), Rule("theme_min", "air")}


def test_no_smaller_set_clashes_in_random_cases() -> None:
    rng = np.random.default_rng(3)
    seen = 0
    while seen < 25:
        candidates, rules = case(rng, 7)
        rules = replace(rules, must_in=frozenset(range(int(rng.integers(2, 4)))), theme_min={"water": 2, "air": 1})
        if best(candidates, rules) is not None:
            continue
        with pytest.raises(Infeasible) as clash:
            select(candidates, rules)
        seen += 1
        given = {row.rule: row for row in rows(candidates, rules)}
        members = [{at for at in range(len(candidates)) if mask >> at & 1} for mask in range(2 ** len(candidates))]
        keeps = {rule: {n for n, member in enumerate(members) if row.holds(member)} for rule, row in given.items()}
        assert not set.intersection(*(keeps[rule] for rule in clash.value.rules))
        for smaller in combinations(given, len(clash.value.rules) - 1):
            assert set.intersection(set(range(len(members))), *(keeps[rule] for rule in smaller))


def test_out_of_time_the_bound_is_true() -> None:
    rng = np.random.default_rng(4)
    candidates = [Candidate(int(v), int(c), "mid") for v, c in rng.integers(1000, 9000, size=(400, 2))]
    candidates.append(Candidate(1, 9000, "mid", (), ("water",)))
    rules = Rules(budget=200_000)
    full = select(candidates, rules)

    late = select(candidates, rules, time_limit=0.0)

    assert late.status == "time_limit"
    assert late.value <= full.value <= late.bound
    assert late.gap > 0 == full.gap
    with pytest.raises(TimeoutError):
        select(candidates, replace(rules, theme_min={"water": 1}), time_limit=0.0)


@pytest.mark.parametrize(
    "wrong", [Rules(budget=-1), Rules(planned={"mid": -1}), Rules(must_in={1}), Rules(must_out={-1})]
)
def test_rules_that_cannot_be_read_are_refused(wrong: Rules) -> None:
    with pytest.raises(ValueError, match=r"negative|indices"):
        select([Candidate(1, 1, "mid")], wrong)


def test_values_that_are_not_whole_are_refused() -> None:
    with pytest.raises(ValueError, match="whole number"):
        select([Candidate(1.5, 1, "mid")], Rules())  # type: ignore[arg-type]
