"""The scores of a gate corrected for severe and mild jurors, computed from a snapshot. Pure: no database."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from challenge.jury.scale import TENTHS
from challenge.optimise.agreement import krippendorff_alpha
from challenge.optimise.calibration import DRAWS, Calibration, calibrate

DIGITS = 4  # of what is kept: more would differ between machines, and equals must stay equal
METHOD = 1  # raise it when the same inputs give something else
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


def versions() -> dict[str, Any]:
    """What it takes, beside inputs and seed, to compute the same again."""
    return {"method": METHOD, "numpy": np.__version__, "draws": DRAWS}


def computed(inputs: Mapping[str, Any], seed: int) -> dict[str, Any]:
    """What is kept of a calibration of ``inputs`` (queries.calibrations.snapshot).

    ``proposals`` and ``jurors`` by id: weighted score with its 95 % interval, chance to be among the best of those who
    compete, severity, and both by criterion. ``agreement``: Krippendorff's alpha by criterion, and of the weighted
    scores as ``""``. What cannot be said is None. Where scores cannot be compared, ``reason`` and ``groups`` say why.
    """
    proposals, row = _numbered([one[0] for one in inputs["scores"]])
    jurors, column = _numbered([one[1] for one in inputs["scores"]])
    marks = _marks(inputs)
    weighted = _weighted(inputs)
    whole = calibrate(row, column, weighted)
    by_criterion = {key: calibrate(row, column, marks[key]) for key in marks}
    chance = _chance(whole, proposals, inputs, seed)
    return {
        "identifiable": whole.identifiable,
        "reason": whole.reason,
        "groups": [
            {"proposals": [proposals[at] for at in part.proposals], "jurors": [jurors[at] for at in part.jurors]}
            for part in (() if whole.identifiable else whole.components)
        ],
        "proposals": [
            {
                "id": key, "value": _kept(whole.value[at]), "low": _kept(whole.low[at]), "high": _kept(whole.high[at]),
                "chance": _kept(chance[at]),
                "criteria": {name: _kept(one.value[at]) for name, one in by_criterion.items()},
            }
            for at, key in enumerate(proposals)
        ],
        "jurors": [
            {
                "id": key, "severity": _kept(whole.severity[at]),
                "criteria": {name: _kept(one.severity[at]) for name, one in by_criterion.items()},
            }
            for at, key in enumerate(jurors)
        ],
        "agreement": {"": _kept(krippendorff_alpha(row, weighted))}
        | {name: _kept(krippendorff_alpha(row, marks[name])) for name in marks},
        "sd": {
            "proposals": _kept(whole.proposal_sd), "jurors": _kept(whole.juror_sd), "noise": _kept(whole.noise_sd),
        },
    }  # fmt: skip


def _numbered(ids: list[int]) -> tuple[list[int], Ints]:
    """The ids there are, in order, and the place of each of the given among them."""
    found, places = np.unique(np.array(ids, dtype=np.int64), return_inverse=True)
    return found.tolist(), places.astype(np.int64)


def _marks(inputs: Mapping[str, Any]) -> dict[str, Floats]:
    """Criterion → the mark of each review, in points."""
    return {
        key: np.array([tenths[at] for _proposal, _juror, tenths in inputs["scores"]], dtype=np.float64) / TENTHS
        for at, (key, _weight) in enumerate(inputs["criteria"])
    }


def _weighted(inputs: Mapping[str, Any]) -> Floats:
    """The weighted mean of each review, added up exactly: reviews with the same sum are the same float."""
    weights = [Fraction(weight) for _key, weight in inputs["criteria"]]
    least = sum(weights, Fraction(0)) * TENTHS
    return np.array(
        [
            float(sum((weight * mark for weight, mark in zip(weights, tenths, strict=True)), Fraction(0)) / least)
            for _proposal, _juror, tenths in inputs["scores"]
        ],
        dtype=np.float64,
    )


def _chance(whole: Calibration, proposals: list[int], inputs: Mapping[str, Any], seed: int) -> Floats:
    """The chance of those who compete to be among the best; NaN for the rest."""
    competing = set(inputs["competing"])
    among = [at for at, key in enumerate(proposals) if key in competing]
    if not whole.identifiable or not among:
        return np.full(len(proposals), np.nan)
    return whole.chance_among_best(min(inputs["best"], len(among)), among=among, seed=seed)


def _kept(number: float) -> float | None:
    return round(float(number), DIGITS) + 0.0 if math.isfinite(number) else None
