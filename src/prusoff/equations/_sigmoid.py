"""What the sigmoid laws of two plateaus have in common, whatever function leads from one plateau to the other."""

from __future__ import annotations

import numpy as np

from ..core.equation import Array, Parameter
from ._guess import box, log_range
from ._logistic import finite_or_zero, rows
from .concentration_response import four_parameter_logistic


def between(bottom: Array, top: Array, left: Array) -> Array:
    """The response of which this fraction of the way from bottom to top is left."""
    result: Array = bottom + (top - bottom) * left
    return result


def slopes(distance: Array, steepness: Array, steep: Array, fractions: tuple[Array, Array]) -> Array:
    """Derivatives by bottom, top, location and steepness of a law of the exponent steepness * distance.

    `steep` is the fall of the response per unit of the exponent, `fractions` what is left and what is gone.
    """
    left, gone = fractions
    return rows(gone, left, steep * steepness, -steep * finite_or_zero(distance))


def start_of(x: Array, y: Array, steepness: float) -> Array:
    """Plateaus and the half way point as for the logistic law, and a usual steepness."""
    start: Array = four_parameter_logistic.start(x, y)
    start[3] = steepness
    return start


def limits_of(parameters: tuple[Parameter, ...], x: Array) -> tuple[Array, Array]:
    """The limits of the parameters; the IC50 is sought some decades beyond the tested range."""
    return box(parameters, log_ic50=log_range(x))


def over_gone(z: Array) -> Array:
    """z/(1 - e^-z), which is 1 at zero."""
    some = np.where(z == 0.0, 1.0, z)
    return np.where(z == 0.0, 1.0, some / -np.expm1(-some))


def over_grown(z: Array) -> Array:
    """z/(e^z - 1), which is 1 at zero."""
    result: Array = over_gone(z) * np.exp(-z)
    return result
