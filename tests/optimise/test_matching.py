"""Round-wide matching: as good as every matching there is, and nobody would leave it."""

import functools

import numpy as np
import pytest

from challenge.optimise.matching import best, blocking, stable


@functools.cache
def subsets(rows, columns):
    cells = rows * columns
    bits = (np.arange(2**cells)[:, None] >> np.arange(cells)) & 1
    return bits.astype(np.int8).reshape(-1, rows, columns)


def instance(seed):
    draw = np.random.default_rng(seed)
    rows, columns = int(draw.integers(1, 5)), int(draw.integers(1, 4))
    shape = (rows, columns)
    return (
        draw.integers(0, 6, shape) / 2, draw.integers(0, 6, shape) / 2,
        draw.integers(0, 3, rows), draw.integers(0, 3, columns), draw.random(shape) < 0.8,
    )  # fmt: skip


def lawful(places, capacity, allowed):
    every = subsets(*allowed.shape)
    return every[
        ~(every & ~allowed).any(axis=(1, 2))
        & (every.sum(axis=2) <= places).all(axis=1)
        & (every.sum(axis=1) <= capacity).all(axis=1)
    ]


@pytest.mark.parametrize("seed", range(100))
def test_as_good_as_every_matching_there_is(seed):
    want, wish, places, capacity, allowed = instance(seed)
    found = best(want, wish, places, capacity, allowed)
    top = ((want + wish) * lawful(places, capacity, allowed)).sum(axis=(1, 2)).max()
    assert (found.value, found.bound, found.optimal) == (pytest.approx(top), pytest.approx(top), True)


def would_leave(pairs, want, wish, places, capacity, allowed):
    """Written again from the definition: both have room, or somebody they like less."""
    mine = [[c for r, c in pairs if r == row] for row in range(len(places))]
    theirs = [[r for r, c in pairs if c == column] for column in range(len(capacity))]
    for row in range(len(places)):
        for column in range(len(capacity)):
            if (row, column) in pairs or not allowed[row, column] or want[row, column] + wish[row, column] == 0:
                continue
            row_would = (len(mine[row]) < places[row]) or any(want[row, c] < want[row, column] for c in mine[row])
            column_would = (len(theirs[column]) < capacity[column]) or any(
                wish[r, column] < wish[row, column] for r in theirs[column]
            )
            if row_would and column_would:
                yield row, column


@pytest.mark.parametrize("seed", range(100))
def test_nobody_would_leave_a_stable_matching_for_each_other(seed):
    want, wish, places, capacity, allowed = instance(seed)
    found = stable(want, wish, places, capacity, allowed)
    assert list(would_leave(found.pairs, want, wish, places, capacity, allowed)) == []
    assert blocking(found.pairs, want, wish, places, capacity, allowed) == ()
    assert found.value <= found.bound + 1e-9


@pytest.mark.parametrize("seed", range(60))
def test_who_would_leave_is_named(seed):
    want, wish, places, capacity, allowed = instance(seed)
    every = lawful(places, capacity, allowed)
    some = every[np.random.default_rng(seed).integers(len(every))]
    pairs = tuple((int(r), int(c)) for r, c in np.argwhere(some))
    assert list(blocking(pairs, want, wish, places, capacity, allowed)) == list(
        would_leave(pairs, want, wish, places, capacity, allowed)
    )


def test_value_and_stability_can_differ_and_both_are_told():
    # Together the crosswise pairs are worth more; but the first two would leave them for each other.
    want, wish = np.array([[5.0, 4.0], [4.0, 0.0]]), np.array([[5.0, 4.0], [4.0, 0.0]])
    top, calm = best(want, wish, [1, 1], [1, 1]), stable(want, wish, [1, 1], [1, 1])
    assert (top.pairs, top.value, top.optimal) == (((0, 1), (1, 0)), 16.0, True)
    assert (calm.pairs, calm.value, calm.bound, calm.optimal) == (((0, 0),), 10.0, 16.0, False)
    assert blocking(top.pairs, want, wish, [1, 1], [1, 1]) == ((0, 0),)


def test_places_stay_empty_where_nobody_may_come_and_nobody_comes_for_nothing():
    nothing = np.zeros((2, 1))
    assert best(nothing, nothing, [1, 1], [2]).pairs == stable(nothing, nothing, [1, 1], [2]).pairs == ()
    some = np.ones((2, 1))
    assert best(some, some, [1, 1], [0]).pairs == stable(some, some, [1, 1], [0]).pairs == ()
    assert best(some, some, [1, 1], [2], [[False], [True]]).pairs == ((1, 0),)
    assert best(np.ones((0, 3)), np.ones((0, 3)), np.zeros(0, int), [1, 1, 1]).pairs == ()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (([[1.0]], [[1.0, 2.0]], [1], [1]), "same two dimensions"),
        (([[-1.0]], [[1.0]], [1], [1]), "not negative"),
        (([[1.0]], [[1.0]], [1.5], [1]), "places must be 1 whole numbers"),
        (([[1.0]], [[1.0]], [1], [1, 1]), "capacity must be 1 whole numbers"),
        (([[1.0]], [[1.0]], [1], [1], [[True, True]]), "allowed must have the shape"),
    ],
)
def test_wrong_arguments_are_named(arguments, said):
    for matched in (best, stable):
        with pytest.raises(ValueError, match=said):
            matched(*arguments)
