"""KB and alpha of a modulator on one day and over the days, with the errors of Kd and of the radioligand."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

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
    gain = abs(moved_by_held(found, parameter, "log_kd"))
    whole = with_shared_error(estimate, gain * _day_error(data, estimate.level), "[L] and Kd")
    both = [_or_bound(one) for one in (whole, estimate)]
    if both[0] is not None and both[1] is not None:
        yield Found(both[0], both[1], gain)


def _upper_alpha(data: Modulated, free: Fit) -> Iterator[Found]:
    """The largest alpha that the wells leave open, where no limit of the effect can be told from zero."""
    for one in _one(data, free, ALPHA, "log_alpha"):
        bound, bare = (
            each
            if each.is_bound
            else replace(each, value=each.high, low=math.nan, high=math.nan, relation=Relation.BELOW)
            for each in (one.estimate, one.bare)
        )
        if bound.relation is Relation.BELOW:
            yield Found(bound, bare, one.gain)


def _or_bound(estimate: Estimate) -> Estimate | None:
    """The estimate; where one side of its interval is open, the other as a bound; None where both are."""
    low, high = estimate.low > 0, math.isfinite(estimate.high)
    if (low and high) or not estimate.has_interval:
        return estimate
    if not (low or high):
        return None
    value, relation = (estimate.low, Relation.ABOVE) if low else (estimate.high, Relation.BELOW)
    method = f"{estimate.method}; the other side is open"
    return Estimate(
        estimate.name, value, estimate.unit, level=estimate.level, relation=relation, method=method
    )


def _day_error(data: Modulated, level: float) -> float:
    """The error of log10 [L]/Kd on one day."""
    return math.hypot(log10_reach(data.kd, level), max(one.ligand.total.log10_se for one in data.curves))


def listed(found: Sequence[Found]) -> tuple[Estimate, ...]:
    """KB, its pKB and alpha, as they are printed for a day."""
    each = [one.estimate for one in found]
    extra = [one.negative_log10(f"p{KB}") for one in each if one.name == KB]
    return (*(one for one in each if one.name == KB), *extra, *(one for one in each if one.name != KB))


def over_days(modulator: str, days: Sequence[tuple[Modulated, tuple[Found, ...]]]) -> Iterator[Pooled]:
    """KB and alpha over the days; the errors of Kd and efficiency, which all days share, are added once."""
    for name in (KB, ALPHA):
        mine = [(data, one) for data, found in days for one in found if one.estimate.name == name]
        if not mine:
            continue
        if len(mine) == 1:
            ((data, only),) = mine
            yield plain_mean(modulator, {data.experiment.name: only.estimate})
            continue
        first = mine[0][0]
        shared = log10_reach(first.kd, mine[0][1].estimate.level)
        if all(one.ligand.counted for one in first.curves):
            shared = math.hypot(shared, efficiency_error(first.experiment))
        gain = sum(one.gain for _, one in mine) / len(mine)
        yield plain_mean(modulator, {data.experiment.name: one.bare for data, one in mine}, gain * shared)
