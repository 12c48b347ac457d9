"""Gates: which sweeps of a cell are good enough to be read, and why the others are not."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median

from ..core.estimate import figures
from ..core.plate import Well
from .series_resistance import MOST_ERROR_V, voltage_error

JUDGED, PASSED = "gates", "passed"


@dataclass(frozen=True)
class Limits:
    """How far a sweep may be from a perfect one; nan leaves a gate open. Inside units: V, ohm, A, fractions.

    Only the error of the potential has a limit that is stated in the field (5 mV); the others are set here and are
    to be set for the cell at hand: the membrane of a small neuron has less than the 500 MΩ of a good seal.
    `series_change` is the change of the series resistance against the start of the recording, `drift` the change of the
    current at the holding potential.
    """

    voltage_error_v: float = MOST_ERROR_V
    series_resistance_ohm: float = 25e6
    series_change: float = 0.25
    seal_ohm: float = 500e6
    leak_a: float = 200e-12
    drift_a: float = 100e-12


def gated(well: Well, limits: Limits = Limits(), start: Mapping[str, float] | None = None) -> str:
    """Why this sweep does not pass its gates, '' where it passes; what was not measured is not judged.

    `start` is the quality at the start of the recording (`quality_at_start`); without it nothing is said of changes.
    """
    told = well.quality
    failed = []
    error = error_of(well)
    if error > limits.voltage_error_v:
        most = figures(limits.voltage_error_v, unit="V")
        failed.append(f"series resistance makes an error of {figures(error, unit='V')} (limit {most})")
    series = told.get("series_resistance", math.nan)
    if series > limits.series_resistance_ohm:
        most = figures(limits.series_resistance_ohm, unit="ohm")
        failed.append(f"series resistance {figures(series, unit='ohm')} (limit {most})")
    seal = told.get("seal_resistance", math.nan)
    if seal < limits.seal_ohm:
        least = figures(limits.seal_ohm, unit="ohm")
        failed.append(f"seal or membrane resistance {figures(seal, unit='ohm')} (at least {least})")
    leak = told.get("leak", math.nan)
    if abs(leak) > limits.leak_a:
        most = figures(limits.leak_a, unit="A")
        failed.append(f"leak {figures(leak, unit='A')} (limit {most})")
    return "; ".join((*failed, *_changes(well, limits, start or {})))


def _changes(well: Well, limits: Limits, start: Mapping[str, float]) -> Iterable[str]:
    change = series_change(well, start)
    if abs(change) > limits.series_change:
        told, most = figures(100 * change, unit="%"), figures(100 * limits.series_change, unit="%")
        yield f"series resistance changed by {told} (limit {most})"
    drift = holding_drift(well, start)
    if abs(drift) > limits.drift_a:
        told, most = figures(drift, unit="A"), figures(limits.drift_a, unit="A")
        yield f"holding current drifted by {told} (limit {most})"


def error_of(well: Well) -> float:
    """The size of the error of the potential in V, nan where the current or the series resistance is not known."""
    if well.unit != "A" or "series_resistance" not in well.quality:
        return math.nan
    taken = well.quality.get("compensation", 0.0)
    return abs(float(voltage_error(well.signal, well.quality["series_resistance"], taken)))


def series_change(well: Well, start: Mapping[str, float]) -> float:
    """The change of the series resistance as a fraction of that at the start, nan where it is not known."""
    first = start.get("series_resistance", math.nan)
    return well.quality.get("series_resistance", math.nan) / first - 1.0 if first > 0 else math.nan


def holding_drift(well: Well, start: Mapping[str, float]) -> float:
    """The change of the current at the holding potential since the start in A, nan where it is not known."""
    return well.quality.get("leak", math.nan) - start.get("leak", math.nan)


def quality_at_start(wells: Iterable[Well]) -> dict[str, float]:
    """The quality of the first sweep of a cell by time; the medians over all where no times are stated."""
    members = [well for well in wells if well.quality]
    timed = [well.treatment.time_s for well in members if not math.isnan(well.treatment.time_s)]
    if len(timed) == len(members) and timed:
        members = [well for well in members if well.treatment.time_s == min(timed)]
    names = {name for well in members for name in well.quality}
    return {
        name: median([well.quality[name] for well in members if name in well.quality])
        for name in sorted(names)
    }


def gate(wells: Sequence[Well], limits: Limits = Limits()) -> tuple[Well, ...]:
    """The sweeps of one cell, those that do not pass set aside with the reason, all marked as judged.

    A sweep that was judged before stays as it was, so that limits stated in a run file hold.
    """
    start = quality_at_start(wells)
    return tuple(_judged(well, limits, start) for well in wells)


def _judged(well: Well, limits: Limits, start: Mapping[str, float]) -> Well:
    if JUDGED in well.extra or not well.quality:
        return well
    reason = gated(well, limits, start)
    return replace(
        well,
        set_aside="; ".join(filter(None, (well.set_aside, reason))),
        extra={**well.extra, JUDGED: reason or PASSED},
    )


def gate_facts(wells: Sequence[Well]) -> dict[str, float]:
    """What the checks of a recording ask of the sweeps of one cell: the worst of each, and how many were set aside."""
    start = quality_at_start(wells)
    judged = [well for well in wells if well.quality]
    return {
        "voltage_error_v": _worst(error_of(well) for well in judged),
        "series_resistance_ohm": _worst(well.quality.get("series_resistance", math.nan) for well in judged),
        "series_change": _worst(abs(series_change(well, start)) for well in judged),
        "seal_ohm": -_worst(-well.quality.get("seal_resistance", math.nan) for well in judged),
        "leak_a": _worst(abs(well.quality.get("leak", math.nan)) for well in judged),
        "drift_a": _worst(abs(holding_drift(well, start)) for well in judged),
        "clipped": float(sum("clip" in well.set_aside.lower() for well in wells)),
        "gated": float(sum(well.extra.get(JUDGED, PASSED) != PASSED for well in wells)),
        "sweeps": float(len(wells)),
    }


def _worst(values: Iterable[float]) -> float:
    return max((value for value in values if not math.isnan(value)), default=math.nan)
