"""What comes out of one curve of uptake inhibition: IC50, Ki by mechanism, and the velocity without inhibitor."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from ...affinity.inhibition import ki_by_mechanism
from ...affinity.propagation import Conversion
from ...core.estimate import Estimate
from ...core.experiment import Constant
from ...core.fit import Fit
from ...core.measured import Measured
from ...fitting.intervals import quantile
from .._competition.curve import CompoundFits
from .._competition.data import CompoundData
from .._competition.estimates import RELATIVE, Constants, constants
from .._fitted import fitted_log
from .day import Day, Settings

VELOCITY = "velocity without inhibitor"


def found_in(data: CompoundData, fits: CompoundFits, day: Day, settings: Settings) -> Constants:
    """All estimates of one curve, Ki first where Km and [S] are known; a bound stays a bound."""
    plain = constants(data, fits, day.ligand, None, settings.hill_slope)
    ic50 = next((one for one in plain.estimates if one.name == RELATIVE), None)
    if ic50 is None:
        return plain
    velocity = tuple(_velocity(fits.free, day, settings.level)) if fits.outcome.usable else ()
    found = converted(ic50, day, settings)
    if found is None:
        return Constants((*plain.estimates, *velocity), {})
    beside = tuple(_other_slope(fits, day, settings)) if not ic50.is_bound else ()
    estimates = (found.ki, found.pki, *plain.estimates, *velocity, *beside)
    return Constants(estimates, found.shares, found)


def converted(ic50: Estimate, day: Day, settings: Settings) -> Conversion | None:
    """The Ki of an IC50 by the mechanism of the settings; None where it needs Km and [S] and one is not known."""
    km = day.experiment.radioligand.km
    if settings.mechanism == "noncompetitive":
        return ki_by_mechanism(ic50, Measured(1.0), Measured(1.0), "noncompetitive")
    if not has_km(km, day):
        return None
    assert km is not None
    return ki_by_mechanism(ic50, day.substrate, km, settings.mechanism)


def has_km(km: Constant | None, day: Day) -> bool:
    """Whether both Km and the substrate concentration are known."""
    return km is not None and day.substrate.value > 0


def _other_slope(fits: CompoundFits, day: Day, settings: Settings) -> Iterator[Estimate]:
    """The Ki of the slope that was not chosen, to stand beside it."""
    name, fit = ("slope 1", fits.one) if settings.hill_slope == "free" else ("free slope", fits.free)
    if not fit.outcome.usable:
        return
    found = converted(fitted_log(RELATIVE, fit, "log_ic50"), day, settings)
    if found is not None:
        yield replace(found.ki, name=f"Ki ({name})")


def _velocity(fit: Fit, day: Day, level: float) -> Iterator[Estimate]:
    """The uptake by the carrier without inhibitor, top minus bottom of the curve, as a velocity."""
    if not day.velocity.known or "top" not in fit.names:
        return
    weights = np.array([{"top": 1.0, "bottom": -1.0}.get(name, 0.0) for name in fit.names])
    span = fit.value("top") - fit.value("bottom")
    se = float(np.sqrt(max(float(weights @ fit.covariance @ weights), 0.0)))
    half = quantile(level, fit.df) * se
    signal = Estimate(
        "span", span, day.read.unit, span - half, span + half, level, se=se, method="Wald interval"
    )
    yield day.velocity.of(signal, VELOCITY)
