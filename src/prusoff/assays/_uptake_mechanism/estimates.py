"""What comes out of the grid of one compound: the constants of the mechanism, with bounds where they have no end."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from ...affinity.pooling import geometric_mean
from ...core.equation import Array
from ...core.estimate import Estimate, Relation, figures
from ...core.fit import Fit
from ...core.result import CurveBand, Points
from ...fitting.band import confidence_band, difference_band
from ...fitting.compare import p_text
from .._fitted import fitted, fitted_log
from .._ligand import Ligand
from .._uptake_kinetics.estimates import velocities, with_label_error
from .._uptake_kinetics.fits import MUCH_LABEL, vmax_name
from .._uptake_kinetics.wells import CarrierWells
from .mechanisms import MECHANISMS, Decision, Mechanism

NOT_IDENTIFIED = "not identified"
FAR = 10.0  # times the highest concentration tested, above which a constant is not told
LEAST_INHIBITION = 0.5  # below it the constants of an inhibitor lie beyond what was tested


def constants(data: CarrierWells, found: Fit, mechanism: Mechanism, ligand: Ligand) -> tuple[Estimate, ...]:
    """The constants of the inhibitor, then Km and Vmax without it."""
    km = with_label_error(fitted_log("Km", found, "log_km"), data, ligand)
    inhibitor = [
        made
        for name, parameter in mechanism.constants.items()
        if (made := constant(name, found, parameter, data)) is not None
    ]
    own = [part for one in inhibitor for part in (one, one.negative_log10(f"p{one.name}"))]
    vmax = fitted("Vmax", found, vmax_name(found), data.unit)
    return (*own, km, km.negative_log10("pKm"), *velocities(vmax, data))


def constant(name: str, found: Fit, parameter: str, data: CarrierWells) -> Estimate | None:
    """One constant of the inhibitor: a value, a bound where its interval has no end, or None where it has none at all.

    Where the grid stays below half inhibition the constant is a lower bound, whatever its interval says. A bound is
    the end of the interval, or that of the concentrations tested where it lies further inside.
    """
    tested = data.inhibitor[data.used & (data.inhibitor > 0)]
    interval = found.intervals.get(parameter)
    if interval is None or parameter in found.at_bounds:
        return None if interval is None else _bound(name, interval.low, interval.high, tested)
    if interval.open_sides:
        return _bound(name, interval.low, interval.high, tested)
    if strongest_inhibition(data, found) < LEAST_INHIBITION:
        return _bound(name, interval.low, math.inf, tested)
    return fitted_log(name, found, parameter)


def _bound(name: str, low: float, high: float, tested: Array) -> Estimate | None:
    """The end of an interval (log10) that has one end, as a bound; None where it has none."""
    method = f"{NOT_IDENTIFIED}: the end of its profile-likelihood interval, or of the concentrations tested"
    if math.isfinite(low):
        return Estimate(
            name, min(10.0**low, float(tested.max())), "M", relation=Relation.ABOVE, method=method
        )
    if math.isfinite(high):
        return Estimate(
            name, max(10.0**high, float(tested.min())), "M", relation=Relation.BELOW, method=method
        )
    return None


def strongest_inhibition(data: CarrierWells, found: Fit) -> float:
    """The largest inhibition of the fitted uptake through the carrier in the wells of the grid, as a fraction."""
    wells = data.used & (data.inhibitor > 0)
    if not wells.any():
        return math.nan
    pure = np.ones(int(wells.sum()))
    inhibited = np.stack([data.substrate[wells], data.inhibitor[wells], pure])
    free = np.stack([data.substrate[wells], 0.0 * pure, pure])
    with_it, without = (found.predict(x, 0) - found.predict(x, 1) for x in (inhibited, free))
    return float(np.max(1.0 - with_it / without))


def level_label(inhibitor: float) -> str:
    """How a concentration of inhibitor is called in a figure: '30 nM'."""
    return figures(inhibitor, 6, "M") if inhibitor > 0 else "0 nM"


def inhibitor_levels(data: CarrierWells) -> tuple[float, ...]:
    """The concentrations of inhibitor of the wells with carrier, none included, in rising order."""
    return tuple(float(one) for one in np.unique(data.inhibitor[~data.without_carrier]))


def points(data: CarrierWells, found: Fit, velocity: float) -> tuple[Points, ...]:
    """The uptake through the carrier at every concentration of inhibitor, and the uptake without carrier."""
    background = float(np.nan_to_num(found.value("background")))
    rates = (data.signal - background) / data.share * velocity
    otherwise = float(np.nan_to_num(found.value("nonsaturable"))) * data.substrate * velocity
    groups = [
        (level_label(level), ~data.without_carrier & (data.inhibitor == level), rates - otherwise)
        for level in inhibitor_levels(data)
    ]
    groups.append(("nonspecific", data.without_carrier, rates))
    parts = []
    for label, own, y in groups:
        wells = [well for well, chosen in zip(data.wells, own, strict=True) if chosen]
        names = tuple(f"{well.plate} {well.position}" for well in wells)
        parts.append(Points(data.substrate[own], y[own], names, tuple(well.used for well in wells), label))
    return tuple(parts)


def bands(data: CarrierWells, found: Fit, velocity: float, level: float) -> tuple[CurveBand, ...]:
    """The fitted uptake through the carrier at every concentration of inhibitor, and the uptake without carrier."""
    used = data.substrate[data.used]
    low, high = float(used.min()), float(used.max())
    x = np.union1d(np.geomspace(low, high, 41), np.linspace(low, high, 41))
    drawn = [
        (
            level_label(one),
            difference_band(found, np.stack([x, np.full_like(x, one), np.ones_like(x)]), (0, 1), level),
        )
        for one in inhibitor_levels(data)
    ]
    much = np.stack([x, 0.0 * x, np.full_like(x, MUCH_LABEL)])
    blocked = confidence_band(found, much, 1, level)
    scaled = [(label, band, velocity) for label, band in drawn]
    scaled.append(("nonspecific", blocked, velocity / MUCH_LABEL))
    return tuple(
        CurveBand(x, band.fitted * size, band.low * size, band.high * size, label, level)
        for label, band, size in scaled
    )


def table(decision: Decision, days: Sequence[Mapping[str, Fit]], highest: float) -> Iterator[str]:
    """All four mechanisms in words, from the lowest AICc on: weight, and the constants as means of the days.

    A constant that lies far above the `highest` concentration tested (mol/L) is not identified.
    """
    for one in decision.standings:
        told = "; ".join(
            _told((name, parameter), one.mechanism, days, highest)
            for name, parameter in one.mechanism.constants.items()
        )
        against = f", F test of mixed P {p_text(one.p)}" if math.isfinite(one.p) else ""
        yield (
            f"{one.mechanism.title}: AICc {one.delta:.1f} above the lowest, Akaike weight {_part(one.weight)}"
            f"{against}; {told}."
        )


def _part(weight: float) -> str:
    return "below 0.001" if weight < 1e-3 else f"{weight:.2g}"


def _told(
    pair: tuple[str, str], mechanism: Mechanism, days: Sequence[Mapping[str, Fit]], highest: float
) -> str:
    name, parameter = pair
    found = [day[mechanism.name] for day in days if mechanism.name in day]
    if any(parameter in one.at_bounds or not math.isfinite(one.value(parameter)) for one in found):
        return f"{name} {NOT_IDENTIFIED}"
    mean = geometric_mean([10.0 ** one.value(parameter) for one in found])
    beyond = mean.value > FAR * highest
    return f"{name} {NOT_IDENTIFIED if beyond else figures(mean.value, unit='M')}"


def as_uncertain(estimates: Sequence[Estimate]) -> tuple[Estimate, ...]:
    """The same constants with '~' before those of the inhibitor, where the mechanism they rest on is not certain."""
    names = {name for one in MECHANISMS for name in one.constants}
    shown = {*names, *(f"p{name}" for name in names)}
    return tuple(
        replace(one, relation=Relation.ABOUT) if one.name in shown and not one.is_bound else one
        for one in estimates
    )
