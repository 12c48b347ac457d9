"""Current while a drug blocks channels and after it is washed out, with what the current loses by itself over time.

A reading during the application has the wash time 0; one after it has the application time that went before. The depth
of the block at its steady state is a parameter of its own, so that the rates hang on the time course alone. Run-down
takes channels whether they are blocked or not.
"""

from __future__ import annotations

import math

import numpy as np

from ..core.equation import Array, Axis, Case, Equation, Parameter
from ._guess import box
from ._logistic import LN10, rows
from ._rates import LOG_KOFF, LOG_KON, kinetic_guess, kinetic_limits
from ._sources import FITTING_MODELS
from .concentration_response import SIGNAL
from .guarded_receptor import FREE_DRUG

APPLICATION, WASH = Axis("application_time", "s"), Axis("wash_time", "s")


def _course(x: Array, p: Array) -> tuple[Array, ...]:
    """The part of the steady block that is there, and its derivatives by the logs of both rates."""
    applied, washed, drug = x
    on, off = np.power(10.0, p[3]) * drug, np.power(10.0, p[4])
    reached, left = -np.expm1(-(on + off) * applied), np.exp(-off * washed)
    rising = applied * np.exp(-(on + off) * applied)
    return reached * left, LN10 * on * rising * left, LN10 * off * (rising - washed * reached) * left


def _current(x: Array, p: Array) -> Array:
    control, depth, rundown = p[:3]
    result: Array = (control - rundown * (x[0] + x[1])) * (1.0 - depth * _course(x, p)[0])
    return result


def _current_jacobian(x: Array, p: Array) -> Array:
    control, depth, rundown = p[:3]
    blocked, by_on, by_off = _course(x, p)
    passed = x[0] + x[1]
    level, left = control - rundown * passed, 1.0 - depth * blocked
    return rows(left, -level * blocked, -passed * left, -depth * level * by_on, -depth * level * by_off)


def _current_start(x: Array, y: Array) -> Array:
    applying = x[1] == 0.0
    some = applying if applying.any() else np.ones(applying.shape, dtype=bool)
    _, log_kon, log_koff, _ = kinetic_guess(x[0][some], x[2][some], -y[some])
    guess = np.array([float(y.max()), 0.5, 0.0, log_kon, log_koff])
    inside: Array = np.clip(guess, *_current_limits(x, y))
    return inside


def _current_limits(x: Array, y: Array) -> tuple[Array, Array]:
    on, off = kinetic_limits(np.concatenate([x[0], x[1]]), x[2])
    return box(block_onset_offset.parameters, log_kon=on, log_koff=off)


block_onset_offset = Equation(
    name="block_onset_offset",
    title="Onset of block, then wash-out",
    formula="on = 10**log_kon * free_drug\n"
    "off = 10**log_koff\n"
    "blocked = (1 - exp(-(on + off) * application_time)) * exp(-off * wash_time)\n"
    "(control - rundown * (application_time + wash_time)) * (1 - depth * blocked)",
    axes=(APPLICATION, WASH, FREE_DRUG),
    response=SIGNAL,
    parameters=(
        Parameter("control", "I0", "signal", "current before the drug", linear=True),
        Parameter(
            "depth", "depth", "", "part of the current that the drug blocks in the end", lower=-2.0, upper=2.0
        ),
        Parameter(
            "rundown", "run-down", "signal/s", "what the current loses by itself with time", linear=True
        ),
        LOG_KON,
        LOG_KOFF,
    ),
    function=_current,
    jacobian=_current_jacobian,
    start=_current_start,
    limits=_current_limits,
    location="log_koff",
    reference=FITTING_MODELS,
    cases=(
        Case(
            (math.log(4.0) / 0.4, math.log(2.0) / 0.1, 3e-6),
            {"control": 800.0, "depth": 0.8, "rundown": 0.0, "log_kon": 5.0, "log_koff": -1.0},
            560.0,
            "two half-times of 0.4 per s bring three quarters of 0.8; a half-life of 0.1 per s leaves half: 0.3",
        ),
        Case(
            (10.0, 20.0, 3e-6),
            {"control": 900.0, "depth": 0.0, "rundown": 2.0, "log_kon": 5.0, "log_koff": -1.0},
            840.0,
            "without block the run-down alone takes 2 a second for 30 s",
        ),
    ),
)
