"""A bench that does not exist: pipettes additions into wells, lets them bind, filters and counts. Seeded."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from ..core.plate import Role, Treatment
from .equilibrium import competitive_binding


@dataclass(frozen=True)
class Pharmacology:
    """What is true at this bench: sites and constants in mol/L, nonspecific binding as bound over free.

    A compound that has an `alpha` is no competitor: it binds to a second site with its `ki_molar`, and there it changes
    Kd by (1 + B/KB)/(1 + alpha B/KB).
    """

    kd_molar: float
    receptor_molar: float
    nonspecific: float
    ki_molar: Mapping[str, float] = field(default_factory=dict)
    alpha: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Bench:
    """How the wells are made and counted. Volumes in L, times in s, specific activity in dpm/mol.

    Each of the three additions (compound or buffer, radioligand, membranes) varies by `pipetting_cv`. Nonspecific
    wells hold a definer that leaves no site free.
    """

    specific_activity_dpm_per_mol: float
    compound_volume_l: float = 50e-6
    ligand_volume_l: float = 50e-6
    membrane_volume_l: float = 100e-6
    pipetting_cv: float = 0.02
    efficiency: float = 0.42
    background_cpm: float = 22.0
    count_time_s: float = 120.0

    @property
    def volume_l(self) -> float:
        """Volume of a well as planned."""
        return self.compound_volume_l + self.ligand_volume_l + self.membrane_volume_l


def count_wells(
    treatments: Sequence[Treatment], truth: Pharmacology, bench: Bench, rng: np.random.Generator
) -> list[int]:
    """Gross counts of wells that were treated like this; `radioligand_molar` must be given in every treatment."""
    return [count_amount(_bound_mol(one, truth, bench, rng), bench, rng) for one in treatments]


def count_aliquots(ligand_molar: float, number: int, bench: Bench, rng: np.random.Generator) -> list[int]:
    """Gross counts of aliquots of the radioligand solution that gives `ligand_molar` in a well, each as large as an
    addition to a well.
    """
    amount = ligand_molar * bench.volume_l
    return [count_amount(amount * pipetted(bench, rng), bench, rng) for _ in range(number)]


def _bound_mol(well: Treatment, truth: Pharmacology, bench: Bench, rng: np.random.Generator) -> float:
    compound, ligand, membrane = (pipetted(bench, rng) for _ in range(3))
    volume = (
        bench.compound_volume_l * compound
        + bench.ligand_volume_l * ligand
        + bench.membrane_volume_l * membrane
    )
    planned = bench.volume_l
    if well.role is Role.NSB:
        receptor, inhibitor, ki = 0.0, 0.0, 1.0
    else:
        receptor = truth.receptor_molar * membrane * planned / volume
        inhibitor = (
            0.0
            if math.isnan(well.concentration_molar)
            else well.concentration_molar * compound * planned / volume
        )
        ki = truth.ki_molar.get(well.compound, math.inf)
    kd, alpha = truth.kd_molar, truth.alpha.get(well.compound)
    if alpha is not None:
        kd *= (1.0 + inhibitor / ki) / (1.0 + alpha * inhibitor / ki)
        inhibitor = 0.0
    found = competitive_binding(
        receptor_total=receptor,
        ligand_total=well.radioligand_molar * ligand * planned / volume,
        kd=kd,
        inhibitor_total=inhibitor,
        ki=ki if math.isfinite(ki) else 1e3,
        nonspecific=truth.nonspecific * membrane * planned / volume,
    )
    return found.total_bound * volume


def pipetted(bench: Bench, rng: np.random.Generator) -> float:
    """How much of a planned volume arrives; never less than nothing."""
    return max(0.0, 1.0 + bench.pipetting_cv * float(rng.standard_normal()))


def count_amount(amount_mol: float, bench: Bench, rng: np.random.Generator) -> int:
    """Gross counts of so much label, background included."""
    rate_cpm = amount_mol * bench.specific_activity_dpm_per_mol * bench.efficiency + bench.background_cpm
    return int(rng.poisson(rate_cpm * bench.count_time_s / 60.0))
