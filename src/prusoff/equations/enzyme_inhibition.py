"""Velocity against substrate and inhibitor: competitive, uncompetitive, noncompetitive and mixed inhibition.

The carrier (or enzyme) is free, loaded with substrate, held by inhibitor, or both; only the loaded one works. Kic is
the dissociation constant of the inhibitor from the free carrier, Kiu that from the loaded one.
"""

from __future__ import annotations

import math

import numpy as np

from ..core.equation import Array, Axis, Case, Equation, Parameter
from ._guess import box, log_range, means_by_x, saturation_guess
from ._logistic import LN10, log10_positive, rows
from ._sources import SEGEL
from ._states import shares
from .uptake_kinetics import LOG_KM, SUBSTRATE, VELOCITY, VMAX, substrate_range

INHIBITOR = Axis("inhibitor", "M")
LOG_KIC = Parameter(
    "log_kic", "Kic", "M", "inhibitor at which half of the carriers without substrate are held", log10=True
)
LOG_KIU = Parameter(
    "log_kiu", "Kiu", "M", "inhibitor at which half of the carriers with substrate are held", log10=True
)
LOG_KI = Parameter(
    "log_ki",
    "Ki",
    "M",
    "inhibitor at which half of the carriers are held, with substrate or without",
    log10=True,
)
WORKED = {"vmax": 18.0, "log_km": math.log10(457e-9)}
AT = (50e-9, 20e-9)
BEYOND_LOW, BEYOND_HIGH = 3.0, 4.0


def inhibitor_range(inhibitor: Array) -> tuple[float, float]:
    """A Ki is sought from 3 decades below the tested concentrations to 4 above, where it does nothing any more."""
    log_i = log10_positive(inhibitor)
    low, high = log_range(log_i, 0.0)
    return (low - BEYOND_LOW, high + BEYOND_HIGH) if np.isfinite(log_i).any() else (low, high)


def inhibition_guess(substrate: Array, inhibitor: Array, y: Array) -> tuple[float, float, float]:
    """First guesses of Vmax and log Km from the points with least inhibitor, and of the log of any Ki.

    The Ki is where the mean over all substrates has fallen to half.
    """
    least = inhibitor == inhibitor.min()
    vmax, log_km, _, _ = saturation_guess(substrate[least], y[least])
    low, high = inhibitor_range(inhibitor)
    distinct, means = means_by_x(inhibitor, y)
    known = (distinct > 0.0) & np.isfinite(distinct)
    if not known.any():
        return vmax, log_km, (low + high) / 2.0
    half = distinct[known][np.argmin(np.abs(means[known] - means[0] / 2.0))]
    return vmax, log_km, float(np.clip(np.log10(half), low, high))


def _logs(x: Array, log_km: Array) -> tuple[Array, Array]:
    """log10 of [S]/Km and of the inhibitor."""
    substrate, inhibitor = log10_positive(x[:2])
    return substrate - log_km, inhibitor


def _competitive(x: Array, p: Array) -> Array:
    vmax, log_km, log_kic = p
    loaded, inhibitor = _logs(x, log_km)
    result: Array = vmax * shares(0.0, loaded, inhibitor - log_kic)[1]
    return result


def _competitive_jacobian(x: Array, p: Array) -> Array:
    vmax, log_km, log_kic = p
    loaded, inhibitor = _logs(x, log_km)
    free, working, held = shares(0.0, loaded, inhibitor - log_kic)
    slope = LN10 * vmax * working
    return rows(working, -slope * (free + held), slope * held)


def _uncompetitive(x: Array, p: Array) -> Array:
    vmax, log_km, log_kiu = p
    loaded, inhibitor = _logs(x, log_km)
    result: Array = vmax * shares(0.0, loaded, loaded + inhibitor - log_kiu)[1]
    return result


def _uncompetitive_jacobian(x: Array, p: Array) -> Array:
    vmax, log_km, log_kiu = p
    loaded, inhibitor = _logs(x, log_km)
    free, working, both = shares(0.0, loaded, loaded + inhibitor - log_kiu)
    slope = LN10 * vmax * working
    return rows(working, -slope * free, slope * both)


def _noncompetitive(x: Array, p: Array) -> Array:
    vmax, log_km, log_ki = p
    return _mixed(x, rows(vmax, log_km, log_ki, log_ki))


def _noncompetitive_jacobian(x: Array, p: Array) -> Array:
    vmax, log_km, log_ki = p
    by_vmax, by_km, by_kic, by_kiu = _mixed_jacobian(x, rows(vmax, log_km, log_ki, log_ki))
    return rows(by_vmax, by_km, by_kic + by_kiu)


def _mixed(x: Array, p: Array) -> Array:
    vmax, log_km, log_kic, log_kiu = p
    loaded, inhibitor = _logs(x, log_km)
    result: Array = vmax * shares(0.0, loaded, inhibitor - log_kic, loaded + inhibitor - log_kiu)[1]
    return result


def _mixed_jacobian(x: Array, p: Array) -> Array:
    vmax, log_km, log_kic, log_kiu = p
    loaded, inhibitor = _logs(x, log_km)
    free, working, held, both = shares(0.0, loaded, inhibitor - log_kic, loaded + inhibitor - log_kiu)
    slope = LN10 * vmax * working
    return rows(working, -slope * (free + held), slope * held, slope * both)


def _start(x: Array, y: Array) -> Array:
    return np.array(inhibition_guess(x[0], x[1], y))


def _mixed_start(x: Array, y: Array) -> Array:
    start = _start(x, y)
    return np.array([*start, start[-1]])


def _competitive_limits(x: Array, y: Array) -> tuple[Array, Array]:
    ki = inhibitor_range(x[1])
    return box(competitive_inhibition.parameters, log_km=substrate_range(x[0]), log_kic=ki)


def _uncompetitive_limits(x: Array, y: Array) -> tuple[Array, Array]:
    ki = inhibitor_range(x[1])
    return box(uncompetitive_inhibition.parameters, log_km=substrate_range(x[0]), log_kiu=ki)


def _noncompetitive_limits(x: Array, y: Array) -> tuple[Array, Array]:
    ki = inhibitor_range(x[1])
    return box(noncompetitive_inhibition.parameters, log_km=substrate_range(x[0]), log_ki=ki)


def _mixed_limits(x: Array, y: Array) -> tuple[Array, Array]:
    ki = inhibitor_range(x[1])
    return box(mixed_inhibition.parameters, log_km=substrate_range(x[0]), log_kic=ki, log_kiu=ki)


competitive_inhibition = Equation(
    name="competitive_inhibition",
    title="Competitive inhibition",
    formula="vmax * substrate / (10**log_km * (1 + inhibitor / 10**log_kic) + substrate)",
    axes=(SUBSTRATE, INHIBITOR),
    response=VELOCITY,
    parameters=(VMAX, LOG_KM, LOG_KIC),
    function=_competitive,
    jacobian=_competitive_jacobian,
    start=_start,
    limits=_competitive_limits,
    reference=SEGEL,
    cases=(
        Case(
            AT,
            {**WORKED, "log_kic": math.log10(5e-9)},
            18.0 * 50.0 / (457.0 * 5.0 + 50.0),
            "at four times Kic the Km is five times as large: 18 50/(457 5 + 50)",
        ),
    ),
)

uncompetitive_inhibition = Equation(
    name="uncompetitive_inhibition",
    title="Uncompetitive inhibition",
    formula="vmax * substrate / (10**log_km + substrate * (1 + inhibitor / 10**log_kiu))",
    axes=(SUBSTRATE, INHIBITOR),
    response=VELOCITY,
    parameters=(VMAX, LOG_KM, LOG_KIU),
    function=_uncompetitive,
    jacobian=_uncompetitive_jacobian,
    start=_start,
    limits=_uncompetitive_limits,
    reference=SEGEL,
    cases=(
        Case(
            AT,
            {**WORKED, "log_kiu": math.log10(40e-9)},
            18.0 * 50.0 / (457.0 + 50.0 * 1.5),
            "at half of Kiu the substrate counts one and a half times: 18 50/(457 + 50 1.5)",
        ),
    ),
)

noncompetitive_inhibition = Equation(
    name="noncompetitive_inhibition",
    title="Noncompetitive inhibition",
    formula="vmax * substrate / ((10**log_km + substrate) * (1 + inhibitor / 10**log_ki))",
    axes=(SUBSTRATE, INHIBITOR),
    response=VELOCITY,
    parameters=(VMAX, LOG_KM, LOG_KI),
    function=_noncompetitive,
    jacobian=_noncompetitive_jacobian,
    start=_start,
    limits=_noncompetitive_limits,
    reference=SEGEL,
    cases=(
        Case(
            AT,
            {**WORKED, "log_ki": math.log10(5e-9)},
            18.0 * 50.0 / (507.0 * 5.0),
            "at four times Ki a fifth of the velocity is left: 18 50/(507 5)",
        ),
    ),
)

mixed_inhibition = Equation(
    name="mixed_inhibition",
    title="Mixed inhibition",
    formula="vmax * substrate / (10**log_km * (1 + inhibitor / 10**log_kic)"
    " + substrate * (1 + inhibitor / 10**log_kiu))",
    axes=(SUBSTRATE, INHIBITOR),
    response=VELOCITY,
    parameters=(VMAX, LOG_KM, LOG_KIC, LOG_KIU),
    function=_mixed,
    jacobian=_mixed_jacobian,
    start=_mixed_start,
    limits=_mixed_limits,
    reference=SEGEL,
    cases=(
        Case(
            AT,
            {**WORKED, "log_kic": math.log10(5e-9), "log_kiu": math.log10(40e-9)},
            18.0 * 50.0 / (457.0 * 5.0 + 50.0 * 1.5),
            "both at once: 18 50/(457 5 + 50 1.5)",
        ),
    ),
)
