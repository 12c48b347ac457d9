"""Logistic laws of a response against the log concentration of a compound.

All of them are written falling: `top` is the response without compound (at -inf), `bottom` the one at which the
compound does all it can (at +inf), and the Hill slope is positive. A response that rises with the compound has
top < bottom, with the same log IC50 and Hill slope as its mirror image, so that the direction of the response never
changes the answer. An asymmetric curve has two forms, by which plateau is approached more slowly; the one that is usual
for rising curves is `five_parameter_stimulation`.
"""

from __future__ import annotations

import math

import numpy as np

from ..core.equation import Array, Axis, Case, Equation, Parameter
from ._guess import box, log_range, shape_of
from ._logistic import LN10, finite_or_zero, logistic, rows, softplus

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
ASYMMETRY = Parameter("asymmetry", "S", "", "1 for a symmetric curve", lower=0.05, upper=20.0)

_DE_LEAN = "De Lean A, Munson PJ, Rodbard D. Am J Physiol 1978;235:E97-E102"
_GOTTSCHALK = "Gottschalk PG, Dunn JR. Anal Biochem 2005;343:54-65"


def remaining(x: Array, log_ic50: Array, hill_slope: Array) -> tuple[Array, Array]:
    """The fraction of the response that is left at x, and the fraction that is gone."""
    return logistic((x - log_ic50) * (LN10 * hill_slope))


def _four(x: Array, p: Array) -> Array:
    bottom, top, log_ic50, hill_slope = p
    left, gone = remaining(x, log_ic50, hill_slope)
    result: Array = bottom * gone + top * left  # not the difference of two plateaus: one may be far away
    return result


def _four_jacobian(x: Array, p: Array) -> Array:
    bottom, top, log_ic50, hill_slope = p
    slopes = np.empty((4, *np.broadcast(x, *p).shape))
    gone, left, by_location, by_slope = (slopes[k, ...] for k in range(4))  # each is written in its place
    exponent = np.subtract(x, log_ic50, out=by_location)
    exponent *= LN10 * hill_slope
    logistic(exponent, (left, gone))
    steep = np.multiply(left, gone, out=by_location)
    steep *= LN10 * (top - bottom)
    np.subtract(log_ic50, finite_or_zero(x), out=by_slope)
    by_slope *= steep
    steep *= hill_slope
    return slopes


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


def _half_way(asymmetry: Array) -> tuple[Array, Array]:
    """ln(2^(1/S) - 1), which puts the middle of the curve at the IC50 whatever the asymmetry, and its derivative."""
    exponent = math.log(2.0) / asymmetry
    return np.log(np.expm1(exponent)), exponent / (asymmetry * np.expm1(-exponent))


def _five(x: Array, p: Array) -> Array:
    bottom, top, log_ic50, hill_slope, asymmetry = p
    exponent = LN10 * (x - log_ic50) * hill_slope + _half_way(asymmetry)[0]
    result: Array = bottom + (top - bottom) * np.exp(-asymmetry * softplus(exponent))
    return result


def _five_jacobian(x: Array, p: Array) -> Array:
    bottom, top, log_ic50, hill_slope, asymmetry = p
    distance = x - log_ic50
    middle, middle_slope = _half_way(asymmetry)
    exponent = LN10 * distance * hill_slope + middle
    log_one_over = softplus(exponent)
    left = np.exp(-asymmetry * log_one_over)
    by_exponent = -(top - bottom) * asymmetry * left * logistic(exponent)[1]
    by_asymmetry = by_exponent * middle_slope - (top - bottom) * left * finite_or_zero(log_one_over)
    return rows(
        -np.expm1(-asymmetry * log_one_over),
        left,
        -LN10 * hill_slope * by_exponent,
        LN10 * finite_or_zero(distance) * by_exponent,
        by_asymmetry,
    )


def _five_start(x: Array, y: Array) -> Array:
    return np.append(_four_start(x, y), 1.0)


def _five_limits(x: Array, y: Array) -> tuple[Array, Array]:
    return box(five_parameter_logistic.parameters, log_ic50=log_range(x))


five_parameter_logistic = Equation(
    name="five_parameter_logistic",
    title="Five-parameter logistic (asymmetric inhibition)",
    formula="bottom + (top - bottom)"
    " / (1 + (2**(1/asymmetry) - 1) * 10**((log_concentration - log_ic50) * hill_slope))**asymmetry",
    axes=(LOG_CONCENTRATION,),
    response=SIGNAL,
    parameters=(BOTTOM, TOP, LOG_IC50, HILL_SLOPE, ASYMMETRY),
    function=_five,
    jacobian=_five_jacobian,
    start=_five_start,
    limits=_five_limits,
    location="log_ic50",
    reference=_GOTTSCHALK,
    cases=(
        Case(
            (-7.5,),
            {"bottom": 20.0, "top": 120.0, "log_ic50": -7.5, "hill_slope": 1.7, "asymmetry": 0.4},
            70.0,
            "half way between top and bottom at the IC50 whatever the asymmetry, by definition",
        ),
        Case(
            (-6.5,),
            {"bottom": 0.0, "top": 100.0, "log_ic50": -7.5, "hill_slope": 1.0, "asymmetry": 0.5},
            100.0 / math.sqrt(31.0),
            "a decade above the IC50 with S = 1/2: 100/(1 + (2^2 - 1) 10)^(1/2)",
        ),
    ),
)


def _mirrored(p: Array) -> Array:
    bottom, top, log_ec50, hill_slope, asymmetry = p
    return rows(bottom, top, -log_ec50, hill_slope, asymmetry)


def _five_rising(x: Array, p: Array) -> Array:
    return _five(-x, _mirrored(p))


def _five_rising_jacobian(x: Array, p: Array) -> Array:
    derivative = _five_jacobian(-x, _mirrored(p))
    derivative[2] *= -1.0
    return derivative


def _five_rising_start(x: Array, y: Array) -> Array:
    return _mirrored(_five_start(-x, y))


def _five_rising_limits(x: Array, y: Array) -> tuple[Array, Array]:
    return box(five_parameter_stimulation.parameters, log_ec50=log_range(x))


five_parameter_stimulation = Equation(
    name="five_parameter_stimulation",
    title="Five-parameter logistic (asymmetric stimulation)",
    formula="bottom + (top - bottom)"
    " / (1 + (2**(1/asymmetry) - 1) * 10**((log_ec50 - log_concentration) * hill_slope))**asymmetry",
    axes=(LOG_CONCENTRATION,),
    response=SIGNAL,
    parameters=(
        Parameter("bottom", "Bottom", "signal", "response without compound", linear=True),
        Parameter("top", "Top", "signal", "response when the compound does all it can", linear=True),
        Parameter(
            "log_ec50",
            "EC50",
            "M",
            "concentration that takes the response half way from bottom to top",
            log10=True,
        ),
        HILL_SLOPE,
        ASYMMETRY,
    ),
    function=_five_rising,
    jacobian=_five_rising_jacobian,
    start=_five_rising_start,
    limits=_five_rising_limits,
    location="log_ec50",
    reference=_GOTTSCHALK,
    cases=(
        Case(
            (-8.5,),
            {"bottom": 0.0, "top": 100.0, "log_ec50": -7.5, "hill_slope": 1.0, "asymmetry": 0.5},
            100.0 / math.sqrt(31.0),
            "a decade below the EC50 with S = 1/2: 100/(1 + (2^2 - 1) 10)^(1/2)",
        ),
    ),
)
