"""Scores corrected for the severity of who gave them, with honest uncertainty.

A score is the sum of a general level, an effect of the proposal, an effect of the juror and noise; both effects are
random and crossed, so that whoever scored little is drawn towards the middle (Searle, Casella and McCulloch 1992,
*Variance Components*, ch. 7–8). How much, depends on three variances. They are not plugged in at one estimate but
averaged over, by their restricted likelihood (REML; Patterson and Thompson 1971, *Biometrika* 58) times a flat prior on
the three shares of the total: plugged-in variances give intervals that are too narrow in small panels (Rue, Martino and
Chopin 2009, *JRSS B* 71, section 3, for averaging on a grid laid along the curvature at the mode).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from challenge.optimise.crossed import Crossed, Weighted
from challenge.optimise.graph import Component, components

__all__ = ["Calibration", "Component", "calibrate"]

Floats = NDArray[np.float64]
NORMAL_975 = 1.959964  # quantile of the normal distribution: 95 % lie within so many standard deviations
DRAWS = 4000


@dataclass(frozen=True, slots=True)
class Calibration:
    """What proposals would get from the average of these jurors, in points of the score.

    ``value``, ``low`` and ``high`` (proposals): the estimate and its 95 % interval. ``severity`` (jurors): by how many
    points a juror scores below the average of the jurors; positive is strict. Indices without a score hold NaN.
    ``proposal_sd``, ``juror_sd``, ``noise_sd``: how far proposals, jurors and single scores differ, in points.

    ``identifiable`` is false where scores cannot be compared: ``reason`` is ``"disconnected"`` when no chain of shared
    proposals links all jurors (``components`` lists the parts), ``"too_few"`` when there are no more scores than
    effects, ``"empty"`` without scores. Then every number is NaN.
    """

    value: Floats
    low: Floats
    high: Floats
    severity: Floats
    identifiable: bool
    components: tuple[Component, ...]
    reason: str | None = None
    proposal_sd: float = np.nan
    juror_sd: float = np.nan
    noise_sd: float = np.nan
    _crossed: Crossed | None = field(default=None, repr=False, compare=False)
    _grid: tuple[Weighted, ...] = field(default=(), repr=False, compare=False)

    def chance_among_best(self, k: int, *, among: ArrayLike | None = None, seed: int = 0, draws: int = DRAWS) -> Floats:
        """The probability (proposals) that a proposal is truly among the ``k`` best, by resampling.

        ``among`` (indices of scored proposals): who competes, all unless given; the others hold NaN. Draws all effects
        together from what the scores leave possible, so that what is uncertain for all alike does not count; the same
        ``seed`` gives the same answer. Raises ``ValueError`` when nothing is identifiable, somebody without a score
        competes or ``k`` is not between 0 and the number of those who compete.
        """
        if self._crossed is None:
            raise ValueError(f"The scores cannot be compared ({self.reason}): nobody is among the best.")
        scored = np.flatnonzero(np.isfinite(self.value))
        competing = scored if among is None else np.unique(_indices("among", among))
        if not np.isin(competing, scored).all():
            raise ValueError("among may name scored proposals only.")
        if not 0 <= k <= len(competing):
            raise ValueError(f"k must be between 0 and {len(competing)}, the number of those who compete.")
        rows = np.searchsorted(scored, competing)
        often = np.zeros(len(competing))
        random = np.random.default_rng(seed)
        shares = random.multinomial(draws, [point.weight for point in self._grid])
        for point, count in zip(self._grid, shares.tolist(), strict=True):
            if k and count:
                drawn = self._crossed.draw(point, count, random)[rows]
                best = np.argpartition(-drawn, k - 1, axis=0)[:k]
                often += np.bincount(best.ravel(), minlength=len(competing))
        chance = np.full(len(self.value), np.nan)
        chance[competing] = often / draws
        return chance


def calibrate(proposal: ArrayLike, juror: ArrayLike, score: ArrayLike) -> Calibration:
    """Fits the effects of proposals and jurors to scores.

    ``proposal`` and ``juror`` (scores, whole numbers ≥ 0) say by index who scored what, ``score`` (scores) how, in
    points. Results have one place for each index up to the greatest. Raises ``ValueError`` for arrays of different
    lengths, indices that are no whole numbers ≥ 0 and scores that are not finite.
    """
    proposals, jurors = _indices("proposal", proposal), _indices("juror", juror)
    scores = np.asarray(score, dtype=np.float64)
    if not proposals.shape == jurors.shape == scores.shape:
        raise ValueError("proposal, juror and score must be equally long.")
    if not np.isfinite(scores).all():
        raise ValueError("score must be finite.")
    empty = np.full(int(proposals.max(initial=-1)) + 1, np.nan), np.full(int(jurors.max(initial=-1)) + 1, np.nan)
    parts = components(proposals, jurors)
    if (reason := _why_not(parts, len(scores))) is not None:
        return Calibration(empty[0], empty[0], empty[0], empty[1], identifiable=False, components=parts, reason=reason)

    scored, row = np.unique(proposals, return_inverse=True)
    scoring, column = np.unique(jurors, return_inverse=True)
    crossed = Crossed.of(row, column, scores)
    grid = crossed.grid()
    weight = np.array([point.weight for point in grid])
    means = np.array([point.value for point in grid])
    value = weight @ means
    sd = np.sqrt(weight @ (np.array([point.variance for point in grid]) + (means - value) ** 2))

    def spread(which: int) -> float:
        return float(np.sqrt(weight @ np.array([point.variances[which] for point in grid])))

    return Calibration(
        value=_placed(empty[0], scored, value),
        low=_placed(empty[0], scored, value - NORMAL_975 * sd),
        high=_placed(empty[0], scored, value + NORMAL_975 * sd),
        severity=_placed(empty[1], scoring, -(weight @ np.array([point.columns for point in grid]))),
        identifiable=True,
        components=parts,
        proposal_sd=spread(0),
        juror_sd=spread(1),
        noise_sd=spread(2),
        _crossed=crossed,
        _grid=grid,
    )


def _why_not(parts: tuple[Component, ...], scores: int) -> str | None:
    if not parts:
        return "empty"
    if len(parts) > 1:
        return "disconnected"
    effects = len(parts[0].proposals) + len(parts[0].jurors) - 1
    return "too_few" if scores <= effects else None


def _placed(like: Floats, index: NDArray[np.int64], numbers: Floats) -> Floats:
    placed = like.copy()
    placed[index] = numbers
    return placed


def _indices(name: str, given: ArrayLike) -> NDArray[np.int64]:
    index = np.asarray(given)
    if index.ndim != 1 or (len(index) and (index.dtype.kind not in "iu" or (index < 0).any())):
        raise ValueError(f"{name} must be a list of whole numbers of at least 0.")
    return index.astype(np.int64)
