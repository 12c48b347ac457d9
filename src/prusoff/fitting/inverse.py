"""Standard curves read backwards: the concentration that a measured response stands for, with its interval."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..core.curves import Curve
from ..core.equation import Array, Axis
from ..core.errors import InputError, ModelError
from ..core.errors import Problem as Fault
from ..core.estimate import Estimate, Relation
from ..core.fit import Fit, Outcome
from .band import curve_variance, single_variance
from .intervals import antilog, quantile
from .levenberg import minimise
from .objective import Objective
from .problem import Problem

GRID = 201  # places at which the curve must go one way
CLOSE = 1e-10  # part of the tested range within which a concentration is found
METHODS = ("profile", "inversion")


@dataclass(frozen=True)
class InversePrediction:
    """The x that the mean of `replicates` responses stands for, on the scale of the axis; an open side is infinite.

    With `relation` '<' or '>' the response lies beyond the curve at the lowest or highest standard: `x` is that
    standard, and `low` or `high` the farthest x that the response does not contradict.
    """

    response: float
    replicates: int
    axis: Axis
    x: float
    low: float
    high: float
    level: float
    relation: Relation
    method: str
    sentence: str

    def estimate(self, name: str = "concentration") -> Estimate:
        """The quantity itself in the unit of the axis (10^x on a log axis)."""
        own = antilog if self.axis.log10 else float
        return Estimate(
            name,
            own(self.x),
            self.axis.unit,
            own(self.low),
            own(self.high),
            self.level,
            self.relation,
            self.method,
        )


def inverse_prediction(
    fit: Fit, responses: Array | float, curve: int = 0, level: float = 0.95, method: str = "profile"
) -> InversePrediction:
    """Read the mean of one sample's responses off a fitted curve, with the error of the curve and of the sample.

    The interval holds every x at which the sample and the curve do not contradict one another. 'profile': the curve is
    refitted with the sample held at x, and the sum of squares may grow by F(1, df) times the residual variance.
    'inversion': the sample lies within t standard errors of the curve at x, the variance of the curve by the delta
    method (Greenwell & Schubert Kabban, R J 2014;6:90). A sample scatters like the standards do at its response.

    Nothing is read beyond the lowest and highest standard (above zero): such a sample gets '<' or '>', and a side of an
    interval that leaves the standards is open. Raises ModelError for a curve that was not fitted, for a law of several
    axes, and for one that rises and falls between the standards; InputError for responses that are no numbers.
    """
    measured = np.atleast_1d(np.asarray(responses, dtype=float))
    if not measured.size or not np.isfinite(measured).all():
        raise InputError("A sample needs one response at the least, and every response must be a number.")
    if method not in METHODS:
        raise InputError(f"'{method}' is not known here; give one of {', '.join(METHODS)}.")
    return StandardCurve.of(fit, curve).read(float(measured.mean()), measured.size, level, method)


@dataclass(frozen=True)
class StandardCurve:
    """One curve of a fit between its lowest and highest standard, where it goes one way."""

    fit: Fit
    curve: int
    low: float
    high: float
    rising: bool

    @classmethod
    def of(cls, fit: Fit, curve: int = 0, beyond: float = 0.0) -> StandardCurve:
        """The curve of a fit, if it can be read backwards; with so many decades `beyond` its outermost standards."""
        if fit.outcome in (Outcome.FAILED, Outcome.NO_RESPONSE):
            raise _refused(f"there is no curve to read off: {fit.reason}", "Fit the standards first")
        if len(fit.equation.axes) > 1:
            raise _refused(f"'{fit.equation.name}' has several axes", "Use a law of the concentration alone")
        x = fit.curves[curve].data.x
        tested = x[np.isfinite(x)]
        if not fit.equation.axes[0].log10 and (tested >= 0).all():
            tested = tested[tested > 0]
        if np.unique(tested).size < 2:
            raise _refused("there are fewer than two standards above zero", "Give more standards")
        low, high = float(tested.min()), float(tested.max())
        if fit.equation.axes[0].log10:
            low, high = low - beyond, high + beyond
        elif low > 0:
            low, high = low / 10.0**beyond, high * 10.0**beyond
        steps = np.diff(fit.predict(np.linspace(low, high, GRID), curve))
        rising = bool(steps.sum() > 0)
        rounding = 1e-12 * float(np.abs(steps).sum())
        if not ((steps if rising else -steps) >= -rounding).all() or not steps.any():
            raise _refused(
                "the curve rises and falls, so that a response stands for more than one concentration",
                "Fit a law that goes one way, or the standards of one branch",
            )
        return cls(fit, curve, low, high, rising)

    def read(self, response: float, replicates: int, level: float, method: str) -> InversePrediction:
        """The x of a mean response, with its interval."""
        goal = quantile(level, self.fit.df, self.fit.scale_known)
        rises = 1.0 if self.rising else -1.0

        def excess(x: float) -> float:
            """By how many standard errors the sample lies on the side of higher x."""
            return rises * self._distance(x, response, replicates, method)

        x, relation = self.place(response)
        with np.errstate(all="ignore"):
            low = _crossing(excess, goal, (self.low, self.high))
            high = _crossing(excess, -goal, (self.low, self.high))
        low, high = -math.inf if low <= self.low else low, math.inf if high >= self.high else high
        axis = self.fit.equation.axes[0]
        return InversePrediction(
            response, replicates, axis, x, low, high, level, relation, method, _told(relation, low, high)
        )

    def place(self, response: float) -> tuple[float, Relation]:
        """Where the curve has this response; the nearest standard where it has it nowhere between them."""
        from scipy.optimize import brentq

        ends = self.fit.predict(np.array([self.low, self.high]), self.curve)
        first, last = (float(one) - response for one in ends)
        if not self.rising:
            first, last = -first, -last
        if first > 0:
            return self.low, Relation.BELOW
        if last < 0:
            return self.high, Relation.ABOVE
        found = brentq(
            lambda x: self.at(x) - response, self.low, self.high, xtol=CLOSE * (self.high - self.low)
        )
        return float(found), Relation.EQUAL

    def at(self, x: float) -> float:
        """The fitted response at x."""
        return float(self.fit.predict(np.array([x]), self.curve)[0])

    def _distance(self, x: float, response: float, replicates: int, method: str) -> float:
        """Sample less curve at x in standard errors."""
        place = np.array([x])
        fitted = self.at(x)
        single = float(single_variance(self.fit, np.array([fitted]), self.curve)[0]) / replicates
        if method == "profile":
            grown = max(self._held(x, response, single) - self.fit.sum_of_squares, 0.0)
            return math.copysign(math.sqrt(grown / self._variance), response - fitted)
        variance = float(curve_variance(self.fit, place, self.curve)[0]) + single
        return (response - fitted) / math.sqrt(variance)

    @property
    def _variance(self) -> float:
        return 1.0 if self.fit.scale_known else self.fit.residual_sd**2

    def _held(self, x: float, response: float, single: float) -> float:
        """The least sum of squares of standards and sample when the sample is taken to be at x."""
        problem, limits = self._problem
        curves, weights = list(problem.curves), [one.weights for one in self.fit.curves]
        own = curves[self.curve]
        curves[self.curve] = Curve(np.append(own.x, x), np.append(own.y, response), label=own.label)
        weights[self.curve] = np.append(weights[self.curve], self._variance / single)
        objective = Objective(Problem(problem.equation, curves, problem.sharing), weights)
        return minimise(objective, self.fit.values, limits, damping=1e-6).sum_of_squares

    @cached_property
    def _problem(self) -> tuple[Problem, tuple[Array, Array]]:
        """What the fit solved, and its limits; a parameter that stood at a limit is held there."""
        problem = Problem.of(self.fit)
        held = np.array([name in self.fit.at_bounds for name in problem.names])
        lower = np.where(held, self.fit.values, problem.lower)
        upper = np.where(held, self.fit.values, problem.upper)
        return problem, (lower, upper)


def _crossing(excess: Callable[[float], float], goal: float, ends: tuple[float, float]) -> float:
    """Where a function that falls with x passes the goal; the end of the range on whose side it never does."""
    from scipy.optimize import brentq

    low, high = ends
    if not excess(low) > goal:
        return low
    if not excess(high) < goal:
        return high
    return float(brentq(lambda x: excess(x) - goal, low, high, xtol=CLOSE * (high - low), rtol=1e-12))


def _told(relation: Relation, low: float, high: float) -> str:
    if relation is Relation.EQUAL:
        sides = [side for side, end in (("lower", low), ("upper", high)) if not math.isfinite(end)]
        if not sides:
            return "Read off the curve between the standards."
        return f"Read off the curve; no {' and no '.join(sides)} limit lies between the standards."
    end = "lowest" if relation is Relation.BELOW else "highest"
    return f"The response lies beyond the curve at the {end} standard: only a bound can be given."


def _refused(what: str, fix: str) -> ModelError:
    return ModelError(Fault(what, "standard curve", fix, "E-INVERSE"))
