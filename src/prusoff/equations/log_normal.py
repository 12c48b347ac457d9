"""The log-normal (probit) law: the logarithm of the tolerance is normally distributed.

Written falling like the logistic laws. The slope is that of the probit line, in probits per decade of concentration:
its reciprocal is the standard deviation of the log10 of the tolerance. Per unit of the natural logarithm it is the
slope divided by ln 10.
"""

from __future__ import annotations

import math

import numpy as np

from ..core.equation import Array, Case, Equation, Parameter
from ._sigmoid import between, limits_of, slopes, start_of
from .concentration_response import BOTTOM, LOG_CONCENTRATION, LOG_IC50, SIGNAL, TOP

PROBIT_SLOPE = Parameter(
    "probit_slope", "b", "", "steepness: probits per decade of concentration", lower=0.1, upper=10.0
)
_PEAK = 1.0 / math.sqrt(2.0 * math.pi)


def _below(z: Array) -> Array:
    """The normal distribution function; all digits are kept where it is tiny."""
    from scipy.special import ndtr  # scipy is not on the way to the laws that do without it

    result: Array = ndtr(z)
    return result


def _normal(x: Array, p: Array) -> Array:
    bottom, top, log_ic50, probit_slope = p
    return between(bottom, top, _below((log_ic50 - x) * probit_slope))


def _normal_jacobian(x: Array, p: Array) -> Array:
    bottom, top, log_ic50, probit_slope = p
    distance = x - log_ic50
    z = distance * probit_slope
    fall = _PEAK * np.exp(-0.5 * z * z)
    return slopes(distance, probit_slope, (top - bottom) * fall, (_below(-z), _below(z)))


def _start(x: Array, y: Array) -> Array:
    return start_of(x, y, 1.4)


def _limits(x: Array, y: Array) -> tuple[Array, Array]:
    return limits_of(log_normal.parameters, x)


log_normal = Equation(
    name="log_normal",
    title="Log-normal (probit)",
    formula="bottom + (top - bottom) * erfc((log_concentration - log_ic50) * probit_slope / sqrt(2)) / 2",
    axes=(LOG_CONCENTRATION,),
    response=SIGNAL,
    parameters=(BOTTOM, TOP, LOG_IC50, PROBIT_SLOPE),
    function=_normal,
    jacobian=_normal_jacobian,
    start=_start,
    limits=_limits,
    location="log_ic50",
    reference="Finney DJ. Probit Analysis. Cambridge University Press 1971",
    cases=(
        Case(
            (-7.5,),
            {"bottom": 20.0, "top": 120.0, "log_ic50": -7.5, "probit_slope": 1.4},
            70.0,
            "half way between top and bottom at the IC50, by definition",
        ),
        Case(
            (-6.0,),
            {"bottom": 0.0, "top": 100.0, "log_ic50": -8.0, "probit_slope": 0.5},
            15.865525393145705,
            "one standard deviation above the mean 15.87 % of a normal distribution are left",
        ),
    ),
)
