"""How much each point counts: the ways to weight, and what the scatter of replicates says about the error."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

import numpy as np

from ..core.curves import Curve
from ..core.equation import Array
from ..core.errors import ModelError
from ..core.fit import Fit
from .problem import Indices

FLOOR = (
    0.01  # least |Y| in 1/Y^2, as a part of the largest |Y|: a point near zero must not take the whole weight
)
REPLICATES_NEEDED = 4


class Weighting(Enum):
    """How the points are weighted; the value is what reports print."""

    NONE = "none"
    FITTED = "1/Y_fit^2"
    OBSERVED = "1/Y_obs^2"
    KNOWN_SD = "1/SD^2, known SD"
    REPLICATE_SD = "1/SD^2 of replicates"
    VARIANCE_FUNCTION = "1/(a + b Y^c), pooled from replicates"

    @property
    def scale_known(self) -> bool:
        """Whether the weights are absolute, so that errors are not rescaled by the scatter (s^2 = 1)."""
        return self is Weighting.KNOWN_SD

    @property
    def iterated(self) -> bool:
        """Whether the weights follow from the fitted curve and the fit is repeated until they agree."""
        return self is Weighting.FITTED


WEIGHTINGS: Mapping[str, Weighting] = {
    "none": Weighting.NONE,
    "relative": Weighting.FITTED,
    "observed": Weighting.OBSERVED,
    "known_sd": Weighting.KNOWN_SD,
    "replicate_sd": Weighting.REPLICATE_SD,
    "variance_function": Weighting.VARIANCE_FUNCTION,
}
"""The weightings by the short names that a person types."""


@dataclass(frozen=True)
class CountingVariance:
    """Variance of a signal as counting and pipetting imply: constant + per_signal Y + per_square Y^2, at the fitted Y.

    The weights are its inverse; `scale_known` says that it is the whole error, so that the scatter is not looked at.
    """

    constant: float
    per_signal: float
    per_square: float
    scale_known: bool = False

    iterated = True
    value = "1/(Poisson variance + pipetting)"

    def variance(self, y: Array) -> Array:
        """Variance at these responses; a response below zero counts as zero."""
        level = np.maximum(y, 0.0)
        found: Array = self.constant + self.per_signal * level + self.per_square * level**2
        return found


@dataclass(frozen=True)
class GivenWeights:
    """Weights that stand already, one array a curve: those of another fit, to compare two laws on the same."""

    weights: tuple[Array, ...]
    value: str
    scale_known: bool = False

    iterated = False

    @classmethod
    def of(cls, fit: Fit) -> GivenWeights:
        """The weights at which another fit ended."""
        return cls(tuple(curve.weights for curve in fit.curves), fit.weighting, fit.scale_known)


@dataclass(frozen=True)
class VarianceFunction:
    """Variance of a response as a + b |Y|^c."""

    a: float
    b: float
    c: float

    def variance(self, y: Array) -> Array:
        """Variance at these responses."""
        found: Array = self.a + self.b * np.abs(y) ** self.c
        return found


Weights: TypeAlias = Weighting | CountingVariance | GivenWeights


def weigh(weighting: Weights, curves: Sequence[Curve], fitted: Sequence[Array]) -> tuple[Array, ...]:
    """The weight of every point of every curve. `fitted` is looked at by the weighting that is iterated.

    Weights by the response are equal where all responses are zero.

    Raises ModelError when the data do not carry what the weighting needs.
    """
    if isinstance(weighting, CountingVariance):
        return _counted(weighting, fitted)
    if isinstance(weighting, GivenWeights):
        return _given(weighting, curves)
    return _WAYS[weighting](curves, fitted)


def replicate_groups(curve: Curve) -> Indices:
    """For every point the number of its group of equal x, (point,)."""
    _, groups = np.unique(np.atleast_2d(curve.x), axis=1, return_inverse=True)
    return np.asarray(groups).reshape(-1)


def fit_variance_function(curves: Sequence[Curve]) -> VarianceFunction:
    """a, b and c of SD^2 = a + b Y^c by the gamma likelihood of the replicate variances, pooled over the curves.

    Needs at least three groups of replicates; 0 <= c <= 3. Raises ModelError without them.
    """
    from scipy.optimize import minimize

    means, variances, freedom = _scatter(curves)
    if len(means) < 3:
        raise ModelError("A variance function needs at least three concentrations with replicates.")
    unit = float(np.abs(means).max()) or 1.0
    means, variances = np.abs(means) / unit, variances / unit**2
    typical = float(np.average(variances, weights=freedom))
    if typical == 0:
        raise ModelError("All replicates are equal: their scatter says nothing about the error.")

    def deviance(p: Array) -> float:
        expected = typical * (np.exp(p[0]) + np.exp(p[1]) * means ** p[2])
        return float(np.sum(freedom * (np.log(expected) + variances / expected)))

    limits = [(-20.0, 5.0), (-20.0, 20.0), (0.0, 3.0)]
    tries = [minimize(deviance, (-1.0, -1.0, c), bounds=limits, method="L-BFGS-B") for c in (0.5, 1.0, 2.0)]
    a, b, c = min(tries, key=lambda one: float(one.fun)).x
    return VarianceFunction(
        typical * np.exp(a) * unit**2, typical * np.exp(b) * unit ** (2.0 - float(c)), float(c)
    )


def _scatter(curves: Sequence[Curve]) -> tuple[Array, Array, Array]:
    means, variances, freedom = [], [], []
    for curve in curves:
        groups = replicate_groups(curve)
        for group in range(groups.max() + 1):
            y = curve.y[groups == group]
            if y.size > 1:
                means.append(y.mean())
                variances.append(y.var(ddof=1))
                freedom.append(y.size - 1.0)
    return np.array(means), np.array(variances), np.array(freedom)


def _none(curves: Sequence[Curve], _: Sequence[Array]) -> tuple[Array, ...]:
    return tuple(np.ones(len(curve)) for curve in curves)


def inverse_square(y: Array, largest: Array | float) -> Array:
    """1/Y^2, the least |Y| being a part of the largest; one where all responses are zero."""
    level = np.maximum(np.abs(y), FLOOR * np.asarray(largest))
    return 1.0 / np.where(level > 0, level, 1.0) ** 2


def _inverse_square(responses: Sequence[Array]) -> tuple[Array, ...]:
    largest = max(float(np.abs(y).max()) for y in responses)
    return tuple(inverse_square(y, largest) for y in responses)


def inverse_variance(law: CountingVariance, y: Array, largest: Array | float) -> Array:
    """One over the counting variance at these responses, `largest` being the largest variance of the curve."""
    return 1.0 / np.maximum(law.variance(y), FLOOR**2 * np.asarray(largest))


def _counted(law: CountingVariance, fitted: Sequence[Array]) -> tuple[Array, ...]:
    largest = max(float(law.variance(y).max()) for y in fitted)
    if not largest > 0:
        raise ModelError(
            "The counting variance is zero: give a counting time, a background or a pipetting error."
        )
    return tuple(inverse_variance(law, y, largest) for y in fitted)


def point_weights(weighting: Weights, y: Array, sd: Array | None) -> Array | None:
    """The weights of the points (point, curve) of many curves that do not follow from a fit; None where all are one."""
    if weighting is Weighting.OBSERVED:
        return inverse_square(y, np.abs(y).max(axis=0))
    if weighting is Weighting.KNOWN_SD and sd is not None:
        return 1.0 / sd**2
    return None


def fitted_weights(weighting: Weights, fitted: Array) -> Array:
    """The weights (point, curve) that follow from the fitted responses of many curves."""
    if isinstance(weighting, CountingVariance):
        return inverse_variance(weighting, fitted, weighting.variance(fitted).max(axis=0))
    return inverse_square(fitted, np.abs(fitted).max(axis=0))


def _given(weighting: GivenWeights, curves: Sequence[Curve]) -> tuple[Array, ...]:
    if [weights.shape for weights in weighting.weights] != [curve.y.shape for curve in curves]:
        raise ModelError("The given weights do not belong to these points: give one weight for every point.")
    return weighting.weights


def _known(curves: Sequence[Curve], _: Sequence[Array]) -> tuple[Array, ...]:
    missing = [curve.label or str(c + 1) for c, curve in enumerate(curves) if curve.sd is None]
    if missing:
        raise ModelError(
            f"Weights by known SD need an SD for every point; curve {', '.join(missing)} has none."
        )
    return tuple(1.0 / curve.sd**2 for curve in curves if curve.sd is not None)


def _replicate_sd(curves: Sequence[Curve], _: Sequence[Array]) -> tuple[Array, ...]:
    found = []
    for curve in curves:
        groups = replicate_groups(curve)
        counts = np.bincount(groups)
        mean = np.bincount(groups, curve.y) / counts
        variance = np.bincount(groups, (curve.y - mean[groups]) ** 2) / np.maximum(counts - 1, 1)
        if counts.min() < REPLICATES_NEEDED or variance.min() <= 0:
            raise ModelError(
                f"Weights 1/SD^2 need at least {REPLICATES_NEEDED} unequal replicates at every concentration; "
                "pool them with a variance function instead."
            )
        found.append(1.0 / variance[groups])
    return tuple(found)


def _pooled(curves: Sequence[Curve], _: Sequence[Array]) -> tuple[Array, ...]:
    law = fit_variance_function(curves)
    found = []
    for curve in curves:
        groups = replicate_groups(curve)
        mean = np.bincount(groups, curve.y) / np.bincount(groups)
        found.append(1.0 / law.variance(mean[groups]))
    return tuple(found)


_WAYS: dict[Weighting, Callable[[Sequence[Curve], Sequence[Array]], tuple[Array, ...]]] = {
    Weighting.NONE: _none,
    Weighting.FITTED: lambda _, fitted: _inverse_square(fitted),
    Weighting.OBSERVED: lambda curves, _: _inverse_square([curve.y for curve in curves]),
    Weighting.KNOWN_SD: _known,
    Weighting.REPLICATE_SD: _replicate_sd,
    Weighting.VARIANCE_FUNCTION: _pooled,
}
