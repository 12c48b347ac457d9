"""Currents of a receptor that an agonist opens: with a co-agonist that it needs, and under a blocker.

A blocker that competes with the agonist has an IC50 that grows with the agonist, KB (1 + [A]/EA); one that enters the
open channel has one that falls with it, KB (1 + EA/[A]); one that does not care has KB everywhere. These are the laws
of competitive, uncompetitive and noncompetitive inhibition with the agonist in the place of the substrate.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from ..core.equation import Array, Axis, Case, Equation, Parameter
from ._guess import box, log_range, saturation_guess
from ._logistic import LN10, log10_positive, occupancy, rows
from .concentration_response import SIGNAL
from .enzyme_inhibition import competitive_inhibition, noncompetitive_inhibition, uncompetitive_inhibition

AGONIST, COAGONIST, BLOCKER = (Axis(name, "M") for name in ("agonist", "coagonist", "blocker"))
EMAX = Parameter("emax", "Emax", "signal", "current at saturating agonist", lower=0.0, linear=True)
LOG_EA = Parameter("log_ea", "EA", "M", "agonist at which the current is half of its largest", log10=True)
LOG_KB = Parameter("log_kb", "KB", "M", "dissociation constant of the blocker", log10=True)
SLOPES = (0.1, 5.0)
_NMDA = "Ludolph AG et al. Br J Pharmacol 2010;160:283; Hille B. Ion Channels of Excitable Membranes. Sinauer 2001"
_AT = {"emax": 1000.0, "log_ea": math.log10(30e-6), "log_kb": math.log10(3e-6)}


def _both(x: Array, p: Array) -> Array:
    emax, log_ea, agonist_slope, log_eg, coagonist_slope = p
    result: Array = (
        emax * occupancy(x[0], log_ea, agonist_slope)[0] * occupancy(x[1], log_eg, coagonist_slope)[0]
    )
    return result


def _both_jacobian(x: Array, p: Array) -> Array:
    emax, log_ea, agonist_slope, log_eg, coagonist_slope = p
    (a, a_free), (g, g_free) = (
        occupancy(x[0], log_ea, agonist_slope),
        occupancy(x[1], log_eg, coagonist_slope),
    )
    current = emax * a * g
    return rows(
        a * g,
        -LN10 * agonist_slope * current * a_free,
        current * a_free * _distance(x[0], log_ea),
        -LN10 * coagonist_slope * current * g_free,
        current * g_free * _distance(x[1], log_eg),
    )


def _distance(x: Array, log_k: Array) -> Array:
    """The natural log of a concentration over its half way one, 0 where there is none: nothing is open there."""
    logs = log10_positive(x)
    return np.where(np.isfinite(logs), LN10 * (logs - log_k), 0.0)


def _both_start(x: Array, y: Array) -> Array:
    """Each agonist by itself from the points with most of the other."""
    most_g, most_a = x[1] == x[1].max(), x[0] == x[0].max()
    emax, log_ea, _, _ = saturation_guess(x[0][most_g], y[most_g])
    _, log_eg, _, _ = saturation_guess(x[1][most_a], y[most_a])
    inside: Array = np.clip(np.array([emax, log_ea, 1.0, log_eg, 1.0]), *_both_limits(x, y))
    return inside


def _both_limits(x: Array, y: Array) -> tuple[Array, Array]:
    ea, eg = (log_range(log10_positive(one)) for one in x[:2])
    return box(coagonist_response.parameters, log_ea=ea, log_eg=eg)


coagonist_response = Equation(
    name="coagonist_response",
    title="Agonist and co-agonist",
    formula="a = agonist**agonist_slope / (10**(log_ea * agonist_slope) + agonist**agonist_slope)\n"
    "g = coagonist**coagonist_slope / (10**(log_eg * coagonist_slope) + coagonist**coagonist_slope)\n"
    "emax * a * g",
    axes=(AGONIST, COAGONIST),
    response=SIGNAL,
    parameters=(
        EMAX,
        LOG_EA,
        Parameter("agonist_slope", "nA", "", "steepness of the agonist", lower=SLOPES[0], upper=SLOPES[1]),
        Parameter("log_eg", "EG", "M", "co-agonist at which the current is half of its largest", log10=True),
        Parameter(
            "coagonist_slope", "nG", "", "steepness of the co-agonist", lower=SLOPES[0], upper=SLOPES[1]
        ),
    ),
    function=_both,
    jacobian=_both_jacobian,
    start=_both_start,
    limits=_both_limits,
    reference=_NMDA,
    cases=(
        Case(
            (60e-6, 1e-6),
            {
                "emax": 1000.0,
                "log_ea": math.log10(30e-6),
                "agonist_slope": 2.0,
                "log_eg": -6.0,
                "coagonist_slope": 1.0,
            },
            400.0,
            "twice EA with slope 2 opens 4/5, EG half of that",
        ),
    ),
)

competitive_block = replace(
    competitive_inhibition,
    name="competitive_block",
    title="Competitive block",
    formula="emax * agonist / (10**log_ea * (1 + blocker / 10**log_kb) + agonist)",
    axes=(AGONIST, BLOCKER),
    response=SIGNAL,
    parameters=(EMAX, LOG_EA, LOG_KB),
    reference=_NMDA,
    cases=(
        Case((30e-6, 6e-6), _AT, 250.0, "at twice KB the EA is three times as large: 1000 30/(90 + 30)"),
        Case(
            (10e-6, 4e-6),
            _AT,
            125.0,
            "at EA/3 the IC50 is KB (1 + 1/3), which halves the 250 without blocker",
        ),
    ),
)

uncompetitive_block = replace(
    uncompetitive_inhibition,
    name="uncompetitive_block",
    title="Uncompetitive (open-channel) block",
    formula="emax * agonist / (10**log_ea + agonist * (1 + blocker / 10**log_kb))",
    axes=(AGONIST, BLOCKER),
    response=SIGNAL,
    parameters=(EMAX, LOG_EA, LOG_KB),
    reference=_NMDA,
    cases=(
        Case((30e-6, 6e-6), _AT, 250.0, "at EA the IC50 is twice KB, which halves the 500 without blocker"),
        Case((90e-6, 4e-6), _AT, 375.0, "at three times EA the IC50 is KB (1 + 1/3), which halves the 750"),
    ),
)

noncompetitive_block = replace(
    noncompetitive_inhibition,
    name="noncompetitive_block",
    title="Noncompetitive block",
    formula="emax * agonist / ((10**log_ea + agonist) * (1 + blocker / 10**log_kb))",
    axes=(AGONIST, BLOCKER),
    response=SIGNAL,
    parameters=(EMAX, LOG_EA, LOG_KB),
    reference=_NMDA,
    cases=(
        Case((90e-6, 3e-6), _AT, 375.0, "KB halves the current at any agonist: 750/2"),
        Case((30e-6, 9e-6), _AT, 125.0, "three times KB leaves a quarter at any agonist: 500/4"),
    ),
)
