"""Weibull laws: a tolerance that is Weibull-distributed over the concentration, or over its reciprocal.

Type 1 leaves the response without compound slowly and comes to its end abruptly, type 2 the other way round. Both are
written falling like the logistic laws and by their half way point: the concentration e at which the logarithmic curve
is steepest, by which they are often written, is e = IC50 (ln 2)^(-1/b) for type 1, where 1/e = 37 % of the response is
left, and e = IC50 (ln 2)^(1/b) for type 2, where 63 % is left. A response that rises has top < bottom and is of the
same type as its mirror image; programs that name the types by the lower and the upper plateau call it by the other one.
"""

from __future__ import annotations

import math

import numpy as np

from ..core.equation import Array, Case, Equation, Parameter
from ._logistic import LN10
from ._sigmoid import between, limits_of, slopes, start_of
from .concentration_response import BOTTOM, LOG_CONCENTRATION, LOG_IC50, SIGNAL, TOP

SHAPE = Parameter("shape", "b", "", "steepness: the Weibull exponent", lower=0.1, upper=5.0)

LN2 = math.log(2.0)
OVER = 30.0  # beyond this exponent nothing is left: exp(-ln 2 e^30) is zero

_RITZ = "Ritz C. Environ Toxicol Chem 2010;29:220-229"


def _survival(exponent: Array) -> tuple[Array, Array, Array]:
    """The fraction exp(-ln 2 e^t) that is left, the one that is gone, and the fall of the first by t."""
    hazard = LN2 * np.exp(np.minimum(exponent, OVER))
    left = np.exp(-hazard)
    return left, -np.expm1(-hazard), hazard * left


def _type_1(x: Array, p: Array) -> Array:
    bottom, top, log_ic50, shape = p
    return between(bottom, top, _survival(LN10 * (x - log_ic50) * shape)[0])


def _type_1_jacobian(x: Array, p: Array) -> Array:
    bottom, top, log_ic50, shape = p
    distance = x - log_ic50
    left, gone, fall = _survival(LN10 * distance * shape)
    return slopes(distance, shape, LN10 * (top - bottom) * fall, (left, gone))


def _type_2(x: Array, p: Array) -> Array:
    bottom, top, log_ic50, shape = p
    return between(bottom, top, _survival(LN10 * (log_ic50 - x) * shape)[1])


def _type_2_jacobian(x: Array, p: Array) -> Array:
    bottom, top, log_ic50, shape = p
    distance = x - log_ic50
    gone, left, fall = _survival(-LN10 * distance * shape)
    return slopes(distance, shape, LN10 * (top - bottom) * fall, (left, gone))


def _start(x: Array, y: Array) -> Array:
    return start_of(x, y, 0.7)


def _limits(x: Array, y: Array) -> tuple[Array, Array]:
    return limits_of(weibull_type_1.parameters, x)


weibull_type_1 = Equation(
    name="weibull_type_1",
    title="Weibull type 1 (slow start, abrupt end)",
    formula="bottom + (top - bottom) * exp(-log(2) * 10**((log_concentration - log_ic50) * shape))",
    axes=(LOG_CONCENTRATION,),
    response=SIGNAL,
    parameters=(BOTTOM, TOP, LOG_IC50, SHAPE),
    function=_type_1,
    jacobian=_type_1_jacobian,
    start=_start,
    limits=_limits,
    location="log_ic50",
    reference=_RITZ,
    cases=(
        Case(
            (-7.5,),
            {"bottom": 20.0, "top": 120.0, "log_ic50": -7.5, "shape": 1.3},
            70.0,
            "half way between top and bottom at the IC50, by definition",
        ),
        Case(
            (-6.5,),
            {"bottom": 0.0, "top": 1024.0, "log_ic50": -7.5, "shape": 1.0},
            1.0,
            "ten times the IC50 with exponent 1: 1024/2^10",
        ),
    ),
)


weibull_type_2 = Equation(
    name="weibull_type_2",
    title="Weibull type 2 (abrupt start, slow end)",
    formula="bottom + (top - bottom) * (1 - exp(-log(2) * 10**((log_ic50 - log_concentration) * shape)))",
    axes=(LOG_CONCENTRATION,),
    response=SIGNAL,
    parameters=(BOTTOM, TOP, LOG_IC50, SHAPE),
    function=_type_2,
    jacobian=_type_2_jacobian,
    start=_start,
    limits=_limits,
    location="log_ic50",
    reference=_RITZ,
    cases=(
        Case(
            (-7.5,),
            {"bottom": 20.0, "top": 120.0, "log_ic50": -7.5, "shape": 1.3},
            70.0,
            "half way between top and bottom at the IC50, by definition",
        ),
        Case(
            (-8.5,),
            {"bottom": 0.0, "top": 1024.0, "log_ic50": -7.5, "shape": 1.0},
            1023.0,
            "a tenth of the IC50 with exponent 1: 1024 (1 - 1/2^10)",
        ),
    ),
)
