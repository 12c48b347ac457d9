"""Exponential approach of a signal to a plateau over time."""

from __future__ import annotations

import math

import numpy as np

from ..core.equation import Array, Axis, Case, Equation, Parameter
from ._guess import box, log_range, shape_of
from ._logistic import LN10, log10_positive, rows
from ._sources import FITTING_MODELS


def _decay(x: Array, p: Array) -> Array:
    initial, plateau, log_rate = p
    left = np.exp(-np.power(10.0, log_rate) * x)
    result: Array = plateau + (initial - plateau) * left
    return result


def _decay_jacobian(x: Array, p: Array) -> Array:
    initial, plateau, log_rate = p
    passed = np.power(10.0, log_rate) * x
    left = np.exp(-passed)
    return rows(left, -np.expm1(-passed), -LN10 * (initial - plateau) * passed * left)


def _decay_start(x: Array, y: Array) -> Array:
    shape = shape_of(x, y)
    half_time = shape.crossing(0.5)
    if half_time <= 0.0:
        half_time = float(x[np.isfinite(x)].max(initial=0.0)) / 2.0 or 1.0
    slowest, fastest = _rate_range(x)
    log_rate = math.log10(math.log(2.0) / half_time)
    return np.array([shape.before, shape.after, min(max(log_rate, slowest), fastest)])


def _rate_range(x: Array) -> tuple[float, float]:
    """A rate is sought up to three decades outside those that the first and the last time can show."""
    shortest, longest = log_range(log10_positive(x))
    return -longest, -shortest


def _decay_limits(x: Array, y: Array) -> tuple[Array, Array]:
    return box(one_phase_decay.parameters, log_rate=_rate_range(x))


one_phase_decay = Equation(
    name="one_phase_decay",
    title="One-phase exponential decay or rise",
    formula="plateau + (initial - plateau) * exp(-10**log_rate * time)",
    axes=(Axis("time", "s"),),
    response=Axis("response", "signal"),
    parameters=(
        Parameter("initial", "Y0", "signal", "signal at time 0", linear=True),
        Parameter("plateau", "Plateau", "signal", "signal at the end of time", linear=True),
        Parameter("log_rate", "k", "1/s", "rate constant; the half-time is ln(2)/k", log10=True),
    ),
    function=_decay,
    jacobian=_decay_jacobian,
    start=_decay_start,
    limits=_decay_limits,
    location="log_rate",
    reference=FITTING_MODELS,
    cases=(
        Case(
            (120.0,),
            {"initial": 90.0, "plateau": 10.0, "log_rate": math.log10(math.log(2.0) / 60.0)},
            30.0,
            "after two half-times of a minute a quarter of the way is left: 10 + 80/4",
        ),
    ),
)
