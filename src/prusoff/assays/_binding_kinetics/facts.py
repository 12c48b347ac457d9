"""What the time courses of one day tell the checks."""

from __future__ import annotations

import math
from typing import Any

from scipy.special import stdtr

from ...core.plate import Role
from ...fitting.intervals import quantile
from .day import Day
from .estimates import chase_ratio, lowest, slowest_rate


def rate_facts(day: Day) -> dict[str, Any]:
    """What the fit of all wells tells the checks."""
    data, whole = day.data, day.whole
    if whole is None or not day.outcome.usable or not whole.knows_kon:
        return {}
    fit = whole.best
    kon, koff = 10.0 ** fit.value("log_kon"), 10.0 ** fit.value("log_koff")
    facts: dict[str, Any] = {
        "kinetic_kd_molar": koff / kon,
        "slowest_rate_per_s": slowest_rate(data, whole),
        "lowest_molar": lowest(data),
    }
    total = data.of(Role.TOTAL, "")
    if total.any():
        at_most = total & (data.added == data.added[total].max())
        rate = kon * float(data.free[at_most].mean()) + koff
        facts["plateau_reached"] = -math.expm1(-rate * float(data.before[at_most].max()))
    plain = whole.plain
    ligand = koff / kon
    specific = plain.value("bmax") / 2.0
    elsewhere = plain.value("ns") * ligand
    facts["specific_fraction"] = specific / (specific + elsewhere) if specific + elsewhere > 0 else None
    return facts


def chase_facts(day: Day) -> dict[str, Any]:
    """What the dissociations tell the checks."""
    if not day.chases:
        return {}
    first = day.chases[0]
    facts: dict[str, Any] = {"dissociated": first.followed}
    if first.comparison is not None:
        facts |= {"two_phase_p": first.comparison.p, "fast_part": first.fast_part}
    ratio = chase_ratio(day.chases)
    if ratio is not None and ratio[0].se > 0:
        log, df = ratio
        facts |= {"chase_ratio": 10.0**log.value, "chase_p": 2.0 * float(stdtr(df, -abs(log.value) / log.se))}
    return facts


def line_facts(day: Day, level: float) -> dict[str, Any]:
    """What the observed rates tell the checks; nothing where the label is used up, for then there is no one rate."""
    line = day.line
    if line is None or day.depleted:
        return {}
    width = quantile(level, line.fit.df, line.fit.scale_known)
    facts: dict[str, Any] = {"intercept_low_per_s": line.koff.value - width * line.koff.se}
    if line.hyperbola is not None:
        facts["bend_p"] = 1.0 if line.comparison is None else line.comparison.p
    return facts
