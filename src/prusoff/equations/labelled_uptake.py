"""Uptake as it is counted: labelled substrate beside unlabelled, uptake that does not saturate, and a background.

`label_share` is the part of the substrate in a well that carries the label: 1 without unlabelled substrate, a tenth
after dilution by nine parts. A well with more protein, or a longer time, than the others has as many times its share.
Vmax is the signal of a well with the share 1.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from ..core.equation import Array, Axis, Case, Equation
from ._logistic import rows
from ._sources import SEGEL
from .uptake_kinetics import (
    BACKGROUND,
    NONSATURABLE,
    SUBSTRATE,
    VMAX,
    hill_uptake,
    michaelis_menten,
    michaelis_menten_nonsaturable,
    substrate_inhibition,
)

LABEL_SHARE = Axis("label_share", "")
COUNTED = Axis("uptake", "signal")
UNDILUTED_VMAX = replace(
    VMAX, unit="signal/label_share", meaning="signal at saturating substrate, all labelled"
)
ADDED = (
    replace(NONSATURABLE, lower=0.0),
    replace(BACKGROUND, meaning="signal without label"),
)


def counted(velocity: Array, x: Array, p: Array) -> Array:
    """The signal of a velocity: what carries the label, with what does not saturate, on top of the background.

    x is (substrate, ..., label share), p ends with the nonsaturable slope and the background.
    """
    result: Array = x[-1] * (velocity + p[-2] * x[0]) + p[-1]
    return result


def counted_formula(law: Equation) -> str:
    """The formula of `counted` for the velocity of a law."""
    return f"label_share * ({law.formula} + nonsaturable * substrate) + background"


def counted_slopes(slopes: Array, x: Array) -> Array:
    """The derivatives of the signal from those of the velocity, (parameter, ..., point)."""
    found = rows(*slopes, x[0], 0.0)
    found *= x[-1]
    found[-1] = 1.0
    return found


def undiluted(x: Array, y: Array) -> Array:
    """What wells would have read with label alone, for first guesses; wells without label read nothing."""
    seen = np.isfinite(x[-1]) & (x[-1] > 0.0)
    result: Array = np.divide(y, x[-1], out=np.zeros_like(y, dtype=float), where=seen)
    return result


def _michaelis_menten(x: Array, p: Array) -> Array:
    return counted(michaelis_menten.function(x[0], p[:-2]), x, p)


def _michaelis_menten_jacobian(x: Array, p: Array) -> Array:
    return counted_slopes(michaelis_menten.jacobian(x[0], p[:-2]), x)


def _michaelis_menten_start(x: Array, y: Array) -> Array:
    return _inside(labelled_uptake, michaelis_menten_nonsaturable.start(x[0], undiluted(x, y)), x, y)


def _michaelis_menten_limits(x: Array, y: Array) -> tuple[Array, Array]:
    return with_added(michaelis_menten.bounds(x[0], y))


def _substrate_inhibition(x: Array, p: Array) -> Array:
    return counted(substrate_inhibition.function(x[0], p[:-2]), x, p)


def _substrate_inhibition_jacobian(x: Array, p: Array) -> Array:
    return counted_slopes(substrate_inhibition.jacobian(x[0], p[:-2]), x)


def _substrate_inhibition_start(x: Array, y: Array) -> Array:
    return np.array([*substrate_inhibition.start(x[0], undiluted(x, y)), 0.0, 0.0])


def _substrate_inhibition_limits(x: Array, y: Array) -> tuple[Array, Array]:
    return with_added(substrate_inhibition.bounds(x[0], y))


def _hill(x: Array, p: Array) -> Array:
    plain = hill_uptake.function(x[0], rows(*p[:-2], 0.0 * p[-2], 0.0 * p[-1]))
    return counted(plain, x, p)


def _hill_jacobian(x: Array, p: Array) -> Array:
    return counted_slopes(hill_uptake.jacobian(x[0], rows(*p))[:-2], x)


def _hill_start(x: Array, y: Array) -> Array:
    return _inside(labelled_uptake_hill, hill_uptake.start(x[0], undiluted(x, y)), x, y)


def _hill_limits(x: Array, y: Array) -> tuple[Array, Array]:
    low, high = hill_uptake.bounds(x[0], y)
    return with_added((low[:-2], high[:-2]))


def with_added(limits: tuple[Array, Array]) -> tuple[Array, Array]:
    """The limits of the parameters of a velocity, and those of the nonsaturable slope and the background."""
    low, high = limits
    return np.array([*low, *(one.lower for one in ADDED)]), np.array([*high, *(one.upper for one in ADDED)])


def _inside(law: Equation, start: Array, x: Array, y: Array) -> Array:
    clipped: Array = np.clip(start, *law.bounds(x, y))
    return clipped


AXES = (SUBSTRATE, LABEL_SHARE)
WORKED = {"vmax": 18.0, "log_km": math.log10(0.5e-6), "nonsaturable": 2e6, "background": 0.5}
AT = (1e-6, 0.1)

labelled_uptake = Equation(
    name="labelled_uptake",
    title="Michaelis-Menten uptake",
    formula=counted_formula(michaelis_menten),
    axes=AXES,
    response=COUNTED,
    parameters=(UNDILUTED_VMAX, *michaelis_menten.parameters[1:], *ADDED),
    function=_michaelis_menten,
    jacobian=_michaelis_menten_jacobian,
    start=_michaelis_menten_start,
    limits=_michaelis_menten_limits,
    location="log_km",
    reference=SEGEL,
    cases=(Case(AT, WORKED, 1.9, "a tenth of (two thirds of Vmax, and 2 that do not saturate), and 0.5"),),
)

labelled_uptake_substrate_inhibition = Equation(
    name="labelled_uptake_substrate_inhibition",
    title="Uptake with substrate inhibition",
    formula=counted_formula(substrate_inhibition),
    axes=AXES,
    response=COUNTED,
    parameters=(UNDILUTED_VMAX, *substrate_inhibition.parameters[1:], *ADDED),
    function=_substrate_inhibition,
    jacobian=_substrate_inhibition_jacobian,
    start=_substrate_inhibition_start,
    limits=_substrate_inhibition_limits,
    location="log_km",
    reference=substrate_inhibition.reference,
    cases=(
        Case(
            AT,
            {**WORKED, "log_ksi": math.log10(2e-6)},
            1.6,
            "a tenth of (half of Vmax, and 2 that do not saturate), and 0.5",
        ),
    ),
)

labelled_uptake_hill = Equation(
    name="labelled_uptake_hill",
    title="Uptake with a Hill slope",
    formula="label_share * (vmax * substrate**hill_slope / ((10**log_s50)**hill_slope + substrate**hill_slope)"
    " + nonsaturable * substrate) + background",
    axes=AXES,
    response=COUNTED,
    parameters=(UNDILUTED_VMAX, *hill_uptake.parameters[1:-2], *ADDED),
    function=_hill,
    jacobian=_hill_jacobian,
    start=_hill_start,
    limits=_hill_limits,
    location="log_s50",
    reference=hill_uptake.reference,
    cases=(
        Case(
            (3e-6, 0.1),
            {"vmax": 100.0, "log_s50": -6.0, "hill_slope": 2.0, "nonsaturable": 1e6, "background": 0.5},
            9.8,
            "a tenth of 100 9/(1 + 9) + 3, and 0.5",
        ),
    ),
)
