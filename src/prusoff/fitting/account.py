"""Writes down what a search found: errors, intervals, tests, the outcome and the verdict."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ..core.equation import Array
from ..core.fit import Fit, FittedCurve, Interval, Outcome, Test
from . import sentences
from .covariance import NOT_IDENTIFIED, Curvature, curvature
from .intervals import Profiler, wald_limits
from .problem import Problem
from .quality import quality_tests
from .response import response_test
from .search import Options, Search
from .turning import turns
from .verdict import location_bounds, undefined

RETURNS = 3  # how often a profile may send the search to a lower minimum that it met
# from so many points on: the probability above which a curve is called flat; at the first, the chance that any of 2000
# flat curves gets a potency is below 0.5 %; fewer points cannot be as sure of a full curve
FLAT_LEVELS = ((20, 2.5e-6), (15, 1e-4), (10, 1e-3), (7, 1e-2), (0, 5e-2))


def flat_level(points: int) -> float:
    """The probability above which a curve of so many points is called flat, where no other level is asked for."""
    return next(p for least, p in FLAT_LEVELS if points >= least)


def write(problem: Problem, search: Search, level: float, options: Options) -> Fit:
    """The finished fit of a search that ended at finite numbers."""
    df = search.objective.rows - len(problem.names)
    tests, flat = _responses(problem, options.response_level)
    silent = bool(flat) and len(flat) == len(_located(problem))
    found, intervals = _intervals(search, df, level, None if silent else options)
    values, at_bounds = search.minimum.values, _at_bounds(problem, search.minimum.values)
    errors = np.sqrt(np.diag(found.covariance))
    errors[[name in at_bounds for name in problem.names]] = np.nan
    table, fitted = problem.parameters(values), search.objective.fitted(values)
    draft = Fit(
        equation=problem.equation,
        outcome=Outcome.OK,
        reason="",
        names=problem.names,
        values=values,
        se=errors,
        covariance=found.covariance,
        intervals=intervals,
        curves=tuple(
            FittedCurve(curve, search.weights[c], fitted[c], table[c])
            for c, curve in enumerate(problem.curves)
        ),
        sum_of_squares=search.minimum.sum_of_squares,
        df=df,
        weighting=search.weighting.value,
        scale_known=search.weighting.scale_known,
        fixed=problem.fixed,
        at_bounds=at_bounds,
        condition=found.condition,
        verdict=" ".join(undefined(problem, values, at_bounds, intervals, found)),
        starts=search.tried,
        evaluations=search.minimum.evaluations,
    )
    draft = replace(draft, tests=(*tests, *quality_tests(draft)))
    if silent:
        reason = " ".join(flat)
        return replace(draft, outcome=Outcome.NO_RESPONSE, reason=reason, verdict=reason)
    return _judged(problem, draft, [*flat, *_notes(search, draft)], options)


def _variance(search: Search, df: int) -> float:
    if search.weighting.scale_known:
        return 1.0
    return search.minimum.sum_of_squares / df if df > 0 else math.nan


def _at_bounds(problem: Problem, values: Array) -> tuple[str, ...]:
    there = (values <= problem.lower) | (values >= problem.upper)
    return tuple(name for name, stands in zip(problem.names, there, strict=True) if stands)


def _intervals(
    search: Search, df: int, level: float, options: Options | None
) -> tuple[Curvature, dict[str, Interval]]:
    """Intervals of the parameters that are asked for; a profile that meets a lower minimum starts the search anew."""
    problem = search.problem
    for _ in range(RETURNS):
        minimum = search.minimum
        variance = _variance(search, df)
        found = curvature(search.objective, minimum.values, _at_bounds(problem, minimum.values), variance)
        profiler = Profiler(
            search.objective, minimum, found.unscaled, variance, df, search.weighting.scale_known
        )
        if df <= 0 or options is None or not options.intervals:
            return found, {}
        asked = [name for name in problem.names if options.asks_for(name)]
        if options.intervals == "wald":
            known = wald_limits(profiler, problem.names, level)
            return found, {name: known[name] for name in asked if name in known}
        intervals = {name: profiler.interval(problem.names.index(name), level) for name in asked}
        if profiler.better is None:
            break
        search.restart(profiler.better)
    return found, intervals


def _judged(problem: Problem, fit: Fit, notes: list[str], options: Options) -> Fit:
    """The outcome of a fit that shows a response: censored before flagged; every reason is named."""
    bounds = location_bounds(problem, fit, options.controls)
    verdict = fit.verdict or "All parameters are defined by the data."
    reasons = [*(one.sentence for one in bounds.values()), *notes]
    fit = replace(fit, verdict=verdict, reason=" ".join(reasons))
    if bounds and len(bounds) == _locations(problem):
        return replace(fit, outcome=Outcome.CENSORED)
    return replace(fit, outcome=Outcome.FLAGGED) if reasons else fit


def _located(problem: Problem) -> Sequence[int]:
    """The curves in which the location of the law is fitted."""
    if not problem.equation.location:
        return ()
    column = problem.places[:, problem.equation.index(problem.equation.location)]
    return [int(c) for c in np.flatnonzero(column >= 0)]


def _locations(problem: Problem) -> int:
    """How many locations are fitted."""
    return sum(name.split("[")[0] == problem.equation.location for name in problem.names)


def _responses(problem: Problem, level: float | None) -> tuple[tuple[Test, ...], list[str]]:
    """The test for a response of every curve that has a location, and a sentence for each that shows none."""
    tests, flat, turning = [], [], turns(problem.equation)
    for c in _located(problem):
        test = response_test(problem.curves[c], turning)
        if test is None:
            continue
        tests.append(test)
        allowed = flat_level(len(problem.curves[c])) if level is None else level
        if test.p > allowed:
            where = "" if len(problem.curves) == 1 else f"{problem.labels[c]}: "
            said = sentences.not_seen(problem.equation, test.p, allowed, len(problem.curves[c]))
            flat.append(where + said)
    return tuple(tests), flat


def _notes(search: Search, fit: Fit) -> list[str]:
    """What a user must know of a fit that has values."""
    notes = []
    if not search.minimum.converged:
        notes.append(sentences.UNENDED)
    if not search.settled:
        notes.append(sentences.UNSETTLED)
    if fit.df <= 0:
        notes.append(sentences.NO_FREEDOM)
    if fit.condition > NOT_IDENTIFIED:
        notes.append(sentences.not_identified(fit.condition))
    if fit.verdict:
        notes.append(fit.verdict)
    if not notes and not np.isfinite(fit.se).all():
        notes.append(sentences.NO_ERROR)
    return notes
