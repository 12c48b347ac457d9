"""Constants over experiment days: geometric means in which n counts experiments, and the error that all days share."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ..affinity.pooling import p_value, pool
from ..affinity.propagation import Conversion, mean_with_shared_error, with_kd_error
from ..core.estimate import Estimate
from ..core.experiment import Constant
from ..core.measured import Measured
from ..core.result import Pooled


@dataclass(frozen=True)
class Day:
    """What one day gave for one compound: its conversion, and the free radioligand with the error all days share."""

    experiment: str
    conversion: Conversion
    ligand: Measured


def over_days(subject: str, days: Sequence[Day], kd: Constant) -> Pooled:
    """The Ki of a compound over its days.

    One day: its own Ki with all errors. Several: the mean of the daily Ki with Kd taken as exact, then the error of Kd
    once, because every day used the same Kd.
    """
    names = [day.experiment for day in days]
    if len(days) == 1:
        ki = days[0].conversion.ki
        found = pool(subject, names, [ki])
        return replace(found, estimate=ki, p_estimate=p_value(ki))
    each = [day.conversion.ki_without_kd_error for day in days]
    found = pool(subject, names, each, each[0].level)
    ligand = _typical([day.ligand for day in days])
    if not found.estimate.has_interval:
        return found
    widened = with_kd_error(found.estimate, ligand, kd)
    narrower = _narrower(found.estimate, widened)
    sentence = f"{found.sentence} {narrower}"
    return replace(found, estimate=widened, p_estimate=p_value(widened), sentence=sentence)


def plain_mean(subject: str, each: Mapping[str, Estimate], shared_log10_se: float = 0.0) -> Pooled:
    """Another quantity over its days; a single day keeps the interval of its fit.

    `shared_log10_se` is an error of its log10 that all days share (efficiency, protein): it does not scatter between
    days and is added once to the mean.
    """
    found = pool(subject, tuple(each), tuple(each.values()), next(iter(each.values())).level)
    if len(each) == 1:
        (only,) = each.values()
        return replace(found, estimate=only, p_estimate=p_value(only))
    if shared_log10_se == 0 or not found.estimate.has_interval:
        return found
    widened = mean_with_shared_error(found.estimate, shared_log10_se, "what all days share")
    return replace(found, estimate=widened, p_estimate=p_value(widened))


def _typical(ligands: Sequence[Measured]) -> Measured:
    """The mean free radioligand of the days, with the error that they share."""
    value = sum(one.value for one in ligands) / len(ligands)
    return Measured(value, value * max(one.relative for one in ligands))


def _narrower(without: Estimate, with_kd: Estimate) -> str:
    """What the interval would be if the error of Kd were left out, and by how much narrower on the log scale."""
    text = f"Without the error of Kd the interval would be {without.interval_text}"
    widths = [math.log(one.high / one.low) if one.low > 0 else math.inf for one in (without, with_kd)]
    if not all(math.isfinite(width) for width in widths):
        return f"{text}."
    return f"{text}, {100 * (1 - widths[0] / widths[1]):.0f} % narrower."
