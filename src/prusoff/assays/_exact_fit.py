"""What a fit of an exact law says beyond its parameters: how they move with what was held, and how steep it looks."""

from __future__ import annotations

import math

import numpy as np

from ..core.curves import Curve
from ..core.equation import Array
from ..core.fit import Fit
from ..equations.concentration_response import four_parameter_logistic
from ..fitting.problem import Problem
from ..fitting.solve import Options, fit_curve
from ..fitting.weights import CountingVariance, GivenWeights, Weights


def moved_by_held(fit: Fit, name: str, held: str) -> float:
    """By how much a fitted parameter moves where one that was held, in all curves together, is larger by one.

    To first order at the best fit: with J the weighted derivatives by the fitted parameters and j those by the held
    one, the fitted ones move by -(J'J)^-1 J'j.
    """
    slopes = _slopes(fit)
    place = fit.equation.index(held)
    return -_moved(fit, name, np.concatenate([one[place] for one in slopes]))


def moved_by_signal(fit: Fit, name: str) -> float:
    """By how much a fitted parameter moves where the signal of all wells is larger by one decade, to first order."""
    response = [math.log(10.0) * curve.fitted * np.sqrt(curve.weights) for curve in fit.curves]
    return _moved(fit, name, np.concatenate(response))


def _slopes(fit: Fit) -> list[Array]:
    """The weighted derivatives of every curve by all parameters of the law, (parameter, point) each."""
    return [
        fit.equation.jacobian(curve.data.x, curve.parameters) * np.sqrt(curve.weights) for curve in fit.curves
    ]


def _moved(fit: Fit, name: str, response: Array) -> float:
    places = Problem.of(fit).places
    rows = []
    for position in range(len(fit.names)):
        parts = [
            slopes[own == position].sum(axis=0) for slopes, own in zip(_slopes(fit), places, strict=True)
        ]
        rows.append(np.concatenate(parts))
    free = np.array(rows)
    sizes = np.linalg.norm(free, axis=1)
    sizes[sizes == 0] = 1.0
    found = np.linalg.lstsq((free.T / sizes), response, rcond=None)[0] / sizes
    return float(found[fit.index(name)])


def scaled(weighting: Weights, factor: float) -> Weights:
    """The same variance of signals that are multiplied by a factor, as from dpm to mol/L."""
    if not isinstance(weighting, CountingVariance):
        return weighting
    return CountingVariance(
        weighting.constant * factor**2, weighting.per_signal * factor, weighting.per_square
    )


def logistic_slope(fit: Fit, curve: int = 0) -> float:
    """The Hill slope of the logistic curve that comes nearest to a fitted exact one in its wells."""
    exact = fit.curves[curve]
    nearest = fit_curve(
        four_parameter_logistic,
        Curve(exact.data.x, exact.fitted),
        GivenWeights((exact.weights,), fit.weighting),
        options=Options(intervals="", starts=1),
    )
    return nearest.value("hill_slope")
