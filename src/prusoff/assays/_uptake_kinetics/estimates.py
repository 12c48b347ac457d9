"""What comes out of one uptake over substrate: Km, Vmax per protein and per cell, what does not saturate, turnover."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from ...affinity.propagation import with_shared_error
from ...affinity.ratios import quotient
from ...core.estimate import Estimate, Relation
from ...core.fit import Fit
from ...core.panel import site_of, subject_at
from ...core.result import AssayResult, Ratio
from .._fitted import fitted, fitted_log
from .._ligand import Ligand
from .._uptake import Velocity, shared_error
from .fits import KineticsFits, vmax_name
from .wells import CarrierWells

MICROLITRE_PER_MG_MIN = 1e6 * 1e-3 * 60.0  # of one L/(g s)
FOLD_VMAX = "fold Vmax"


def constants(data: CarrierWells, fits: KineticsFits, ligand: Ligand) -> tuple[Estimate, ...]:
    """All estimates of one experiment, Km and Vmax first; bounds where the Km is not bracketed."""
    one = fits.one
    if fits.bound is not None:
        return tuple(_bounded(data, fits))
    if not fits.outcome.usable:
        return ()
    km = with_label_error(fitted_log("Km", one, "log_km"), data, ligand)
    vmax = fitted("Vmax", one, vmax_name(one), data.unit)
    return (km, km.negative_log10("pKm"), *velocities(vmax, data), *_further(data, one, vmax))


def with_label_error(km: Estimate, data: CarrierWells, ligand: Ligand) -> Estimate:
    """A Km with the error of the labelled part of the substrate around it; what is unlabelled counts as exact."""
    error = label_error(km.value, data, ligand)
    return with_shared_error(km, error, "the labelled substrate") if error > 0 else km


def label_error(at_molar: float, data: CarrierWells, ligand: Ligand) -> float:
    """Error of log10 of the substrate around a concentration that comes from its labelled part."""
    if not (ligand.total.se > 0 and ligand.total.value > 0):
        return 0.0
    used = data.substrate[data.used]
    nearest = int(np.argmin(np.abs(np.log(used / at_molar))))
    part = min(float(ligand.total.value / used[nearest]), 1.0)
    return part * ligand.total.log10_se


def velocities(vmax: Estimate, data: CarrierWells) -> Iterator[Estimate]:
    """Vmax as a velocity per protein, per cell or per well, then by the other of these where it is known too."""
    velocity = data.velocity
    if not velocity.known:
        yield vmax
        return
    yield with_velocity_error(velocity.of(vmax, "Vmax"), velocity.log10_se)
    cells = data.experiment.conditions.cells
    if velocity.unit == "mol/g/s" and cells > 0:
        per_cell = Velocity(velocity.per_signal * data.amount / cells, "mol/cell/s", 0.0)
        error = shared_error(data.experiment, "cells")
        yield with_velocity_error(per_cell.of(vmax, "Vmax per cell"), error)


def with_velocity_error(vmax: Estimate, log10_se: float) -> Estimate:
    """A velocity with the error of efficiency and protein."""
    known = log10_se > 0 and vmax.value > 0
    return with_shared_error(vmax, log10_se, "efficiency and protein") if known else vmax


def _bounded(data: CarrierWells, fits: KineticsFits) -> Iterator[Estimate]:
    """A Km of which only a bound is known; where it lies above, the Vmax is at least what was measured."""
    bound = fits.bound
    if bound is None:
        return
    km = Estimate(
        "Km", 10.0**bound.value, "M", relation=bound.relation, method="not bracketed by the substrate"
    )
    yield km
    yield km.negative_log10("pKm")
    if bound.relation is not Relation.ABOVE:
        yield from velocities(fitted("Vmax", fits.one, vmax_name(fits.one), data.unit), data)
        return
    top = np.array([[data.concentrations.max()], [1.0]])
    reached = float(fits.one.predict(top, 0)[0] - fits.one.predict(top, 1)[0])
    for one in velocities(Estimate("Vmax", reached, data.unit), data):
        yield Estimate(
            one.name,
            one.value,
            one.unit,
            relation=Relation.ABOVE,
            method="velocity at the highest substrate",
        )


def _further(data: CarrierWells, one: Fit, vmax: Estimate) -> Iterator[Estimate]:
    velocity = data.velocity
    slope = fitted("nonsaturable uptake", one, "nonsaturable", "")
    if velocity.known and velocity.unit == "mol/g/s":
        yield slope.times(velocity.per_signal * MICROLITRE_PER_MG_MIN, slope.name, "µL/mg/min")
    else:
        yield slope.times(1e-9, slope.name, f"{data.unit}/nM")
    if "background" in one.names:
        yield fitted("background", one, "background", data.unit)
    yield from _turnover(data, vmax)


def _turnover(data: CarrierWells, vmax: Estimate) -> Iterator[Estimate]:
    """Molecules that one site takes up in a second at saturating substrate, where the sites of a well are stated."""
    conditions = data.experiment.conditions
    sites = conditions.receptor_molar * conditions.volume_l
    if data.velocity.known and sites > 0:
        per_well = data.velocity.per_signal * data.amount
        yield replace(vmax.times(per_well / sites, "turnover", "1/s"), log10_se=math.nan)


def folds_of_vmax(result: AssayResult) -> tuple[Ratio, ...]:
    """Vmax at every site of a panel over that at the first one, in the order of their names with wild types first."""
    variants = {site_of(one): bool(one.conditions.variant) for one in result.experiments}
    order = sorted(variants, key=lambda site: (variants[site], site))
    return tuple(_folds(result, order)) if len(order) > 1 else ()


def _folds(result: AssayResult, order: Sequence[str]) -> Iterator[Ratio]:
    first = order[0]
    pooled = {one.subject: one for one in result.pooled if one.estimate.name == "Vmax"}
    for site in order[1:]:
        for substrate in dict.fromkeys(one.radioligand.name for one in result.experiments):
            over, under = (pooled.get(subject_at(substrate, place)) for place in (site, first))
            if over is None or under is None or over.estimate.unit != under.estimate.unit:
                continue
            ratio = quotient(over, under, FOLD_VMAX)
            told = f"Vmax at {site} over that at {first}."
            yield Ratio(FOLD_VMAX, over.subject, under.subject, ratio, told)
