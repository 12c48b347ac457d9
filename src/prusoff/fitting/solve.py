"""Fits a law to one curve, or to several that share parameters, and says how it went."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from ..core.curves import Curve
from ..core.equation import Array, Equation
from ..core.errors import ModelError, UnknownName
from ..core.fit import Fit, FittedCurve, Outcome
from . import sentences
from .account import write
from .intervals import quantile
from .problem import Problem, Rule
from .search import Options, Search
from .start import first_guess
from .weights import Weighting, Weights

__all__ = ["Options", "fit", "fit_curve"]

DEFAULTS = Options()


def fit_curve(
    equation: Equation,
    curve: Curve,
    weighting: Weights = Weighting.NONE,
    level: float = 0.95,
    sharing: Mapping[str, Rule | float] | None = None,
    options: Options = DEFAULTS,
) -> Fit:
    """Fit a law to one curve; `sharing` fixes parameters (`{"hill": 1.0}`) or limits them (`Between(0, 1)`)."""
    return fit(Problem(equation, (curve,), sharing or {}), weighting, level, options)


def fit(
    problem: Problem, weighting: Weights = Weighting.NONE, level: float = 0.95, options: Options = DEFAULTS
) -> Fit:
    """Find the least weighted sum of squares from several starts, with errors, intervals and a verdict.

    Data that cannot be fitted give a Fit whose outcome says so; wrong use (an unknown parameter, weights that the data
    do not carry) raises ModelError, UnknownName or InputError.
    """
    quantile(level, 1.0)
    if problem.priors and not weighting.scale_known:
        raise ModelError(
            "A prior needs weights that are absolute: give the standard deviation of every point."
        )
    obstacle = _obstacle(problem)
    if obstacle:
        return _failed(problem, weighting, obstacle)
    with np.errstate(all="ignore"):
        guess = _guess(problem, options.start)
        if not np.isfinite(guess).all():
            return _failed(problem, weighting, "The law gives no finite start for these data.")
        search = Search(problem, weighting, options).run(guess)
        if not math.isfinite(search.minimum.sum_of_squares):
            return _failed(problem, weighting, "The law has no finite value for these data.")
        return write(problem, search, level, options)


def _obstacle(problem: Problem) -> str:
    """Why these data cannot be fitted whatever the search does; empty when they may be."""
    free, priors = len(problem.names), len(problem.priors)
    places = sum(np.unique(np.atleast_2d(curve.x), axis=1).shape[1] for curve in problem.curves)
    if places + priors < free:
        return _too_few(problem, places, free - priors)
    largest = max(float(np.abs(curve.y).max()) for curve in problem.curves)
    if largest > 0 and not sentences.LEAST < largest < sentences.MOST:
        return sentences.out_of_proportion(largest)
    for axis, logged in enumerate(axis.log10 for axis in problem.equation.axes):
        if not logged and any(np.isinf(np.atleast_2d(curve.x)[axis]).any() for curve in problem.curves):
            return sentences.no_ends(problem.equation.axes[axis])
    return ""


def _too_few(problem: Problem, places: int, needed: int) -> str:
    x = np.concatenate([np.atleast_2d(curve.x)[0] for curve in problem.curves])
    zero = int((x == 0).sum())
    return sentences.too_few(problem.equation.axes[0], (places, len(problem.names), needed), (zero, x.size))


def _guess(problem: Problem, start: Mapping[str, float]) -> Array:
    for name in start:
        if name not in problem.names:
            raise UnknownName.among(name, problem.names, "fitted parameter", "start")
    if set(start) == set(problem.names):
        guess: Array = np.array([start[name] for name in problem.names], dtype=float)
    else:
        guess = first_guess(problem)
        for name, value in start.items():
            guess[problem.names.index(name)] = value
    clipped: Array = np.clip(guess, problem.lower, problem.upper)
    return clipped


def _failed(problem: Problem, weighting: Weights, reason: str) -> Fit:
    """A fit that has no numbers, and why."""
    free, table = len(problem.names), problem.parameters(np.full(len(problem.names), np.nan))
    return Fit(
        equation=problem.equation,
        outcome=Outcome.FAILED,
        reason=reason,
        names=problem.names,
        values=np.full(free, np.nan),
        se=np.full(free, np.nan),
        covariance=np.full((free, free), np.nan),
        intervals={},
        curves=tuple(
            FittedCurve(curve, np.ones(len(curve)), np.full(len(curve), np.nan), table[c])
            for c, curve in enumerate(problem.curves)
        ),
        sum_of_squares=math.nan,
        df=sum(len(curve) for curve in problem.curves) - free,
        weighting=weighting.value,
        scale_known=weighting.scale_known,
        fixed=problem.fixed,
        verdict=reason,
    )
