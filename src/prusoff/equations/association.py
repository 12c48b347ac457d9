"""Association of a ligand: at one concentration, and at all of them with one kon, koff and Bmax.

Nonspecific wells of the same times are the same law with the plateau, or Bmax, fixed at 0; they share `ns` and `drift`.
"""

from __future__ import annotations

import math

import numpy as np

from ..core.equation import Array, Case, Equation, Parameter
from ._guess import box
from ._logistic import LN10, rows
from ._rates import (
    DRIFT,
    LOG_KOFF,
    LOG_KON,
    NS_AT_START,
    NS_DRIFT,
    TIME,
    Rates,
    approach,
    kinetic_guess,
    kinetic_limits,
    rate_guess,
    rate_range,
    span_guess,
)
from ._sources import FITTING_MODELS
from .concentration_response import SIGNAL
from .saturation_binding import BMAX, FREE_LIGAND, NS


def _association(x: Array, p: Array) -> Array:
    plateau, log_kobs, ns, drift = p
    result: Array = -plateau * np.expm1(-np.power(10.0, log_kobs) * x) + ns + drift * x
    return result


def _association_jacobian(x: Array, p: Array) -> Array:
    plateau, log_kobs, _, _ = p
    passed = np.power(10.0, log_kobs) * x
    return rows(-np.expm1(-passed), LN10 * plateau * passed * np.exp(-passed), 1.0, x)


def _association_start(x: Array, y: Array) -> Array:
    low, span = span_guess(x, y)
    return np.array([span, rate_guess(x, y), low, 0.0])


def _association_limits(x: Array, y: Array) -> tuple[Array, Array]:
    return box(one_phase_association.parameters, log_kobs=rate_range(x))


one_phase_association = Equation(
    name="one_phase_association",
    title="One-phase association",
    formula="plateau * (1 - exp(-10**log_kobs * time)) + ns + drift * time",
    axes=(TIME,),
    response=SIGNAL,
    parameters=(
        Parameter("plateau", "Yeq", "signal", "specific binding at equilibrium", lower=0.0, linear=True),
        Parameter("log_kobs", "kobs", "1/s", "observed rate constant of the approach", log10=True),
        NS_AT_START,
        DRIFT,
    ),
    function=_association,
    jacobian=_association_jacobian,
    start=_association_start,
    limits=_association_limits,
    location="log_kobs",
    reference=FITTING_MODELS,
    cases=(
        Case(
            (120.0,),
            {"plateau": 800.0, "log_kobs": math.log10(math.log(2.0) / 60.0), "ns": 50.0, "drift": 0.5},
            710.0,
            "after two half-times of a minute three quarters are bound: 600 + 50 + 120/2",
        ),
    ),
)


def _global(x: Array, p: Array) -> Array:
    time, ligand = x
    bmax, log_kon, log_koff, ns, drift = p
    rates = Rates.of(np.power(10.0, log_kon) * ligand, np.power(10.0, log_koff))
    result: Array = bmax * approach(rates, time)[0] + ligand * (ns + drift * time)
    return result


def _global_jacobian(x: Array, p: Array) -> Array:
    time, ligand = x
    bmax, log_kon, log_koff, _, _ = p
    rates = Rates.of(np.power(10.0, log_kon) * ligand, np.power(10.0, log_koff))
    taken, by_on, by_off = approach(rates, time)
    return rows(taken, LN10 * bmax * by_on, LN10 * bmax * by_off, ligand, ligand * time)


def _global_start(x: Array, y: Array) -> Array:
    bmax, log_kon, log_koff, ns = kinetic_guess(x[0], x[1], y)
    return np.array([bmax, log_kon, log_koff, ns, 0.0])


def _global_limits(x: Array, y: Array) -> tuple[Array, Array]:
    on, off = kinetic_limits(*x)
    return box(global_association.parameters, log_kon=on, log_koff=off)


global_association = Equation(
    name="global_association",
    title="Association at all concentrations",
    formula="on = 10**log_kon * free_ligand\n"
    "kobs = on + 10**log_koff\n"
    "bmax * on / kobs * (1 - exp(-kobs * time)) + free_ligand * (ns + drift * time)",
    axes=(TIME, FREE_LIGAND),
    response=SIGNAL,
    parameters=(BMAX, LOG_KON, LOG_KOFF, NS, NS_DRIFT),
    function=_global,
    jacobian=_global_jacobian,
    start=_global_start,
    limits=_global_limits,
    location="log_koff",
    reference=FITTING_MODELS,
    cases=(
        Case(
            (math.log(4.0) / 4e-3, 3e-9),
            {"bmax": 1000.0, "log_kon": 6.0, "log_koff": -3.0, "ns": 1e10, "drift": 0.0},
            592.5,
            "[L] is three times Kd, and two half-times of 4e-3 per s have passed: 3/4 of 3/4 of 1000, and 30",
        ),
    ),
)
