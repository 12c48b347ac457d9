"""Which law wins among fits with Student t errors, and the concentration of half the response that it reaches."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc

from ..core.equation import Array
from ..core.errors import ModelError
from ..core.fit import Fit
from .compare import evidence
from .error_laws import StudentT
from .intervals import antilog
from .robust import RobustFit
from .robust_statistics import student_log_likelihood, student_scale

ALPHA = 0.05
GRID = 2001  # concentrations at which a curve is looked at
BELOW = 6.0  # decades below the lowest concentration within which half the response is sought
HALVINGS = 60


@dataclass(frozen=True)
class WinningModel:
    """The law with the lowest AIC, the AIC of all by name, and what speaks for it against no response at all.

    `no_response` is the AIC of a response that is zero everywhere; `probability` the Akaike weight of the winner
    against it: the probability that of the two the winner loses less.
    """

    fit: RobustFit
    aic: Mapping[str, float]
    no_response: float
    probability: float

    @property
    def sentence(self) -> str:
        """The result in words."""
        law = self.fit.fit.equation.title
        if self.probability < 1.0 - ALPHA:
            return f"{law} fits best, but a response is not certain (probability {self.probability:.2g})."
        return f"{law} fits best of {len(self.aic)} laws."


@dataclass(frozen=True)
class HalfResponse:
    """The response furthest from zero over the tested concentrations, and the lowest (AC50) at which half is met."""

    top: float
    concentration: float


def no_response_aic(found: RobustFit) -> float:
    """AIC of zero everywhere with Student t errors of the most likely scale, for the points and weights of a fit."""
    errors = _student(found)
    curves = found.fit.curves
    weighted = np.concatenate([curve.data.y * np.sqrt(curve.weights) for curve in curves])
    scale = float(student_scale(weighted, errors.df))
    jacobian = 0.5 * sum(float(np.log(curve.weights).sum()) for curve in curves)
    if scale <= 0:
        return -math.inf
    return 2.0 - 2.0 * (float(student_log_likelihood(weighted, scale, errors.df)) + jacobian)


def winning_model(
    fits: Sequence[RobustFit], nested: Sequence[tuple[str, str]] = (), alpha: float = ALPHA
) -> WinningModel:
    """The law with the lowest AIC among fits of the same points with t errors of the same degrees of freedom.

    Of each pair of names in `nested`, the simpler law first, one takes part: the richer one only where its AIC is lower
    and the likelihood ratio is improbable (P < alpha) for the simpler. Sheffield et al. 2022.

    Raises ModelError for fits that cannot be compared or where none has a likelihood.
    """
    usable = [one for one in fits if math.isfinite(one.log_likelihood)]
    if not usable:
        raise ModelError("No law was fitted: there is nothing to choose from.")
    for one in usable[1:]:
        _require_alike(usable[0], one)
    by_name = {one.fit.equation.name: one for one in usable}
    left = dict(by_name)
    for simple, richer in nested:
        if simple in by_name and richer in by_name:
            del left[simple if _worth(by_name[simple], by_name[richer], alpha) else richer]
    best = min(left.values(), key=lambda one: (round(one.aic, 6), len(one.fit.names), one.fit.equation.name))
    nothing = no_response_aic(best)
    return WinningModel(
        best, {name: one.aic for name, one in by_name.items()}, nothing, evidence(best.aic - nothing)
    )


def half_response(fit: Fit, tops: Array | None = None) -> HalfResponse:
    """The top that a curve which starts at zero reaches, and its AC50, both of the first data set.

    The top is sought at the concentrations `tops` (x as the law takes it), or without them anywhere between the lowest
    and the highest tested one. The AC50 is in the unit of the axis, also where the law takes its logarithm; nan where
    there is no response, or half of it a million times below the lowest concentration.
    """
    axis = fit.equation.axes[0]
    if len(fit.equation.axes) > 1:
        raise ModelError("Half a response is sought along one concentration; this law has several axes.")
    tested = _logs(np.atleast_2d(fit.curve.data.x)[0], axis.log10)
    low, high = float(tested.min()), float(tested.max())
    sought = np.linspace(low, high, GRID) if tops is None else _logs(tops, axis.log10)

    def heights(logs: Array) -> Array:
        return fit.predict(logs if axis.log10 else np.power(10.0, logs))

    top = float(max(heights(sought), key=abs))
    places = np.union1d(np.linspace(low - BELOW, low, GRID), np.append(sought, np.linspace(low, high, GRID)))
    reached = int(np.argmax(np.abs(heights(places)) >= abs(top) / 2.0))
    if top == 0 or reached == 0:
        return HalfResponse(top, math.nan)
    below, above = float(places[reached - 1]), float(places[reached])
    for _ in range(HALVINGS):
        middle = (below + above) / 2.0
        if abs(float(heights(np.array([middle]))[0])) >= abs(top) / 2.0:
            above = middle
        else:
            below = middle
    return HalfResponse(top, antilog(above))


def _logs(x: Array, logged: bool) -> Array:
    """The finite concentrations above zero as log10."""
    logs = x if logged else np.log10(x[x > 0])
    found: Array = logs[np.isfinite(logs)]
    return found


def _worth(simple: RobustFit, richer: RobustFit, alpha: float) -> bool:
    """Whether the richer of two nested laws is worth its parameters."""
    gain = 2.0 * (richer.log_likelihood - simple.log_likelihood)
    more = len(richer.fit.names) - len(simple.fit.names)
    return richer.aic <= simple.aic and float(chdtrc(more, max(gain, 0.0))) < alpha


def _student(found: RobustFit) -> StudentT:
    if not isinstance(found.errors, StudentT):
        raise ModelError("Laws are compared by their likelihood: fit them with Student t errors.")
    return found.errors


def _require_alike(one: RobustFit, other: RobustFit) -> None:
    if _student(one) != _student(other):
        raise ModelError("The fits expect different errors; fit all laws with the same degrees of freedom.")
    pairs = list(zip(one.fit.curves, other.fit.curves, strict=False))
    same = len(one.fit.curves) == len(other.fit.curves) and all(
        np.array_equal(a.data.y, b.data.y) and np.allclose(a.weights, b.weights, rtol=1e-12) for a, b in pairs
    )
    if not same:
        raise ModelError("The fits are of different points or weights; fit all laws to the same ones.")
