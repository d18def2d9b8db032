"""How far jurors agree beyond chance."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike


def krippendorff_alpha(proposal: ArrayLike, score: ArrayLike) -> float:
    """Krippendorff's alpha for interval data: 1 is perfect agreement, 0 what chance gives, below 0 systematic dissent.

    ``proposal`` (scores, whole numbers ≥ 0) and ``score`` (scores, points) are equally long. Proposals with fewer than
    two scores do not count. NaN where nothing can be compared: no proposal with two scores, or all scores the same.
    Source: Krippendorff 2019, *Content Analysis*, 4th ed., ch. 12: 1 - observed / expected squared difference, over
    pairs within a proposal (each proposal's by its scores less one) and over all pairs. Raises ``ValueError`` for
    arrays of different lengths and scores that are not finite.
    """
    index, scores = np.asarray(proposal), np.asarray(score, dtype=np.float64)
    if index.shape != scores.shape or index.ndim != 1:
        raise ValueError("proposal and score must be equally long.")
    if not np.isfinite(scores).all():
        raise ValueError("score must be finite.")
    _, unit, size = np.unique(index, return_inverse=True, return_counts=True)
    paired = size[unit] > 1
    if not paired.any():
        return float("nan")
    unit, scores = unit[paired], scores[paired]
    scores = scores - scores.mean()
    count = len(scores)
    sizes, sums = np.bincount(unit), np.bincount(unit, scores)
    squares = np.bincount(unit, scores**2)
    used = sizes > 1
    observed = float(((sizes * squares - sums**2)[used] / (sizes[used] - 1)).sum()) / count
    expected = float(count * (scores @ scores) - scores.sum() ** 2) / (count * (count - 1))
    return float("nan") if expected <= 0 else 1 - observed / expected
