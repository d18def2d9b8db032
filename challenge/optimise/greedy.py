"""Going down the ranking, as people do: what a proven choice is compared with, and what it starts from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from challenge.optimise.rows import Candidate, Row, Rules, rows


def ranked(candidates: Sequence[Candidate], rules: Rules, *, cut: bool) -> tuple[int, ...]:
    """What fits, taken by value; with ``cut`` only what comes before the first that does not fit.

    What must be in is taken first. Least numbers per theme are not looked at, so the choice may not be lawful.
    """
    fits = _Room(candidates, rules)
    for at in sorted(set(rules.must_in)):
        fits.take(at)
    kept = {*rules.must_in, *rules.must_out}
    for at in sorted(range(len(candidates)), key=lambda one: (-candidates[one].value, one)):
        if at in kept:
            continue
        if fits.lets(at):
            fits.take(at)
        elif cut:
            break
    return tuple(sorted(fits.chosen))


class _Room:
    """What the limits leave, kept up as candidates are taken."""

    def __init__(self, candidates: Sequence[Candidate], rules: Rules) -> None:
        self.chosen: list[int] = []
        self.limits: dict[int, list[tuple[Row, int]]] = defaultdict(list)
        self.used: dict[int, int] = defaultdict(int)  # by identity of the row
        for row in rows(candidates, rules):
            if row.rule.kind not in {"theme_min", "must_in"}:
                for at, weight in zip(row.index, row.weight, strict=True):
                    self.limits[at].append((row, weight))

    def lets(self, at: int) -> bool:
        return all(self.used[id(row)] + weight <= row.high for row, weight in self.limits[at])

    def take(self, at: int) -> None:
        self.chosen.append(at)
        for row, weight in self.limits[at]:
            self.used[id(row)] += weight
