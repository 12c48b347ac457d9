"""Dissociation of a ligand after rebinding was stopped: one or two exponential phases down to nonspecific binding.

The nonspecific wells of the same times are the same law with nothing bound; both share `ns` and `drift`.
"""

from __future__ import annotations

import math

import numpy as np

from ..core.equation import Array, Case, Equation, Parameter
from ._guess import box
from ._logistic import LN10, rows
from ._rates import DRIFT, NS_AT_START, TIME, rate_guess, rate_range, span_guess
from ._sources import FITTING_MODELS
from .concentration_response import SIGNAL

_BOUND = "specific binding at time 0"


def _one(x: Array, p: Array) -> Array:
    bound, log_koff, ns, drift = p
    result: Array = bound * np.exp(-np.power(10.0, log_koff) * x) + ns + drift * x
    return result


def _one_jacobian(x: Array, p: Array) -> Array:
    bound, log_koff, _, _ = p
    passed = np.power(10.0, log_koff) * x
    left = np.exp(-passed)
    return rows(left, -LN10 * bound * passed * left, 1.0, x)


def _one_start(x: Array, y: Array) -> Array:
    low, span = span_guess(x, y)
    return np.array([span, rate_guess(x, y), low, 0.0])


def _one_limits(x: Array, y: Array) -> tuple[Array, Array]:
    return box(one_phase_dissociation.parameters, log_koff=rate_range(x))


one_phase_dissociation = Equation(
    name="one_phase_dissociation",
    title="One-phase dissociation",
    formula="bound * exp(-10**log_koff * time) + ns + drift * time",
    axes=(TIME,),
    response=SIGNAL,
    parameters=(
        Parameter("bound", "Y0", "signal", _BOUND, lower=0.0, linear=True),
        Parameter("log_koff", "koff", "1/s", "dissociation rate constant", log10=True),
        NS_AT_START,
        DRIFT,
    ),
    function=_one,
    jacobian=_one_jacobian,
    start=_one_start,
    limits=_one_limits,
    location="log_koff",
    reference=FITTING_MODELS,
    cases=(
        Case(
            (120.0,),
            {"bound": 800.0, "log_koff": math.log10(math.log(2.0) / 60.0), "ns": 50.0, "drift": 0.5},
            310.0,
            "after two half-lives of a minute a quarter is left: 200 + 50 + 120/2",
        ),
    ),
)


def _two(x: Array, p: Array) -> Array:
    bound_fast, bound_slow, log_koff_fast, log_ratio, ns, drift = p
    fast, slow = (np.exp(-np.power(10.0, log) * x) for log in (log_koff_fast, log_koff_fast - log_ratio))
    result: Array = bound_fast * fast + bound_slow * slow + ns + drift * x
    return result


def _two_jacobian(x: Array, p: Array) -> Array:
    bound_fast, bound_slow, log_koff_fast, log_ratio, _, _ = p
    passed_fast, passed_slow = (np.power(10.0, log) * x for log in (log_koff_fast, log_koff_fast - log_ratio))
    fast, slow = np.exp(-passed_fast), np.exp(-passed_slow)
    by_slow = LN10 * bound_slow * passed_slow * slow
    return rows(fast, slow, -LN10 * bound_fast * passed_fast * fast - by_slow, by_slow, 1.0, x)


def _two_start(x: Array, y: Array) -> Array:
    """Half of the binding in each phase, the rates a decade apart about that of a single one."""
    low, span = span_guess(x, y)
    _, fastest = rate_range(x)
    return np.array([span / 2.0, span / 2.0, min(rate_guess(x, y) + 0.5, fastest), 1.0, low, 0.0])


def _two_limits(x: Array, y: Array) -> tuple[Array, Array]:
    slowest, fastest = rate_range(x)
    return box(
        two_phase_dissociation.parameters,
        log_koff_fast=(slowest, fastest),
        log_ratio=(0.0, fastest - slowest),
    )


two_phase_dissociation = Equation(
    name="two_phase_dissociation",
    title="Two-phase dissociation",
    formula="bound_fast * exp(-10**log_koff_fast * time) + bound_slow * exp(-10**(log_koff_fast - log_ratio) * time)"
    " + ns + drift * time",
    axes=(TIME,),
    response=SIGNAL,
    parameters=(
        Parameter("bound_fast", "Y0 fast", "signal", f"{_BOUND} that leaves fast", lower=0.0, linear=True),
        Parameter("bound_slow", "Y0 slow", "signal", f"{_BOUND} that leaves slowly", lower=0.0, linear=True),
        Parameter("log_koff_fast", "koff fast", "1/s", "rate constant of the fast phase", log10=True),
        Parameter("log_ratio", "fast/slow", "", "fast over slow rate constant", lower=0.0, log10=True),
        NS_AT_START,
        DRIFT,
    ),
    function=_two,
    jacobian=_two_jacobian,
    start=_two_start,
    limits=_two_limits,
    location="log_koff_fast",
    reference=FITTING_MODELS,
    cases=(
        Case(
            (120.0,),
            {
                "bound_fast": 400.0,
                "bound_slow": 800.0,
                "log_koff_fast": math.log10(math.log(2.0) / 60.0),
                "log_ratio": math.log10(2.0),
                "ns": 50.0,
                "drift": 0.0,
            },
            550.0,
            "after 2 min a quarter of the fast half-life of 1 min and half of the slow one of 2 min: 100 + 400 + 50",
        ),
    ),
)
