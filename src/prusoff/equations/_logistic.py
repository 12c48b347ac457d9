"""The logistic function without overflow, and what all laws of this shelf are made of."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from ..core.equation import Array

LN10 = math.log(10.0)
DECADES = 30.0
LARGE = 709.0  # the exponential of more is infinite


def logistic(exponent: npt.ArrayLike, into: tuple[Array, Array] | None = None) -> tuple[Array, Array]:
    """The fractions 1/(1+e^t) and 1/(1+e^-t): what is left and what is gone.

    Both keep all their digits where they are tiny, infinite exponents are exact and nothing overflows. They are written
    `into` two arrays of the shape of the exponent where these are given.
    """
    t = np.asarray(exponent, dtype=float)
    left, gone = (np.empty(t.shape), np.empty(t.shape)) if into is None else into
    np.minimum(t, LARGE, out=gone)
    np.exp(gone, out=gone)
    np.add(gone, 1.0, out=left)
    np.divide(gone, left, out=gone)
    np.reciprocal(left, out=left)
    if (t > LARGE).any():
        np.exp(-t, out=left, where=t > LARGE)
    return left, gone


def softplus(exponent: npt.ArrayLike) -> Array:
    """ln(1+e^t) without overflow; infinite exponents are exact."""
    t = np.asarray(exponent, dtype=float)
    result: Array = np.maximum(t, 0.0) + np.log1p(np.exp(-np.abs(t)))
    return result


def finite_or_zero(values: npt.ArrayLike) -> Array:
    """The values with infinities set to zero: a plateau does not depend on how far away it is."""
    return np.where(np.isfinite(values), values, 0.0)


def log10_positive(values: npt.ArrayLike) -> Array:
    """log10 of the values, -inf at zero and below."""
    given = np.asarray(values, dtype=float)
    logs: Array = np.full(given.shape, -np.inf)
    np.log10(given, out=logs, where=given > 0.0)
    return logs


def molar(log_concentration: npt.ArrayLike) -> Array:
    """The concentration (mol/L) of its log10; beyond 30 decades from 1 M it is as good as none, or as without end."""
    result: Array = np.power(10.0, np.clip(log_concentration, -DECADES, DECADES))
    return result


def occupancy(x: Array, log_k: Array, hill_slope: Array | float = 1.0) -> tuple[Array, Array]:
    """The fraction of the sites that is taken at a concentration x >= 0, and the fraction that is free."""
    free, taken = logistic(LN10 * (log10_positive(x) - log_k) * hill_slope)
    return taken, free


def rows(*derivatives: npt.ArrayLike) -> Array:
    """What belongs to each parameter, broadcast to one shape and stacked: (parameter, ..., point)."""
    stacked: Array = np.empty((len(derivatives), *np.broadcast(*derivatives).shape))
    for position, one in enumerate(derivatives):
        stacked[position] = one
    return stacked
