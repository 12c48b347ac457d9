"""Experiments as the run file that would lead to them, in the order in which a person would write it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ..core.errors import ModelError
from ..core.experiment import Added, Conditions, Counting, Experiment, Radioligand
from .written_compounds import compound_table, constant_table, stated, written

if TYPE_CHECKING:
    from ..core.assay import Assay

Table = dict[str, Any]


@dataclass(frozen=True)
class Written:
    """What a run file says of the run itself: a title, the assay, and the settings that are not the usual ones."""

    title: str
    assay: Assay
    settings: Mapping[str, Any]


def run_text(about: Written, experiments: Sequence[Experiment], files: Mapping[str, str]) -> str:
    """The text of a run file for these experiments; `files` gives the table of each by its name.

    What all experiments have in common stands once; members of a panel say what differs from the first of them, and an
    experiment what differs from its member. Raises ModelError for experiments that no run file can say.
    """
    import tomlkit

    members = _members(experiments)
    first = experiments[0]
    label, target = about.assay.needs.label, _target(first.conditions)
    document: Table = {
        "run": {"title": about.title, "assay": about.assay.name, "simulated": True},
        "target": target,
        **({label: _label(first.radioligand)} if label else {}),
        "conditions": _conditions(first.conditions),
        "counting": _counting(first.counting),
        "units": {"signal": first.wells[0].unit},
        "settings": {name: _plain(value) for name, value in about.settings.items()},
        "compound": {one.name: compound_table(one) for one in first.compounds},
        "panel": {name: _panel(one, first) for name, one in members.items()},
        "experiment": [_experiment(one, members.get(_site(one), first), files, bool(members)) for one in experiments],
    }  # fmt: skip
    head = "# Simulated: the bench does not exist, and truth.json says what it was given.\n\n"
    return head + tomlkit.dumps({name: part for name, part in document.items() if part})


def _members(experiments: Sequence[Experiment]) -> dict[str, Experiment]:
    """The first experiment of each member of a panel; none where all look at one and the same target."""
    found: dict[str, Experiment] = {}
    for one in experiments:
        found.setdefault(_site(one), one)
    for one in experiments:
        alike = found[_site(one)]
        if _own(one.radioligand) != _own(alike.radioligand) or _target(one.conditions) != _target(
            alike.conditions
        ):
            raise ModelError(
                f"{one.name} has another label or target than {alike.name}, which no run file says."
            )
    return found if len(found) > 1 else {}


def _own(label: Radioligand) -> Radioligand:
    """The label whatever its lot."""
    return replace(label, specific_activity_dpm_per_mol=0.0, calibration_date=None)


def _site(one: Experiment) -> str:
    return one.member or one.conditions.site


def _panel(one: Experiment, first: Experiment) -> Table:
    parts = {
        "target": _differing(_target(one.conditions), _target(first.conditions)),
        "radioligand": _differing(_label(one.radioligand), _label(first.radioligand)),
        "conditions": _differing(_conditions(one.conditions), _conditions(first.conditions)),
    }
    return {name: part for name, part in parts.items() if part} or {"target": _target(one.conditions)}


def _experiment(one: Experiment, usual: Experiment, files: Mapping[str, str], several: bool) -> Table:
    own = {
        "name": one.name,
        "date": one.date,
        "file": files[one.name],
        "member": _site(one) if several else None,
        **_added(one.added),
        "conditions": _differing(_conditions(one.conditions), _conditions(usual.conditions)),
        "counting": _differing(_counting(one.counting), _counting(usual.counting)),
        "lot": _differing(_lot(one.radioligand), _lot(usual.radioligand)),
    }
    return {name: value for name, value in own.items() if value}


def _differing(part: Table, usual: Table) -> Table:
    return {name: value for name, value in part.items() if value != usual.get(name)}


def _target(there: Conditions) -> Table:
    return stated(
        {"name": there.target, "species": there.species, "system": there.system, "variant": there.variant}
    )


def _label(label: Radioligand) -> Table:
    return stated(
        {
            "name": label.name,
            "nuclide": label.nuclide,
            "labelled_atoms": label.labelled_atoms,
            "specific_activity": written(label.specific_activity_dpm_per_mol, "specific activity", "Ci/mmol"),
            "calibration_date": label.calibration_date,
            "decay": label.decay_mode,
            "koff": written(label.koff_per_s, "rate constant", "/min"),
            "kd": constant_table(label.kd),
            "km": constant_table(label.km),
        }
    )


def _lot(label: Radioligand) -> Table:
    activity = written(label.specific_activity_dpm_per_mol, "specific activity", "Ci/mmol")
    return stated({"specific_activity": activity, "calibration_date": label.calibration_date})


def _conditions(there: Conditions) -> Table:
    return stated(
        {
            "temperature": written(there.temperature_c, "temperature", "C"),
            "incubation": written(there.incubation_s, "time", "min"),
            "volume": written(there.volume_l, "volume", "uL"),
            "protein": written(there.protein_g, "mass", "ug"),
            "protein_se": written(there.protein_se_g, "mass", "ug"),
            "cells": written(there.cells, "cell count", "cells"),
            "receptor": _molar(there.receptor_molar),
            "nsb": there.nsb_definer,
            "buffer": there.buffer,
        }
    )


def _counting(counter: Counting) -> Table:
    return stated(
        {
            "efficiency": written(counter.efficiency, "fraction", "%"),
            "efficiency_se": written(counter.efficiency_se, "fraction", "%") if counter.efficiency_se else "",
            "time": written(counter.time_s, "time", "min"),
            "background": written(counter.background_cpm, "count rate", "cpm"),
            "background_time": written(counter.background_time_s, "time", "min"),
            "pipetting_cv": written(counter.pipetting_cv, "fraction", "%"),
            "quench_curve": [[one.indicator, one.efficiency] for one in counter.quench_curve],
        }
    )


def _added(added: Added) -> Table:
    aliquots = {
        "rates": [written(rate, "count rate", "cpm") for rate in added.aliquot_rates_cpm],
        "volume": written(added.aliquot_volume_l, "volume", "uL"),
        "ligand_volume": written(added.ligand_volume_l, "volume", "uL"),
        "time": written(added.aliquot_count_time_s, "time", "min"),
    }
    return stated(
        {
            "radioligand": _molar(added.planned_molar),
            "radioligand_se": _molar(added.planned_se_molar),
            "substrate": _molar(added.substrate_molar),
            "aliquots": _inline(stated(aliquots)) if added.aliquot_rates_cpm else None,
        }
    )


def _inline(part: Table) -> Any:
    import tomlkit

    table = tomlkit.inline_table()
    table.update(part)
    return table


def _molar(value: float) -> str:
    return written(value, "molar concentration", "nM")


def _plain(value: Any) -> Any:
    """Tuples as lists, all the way down."""
    convert: Callable[[Any], Any] = _plain
    return [convert(one) for one in value] if isinstance(value, list | tuple) else value
