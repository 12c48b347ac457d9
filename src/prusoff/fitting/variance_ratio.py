"""Looks for the ratio of the variance between groups to that within them, by the likelihood of the linearised model."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import minimize_scalar

from ..core.equation import Array, Equation, Parameter
from ..core.fit import Fit
from .levenberg import Minimum, minimise, polish
from .objective import Objective
from .problem import Prior, Problem

DEVIATION = "deviation"
WIDEST = 6.0  # decades of the ratio searched on both sides of where scatter and groups weigh the same
COARSE, FINE = 7, 3e-4  # tries before the finer search, and how closely (decades) that ends
LEAST_GAIN = 1e-6  # of minus twice the log likelihood, below which there is no difference between groups


@dataclass(frozen=True)
class Place:
    """What was found at one ratio of the variance between groups to that within: 0 where there is none between."""

    ratio: float
    objective: Objective
    minimum: Minimum
    variance: float
    deviance: float


class Joined(Objective):
    """The residuals and derivatives of `Objective`, those of all groups by one call of the law."""

    def __init__(self, problem: Problem, weights: Sequence[Array]) -> None:
        super().__init__(problem, weights)
        self._owner = np.repeat(np.arange(len(problem.curves)), [len(curve) for curve in problem.curves])
        self._x = np.concatenate([curve.x for curve in problem.curves], axis=-1)
        self._y = np.concatenate([curve.y for curve in problem.curves])
        self._root = np.sqrt(np.concatenate(weights))
        columns = problem.places[self._owner].T
        self._law, self._point = np.nonzero(columns >= 0)
        self._column = columns[self._law, self._point]

    def residuals(self, values: Array) -> Array:
        """Weighted residuals (row,) at these fitted values; nan where the law has no value."""
        found = np.empty(self.rows)
        found[: self.points] = self._root * (self._y - self._function(self._x, self._each(values)))
        for k, (place, prior) in enumerate(self._priors):
            found[self.points + k] = (prior.mean - values[place]) / prior.sd
        return found

    def jacobian(self, values: Array) -> Array:
        """Derivative of the weighted model (row, fitted)."""
        found = np.zeros((self.rows, self.size))
        slopes = self._slope(self._x, self._each(values)) * self._root
        found[self._point, self._column] = slopes[self._law, self._point]
        for k, (place, prior) in enumerate(self._priors):
            found[self.points + k, place] = 1.0 / prior.sd
        return found

    def _each(self, values: Array) -> Array:
        """The parameters at every point, (parameter, point)."""
        found: Array = self.problem.parameters(values)[self._owner].T
        return found


class RatioSearch:
    """The groups of one problem (`shared`: one value of `random` for all) and the search for the ratio."""

    def __init__(self, shared: Problem, plain: Fit, random: str, restricted: bool) -> None:
        self.shared, self.plain, self.random, self.restricted = shared, plain, random, restricted
        self.weights = [curve.weights for curve in plain.curves]
        self.points = sum(len(curve) for curve in shared.curves) + len(shared.priors)
        self.free = len(shared.names)
        self.groups = len(shared.curves)
        self.own = Problem(
            with_deviation(shared.equation, random), shared.curves, shared.sharing, shared.priors
        )

    @property
    def between(self) -> int:
        """Degrees of freedom of the mean over groups: one less than there are groups."""
        return min(self.groups - 1, self.points - self.free)

    @property
    def within(self) -> int:
        """Degrees of freedom that the measurements leave within groups."""
        return max(self.points - self.groups - self.free + 1, self.between)

    def best(self) -> Place:
        """What was found at the ratio of least deviance, zero among those asked."""
        found: dict[float, Place] = {}
        start = np.concatenate([self.plain.values, np.zeros(self.groups)])
        unit = self._unit()

        def ask(power: float) -> float:
            near = min(found, key=lambda one: abs(one - power), default=None)
            found[power] = self._at(unit * 10.0**power, start if near is None else found[near].minimum.values)
            return found[power].deviance

        powers = [float(power) for power in np.linspace(-WIDEST, WIDEST, COARSE)]
        lowest, step = min(powers, key=ask), powers[1] - powers[0]
        bounds = (max(lowest - step, -WIDEST), min(lowest + step, WIDEST))
        near = float(minimize_scalar(ask, bounds=bounds, method="bounded", options={"xatol": 10.0 * FINE}).x)
        for _ in range(
            2
        ):  # to the lowest point of the parabola through three places, where it lies between them
            below, here, above = ask(near - FINE), ask(near), ask(near + FINE)
            bend = below - 2.0 * here + above
            if not (bend > 0 and abs(above - below) < 40.0 * bend):
                break
            near -= 0.5 * FINE * (above - below) / bend
            ask(near)
        best, nothing = min(found.values(), key=lambda one: one.deviance), self._nothing()
        if not best.deviance < nothing.deviance - LEAST_GAIN:
            return nothing
        return self._ending(best, unit)

    def _unit(self) -> float:
        """The ratio at which a group differs as much as its own measurements leave its value uncertain."""
        place = self.shared.equation.index(self.random)
        table = self.shared.parameters(self.plain.values)
        slopes = [
            float(weights @ np.broadcast_to(
                self.shared.equation.jacobian(curve.x, table[c])[place] ** 2, weights.shape
            ))
            for c, (curve, weights) in enumerate(zip(self.shared.curves, self.weights, strict=True))
        ]  # fmt: skip
        mean = float(np.mean(slopes))
        return 1.0 / mean if mean > 0 else 1.0

    def _ending(self, best: Place, unit: float) -> Place:
        """The place to the last digit; where measurements of a group agree all scatter is that between groups."""
        limits = (best.objective.problem.lower, best.objective.problem.upper)
        best = replace(best, minimum=polish(best.objective, best.minimum, limits))
        if best.ratio < unit * 10.0 ** (WIDEST - 0.01) or self.plain.scale_known:
            return best
        return replace(best, variance=best.minimum.sum_of_squares / (self.groups - 1))

    def _nothing(self) -> Place:
        """The plain fit as a mixed one: no deviations, its own sum of squares."""
        objective = Joined(self.shared, self.weights)
        minimum = Minimum(self.plain.values, self.plain.sum_of_squares, True, 0)
        variance, spent = self._variance(minimum.sum_of_squares, objective.noise)
        slopes = objective.jacobian(minimum.values)
        extra = _log_det(slopes.T @ slopes) if self.restricted else 0.0
        return Place(0.0, objective, minimum, variance, spent + extra)

    def _at(self, ratio: float, start: Array) -> Place:
        """Penalised least squares at this ratio, and the deviance of the model linearised there."""
        spread = Prior(0.0, math.sqrt(ratio))
        priors = {**self.own.priors, **dict.fromkeys(self.own.names[self.free :], spread)}
        problem = replace(self.own, priors=priors)
        objective = Joined(problem, self.weights)
        limits = (problem.lower, problem.upper)
        found = minimise(objective, start, limits, rtol=1e-14, damping=1e-6)
        slopes = objective.jacobian(found.values)
        own = slopes if self.restricted else slopes[:, self.free :]
        variance, spent = self._variance(found.sum_of_squares, objective.noise)
        deviance = spent + _log_det(own.T @ own) + self.groups * math.log(ratio)
        return Place(ratio, objective, found, variance, deviance)

    def _variance(self, squares: float, noise: float) -> tuple[float, float]:
        """The variance of a measurement of weight one, and what it costs in minus twice the log likelihood."""
        weighed = -sum(float(np.log(one).sum()) for one in self.weights)
        count = self.points - self.free if self.restricted else self.points
        if self.plain.scale_known:
            return 1.0, count * math.log(2.0 * math.pi) + squares + weighed
        seen = max(squares, noise) / count
        return squares / count, count * (math.log(2.0 * math.pi * seen) + 1.0) + weighed


def with_deviation(law: Equation, random: str) -> Equation:
    """The same law with one parameter more, by which the parameter `random` of a group lies above that of all."""
    place = law.index(random)

    def own(p: Array) -> Array:
        moved = np.array(p[:-1], dtype=float)
        moved[place] += p[-1]
        return moved

    def function(x: Array, p: Array) -> Array:
        return law.function(x, own(p))

    def jacobian(x: Array, p: Array) -> Array:
        slopes = law.jacobian(x, own(p))
        return np.concatenate([slopes, slopes[place : place + 1]])

    def limits(x: Array, y: Array) -> tuple[Array, Array]:
        lower, upper = law.bounds(x, y)
        return np.append(lower, -np.inf), np.append(upper, np.inf)

    return replace(
        law,
        parameters=(
            *law.parameters,
            Parameter(DEVIATION, "deviation", "", "by how much a group lies above the mean of all"),
        ),
        function=function,
        jacobian=jacobian,
        start=lambda x, y: np.append(law.start(x, y), 0.0),
        limits=limits,
        cases=(),
    )


def _log_det(normal: Array) -> float:
    return float(np.linalg.slogdet(normal)[1])
