"""Bootstrap: how far the fitted values scatter when the experiment is drawn anew from its own scatter."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum

import numpy as np

from ..core.curves import Curve
from ..core.equation import Array
from ..core.errors import ModelError
from ..core.fit import Fit, Interval, Outcome
from .account import flat_level
from .bootstrap_limits import Limits, known_range
from .intervals import quantile
from .levenberg import minimise
from .objective import Objective
from .problem import Indices, Problem
from .response import is_flat
from .seed import data_order, data_seed, generators
from .turning import turns
from .weights import replicate_groups

CLOSE = 1e-8  # gain, relative to the sum of squares, at which a refit ends


class Resampling(Enum):
    """What is drawn anew; the value is what reports print."""

    PARAMETRIC = "parametric"
    CASES = "cases"
    WITHIN_REPLICATES = "cases within replicates"


@dataclass(frozen=True)
class Bootstrap:
    """Fitted values of many simulated repeats of one experiment, and the intervals that they give.

    `values` is (replicate, fitted) on the scale of the fit, nan where a repeat gave no value. `percentile` and `bca`
    hold an interval for every name; an open side is infinite. `failed` counts the repeats that could not be fitted,
    `no_response` those in which a curve showed no response; both count as beyond either limit.
    """

    resampling: Resampling
    names: tuple[str, ...]
    values: Array
    percentile: Mapping[str, Interval]
    bca: Mapping[str, Interval]
    failed: int
    no_response: int
    seed: int
    sentence: str

    @property
    def replicates(self) -> int:
        """How many repeats were drawn."""
        return int(self.values.shape[0])


def bootstrap(
    problem: Problem,
    fit: Fit,
    resampling: Resampling = Resampling.PARAMETRIC,
    replicates: int = 2000,
    level: float = 0.95,
) -> Bootstrap:
    """Draw the experiment anew so many times, refit each from the minimum, and read the limits from the fitted values.

    Parametric: the fitted curve plus normal errors of the residual variance (the known one where the weights are
    absolute). Cases: whole points with replacement. Cases within replicates: the points of one concentration are drawn
    among themselves, their distances from their mean stretched by sqrt(n / (n - 1)); a concentration with a single
    point does not scatter then. Weights are those at which the fit ended, limits of parameters those of the problem.

    A repeat whose potency lies outside the tested range, or in which a parameter stands at its limit, counts as beyond
    every number on that side; a side that is open in the profile of the fit stays open. The seed follows from the data:
    neither order nor units of the points change it. Efron & Tibshirani 1993 (percentile, BCa); Davison & Hinkley 1997.

    Raises ModelError for a problem with priors, for one that the fit does not belong to, and for cases within
    replicates where there are none.
    """
    quantile(level, 1.0)
    obstacle = _obstacle(problem, fit, resampling)
    if obstacle or replicates < 1:
        sentence = f"There is no bootstrap: {obstacle or 'no repeats were asked for.'}"
        return Bootstrap(resampling, fit.names, np.empty((0, len(fit.names))), {}, {}, 0, 0, 0, sentence)
    urn = _Urn.of(problem, fit)
    with np.errstate(all="ignore"):
        values, failed, silent = urn.repeats(resampling, replicates)
        limits = Limits(fit, urn.range, values, urn.jackknife(), level)
    return Bootstrap(
        resampling,
        fit.names,
        values,
        {name: limits.percentile(k) for k, name in enumerate(fit.names)},
        {name: limits.bca(k) for k, name in enumerate(fit.names)},
        failed,
        silent,
        data_seed(urn.problem.curves, urn.weights),
        _sentence(resampling, replicates, failed, silent),
    )


def _obstacle(problem: Problem, fit: Fit, resampling: Resampling) -> str:
    """Why nothing can be drawn; empty when it can. Raises ModelError for wrong use."""
    if fit.names != problem.names:
        raise ModelError("The fit does not belong to this problem: they have other fitted parameters.")
    if problem.priors:
        raise ModelError(
            "A fit with priors cannot be drawn anew from its points alone; use its profile intervals."
        )
    if fit.outcome in (Outcome.FAILED, Outcome.NO_RESPONSE):
        return str(fit.outcome.value)
    if resampling is Resampling.PARAMETRIC and fit.df <= 0 and not fit.scale_known:
        return "there are as many parameters as points, so the scatter is not known."
    most = max(int(np.bincount(replicate_groups(curve.data)).max()) for curve in fit.curves)
    if resampling is Resampling.WITHIN_REPLICATES and most < 2:
        raise ModelError("Cases within replicates need replicates; every concentration has a single point.")
    return ""


def _sentence(resampling: Resampling, replicates: int, failed: int, silent: int) -> str:
    counts = ((failed, "could not be fitted"), (silent, "showed no response"))
    lost = " and ".join(f"{count} {what}" for count, what in counts if count)
    end = f"; {lost}: they count as beyond both limits" if lost else ""
    return f"{replicates} repeats were drawn ({resampling.value}){end}."


@dataclass(frozen=True)
class _Repeat:
    """One repeat of the experiment: how often every point was drawn, and its response, for every curve."""

    counts: tuple[Array, ...]
    responses: tuple[Array, ...]


@dataclass(frozen=True)
class _Urn:
    """The data in the order of their values, and the fitted curve: all that the repeats are drawn from."""

    problem: Problem
    fit: Fit
    weights: tuple[Array, ...]
    fitted: tuple[Array, ...]
    groups: tuple[Indices, ...]
    range: tuple[Array, Array]

    @classmethod
    def of(cls, problem: Problem, fit: Fit) -> _Urn:
        curves, weights, fitted = [], [], []
        for curve, one in zip(problem.curves, fit.curves, strict=True):
            order = data_order(curve, one.weights)
            sd = None if curve.sd is None else curve.sd[order]
            curves.append(Curve(curve.x[..., order], curve.y[order], sd, curve.label))
            weights.append(one.weights[order])
            fitted.append(one.fitted[order])
        groups = tuple(replicate_groups(curve) for curve in curves)
        ordered = replace(problem, curves=tuple(curves))
        return cls(ordered, fit, tuple(weights), tuple(fitted), groups, known_range(problem, fit))

    def repeats(self, resampling: Resampling, replicates: int) -> tuple[Array, int, int]:
        """Fitted values of all repeats (replicate, fitted), how many failed, how many showed no response."""
        values = np.full((replicates, len(self.fit.names)), np.nan)
        owners = [set(self.problem.owner(k)[0]) for k in range(len(self.fit.names))]
        failed = silent = 0
        for row, repeat in enumerate(self._drawn(resampling, replicates)):
            found = self._refitted(repeat)
            if found is None:
                failed += 1
                continue
            flat = self._flat(repeat)
            silent += bool(flat)
            lost = [bool(flat) and owner <= flat for owner in owners]
            values[row] = np.where(lost, np.nan, found)
        return values, failed, silent

    def jackknife(self) -> Array:
        """Fitted values with each point left out in turn (point, fitted); nan where they cannot be fitted."""
        found = []
        responses = tuple(curve.y for curve in self.problem.curves)
        for c, y in enumerate(responses):
            for k in range(y.size):
                counts = [np.ones(one.size) for one in responses]
                counts[c][k] = 0.0
                values = self._refitted(_Repeat(tuple(counts), responses))
                found.append(np.full(len(self.fit.names), np.nan) if values is None else values)
        return np.array(found)

    def _drawn(self, resampling: Resampling, replicates: int) -> Iterator[_Repeat]:
        """All repeats, one after another; each curve draws from its own source."""
        counts, responses = [], []
        for c, source in enumerate(generators(self.problem.curves, self.weights)):
            y, own = self.problem.curves[c].y, self.weights[c]
            size = (replicates, y.size)
            counts.append(np.broadcast_to(1.0, size))
            responses.append(np.broadcast_to(y, size))
            if resampling is Resampling.CASES:
                counts[c] = source.multinomial(y.size, np.full(y.size, 1.0 / y.size), replicates).astype(
                    float
                )
            elif resampling is Resampling.PARAMETRIC:
                scale = (1.0 if self.fit.scale_known else self.fit.residual_sd) / np.sqrt(own)
                responses[c] = self.fitted[c] + scale * source.standard_normal(size)
            else:
                responses[c] = _within(y, self.groups[c], source, replicates)
        for row in range(replicates):
            yield _Repeat(tuple(one[row] for one in counts), tuple(one[row] for one in responses))

    def _refitted(self, repeat: _Repeat) -> Array | None:
        """The fitted values of one repeat, searched from the minimum; None when they cannot be found."""
        seen = [np.unique(groups[n > 0]) for groups, n in zip(self.groups, repeat.counts, strict=True)]
        if sum(one.size for one in seen) < len(self.fit.names):
            return None
        weights = [own * n for own, n in zip(self.weights, repeat.counts, strict=True)]
        objective = Objective(self.problem, weights, repeat.responses)
        limits = self.problem.lower, self.problem.upper
        found = minimise(objective, self.fit.values, limits, rtol=CLOSE, damping=1e-6)
        if not found.converged:
            found = minimise(objective, found.values, limits, rtol=CLOSE)
        if not (math.isfinite(found.sum_of_squares) and np.isfinite(found.values).all()):
            return None
        runs_away = bool(((found.values < self.range[0]) | (found.values > self.range[1])).any())
        done = found.converged or found.sum_of_squares <= objective.noise or runs_away
        return found.values if done else None

    def _flat(self, repeat: _Repeat) -> set[int]:
        """The curves with a location that show no response in this repeat."""
        location = self.problem.equation.location
        if not location:
            return set()
        located = np.flatnonzero(self.problem.places[:, self.problem.equation.index(location)] >= 0)
        flat, turning = set(), turns(self.problem.equation)
        for c in (int(one) for one in located):
            n, curve = repeat.counts[c].astype(int), self.problem.curves[c]
            sd = None if curve.sd is None else np.repeat(curve.sd, n)
            drawn = Curve(np.repeat(curve.x, n, axis=-1), np.repeat(repeat.responses[c], n), sd)
            if is_flat(drawn, flat_level(len(drawn)), turning):
                flat.add(c)
        return flat


def _within(y: Array, groups: Indices, source: np.random.Generator, replicates: int) -> Array:
    """Responses drawn inside their groups, about the mean of the group: (replicate, point)."""
    drawn = np.empty((replicates, y.size))
    for group in range(int(groups.max()) + 1):
        here = np.flatnonzero(groups == group)
        own = y[here]
        stretch = math.sqrt(here.size / (here.size - 1.0)) if here.size > 1 else 1.0
        chosen = source.integers(here.size, size=(replicates, here.size))
        drawn[:, here] = own.mean() + stretch * (own[chosen] - own.mean())
    return drawn
