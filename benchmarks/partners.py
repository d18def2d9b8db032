"""Who could work with whom, for a whole round at once: the stable and the most valuable way, from what is known."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import numpy as np

from benchmarks.result import Plan, Result
from benchmarks.similarity import texts
from challenge.optimise.matching import blocking
from challenge.partners.matching import SIDES, Snapshot, computed, worth
from challenge.partners.reasons import Place, Sought
from challenge.rounds.pairing import Part

SECONDS = 10.0
COUNTRIES = ["EE", *["FI", "SE", "LV", "LT", "IE", "NL", "DE", "FR", "ES", "IT", "PL", "PT", "GR"]]
THEMES = [f"theme-{number}" for number in range(12)]
HELD = [f"network-{number}" for number in range(20)]
WORDS = 120  # a proposal and what a city says


def measure(plan: Plan) -> Iterator[Result]:
    """1,000 proposals that lack one city, some two, and 2,000 cities with room for up to three."""
    proposals, cities = plan.of(1_000, 60), plan.of(2_000, 120)
    inputs, known = _round(proposals, cities)
    began = time.perf_counter()
    found = computed(inputs, known)
    seconds = time.perf_counter() - began
    top, calm = found["best"], found["stable"]
    raw = {"seconds": seconds, "best": top["value"], "bound": top["bound"], "stable": calm["value"]}
    yield Result(
        "partners", f"{proposals:,} proposals × {cities:,} cities, both ways",
        f"{seconds:.2f} s, value {top['value']:,} of bound {top['bound']:,}", f"≤ {SECONDS:.0f} s, value = bound",
        holds=seconds <= SECONDS and top["value"] == top["bound"] and bool(top["optimal"]),
        against=f"stable {calm['value'] / max(top['value'], 1):.2%} of it; {top['unsettled']} in it unsettled",
        raw=raw,
    )  # fmt: skip
    yield _settled(inputs, known, calm["pairs"])


def _settled(inputs: dict[str, Any], known: Snapshot, pairs: list[list[int]]) -> Result:
    """The stable way, looked through pair by pair: proposals seek one side only here, so that rows are proposals."""
    want, wish = worth(inputs, known)
    home = np.array([place.country == "EE" for place in known.places])
    seeks_home = np.array([bool(one[Part.HOME]) for one in inputs["proposals"]])
    allowed = home[None, :] == seeks_home[:, None]
    allowed[tuple(zip(*inputs["barred"], strict=True))] = False
    left = blocking(
        tuple((row, column) for row, column, *_worth in pairs), want, wish,
        np.array([max(one[side] for side in SIDES) for one in inputs["proposals"]]),
        np.array([one["room"] for one in inputs["cities"]]), allowed,
    )  # fmt: skip
    return Result("partners", "pairs of the stable way that would rather have each other", str(len(left)), "0",
                  holds=not left, raw={"blocking": len(left)})  # fmt: skip


def _round(proposals: int, cities: int) -> tuple[dict[str, Any], Snapshot]:
    draw = np.random.default_rng(4)

    def some(keys: list[str], most: int) -> frozenset[str]:
        return frozenset(draw.choice(keys, int(draw.integers(0, most + 1)), replace=False).tolist())

    places = [
        Place(
            number, str(draw.choice(COUNTRIES)), int(draw.integers(5_000, 2_000_000)), float(draw.uniform(35, 68)),
            some(THEMES, 4), some(HELD, 3), some(["en", "et", "fi", "sv", "de"], 3),
        )
        for number in range(cities)
    ]  # fmt: skip
    sought = []
    for _number in range(proposals):
        lacks = Part.HOME if draw.random() < 0.2 else Part.FOREIGN  # noqa: PLR2004
        own = tuple(places[at] for at in draw.integers(0, cities, 2))
        interested = frozenset(draw.integers(0, cities, int(draw.integers(0, 4))).tolist())
        sought.append(Sought("EE", {lacks: 1.0}, some(THEMES, 3), own, interested))
    inputs = {
        "proposals": [
            {"id": at, **{side: int(draw.integers(1, 3)) if side in one.gap else 0 for side in SIDES}}
            for at, one in enumerate(sought)
        ],
        "cities": [{"id": at, "room": int(draw.integers(1, 4))} for at in range(cities)],
        "barred": draw.integers(0, [proposals, cities], (proposals, 2)).tolist(),
    }
    ratings = {
        (int(draw.integers(proposals)), int(draw.integers(cities))): int(draw.integers(1, 6)) for _ in range(200)
    }
    said = texts(cities, WORDS, seed=5)
    quiet = [text if draw.random() < 0.7 else "" for text in said]  # noqa: PLR2004 -- some cities say nothing
    return inputs, Snapshot(sought, texts(proposals, WORDS, seed=6), places, quiet, ratings)
