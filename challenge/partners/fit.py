"""Points of many cities at once. Loads numpy: imported when it is first needed, not at start.

``Cities`` makes what is known of them ready; ``points`` gives each its points for what one proposal looks for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from challenge.partners.reasons import MOST, Place, Reason, Sought
from challenge.rounds.pairing import Part

Floats = NDArray[np.float64]
DEGREES = 20  # of latitude, from which on two cities are not alike by climate
NOT_KNOWN = -1


class Cities:
    """Cities as columns: population and latitude (NaN: not known), and who has which theme, network, language."""

    def __init__(self, places: Sequence[Place]) -> None:
        self.ids = np.array([place.id for place in places], np.int64)
        self.countries = np.array([place.country for place in places], "U2")
        self.population = np.array([place.population or np.nan for place in places], np.float64)
        self.latitude = np.array([np.nan if p.latitude is None else p.latitude for p in places], np.float64)
        self.themes = _Has(place.themes for place in places)
        self.networks = _Has(place.networks for place in places)
        self.languages = _Has(place.languages for place in places)


class _Has:
    """Which city has which key."""

    def __init__(self, sets: Iterable[frozenset[str]]) -> None:
        each = list(sets)
        self.place = {key: at for at, key in enumerate(sorted(frozenset().union(*each)))}
        self.marks = np.zeros((len(each), len(self.place)), bool)
        for row, keys in enumerate(each):
            self.marks[row, [self.place[key] for key in keys]] = True
        self.any: NDArray[np.bool_] = np.array([bool(keys) for keys in each], bool)

    def count(self, keys: Iterable[str]) -> NDArray[np.int64]:
        """How many of these keys each city has."""
        wanted = [self.place[key] for key in keys if key in self.place]
        return np.asarray(self.marks[:, wanted].sum(axis=1), np.int64)


def points(sought: Sought, cities: Cities, alike: Floats) -> NDArray[np.int64]:
    """Tenths by reason (reasons in their order × cities); NOT_KNOWN where nothing is known for a reason.

    ``alike`` (cities, 0 to 1) says how similar their words are to the proposal's; NaN for a city that says nothing.
    """
    shares: dict[Reason, Floats] = {
        Reason.PAIRING: np.where(
            cities.countries == sought.home, sought.gap.get(Part.HOME, 0.0), sought.gap.get(Part.FOREIGN, 0.0)
        ),
        Reason.INTEREST: np.isin(cities.ids, list(sought.interested)).astype(np.float64),
        Reason.THEMES: _share(cities.themes, sought.themes),
        Reason.WORDS: alike,
        Reason.NETWORKS: _shared(cities.networks, (place.networks for place in sought.places)),
        Reason.LANGUAGES: _shared(cities.languages, (place.languages for place in sought.places)),
        Reason.SIZE: _nearest(
            cities.population, [place.population for place in sought.places if place.population],
            lambda own, other: np.minimum(own, other) / np.maximum(own, other),
        ),
        Reason.LATITUDE: _nearest(
            cities.latitude, [place.latitude for place in sought.places if place.latitude is not None],
            lambda own, other: np.maximum(0.0, 1 - np.abs(own - other) / DEGREES),
        ),
    }  # fmt: skip
    tenths = np.array([10 * MOST[reason] * shares[reason] for reason in Reason])
    return np.where(np.isnan(tenths), NOT_KNOWN, np.rint(tenths)).astype(np.int64)


def _share(has: _Has, wanted: frozenset[str]) -> Floats:
    if not wanted:
        return np.full(len(has.any), np.nan)
    return np.where(has.any, has.count(wanted) / len(wanted), np.nan)


def _shared(has: _Has, others: Iterable[frozenset[str]]) -> Floats:
    known = frozenset().union(*others)
    return np.where(has.any & bool(known), (has.count(known) > 0).astype(np.float64), np.nan)


def _nearest(own: Floats, others: Sequence[float], share: Callable[[Floats, float], Floats]) -> Floats:
    if not others:
        return np.full(len(own), np.nan)
    best: Floats = np.max([share(own, other) for other in others], axis=0)
    return best
