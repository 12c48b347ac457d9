"""Where the fits of many curves ended, for those who ask how far their parameters may go."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ...core.equation import Array
from .moments import Moments, Points

Indices = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Minima:
    """Where the fits ended: parameters (parameter, curve), sums at the minimum, and the variance (curve,).

    `goal` (curve,) is by how much, in standard errors, the sum of squares may grow; `lower` and `upper` (parameter,
    curve) are the limits of all parameters. Sums, variance and points are on one scale.
    """

    points: Points
    table: Array
    now: Moments
    variance: Array
    goal: Array
    lower: Array
    upper: Array

    def at(self, curves: Indices) -> Minima:
        """Those of some of the curves."""
        return Minima(
            self.points.at(curves),
            self.table.take(curves, axis=1),
            self.now.at(curves),
            *(one[curves] for one in (self.variance, self.goal)),
            *(one.take(curves, axis=1) for one in (self.lower, self.upper)),
        )
