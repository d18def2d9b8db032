"""The few statistics the benchmarks need."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import groupby


def rank_test(first: Sequence[float], second: Sequence[float]) -> tuple[float, float]:
    """Mann and Whitney's U test, two-sided: (p, area under the curve of telling ``second`` from ``first``).

    H. B. Mann, D. R. Whitney: On a test of whether one of two random variables is stochastically larger than the other.
    Annals of Mathematical Statistics 18 (1947). Normal approximation with the correction for ties and for continuity,
    good from some twenty values on each side. The area is U / (n m): 0.5 when nothing tells them apart.
    """
    n, m = len(first), len(second)
    total = n + m
    ordered = sorted([(value, 0) for value in first] + [(value, 1) for value in second])
    before, ranks, ties = 0, 0.0, 0.0
    for _value, same in groupby(ordered, key=lambda pair: pair[0]):
        sides = [side for _same, side in same]
        count = len(sides)
        ranks += sum(sides) * (before + (count + 1) / 2)
        ties += count**3 - count
        before += count
    u = ranks - m * (m + 1) / 2
    spread = math.sqrt(n * m / 12 * (total + 1 - ties / (total * (total - 1))))
    z = max(abs(u - n * m / 2) - 0.5, 0) / spread if spread else 0.0
    return math.erfc(z / math.sqrt(2)), u / (n * m)


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which this share of the values lies (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, math.ceil(share * len(ordered)) - 1))]


def median(values: Sequence[float]) -> float:
    """The middle value."""
    return percentile(values, 0.5)
