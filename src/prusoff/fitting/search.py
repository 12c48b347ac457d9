"""Looks for the lowest sum of squares: several starts, the best one refined to the last digit, weights renewed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from ..core.equation import Array
from .levenberg import Minimum, minimise, polish
from .objective import Objective
from .problem import Problem
from .start import starts
from .weights import Weighting, Weights, weigh

SCOUT = 1e-7  # gain, relative to the sum of squares, at which a first descent from a start ends
AGREE = 1e-5  # relative difference of two sums of squares that are the same minimum
REWEIGHT, ROUND = 100, 4  # most rounds of weights and fit, most steps between new weights


@dataclass(frozen=True)
class Options:
    """How to search and how strict to be.

    `intervals` is 'profile', 'wald' or '' for none; `intervals_of` names the parameters of the law that get them, all
    if it is empty. `starts` is the most starts tried (fewer when the first agree), `start` an own first guess by fitted
    name. `controls` are the responses without and with full effect, for curves whose control wells are not among their
    points. `response_level` is the probability above which a curve is said to have no response (if not given: 2.5e-6
    from 20 points on, 1e-4 from 15, 0.001 from 10, 0.01 from 7, else 0.05); 1 switches that test off.
    """

    intervals: str = "profile"
    intervals_of: tuple[str, ...] = ()
    starts: int = 5
    seed: int = 0
    start: Mapping[str, float] = field(default_factory=dict)
    controls: tuple[float, float] | None = None
    response_level: float | None = None

    def asks_for(self, name: str) -> bool:
        """Whether a parameter, by its name in the law or the fit, gets an interval."""
        return not self.intervals_of or name.split("[")[0] in self.intervals_of


class Search:
    """Looks for the lowest minimum, repeating with new weights where they follow from the curve."""

    def __init__(self, problem: Problem, weighting: Weights, options: Options) -> None:
        self.problem, self.weighting, self.options = problem, weighting, options
        self.limits = (problem.lower, problem.upper)
        self.tried = 0
        self.settled = True
        observed = [curve.y for curve in problem.curves]
        first = Weighting.NONE if weighting.iterated else weighting
        self.weights = weigh(first, problem.curves, observed)
        self.objective = Objective(problem, self.weights)
        self.minimum: Minimum

    def run(self, guess: Array) -> Search:
        """Search from the guess and the starts around it."""
        best: list[Minimum] = []
        for start in starts(self.objective, guess, self.options.seed, self.options.starts):
            best.append(minimise(self.objective, start, self.limits, rtol=SCOUT))
        sums = np.array([one.sum_of_squares for one in best])
        same = np.flatnonzero(sums <= sums.min() * (1.0 + AGREE) + self.objective.noise)
        self.tried = len(best)
        self.minimum = self._finished(best[same[0]].values)  # of equal minima the one nearest to the guess
        if self.weighting.iterated and math.isfinite(self.minimum.sum_of_squares):
            self._reweight()
        return self

    def restart(self, start: Minimum) -> None:
        """Go on from a lower place that was met later."""
        self.minimum = self._finished(start.values)

    def _finished(self, close: Array) -> Minimum:
        """Descend from a close place to the last digit."""
        settled = minimise(self.objective, close, self.limits, damping=1e-6)
        if not math.isfinite(settled.sum_of_squares):
            return settled
        done = polish(self.objective, settled, self.limits)
        if done.converged:
            return done
        other = minimise(self.objective, self._by_scipy(done).values, self.limits, damping=1e-6)
        return polish(self.objective, other, self.limits)

    def _by_scipy(self, minimum: Minimum) -> Minimum:
        """A second, independent method where the first did not come to an end."""
        from scipy.optimize import least_squares

        lower, upper = self.limits
        inside = np.clip(minimum.values, np.nextafter(lower, np.inf), np.nextafter(upper, -np.inf))
        try:
            found = least_squares(
                self.objective.residuals,
                inside,
                self._slope_of_residuals,
                (lower, upper),
                x_scale="jac",
                xtol=1e-15,
                ftol=1e-15,
                gtol=1e-15,
                max_nfev=1000,
            )
        except (ValueError, np.linalg.LinAlgError):  # it met a place where the law has no finite value
            return minimum
        reached = 2.0 * float(found.cost)
        if not reached < minimum.sum_of_squares:
            return minimum
        return Minimum(found.x, reached, found.status > 0, minimum.evaluations + int(found.nfev))

    def _slope_of_residuals(self, values: Array) -> Array:
        return -self.objective.jacobian(values)

    def _reweight(self) -> None:
        for _ in range(REWEIGHT):
            before = self.minimum.values
            fitted = self.objective.fitted(before)
            self.weights = weigh(self.weighting, self.problem.curves, fitted)
            self.objective = Objective(self.problem, self.weights)
            near = minimise(self.objective, before, self.limits, damping=1e-6, most=ROUND)
            self.minimum = polish(self.objective, near, self.limits, most=2)
            still = np.allclose(self.minimum.values, before, rtol=1e-11, atol=1e-14)
            if still and self.minimum.converged:
                self.minimum = self._finished(self.minimum.values)
                return
        self.settled = False
