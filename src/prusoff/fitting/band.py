"""How far the curve, and the next measurement, may lie from what was fitted."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import chdtri, fdtri

from ..core.equation import Array
from ..core.fit import Fit
from .intervals import quantile
from .problem import Problem


@dataclass(frozen=True)
class Band:
    """The fitted response at x with its limits, each (point,)."""

    x: Array
    fitted: Array
    low: Array
    high: Array
    level: float
    method: str


def confidence_band(fit: Fit, x: Array, curve: int = 0, level: float = 0.95) -> Band:
    """Where the true curve lies at each x, point by point, by the delta method."""
    variance = curve_variance(fit, x, curve)
    return _band(fit, (x, curve), variance, level, "confidence")


def difference_band(fit: Fit, x: Array, curves: tuple[int, int] = (0, 1), level: float = 0.95) -> Band:
    """The first curve less the second, such as specific binding as total less nonspecific, with its limits."""
    slopes = _slopes(fit, x, curves[0]) - _slopes(fit, x, curves[1])
    fitted = np.asarray(fit.predict(x, curves[0]) - fit.predict(x, curves[1]), dtype=float)
    half = quantile(level, fit.df, fit.scale_known) * np.sqrt(_spread(fit, slopes))
    return Band(np.asarray(x, dtype=float), fitted, fitted - half, fitted + half, level, "difference")


def prediction_band(fit: Fit, x: Array, curve: int = 0, level: float = 0.95) -> Band:
    """Where the next single measurement at each x will lie.

    The scatter of a single measurement is the residual variance over its weight; the weight at x is taken from the
    fitted points by the fitted response (so that it grows with the signal where the error does).
    """
    variance = curve_variance(fit, x, curve) + single_variance(fit, fit.predict(x, curve), curve)
    return _band(fit, (x, curve), variance, level, "prediction")


def simultaneous_confidence_band(fit: Fit, x: Array, curve: int = 0, level: float = 0.95) -> Band:
    """Where the whole true curve lies: at all x at once, however many are asked for, with the probability `level`.

    Scheffe's band: sqrt(p F(p, df)) standard errors, p the parameters fitted to this curve. Exact for a law that is
    linear in its parameters, by the delta method for others; wider than the pointwise band at every single x.
    Scheffe 1959.
    """
    variance = curve_variance(fit, x, curve)
    places = Problem.of(fit).places[curve]
    free = sum(fit.names[place] not in fit.at_bounds for place in places[places >= 0])
    return _band(fit, (x, curve), variance, level, "simultaneous confidence", free)


def simultaneous_prediction_band(fit: Fit, x: Array, curve: int = 0, level: float = 0.95) -> Band:
    """Where the next measurements will lie, one at each of these x: all of them at once with the probability `level`.

    The promise is for as many single measurements as there are x: sqrt(k F(k, df)) standard errors for k of them, so
    the limits grow with the number of x. Not less than `level` whatever their correlation. Lieberman 1961.
    """
    variance = curve_variance(fit, x, curve) + single_variance(fit, fit.predict(x, curve), curve)
    return _band(fit, (x, curve), variance, level, "simultaneous prediction", variance.size)


def curve_variance(fit: Fit, x: Array, curve: int = 0) -> Array:
    """Variance of the fitted response at each x by the delta method, (point,)."""
    return _spread(fit, _slopes(fit, x, curve))


def single_variance(fit: Fit, response: Array, curve: int = 0) -> Array:
    """Variance of a single measurement about the curve where the fitted response is this one."""
    source = fit.curves[curve]
    order = np.argsort(source.fitted)
    scatter = np.interp(response, source.fitted[order], 1.0 / source.weights[order])
    return np.asarray(scatter * (1.0 if fit.scale_known else fit.residual_sd**2), dtype=float)


def _band(
    fit: Fit, where: tuple[Array, int], variance: Array, level: float, method: str, together: int = 1
) -> Band:
    """The limits at the number of standard errors that holds `together` so many independent statements."""
    x, curve = where
    fitted = np.broadcast_to(fit.predict(x, curve), variance.shape)
    errors = quantile(level, fit.df, fit.scale_known)
    if together > 1:
        errors = math.sqrt(
            float(chdtri(together, 1.0 - level))
            if fit.scale_known
            else together * float(fdtri(together, fit.df, level))
        )
    half = errors * np.sqrt(variance)
    return Band(np.asarray(x, dtype=float), fitted, fitted - half, fitted + half, level, method)


def _slopes(fit: Fit, x: Array, curve: int) -> Array:
    """Derivative of the response of one curve by every fitted parameter, (fitted, point)."""
    places = Problem.of(fit).places[curve]
    at = np.asarray(x, dtype=float)
    slopes = fit.equation.jacobian(at, fit.curves[curve].parameters)
    found = np.zeros((len(fit.names), at.shape[-1]))
    free = places >= 0
    found[places[free]] = np.broadcast_to(slopes, (len(places), at.shape[-1]))[free]
    return found


def _spread(fit: Fit, slopes: Array) -> Array:
    """Variance of what has these derivatives, by the covariance of the fit."""
    found: Array = np.einsum("ip,ij,jp->p", slopes, fit.covariance, slopes)
    return np.maximum(found, 0.0)
