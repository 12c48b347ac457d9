"""Fits one law to several groups (cells, subjects) that differ at random in one parameter; the groups count."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..core.curves import Curve
from ..core.errors import ModelError
from ..core.fit import Fit, FittedCurve, Interval, Outcome
from . import sentences
from .account import flat_level
from .covariance import Curvature, curvature
from .intervals import Profiler, quantile
from .objective import Objective
from .population import location_bound
from .problem import Between, Fixed, Problem, Rule, Shared
from .search import Options
from .solve import DEFAULTS, fit
from .variance_ratio import Place, RatioSearch
from .verdict import Bound, undefined
from .weights import Weighting, Weights

# weightings for which points weigh the same whether they stand in one curve or in several
_BY_POINTS = (Weighting.NONE, Weighting.FITTED, Weighting.OBSERVED, Weighting.KNOWN_SD)


@dataclass(frozen=True)
class GroupFit:
    """One group: its own location with the conditional standard error, and the curve that is predicted for it."""

    label: str
    location: float
    location_se: float
    curve: FittedCurve


@dataclass(frozen=True)
class MixedFit:
    """A law in which one parameter differs from group to group as a normal variable.

    `fit` holds the values of the population (those of an average group) with their errors and intervals, its curves all
    with the parameters of the population; `groups` the curves predicted for each group. `between_sd` is the standard
    deviation of the parameter between groups on the scale of the fit, `residual_sd` that of a measurement within a
    group, in units of the weights. `plain` is the fit without differences between groups: where `between_sd` is zero
    its values are those of `fit`. `df` are the degrees of freedom of the interval of the parameter that differs;
    `deviance` is minus twice the (restricted, if `restricted`) log likelihood of the linearised model. `bound` is all
    that can be said of the location of the population where the data do not reach it.
    """

    fit: Fit
    plain: Fit
    random: str
    between_sd: float
    residual_sd: float
    groups: tuple[GroupFit, ...]
    df: int
    deviance: float
    restricted: bool = True
    bound: Bound | None = None

    @property
    def interval(self) -> Interval | None:
        """The interval of the mean over groups; None where there is none."""
        return self.fit.intervals.get(self.random)


def fit_mixed(
    problem: Problem,
    random: str = "",
    weighting: Weights = Weighting.NONE,
    level: float = 0.95,
    options: Options = DEFAULTS,
    restricted: bool = True,
) -> MixedFit:
    """Fit a law to groups, one curve each, in which `random` (else the location) is normal between groups.

    Given the ratio of the variances, all values and the deviations of the groups follow from penalised least squares;
    the ratio from the restricted likelihood of the model linearised there (Lindstrom MJ, Bates DM, Biometrics
    1990;46:673), or from the full one without `restricted`. Both are exact for a law that is linear in its parameters.
    Limits of `random` lie where the penalised sum of squares has grown by the squared quantile of Student's t with
    (groups - 1) degrees of freedom: groups count, measurements do not. Weights are those of the plain fit; known SDs
    are taken as the whole scatter within a group.

    One group, or groups of one measurement each, show no differences between groups: the plain fit is returned, as it
    is where that fit has failed or no response is seen. Raises ModelError where `random` is held.
    """
    random = random or problem.equation.location
    place = problem.equation.index(random)
    if (problem.places[:, place] < 0).any():
        raise ModelError(f"'{random}' is held in a group: a value that is held cannot differ between groups.")
    shared = Problem(problem.equation, problem.curves, {**problem.sharing, random: Shared()}, problem.priors)
    telling = _tells_groups(shared)
    plain = _plain(shared, weighting, level, replace(options, intervals="") if telling else options)
    search = RatioSearch(shared, plain, random, restricted)
    if not telling or plain.outcome in (Outcome.FAILED, Outcome.NO_RESPONSE):
        return _without_groups(search, options)
    with np.errstate(all="ignore"):
        return _written(search, level, options)


def _tells_groups(shared: Problem) -> bool:
    """Whether the data can tell differences between groups from scatter within them."""
    sizes = [len(curve) for curve in shared.curves]
    return len(sizes) > 1 and max(sizes) > 1 and sum(sizes) + len(shared.priors) > len(shared.names)


def _plain(shared: Problem, weighting: Weights, level: float, options: Options) -> Fit:
    """The fit without differences between groups: that of all points as one curve, where they share everything."""
    alike = bool(np.all((shared.constants == shared.constants[0]) | (shared.places >= 0)))
    if not (alike and set(shared.names) <= set(shared.equation.names) and weighting in _BY_POINTS):
        return fit(shared, weighting, level, options)
    rules: dict[str, Rule] = {
        name: Between(float(shared.lower[k]), float(shared.upper[k])) for k, name in enumerate(shared.names)
    }
    held = {name: Fixed(value) for name, value in shared.fixed.items()}
    problem = Problem(shared.equation, (_joined(shared.curves),), {**rules, **held}, shared.priors)
    if options.response_level is None:  # as sure as the curve of one group is asked to be
        options = replace(options, response_level=flat_level(max(map(len, shared.curves))))
    found = fit(problem, weighting, level, options)
    ends = np.cumsum([len(curve) for curve in shared.curves])[:-1]
    weights, fitted = (np.split(part, ends) for part in (found.curve.weights, found.curve.fitted))
    curves = tuple(
        FittedCurve(curve, weights[c], fitted[c], found.curve.parameters)
        for c, curve in enumerate(shared.curves)
    )
    return replace(found, curves=curves)


def _joined(curves: Sequence[Curve]) -> Curve:
    sds = [curve.sd for curve in curves if curve.sd is not None]
    return Curve(
        np.concatenate([curve.x for curve in curves], axis=-1),
        np.concatenate([curve.y for curve in curves]),
        np.concatenate(sds) if len(sds) == len(curves) else None,
    )


def _without_groups(search: RatioSearch, options: Options) -> MixedFit:
    """The plain fit where nothing can be said of groups."""
    plain, place = search.plain, search.shared.equation.index(search.random)
    groups = tuple(
        GroupFit(label, float(curve.parameters[place]), math.nan, curve)
        for label, curve in zip(search.shared.labels, plain.curves, strict=True)
    )
    return MixedFit(
        plain,
        plain,
        search.random,
        math.nan,
        plain.residual_sd,
        groups,
        plain.df,
        math.nan,
        search.restricted,
        location_bound(search.shared, plain, options.controls) if plain.intervals else None,
    )


def _written(search: RatioSearch, level: float, options: Options) -> MixedFit:
    """The fit of the population and of every group at the ratio that was found."""
    best = search.best()
    problem, values = best.objective.problem, best.minimum.values
    there = (values <= problem.lower) | (values >= problem.upper)
    held = tuple(name for name, stands in zip(problem.names, there, strict=True) if stands)
    found = curvature(best.objective, values, held, best.variance)
    intervals = _intervals(search, (best, found), level, options)
    population, bound = _population(search, (best, found), intervals, options)
    return MixedFit(
        population,
        search.plain,
        search.random,
        math.sqrt(best.ratio * best.variance),
        math.sqrt(best.variance),
        _groups(search, best, found),
        search.between,
        best.deviance,
        search.restricted,
        bound,
    )


def _intervals(
    search: RatioSearch, at: tuple[Place, Curvature], level: float, options: Options
) -> dict[str, Interval]:
    """The parameter that differs by the number of groups, the others by the measurements left within groups."""
    (best, found), limits = at, {}
    for k, name in enumerate(search.shared.names):
        if not (options.intervals and options.asks_for(name)):
            continue
        differs = name == search.random
        df, known = (search.between, False) if differs else (search.within, search.plain.scale_known)
        if options.intervals == "profile":
            profiler = Profiler(best.objective, best.minimum, found.unscaled, best.variance, df, known)
            limits[name] = profiler.interval(k, level)
            continue
        half = quantile(level, df, known) * math.sqrt(float(found.covariance[k, k]))
        middle = float(best.minimum.values[k])
        limits[name] = Interval(middle - half, middle + half, level, "Wald")
    return limits


def _population(
    search: RatioSearch, at: tuple[Place, Curvature], intervals: dict[str, Interval], options: Options
) -> tuple[Fit, Bound | None]:
    """The law of an average group, judged like any other fit, and the bound of its location."""
    (best, found), shared, free = at, search.shared, search.free
    values = best.minimum.values[:free]
    part = replace(found, unscaled=found.unscaled[:free, :free], weakest=found.weakest[:free])
    at_bounds = tuple(
        name for k, name in enumerate(shared.names) if not shared.lower[k] < values[k] < shared.upper[k]
    )
    errors = np.sqrt(np.diag(part.covariance))
    errors[[name in at_bounds for name in shared.names]] = np.nan
    vague = " ".join(undefined(shared, values, at_bounds, intervals, part))
    table, fitted = shared.parameters(values), Objective(shared, search.weights).fitted(values)
    draft = replace(
        search.plain,
        outcome=Outcome.OK,
        reason="",
        values=values,
        se=errors,
        covariance=part.covariance,
        intervals=intervals,
        curves=tuple(
            FittedCurve(curve, search.weights[c], fitted[c], table[c])
            for c, curve in enumerate(shared.curves)
        ),
        sum_of_squares=best.minimum.sum_of_squares,
        at_bounds=at_bounds,
        condition=part.condition,
        verdict=vague or "All parameters are defined by the data.",
    )
    bound = location_bound(shared, draft, options.controls)
    reasons = ([] if bound is None else [bound.sentence]) + ([vague] if vague else [])
    if not best.minimum.converged:
        reasons.append(sentences.UNENDED)
    outcome = Outcome.CENSORED if bound else Outcome.FLAGGED if reasons else Outcome.OK
    return replace(draft, outcome=outcome, reason=" ".join(reasons)), bound


def _groups(search: RatioSearch, best: Place, found: Curvature) -> tuple[GroupFit, ...]:
    """Every group with its own value and the curve that follows."""
    shared, free, values = search.shared, search.free, best.minimum.values
    law, mean = shared.equation, shared.names.index(search.random)
    covariance, told = found.covariance, []
    for c, (label, curve) in enumerate(zip(shared.labels, shared.curves, strict=True)):
        parameters = shared.parameters(values[:free])[c]
        place, variance, k = law.index(search.random), float(covariance[mean, mean]), free + c
        if best.ratio > 0:
            parameters[place] += values[k]
            variance += float(covariance[k, k] + 2.0 * covariance[mean, k])
        fitted = np.broadcast_to(law.function(curve.x, parameters), curve.y.shape).astype(float)
        own = FittedCurve(curve, search.weights[c], fitted, parameters)
        told.append(GroupFit(label, float(parameters[place]), math.sqrt(max(variance, 0.0)), own))
    return tuple(told)
