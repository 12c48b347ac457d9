"""What comes out of one experiment of binding kinetics: rate constants, Kd, times, and the ratio of two chases."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from ...affinity.kinetics import fraction_reached, half_time, observed_rate, time_to_reach
from ...affinity.propagation import with_shared_error
from ...core.estimate import Estimate
from ...core.fit import Fit
from ...core.measured import Measured
from ...fitting.intervals import antilog, quantile
from .._fitted import derived_log, fitted, fitted_log
from .._ligand import Ligand
from .dissociation import Chase, phase_rates
from .rates import ObservedRate
from .wells import DILUTION, Kinetics
from .whole import Whole

HALF_LIFE, RESIDENCE = "half-life", "residence time"


def constants(data: Kinetics, whole: Whole, ligand: Ligand, target: float) -> Iterator[Estimate]:
    """The rate constants and what follows from them; those with kon in them carry the error of the label."""
    fit = whole.best
    koff = replace(fitted_log("koff", fit, "log_koff"), unit="1/s")
    if whole.knows_kon:
        kon = replace(fitted_log("kon", fit, "log_kon"), unit="1/M/s")
        kd = derived_log("Kd", _log_kd(fit), fit, "koff over kon, delta method on logs with covariance")
        yield _with_label(kon, ligand)
        yield koff
        kd = _with_label(kd, ligand)
        yield kd
        yield kd.negative_log10("pKd")
    else:
        yield koff
    yield falling(koff, half_time, HALF_LIFE, "s")
    yield falling(koff, lambda rate: 1.0 / rate, RESIDENCE, "s")
    if whole.knows_kon:
        yield from _approach(data, whole, target)
    yield fitted("Bmax", whole.plain, "bmax", data.unit)


def _log_kd(fit: Fit) -> Measured:
    on, off = fit.index("log_kon"), fit.index("log_koff")
    variance = fit.covariance[on, on] + fit.covariance[off, off] - 2.0 * fit.covariance[on, off]
    return Measured(float(fit.values[off] - fit.values[on]), math.sqrt(max(float(variance), 0.0)))


def _with_label(estimate: Estimate, ligand: Ligand) -> Estimate:
    """With the error of [L], counted or stated, which scales all concentrations."""
    return with_shared_error(estimate, ligand.total.log10_se, "[L]") if ligand.total.se > 0 else estimate


def falling(estimate: Estimate, function: Callable[[float], float], name: str, unit: str) -> Estimate:
    """Value and limits through a decreasing function of a rate: the limits change places."""
    low = function(estimate.high) if math.isfinite(estimate.high) else 0.0
    high = function(estimate.low) if estimate.low > 0 else math.inf
    return replace(
        estimate,
        name=name,
        unit=unit,
        value=function(estimate.value),
        low=low,
        high=high,
        relation=estimate.relation.flipped,
        se=math.nan,
    )


def slowest_rate(data: Kinetics, whole: Whole) -> float:
    """The observed rate (1/s) at the lowest label of the association: the last to reach equilibrium."""
    fit = whole.best
    return observed_rate(10.0 ** fit.value("log_kon"), 10.0 ** fit.value("log_koff"), lowest(data))


def lowest(data: Kinetics) -> float:
    """The lowest free label (mol/L) of the wells in use."""
    return float(data.free[data.used].min())


def _approach(data: Kinetics, whole: Whole, target: float) -> Iterator[Estimate]:
    """How fast the lowest label comes to equilibrium, and how far it is when the stated incubation ends."""
    fit, rate = whole.best, slowest_rate(data, whole)
    on = observed_rate(10.0 ** fit.value("log_kon"), 0.0, lowest(data)) / rate
    part = np.zeros(len(fit.names))
    part[fit.index("log_kon")], part[fit.index("log_koff")] = on, 1.0 - on
    log = Measured(math.log10(rate), math.sqrt(float(part @ fit.covariance @ part)))
    kobs = replace(
        derived_log("kobs at the lowest label", log, fit, "kon [L] + koff, delta method on logs"), unit="1/s"
    )
    yield kobs
    yield falling(
        kobs, lambda each: time_to_reach(target, each), f"time to {100 * target:g} % at the lowest label", "s"
    )
    incubation = data.experiment.conditions.incubation_s
    if incubation > 0:
        yield kobs.transformed(
            lambda each: 100.0 * fraction_reached(each, incubation),
            "equilibrium reached at the lowest label",
            "%",
        )


def rate_estimate(rate: ObservedRate, level: float) -> Estimate:
    """The observed rate at one concentration, for wells that tell no more."""
    found = derived_log("kobs", rate.log10, rate.fit, "fit of one approach to equilibrium")
    return replace(found, unit="1/s", level=level)


def chase_estimates(chases: Sequence[Chase], level: float) -> Iterator[Estimate]:
    """The koff of every chase of its own, and that of a dilution over that of the first chaser."""
    for chase in chases:
        method = "fit of this dissociation alone"
        yield _rate(own_koff_name(chase), chase.log10_koff, chase.fit.df, level, method)
        phases = phase_rates(chase)
        if chase.two is not None and phases is not None:
            for name, log in zip(("fast", "slow"), phases, strict=True):
                yield _rate(f"{name} dissociation rate", log, chase.two.df, level, "fit of two phases")
            yield Estimate("part that leaves fast", 100.0 * chase.fast_part, "%", method="fit of two phases")
    ratio = chase_ratio(chases)
    if ratio is not None:
        log, df = ratio
        name = f"ratio of koff, {chases[-1].name} over {chases[0].name}"
        yield replace(_rate(name, log, df, level, "difference of logs of two dissociations"), unit="")


def own_koff_name(chase: Chase) -> str:
    """What the koff of one chase is called."""
    return f"dissociation rate after {chase.name}"


def _rate(name: str, log: Measured, df: int, level: float, method: str) -> Estimate:
    """A rate constant whose log10 was fitted, with its t interval."""
    low, high = (antilog(log.value + side * quantile(level, df) * log.se) for side in (-1.0, 1.0))
    return Estimate(name, 10.0**log.value, "1/s", low, high, level, method=method, log10_se=log.se)


def chase_ratio(chases: Sequence[Chase]) -> tuple[Measured, int] | None:
    """log10 of koff after dilution over that after the first chaser, and its degrees of freedom; None without both."""
    if len(chases) < 2 or chases[-1].name != DILUTION:
        return None
    first, diluted = chases[0], chases[-1]
    return diluted.log10_koff - first.log10_koff, min(first.fit.df, diluted.fit.df)
