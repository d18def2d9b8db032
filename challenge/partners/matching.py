"""All unpaired proposals and all willing cities at once: the stable and the most valuable way, with what each is worth.

Loads numpy and the solver: imported by the job only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from challenge.optimise.matching import Matching, best, blocking, stable
from challenge.optimise.similarity import index
from challenge.partners.fit import Cities, points
from challenge.partners.reasons import FOR_THE_CITY, Place, Reason, Sought
from challenge.rounds.pairing import Part

RATED = 80  # tenths a city gives to each mark of its own rating, 1 to 5
SIDES = (Part.HOME, Part.FOREIGN)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What is known when it is computed, in the order of the inputs; ``ratings`` (proposal id, city id) → 1–5."""

    sought: Sequence[Sought]
    proposal_words: Sequence[str]
    places: Sequence[Place]
    city_words: Sequence[str]
    ratings: Mapping[tuple[int, int], int]


def computed(inputs: Mapping[str, Any], known: Snapshot) -> dict[str, Any]:
    """The answer to ``inputs`` (queries.matching.inputs).

    Pairs are [proposal id, city id, what it is worth to the proposal, what to the city], both in tenths; ``value`` is
    their sum and ``bound`` what no matching can exceed; ``unsettled`` counts the pairs of the most valuable way in
    which both would rather have each other.
    """
    want, wish = worth(inputs, known)
    cities = Cities(known.places)
    rows, places, allowed = [], [], []
    free = np.ones(want.shape, bool)
    for row, column in inputs["barred"]:
        free[row, column] = False
    for at, one in enumerate(inputs["proposals"]):
        for side in SIDES:
            if not one[side]:
                continue
            home = cities.countries == known.sought[at].home
            rows.append(at)
            places.append(one[side])
            allowed.append(free[at] & (home if side is Part.HOME else ~home))
    room = np.array([one["room"] for one in inputs["cities"]], np.int64)
    arguments = (
        want[rows], wish[rows], np.array(places, np.int64), room,
        np.array(allowed, bool).reshape(len(rows), len(known.places)),
    )  # fmt: skip
    top = best(*arguments)
    calm = stable(*arguments, top=top)
    ids = [one["id"] for one in inputs["proposals"]], [one["id"] for one in inputs["cities"]]
    return {
        "stable": _kept(calm, rows, ids, want, wish),
        "best": _kept(top, rows, ids, want, wish) | {"unsettled": len(blocking(top.pairs, *arguments))},
    }


def worth(inputs: Mapping[str, Any], known: Snapshot) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Tenths (proposals × cities): what a city is worth to a proposal, and a proposal to a city."""
    cities = Cities(known.places)
    silent = np.array([not words for words in known.city_words], bool)
    likeness = index(list(known.city_words))
    shape = (len(known.sought), len(known.places))
    want, wish = np.zeros(shape), np.zeros(shape)
    own = [list(Reason).index(reason) for reason in FOR_THE_CITY]
    for at, one in enumerate(known.sought):
        alike = likeness.similarities(known.proposal_words[at]).astype(np.float64)
        alike[silent] = np.nan
        given = np.maximum(points(one, cities, alike), 0)
        want[at], wish[at] = given.sum(axis=0), given[own].sum(axis=0)
    places = {place.id: column for column, place in enumerate(known.places)}
    rows = {one["id"]: at for at, one in enumerate(inputs["proposals"])}
    for (proposal, city), rating in known.ratings.items():
        if proposal in rows and city in places:
            wish[rows[proposal], places[city]] += RATED * rating
    return want, wish


def _kept(
    found: Matching, rows: Sequence[int], ids: tuple[list[int], list[int]], want: NDArray[np.float64],
    wish: NDArray[np.float64],
) -> dict[str, Any]:  # fmt: skip
    pairs = [
        [ids[0][rows[row]], ids[1][column], int(want[rows[row], column]), int(wish[rows[row], column])]
        for row, column in found.pairs
    ]
    return {"pairs": pairs, "value": round(found.value), "bound": round(found.bound), "optimal": found.optimal}
