"""Every set of pairs there is: what small answers are checked against."""

import functools
from collections import Counter
from dataclasses import dataclass

import numpy as np


@functools.cache
def subsets(jurors, proposals):
    """All 0/1 matrices, sets × jurors × proposals."""
    cells = jurors * proposals
    bits = (np.arange(2**cells)[:, None] >> np.arange(cells)) & 1
    return bits.astype(np.int8).reshape(-1, jurors, proposals)


@dataclass
class Instance:
    fit: np.ndarray
    demand: np.ndarray
    load_max: np.ndarray
    load_min: np.ndarray
    forbidden: np.ndarray
    fixed: np.ndarray

    def arguments(self):
        return (self.fit, self.demand, self.load_max, self.load_min, self.forbidden, self.fixed)

    @functools.cached_property
    def lawful(self):
        """Sets of pairs within forbidden and fixed, before any demand or load."""
        every = subsets(*self.fit.shape)
        broken = (every & self.forbidden).any(axis=(1, 2)) | ((1 - every) & self.fixed).any(axis=(1, 2))
        return every[~broken]

    @functools.cached_property
    def feasible(self):
        every = self.lawful
        load = every.sum(axis=2)
        good = (every.sum(axis=1) == self.demand).all(axis=1)
        return every[good & (load <= self.load_max).all(axis=1) & (load >= self.load_min).all(axis=1)]

    def worth(self, every):
        return every.reshape(len(every), -1) @ self.fit.ravel()


def random_instance(seed):
    g = np.random.default_rng(seed)
    jurors, proposals = [(3, 4), (4, 3), (2, 6), (5, 2), (3, 3), (6, 2)][seed % 6]
    load_max = g.integers(0, proposals + 1, jurors)
    forbidden = g.random((jurors, proposals)) < 0.15
    levels = g.random((jurors, proposals)) if seed % 2 else g.integers(0, 3, (jurors, proposals)) / 2
    return Instance(
        fit=levels,
        demand=g.integers(0, min(jurors, 3) + 1, proposals),
        load_max=load_max,
        load_min=np.where(g.random(jurors) < 0.4, np.minimum(load_max, g.integers(0, 3, jurors)), 0),
        forbidden=forbidden,
        fixed=(g.random((jurors, proposals)) < 0.08) & ~forbidden,
    )


def most_identical(matrix):
    """How many proposals share the most frequent panel of two or more (matrix jurors × proposals)."""
    panels = Counter(tuple(np.flatnonzero(column)) for column in matrix.T)
    return max((times for panel, times in panels.items() if len(panel) > 1), default=0)
