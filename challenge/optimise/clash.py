"""The smallest set of rows that cannot be had together.

Every clash must hit every set of rows that makes room when given up. So: the smallest set that hits all those found so
far, if it clashes, is a smallest clash; else what it leaves out, once grown to the most that can be had, is one more
set to hit (implicit hitting sets; Ignatiev, Previti, Liffiton and Marques-Silva 2015).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from challenge.optimise.choice import Choice
from challenge.optimise.rows import NO_LIMIT, Row, Rule


def smallest(count: int, rows: Sequence[Row]) -> tuple[Rule, ...]:
    """The rules of a smallest clash among ``rows`` over ``count`` candidates; the first one in their order."""
    hits: list[tuple[int, ...]] = []
    while True:
        tried = _hitting(len(rows), hits)
        chosen = _possible(count, [rows[at] for at in tried])
        if chosen is None:
            return tuple(rows[at].rule for at in tried)
        kept = set(tried) | {at for at, row in enumerate(rows) if row.holds(chosen)}
        for at in range(len(rows)):
            if at not in kept:
                chosen = _possible(count, [rows[one] for one in sorted({*kept, at})])
                if chosen is not None:
                    kept |= {at} | {one for one, row in enumerate(rows) if row.holds(chosen)}
        hits.append(tuple(at for at in range(len(rows)) if at not in kept))


def _possible(count: int, rows: Sequence[Row]) -> Collection[int] | None:
    found = Choice(count, rows).best([0] * count)
    return None if found is None else set(found.chosen)


def _hitting(count: int, sets: Sequence[Sequence[int]]) -> tuple[int, ...]:
    """The fewest of ``count`` with at least one in each of ``sets``."""
    lows = [Row(Rule("hit"), tuple(one), (1,) * len(one), 1, NO_LIMIT) for one in sets]
    found = Choice(count, lows)
    least = found.best([-1] * count)
    if least is None:
        raise RuntimeError("A set to hit is empty: the rows can be had together.")
    return found.first_of_best([-1] * count, least).chosen
