"""Intervals: by the standard error (Wald), by the profile of the sum of squares, and as other programs print them."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy.special import stdtrit

from ..core.equation import Array
from ..core.errors import InputError
from ..core.fit import Fit, Interval
from ..core.result import Profile
from .levenberg import Minimum, minimise
from .objective import Objective
from .problem import Problem

STEPS = 40  # most evaluations for one side of a profile
CLOSE = 1e-6  # relative distance of the root from the quantile at which a limit is found
REACH = 1e6  # a side without an end within this many standard errors is open


def quantile(level: float, df: float, scale_known: bool = False) -> float:
    """The two-sided quantile of Student's t, of the normal distribution where the scale is known."""
    if not 0.0 < level < 1.0:
        raise InputError(
            f"A confidence level of {level} makes no sense; give one between 0 and 1, such as 0.95."
        )
    return float(stdtrit(math.inf if scale_known else df, 0.5 + level / 2.0))


def quantiles(level: float, df: npt.NDArray[np.int64], scale_known: bool = False) -> Array:
    """The two-sided quantiles for many degrees of freedom at once, nan where there are none."""
    different, which = np.unique(df, return_inverse=True)
    found = [quantile(level, float(one), scale_known) if one > 0 else math.nan for one in different]
    return np.array(found)[which.reshape(-1)]


def antilog(value: float) -> float:
    """10 to this power; infinite where no number is large enough."""
    with np.errstate(over="ignore"):
        return float(np.power(10.0, value))


def wald_interval(fit: Fit, name: str, level: float = 0.95) -> Interval:
    """Value plus and minus t standard errors, on the scale of the fit (so a potency is asymmetric after 10^x)."""
    half = quantile(level, fit.df, fit.scale_known) * fit.standard_error(name)
    return Interval(fit.value(name) - half, fit.value(name) + half, level, "Wald")


def delta_interval(fit: Fit, name: str, level: float = 0.95) -> Interval:
    """The interval of 10^value by the delta method, symmetric on the linear scale and able to pass zero.

    For comparison with programs that print it; `name` must be a log10 parameter.
    """
    value = antilog(fit.value(name))
    half = quantile(level, fit.df, fit.scale_known) * fit.standard_error(name) * math.log(10.0) * value
    return Interval(value - half, value + half, level, "delta")


def log_delta_interval(fit: Fit, name: str, level: float = 0.95) -> Interval:
    """The Wald interval of a log10 parameter taken to the linear scale: never below zero."""
    wald = wald_interval(fit, name, level)
    return Interval(antilog(wald.low), antilog(wald.high), level, "log delta")


def profile_interval(problem: Problem, fit: Fit, name: str, level: float = 0.95) -> Interval:
    """All values of a parameter that the data do not contradict when every other parameter follows.

    Limits lie where the sum of squares has grown by the factor 1 + F(1, df)/df (by the square of the normal quantile
    where the scale is known). A side on which that is not reached before the limit of the parameter, or within a
    million standard errors, is open (infinite). Bates & Watts 1988; Venzon & Moolgavkar 1988.
    """
    return Profiler.of(problem, fit).interval(fit.index(name), level)


def profile_curve(problem: Problem, fit: Fit, name: str, level: float = 0.95, points: int = 41) -> Profile:
    """The profile of one parameter for drawing: 1.5 times as far as the interval reaches on either side."""
    profiler = Profiler.of(problem, fit)
    index = fit.index(name)
    found = profiler.interval(index, level)
    best, error = float(fit.values[index]), float(fit.se[index])
    reach = 1.5 * quantile(level, fit.df, fit.scale_known) * (error if math.isfinite(error) else 1.0)
    low = best - (1.5 * (best - found.low) if math.isfinite(found.low) else 2.0 * reach)
    high = best + (1.5 * (found.high - best) if math.isfinite(found.high) else 2.0 * reach)
    low, high = max(low, float(problem.lower[index])), min(high, float(problem.upper[index]))
    left, right = np.linspace(best, low, points // 2 + 1)[1:], np.linspace(best, high, points // 2 + 1)[1:]
    sums = [*profiler.sums(index, left)[::-1], fit.sum_of_squares, *profiler.sums(index, right)]
    position = problem.owner(index)[1]
    return Profile(
        name,
        problem.equation.parameters[position].symbol,
        np.array([*left[::-1], best, *right]),
        np.array(sums),
        fit.sum_of_squares + profiler.rise(level),
        best,
    )


def wald_limits(profiler: Profiler, names: tuple[str, ...], level: float) -> dict[str, Interval]:
    """Wald intervals of all parameters before there is a Fit; none for a value held at its limit."""
    half = quantile(level, profiler.df, profiler.scale_known) * np.sqrt(
        profiler.variance * np.diag(profiler.unscaled)
    )
    low, high = profiler.minimum.values - half, profiler.minimum.values + half
    return {
        name: Interval(float(low[k]), float(high[k]), level, "Wald")
        for k, name in enumerate(names)
        if half[k] > 0 or profiler.variance == 0
    }


@dataclass
class Profiler:
    """Walks along one parameter while the others follow; remembers a lower minimum if it meets one."""

    objective: Objective
    minimum: Minimum
    unscaled: Array
    variance: float
    df: int
    scale_known: bool
    better: Minimum | None = field(default=None, init=False)

    @classmethod
    def of(cls, problem: Problem, fit: Fit) -> Profiler:
        """The profiler of a finished fit."""
        with np.errstate(over="ignore"):  # of responses that are too large for any fit
            objective = Objective(problem, [curve.weights for curve in fit.curves])
        variance = 1.0 if fit.scale_known else fit.sum_of_squares / max(fit.df, 1)
        unscaled = fit.covariance / variance if variance > 0 else fit.covariance
        minimum = Minimum(fit.values, fit.sum_of_squares, True, 0)
        return cls(objective, minimum, unscaled, variance, fit.df, fit.scale_known)

    def rise(self, level: float) -> float:
        """By how much the sum of squares may grow."""
        return self.variance * quantile(level, self.df, self.scale_known) ** 2

    def interval(self, index: int, level: float) -> Interval:
        """Both limits of one parameter."""
        goal = quantile(level, self.df, self.scale_known)
        with np.errstate(all="ignore"):
            low, high = (self._side(index, direction, goal) for direction in (-1.0, 1.0))
        return Interval(low, high, level, "profile")

    def sums(self, index: int, values: Array) -> list[float]:
        """The least sum of squares at each of these values of one parameter, walking from one to the next."""
        found, others = [], self.minimum.values
        with np.errstate(all="ignore"):
            for value in values:
                here = self._held(index, float(value), others)
                found.append(here.sum_of_squares)
                others = here.values
        return found

    def rise_beyond(self, index: int, end: float, upward: bool) -> float:
        """By how many standard errors the data speak against a parameter that lies beyond `end`.

        That is the root of the scaled rise of the sum of squares at the best place there; infinite where there is none.
        """
        lower, upper = self.objective.problem.lower.copy(), self.objective.problem.upper.copy()
        if self.variance <= 0 or not lower[index] <= end <= upper[index]:
            return math.inf
        (lower if upward else upper)[index] = end
        start = self.minimum.values.copy()
        start[index] = end
        with np.errstate(all="ignore"):
            found = minimise(self.objective, start, (lower, upper), rtol=1e-8, damping=1e-6)
        return math.sqrt(max(found.sum_of_squares - self.minimum.sum_of_squares, 0.0) / self.variance)

    def _held(self, index: int, value: float, others: Array) -> Minimum:
        lower, upper = self.objective.problem.lower.copy(), self.objective.problem.upper.copy()
        lower[index] = upper[index] = value
        found = minimise(self.objective, others, (lower, upper), rtol=1e-8, damping=1e-6)
        least = (self.better or self.minimum).sum_of_squares
        if found.sum_of_squares < least - 1e-7 * self.variance:
            self.better = found
        return found

    def _stand(self, index: int, place: tuple[float, float], others: Array) -> _Step:
        """The parameter so far from its best value, and the others where they follow to from a start."""
        here = self._held(index, place[0] + place[1], others)
        rise = max(here.sum_of_squares - self.minimum.sum_of_squares, 0.0)
        return _Step(abs(place[1]), math.sqrt(rise / self.variance), here.values)

    def _scale(self, index: int) -> tuple[float, Array]:
        """A standard error to step by, and how the others follow; for a value at its limit from its own slope alone."""
        diagonal = float(self.unscaled[index, index])
        if diagonal > 0 and math.isfinite(diagonal):
            return math.sqrt(self.variance * diagonal), self.unscaled[:, index] / diagonal
        slope = float(np.linalg.norm(self.objective.jacobian(self.minimum.values)[:, index]))
        return (math.sqrt(self.variance) / slope if slope > 0 else math.inf), np.eye(self.objective.size)[
            index
        ]

    def _side(self, index: int, direction: float, goal: float) -> float:
        """Where the root of the scaled rise of the sum of squares reaches the quantile, going one way."""
        problem = self.objective.problem
        end = float((problem.lower if direction < 0 else problem.upper)[index])
        best = float(self.minimum.values[index])
        if self.variance <= 0:
            return best
        error, tangent = self._scale(index)
        room = min(abs(end - best), REACH * error)
        if room <= 0 or not math.isfinite(error):
            return direction * math.inf
        start = _Step(0.0, 0.0, self.minimum.values)
        inner, outer, step = start, None, goal * error
        for _ in range(STEPS):
            step = min(step, room)
            ahead = _followed(inner, outer, step, direction * tangent)
            reached = self._stand(index, (best, direction * step), ahead)
            if (
                reached.z > goal and outer is None
            ):  # the others may have been led astray: let them start from near by
                again = self._stand(index, (best, direction * step), inner.values)
                reached = min(reached, again, key=lambda one: one.z)
            if abs(reached.z - goal) <= CLOSE * goal:
                return best + direction * step
            if reached.z > goal:
                outer = reached
            elif step < room:
                inner = reached
            else:
                return direction * math.inf
            if outer is not None and outer.at - inner.at <= 1e-9 * outer.at:
                return best + direction * outer.at
            step = _next(inner, outer, goal)
        return best + direction * outer.at if outer is not None else direction * math.inf


@dataclass(frozen=True)
class _Step:
    """How far the parameter was moved, the root of the scaled rise there, and all values."""

    at: float
    z: float
    values: Array


def _followed(inner: _Step, outer: _Step | None, step: float, tangent: Array) -> Array:
    """Where the other parameters will be: between two known places, or along the tangent at the minimum."""
    if outer is None or not math.isfinite(outer.z):
        return inner.values + tangent * (step - inner.at)
    part = (step - inner.at) / (outer.at - inner.at)
    return inner.values + part * (outer.values - inner.values)


def _next(inner: _Step, outer: _Step | None, goal: float) -> float:
    """The next try: where the parabola through the minimum and the two steps reaches the goal, kept in the bracket."""
    if outer is None:
        return inner.at * (min(4.0, max(1.1, 1.02 * goal / inner.z)) if inner.z > 0 else 4.0)
    width = outer.at - inner.at
    if not math.isfinite(outer.z):
        return inner.at + 0.5 * width
    per_step = outer.z / outer.at
    bend = (per_step - inner.z / inner.at) / width if inner.at > 0 else 0.0
    straight = per_step - bend * outer.at
    root = straight * straight + 4.0 * bend * goal
    guess = 2.0 * goal / (straight + math.sqrt(root)) if root > 0 and straight > 0 else inner.at + 0.5 * width
    return min(max(guess, inner.at + 0.02 * width), outer.at - 0.02 * width)
