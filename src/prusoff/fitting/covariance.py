"""How far the fitted values may be off, from the slope of the law at the minimum."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..core.equation import Array
from .objective import Objective

NOT_IDENTIFIED = 1e8  # condition number of the scaled Jacobian above which the values mean nothing


@dataclass(frozen=True)
class Curvature:
    """Unscaled covariance (J'WJ)^-1 and the variance s^2 that scales it; how well the Jacobian tells the values apart.

    `condition` is that of the column-scaled Jacobian, `weakest` the unit vector, in units of the columns' sizes, along
    which the sum of squares grows least. A value that stands at a limit has zeros here: it was held.
    """

    unscaled: Array
    condition: float
    weakest: Array
    variance: float

    @property
    def covariance(self) -> Array:
        """Covariance of the fitted values."""
        found: Array = self.unscaled * self.variance
        return found


def curvature(objective: Objective, values: Array, at_bounds: tuple[str, ...], variance: float) -> Curvature:
    """Take the Jacobian apart by singular values at the minimum."""
    names = objective.problem.names
    free = np.array([name not in at_bounds for name in names])
    unscaled, weakest = np.zeros((len(names), len(names))), np.zeros(len(names))
    slopes = objective.jacobian(values)[:, free]
    if not free.any() or not np.isfinite(slopes).all():
        return Curvature(unscaled, np.inf, weakest, variance)
    size = np.sqrt(np.einsum("ij,ij->j", slopes, slopes))
    if (size == 0).any():
        weakest[free] = size == 0
        unscaled[np.ix_(free, free)] = np.inf
        return Curvature(unscaled, np.inf, weakest, variance)
    _, singular, right = np.linalg.svd(slopes / size, full_matrices=False)
    weakest[free] = right[-1]
    if singular[-1] <= 0 or len(singular) < int(free.sum()):
        unscaled[np.ix_(free, free)] = np.inf
        return Curvature(unscaled, np.inf, weakest, variance)
    factors = right.T / singular / size[:, None]
    unscaled[np.ix_(free, free)] = factors @ factors.T
    return Curvature(unscaled, float(singular[0] / singular[-1]), weakest, variance)
