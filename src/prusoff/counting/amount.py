"""From count rates to disintegrations, moles and concentrations: bound, added and free ligand, sites."""

from __future__ import annotations

from dataclasses import dataclass

from ..core.errors import Problem, Problems
from ..core.experiment import Added
from ..core.measured import Measured
from .decay import AVOGADRO
from .rate import mean_rate, net_rate, rate_with_error


def disintegrations(rate: Measured, efficiency: Measured) -> Measured:
    """Net count rate (cpm) over efficiency: dpm."""
    return rate / efficiency


def moles(activity: Measured, specific_activity_dpm_per_mol: float) -> Measured:
    """Activity (dpm) over specific activity: mol."""
    return activity / specific_activity_dpm_per_mol


def per_protein(amount: Measured, protein_g: Measured) -> Measured:
    """Amount (mol) over the protein of the well (g): mol/g."""
    return amount / protein_g


def sites_per_cell(bound_mol: Measured, cells: float) -> Measured:
    """Bound ligand at saturation (mol per well) as molecules per cell."""
    return bound_mol * (AVOGADRO / cells)


@dataclass(frozen=True)
class AddedLigand:
    """The radioligand in one well: activity (dpm), amount (mol) and total concentration (mol/L)."""

    activity: Measured
    amount: Measured
    molar: Measured


def added_ligand(
    aliquot: Measured,
    ligand_volume_l: float,
    aliquot_volume_l: float,
    specific_activity_dpm_per_mol: float,
    well_volume_l: float,
) -> AddedLigand:
    """What went into a well, from the activity (dpm) found in an aliquot of the working solution."""
    activity = aliquot * (ligand_volume_l / aliquot_volume_l)
    amount = moles(activity, specific_activity_dpm_per_mol)
    return AddedLigand(activity, amount, amount / well_volume_l)


def counted_ligand(
    added: Added,
    background: Measured,
    efficiency: Measured,
    specific_activity_dpm_per_mol: float,
    well_volume_l: float,
) -> AddedLigand:
    """The same from the count rates of the aliquots as the experiment states them.

    Raises InputError that names all that is missing: aliquots, their volume, the volume per well.
    """
    wanted = {
        "aliquot count rates": bool(added.aliquot_rates_cpm),
        "aliquot volume": added.aliquot_volume_l > 0,
        "volume of radioligand per well": added.ligand_volume_l > 0,
        "volume of a well": well_volume_l > 0,
    }
    problems = Problems()
    problems.items.extend(
        Problem(
            f"the {name} is missing",
            "added radioligand",
            "Give it, or give the planned concentration",
            "E-ADDED",
        )
        for name, given in wanted.items()
        if not given
    )
    problems.raise_if_any()
    rates = [rate_with_error(rate, added.aliquot_count_time_s) for rate in added.aliquot_rates_cpm]
    rate = net_rate(mean_rate(rates), background)
    return added_ligand(
        disintegrations(rate, efficiency),
        added.ligand_volume_l,
        added.aliquot_volume_l,
        specific_activity_dpm_per_mol,
        well_volume_l,
    )


def free_ligand(
    added_molar: Measured, bound_dpm: Measured, specific_activity_dpm_per_mol: float, well_volume_l: float
) -> Measured:
    """Total concentration minus what is bound (all of it, nonspecific too): mol/L."""
    return added_molar - moles(bound_dpm, specific_activity_dpm_per_mol) / well_volume_l


def bound_fraction(total_bound_dpm: Measured, added_dpm: Measured) -> Measured:
    """Depletion: total bound over added, as a fraction; total, not specific, because both leave the solution."""
    return total_bound_dpm / added_dpm
