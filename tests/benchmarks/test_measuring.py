"""What the benchmarks reckon with; nothing here measures a time."""

import importlib
import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.fields import BODY_BYTES, REPEATED, hostile
from benchmarks.forms import Form, forms_of
from benchmarks.ranks import percentile, rank_test
from benchmarks.run import GROUPS

few = st.lists(st.integers(0, 9), min_size=2, max_size=12)


@pytest.mark.parametrize("name", GROUPS)
def test_every_group_measures(name):
    assert callable(importlib.import_module(f"benchmarks.{name}").measure)


@given(few, few)
def test_the_area_is_how_often_the_second_is_larger(first, second):
    pairs = [(a < b) + (a == b) / 2 for a in first for b in second]
    assert math.isclose(rank_test(first, second)[1], sum(pairs) / len(pairs))


def test_the_rank_test_is_close_to_the_exact_one():
    values = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7]
    splits = [set(chosen) for chosen in itertools.combinations(range(14), 7)]

    def distance(chosen):
        sides = [[v for i, v in enumerate(values) if (i in chosen) is side] for side in (False, True)]
        return abs(rank_test(*sides)[1] - 0.5)

    distances = [distance(chosen) for chosen in splits[::7]]
    for chosen in splits[::500]:
        first, second = ([v for i, v in enumerate(values) if (i in chosen) is side] for side in (False, True))
        exact = sum(other >= distance(chosen) - 1e-9 for other in distances) / len(distances)
        assert abs(rank_test(first, second)[0] - exact) < 0.06


def test_what_is_the_same_is_not_told_apart_and_what_is_not_is():
    assert rank_test([1.0] * 30, [1.0] * 30) == (1.0, 0.5)
    assert rank_test(list(range(30)), list(range(30)))[0] == 1.0
    p, area = rank_test(list(range(50)), list(range(30, 80)))
    assert p < 1e-6
    assert area > 0.85


def test_percentiles_are_values_that_occur():
    assert [percentile([4, 1, 3, 2], share) for share in (0, 0.25, 0.5, 0.95, 1)] == [1, 1, 2, 4, 4]


def test_forms_are_read_as_a_browser_has_them():
    page = """<form action="/a" method="post"><input type="hidden" name="version" value="3">
    <input name="title" maxlength="12" value="x"><input type="checkbox" name="yes" value="1"><textarea name="text">a
    b</textarea><select name="s"><option value="1"><option value="2" selected></select><input type="file" name="f">
    </form><form action="/b"><input type="search" name="q"></form>"""
    first, second = forms_of(page)
    assert (first.action, first.method, second.method) == ("/a", "post", "get")
    assert first.values == {"version": ["3"], "title": ["x"], "text": ["a\n    b"], "s": ["2"]}
    assert (first.texts, second.texts) == ({"title": 12, "text": None}, {"q": None})


def test_hostile_text_fits_into_the_field_and_the_request():
    post, get = Form("/", "post"), Form("/", "get")
    assert all(len(hostile(piece, BODY_BYTES, 12, post)) <= 12 for piece in REPEATED.values())
    assert hostile("a", BODY_BYTES, None, post) == "a" * BODY_BYTES
    assert len(hostile("\u200d", BODY_BYTES, None, get)) == 3_000 // 9
