"""The outcome of a fit: parameters with errors and intervals, what was fitted to what, and a verdict in words."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

import numpy as np

from .curves import Curve
from .equation import Array, Equation
from .errors import UnknownName


class Outcome(Enum):
    """The six ways in which a fit can end; each is a sentence."""

    OK = "The curve was fitted."
    FLAGGED = "The curve was fitted; read the notes before using it."
    CENSORED = "Only a bound can be given."
    NO_RESPONSE = "There is no response to fit."
    FAILED = "The curve could not be fitted."
    UNTESTED = "Nothing was measured."

    @property
    def usable(self) -> bool:
        """Whether the parameters may be used as values."""
        return self in (Outcome.OK, Outcome.FLAGGED)

    @property
    def code(self) -> str:
        """A short name for files: ok, flagged, censored, no_response, failed, untested."""
        return self.name.lower()


@dataclass(frozen=True)
class Interval:
    """A confidence interval of one parameter on the scale on which it was fitted; an open side is infinite."""

    low: float
    high: float
    level: float
    method: str

    @property
    def open_sides(self) -> tuple[str, ...]:
        """Which sides have no end: 'low', 'high'."""
        return tuple(
            side for side, value in (("low", self.low), ("high", self.high)) if not math.isfinite(value)
        )


@dataclass(frozen=True)
class FittedCurve:
    """One data set of a fit: the data, the weights, the curve through them and all parameters of the law for it."""

    data: Curve
    weights: Array
    fitted: Array
    parameters: Array

    @property
    def residuals(self) -> Array:
        """Measured minus fitted, in the unit of the response."""
        return self.data.y - self.fitted

    @property
    def weighted_residuals(self) -> Array:
        """Residuals times the square root of their weights."""
        weighted: Array = self.residuals * np.sqrt(self.weights)
        return weighted


@dataclass(frozen=True)
class Test:
    """A statistical test: name, statistic, degrees of freedom, probability, and what it means in one sentence."""

    __test__ = False  # not a test class of pytest

    name: str
    statistic: float
    p: float
    sentence: str
    df: tuple[float, ...] = ()


@dataclass(frozen=True)
class Fit:
    """A law fitted to one data set, or to several that share parameters.

    `names` are the fitted (free) parameters: 'bottom', or 'log_ic50[imipramine]' where a parameter belongs to one data
    set. `values`, `se`, `covariance` and `intervals` follow that order and the scale of the fit (log10 for `log_...`).
    `fixed` holds the parameters that were not fitted. `sum_of_squares` is the weighted one; `scale_known` says that the
    weights are absolute (1/variance), so that errors were not rescaled by the scatter.
    """

    equation: Equation
    outcome: Outcome
    reason: str
    names: tuple[str, ...]
    values: Array
    se: Array
    covariance: Array
    intervals: Mapping[str, Interval]
    curves: tuple[FittedCurve, ...]
    sum_of_squares: float
    df: int
    weighting: str
    scale_known: bool = False
    fixed: Mapping[str, float] = field(default_factory=dict)
    at_bounds: tuple[str, ...] = ()
    condition: float = math.nan
    verdict: str = ""
    tests: tuple[Test, ...] = ()
    starts: int = 0
    evaluations: int = 0

    def index(self, name: str) -> int:
        """Position of a fitted parameter."""
        if name not in self.names:
            raise UnknownName.among(name, self.names, "fitted parameter")
        return self.names.index(name)

    def value(self, name: str) -> float:
        """Value of a fitted or fixed parameter."""
        return self.fixed[name] if name in self.fixed else float(self.values[self.index(name)])

    def standard_error(self, name: str) -> float:
        """Standard error of a fitted parameter; zero for a fixed one."""
        return 0.0 if name in self.fixed else float(self.se[self.index(name)])

    @property
    def points(self) -> int:
        """Number of points fitted."""
        return sum(len(curve.data) for curve in self.curves)

    @property
    def residual_sd(self) -> float:
        """Standard deviation of the residuals (Sy.x), in units of the weights."""
        return math.sqrt(self.sum_of_squares / self.df) if self.df > 0 else math.nan

    @property
    def curve(self) -> FittedCurve:
        """The first (or only) data set."""
        return self.curves[0]

    def predict(self, x: Array, curve: int = 0) -> Array:
        """The fitted response at x, for one of the data sets."""
        return self.equation.function(np.asarray(x, dtype=float), self.curves[curve].parameters)
