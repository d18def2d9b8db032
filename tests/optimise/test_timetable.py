"""The timetable against every timetable there is, on small instances; and its promises on larger ones."""

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from challenge.optimise.timetable import timetable


def fits(pairs, left, right, slots, tables):
    """Whether these meetings can be held: every way is tried."""
    busy, used = set(), [0] * slots

    def place(at):
        if at == len(pairs):
            return True
        people = (left[pairs[at][0]], right[pairs[at][1]])
        for slot in range(slots):
            if used[slot] < tables and not busy & {(who, slot) for who in people}:
                used[slot] += 1
                busy.update((who, slot) for who in people)
                if place(at + 1):
                    return True
                used[slot] -= 1
                busy.difference_update((who, slot) for who in people)
        return False

    return place(0)


def brute(values, left, right, slots, tables):
    """The best total of all sets of pairs that can be held."""
    pairs = [pair for pair in product(range(len(left)), range(len(right))) if values[pair] > 0]
    best = 0
    for size in range(min(len(pairs), slots * tables) + 1):
        for chosen in combinations(pairs, size):
            worth = sum(values[pair] for pair in chosen)
            if worth > best and fits(chosen, left, right, slots, tables):
                best = worth
    return best


def holds(found, left, right, slots, tables):
    """Nobody in two places, each table once, each pair once."""
    met = found.meetings
    assert len({(row, column) for row, column, _slot, _table in met}) == len(met)
    assert len({(slot, table) for _row, _column, slot, table in met}) == len(met)
    for people, place in ((left, 0), (right, 1)):
        assert len({(people[one[place]], one[2]) for one in met}) == len(met)
    assert all(0 <= slot < slots and 0 <= table < tables for _row, _column, slot, table in met)


@st.composite
def instances(draw):
    rows, columns = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    values = draw(st.lists(st.lists(st.integers(-2, 9), min_size=columns, max_size=columns), min_size=rows,
                           max_size=rows))  # fmt: skip
    left = draw(st.lists(st.integers(0, 2), min_size=rows, max_size=rows))
    right = draw(st.lists(st.integers(10, 12), min_size=columns, max_size=columns))
    return np.array(values), left, right, draw(st.integers(1, 3)), draw(st.integers(1, 3))


@settings(max_examples=80, deadline=None)
@given(instances())
def test_no_timetable_is_worth_more(instance):
    found = timetable(*instance)
    values, left, right, slots, tables = instance
    holds(found, left, right, slots, tables)
    assert found.value == sum(values[one[:2]] for one in found.meetings)
    assert found.value == pytest.approx(brute(values, left, right, slots, tables))
    assert found.bound == pytest.approx(found.value)


@pytest.mark.parametrize("seed", range(3))
def test_a_whole_day_is_held_at_the_bound(seed):
    chance = np.random.default_rng(seed)
    values = chance.integers(1, 1000, (12, 9))
    left, right = [int(who) for who in chance.integers(0, 9, 12)], [100 + who for who in range(9)]
    found = timetable(values, left, right, 6, 5)
    holds(found, left, right, 6, 5)
    assert found.value == pytest.approx(found.bound)
    each = [sum(values[one[:2]] for one in found.meetings if one[2] == slot) for slot in range(6)]
    assert each == sorted(each, reverse=True)
    assert len(found.meetings) == 30


def test_greedy_would_have_lost():
    """The best pair first leaves 10 + 1; the day is worth 9 + 9."""
    found = timetable([[10, 9], [9, 1]], [0, 1], [10, 11], 1, 2)
    assert found.value == 18
    assert {one[:2] for one in found.meetings} == {(0, 1), (1, 0)}


@pytest.mark.parametrize(
    "wrong",
    [([[1, 2]], [0], [10], 1, 1), ([[float("nan")]], [0], [10], 1, 1), ([[1]], [0], [10], 0, 1),
     ([[1]], [0], [10], 1, 0), ([[1]], [0], [0], 1, 1)],
)  # fmt: skip
def test_what_is_no_day_is_refused(wrong):
    with pytest.raises(ValueError, match=":"):
        timetable(*wrong)


def test_nothing_worth_meeting_for_is_an_empty_day():
    assert timetable([[0, -1]], [0], [10, 11], 2, 2).meetings == ()
