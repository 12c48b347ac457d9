"""Logistic laws of a response against the log concentration of a compound.

All of them are written falling: `top` is the response without compound (at -inf), `bottom` the one at which the
compound does all it can (at +inf), and the Hill slope is positive. A response that rises with the compound has
top < bottom, with the same log IC50 and Hill slope as its mirror image, so that the direction of the response never
changes the answer.
"""

from __future__ import annotations

import numpy as np

from ..core.equation import Array, Axis, Case, Equation, Parameter
from ._guess import box, log_range, shape_of
from ._logistic import LN10, finite_or_zero, logistic, rows

LOG_CONCENTRATION = Axis("log_concentration", "M", log10=True)
SIGNAL = Axis("response", "signal")
BOTTOM = Parameter("bottom", "Bottom", "signal", "response when the compound does all it can", linear=True)
TOP = Parameter("top", "Top", "signal", "response without compound", linear=True)
LOG_IC50 = Parameter(
    "log_ic50",
    "IC50",
    "M",
    "concentration that takes the response half way from top to bottom (relative IC50)",
    log10=True,
)
HILL_SLOPE = Parameter("hill_slope", "nH", "", "steepness; 1 for one class of sites", lower=0.1, upper=5.0)
ASYMMETRY = Parameter(
    "asymmetry", "S", "", "1 for a symmetric curve; below 1 the approach to top is the slower one",
    lower=0.05, upper=20.0,
)  # fmt: skip

_DE_LEAN = "De Lean A, Munson PJ, Rodbard D. Am J Physiol 1978;235:E97-E102"


def remaining(x: Array, log_ic50: Array, hill_slope: Array) -> tuple[Array, Array]:
    """The fraction of the response that is left at x, and the fraction that is gone."""
    return logistic(LN10 * (x - log_ic50) * hill_slope)


def _four(x: Array, p: Array) -> Array:
    bottom, top, log_ic50, hill_slope = p
    left, _ = remaining(x, log_ic50, hill_slope)
    result: Array = bottom + (top - bottom) * left
    return result


def _four_jacobian(x: Array, p: Array) -> Array:
    bottom, top, log_ic50, hill_slope = p
    distance = x - log_ic50
    left, gone = logistic(LN10 * distance * hill_slope)
    steep = LN10 * (top - bottom) * left * gone
    return rows(gone, left, steep * hill_slope, -steep * finite_or_zero(distance))


def _four_start(x: Array, y: Array) -> Array:
    shape = shape_of(x, y)
    return np.array([shape.after, shape.before, shape.crossing(0.5), 1.0])


def _four_limits(x: Array, y: Array) -> tuple[Array, Array]:
    return box(four_parameter_logistic.parameters, log_ic50=log_range(x))


four_parameter_logistic = Equation(
    name="four_parameter_logistic",
    title="Four-parameter logistic (variable slope)",
    formula="bottom + (top - bottom) / (1 + 10**((log_concentration - log_ic50) * hill_slope))",
    axes=(LOG_CONCENTRATION,),
    response=SIGNAL,
    parameters=(BOTTOM, TOP, LOG_IC50, HILL_SLOPE),
    function=_four,
    jacobian=_four_jacobian,
    start=_four_start,
    limits=_four_limits,
    location="log_ic50",
    reference=_DE_LEAN,
    cases=(
        Case(
            (-7.5,),
            {"bottom": 20.0, "top": 120.0, "log_ic50": -7.5, "hill_slope": 1.7},
            70.0,
            "half way between top and bottom at the IC50, by definition",
        ),
        Case(
            (-7.0,),
            {"bottom": 0.0, "top": 110.0, "log_ic50": -7.5, "hill_slope": 2.0},
            10.0,
            "half a decade above the IC50 with slope 2: 110/(1 + 10)",
        ),
    ),
)


def _with_slope_one(p: Array) -> Array:
    bottom, top, log_ic50 = p
    return rows(bottom, top, log_ic50, 1.0)


def _three(x: Array, p: Array) -> Array:
    return _four(x, _with_slope_one(p))


def _three_jacobian(x: Array, p: Array) -> Array:
    return _four_jacobian(x, _with_slope_one(p))[:3]


def _three_start(x: Array, y: Array) -> Array:
    return _four_start(x, y)[:3]


def _three_limits(x: Array, y: Array) -> tuple[Array, Array]:
    return box(three_parameter_logistic.parameters, log_ic50=log_range(x))


three_parameter_logistic = Equation(
    name="three_parameter_logistic",
    title="Three-parameter logistic (slope 1)",
    formula="bottom + (top - bottom) / (1 + 10**(log_concentration - log_ic50))",
    axes=(LOG_CONCENTRATION,),
    response=SIGNAL,
    parameters=(BOTTOM, TOP, LOG_IC50),
    function=_three,
    jacobian=_three_jacobian,
    start=_three_start,
    limits=_three_limits,
    location="log_ic50",
    reference=_DE_LEAN,
    cases=(
        Case(
            (-7.0,),
            {"bottom": 10.0, "top": 120.0, "log_ic50": -8.0},
            20.0,
            "a decade above the IC50: 10 + 110/(1 + 10)",
        ),
    ),
)
