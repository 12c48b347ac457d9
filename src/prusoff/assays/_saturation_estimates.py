"""What comes out of one saturation isotherm: Kd, and Bmax per well, per protein and per cell."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

from ..core.estimate import Estimate
from ..core.fit import Fit
from ..core.measured import Measured
from ..counting.decay import AVOGADRO
from ._isotherm import Isotherm, IsothermFits
from ._ligand import Ligand


def constants(data: Isotherm, fits: IsothermFits, ligand: Ligand) -> Iterator[Estimate]:
    one = fits.one
    kd = _kd("Kd", one, ligand)
    yield kd
    yield kd.negative_log10("pKd")
    name = next(name for name in one.names if name.startswith("bmax"))
    bmax = _linear("Bmax", one, name, data.unit)
    yield from _densities(bmax, data, ligand)
    yield replace(bmax, name=f"Bmax ({data.unit})")
    yield _linear("nonspecific slope", one, "ns", "").times(1e-9, "nonspecific slope", f"{data.unit}/nM")
    yield _linear("background", one, "background", data.unit)
    if fits.depleted is not None:
        yield replace(_kd("Kd", fits.depleted, ligand), name="depletion-corrected Kd")


def _kd(name: str, fit: Fit, ligand: Ligand) -> Estimate:
    """Kd with its profile interval; where [L] was counted its error, which scales all concentrations, is added."""
    value, log10_se = 10.0 ** fit.value("log_kd"), fit.standard_error("log_kd")
    interval = fit.intervals.get("log_kd")
    low, high = (10.0**interval.low, 10.0**interval.high) if interval else (math.nan, math.nan)
    if ligand.counted:
        low, high = _scaled_limits((value, low, high), ligand.total.log10_se)
        log10_se = math.hypot(log10_se, ligand.total.log10_se)
    se = value * math.log(10.0) * log10_se
    method = "profile-likelihood interval" + (", error of [L] added" if ligand.counted else "")
    return Estimate(name, value, "M", low, high, method=method, se=se, log10_se=log10_se)


def _scaled_limits(numbers: tuple[float, float, float], log10_se: float) -> tuple[float, float]:
    """Limits of a value that is multiplied by a factor near 1 with this error, side by side on the log scale."""
    value, low, high = numbers
    extra = 1.959964 * log10_se
    down = math.hypot(math.log10(value / low), extra) if low > 0 else math.inf
    up = math.hypot(math.log10(high / value), extra) if math.isfinite(high) else math.inf
    return value * 10.0**-down, value * 10.0**up


def _linear(name: str, fit: Fit, parameter: str, unit: str) -> Estimate:
    interval = fit.intervals.get(parameter)
    low, high = (interval.low, interval.high) if interval else (math.nan, math.nan)
    se = fit.standard_error(parameter)
    return Estimate(name, fit.value(parameter), unit, low, high, method="profile-likelihood interval", se=se)


def _densities(bmax: Estimate, data: Isotherm, ligand: Ligand) -> Iterator[Estimate]:
    """Bmax per protein and per cell, where the counts could be expressed in moles; the protein error enters here."""
    conditions, activity = data.experiment.conditions, ligand.specific_activity_dpm_per_mol
    if data.unit != "dpm" or math.isnan(activity):
        return
    amount = bmax.times(1.0 / activity, "Bmax", "mol")
    if conditions.protein_g > 0:
        protein = Measured(
            conditions.protein_g, 0.0 if math.isnan(conditions.protein_se_g) else conditions.protein_se_g
        )
        density = amount.times(1.0 / protein.value, "Bmax", "mol/g")
        if protein.se > 0:
            limits = _scaled_limits((density.value, density.low, density.high), protein.log10_se)
            se = math.hypot(density.se, density.value * protein.relative)
            method = f"{density.method}, error of the protein added"
            density = replace(density, low=limits[0], high=limits[1], se=se, method=method)
        yield density
    if conditions.cells > 0:
        yield amount.times(AVOGADRO / conditions.cells, "sites per cell", "")
