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
    places = Problem.of(fit).places[curve]
    free = np.flatnonzero(places >= 0)
    at = np.asarray(x, dtype=float)
    slopes = fit.equation.jacobian(at, fit.curves[curve].parameters)
    slopes = np.broadcast_to(slopes, (len(places), at.shape[-1]))[free]
    covariance = fit.covariance[np.ix_(places[free], places[free])]
    found: Array = np.einsum("ip,ij,jp->p", slopes, covariance, slopes)
    return np.maximum(found, 0.0)
