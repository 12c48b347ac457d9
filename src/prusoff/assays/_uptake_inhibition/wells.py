"""From the wells of one day to signals that can be compared: equal protein, equal tracer, their own vehicle."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ...core.equation import Array
from ...core.errors import LayoutError, Problem, Problems
from ...core.experiment import Experiment
from ...core.plate import Role, Well
from .._competition.data import CompoundData, compound_data
from .._signal import signals
from .._uptake import (
    SPARSE,
    Per,
    brought_alike,
    densities,
    diluted_activity,
    exchanged,
    label_of,
    substrate_of,
    velocity_factor,
)
from .day import Day, Settings


def require_one_substrate(experiments: Sequence[Experiment]) -> None:
    """Refuse experiments whose wells hold several substrate concentrations: one IC50 belongs to one."""
    problems = Problems()
    for experiment in experiments:
        substrates = {
            one.treatment.substrate_molar for one in experiment.used if one.treatment.substrate_molar > 0
        }
        if len(substrates) > 1:
            what = f"the wells hold {len(substrates)} substrate concentrations, and one IC50 belongs to one"
            fix = "Analyse them as uptake mechanism, or each concentration as an experiment of its own"
            problems.add(what, experiment.name, fix, "E-SUBSTRATE")
    problems.raise_if_any(LayoutError)


def day_of(experiment: Experiment, settings: Settings, per: Per) -> Day:
    """One experiment ready to be fitted."""
    counted = signals(experiment)
    ligand = label_of(experiment, counted)
    read, typical, corrected = brought_alike(experiment, counted, per)
    if settings.background == "ice":
        read = exchanged(read)
    substrate = substrate_of(experiment, ligand)
    activity = diluted_activity(ligand.specific_activity_dpm_per_mol, ligand.total.value, substrate.value)
    velocity = velocity_factor(experiment, read, activity, per, amount=typical)
    return Day(experiment, counted, read, ligand, substrate, per, velocity, corrected)


def curve_of(day: Day, compound: str, settings: Settings) -> CompoundData:
    """The wells of one compound with the controls of its plates and of its vehicle."""
    vehicle = _vehicle(day, compound)

    def is_control(well: Well) -> bool:
        role = well.treatment.role
        if role is Role.NSB:
            return settings.background != "zero"
        return role is Role.TOTAL and well.treatment.second_compound == vehicle

    data = compound_data(day.read, compound, day.experiment, is_control)
    if not any(well.used and well.treatment.role is Role.TOTAL for well in data.wells):
        named = f"with the vehicle '{vehicle}' " if vehicle else "without a named vehicle "
        fix = "Name the same vehicle beside the wells of the compound and beside its controls"
        raise LayoutError(
            Problem(
                f"no well without inhibitor {named}is in use on the plates of '{compound}'",
                day.experiment.name,
                fix,
                "E-CONTROLS",
            )
        )
    known = {"bottom": 0.0} if settings.background == "zero" else {}
    return replace(data, measured="uptake", known=known)


def _vehicle(day: Day, compound: str) -> str:
    own = [one.treatment for one in day.read.wells if one.treatment.compound == compound]
    vehicles = sorted({what.second_compound for what in own if what.role is Role.COMPOUND})
    held = [what for what in own if what.second_molar > 0]
    if len(vehicles) > 1 or held:
        what = f"'{compound}' stands in {len(vehicles)} vehicles ({', '.join(map(repr, vehicles))})"
        fix = "Give every vehicle a compound name of its own, such as 'X in ethanol'"
        if held:
            what = f"a second compound ('{held[0].second_compound}') with a concentration stands beside '{compound}'"
            fix = "Here a second compound is a vehicle and has none; analyse two inhibitors by their interaction"
        raise LayoutError(Problem(what, day.experiment.name, fix, "E-VEHICLE"))
    return vehicles[0] if vehicles else ""


def relative_uptake(data: CompoundData) -> Array:
    """Uptake of every well of a curve as a fraction of that of its controls, background subtracted: (well,)."""
    if data.controls is None:
        return np.full(data.y.shape, math.nan)
    total, background = data.controls
    return (data.y - background) / (total - background)


def told_beside(day: Day, curves: Sequence[CompoundData]) -> dict[tuple[str, str], dict[str, str]]:
    """What is printed beside the wells of a day, by plate and position: density, and uptake in percent of control."""
    told: dict[tuple[str, str], dict[str, str]] = {}
    for place, share in densities(day.counted.wells, day.per).items():
        thin = ", sparse" if share < SPARSE else ""
        told.setdefault(place, {})["density (% of median)"] = f"{100 * share:.3g}{thin}"
    for data in curves:
        for well, part in zip(data.wells, relative_uptake(data), strict=True):
            if math.isfinite(part):
                beside = told.setdefault((well.plate, well.position), {})
                beside["uptake (% of control)"] = f"{100 * part:.6g}"
    return told
