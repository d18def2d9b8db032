"""The ranking, exactly: means, thresholds, order and ties as fractions, never as floats. Pure: no database.

Weights order; thresholds are tested on unweighted, unrounded means, or on the consensus where there is one. Where the
rules say so, calibrated scores order instead; they never meet a threshold. The time of submission is not known here.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import groupby

from challenge.jury.scale import TENTHS
from challenge.rounds.schemas import GateRules, Rules

THEME, COUNTRIES, PANEL = "theme_not_covered", "countries", "panel"
CRITERION = "criterion:"
QUARTERS, FEWEST = 4, 2  # of a field, and how many must stand in each for it to be told


@dataclass(frozen=True, slots=True)
class Entry:
    """A proposal as the ranking sees it: the marks of its eligible reviews (tenths by criterion) and its facts."""

    key: int
    marks: Sequence[Mapping[str, int]]
    themes: frozenset[str] = frozenset()
    countries: int = 0
    is_running: bool = True  # False: withdrawn or otherwise gone, shown without a place
    agreed: Mapping[str, int] | None = None  # the marks of the consensus (tenths by criterion), where there is one


@dataclass(slots=True)
class Standing:
    """Where a proposal stands. ``place`` is None below a threshold, without a quorum and once it has gone."""

    entry: Entry
    means: dict[str, Fraction]
    total: Fraction | None
    weighted: Fraction | None
    has_quorum: bool
    below: tuple[str, ...]  # criteria whose mean is below their threshold
    is_total_below: bool
    spread: tuple[str, ...]  # criteria on which two jurors are far apart
    score: Fraction | None = None  # what orders it: the weighted mean, or the calibrated score where the rules say so
    place: int | None = None
    is_shared: bool = False
    tied_with: tuple[int, ...] = ()
    settled_by: str | None = None  # the word of the tie ladder that told it from its equals
    key: int = field(init=False)

    def __post_init__(self) -> None:
        self.key = self.entry.key

    @property
    def below_threshold(self) -> bool | None:
        """Whether a threshold is missed; None until there is a quorum."""
        return bool(self.below or self.is_total_below) if self.has_quorum else None

    @property
    def competes(self) -> bool:
        """Whether it can have a place: still there, with a quorum, over every threshold."""
        return self.entry.is_running and self.below_threshold is False


def standing(entry: Entry, gate: GateRules, rules: Rules) -> Standing:
    """Means (or the marks agreed on), total, thresholds, quorum and spread of one proposal."""
    by_criterion = {
        criterion.key: [Fraction(marks[criterion.key], TENTHS) for marks in entry.marks] for criterion in gate.criteria
    }
    has_marks = bool(entry.marks) and bool(gate.criteria)
    means = {key: sum(marks, Fraction(0)) / len(marks) for key, marks in by_criterion.items() if marks}
    if has_marks and entry.agreed is not None:
        means = {criterion.key: Fraction(entry.agreed[criterion.key], TENTHS) for criterion in gate.criteria}
    total = sum(means.values(), Fraction(0)) if has_marks else None
    weights = sum((Fraction(criterion.weight) for criterion in gate.criteria), Fraction(0))
    weighted = sum((Fraction(c.weight) * means.get(c.key, 0) for c in gate.criteria), Fraction(0))
    maximum = Fraction(rules.scale.maximum) * len(gate.criteria)
    return Standing(
        entry=entry,
        means=means,
        total=total,
        weighted=weighted / weights if has_marks else None,
        has_quorum=has_marks and len(entry.marks) >= gate.reviews,
        below=tuple(c.key for c in gate.criteria if has_marks and means[c.key] < Fraction(c.threshold)),
        is_total_below=total is not None and total < gate.total_threshold * maximum,
        spread=tuple(
            key
            for key, marks in by_criterion.items()
            if marks and max(marks) - min(marks) >= Fraction(rules.spread_alert)
        ),
    )


def rank(
    entries: Sequence[Entry],
    gate: GateRules,
    rules: Rules,
    decisions: Sequence[Sequence[int]] = (),
    calibrated: Mapping[int, Fraction] | None = None,
) -> list[Standing]:
    """``placed``, from the marks on."""
    return placed([standing(entry, gate, rules) for entry in entries], rules, decisions, calibrated)


def placed(
    standings: Sequence[Standing],
    rules: Rules,
    decisions: Sequence[Sequence[int]] = (),
    calibrated: Mapping[int, Fraction] | None = None,
) -> list[Standing]:
    """Best first: over every threshold, then without a calibrated score, without a quorum, below a threshold, gone.

    ``decisions`` are the panel's orders of equals, the newest first. ``calibrated`` scores by proposal rank where the
    rules say so; whoever has none then has no place: raw scores never stand in for them unsaid.
    """
    groups: list[list[Standing]] = [[], [], [], [], []]
    for found in standings:
        found.score = (calibrated or {}).get(found.key) if rules.ranking == "calibrated" else found.weighted
        groups[_group(found)].append(found)
    best = _Ladder(rules.tie_ladder, decisions).placed(groups[0])
    return [*best, *(found for group in groups[1:] for found in sorted(group, key=_by_score))]


def quarters(standings: Sequence[Standing]) -> dict[int, int]:
    """Key → the quarter (1 is the best) of the field in which each stands: those who have a place, then those below a
    threshold. Equals stand in the same. Empty where a quarter would hold fewer than two: it would tell the place.
    """
    below = sorted(
        (one for one in standings if one.entry.is_running and one.below_threshold), key=lambda one: _by_score(one)[0]
    )
    places = {one.key: one.place for one in standings if one.place is not None}
    for _score, group in groupby(below, key=lambda one: _by_score(one)[0]):
        places |= dict.fromkeys([one.key for one in group], len(places) + 1)
    if len(places) < QUARTERS * FEWEST:
        return {}
    return {key: -(-place * QUARTERS // len(places)) for key, place in places.items()}


def _group(found: Standing) -> int:
    if not found.entry.is_running:
        return 4
    if not found.has_quorum:
        return 2
    if found.below_threshold:
        return 3
    return 0 if found.score is not None else 1


def _by_score(found: Standing) -> tuple[Fraction, int]:
    score = found.weighted if found.score is None else found.score
    return (-(score if score is not None else Fraction(-1)), found.key)


class _Ladder:
    """Gives places; equals are told apart step by step, or stay equal and share their place."""

    def __init__(self, steps: Sequence[str], decisions: Sequence[Sequence[int]]) -> None:
        self.steps = tuple(steps)
        self.decisions = decisions
        self.covered: set[str] = set()
        self.done: list[Standing] = []

    def placed(self, standings: list[Standing]) -> list[Standing]:
        for _score, group in groupby(sorted(standings, key=_by_score), key=lambda found: found.score):
            equals = list(group)
            for found in equals:
                found.tied_with = tuple(other.key for other in equals if other is not found)
            self._settle(equals, self.steps, None)
        return self.done

    def _settle(self, equals: list[Standing], steps: tuple[str, ...], settled_by: str | None) -> None:
        if len(equals) == 1:
            self._place(equals, settled_by)
        elif not steps:
            self._place(equals, None)
        else:
            self._apply(equals, steps, settled_by)

    def _apply(self, equals: list[Standing], steps: tuple[str, ...], settled_by: str | None) -> None:
        step, rest = steps[0], steps[1:]
        measure = self._measure(step, equals)
        parts = [list(part) for _value, part in groupby(sorted(equals, key=measure), key=measure)]
        if len(parts) == 1:
            self._settle(equals, rest, settled_by)
            return
        for part in parts:
            self._settle(part, rest, step)

    def _place(self, equals: list[Standing], settled_by: str | None) -> None:
        place = len(self.done) + 1
        for found in equals:
            found.place, found.settled_by, found.is_shared = place, settled_by, len(equals) > 1
            self.covered |= found.entry.themes
        self.done += equals

    def _measure(self, step: str, equals: list[Standing]) -> Callable[[Standing], tuple[int | Fraction, ...]]:
        """Smaller is better. What a step cannot tell is the same for all."""
        if step == THEME:
            covered = frozenset(self.covered)
            return lambda found: (0 if found.entry.themes - covered else 1,)
        if step == COUNTRIES:
            return lambda found: (-found.entry.countries,)
        if step == PANEL:
            order = self._decided({found.key for found in equals})
            return lambda found: (order.get(found.key, 0),)
        return lambda found: (-found.means.get(step.removeprefix(CRITERION), Fraction(0)),)

    def _decided(self, keys: set[Hashable]) -> dict[int, int]:
        for decision in self.decisions:
            if keys <= set(decision):
                return {key: index for index, key in enumerate(decision)}
        return {}
