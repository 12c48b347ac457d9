"""KB and alpha of a modulator on one day and over the days, with the errors of Kd and of the radioligand."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist

from ...affinity.propagation import log10_reach, with_shared_error
from ...core.estimate import Estimate, Relation
from ...core.fit import Fit, Outcome
from ...core.result import Pooled
from .._days import plain_mean
from .._exact_fit import moved_by_held
from .._fitted import bounded_log, fitted_log
from .._ligand import efficiency_error
from .data import Modulated
from .fits import Limit, ModulatorFits

KB, ALPHA = "KB", "alpha"
AS_COMPETITOR = "as a competitor, alpha 0"


@dataclass(frozen=True)
class Found:
    """One constant of one day: with all errors, without those that Kd and radioligand bring, and by how much its log
    moves with log Kd.
    """

    estimate: Estimate
    bare: Estimate
    gain: float


def constants(data: Modulated, fits: ModulatorFits, limit: Limit) -> tuple[Found, ...]:
    """KB and alpha of a day, as bounds where a side is open; none where there is no effect."""
    return tuple(_constants(data, fits, limit)) if fits.has_effect else ()


def _constants(data: Modulated, fits: ModulatorFits, limit: Limit) -> Iterator[Found]:
    free, competition = fits.free, fits.competition
    if free is None:
        return
    if limit.told:
        yield from _one(data, free, KB, "log_kb")
        if fits.outcome.usable:
            yield from _one(data, free, ALPHA, "log_alpha")
        return
    if competition is not None and competition.outcome is not Outcome.FAILED:
        yield from _one(data, competition, KB, "log_kb", AS_COMPETITOR)
        yield from _upper_alpha(data, free)


def _one(data: Modulated, found: Fit, name: str, parameter: str, method: str = "") -> Iterator[Found]:
    outside = bounded_log(name, found, parameter) if name == KB else None
    if outside is not None:
        yield Found(outside, outside, 0.0)
        return
    estimate = replace(fitted_log(name, found, parameter), unit="M" if name == KB else "")
    if method:
        estimate = replace(estimate, method=f"{estimate.method}; {method}")
    open_sides = (not estimate.low > 0, not math.isfinite(estimate.high))
    if estimate.has_interval and any(open_sides):
        bound = None if all(open_sides) else _bound(data, estimate, estimate.low > 0)
        if bound is not None:
            yield Found(bound, bound, 0.0)
        return
    gain = abs(moved_by_held(found, parameter, "log_kd"))
    error = gain * _day_error(data, estimate.level)
    yield Found(with_shared_error(estimate, error, "[L] and Kd"), estimate, gain)


def _upper_alpha(data: Modulated, free: Fit) -> Iterator[Found]:
    """The largest alpha that the wells leave open, where no limit of the effect can be told from zero."""
    estimate = replace(fitted_log(ALPHA, free, "log_alpha"), unit="")
    if math.isfinite(estimate.high):
        bound = _bound(data, estimate, above=False)
        yield Found(bound, bound, 0.0)


def _bound(data: Modulated, estimate: Estimate, above: bool) -> Estimate:
    """One limit of an interval as a bound, moved outwards by the error of [L] and Kd.

    At a given plateau L(1 - alpha)/(L + Kd) is by how much log alpha moves with log Kd; KB of a competitor moves less
    than one for one, and so it is taken for a KB that is a bound.
    """
    limit = estimate.low if above else estimate.high
    ligand = max(float(one.free.max()) for one in data.curves)
    gain = abs(ligand * (1.0 - limit) / (ligand + data.kd.value)) if estimate.name == ALPHA else 1.0
    reach = gain * NormalDist().inv_cdf((1.0 + estimate.level) / 2.0) * _day_error(data, estimate.level)
    return Estimate(
        estimate.name,
        limit * 10.0 ** (-reach if above else reach),
        estimate.unit,
        level=estimate.level,
        relation=Relation.ABOVE if above else Relation.BELOW,
        method=f"limit of the {estimate.method}, moved outwards by the error of [L] and Kd",
    )


def _day_error(data: Modulated, level: float) -> float:
    """The error of log10 [L]/Kd on one day."""
    return math.hypot(log10_reach(data.kd, level), max(one.ligand.total.log10_se for one in data.curves))


def listed(found: Sequence[Found]) -> tuple[Estimate, ...]:
    """KB, its pKB and alpha, as they are printed for a day."""
    each = [one.estimate for one in found]
    extra = [one.negative_log10(f"p{KB}") for one in each if one.name == KB]
    return (*(one for one in each if one.name == KB), *extra, *(one for one in each if one.name != KB))


def over_days(
    modulator: str, days: Sequence[tuple[Modulated, tuple[Found, ...]]], limit: Limit
) -> Iterator[Pooled]:
    """KB and alpha over the days; the errors of Kd and efficiency, which all days share, are added once."""
    for name in (KB, ALPHA):
        mine = [(data, one) for data, found in days for one in found if one.estimate.name == name]
        if mine:
            mean = _mean(modulator, mine)
            yield replace(mean, sentence=f"{mean.sentence} {limit.sentence}") if name == ALPHA else mean


def _mean(modulator: str, mine: Sequence[tuple[Modulated, Found]]) -> Pooled:
    if len(mine) == 1:
        ((data, only),) = mine
        return plain_mean(modulator, {data.experiment.name: only.estimate})
    first = mine[0][0]
    shared = log10_reach(first.kd, mine[0][1].estimate.level)
    if all(one.ligand.counted for one in first.curves):
        shared = math.hypot(shared, efficiency_error(first.experiment))
    gain = sum(one.gain for _, one in mine) / len(mine)
    return plain_mean(modulator, {data.experiment.name: one.bare for data, one in mine}, gain * shared)
