"""One constant over another, such as a selectivity or a fold shift: the interval is made on the log scale."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..core.errors import InputError, Problem
from ..core.estimate import Estimate, Relation
from ..core.result import Pooled
from ._censored import t_quantile

UNPAIRED = "difference of logs, Welch and MOVER"
PAIRED = "differences of logs of the same experiments, t interval"


@dataclass(frozen=True)
class _Spread:
    """log10 of a pooled value: variance of its mean between days with its df, and how far other errors reach."""

    log10: float
    variance: float
    df: float
    down: float
    up: float


def quotient(over: Pooled, under: Pooled, name: str = "ratio") -> Estimate:
    """`over` divided by `under`, both from experiments of their own; a bound stays a bound.

    The scatter between days of both and whatever else widens their intervals (the error of Kd, the fit of a single
    day) are combined side by side (MOVER), with the degrees of freedom of Welch and Satterthwaite. A bound is divided
    by that end of the other interval at which the bound on the ratio still holds; two bounds that point the same way
    give no ratio (nan).
    Source: Welch BL, Biometrika 1947;34:28; Zou GY, Donner A, Stat Med 2008;27:1693.
    """
    a, b = over.estimate, under.estimate
    _require_one_kind(a, b)
    if a.is_bound or b.is_bound:
        return _of_bounds(a, b, name)
    if not (a.value > 0 and b.value > 0):
        return _unknown(name, a.level)
    return product_ratio((over,), (under,), name)


def product_ratio(over: Sequence[Pooled], under: Sequence[Pooled], name: str = "ratio") -> Estimate:
    """The product of the constants `over` divided by that of the constants `under`, each from experiments of its own.

    The interval is made as in `quotient`; nan where one of them is a bound or has no value.
    """
    every = [one.estimate for one in (*over, *under)]
    level = every[0].level
    if any(one.is_bound or not one.value > 0 for one in every):
        return _unknown(name, level)
    tops, bottoms = [_spread(one) for one in over], [_spread(one) for one in under]
    log = sum(one.log10 for one in tops) - sum(one.log10 for one in bottoms)
    about = any(one.relation is Relation.ABOUT for one in every)
    relation = Relation.ABOUT if about else Relation.EQUAL
    found = Estimate(name, 10.0**log, "", level=level, relation=relation, method=UNPAIRED)
    if not all(one.has_interval for one in every):
        return replace(found, method="difference of logs; no interval, for one of them has none")
    parts = (*tops, *bottoms)
    down = _reach(parts, (*(one.down for one in tops), *(one.up for one in bottoms)), level)
    up = _reach(parts, (*(one.up for one in tops), *(one.down for one in bottoms)), level)
    return replace(found, low=10.0 ** (log - down), high=10.0 ** (log + up), log10_se=_error(parts, level))


def paired_quotient(
    over: Sequence[Estimate], under: Sequence[Estimate], name: str = "ratio", level: float = 0.95
) -> Estimate:
    """`over` divided by `under`, measured side by side in the same experiments, one pair an experiment.

    What both share in an experiment (radioligand, its Kd, the batch) cancels. A single pair has the interval of its two
    fits (MOVER). Bounds as in `quotient`; of several experiments with bounds the sharpest bound counts.
    """
    if not over or len(over) != len(under):
        raise InputError(
            Problem(
                f"{len(over)} and {len(under)} constants make no pairs",
                name,
                "Give one of each for every experiment",
                "E-POOL",
            )
        )
    if len(over) == 1:
        (a,), (b,) = over, under
        single = [Pooled("", one, None, ("",), (one,), "") for one in (a, b)]
        return replace(quotient(single[0], single[1], name), level=level)
    each = [
        _of_bounds(a, b, name) if a.is_bound or b.is_bound else _plain(a, b, name)
        for a, b in zip(over, under, strict=True)
    ]
    bounds = [one for one in each if one.is_bound]
    if bounds:
        return _sharpest(bounds)
    logs = np.log10([one.value for one in each if one.value > 0])
    if logs.size < 2:
        return each[0] if each else _unknown(name, level)
    mean, se = float(logs.mean()), float(logs.std(ddof=1)) / math.sqrt(logs.size)
    half = t_quantile(level, logs.size - 1) * se
    limits = 10.0 ** (mean - half), 10.0 ** (mean + half)
    return Estimate(name, 10.0**mean, "", *limits, level, method=f"{PAIRED}, n = {logs.size}", log10_se=se)


def _plain(a: Estimate, b: Estimate, name: str) -> Estimate:
    _require_one_kind(a, b)
    return Estimate(name, a.value / b.value, "", level=a.level)


def _sharpest(bounds: Sequence[Estimate]) -> Estimate:
    """The sharpest of bounds that all point the same way; bounds from both sides say nothing."""
    directions = {one.relation for one in bounds}
    if len(directions) > 1:
        return _unknown(bounds[0].name, bounds[0].level)
    choose = max if Relation.ABOVE in directions else min
    return choose(bounds, key=lambda one: one.value)


def _of_bounds(a: Estimate, b: Estimate, name: str) -> Estimate:
    """The bound on a ratio of which one or both members are bounds, taken where it still holds."""
    ways = {_direction(a), -_direction(b)} - {0}
    if len(ways) != 1:
        return _unknown(name, a.level)
    (way,) = ways
    top, bottom = (a.low, b.high) if way > 0 else (a.high, b.low)
    value = _end(a, top) / _end(b, bottom)
    if not (math.isfinite(value) and value > 0):
        return _unknown(name, a.level)
    relation = Relation.ABOVE if way > 0 else Relation.BELOW
    method = "bound, taken at the end of the interval of the other constant at which it still holds"
    return Estimate(name, value, "", level=a.level, relation=relation, method=method)


def _direction(one: Estimate) -> int:
    return {Relation.ABOVE: 1, Relation.BELOW: -1}.get(one.relation, 0)


def _end(one: Estimate, limit: float) -> float:
    """A bound is its own end; a value without an interval stands for itself."""
    return one.value if one.is_bound or not one.has_interval else limit


def _spread(pooled: Pooled) -> _Spread:
    """What of the interval is scatter between days, and what else is in it."""
    estimate, n = pooled.estimate, pooled.n
    log = math.log10(estimate.value)
    reach = log - _log10(estimate.low), _log10(estimate.high) - log
    logs = [math.log10(one.value) for one in pooled.each if one.value > 0 and not one.is_bound]
    if n < 2 or len(logs) != n or not math.isclose(float(np.mean(logs)), log, rel_tol=1e-9, abs_tol=1e-9):
        return _Spread(log, 0.0, math.inf, *reach)
    variance = float(np.var(logs, ddof=1)) / n
    half = t_quantile(estimate.level, n - 1) * math.sqrt(variance)
    down, up = (math.sqrt(max(side**2 - half**2, 0.0)) for side in reach)
    return _Spread(log, variance, n - 1.0, down, up)


def _error(parts: Sequence[_Spread], level: float) -> float:
    """Standard error of the log: scatter between days, and half of what the other errors reach to both sides."""
    z = t_quantile(level, math.inf)
    return math.hypot(
        *(math.sqrt(one.variance) for one in parts), *((one.down + one.up) / 2 / z for one in parts)
    )


def _reach(parts: Sequence[_Spread], others: Sequence[float], level: float) -> float:
    """How far the interval reaches on one side: all variances together, with their degrees of freedom (Satterthwaite).

    `others` are the reaches of the other errors on that side at this level, whose degrees of freedom count as many.
    """
    days = [(one.variance, one.df) for one in parts]
    total = sum(variance for variance, _ in days) + (math.hypot(*others) / t_quantile(level, math.inf)) ** 2
    below = sum(variance**2 / df for variance, df in days)
    if not math.isfinite(total):
        return math.inf
    return t_quantile(level, total**2 / below if below > 0 else math.inf) * math.sqrt(total)


def _require_one_kind(a: Estimate, b: Estimate) -> None:
    if a.unit != b.unit:
        raise InputError(
            Problem(
                f"{a.name} in {a.unit or 'no unit'} cannot be divided by {b.name} in {b.unit or 'no unit'}",
                fix="Divide constants of one kind",
                code="E-UNIT",
            )
        )


def _unknown(name: str, level: float) -> Estimate:
    method = "both are bounds, or there is no value: the ratio is not determined"
    return Estimate(name, math.nan, "", level=level, relation=Relation.ABOUT, method=method)


def _log10(limit: float) -> float:
    return math.log10(limit) if limit > 0 else -math.inf
