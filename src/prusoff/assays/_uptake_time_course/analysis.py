"""One experiment of a time course analysed: v0 as a velocity, the usable time, and what the checks look at."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from ...core.equation import Array
from ...core.estimate import Estimate, Relation
from ...core.experiment import Experiment
from ...core.fit import Interval, Outcome
from ...core.measured import Measured
from ...core.plate import Role
from ...counting.amount import bound_fraction
from .._fitted import fitted
from .._ligand import Ligand, ligand_of
from .._signal import DEAD, Signals, one_reading, signals
from .._uptake import (
    Per,
    Velocity,
    brought_alike,
    density_facts,
    diluted_activity,
    exchanged,
    substrate_of,
    velocity_factor,
)
from .course import FEWEST_TIMES, Course, LinearPhase, course_of, linear_phase, usable_time, v0_name

V0, USABLE, RATE = "v0", "usable time", "k"
SURE = 2.0
NO_UPTAKE = (
    "No uptake by a carrier is seen: the wells read no higher than their background. Check the roles in the plate map, "
    "the cells and the blocker."
)


@dataclass(frozen=True)
class Settings:
    """How uptake against time is analysed.

    `background`: the wells without uptake by the carrier that belong to the course: 'blocker' (role nsb), 'ice' (role
    ice), or 'zero' where there are none and the course starts at the origin.
    `per`: what v0 is told by: 'protein', 'cells' or 'well'; 'stated' takes the first that every well has.
    `level`: confidence level of all intervals.
    """

    background: Literal["blocker", "ice", "zero"] = "blocker"
    per: Literal["stated", "protein", "cells", "well"] = "stated"
    level: float = 0.95


@dataclass(frozen=True)
class Analysed:
    """One experiment, fitted."""

    data: Course
    phase: LinearPhase
    ligand: Ligand
    counted: Signals
    read: Signals
    per: Per
    velocity: Velocity
    corrected: tuple[str, ...]
    outcome: Outcome
    reason: str
    estimates: tuple[Estimate, ...]

    @property
    def experiment(self) -> Experiment:
        """The experiment it was measured in."""
        return self.data.experiment

    def estimate(self, name: str) -> Estimate | None:
        """The estimate of this name, None where the course gave none."""
        return next((one for one in self.estimates if one.name == name), None)


def analyse(experiment: Experiment, settings: Settings, per: Per) -> Analysed:
    """Fit one course and say what it gives."""
    counted, ligand = signals(experiment), ligand_of(experiment)
    read, typical, corrected = brought_alike(experiment, counted, per)
    read = exchanged(read) if settings.background == "ice" else read
    data = course_of(experiment, read, settings.background != "zero")
    known = {"leak": 0.0, "background": 0.0} if settings.background == "zero" else {}
    phase = linear_phase(data.curves, known, data.weighting, settings.level)
    substrate = substrate_of(experiment, ligand)
    activity = diluted_activity(ligand.specific_activity_dpm_per_mol, ligand.total.value, substrate.value)
    velocity = velocity_factor(experiment, read, activity, per, 1.0, typical)
    outcome, reason = _judged(data, phase)
    found = tuple(_estimates(phase, data, velocity)) if outcome.usable else ()
    return Analysed(data, phase, ligand, counted, read, per, velocity, corrected, outcome, reason, found)


def _judged(data: Course, phase: LinearPhase) -> tuple[Outcome, str]:
    few = int(data.times.size)
    if few < FEWEST_TIMES:
        return Outcome.FAILED, f"{few} times make no course; at least {FEWEST_TIMES} are needed."
    if one_reading(data.signal[[well.used for well in data.wells]]):
        return Outcome.FAILED, DEAD
    kept = phase.kept
    if not kept.outcome.usable:
        return kept.outcome, kept.reason
    name = v0_name(kept)
    if not kept.value(name) > SURE * kept.standard_error(name) or name in kept.at_bounds:
        return Outcome.FAILED, NO_UPTAKE
    return kept.outcome, kept.reason


def _estimates(phase: LinearPhase, data: Course, velocity: Velocity) -> Iterator[Estimate]:
    kept = phase.kept
    v0 = fitted(V0, kept, v0_name(kept), f"{data.unit}/s")
    yield velocity.of(v0, V0) if velocity.known else v0
    usable = usable_estimate(phase)
    if usable is not None:
        yield usable
    if not phase.is_linear:
        log = fitted(RATE, kept, "log_rate", "1/s")
        yield replace(
            log,
            value=10.0**log.value,
            low=10.0**log.low,
            high=10.0**log.high,
            se=10.0**log.value * math.log(10.0) * log.se,
            log10_se=log.se,
        )
    if velocity.known:
        yield replace(v0, name=f"v0 ({data.unit}/s)")
    if "leak" in kept.names:
        yield fitted("leak", kept, "leak", f"{data.unit}/s")
        yield fitted("background", kept, "background", data.unit)


def usable_estimate(phase: LinearPhase) -> Estimate | None:
    """How long the uptake is linear to 10 %, never beyond the last time measured: there it is a bound.

    Where a line is enough, the fastest levelling off that the data allow gives the bound.
    """
    log_rate, interval = phase.rate
    level = 0.95 if interval is None else interval.level
    if phase.is_linear:
        if interval is None or not math.isfinite(interval.high):
            return None
        least = min(usable_time(10.0**interval.high), phase.longest_s)
        method = "a line is enough; from the fastest levelling off that the data allow"
        return Estimate(USABLE, least, "s", level=level, relation=Relation.ABOVE, method=method)
    value = usable_time(10.0**log_rate)
    if value > phase.longest_s:
        method = "beyond the last time measured"
        return Estimate(USABLE, phase.longest_s, "s", level=level, relation=Relation.ABOVE, method=method)
    low, high = _limits(interval)
    error = phase.levelling.standard_error("log_rate")
    method = "0.2146/k, profile-likelihood interval of k"
    return Estimate(USABLE, value, "s", low, high, level, method=method, log10_se=error)


def _limits(interval: Interval | None) -> tuple[float, float]:
    """The usable times of both ends of the interval of log k: the faster, the shorter."""
    if interval is None:
        return math.nan, math.nan
    ends = (interval.high, interval.low)
    low, high = (usable_time(10.0**end) if math.isfinite(end) else math.nan for end in ends)
    return (0.0 if math.isnan(low) else low), (math.inf if math.isnan(high) else high)


def facts(one: Analysed) -> dict[str, Any]:
    """What the checks of uptake look at."""
    usable, lasted = one.estimate(USABLE), one.experiment.conditions.incubation_s
    known = usable is not None and not (usable.is_bound and lasted > usable.value)
    return {
        "uptake_s": lasted,
        "usable_s": usable.value if usable is not None and known else math.nan,
        "used_fraction": _used(one),
        **_backgrounds(one),
        **density_facts(one.counted.wells, one.per),
    }


def _used(one: Analysed) -> float:
    """The part of the substrate added that is taken up at the time of the assay, or at the last time."""
    activity, volume = one.ligand.specific_activity_dpm_per_mol, one.experiment.conditions.volume_l
    added = one.ligand.total.value * activity * volume
    if one.data.unit != "dpm" or not added > 0 or one.outcome is Outcome.FAILED:
        return math.nan
    lasted = one.experiment.conditions.incubation_s
    at = lasted if 0 < lasted <= one.phase.longest_s else one.phase.longest_s
    taken = float(one.phase.kept.predict(np.array([at]))[0])
    return bound_fraction(Measured(taken), Measured(added)).value


def _backgrounds(one: Analysed) -> dict[str, float]:
    """The means of both backgrounds and of the uptake at the last time at which all three were measured."""
    roles = {"total_mean": Role.TOTAL, "blocker_mean": Role.NSB, "ice_mean": Role.ICE}
    found: dict[str, dict[float, list[float]]] = {name: {} for name in roles}
    for well, value in zip(one.counted.wells, one.counted.values, strict=True):
        for name, role in roles.items():
            if well.used and well.treatment.role is role:
                found[name].setdefault(well.treatment.time_s, []).append(float(value))
    common = set.intersection(*(set(times) for times in found.values()))
    if not common:
        return {}
    return {name: float(np.mean(times[max(common)])) for name, times in found.items()}


def latest(one: Analysed) -> Array:
    """The signals of the wells with uptake at the last time: wells that were treated alike."""
    chosen = one.data.of(Role.TOTAL) & (one.data.time == one.data.times[-1])
    found: Array = one.data.signal[chosen]
    return found
