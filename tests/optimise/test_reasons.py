"""Every reason is true: the change named lets the candidate in, and no smaller one of its kind does."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from challenge.optimise.greedy import ranked
from challenge.optimise.portfolio import Candidate, Rule, Rules, select
from challenge.optimise.reasons import Out, broken, drop, prices, shares, why_out
from tests.optimise.portfolios import best, case, every, with_more


def worth(candidates: list[Candidate], chosen: tuple[int, ...]) -> int:
    return sum(candidates[at].value for at in chosen)


def revalued(candidates: list[Candidate], at: int, by: int) -> list[Candidate]:
    return [replace(one, value=one.value + by) if n == at else one for n, one in enumerate(candidates)]


def proven(candidates: list[Candidate], rules: Rules, had: tuple[int, ...], at: int, out: Out) -> set[str]:
    """Looks at every portfolio, under every change of each kind; the kinds that let the candidate in."""
    forced = best(candidates, replace(rules, must_in={*rules.must_in, at}))
    by = {change.rule: change.by for change in out.changes}
    assert (out.swap is None) == (forced is None) == bool(out.clash)
    if forced is not None and out.swap is not None:
        assert out.swap.lost == worth(candidates, had) - worth(candidates, forced)
        assert (set(had) - set(out.swap.leaves)) | set(out.swap.enters) == set(forced)
        rise = by[Rule("value", at)]
        assert at in (best(revalued(candidates, at, rise), rules) or ())
        # The value of a portfolio that has it rises one by one: one less is the best of what is less.
        assert at not in (best(revalued(candidates, at, rise - 1), rules) or ())
    least = every(candidates, rules).least_budget(rules.budget or 0, at)
    assert by.get(Rule("budget")) == (None if least is None else least - (rules.budget or 0))
    one = candidates[at]
    limits = [
        Rule("planned", one.size_class),
        *(Rule("city_cap", city) for city in one.cities if city in rules.city_cap),
    ]
    limits += [Rule("theme_max", theme) for theme in one.themes if theme in rules.theme_max]
    for rule in limits:
        tried = [more for more in range(1, len(candidates) + 1)
                 if at in (best(candidates, with_more(rules, rule.kind, rule.key, more)) or ())]  # fmt: skip
        assert by.get(rule) == (min(tried) if tried else None)
    assert set(by) <= {Rule("value", at), Rule("budget"), *limits}
    return {rule.kind for rule in by}


def test_why_a_candidate_is_out_is_true_and_nothing_less_would_do() -> None:
    rng = np.random.default_rng(11)
    kinds: list[str] = []
    seen = 0
    while seen < 200:
        candidates, rules = case(rng, 8)
        had = best(candidates, rules)
        left = [at for at in range(len(candidates)) if had is not None and at not in {*had, *rules.must_out}]
        if had is None or not left:
            continue
        at = int(rng.choice(left))
        kinds += proven(candidates, rules, had, at, why_out(candidates, rules, select(candidates, rules), at))
        seen += 1

    assert {kind: kinds.count(kind) > 5 for kind in set(kinds)} == dict.fromkeys(
        ("value", "budget", "planned", "city_cap", "theme_max"), True
    )


def test_what_pushes_a_chosen_candidate_out_is_true_and_nothing_less_would() -> None:
    rng = np.random.default_rng(12)
    falls = stays = 0
    while falls < 50:
        candidates, rules = case(rng, 9)
        had = best(candidates, rules)
        if not had:
            continue
        at = int(rng.choice(had))
        by = drop(candidates, rules, select(candidates, rules), at)
        if by is None:
            assert at in (best(revalued(candidates, at, -candidates[at].value), rules) or ())
            stays += 1
            continue
        assert at not in (best(revalued(candidates, at, -by), rules) or ())
        assert by == 0 or at in (best(revalued(candidates, at, 1 - by), rules) or ())
        falls += 1

    assert stays


def test_a_candidate_kept_out_by_hand_is_told_so() -> None:
    candidates = [Candidate(9, 10, "mid"), Candidate(5, 10, "mid"), Candidate(1, 10, "mid")]
    rules = Rules(budget=10, must_out={0, 2})
    best_now = select(candidates, rules)

    first, last = why_out(candidates, rules, best_now, 0), why_out(candidates, rules, best_now, 2)

    assert [change.rule for change in first.changes] == [Rule("must_out", 0)]
    assert first.swap is not None
    assert (first.swap.lost, first.swap.leaves) == (-4, (1,))
    assert last.changes == ()
    assert last.swap is not None
    assert last.swap.lost == 4


def test_what_cannot_be_had_names_the_rules_against_it() -> None:
    candidates = [Candidate(9, 10, "mid", ("tartu",)), Candidate(5, 10, "mid", ("tartu",))]
    rules = Rules(budget=30, city_cap={"tartu": 1}, must_in={0})

    out = why_out(candidates, rules, select(candidates, rules), 1)

    assert out.swap is None
    assert set(out.clash) == {Rule("city_cap", "tartu"), Rule("must_in", 0)}
    assert [(change.rule, change.by) for change in out.changes] == [(Rule("city_cap", "tartu"), 1)]


def test_prices_are_what_another_choice_brings() -> None:
    rng = np.random.default_rng(13)
    for _ in range(20):
        candidates, rules = case(rng, 9)
        had = best(candidates, rules)
        if had is None:
            continue
        found = list(prices(candidates, rules, select(candidates, rules), 40))
        assert [price.rule for price in found] == [Rule("budget"), Rule("planned", "large"), Rule("planned", "mid")]
        for price in found:
            more = (
                replace(rules, budget=(rules.budget or 0) + 40)
                if price.rule.kind == "budget"
                else with_more(rules, price.rule.kind, price.rule.key, 1)
            )
            now = best(candidates, more) or ()
            assert price.gain == worth(candidates, now) - worth(candidates, had) == -price.swap.lost >= 0
            assert (set(had) - set(price.swap.leaves)) | set(price.swap.enters) == set(now)


def test_going_down_the_ranking_is_worse_and_may_break_a_rule() -> None:
    candidates = [
        Candidate(50, 90, "large", (), ("air",)), Candidate(49, 50, "mid", (), ("air",)),
        Candidate(48, 50, "mid", (), ("water",)), Candidate(1, 10, "mid", (), ("air",)),
    ]  # fmt: skip
    rules = Rules(budget=100, theme_min={"water": 1})

    cut, greedy, exact = (
        ranked(candidates, rules, cut=True),
        ranked(candidates, rules, cut=False),
        select(candidates, rules),
    )

    assert (cut, greedy, exact.chosen) == ((0,), (0, 3), (1, 2))
    assert broken(candidates, rules, cut) == broken(candidates, rules, greedy) == (Rule("theme_min", "water"),)
    assert broken(candidates, rules, exact.chosen) == ()


def test_shares_count_the_draws_in_which_one_is_chosen() -> None:
    candidates = [Candidate(5, 10, "mid"), Candidate(4, 10, "mid"), Candidate(1, 10, "mid")]

    found = shares(candidates, Rules(budget=20), [[5, 4, 1], [5, 1, 4], [5, 4, 3], [1, 1, 1]])

    assert found == (1.0, 0.75, 0.25)
    assert shares(candidates, Rules(budget=20), []) == (0.0, 0.0, 0.0)
