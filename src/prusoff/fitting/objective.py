"""The weighted residuals of a problem and their derivative, as functions of the fitted values alone."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..core.equation import Array
from .problem import Problem

EXACT = 1e-11  # relative residuals below which data are exact: what is left is rounding


class Objective:
    """Weighted residuals sqrt(w) (y - f) of all curves, one after another, and after them those of the priors.

    `jacobian` is the derivative of the weighted *model*, (row, fitted): a Gauss-Newton step d minimises |r - J d|.
    A sum of squares below `noise` is rounding. `responses` stand in for those of the curves (another draw of them).
    """

    def __init__(
        self, problem: Problem, weights: Sequence[Array], responses: Sequence[Array] | None = None
    ) -> None:
        self.problem = problem
        self.size = len(problem.names)
        self._priors = [(problem.names.index(name), prior) for name, prior in problem.priors.items()]
        self._curves = []
        row = 0
        measured = [curve.y for curve in problem.curves] if responses is None else responses
        for c, curve in enumerate(problem.curves):
            free = np.flatnonzero(problem.places[c] >= 0)
            rows = slice(row, row + len(curve))
            row += len(curve)
            self._curves.append(
                (
                    curve.x,
                    measured[c],
                    np.sqrt(weights[c]),
                    problem.constants[c],
                    free,
                    problem.places[c][free],
                    rows,
                )
            )
        self.points = row
        self.rows = row + len(self._priors)
        self.noise = EXACT**2 * sum(float(own @ y**2) for own, y in zip(weights, measured, strict=True))
        self._function = problem.equation.function
        self._slope = problem.equation.jacobian

    def residuals(self, values: Array) -> Array:
        """Weighted residuals (row,) at these fitted values; nan where the law has no value."""
        found = np.empty(self.rows)
        for x, y, root, constants, free, places, rows in self._curves:
            parameters = constants.copy()
            parameters[free] = values[places]
            found[rows] = root * (y - self._function(x, parameters))
        for k, (place, prior) in enumerate(self._priors):
            found[self.points + k] = (prior.mean - values[place]) / prior.sd
        return found

    def jacobian(self, values: Array) -> Array:
        """Derivative of the weighted model (row, fitted)."""
        found = np.zeros((self.rows, self.size))
        for x, _, root, constants, free, places, rows in self._curves:
            parameters = constants.copy()
            parameters[free] = values[places]
            found[rows, places] = (self._slope(x, parameters)[free] * root).T
        for k, (place, prior) in enumerate(self._priors):
            found[self.points + k, place] = 1.0 / prior.sd
        return found

    def many(self, values: Array) -> tuple[Array, Array]:
        """Residuals (candidate, row) and Jacobian (fitted, candidate, row) for values (fitted, candidate)."""
        count = values.shape[1]
        residuals, slopes = np.empty((count, self.rows)), np.zeros((self.size, count, self.rows))
        for x, y, root, constants, free, places, rows in self._curves:
            parameters = np.repeat(constants[:, None], count, axis=1)
            parameters[free] = values[places]
            columns = parameters[:, :, None]
            residuals[:, rows] = root * (y - self._function(x, columns))
            derivative = np.broadcast_to(self._slope(x, columns), (len(constants), count, y.size))
            slopes[places, :, rows] = derivative[free] * root
        for k, (place, prior) in enumerate(self._priors):
            residuals[:, self.points + k] = (prior.mean - values[place]) / prior.sd
            slopes[place, :, self.points + k] = 1.0 / prior.sd
        return residuals, slopes

    def fitted(self, values: Array) -> tuple[Array, ...]:
        """The response of the law at every point of every curve."""
        table = self.problem.parameters(values)
        return tuple(
            np.broadcast_to(self._function(curve.x, table[c]), curve.y.shape).astype(float)
            for c, curve in enumerate(self.problem.curves)
        )
