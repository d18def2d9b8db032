"""Ranges on one axis, and bars that lean from the middle."""

from challenge.http.ranges import Range, leaning, plot


def test_ranges_lie_on_an_axis_of_whole_numbers():
    found = plot([Range("A", 3.0, 2.5, 3.5, 3.25), Range("B", 4.0, 4.0, 4.0)], 0, 5)
    assert found.ticks == ((0.0, 2.0), (33.33, 3.0), (66.67, 4.0), (100.0, 5.0))
    first, second = found.bands
    assert (first.x, first.width, first.ring, first.dot) == (16.67, 33.33, 33.33, 41.67)
    assert (second.x, second.width, second.dot) == (66.67, 0.0, None)


def test_what_lies_beyond_the_scale_is_cut_off():
    band = plot([Range("A", 4.9, 4.5, 5.4, 5.1)], 0, 5).bands[0]
    assert band.dot == 100
    assert band.x + band.width == 100


def test_nothing_and_one_point_are_drawn_too():
    assert plot([], 0, 5).bands == ()
    only = plot([Range("A", 5.0, 5.0, 5.0)], 0, 5)
    assert [number for _x, number in only.ticks] == [4.0, 5.0]
    assert only.bands[0].ring == 100


def test_a_long_axis_has_at_most_eleven_ticks():
    assert len(plot([Range("A", 50, 1, 99)], 0, 100).ticks) == 11


def test_bars_lean_left_and_right_of_the_middle():
    assert leaning([0.5, -0.25, 0], 1.0) == ((50.0, 25.0), (37.5, 12.5), (50.0, 0.0))
    assert leaning([-2.0, 1.0], 1.0) == ((0.0, 50.0), (50.0, 25.0))
    assert leaning([], 1.0) == ()
