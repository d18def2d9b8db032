"""Juror prices: what a place with a sought-after juror costs, so that few pairs need a closer look.

With a price per juror each proposal may choose on its own; the prices bound the whole from above
(Held, Wolfe and Crowder 1974, *Validation of subgradient optimization*, Mathematical Programming 6).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Singles = NDArray[np.float32]
Floats = NDArray[np.float64]

PASSES = 60
SAMPLE = 1000
FIRST_STEP = 0.05
SHRINK = 0.92
MOST_OVERLOAD = 3


def best_first(height: NDArray[np.floating], most: int) -> Ints:
    """The columns of the ``most`` greatest numbers of each row (n × most), best first."""
    most = min(most, height.shape[1])
    best = np.argpartition(height, height.shape[1] - most, axis=1)[:, height.shape[1] - most :]
    order = np.argsort(-np.take_along_axis(height, best, axis=1), axis=1, kind="stable")
    return np.take_along_axis(best, order, axis=1)


def juror_prices(weight: Singles, demand: Ints, load_min: Ints, load_max: Ints) -> Singles:
    """Prices (jurors) near the optimum of the dual, by subgradient steps on samples of the proposals.

    ``weight`` (proposals × jurors) lies between 0 and 1, forbidden pairs are -inf. A juror asked for more often than
    ``load_max`` becomes dearer, one asked for less often cheaper, below nought only for ``load_min``.
    """
    proposals, jurors = weight.shape
    prices = np.zeros(jurors, np.float32)
    if not proposals or not jurors or not demand.any():
        return prices
    draw = np.random.default_rng(0)
    size = min(proposals, SAMPLE)
    for step in FIRST_STEP * SHRINK ** np.arange(PASSES):
        sample = np.arange(proposals) if size == proposals else np.sort(draw.choice(proposals, size, replace=False))
        most = min(int(demand[sample].max()), jurors)
        if not most:
            continue
        height = weight[sample] - prices
        best = best_first(height, most)
        asked = np.arange(most) < demand[sample][:, None]
        asked &= np.isfinite(np.take_along_axis(height, best, axis=1))
        load = np.bincount(best[asked], minlength=jurors) * (proposals / size)
        within = np.clip(load, load_min, load_max)
        aim = np.where(prices > 0, load_max, np.where(prices < 0, load_min, within))
        moved = prices + step * np.minimum((load - aim) / np.maximum(aim, 1), MOST_OVERLOAD)
        prices = np.where(prices * moved < 0, 0, moved).astype(np.float32)
    return prices


def bound(weight: Floats, demand: Ints, load_min: Ints, load_max: Ints, prices: Floats) -> float:
    """No assignment can be worth more, whatever the prices (Lagrangian dual, ``weight`` proposals × jurors)."""
    total = float(np.where(prices > 0, load_max, load_min) @ prices)
    if not weight.size or not demand.any():
        return total
    height = weight - prices
    best = -np.sort(-np.partition(height, -int(demand.max()), axis=1)[:, -int(demand.max()) :], axis=1)
    return total + float(best[np.arange(best.shape[1]) < demand[:, None]].sum())
