"""The radioligand in the wells: specific activity that day, total as counted or planned, free after binding."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from ..core.errors import InputError
from ..core.experiment import Experiment
from ..core.measured import Measured
from ..counting.amount import bound_fraction, counted_ligand, free_ligand
from ..counting.decay import decay_of
from ..counting.efficiency import efficiency_by_quench
from ..counting.rate import rate_with_error


@dataclass(frozen=True)
class Ligand:
    """Radioligand in one well, concentrations in mol/L.

    `total` is what was used: as counted from aliquots, else as planned. `free` is total minus bound where the bound
    could be expressed in moles, else total. `depletion` is what was bound over what was added in the total wells,
    `nonspecific` the same in the nonspecific wells; nan where unknown. `per_planned` is what a planned concentration is
    worth, also one that a well states for itself: as counted over as planned, else the part that has not decayed.
    """

    total: Measured
    free: Measured
    planned_molar: float
    counted: bool
    specific_activity_dpm_per_mol: float
    depletion: float = math.nan
    nonspecific: float = math.nan
    notes: tuple[str, ...] = ()
    per_planned: float = 1.0


def ligand_of(experiment: Experiment) -> Ligand:
    """The radioligand of an experiment before binding."""
    specific_activity, active, notes = _on_the_day(experiment)
    added = experiment.added
    planned = added.planned_molar * active
    if added.aliquot_rates_cpm and not math.isnan(specific_activity):
        total = _from_aliquots(experiment, specific_activity)
        if total is not None:
            if math.isnan(total.se):
                notes = (
                    *notes,
                    "The error of the counted radioligand is not known (one aliquot, no counting time).",
                )
                total = replace(total, se=0.0)
            worth = total.value / added.planned_molar if added.planned_molar > 0 else 1.0
            return Ligand(total, total, planned, True, specific_activity, notes=notes, per_planned=worth)
        notes = (*notes, "Aliquots were counted, but without an efficiency they give no concentration.")
    se = added.planned_se_molar
    if math.isnan(planned):
        unknown = Measured(planned)
        return Ligand(unknown, unknown, planned, False, specific_activity, notes=notes, per_planned=active)
    if math.isnan(se):
        notes = (*notes, "The error of the radioligand concentration is not stated; it counts as zero.")
        se = 0.0
    total = Measured(planned, se * active)
    return Ligand(total, total, planned, False, specific_activity, notes=notes, per_planned=active)


def molar_per_signal(ligand: Ligand, experiment: Experiment, unit: str) -> float:
    """mol/L bound for one unit of signal; nan where efficiency, specific activity or volume is not stated."""
    if unit != "dpm":
        return math.nan
    return 1.0 / (ligand.specific_activity_dpm_per_mol * experiment.conditions.volume_l)


def bound(ligand: Ligand, experiment: Experiment, bound_dpm: Measured, nonspecific_dpm: Measured) -> Ligand:
    """The same ligand after so much of it (dpm per well) was bound in the total and in the nonspecific wells."""
    volume = experiment.conditions.volume_l
    activity = ligand.specific_activity_dpm_per_mol
    if math.isnan(volume) or math.isnan(activity):
        note = "Free radioligand is taken as added: volume or specific activity is not stated."
        return replace(ligand, notes=(*ligand.notes, note))
    added_dpm = ligand.total * (activity * volume)
    free = free_ligand(ligand.total, bound_dpm, activity, volume)
    return replace(
        ligand,
        free=free,
        depletion=bound_fraction(bound_dpm, added_dpm).value,
        nonspecific=bound_fraction(nonspecific_dpm, added_dpm).value,
    )


def shared_part(ligand: Ligand, experiment: Experiment) -> Measured:
    """Free radioligand with only that part of its error which all days share: the efficiency, where it was counted."""
    log10_se = efficiency_error(experiment) if ligand.counted else 0.0
    return Measured(ligand.free.value, ligand.free.value * math.log(10.0) * log10_se)


def efficiency_error(experiment: Experiment) -> float:
    """Standard error of log10 of the counting efficiency, which all wells and all days of a counter share."""
    counting = experiment.counting
    if counting.quench_curve or not counting.efficiency > 0:
        return 0.0
    return Measured(counting.efficiency, counting.efficiency_se).log10_se


def _on_the_day(experiment: Experiment) -> tuple[float, float, tuple[str, ...]]:
    """Specific activity on the day (dpm/mol), what is left of the active concentration, and what to note."""
    ligand = experiment.radioligand
    if math.isnan(ligand.specific_activity_dpm_per_mol):
        return math.nan, 1.0, ()
    try:
        found = decay_of(ligand, experiment.date)
    except InputError as error:
        raise InputError(
            [replace(one, where=one.where or experiment.name) for one in error.problems]
        ) from None
    dated = ligand.calibration_date is not None and experiment.date is not None
    note = () if dated else ("The specific activity is not corrected for decay: a date is missing.",)
    return found.specific_activity_dpm_per_mol, found.active, note


def _from_aliquots(experiment: Experiment, specific_activity: float) -> Measured | None:
    counting = experiment.counting
    if math.isnan(counting.efficiency):
        return None
    stated = 0.0 if math.isnan(counting.background_cpm) else counting.background_cpm
    background = rate_with_error(stated, counting.background_time_s)
    efficiency = efficiency_by_quench(replace(counting, quench_curve=()))(math.nan)
    found = counted_ligand(
        experiment.added, background, efficiency, specific_activity, experiment.conditions.volume_l
    )
    return found.molar
