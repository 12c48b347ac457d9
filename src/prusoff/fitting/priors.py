"""What is taken to be known of the parameters of a law before the experiments: little, and stated in words."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..core.curves import Curve
from ..core.equation import Array, Equation, Parameter
from ..core.errors import ModelError
from .problem import measured_range

WIDE_SIGNAL = 2.0  # spans of the responses
WIDE_LOG = 2.0  # decades
WIDE_SLOPE = 0.5  # natural log units: a factor of 2.7 either way with 95 %
WIDE_AMOUNT = 1.0  # natural log units, for positive amounts in the unit of the response


@dataclass(frozen=True)
class Weak:
    """A weak prior of one parameter in every experiment: transform(centre + scale z), z standard normal.

    `shape` is 'normal', 'log-normal' or 'logit-normal' (between 0 and 1); `centre` and `scale` are (experiment,).
    """

    name: str
    shape: str
    centre: Array
    scale: Array
    sentence: str


@dataclass(frozen=True)
class Location:
    """The prior of the mean potency: normal about the middle of the tested range, on the scale of the law."""

    centre: float
    scale: float
    sentence: str


def location_prior(equation: Equation, experiments: Sequence[Curve]) -> Location:
    """The middle of the tested range, plus and minus its half width and one decade more.

    Raises ModelError for a law whose location is no log10 quantity of its axis.
    """
    located = equation.parameters[equation.index(equation.location)] if equation.location else None
    low, high = measured_range(equation, experiments)
    if located is None or not located.log10 or not math.isfinite(low):
        raise ModelError(
            f"'{equation.name}' has no log10 potency over the tested range to be pooled over experiments."
        )
    centre, scale = (low + high) / 2.0, (high - low) / 2.0 + 1.0
    return Location(
        centre, scale, f"Mean {equation.location} ~ Normal({centre:.4g}, {scale:.3g}) before the data."
    )


def weak_priors(
    equation: Equation, experiments: Sequence[Curve], known: Mapping[str, object]
) -> tuple[Weak, ...]:
    """The priors of all parameters but the location and the known ones, read off the spread of each experiment.

    Raises ModelError for a parameter whose size nothing tells beforehand.
    """
    starts = np.array([equation.start(curve.x, curve.y) for curve in experiments], dtype=float)
    return tuple(
        _weak(parameter, experiments, starts[:, j])
        for j, parameter in enumerate(equation.parameters)
        if parameter.name != equation.location and parameter.name not in known
    )


def _weak(parameter: Parameter, experiments: Sequence[Curve], start: Array) -> Weak:
    name, ones = parameter.name, np.ones(len(experiments))
    if parameter.lower == 0.0 and parameter.upper == 1.0:
        words = f"{name} ~ logit-normal(0, 1.5), nearly even between 0 and 1."
        return Weak(name, "logit-normal", 0.0 * ones, 1.5 * ones, words)
    if parameter.log10:
        return Weak(
            name, "normal", start, WIDE_LOG * ones, f"{name} ~ Normal(its start, {WIDE_LOG:g} decades)."
        )
    if parameter.lower >= 0.0 and (start > 0).all():
        wide = WIDE_AMOUNT if parameter.unit == "signal" else WIDE_SLOPE
        words = f"{name} ~ log-normal(about its start, {wide:g})."
        return Weak(name, "log-normal", np.log(start), wide * ones, words)
    if parameter.unit == "signal":
        middle = np.array([float(curve.y.max() + curve.y.min()) / 2.0 for curve in experiments])
        words = f"{name} ~ Normal(middle of the responses, {WIDE_SIGNAL:g} times their span)."
        return Weak(name, "normal", middle, WIDE_SIGNAL * spans(experiments), words)
    raise ModelError(f"Nothing tells the size of '{name}' beforehand; give its value as known.")


def spans(experiments: Sequence[Curve]) -> Array:
    """Largest minus smallest response of every experiment, (experiment,); ModelError where all are equal."""
    found = np.array([float(np.ptp(curve.y)) for curve in experiments])
    if not (found > 0).all():
        raise ModelError("An experiment whose responses are all equal shows nothing; leave it out.")
    return found
