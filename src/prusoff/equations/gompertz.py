"""Gompertz laws: with the concentration itself, not its logarithm, grows the hazard or shrinks what is still to come.

Both stand at `top` without compound, whatever their steepness, and are written by their half way point. The form
c + (d - c) exp(-exp(b (x - e))) of a concentration x draws the same curves. Falling (b > 0) it is `gompertz` with
b = steepness/IC50 and exp(-b e) = ln 2/(e^steepness - 1). Rising (b < 0) it is `gompertz_growth` with exp(-b e) the
delay. Its plateau at x = -infinity, which no well has, is replaced by the response at x = 0.
"""

from __future__ import annotations

import math

import numpy as np

from ..core.equation import Array, Case, Equation, Parameter
from ._logistic import LN10, rows
from ._sigmoid import between, limits_of, over_gone, over_grown, start_of
from .concentration_response import BOTTOM, LOG_CONCENTRATION, LOG_IC50, SIGNAL, TOP

STEEPNESS = Parameter(
    "steepness",
    "g",
    "",
    "growth of the hazard up to the IC50; towards 0 an exponential fall, large a sudden one",
    lower=0.01,
    upper=50.0,
)
DELAY = Parameter(
    "delay",
    "h",
    "",
    "towards 0 an exponential approach, large a curve that begins late",
    lower=0.05,
    upper=100.0,
)

LN2 = math.log(2.0)
FAR = 25.0  # e to this power times the IC50 is as good as infinite
OVER = 30.0  # beyond this exponent nothing is left: exp(-ln 2 e^30) is zero

_GOMPERTZ = "Winsor CP. Proc Natl Acad Sci USA 1932;18:1-8"


def _ratio(x: Array, log_ic50: Array) -> Array:
    """The concentration in units of the IC50, cut off where it no longer matters."""
    result: Array = np.exp(np.minimum(LN10 * (x - log_ic50), FAR))
    return result


def _hazard(ratio: Array, steepness: Array) -> Array:
    """The cumulated hazard: minus the natural logarithm of the fraction that is left, ln 2 (e^(g r) - 1)/(e^g - 1)."""
    grown = np.exp(np.minimum(steepness * (ratio - 1.0), OVER))
    result: Array = LN2 * grown * np.expm1(-steepness * ratio) / np.expm1(-steepness)
    return result


def _decline(x: Array, p: Array) -> Array:
    bottom, top, log_ic50, steepness = p
    return between(bottom, top, np.exp(-_hazard(_ratio(x, log_ic50), steepness)))


def _decline_jacobian(x: Array, p: Array) -> Array:
    bottom, top, log_ic50, steepness = p
    ratio = _ratio(x, log_ic50)
    hazard = _hazard(ratio, steepness)
    left = np.exp(-hazard)
    fall = (top - bottom) * hazard * left
    curve, middle = over_gone(steepness * ratio), over_gone(steepness)
    return rows(
        -np.expm1(-hazard),
        left,
        LN10 * fall * curve,
        -fall * (curve - middle) / steepness,
    )


def _start(x: Array, y: Array) -> Array:
    return start_of(x, y, 1.0)


def _limits(x: Array, y: Array) -> tuple[Array, Array]:
    return limits_of(gompertz.parameters, x)


gompertz = Equation(
    name="gompertz",
    title="Gompertz law of the concentration (gentle start, sudden end)",
    formula="ratio = 10**(log_concentration - log_ic50)\n"
    "bottom + (top - bottom) * exp(-log(2) * (exp(steepness * ratio) - 1) / (exp(steepness) - 1))",
    axes=(LOG_CONCENTRATION,),
    response=SIGNAL,
    parameters=(BOTTOM, TOP, LOG_IC50, STEEPNESS),
    function=_decline,
    jacobian=_decline_jacobian,
    start=_start,
    limits=_limits,
    location="log_ic50",
    reference=_GOMPERTZ,
    cases=(
        Case(
            (-7.5,),
            {"bottom": 20.0, "top": 120.0, "log_ic50": -7.5, "steepness": 2.0},
            70.0,
            "half way between top and bottom at the IC50, by definition",
        ),
        Case(
            (-7.5 + math.log10(2.0),),
            {"bottom": 0.0, "top": 100.0, "log_ic50": -7.5, "steepness": math.log(3.0)},
            6.25,
            "at twice the IC50 with e^g = 3 the hazard is (9 - 1)/(3 - 1) times that at the IC50: 100/2^4",
        ),
    ),
)


def _rate(delay: Array) -> Array:
    """The rate, per IC50, that puts the half way point at the IC50 whatever the delay."""
    result: Array = np.log(delay / -np.log1p(0.5 * np.expm1(-delay)))
    return result


def _growth(x: Array, p: Array) -> Array:
    bottom, top, log_ic50, delay = p
    to_come = delay * np.exp(-_rate(delay) * _ratio(x, log_ic50))
    return between(bottom, top, np.expm1(-to_come) / np.expm1(-delay))


def _growth_jacobian(x: Array, p: Array) -> Array:
    bottom, top, log_ic50, delay = p
    ratio, rate = _ratio(x, log_ic50), _rate(delay)
    course = rate * ratio
    to_come, past = delay * np.exp(-course), -delay * np.expm1(-course)
    left, gone = np.expm1(-to_come) / np.expm1(-delay), np.expm1(past) / np.expm1(delay)
    # by the delay, from the side on which no digits are lost; both are zero at the half way point
    end, half, here = over_grown(delay), over_grown(delay * np.exp(-rate)), over_grown(to_come)
    late = left * (here * (1.0 - ratio) - end * (1.0 - ratio * here / half))
    lag = over_gone(past) * (1.0 + (1.0 - end / half) * over_grown(course) / rate) - over_gone(delay)
    span = top - bottom
    return rows(
        gone,
        left,
        LN10 * span * course * to_come * np.exp(-to_come) / -np.expm1(-delay),
        span * np.where(ratio < 1.0, -gone * lag, late) / delay,
    )


def _growth_limits(x: Array, y: Array) -> tuple[Array, Array]:
    return limits_of(gompertz_growth.parameters, x)


gompertz_growth = Equation(
    name="gompertz_growth",
    title="Gompertz growth over the concentration (sudden start, gentle end)",
    formula="rate = log(delay / -log((1 + exp(-delay)) / 2))\n"
    "to_come = delay * exp(-rate * 10**(log_concentration - log_ic50))\n"
    "bottom + (top - bottom) * (1 - exp(-to_come)) / (1 - exp(-delay))",
    axes=(LOG_CONCENTRATION,),
    response=SIGNAL,
    parameters=(BOTTOM, TOP, LOG_IC50, DELAY),
    function=_growth,
    jacobian=_growth_jacobian,
    start=_start,
    limits=_growth_limits,
    location="log_ic50",
    reference=_GOMPERTZ,
    cases=(
        Case(
            (-7.5,),
            {"bottom": 120.0, "top": 20.0, "log_ic50": -7.5, "delay": 3.0},
            70.0,
            "half way between top and bottom at the IC50, by definition",
        ),
        Case(
            (-7.5 + math.log10(2.0),),
            {"bottom": 200.0, "top": 0.0, "log_ic50": -7.5, "delay": math.log(2.0)},
            200.0 * (2.0 * math.exp(-(math.log(4.0 / 3.0) ** 2) / math.log(2.0)) - 1.0),
            "with e^h = 2 half way leaves ln(4/3) of ln 2 to come, twice the IC50 ln(4/3)^2/ln 2",
        ),
    ),
)
