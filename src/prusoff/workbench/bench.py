"""The tables of the run file as the nouns of the core: ligand, conditions and counter, in inside units."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, TypeVar

from ..core.experiment import Added, Conditions, Counting, QuenchStandard, Radioligand

if TYPE_CHECKING:
    from ..core.units import Quantity
    from .run_tables import ConditionsPart, CountingPart, ExperimentPart, RadioligandPart, TargetPart

    Part = TypeVar("Part", ConditionsPart, CountingPart)


def inside(quantity: Quantity | None, default: float = math.nan) -> float:
    """The number in inside units; `default` where nothing was stated."""
    return default if quantity is None else quantity.value


def overridden(general: Part, special: Part) -> Part:
    """The general statements with those that the experiment makes for itself in their place."""
    return general.model_copy(update={name: getattr(special, name) for name in special.model_fields_set})


def radioligand(part: RadioligandPart) -> Radioligand:
    """The labelled ligand."""
    return Radioligand(
        part.name,
        part.nuclide,
        inside(part.specific_activity),
        part.calibration_date,
        part.labelled_atoms,
        part.decay or "",
        inside(part.koff),
    )


def conditions(target: TargetPart, general: ConditionsPart, special: ConditionsPart) -> Conditions:
    """Target and incubation."""
    part = overridden(general, special)
    return Conditions(
        target.name,
        target.species,
        target.system,
        inside(part.temperature),
        inside(part.incubation),
        inside(part.volume),
        inside(part.protein),
        inside(part.protein_se),
        inside(part.cells),
        part.nsb,
        part.buffer,
        inside(part.receptor),
    )


def counting(general: CountingPart, special: CountingPart) -> Counting:
    """Counter; what the run file leaves out has the default of the core."""
    part, usual = overridden(general, special), Counting()
    return Counting(
        inside(part.efficiency, usual.efficiency),
        inside(part.efficiency_se, usual.efficiency_se),
        tuple(QuenchStandard(indicator, efficiency) for indicator, efficiency in part.quench_curve),
        inside(part.time, usual.time_s),
        inside(part.background, usual.background_cpm),
        inside(part.background_time, usual.background_time_s),
        inside(part.pipetting_cv, usual.pipetting_cv),
    )


def added(part: ExperimentPart) -> Added:
    """The radioligand of an experiment as planned and as counted."""
    planned = inside(part.radioligand), inside(part.radioligand_se)
    if part.aliquots is None:
        return Added(*planned)
    return Added(
        *planned,
        tuple(rate.value for rate in part.aliquots.rates),
        part.aliquots.volume.value,
        part.aliquots.ligand_volume.value,
        inside(part.aliquots.time),
    )
