"""Velocity of uptake or of an enzyme against the concentration of substrate.

Beside Michaelis-Menten stand the same with a part that does not saturate, with too much substrate in the way, and with
a Hill slope.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from ..core.equation import Array, Axis, Case, Equation, Parameter
from ._guess import box, log_range, saturation_guess
from ._logistic import LN10, log10_positive, occupancy, rows
from ._sources import SEGEL
from ._states import shares
from .concentration_response import HILL_SLOPE
from .saturation_binding import hill_saturation, one_site_total_binding

SUBSTRATE = Axis("substrate", "M")
VELOCITY = Axis("velocity", "signal")
VMAX = Parameter("vmax", "Vmax", "signal", "velocity at saturating substrate", lower=0.0, linear=True)
LOG_KM = Parameter("log_km", "Km", "M", "substrate at which the velocity is half of Vmax", log10=True)
LOG_KSI = Parameter(
    "log_ksi",
    "Ksi",
    "M",
    "substrate at which a second molecule holds half of the loaded carriers",
    log10=True,
)
NONSATURABLE = Parameter(
    "nonsaturable", "P", "signal/M", "uptake that does not saturate, for each mol/L of substrate", linear=True
)
BACKGROUND = Parameter("background", "Background", "signal", "velocity without substrate", linear=True)
NOTHING_LEFT = 7.0


def substrate_range(x: Array) -> tuple[float, float]:
    """A Km is sought three decades around the concentrations of substrate."""
    return log_range(log10_positive(x))


def _michaelis_menten(x: Array, p: Array) -> Array:
    vmax, log_km = p
    result: Array = vmax * occupancy(x, log_km)[0]
    return result


def _michaelis_menten_jacobian(x: Array, p: Array) -> Array:
    vmax, log_km = p
    taken, free = occupancy(x, log_km)
    return rows(taken, -LN10 * vmax * taken * free)


def _michaelis_menten_start(x: Array, y: Array) -> Array:
    vmax, log_km, _, _ = saturation_guess(x, y)
    return np.array([vmax, log_km])


def _michaelis_menten_limits(x: Array, y: Array) -> tuple[Array, Array]:
    return box(michaelis_menten.parameters, log_km=substrate_range(x))


michaelis_menten = Equation(
    name="michaelis_menten",
    title="Michaelis-Menten",
    formula="vmax * substrate / (10**log_km + substrate)",
    axes=(SUBSTRATE,),
    response=VELOCITY,
    parameters=(VMAX, LOG_KM),
    function=_michaelis_menten,
    jacobian=_michaelis_menten_jacobian,
    start=_michaelis_menten_start,
    limits=_michaelis_menten_limits,
    location="log_km",
    reference="Michaelis L, Menten ML. Biochem Z 1913;49:333-369",
    cases=(
        Case(
            (1e-6,),
            {"vmax": 18.0, "log_km": math.log10(0.5e-6)},
            12.0,
            "at twice the Km the velocity is two thirds of Vmax",
        ),
    ),
)


def _total_limits(x: Array, y: Array) -> tuple[Array, Array]:
    return box(michaelis_menten_nonsaturable.parameters, log_km=substrate_range(x))


michaelis_menten_nonsaturable = replace(
    one_site_total_binding,
    name="michaelis_menten_nonsaturable",
    title="Michaelis-Menten with a nonsaturable part",
    formula="vmax * substrate / (10**log_km + substrate) + nonsaturable * substrate + background",
    axes=(SUBSTRATE,),
    response=VELOCITY,
    parameters=(VMAX, LOG_KM, NONSATURABLE, BACKGROUND),
    limits=_total_limits,
    location="log_km",
    reference=SEGEL,
    cases=(
        Case(
            (1e-6,),
            {"vmax": 18.0, "log_km": math.log10(0.5e-6), "nonsaturable": 2e6, "background": 0.5},
            14.5,
            "at twice the Km two thirds of Vmax, and 2 that do not saturate, and 0.5",
        ),
    ),
)


def _hill_limits(x: Array, y: Array) -> tuple[Array, Array]:
    return box(hill_uptake.parameters, log_s50=substrate_range(x))


hill_uptake = replace(
    hill_saturation,
    name="hill_uptake",
    title="Uptake with Hill slope",
    formula="vmax * substrate**hill_slope / ((10**log_s50)**hill_slope + substrate**hill_slope)"
    " + nonsaturable * substrate + background",
    axes=(SUBSTRATE,),
    response=VELOCITY,
    parameters=(
        VMAX,
        Parameter("log_s50", "S50", "M", "substrate at which the velocity is half of Vmax", log10=True),
        HILL_SLOPE,
        NONSATURABLE,
        BACKGROUND,
    ),
    limits=_hill_limits,
    location="log_s50",
    cases=(
        Case(
            (3e-6,),
            {"vmax": 100.0, "log_s50": -6.0, "hill_slope": 2.0, "nonsaturable": 1e6, "background": 0.5},
            93.5,
            "three times above S50 with slope 2: 100 9/(1 + 9) + 3 + 0.5",
        ),
    ),
)


def _substrate_inhibition(x: Array, p: Array) -> Array:
    vmax, log_km, log_ksi = p
    once, twice = _loads(x, log_km, log_ksi)
    result: Array = vmax * shares(0.0, once, twice)[1]
    return result


def _loads(x: Array, log_km: Array, log_ksi: Array) -> tuple[Array, Array]:
    """log10 of the weights of a carrier with one substrate and with two, beside 1 for the free one."""
    log_s = log10_positive(x)
    return log_s - log_km, 2.0 * log_s - log_km - log_ksi


def _substrate_inhibition_jacobian(x: Array, p: Array) -> Array:
    vmax, log_km, log_ksi = p
    free, once, twice = shares(0.0, *_loads(x, log_km, log_ksi))
    slope = LN10 * vmax * once
    return rows(once, -slope * free, slope * twice)


def _substrate_inhibition_start(x: Array, y: Array) -> Array:
    vmax, log_km = _michaelis_menten_start(x, y)
    most = float(log10_positive(x).max(initial=-np.inf, where=np.isfinite(x)))
    return np.array([vmax, log_km, most + 0.5 if np.isfinite(most) else -3.0])


def _substrate_inhibition_limits(x: Array, y: Array) -> tuple[Array, Array]:
    least, most = substrate_range(x)
    # so far above that it does nothing there, and the law is that of Michaelis and Menten
    return box(substrate_inhibition.parameters, log_km=(least, most), log_ksi=(least, most + NOTHING_LEFT))


substrate_inhibition = Equation(
    name="substrate_inhibition",
    title="Michaelis-Menten with substrate inhibition",
    formula="vmax * substrate / (10**log_km + substrate + substrate**2 / 10**log_ksi)",
    axes=(SUBSTRATE,),
    response=VELOCITY,
    parameters=(VMAX, LOG_KM, LOG_KSI),
    function=_substrate_inhibition,
    jacobian=_substrate_inhibition_jacobian,
    start=_substrate_inhibition_start,
    limits=_substrate_inhibition_limits,
    location="log_km",
    reference="Haldane JBS. Enzymes. Longmans, Green and Co 1930",
    cases=(
        Case(
            (1e-6,),
            {"vmax": 18.0, "log_km": math.log10(0.5e-6), "log_ksi": math.log10(2e-6)},
            9.0,
            "at twice the Km and half of Ksi: 18 / (0.5 + 1 + 0.5)",
        ),
    ),
)
