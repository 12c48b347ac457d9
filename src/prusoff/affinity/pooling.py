"""One constant from several independent experiments: geometric means, with results that are only bounds as bounds."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..core.equation import Array
from ..core.errors import InputError, Problem
from ..core.estimate import Estimate, Relation
from ..core.result import Pooled
from ._censored import CensoredMean, censored_mean, t_quantile

__all__ = [
    "CensoredMean",
    "GeometricMean",
    "censored_mean",
    "geometric_mean",
    "p_value",
    "pool",
    "pool_plainly",
]

_SINGLE = "One experiment: its interval is that of the fit and says nothing about reproducibility."


@dataclass(frozen=True)
class GeometricMean:
    """Mean of log10 values over independent experiments, with its t interval (n - 1 degrees of freedom)."""

    n: int
    log10_mean: float
    log10_sd: float
    log10_half_width: float

    @property
    def value(self) -> float:
        """The geometric mean."""
        return float(10**self.log10_mean)

    @property
    def low(self) -> float:
        """Lower limit; nan for a single experiment."""
        return float(10 ** (self.log10_mean - self.log10_half_width))

    @property
    def high(self) -> float:
        """Upper limit; nan for a single experiment."""
        return float(10 ** (self.log10_mean + self.log10_half_width))

    @property
    def sd_factor(self) -> float:
        """Geometric standard deviation: one experiment lies within this factor of the mean two times in three."""
        return float(10**self.log10_sd)


def geometric_mean(values: Sequence[float] | Array, level: float = 0.95) -> GeometricMean:
    """Geometric mean of positive values, one an experiment; a single one has no interval of reproducibility."""
    numbers = np.asarray(values, dtype=np.float64)
    if numbers.size == 0 or not (np.isfinite(numbers) & (numbers > 0)).all():
        raise InputError(
            Problem(
                "a geometric mean needs positive values",
                fix="Leave out experiments that gave none",
                code="E-POOL",
            )
        )
    logs = np.log10(numbers)
    n = int(logs.size)
    sd = float(logs.std(ddof=1)) if n > 1 else math.nan
    half = t_quantile(level, n - 1) * sd / math.sqrt(n) if n > 1 else math.nan
    return GeometricMean(n, float(logs.mean()), sd, half)


def pool(subject: str, experiments: Sequence[str], each: Sequence[Estimate], level: float = 0.95) -> Pooled:
    """One estimate of one subject over its independent experiments, values and bounds together.

    Values alone: geometric mean with a t interval. Values and bounds: maximum likelihood (the bounds are never put in
    as values). Bounds alone: a bound. The sentence says which of these was done.
    """
    if not each or len(each) != len(experiments):
        raise InputError(
            Problem(
                f"{len(each)} estimates of {len(experiments)} experiments cannot be pooled",
                subject,
                "Give one estimate for each experiment, at least one",
                "E-POOL",
            )
        )
    measured = [one for one in each if not one.is_bound]
    if len(measured) == len(each):
        estimate, sentence = _mean_of_values(each, level)
    elif measured:
        estimate, sentence = _mean_with_bounds(each, level)
    else:
        estimate, sentence = _bound_of_bounds(each, level)
    if any(one.relation is Relation.ABOUT for one in measured):
        estimate = estimate if estimate.is_bound else replace(estimate, relation=Relation.ABOUT)
    return Pooled(subject, estimate, p_value(estimate), tuple(experiments), tuple(each), sentence)


def pool_plainly(subject: str, experiments: Sequence[str], each: Sequence[Estimate]) -> Pooled:
    """One estimate of a quantity that may be zero or negative (a potential, a part, an electrical distance).

    The arithmetic mean over the independent experiments with a t interval; a single one keeps its own interval.
    """
    values = np.array([one.value for one in each], dtype=np.float64)
    if values.size == 0 or values.size != len(experiments) or not np.isfinite(values).all():
        what = f"{values.size} values of {len(experiments)} experiments cannot be averaged"
        raise InputError(Problem(what, subject, "Give one finite value for each experiment", "E-POOL"))
    n, level = int(values.size), each[0].level
    if n == 1:
        return Pooled(subject, each[0], None, tuple(experiments), tuple(each), _SINGLE)
    mean, se = float(values.mean()), float(values.std(ddof=1)) / math.sqrt(n)
    half = t_quantile(level, n - 1) * se
    method = f"arithmetic mean, t interval, n = {n}"
    estimate = replace(
        _blank(each, level), value=mean, low=mean - half, high=mean + half, method=method, se=se
    )
    sentence = f"Arithmetic mean of {n} independent experiments, {level:.0%} t interval."
    return Pooled(subject, estimate, None, tuple(experiments), tuple(each), sentence)


def p_value(estimate: Estimate) -> Estimate | None:
    """The negative log10 of a concentration (Ki to pKi); None for other quantities, of which nobody takes one."""
    return estimate.negative_log10(f"p{estimate.name}") if estimate.unit == "M" else None


def _mean_of_values(each: Sequence[Estimate], level: float) -> tuple[Estimate, str]:
    if len(each) == 1:
        return each[0], _SINGLE
    mean = geometric_mean([one.value for one in each], level)
    estimate = replace(
        _blank(each, level),
        value=mean.value,
        low=mean.low,
        high=mean.high,
        method=f"geometric mean, t interval, n = {mean.n}",
        log10_se=mean.log10_sd / math.sqrt(mean.n),
    )
    return estimate, f"Geometric mean of {mean.n} independent experiments, {level:.0%} t interval."


def _mean_with_bounds(each: Sequence[Estimate], level: float) -> tuple[Estimate, str]:
    values, above, below = _by_relation(each)
    blank = _blank(each, level)
    if np.unique(values).size < 2:
        return _one_value_with_bounds(blank, float(values[0]), above, below)
    mean = censored_mean(values, above, below, level)
    bounds = above.size + below.size
    estimate = replace(
        blank,
        value=10**mean.log10_mean,
        low=10**mean.low,
        high=10**mean.high,
        method=f"maximum likelihood with {bounds} of {len(each)} results as bounds",
    )
    sentence = (
        f"Maximum likelihood over {len(each)} independent experiments, of which {bounds} gave only a bound; "
        "bounds enter as bounds, not as values."
    )
    return estimate, sentence


def _one_value_with_bounds(blank: Estimate, value: float, above: Array, below: Array) -> tuple[Estimate, str]:
    """Too few values for a likelihood: the value where no bound speaks against it, else what all agree on."""
    too_low, too_high = bool((above > value).any()), bool((below < value).any())
    if not (too_low or too_high):
        sentence = "One value, and bounds that agree with it: the value is printed without an interval."
        return replace(blank, value=10**value, method="single value, bounds agree"), sentence
    relation = Relation.ABOUT if too_low and too_high else Relation.ABOVE if too_low else Relation.BELOW
    sentence = "One value, and bounds that speak against it: only a bound is printed; do more experiments."
    return replace(blank, value=10**value, relation=relation, method="value and bounds disagree"), sentence


def _bound_of_bounds(each: Sequence[Estimate], level: float) -> tuple[Estimate, str]:
    """The sharpest bound; with bounds from both sides, the middle of the gap, or nothing where they exclude it."""
    if len(each) == 1:
        return each[0], "One experiment, and it gave only a bound."
    _, above, below = _by_relation(each)
    blank, told = replace(_blank(each, level), method="bounds only"), f"All {len(each)} experiments gave only"
    if below.size == 0:
        estimate = replace(blank, value=float(10 ** above.max()), relation=Relation.ABOVE)
        return estimate, f"{told} a lower bound; the highest is printed."
    if above.size == 0:
        estimate = replace(blank, value=float(10 ** below.min()), relation=Relation.BELOW)
        return estimate, f"{told} an upper bound; the lowest is printed."
    low, high = float(above.max()), float(below.min())
    if low >= high:
        estimate = replace(blank, value=math.nan, relation=Relation.ABOUT)
        return estimate, f"{told} bounds, and these contradict each other; no value is given."
    estimate = replace(
        blank, value=10 ** ((low + high) / 2), low=10**low, high=10**high, relation=Relation.ABOUT
    )
    return estimate, f"{told} bounds; the value lies between the nearest two, whose middle is printed."


def _by_relation(each: Sequence[Estimate]) -> tuple[Array, Array, Array]:
    """log10 of the values, of the lower bounds ('>') and of the upper bounds ('<')."""

    def logs(*relations: Relation) -> Array:
        found = [one.value for one in each if one.relation in relations]
        return np.log10(np.asarray(found, dtype=np.float64))

    return logs(Relation.EQUAL, Relation.ABOUT), logs(Relation.ABOVE), logs(Relation.BELOW)


def _blank(each: Sequence[Estimate], level: float) -> Estimate:
    """Name and unit of the estimates, without interval and error, to be filled in."""
    nothing = math.nan
    return replace(
        each[0],
        low=nothing,
        high=nothing,
        se=nothing,
        log10_se=nothing,
        level=level,
        relation=Relation.EQUAL,
        method="",
    )
