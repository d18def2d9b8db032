"""A linear model with two crossed random effects, averaged over the ratios of their variances.

Rows and columns are the two effects. Henderson's equations (1975, *Biometrics* 31) are solved with the row effects
eliminated, which leaves a system as large as there are columns.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

STEP = 0.05  # of the differences that give gradient and curvature, in logarithms of a variance ratio
REACH = 9.0  # logarithms of a ratio beyond which an effect is nothing or everything
ALONG = (-2.4, -1.2, 0.0, 1.2, 2.4)  # places of the grid along each axis, in standard deviations
LEAST_WEIGHT = 0.002  # of the heaviest place; below it a place changes nothing that is shown


@dataclass(frozen=True, slots=True)
class Weighted:
    """One place of the grid, ``at`` (logarithms of row and column variance over noise variance), and its ``weight``.

    ``value`` and ``variance`` (rows): mean and variance of level + row effect + the average column effect; ``columns``:
    mean column effects less their average; ``variances``: of rows, columns and noise.
    """

    at: Floats
    weight: float
    value: Floats
    variance: Floats
    columns: Floats
    variances: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class _Solved:
    """Henderson's equations at one place; ``logarithm`` of the posterior density of the place, but for a constant."""

    logarithm: float
    rows: Floats  # n + noise / row variance
    factor: Floats  # Cholesky factor over level and columns
    level_and_columns: Floats
    squares: float  # what is left of the sum of squares


@dataclass(frozen=True, slots=True)
class Crossed:
    """Sums of the scores that the model needs.

    ``counts`` (rows × 1 + columns): how many scores a row has, then how many with each column; ``products``: its
    cross products (1 + columns squared) over all rows with the same number of scores, by that number.
    """

    counts: Floats
    products: dict[float, Floats]
    row_sums: Floats
    sums: Floats  # of all, then by column
    squares: float
    centre: float
    number: int

    @classmethod
    def of(cls, row: Ints, column: Ints, score: Floats) -> Crossed:
        """From equally long arrays; every index from 0 to the greatest has a score."""
        rows, columns = int(row.max()) + 1, int(column.max()) + 1
        centre = float(score.mean())
        score = score - centre
        counts = np.zeros((rows, columns + 1))
        np.add.at(counts, (row, column + 1), 1.0)
        counts[:, 0] = counts[:, 1:].sum(axis=1)
        sums = np.concatenate([[score.sum()], np.bincount(column, score, columns)])
        row_sums: Floats = np.bincount(row, score, rows).astype(np.float64)
        products = {}
        for size in np.unique(counts[:, 0]).tolist():
            alike = counts[counts[:, 0] == size]
            products[size] = alike.T @ alike
        return cls(counts, products, row_sums, sums, float(score @ score), centre, len(score))

    @property
    def freedom(self) -> int:
        """Degrees of freedom once the level is estimated."""
        return self.number - 1

    def solve(self, at: Floats) -> _Solved:
        """The equations and the density at ``at``, logarithms of row and column variance over noise variance.

        The density is the restricted likelihood with the noise variance integrated out, times a flat prior on the
        shares of the three variances (which is their product in these coordinates).
        """
        ridge_rows, ridge_columns = np.exp(-at)
        rows = self.counts[:, 0] + ridge_rows
        columns = self.counts.sum(axis=0)
        system: Floats = np.zeros((len(columns), len(columns)))
        for size, product in self.products.items():
            system -= product / (size + ridge_rows)
        system[0, :] += columns
        system[1:, 0] += columns[1:]
        inner = np.arange(1, len(system))
        system[inner, inner] += columns[1:] + ridge_columns
        right = self.sums - self.counts.T @ (self.row_sums / rows)
        factor = np.asarray(np.linalg.cholesky(system), dtype=np.float64)
        solution = np.asarray(np.linalg.solve(system, right), dtype=np.float64)
        squares = self.squares - float(self.row_sums @ (self.row_sums / rows)) - float(right @ solution)
        squares = max(squares, 1e-12 * max(self.squares, 1e-12))
        twice = self.freedom * np.log(squares) + np.log(rows).sum() + 2 * np.log(np.diag(factor)).sum()
        twice += len(rows) * at[0] + (len(system) - 1) * at[1]
        shares = np.exp(np.append(at, 0.0))
        prior = np.log(shares / shares.sum()).sum()
        return _Solved(float(prior - twice / 2), rows, factor, solution, squares)

    def grid(self) -> tuple[Weighted, ...]:
        """Places along the curvature at the mode, with their share of the posterior."""
        mode, inverse = self._mode()
        variance, axes = np.linalg.eigh(inverse)
        steps = axes * np.sqrt(variance)
        places = [np.clip(mode + steps @ np.array([x, y]), -REACH, REACH) for x in ALONG for y in ALONG]
        height = np.array([self.solve(place).logarithm for place in places])
        density = np.exp(height - height.max())
        density[density < LEAST_WEIGHT] = 0
        weights = density / density.sum()
        return tuple(
            self._weighted(place, float(weight)) for place, weight in zip(places, weights, strict=True) if weight
        )

    def _mode(self) -> tuple[Floats, Floats]:
        """Where the density is greatest and the inverse of its curvature there (Newton with differences)."""
        at = np.zeros(2)
        best = self.solve(at).logarithm
        inverse = np.eye(2)
        for _ in range(40):
            gradient, inverse = self._slope(at, best)
            step = np.clip(inverse @ gradient, -2, 2)
            while np.abs(step).max() > STEP / 50:
                tried = np.clip(at + step, -REACH, REACH)
                if (height := self.solve(tried).logarithm) > best:
                    break
                step /= 2
            else:
                break
            at, best = tried, height
        return at, inverse

    def _slope(self, at: Floats, here: float) -> tuple[Floats, Floats]:
        """Gradient and inverse of the negative curvature, made positive where the density is not concave."""
        one, two = np.array([STEP, 0.0]), np.array([0.0, STEP])
        up, down, right, left = (self.solve(at + move).logarithm for move in (one, -one, two, -two))
        both = self.solve(at + one + two).logarithm
        gradient = np.array([up - down, right - left]) / (2 * STEP)
        cross = both - up - right + here
        curvature = -np.array([[up - 2 * here + down, cross], [cross, right - 2 * here + left]])
        values, axes = np.linalg.eigh(curvature / STEP**2)
        return gradient, axes @ np.diag(1 / np.maximum(values, 0.1)) @ axes.T

    def _weighted(self, at: Floats, weight: float) -> Weighted:
        solved = self.solve(at)
        average = solved.level_and_columns[1:].mean()
        columns = solved.level_and_columns[1:] - average
        level = self.centre + solved.level_and_columns[0] + average
        value = level + (self.row_sums - self.counts @ solved.level_and_columns) / solved.rows
        through = -self.counts / solved.rows[:, None]
        through[:, 0] += 1
        through[:, 1:] += 1 / len(columns)
        half = np.linalg.solve(solved.factor, through.T)
        noise = solved.squares / max(self.freedom - 2, 1)
        ratios = np.exp(at)
        variance = noise * (1 / solved.rows + (half**2).sum(axis=0))
        return Weighted(
            at=at, weight=weight, value=value, variance=variance, columns=columns,
            variances=(float(noise * ratios[0]), float(noise * ratios[1]), noise),
        )  # fmt: skip

    def draw(self, point: Weighted, count: int, random: np.random.Generator) -> Floats:
        """``value`` (rows × ``count``) drawn together from what the scores leave possible, but for the centre."""
        solved = self.solve(point.at)
        noise = np.sqrt(solved.squares / random.chisquare(self.freedom, count))
        normal = random.standard_normal((len(solved.factor), count))
        columns = solved.level_and_columns[:, None] + noise * np.linalg.solve(solved.factor.T, normal)
        rows = (self.row_sums[:, None] - self.counts @ columns) / solved.rows[:, None]
        rows += noise * random.standard_normal(rows.shape) / np.sqrt(solved.rows)[:, None]
        drawn: Floats = columns[0] + columns[1:].mean(axis=0) + rows
        return drawn
