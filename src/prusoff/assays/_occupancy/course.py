"""Plasma and occupancy over the day after doses by mouth, by two routes: the EC50 of the scans, the Ki of the bench."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ...affinity.exposure import log10_error, molar_of_mass
from ...core.equation import Array
from ...core.estimate import Estimate, figures
from ...core.experiment import Compound, Constant, Dosing
from ...core.fit import Outcome
from ...core.result import CurveBand, Series
from ...equations.occupancy import receptor_occupancy
from ...fitting.intervals import quantile
from ...simulation.pharmacokinetics import OneCompartment, repeated
from .exposed import brain_of

PLASMA, FROM_SCANS, FROM_BENCH = "total plasma", "from the EC50 in plasma", "from the Ki in vitro"
TIME_LABEL = "time after the first dose (s)"
HOUR, POINTS = 3600.0, 241


@dataclass(frozen=True)
class Routes:
    """What leads from plasma to occupancy: Occmax, log EC50 and slope of the scans, the EC50 with limits; the Ki."""

    law: tuple[float, float, float]
    ec50: Estimate
    ki: Constant | None


def body_of(dosing: Dosing) -> OneCompartment:
    """The compartment that clearance and half-life make of this body."""
    return OneCompartment.of_clearance(
        dosing.clearance * dosing.weight_kg, dosing.half_life_s, dosing.absorption_per_s
    )


def volume_facts(dosing: Dosing | None) -> dict[str, float]:
    """The volume that clearance and half-life imply, and the one that is stated, in L/kg."""
    if dosing is None:
        return {}
    apparent = body_of(dosing).volume_l / dosing.weight_kg
    return {"implied_volume": apparent * dosing.bioavailability, "stated_volume": dosing.volume_l_per_kg}


def courses(compound: Compound, at: tuple[str, str], routes: Routes, level: float) -> Iterator[Series]:
    """Two series: plasma over time, and occupancy over time by both routes. `at` are subject and experiment."""
    dosing = compound.dosing
    if dosing is None or not math.isfinite(routes.law[1]) or routes.ec50.is_bound:
        return
    times = np.linspace(
        0.0, max(dosing.interval_s, 1.0) * dosing.doses, POINTS * max(1, min(dosing.doses, 7))
    )
    moles = molar_of_mass(dosing.dose_g, compound, dosing.form)
    body = body_of(dosing)
    plasma = repeated(body.oral(moles), dosing.interval_s, dosing.doses)(times)
    acting = plasma
    if math.isfinite(dosing.effect_per_s):
        acting = repeated(body.oral(moles, dosing.effect_per_s), dosing.interval_s, dosing.doses)(times)
    nothing = np.full(times.size, np.nan)
    made = f"{figures(1e3 * dosing.dose_g)} mg of {dosing.form}, {dosing.who or 'body as stated'} ({dosing.source})"
    yield Series(
        at[0], at[1], Outcome.OK, made, (),
        bands=(CurveBand(times, plasma, nothing, nothing, PLASMA, level),),
        x_label=TIME_LABEL, y_label="total plasma concentration (M)",
    )  # fmt: skip
    yield Series(
        at[0], at[1], Outcome.OK, made, (),
        bands=tuple(_bands(compound, routes, times, acting, level)),
        x_label=TIME_LABEL, y_label="occupancy (%)",
    )  # fmt: skip


def _bands(
    compound: Compound, routes: Routes, times: Array, acting: Array, level: float
) -> Iterator[CurveBand]:
    occmax, log_ec50, slope = routes.law
    ends = [
        math.log10(end) if 0 < end < math.inf else log_ec50 for end in (routes.ec50.high, routes.ec50.low)
    ]
    logs = np.log10(acting, out=np.full(acting.size, -np.inf), where=acting > 0)
    fitted, low, high = (
        100.0 * receptor_occupancy.function(logs, np.array([occmax, at, slope])) for at in (log_ec50, *ends)
    )
    yield CurveBand(times, fitted, low, high, FROM_SCANS, level)
    brain = brain_of(compound)
    if routes.ki is None or brain is None:
        return
    shift = math.log10(brain[0].value * brain[1].value)
    error = math.hypot(log10_error(routes.ki), *(log10_error(one) for one in brain))
    half = quantile(level, math.inf) * error
    log_ki = math.log10(routes.ki.value) - shift
    fitted, low, high = (
        100.0 * receptor_occupancy.function(logs, np.array([1.0, at, 1.0]))
        for at in (log_ki, log_ki + half, log_ki - half)
    )
    yield CurveBand(times, fitted, low, high, FROM_BENCH, level)


def sentence(target: str, course: Sequence[Series]) -> str:
    """What the course says in numbers: the highest plasma, and the occupancy then and at the end by each route."""
    plasma, occupancy = course
    drawn = plasma.bands[0]
    peak = int(np.argmax(drawn.fitted))
    routes = "; ".join(
        f"{figures(float(band.fitted.max()), 2, '%')} at most and {figures(float(band.fitted[-1]), 2, '%')} at the end "
        f"{band.label}"
        for band in occupancy.bands
    )
    return (
        f"Over {drawn.x[-1] / HOUR:g} h after {plasma.reason}: plasma at most "
        f"{figures(float(drawn.fitted[peak]), unit='M')} at {drawn.x[peak] / HOUR:.2g} h; occupancy of {target} "
        f"{routes}. "
        "Both routes are printed: they were measured apart."
    )
