"""How far a drug moves the availability of a channel, where it binds resting and inactivated channels differently."""

from __future__ import annotations

import math

import numpy as np

from ..core.equation import Array, Axis, Case, Equation
from ._guess import box, log_range
from ._logistic import LN10, logistic, rows
from .concentration_response import LOG_CONCENTRATION
from .gating import SLOPE_FACTOR, USUAL_SLOPE
from .modulated_receptor import HILLE, LOG_KI, LOG_KR, USUAL


def _folds(log_drug: Array, log_kr: Array, log_ki: Array) -> Array:
    """The logarithm of (1 + D/Ki)/(1 + D/Kr); without end of drug it is ln(Kr/Ki)."""
    resting, inactivated = LN10 * (log_drug - log_kr), LN10 * (log_drug - log_ki)
    beyond = (resting > 0.0) & (inactivated > 0.0)
    with np.errstate(invalid="ignore"):
        plain = np.maximum(inactivated, 0.0) - np.maximum(resting, 0.0)
    steps = np.where(beyond, LN10 * (log_kr - log_ki), plain)
    result: Array = steps + np.log1p(np.exp(-np.abs(inactivated))) - np.log1p(np.exp(-np.abs(resting)))
    return result


def _shift(log_drug: Array, p: Array) -> Array:
    slope_factor, log_kr, log_ki = p
    result: Array = -slope_factor * _folds(log_drug, log_kr, log_ki)
    return result


def _shift_jacobian(log_drug: Array, p: Array) -> Array:
    slope_factor, log_kr, log_ki = p
    taken = [logistic(LN10 * (log_drug - one))[1] for one in (log_kr, log_ki)]
    return rows(
        -_folds(log_drug, log_kr, log_ki), -slope_factor * LN10 * taken[0], slope_factor * LN10 * taken[1]
    )


def _shift_start(log_drug: Array, y: Array) -> Array:
    low, high = log_range(log_drug)
    middle = (low + high) / 2.0
    return np.array([USUAL_SLOPE, middle + 0.5, middle - 0.5])


def _shift_limits(log_drug: Array, y: Array) -> tuple[Array, Array]:
    reach = log_range(log_drug)
    return box(availability_shift.parameters, log_kr=reach, log_ki=reach)


availability_shift = Equation(
    name="availability_shift",
    title="Shift of the half potential of availability by a drug (modulated receptor)",
    formula=(
        "-slope_factor * log((1 + 10**(log_concentration - log_ki)) / (1 + 10**(log_concentration - log_kr)))"
    ),
    axes=(LOG_CONCENTRATION,),
    response=Axis("shift", "V"),
    parameters=(SLOPE_FACTOR, LOG_KR, LOG_KI),
    function=_shift,
    jacobian=_shift_jacobian,
    start=_shift_start,
    limits=_shift_limits,
    location="log_ki",
    reference=HILLE,
    cases=(
        Case(
            (math.log10(30e-6),),
            {"slope_factor": 0.0065, **USUAL},
            -5.645921186596e-3,
            "30 uM moves the half potential by -5.65 mV: half point by bisection of a scheme of four states",
            1e-11,
        ),
        Case(
            (math.inf,),
            {"slope_factor": 0.01, "log_kr": -4.0, "log_ki": -5.0},
            -0.01 * math.log(10.0),
            "without end of drug the shift is k ln(Kr/Ki)",
        ),
    ),
)
