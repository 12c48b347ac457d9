"""How far the curve, and the next measurement, may lie from what was fitted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

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
    variance = _variance(fit, x, curve)
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
    source = fit.curves[curve]
    order = np.argsort(source.fitted)
    fitted = fit.predict(x, curve)
    scatter = np.interp(fitted, source.fitted[order], 1.0 / source.weights[order])
    single = scatter * (1.0 if fit.scale_known else fit.residual_sd**2)
    return _band(fit, (x, curve), _variance(fit, x, curve) + single, level, "prediction")


def _band(fit: Fit, where: tuple[Array, int], variance: Array, level: float, method: str) -> Band:
    x, curve = where
    fitted = np.broadcast_to(fit.predict(x, curve), variance.shape)
    half = quantile(level, fit.df, fit.scale_known) * np.sqrt(variance)
    return Band(np.asarray(x, dtype=float), fitted, fitted - half, fitted + half, level, method)


def _variance(fit: Fit, x: Array, curve: int) -> Array:
    return _spread(fit, _slopes(fit, x, curve))


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
