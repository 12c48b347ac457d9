"""A curve of two steps, each a logistic law with its own slope, in the same direction.

The two steps are told apart as in two-site competition: the one at the lower concentration, and how many times further
the other lies. With both slopes at 1 it is the two-site law.
"""

from __future__ import annotations

import numpy as np

from ..core.equation import Array, Case, Equation, Parameter
from ._guess import box, log_range
from ._sources import FITTING_MODELS
from ._two_phases import Phases, phases
from .competition_binding import two_site_competition
from .concentration_response import BOTTOM, LOG_CONCENTRATION, SIGNAL, TOP

_PARAMETERS = (
    BOTTOM,
    TOP,
    Parameter(
        "fraction_high", "f", "", "part of the response that the first step takes", lower=0.0, upper=1.0
    ),
    Parameter("log_ic50_high", "IC50,high", "M", "concentration half way down the first step", log10=True),
    Parameter(
        "log_ratio", "low/high", "", "how many times further the second step lies", lower=0.0, log10=True
    ),
    Parameter("hill_slope_high", "nH,high", "", "steepness of the first step", lower=0.1, upper=5.0),
    Parameter("hill_slope_low", "nH,low", "", "steepness of the second step", lower=0.1, upper=5.0),
)


def _steps(x: Array, p: Array) -> Phases:
    _, _, _, log_high, log_ratio, slope_high, slope_low = p
    return phases(x, (log_high, slope_high), (log_high + log_ratio, slope_low))


def _biphasic(x: Array, p: Array) -> Array:
    bottom, top, fraction_high = p[:3]
    high, low = _steps(x, p).left
    result: Array = bottom + (top - bottom) * (fraction_high * high + (1.0 - fraction_high) * low)
    return result


def _biphasic_jacobian(x: Array, p: Array) -> Array:
    bottom, top, fraction_high = p[:3]
    fraction_low, span = 1.0 - fraction_high, top - bottom
    steps = _steps(x, p)
    (high, low), (high_gone, low_gone) = steps.left, steps.gone
    slopes = np.empty((len(p), *np.broadcast(x, *p).shape))
    by_bottom, by_top, by_fraction, by_high, by_ratio, by_slope_high, by_slope_low = (
        slopes[k, ...] for k in range(len(p))
    )
    np.multiply(fraction_high, high_gone, out=by_bottom)
    by_bottom += fraction_low * low_gone
    np.multiply(fraction_high, high, out=by_top)
    by_top += fraction_low * low
    np.multiply(-span, steps.only_first, out=by_fraction)
    np.multiply(span * fraction_low, steps.by_location(1), out=by_ratio)
    np.multiply(span * fraction_high, steps.by_location(0), out=by_high)
    by_high += by_ratio
    np.multiply(span * fraction_high, steps.by_slope(0), out=by_slope_high)
    np.multiply(span * fraction_low, steps.by_slope(1), out=by_slope_low)
    return slopes


def _start(x: Array, y: Array) -> Array:
    return np.append(two_site_competition.start(x, y), (1.0, 1.0))


def _limits(x: Array, y: Array) -> tuple[Array, Array]:
    least, most = log_range(x)
    return box(_PARAMETERS, log_ic50_high=(least, most), log_ratio=(0.0, most - least))


biphasic = Equation(
    name="biphasic",
    title="Biphasic (two logistic steps, each with its own slope)",
    formula="bottom + (top - bottom) * (fraction_high"
    " / (1 + 10**((log_concentration - log_ic50_high) * hill_slope_high)) + (1 - fraction_high)"
    " / (1 + 10**((log_concentration - log_ic50_high - log_ratio) * hill_slope_low)))",
    axes=(LOG_CONCENTRATION,),
    response=SIGNAL,
    parameters=_PARAMETERS,
    function=_biphasic,
    jacobian=_biphasic_jacobian,
    start=_start,
    limits=_limits,
    location="log_ic50_high",
    reference=FITTING_MODELS,
    cases=(
        Case(
            (-8.0,),
            {
                "bottom": 10.0,
                "top": 110.0,
                "fraction_high": 0.5,
                "log_ic50_high": -9.0,
                "log_ratio": 2.0,
                "hill_slope_high": 2.0,
                "hill_slope_low": 2.0,
            },
            60.0,
            "half way between two equal steps of equal slope half is left, by symmetry",
        ),
        Case(
            (-8.0,),
            {
                "bottom": 0.0,
                "top": 1111.0,
                "fraction_high": 1.0 / 11.0,
                "log_ic50_high": -9.0,
                "log_ratio": 2.0,
                "hill_slope_high": 2.0,
                "hill_slope_low": 1.0,
            },
            1.0 + 1010.0 / 1.1,
            "a decade past the first step (slope 2) and before the second (slope 1): 101/(1 + 100) + 1010/(1 + 0.1)",
        ),
    ),
)
