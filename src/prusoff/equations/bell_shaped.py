"""The bell-shaped law: a first logistic phase leads to an extreme level, a second one back or further on.

A U is the same law upside down. The levels are jointly linear, and the phases are told apart by their order along the
concentration; where they overlap, the curve turns before it reaches the extreme level. The test for a response looks
for one rise or one fall: a curve that comes back to its baseline shows neither, and is fitted with that test off.
"""

from __future__ import annotations

import numpy as np

from ..core.equation import Array, Case, Equation, Parameter
from ._guess import box, log_range, means_by_x
from ._logistic import rows
from ._sources import FITTING_MODELS
from ._two_phases import Phases, phases
from .concentration_response import LOG_CONCENTRATION, SIGNAL

CLOSEST = 0.1  # decades between the phases; where they fall together the extreme level runs to infinity

_PARAMETERS = (
    Parameter("baseline", "Baseline", "signal", "response without compound", linear=True),
    Parameter("extreme", "Extreme", "signal", "level to which the first phase alone would lead", linear=True),
    Parameter("final", "Final", "signal", "response when the compound does all it can", linear=True),
    Parameter("log_ec50", "EC50", "M", "concentration half way up the first phase", log10=True),
    Parameter(
        "log_ratio",
        "second/first",
        "",
        "how many times further the second phase lies",
        lower=CLOSEST,
        log10=True,
    ),
    Parameter("hill_slope_first", "nH,1", "", "steepness of the first phase", lower=0.1, upper=5.0),
    Parameter("hill_slope_second", "nH,2", "", "steepness of the second phase", lower=0.1, upper=5.0),
)


def _both(x: Array, p: Array) -> Phases:
    log_ec50, log_ratio, first, second = p[3:]
    return phases(x, (log_ec50, first), (log_ec50 + log_ratio, second))


def _bell(x: Array, p: Array) -> Array:
    baseline, extreme, final = p[:3]
    both = _both(x, p)
    result: Array = baseline * both.left[0] + extreme * both.only_first + final * both.gone[1]
    return result


def _bell_jacobian(x: Array, p: Array) -> Array:
    baseline, extreme, final = p[:3]
    both, rise, fall = _both(x, p), baseline - extreme, extreme - final
    by_ratio = fall * both.by_location(1)
    return rows(
        both.left[0],
        both.only_first,
        both.gone[1],
        rise * both.by_location(0) + by_ratio,
        by_ratio,
        rise * both.by_slope(0),
        fall * both.by_slope(1),
    )


def _start(x: Array, y: Array) -> Array:
    """The turning point is the mean that lies furthest from those at both ends."""
    distinct, means = means_by_x(x, y)
    baseline, final = float(means[0]), float(means[-1])
    line = np.linspace(baseline, final, means.size)
    turn = int(np.argmax(np.abs(means - line)))
    extreme = float(means[turn])
    up = _crossing(distinct[: turn + 1], means[: turn + 1], (baseline + extreme) / 2.0)
    down = _crossing(distinct[turn:], means[turn:], (extreme + final) / 2.0)
    least, most = log_range(x)
    up = float(np.clip(up, least, most)) if np.isfinite(up) else least / 2.0 + most / 2.0
    distance = down - up if np.isfinite(down) else 1.0
    return np.array([baseline, extreme, final, up, float(np.clip(distance, 0.5, most - least)), 1.0, 1.0])


def _crossing(x: Array, means: Array, level: float) -> float:
    """The finite x whose mean lies nearest to this level; nan where there is none."""
    finite = np.isfinite(x)
    return float(x[finite][np.argmin(np.abs(means[finite] - level))]) if finite.any() else np.nan


def _limits(x: Array, y: Array) -> tuple[Array, Array]:
    least, most = log_range(x)
    return box(_PARAMETERS, log_ec50=(least, most), log_ratio=(CLOSEST, most - least))


bell_shaped = Equation(
    name="bell_shaped",
    title="Bell-shaped (two opposed logistic phases)",
    formula="first = 1 / (1 + 10**((log_ec50 - log_concentration) * hill_slope_first))\n"
    "second = 1 / (1 + 10**((log_ec50 + log_ratio - log_concentration) * hill_slope_second))\n"
    "baseline + (extreme - baseline) * first + (final - extreme) * second",
    axes=(LOG_CONCENTRATION,),
    response=SIGNAL,
    parameters=_PARAMETERS,
    function=_bell,
    jacobian=_bell_jacobian,
    start=_start,
    limits=_limits,
    location="log_ec50",
    reference=FITTING_MODELS,
    cases=(
        Case(
            (-8.0,),
            {
                "baseline": 0.0,
                "extreme": 1010.0,
                "final": 0.0,
                "log_ec50": -9.0,
                "log_ratio": 2.0,
                "hill_slope_first": 2.0,
                "hill_slope_second": 2.0,
            },
            990.0,
            "half way between both phases of slope 2: 100/101 of the first is gone and 1/101 of the second",
        ),
        Case(
            (-8.0,),
            {
                "baseline": 10.0,
                "extreme": 120.0,
                "final": -102.0,
                "log_ec50": -8.0,
                "log_ratio": 1.0,
                "hill_slope_first": 1.0,
                "hill_slope_second": 2.0,
            },
            10.0 + 55.0 - 222.0 / 101.0,
            "half of the first phase, and 1/101 of the second of slope 2 a decade further on",
        ),
    ),
)
