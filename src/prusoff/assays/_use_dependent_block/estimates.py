"""What comes out of the trains of one drug in one cell: rates, KD, recovery, and the block of every train."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ...core.equation import Array
from ...core.estimate import Estimate
from ...core.fit import Fit
from ...core.measured import Measured
from ...electrophysiology.loss import part_lost
from ...equations.guarded_receptor import guarded_receptor
from ...fitting.intervals import quantile
from .._fitted import derived_log, fitted_log
from .fits import RATES, DrugFit
from .trains import Train

KON, KOFF, KD, RECOVERY = "kon", "koff", "KD", "recovery time constant"
STEADY, TONIC, LOSS = "use-dependent block", "block of the first pulse", "loss along the train"
ENDLESS = 1e9  # pulses


def constants(one: DrugFit, level: float) -> Iterator[Estimate]:
    """kon, koff, KD and the time constant of recovery; then the block of every train, and what every train lost."""
    if not one.outcome.usable:
        return
    whole = one.whole
    yield replace(fitted_log(KON, whole, "log_kon"), unit="1/M/s")
    koff = replace(fitted_log(KOFF, whole, "log_koff"), unit="1/s")
    yield koff
    yield _kd(whole)
    yield _recovery(koff)
    for place, train in one.plan.drugged:
        yield _percent(f"{STEADY} ({train.label})", steady_block(one, place), whole, level)
    for place, train in one.plan.drugged:
        tonic = _tonic(one, place, train)
        if tonic is not None:
            yield _percent(f"{TONIC} ({train.label})", tonic, whole, level)
    for label in dict.fromkeys(train.label for train in one.plan.trains):
        lost = _lost([train for train in one.plan.trains if train.label == label], whole)
        if lost is not None:
            yield _percent(f"{LOSS} ({label})", lost, whole, level)


def _lost(trains: Sequence[Train], whole: Fit) -> Measured | None:
    """What the last pulse lacks of the first as measured, the mean of trains alike, with the scatter about the fit.

    No law stands behind it; what a train loses without drug is part of it.
    """
    ends = [train.current[train.used][[0, -1]] for train in trains]
    first, last = np.sum(ends, axis=0)
    if not first > 0 or not whole.df > 0:
        return None
    scatter = math.sqrt(len(ends) * whole.sum_of_squares / whole.df) / float(first)
    return Measured(float(part_lost(first, last)), scatter * math.hypot(1.0, float(last / first)))


def _kd(whole: Fit) -> Estimate:
    """The quotient koff/kon, with the covariance of both."""
    on, off = (whole.index(name) for name in RATES)
    log = float(whole.values[off] - whole.values[on])
    variance = whole.covariance[on, on] + whole.covariance[off, off] - 2.0 * whole.covariance[on, off]
    return derived_log(
        KD, Measured(log, math.sqrt(max(float(variance), 0.0))), whole, "koff/kon, Wald interval of its log"
    )


def _recovery(koff: Estimate) -> Estimate:
    ends = (1.0 / koff.high if koff.high > 0 else math.inf, 1.0 / koff.low if koff.low > 0 else math.inf)
    return replace(
        koff, name=RECOVERY, value=1.0 / koff.value, unit="s", low=ends[0], high=ends[1], se=math.nan
    )


def steady_block(one: DrugFit, place: int) -> Measured:
    """The part of the channels that a long train like this one blocks, with its error by the delta method."""
    whole, law = one.whole, guarded_receptor
    p = np.array(whole.curves[place].parameters, dtype=float)
    p[:2] = 1.0, 0.0  # a current of one and no loss without drug: what is left is not blocked
    x = _long(whole.curves[place].data.x)
    left, slopes = float(law.function(x, p)[0]), law.jacobian(x, p)[:, 0]
    rates = [whole.index(name) for name in RATES]
    slope = slopes[[law.index(name) for name in RATES]]
    variance = float(slope @ whole.covariance[np.ix_(rates, rates)] @ slope)
    return Measured(1.0 - left, math.sqrt(max(variance, 0.0)))


def _long(x: Array) -> Array:
    """A pulse of this train after more of them than anyone gives."""
    return np.array([[ENDLESS], [float(x[1, 0])], [float(x[2, 0])]])


def _tonic(one: DrugFit, place: int, train: Train) -> Measured | None:
    """How much smaller the first current is than without drug at the same period; None without such a train."""
    whole = one.whole
    labels = [curve.data.label for curve in whole.curves]
    pairs = [
        (other, labels[at])
        for at, other in enumerate(one.plan.trains)
        if other.is_control and other.period_s == train.period_s
    ]
    if not pairs:
        return None
    names = [f"amplitude[{label}]" for label in (labels[place], *(label for _, label in pairs))]
    index = [whole.index(name) for name in names]
    drug, *controls = (float(whole.values[at]) for at in index)
    mean = sum(controls) / len(controls)
    if not mean > 0:
        return None
    slope = np.array([-1.0 / mean, *[drug / mean**2 / len(controls)] * len(controls)])
    variance = float(slope @ whole.covariance[np.ix_(index, index)] @ slope)
    return Measured(float(part_lost(mean, drug)), math.sqrt(max(variance, 0.0)))


def _percent(name: str, part: Measured, whole: Fit, level: float) -> Estimate:
    half = quantile(level, whole.df) * part.se
    low, high = 100.0 * (part.value - half), 100.0 * (part.value + half)
    return Estimate(
        name,
        100.0 * part.value,
        "%",
        low,
        high,
        level,
        method="delta method, Wald interval",
        se=100.0 * part.se,
    )


def facts(one: DrugFit) -> dict[str, Any]:
    """What the checks of trains look at."""
    found: dict[str, Any] = {
        "unmatched_trains": float(one.unmatched),
        "drug_trains": float(len(one.plan.drugged)),
        "own_rates_p": one.own_p,
        "own_rates_miss": one.own_miss,
    }
    if one.outcome.usable:
        found["least_approach"] = min(_approach(one, place, train) for place, train in one.plan.drugged)
    found["control_loss"] = max(
        (_loss(one, place, train) for place, train in enumerate(one.plan.trains) if train.is_control),
        default=math.nan,
    )
    return found


def _approach(one: DrugFit, place: int, train: Train) -> float:
    """The part of the way to its steady state that the last pulse in use has gone."""
    on, off = (10.0 ** one.parameter(place, name) for name in RATES)
    pulse = one.plan.pulse_s
    per_pulse = (on * train.molar + off) * pulse + off * (train.period_s - pulse)
    return -math.expm1(-(float(train.pulse[train.used].max()) - 1.0) * per_pulse)


def _loss(one: DrugFit, place: int, train: Train) -> float:
    """The part of the first current that the last pulse of a train without drug has lost."""
    if math.isnan(one.whole.sum_of_squares):
        return math.nan
    gone = -math.expm1(
        -(10.0 ** one.parameter(place, "log_rate")) * (float(train.pulse[train.used].max()) - 1.0)
    )
    return one.parameter(place, "depth") * gone
