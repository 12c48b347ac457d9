"""A calibration curve: an unweighted quadratic through standards, read forwards and backwards with errors."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ..core.equation import Array
from ..core.errors import InputError, Problem
from ..core.measured import Measured

MARGIN = 0.05


@dataclass(frozen=True)
class Quadratic:
    """y = a0 + a1 x + a2 x², with the scatter of the standards about it.

    Inside, x is scaled to -1..1 over the range of the standards, so that the normal equations stay well conditioned;
    `coefficients` are those of the plain x. It is read up to 5 % of the width of the range beyond its ends, no farther.
    """

    name: str
    low: float
    high: float
    scaled: tuple[float, float, float]
    inverse: Array
    residual_sd: float

    @property
    def coefficients(self) -> tuple[float, float, float]:
        """a0, a1, a2."""
        c0, c1, c2 = self.scaled
        middle, half = self._scale
        return (
            c0 - c1 * middle / half + c2 * middle**2 / half**2,
            c1 / half - 2 * c2 * middle / half**2,
            c2 / half**2,
        )

    @property
    def _scale(self) -> tuple[float, float]:
        return (self.low + self.high) / 2, (self.high - self.low) / 2

    def read(self, x: float) -> Measured:
        """The response y of one more sample at x, with the error of the curve and of the sample's own scatter."""
        self._refuse_outside(x)
        z = self._z(x)
        return Measured(self._y(z), self.residual_sd * math.sqrt(1 + self._leverage(z)))

    def read_back(self, y: float, replicates: int = 1) -> Measured:
        """The x of a sample with this mean response of so many replicates; the error by the delta method."""
        c0, c1, c2 = self.scaled
        reach = 1 + 2 * MARGIN
        roots = [root.real for root in np.roots([c2, c1, c0 - y]) if abs(root.imag) < 1e-9]
        inside = [float(root) for root in roots if abs(root) <= reach]
        if not inside:
            raise InputError(
                Problem(
                    f"the response {y:g} is outside the {self.name}",
                    fix="Dilute or concentrate the sample, or extend the standards",
                    code="E-RANGE",
                )
            )
        z = min(inside, key=abs)
        middle, half = self._scale
        slope = c1 + 2 * c2 * z
        se = self.residual_sd * math.sqrt(1 / replicates + self._leverage(z)) / abs(slope)
        return Measured(middle + half * z, half * se)

    def _z(self, x: float) -> float:
        middle, half = self._scale
        return (x - middle) / half

    def _y(self, z: float) -> float:
        c0, c1, c2 = self.scaled
        return c0 + z * (c1 + z * c2)

    def _leverage(self, z: float) -> float:
        row = np.array([1.0, z, z * z])
        return float(row @ self.inverse @ row)

    def _refuse_outside(self, x: float) -> None:
        if not abs(self._z(x)) <= 1 + 2 * MARGIN:
            raise InputError(
                Problem(
                    f"{x:g} is outside the {self.name}, which was calibrated from {self.low:g} to {self.high:g}",
                    fix="Count standards that cover the samples; the curve is not read beyond its ends",
                    code="E-RANGE",
                )
            )


def fit_quadratic(x: Array, y: Array, name: str, fewest: int) -> Quadratic:
    """Least squares through at least `fewest` standards with at least three different x."""
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    if x.shape != y.shape or x.size < fewest or np.unique(x).size < 3 or not np.isfinite([x, y]).all():
        raise InputError(
            Problem(
                f"{x.size} standards are not enough for a {name}",
                fix=f"Give at least {fewest}, at three or more different values, all finite",
                code="E-STANDARDS",
            )
        )
    low, high = float(x.min()), float(x.max())
    z = (x - (low + high) / 2) / ((high - low) / 2)
    design = np.vander(z, 3, increasing=True)
    scaled, *_ = np.linalg.lstsq(design, y)
    rest = y - design @ scaled
    df = x.size - 3
    sd = math.sqrt(float(rest @ rest) / df) if df else math.nan
    c0, c1, c2 = (float(value) for value in scaled)
    inverse = np.asarray(np.linalg.inv(design.T @ design), dtype=np.float64)
    return Quadratic(name, low, high, (c0, c1, c2), inverse, sd)
