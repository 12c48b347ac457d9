"""Uptake against time: in proportion to it at first, then levelling off, on top of what is not taken up by a carrier.

Wells with a blocker or at 4 degrees have no carrier (v0 = 0): they show the background and the leak alone.
"""

from __future__ import annotations

import math

import numpy as np

from ..core.equation import Array, Axis, Case, Equation, Parameter
from ._exponential_differences import early, fraction_gone
from ._guess import box, log_range, means_by_x
from ._logistic import LN10, log10_positive, rows
from ._sources import SEGEL

_TIME = Axis("time", "s")
_V0 = Parameter("v0", "v0", "signal/s", "initial velocity of uptake by the carrier", lower=0.0, linear=True)
_LEAK = Parameter(
    "leak", "leak", "signal/s", "uptake without carrier in a second, not saturable", linear=True
)
_STRAIGHT = 4.0  # decades of the rate below those of other laws, for the line is a limit of this one
_BACKGROUND = Parameter("background", "background", "signal", "signal at time 0", linear=True)


def _line(x: Array, p: Array) -> Array:
    v0, leak, background = p
    result: Array = background + (leak + v0) * x
    return result


def _line_jacobian(x: Array, p: Array) -> Array:
    flat = np.zeros_like(p[0])
    return rows(x + flat, x + flat, np.ones_like(x + flat))


def _line_start(x: Array, y: Array) -> Array:
    v0, background = _rise(x, y)
    return np.array([v0, 0.0, background])


def _rise(x: Array, y: Array) -> tuple[float, float]:
    """Steepness of the first half of the course and the signal where it starts: all of it is the carrier's at first."""
    times, means = means_by_x(x, y)
    if times.size < 2:
        return (float(means[0] / times[0]) if times[0] > 0 else 0.0), 0.0
    first = max(2, (times.size + 1) // 2)
    around = times[:first] - times[:first].mean()
    slope = float(around @ means[:first]) / float(around @ around)
    return max(slope, 0.0), float(means[:first].mean()) - max(slope, 0.0) * float(times[:first].mean())


linear_uptake = Equation(
    name="linear_uptake",
    title="Uptake in proportion to time",
    formula="background + (leak + v0) * time",
    axes=(_TIME,),
    response=Axis("uptake", "signal"),
    parameters=(_V0, _LEAK, _BACKGROUND),
    function=_line,
    jacobian=_line_jacobian,
    start=_line_start,
    reference=SEGEL,
    cases=(
        Case(
            (60.0,),
            {"v0": 10.0, "leak": 1.0, "background": 40.0},
            700.0,
            "a minute at 10 and 1 a second: 660 above 40",
        ),
    ),
)


def _levelling(x: Array, p: Array) -> Array:
    v0, log_rate, leak, background = p
    result: Array = background + leak * x + v0 * x * fraction_gone(np.power(10.0, log_rate) * x)
    return result


def _levelling_jacobian(x: Array, p: Array) -> Array:
    v0, log_rate, _, _ = p
    passed = np.power(10.0, log_rate) * x
    bent = -LN10 * v0 * x * passed * early(passed)
    return rows(x * fraction_gone(passed), bent, x, np.ones_like(passed))


def _levelling_start(x: Array, y: Array) -> Array:
    v0, background = _rise(x, y)
    slowest, fastest = _rate_range(x)
    log_longest = float(log10_positive(np.array([x.max(initial=0.0)]))[0])
    guess = -log_longest if math.isfinite(log_longest) else (slowest + fastest) / 2.0
    return np.array([1.3 * v0, min(max(guess, slowest), fastest), 0.0, background])


def _rate_range(x: Array) -> tuple[float, float]:
    """From a rate so slow that the curve is a line to seven digits to one that is over before the first time."""
    shortest, longest = log_range(log10_positive(x))
    return -longest - _STRAIGHT, -shortest


def _levelling_limits(x: Array, y: Array) -> tuple[Array, Array]:
    return box(levelling_uptake.parameters, log_rate=_rate_range(x))


levelling_uptake = Equation(
    name="levelling_uptake",
    title="Uptake that levels off",
    formula="background + leak * time + v0 * (1 - exp(-(10**log_rate * time))) / 10**log_rate",
    axes=(_TIME,),
    response=Axis("uptake", "signal"),
    parameters=(
        _V0,
        Parameter("log_rate", "k", "1/s", "rate constant with which the uptake levels off", log10=True),
        _LEAK,
        _BACKGROUND,
    ),
    function=_levelling,
    jacobian=_levelling_jacobian,
    start=_levelling_start,
    limits=_levelling_limits,
    location="log_rate",
    reference=SEGEL,
    cases=(
        Case(
            (math.log(2.0) / 0.01,),
            {"v0": 10.0, "log_rate": -2.0, "leak": 0.0, "background": 40.0},
            540.0,
            "after one half-time half of the final 10/0.01 is taken up, above 40",
        ),
    ),
)
