"""The arithmetic of the ranking, computed by hand."""

from decimal import Decimal
from fractions import Fraction

import pytest

from challenge.jury.ranking import Entry, rank, standing
from challenge.rounds.schemas import Criterion, GateRules, Rules

CRITERIA = [
    Criterion(key="impact", title="Impact", weight=Decimal(50)),
    Criterion(key="science", title="Science", weight=Decimal(30)),
    Criterion(key="plan", title="Plan", weight=Decimal(20)),
]
GATE = GateRules(criteria=CRITERIA, reviews=2)
RULES = Rules()


def entry(key, *reviews, **facts):
    marks = [dict(zip(("impact", "science", "plan"), review, strict=True)) for review in reviews]
    return Entry(key, marks, **facts)


def places(entries, rules=RULES, decisions=()):
    return [(found.key, found.place) for found in rank(entries, GATE, rules, decisions)]


def test_means_and_totals_are_exact_fractions():
    found = standing(entry(1, (40, 35, 30), (45, 30, 30), (40, 30, 35)), GATE, RULES)

    assert found.means == {"impact": Fraction(25, 6), "science": Fraction(19, 6), "plan": Fraction(19, 6)}
    assert found.total == Fraction(21, 2)
    assert found.weighted == (50 * Fraction(25, 6) + 30 * Fraction(19, 6) + 20 * Fraction(19, 6)) / 100


def test_three_in_a_criterion_and_two_thirds_in_all_are_enough():
    found = standing(entry(1, (30, 35, 35), (30, 35, 35)), GATE, RULES)

    assert found.total == 10
    assert found.below == ()
    assert not found.is_total_below
    assert found.below_threshold is False


def test_a_third_of_a_half_mark_below_three_is_below():
    found = standing(entry(1, (30, 50, 50), (30, 50, 50), (25, 50, 50)), GATE, RULES)

    assert found.means["impact"] == Fraction(17, 6)  # 2.8333 would be 3 to nobody, 2.9999 not either
    assert found.below == ("impact",)
    assert found.below_threshold is True


def test_two_thirds_are_not_reached_by_rounding():
    found = standing(entry(1, (35, 35, 30), (35, 30, 30), (35, 35, 35)), GATE, RULES)

    assert found.total == Fraction(59, 6) + Fraction(1, 6)
    assert not found.is_total_below
    short = standing(entry(1, (35, 35, 30), (35, 30, 30), (35, 35, 30)), GATE, RULES)
    assert short.total == Fraction(59, 6)
    assert short.below == ()
    assert short.is_total_below


def test_weights_order_but_never_meet_a_threshold():
    heavy = entry(1, (50, 30, 25), (50, 30, 25))  # 4.1 weighted, the plan is below 3
    light = entry(2, (35, 35, 35), (35, 35, 35))  # 3.5 weighted, over every threshold

    assert places([heavy, light]) == [(2, 1), (1, None)]


def test_without_a_quorum_nothing_is_known():
    found = standing(entry(1, (10, 10, 10)), GATE, RULES)

    assert not found.has_quorum
    assert found.below_threshold is None
    assert places([entry(1, (50, 50, 50)), entry(2, (35, 35, 35), (35, 35, 35)), entry(3)]) == [
        (2, 1), (1, None), (3, None),
    ]  # fmt: skip


def test_a_spread_of_one_and_a_half_alerts_and_less_does_not():
    assert standing(entry(1, (40, 40, 40), (25, 30, 40)), GATE, RULES).spread == ("impact",)


def test_what_has_gone_keeps_its_marks_and_has_no_place():
    entries = [entry(1, (50, 50, 50), (50, 50, 50), is_running=False), entry(2, (35, 35, 35), (35, 35, 35))]

    assert places(entries) == [(2, 1), (1, None)]


SAME = ((40, 40, 40), (40, 40, 40))


def test_a_theme_not_yet_covered_above_comes_first():
    entries = [
        entry(1, (50, 50, 50), (50, 50, 50), themes=frozenset({"energy"})),
        entry(2, *SAME, themes=frozenset({"energy"})),
        entry(3, *SAME, themes=frozenset({"data"})),
    ]

    found = rank(entries, GATE, RULES)

    assert [one.key for one in found] == [1, 3, 2]
    assert [one.settled_by for one in found] == [None, "theme_not_covered", "theme_not_covered"]
    assert found[1].tied_with == (2,)


def test_criterion_after_criterion_then_countries():
    one = entry(1, (40, 40, 40), (40, 40, 40), countries=2)
    two = entry(2, (43, 35, 40), (43, 35, 40), countries=2)  # the same weighted sum: 0.3 × 50 = 0.5 × 30
    three = entry(3, (40, 40, 40), (40, 40, 40), countries=3)

    found = rank([one, two, three], GATE, RULES)

    assert len({one.weighted for one in found}) == 1
    assert [(one.key, one.place, one.settled_by) for one in found] == [
        (2, 1, "criterion:impact"), (3, 2, "countries"), (1, 3, "countries"),
    ]  # fmt: skip


def test_equals_share_their_place_until_the_panel_decides():
    entries = [entry(1, *SAME), entry(2, *SAME), entry(3, (35, 35, 35), (35, 35, 35))]

    tied = rank(entries, GATE, RULES)
    assert [(one.key, one.place, one.is_shared) for one in tied] == [(1, 1, True), (2, 1, True), (3, 3, False)]

    decided = rank(entries, GATE, RULES, decisions=[[2, 1]])
    assert [(one.key, one.place, one.settled_by) for one in decided] == [(2, 1, "panel"), (1, 2, "panel"), (3, 3, None)]


def test_a_decision_about_some_of_the_equals_settles_nothing():
    entries = [entry(1, *SAME), entry(2, *SAME), entry(3, *SAME)]

    assert places(entries, decisions=[[2, 1]]) == [(1, 1), (2, 1), (3, 1)]


def test_without_the_panel_in_the_ladder_its_decision_counts_for_nothing():
    rules = Rules(tie_ladder=["countries"])

    assert places([entry(1, *SAME), entry(2, *SAME)], rules, decisions=[[2, 1]]) == [(1, 1), (2, 1)]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2)])
def test_the_order_of_arrival_decides_nothing(order):
    entries = [entry(1, *SAME, countries=2), entry(2, *SAME, countries=3), entry(3, (45, 45, 45), (45, 45, 45))]

    assert places([entries[index] for index in order]) == [(3, 1), (2, 2), (1, 3)]


CALIBRATED = Rules(ranking="calibrated")


def test_calibrated_scores_order_where_the_rules_say_so_and_meet_no_threshold():
    entries = [entry(1, *SAME), entry(2, (35, 35, 35), (35, 35, 35)), entry(3, (25, 25, 25), (25, 25, 25))]
    calibrated = {1: Fraction(38, 10), 2: Fraction(41, 10), 3: Fraction(5)}

    found = rank(entries, GATE, CALIBRATED, calibrated=calibrated)
    assert [(one.key, one.place, one.score) for one in found] == [
        (2, 1, Fraction(41, 10)), (1, 2, Fraction(38, 10)), (3, None, Fraction(5)),
    ]  # fmt: skip
    raw = rank(entries, GATE, RULES, calibrated=calibrated)
    assert [(one.key, one.place) for one in raw] == [(1, 1), (2, 2), (3, None)]


def test_whoever_has_no_calibrated_score_has_no_place_by_it():
    entries = [entry(1, *SAME), entry(2, (35, 35, 35), (35, 35, 35))]

    found = rank(entries, GATE, CALIBRATED, calibrated={2: Fraction(3)})
    assert [(one.key, one.place) for one in found] == [(2, 1), (1, None)]
    assert [one.place for one in rank(entries, GATE, CALIBRATED)] == [None, None]


def test_the_ladder_tells_apart_who_is_equal_by_what_ranks():
    entries = [entry(1, *SAME, countries=2), entry(2, (35, 35, 35), (35, 35, 35), countries=3)]
    rules = Rules(ranking="calibrated", tie_ladder=["countries"])

    found = rank(entries, GATE, rules, calibrated=dict.fromkeys((1, 2), Fraction(4)))
    assert [(one.key, one.place, one.settled_by) for one in found] == [(2, 1, "countries"), (1, 2, "countries")]
