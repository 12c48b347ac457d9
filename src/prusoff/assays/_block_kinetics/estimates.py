"""What comes out of the applications of one drug to one cell: rates, KD, times, depth of block and its IC50."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from ...affinity.kinetics import time_to_reach
from ...core.estimate import Estimate
from ...core.fit import Fit
from ...core.measured import Measured
from ...fitting.intervals import quantile
from ...fitting.problem import labels
from .._fitted import derived_log, fitted_log
from .applications import FEWEST_READINGS
from .fits import RATES, DrugFit

KON, KOFF, KD, IC50 = "kon", "koff", "KD", "IC50"
TAU_ON, TAU_OFF, LATE, DEPTH = "tau on", "tau off", "time to 90 %", "steady block"


def constants(one: DrugFit, level: float) -> Iterator[Estimate]:
    """kon, koff and KD of the rates, IC50 of the steady block, the times, and the block of every application."""
    whole = one.whole
    if whole is None or not one.outcome.usable:
        return
    yield replace(fitted_log(KON, whole, "log_kon"), unit="1/M/s")
    koff = replace(fitted_log(KOFF, whole, "log_koff"), unit="1/s")
    yield koff
    yield _kd(whole)
    ic50 = steady_ic50(one, level)
    if ic50 is not None:
        yield ic50
    yield _inverse(TAU_OFF, koff)
    for place, application in enumerate(one.applications):
        yield from _of_application(one, place, application.label, level)


def _kd(whole: Fit) -> Estimate:
    """The quotient koff/kon, with the covariance of both."""
    slope = {"log_koff": 1.0, "log_kon": -1.0}
    return derived_log(KD, _log(whole, slope), whole, "koff/kon, Wald interval of its log")


def _log(whole: Fit, parts: dict[str, float]) -> Measured:
    """A sum of fitted parameters with its error."""
    slope = np.zeros(len(whole.names))
    for name, sign in parts.items():
        slope[whole.index(name)] = sign
    return Measured(float(slope @ whole.values), math.sqrt(max(float(slope @ whole.covariance @ slope), 0.0)))


def _inverse(name: str, rate: Estimate) -> Estimate:
    low = 1.0 / rate.high if rate.high > 0 else 0.0
    high = 1.0 / rate.low if rate.low > 0 else math.inf
    return replace(rate, name=name, value=1.0 / rate.value, unit="s", low=low, high=high, se=math.nan)


def _of_application(one: DrugFit, place: int, label: str, level: float) -> Iterator[Estimate]:
    """Time constant of the onset, the time to 90 % of it, and the depth of the block."""
    whole, half = _fit(one), _half(one, level)
    on, off = (10.0 ** one.parameter(place, name) for name in RATES)
    drug = one.applications[place].molar
    rate = on * drug + off
    share = {"log_kon": on * drug / rate, "log_koff": off / rate}  # of both logs in that of the rate
    error = _log(whole, share).se
    tau = Estimate(
        f"{TAU_ON} ({label})",
        1.0 / rate,
        "s",
        10.0 ** (-half * error) / rate,
        10.0 ** (half * error) / rate,
        level,
        method="1/(kon [D] + koff), Wald interval of its log",
        log10_se=error,
    )
    yield tau
    yield tau.times(time_to_reach(0.9, 1.0), f"{LATE} ({label})", "s")
    depth = _depth(one, place)
    ends = (100.0 * (depth.value - half * depth.se), 100.0 * (depth.value + half * depth.se))
    yield Estimate(
        f"{DEPTH} ({label})",
        100.0 * depth.value,
        "%",
        *ends,
        level,
        method="Wald interval",
        se=100.0 * depth.se,
    )


def _fit(one: DrugFit) -> Fit:
    if one.whole is None:
        raise AssertionError("estimates of a drug that was not fitted")
    return one.whole


def _half(one: DrugFit, level: float) -> float:
    return quantile(level, _fit(one).df)


def _depth(one: DrugFit, place: int) -> Measured:
    """The part of the current that the drug blocks in the end."""
    whole = _fit(one)
    names = labels([curve.data for curve in whole.curves])
    label = f"[{names[place]}]" if len(names) > 1 else ""
    return Measured(whole.value(f"depth{label}"), whole.standard_error(f"depth{label}"))


def steady_ic50(one: DrugFit, level: float) -> Estimate | None:
    """The IC50 that the depths of block imply with slope 1: D (1 - block)/block, the weighted mean of its log.

    None where no application blocks a part that is neither nothing nor all.
    """
    logs, weights = [], []
    for place, application in enumerate(one.applications):
        block = _depth(one, place)
        if not 0.0 < block.value < 1.0 or not block.se > 0:
            continue
        logs.append(math.log10(application.molar * (1.0 - block.value) / block.value))
        weights.append((math.log(10.0) * block.value * (1.0 - block.value) / block.se) ** 2)
    if not logs or max(weights) < 1.0:
        return None
    mean = float(np.average(logs, weights=weights))
    error = 1.0 / math.sqrt(sum(weights))
    spread = float(np.average((np.array(logs) - mean) ** 2, weights=weights)) / max(len(logs) - 1, 1)
    method = "steady block with slope 1, weighted mean of its log"
    return derived_log(IC50, Measured(mean, max(error, math.sqrt(spread))), _fit(one), method)


def facts(one: DrugFit, told: dict[str, Estimate], exchange_s: float) -> dict[str, Any]:
    """What the checks of onset and wash-out look at."""
    found: dict[str, Any] = {
        "exchange_s": exchange_s,
        "own_rates_p": one.own_p,
        "own_rates_fold": one.own_fold,
    }
    if one.whole is None or not one.outcome.usable:
        return found
    off = 10.0 ** one.parameter(0, "log_koff")
    followed = [
        (one.rate(k) * item.lasted_s, one.rate(k)) for k, item in enumerate(one.applications) if item.lasted_s
    ]
    if followed:
        least, rate = min(followed)
        found |= {"onset_reached": -math.expm1(-least), "time_to_90_s": time_to_reach(0.9, rate)}
    washed = [
        float(item.washed[item.offset].max()) for item in one.applications if item.offsets >= FEWEST_READINGS
    ]
    if washed:
        found["offset_gone"] = -math.expm1(-off * max(washed))
    found["fastest_tau_s"] = 1.0 / max([off, *(rate for _, rate in followed)])
    found["kinetic_kd_molar"] = told[KD].value
    if IC50 in told:
        found["ic50_molar"] = told[IC50].value
    return found
