"""The tables of the run file as the nouns of the core: ligand, conditions and counter, in inside units."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, TypeVar

from ..core.experiment import Added, Conditions, Counting, QuenchStandard, Radioligand

if TYPE_CHECKING:
    from ..core.units import Quantity
    from .run_tables import (
        ConditionsPart,
        CountingPart,
        ExperimentPart,
        LabelPart,
        LotPart,
        PanelPart,
        TargetPart,
    )
    from .runfile import RunFile

    Part = TypeVar("Part", ConditionsPart, CountingPart, LabelPart, TargetPart)


def inside(quantity: Quantity | None, default: float = math.nan) -> float:
    """The number in inside units; `default` where nothing was stated."""
    return default if quantity is None else quantity.value


def overridden(general: Part, special: Part) -> Part:
    """The general statements with those that the experiment makes for itself in their place."""
    return general.model_copy(update={name: getattr(special, name) for name in special.model_fields_set})


def label_of(runfile: RunFile, member: str = "") -> LabelPart | None:
    """The labelled ligand or substrate, with what the member of the panel states in its place; None without a label."""
    general, panel = runfile.radioligand or runfile.substrate, _member(runfile, member)
    if panel is None or not panel.radioligand.model_fields_set:
        return general
    return panel.radioligand if general is None else overridden(general, panel.radioligand)


def radioligand(part: LabelPart | None, lot: LotPart | None = None) -> Radioligand:
    """The labelled ligand or substrate, of this lot; one without a name where nothing is labelled."""
    if part is None:
        return Radioligand("", "")
    activity, date = (lot.specific_activity, lot.calibration_date) if lot else (None, None)
    return Radioligand(
        part.name or "",
        part.nuclide or "",
        inside(activity or part.specific_activity),
        date or part.calibration_date,
        part.labelled_atoms,
        part.decay or "",
        inside(part.koff),
    )


def conditions(runfile: RunFile, experiment: ExperimentPart, member: str = "") -> Conditions:
    """Target and incubation: those of the run, of the member of the panel, of the experiment, the latter before the
    former.
    """
    target, part, panel = runfile.target, runfile.conditions, _member(runfile, member)
    if panel is not None:
        target, part = overridden(target, panel.target), overridden(part, panel.conditions)
    part = overridden(part, experiment.conditions)
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
        target.variant,
    )


def _member(runfile: RunFile, name: str) -> PanelPart | None:
    return runfile.panel.get(name)


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
    substrate = inside(part.substrate)
    if part.aliquots is None:
        return Added(*planned, substrate_molar=substrate)
    return Added(
        *planned,
        tuple(rate.value for rate in part.aliquots.rates),
        part.aliquots.volume.value,
        part.aliquots.ligand_volume.value,
        inside(part.aliquots.time),
        substrate,
    )
