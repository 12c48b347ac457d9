"""Velocity of uptake or of an enzyme against the concentration of substrate."""

from __future__ import annotations

import math

import numpy as np

from ..core.equation import Array, Axis, Case, Equation, Parameter
from ._guess import box, log_range, saturation_guess
from ._logistic import LN10, log10_positive, occupancy, rows


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
    return box(michaelis_menten.parameters, log_km=log_range(log10_positive(x)))


michaelis_menten = Equation(
    name="michaelis_menten",
    title="Michaelis-Menten",
    formula="vmax * substrate / (10**log_km + substrate)",
    axes=(Axis("substrate", "M"),),
    response=Axis("velocity", "signal"),
    parameters=(
        Parameter("vmax", "Vmax", "signal", "velocity at saturating substrate", lower=0.0, linear=True),
        Parameter("log_km", "Km", "M", "substrate at which the velocity is half of Vmax", log10=True),
    ),
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
