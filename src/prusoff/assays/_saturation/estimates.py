"""What comes out of one saturation isotherm: Kd, and Bmax per well, per protein and per cell."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

from ...affinity.propagation import with_shared_error
from ...core.estimate import Estimate
from ...core.experiment import Experiment
from ...core.fit import Fit
from ...core.measured import Measured
from ...counting.decay import AVOGADRO
from .._fitted import fitted, fitted_log
from .._ligand import Ligand, efficiency_error
from .isotherm import Isotherm, IsothermFits


def constants(data: Isotherm, fits: IsothermFits, ligand: Ligand) -> Iterator[Estimate]:
    """All estimates of one isotherm, Kd and Bmax first."""
    one = fits.one
    kd = _kd("Kd", one, ligand)
    yield kd
    yield kd.negative_log10("pKd")
    bmax = fitted("Bmax", one, next(name for name in one.names if name.startswith("bmax")), data.unit)
    yield from _densities(bmax, data, ligand)
    yield replace(bmax, name=f"Bmax ({data.unit})")
    yield fitted("nonspecific slope", one, "ns", "").times(1e-9, "nonspecific slope", f"{data.unit}/nM")
    yield fitted("background", one, "background", data.unit)
    if fits.depleted is not None:
        yield _kd("depletion-corrected Kd", fits.depleted, ligand)


def _kd(name: str, fit: Fit, ligand: Ligand) -> Estimate:
    """Kd with its profile interval and the error of [L], counted or stated, which scales all concentrations."""
    kd = fitted_log(name, fit, "log_kd")
    return with_shared_error(kd, ligand.total.log10_se, "[L]") if ligand.total.se > 0 else kd


def _densities(bmax: Estimate, data: Isotherm, ligand: Ligand) -> Iterator[Estimate]:
    """Bmax per protein and per cell, where the counts could be expressed in moles; the protein error enters here."""
    conditions, activity = data.experiment.conditions, ligand.specific_activity_dpm_per_mol
    if data.unit != "dpm" or math.isnan(activity):
        return
    amount = bmax.times(1.0 / activity, "Bmax", "mol")
    if conditions.protein_g > 0:
        density = amount.times(1.0 / conditions.protein_g, "Bmax", "mol/g")
        error = density_error(data.experiment)
        known = error > 0 and density.value > 0
        yield with_shared_error(density, error, "efficiency and protein") if known else density
    if conditions.cells > 0:
        yield amount.times(AVOGADRO / conditions.cells, "sites per cell", "")


def density_error(experiment: Experiment) -> float:
    """Standard error of log10 of the factor from counts to mol/g: counting efficiency and protein, as stated."""
    conditions = experiment.conditions
    protein = Measured(conditions.protein_g, conditions.protein_se_g)
    return math.hypot(efficiency_error(experiment), protein.log10_se if protein.se > 0 else 0.0)
