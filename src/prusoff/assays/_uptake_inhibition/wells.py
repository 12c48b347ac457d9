"""From the wells of one day to signals that can be compared: equal protein, equal tracer, their own vehicle."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from ...core.equation import Array
from ...core.errors import InputError, LayoutError, Problem, Problems
from ...core.experiment import Experiment
from ...core.plate import Role, Well
from .._competition.data import CompoundData, compound_data
from .._ligand import Ligand, bound, ligand_of
from .._signal import Signals, mean_of, signals
from .._uptake import (
    BACKGROUNDS,
    LABELLED,
    Per,
    amount_in,
    diluted_activity,
    known_per,
    labelled_molar,
    substrate_of,
    velocity_factor,
)
from .day import Day, Settings

SPOKEN = {Role.NSB: "blocker (role nsb)", Role.ICE: "wells at 4 °C (role ice)"}


def require_wells(experiments: Sequence[Experiment], settings: Settings) -> None:
    """Refuse experiments without wells without inhibitor, or without the background that the settings name."""
    problems = Problems()
    wanted = {"blocker": Role.NSB, "ice": Role.ICE}.get(settings.background)
    for experiment in experiments:
        roles = {well.treatment.role for well in experiment.used}
        if Role.TOTAL not in roles:
            fix = 'Mark them in the layout with role = "total", or see why they were set aside'
            problems.add("there are no wells without inhibitor (total)", experiment.name, fix, "E-CONTROLS")
        if wanted is not None and wanted not in roles:
            other = next((role for role in BACKGROUNDS if role in roles), None)
            fix = 'Mark them in the layout, or write settings.background = "zero" where none were made'
            if other is not None:
                there = "ice" if other is Role.ICE else "blocker"
                fix = f'There is {SPOKEN[other]}: write settings.background = "{there}"'
            problems.add(f"there is no background of {SPOKEN[wanted]}", experiment.name, fix, "E-CONTROLS")
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
    ligand = _ligand(experiment, counted)
    read, typical, corrected = _alike(experiment, counted, per)
    if settings.background == "ice":
        read = _exchanged(read)
    substrate = substrate_of(experiment, ligand)
    activity = diluted_activity(ligand.specific_activity_dpm_per_mol, ligand.total.value, substrate.value)
    velocity = velocity_factor(experiment, read, activity, per, amount=typical)
    return Day(experiment, counted, read, ligand, substrate, per, velocity, corrected)


def per_of(experiments: Sequence[Experiment], settings: Settings) -> Per:
    """What velocities are told by; refused where the settings name what wells do not state."""
    if settings.per == "stated":
        return known_per(experiments)
    per = settings.per
    for experiment in experiments:
        lacking = [one for one in _labelled(experiment) if not amount_in(one, experiment, per) > 0]
        if lacking:
            place = f"{experiment.name} > {lacking[0].plate} {lacking[0].position}"
            fix = f'State conditions.{per}, or a column, or write settings.per = "well"'
            raise InputError(Problem(f"the {per} of {len(lacking)} wells is not stated", place, fix, "E-PER"))
    return per


def _labelled(experiment: Experiment) -> list[Well]:
    return [well for well in experiment.used if well.treatment.role in LABELLED]


def _ligand(experiment: Experiment, counted: Signals) -> Ligand:
    """The labelled substrate, with the part of it that the wells without inhibitor took up."""
    ligand = ligand_of(experiment)
    total = counted.of_role(Role.TOTAL)
    if math.isnan(ligand.total.value):
        own = [labelled_molar(well, experiment) for well in _labelled(experiment)]
        if own and all(one > 0 for one in own):
            planned = replace(ligand.total, value=float(np.median(own)), se=0.0)
            ligand = replace(ligand, total=planned, free=planned)
    if counted.unit == "dpm" and total.size:
        background = counted.of_role(Role.NSB)
        taken = mean_of(total)
        ligand = bound(ligand, experiment, taken, mean_of(background) if background.size else taken)
    return ligand


def _alike(experiment: Experiment, read: Signals, per: Per) -> tuple[Signals, float, tuple[str, ...]]:
    """The signals of wells brought to the median protein (or cells) and to the median tracer, that median, in words."""
    amounts = _own(experiment, read, [amount_in(one, experiment, per) for one in read.wells])
    tracers = _own(experiment, read, [labelled_molar(one, experiment) for one in read.wells])
    factors = np.ones(len(read.wells))
    said = []
    for what, (values, typical) in {_WORDS[per]: amounts, "tracer added": tracers}.items():
        if np.ptp(values[np.isfinite(values)]) > 0 if np.isfinite(values).any() else False:
            _require_known(experiment, read, values, what)
            factors = factors * np.where(np.isfinite(values), typical / values, 1.0)
            said.append(what)
    same = [_without_own(well) for well in read.wells]
    errors = None if read.errors is None else read.errors * factors
    return (
        replace(read, wells=tuple(same), values=read.values * factors, errors=errors),
        amounts[1],
        tuple(said),
    )


_WORDS = {"protein": "protein", "cells": "number of cells", "well": "well"}


def _own(experiment: Experiment, read: Signals, values: list[float]) -> tuple[Array, float]:
    """The values of the labelled wells (nan for others) and the median of those in use."""
    labelled = np.array([well.treatment.role in LABELLED for well in read.wells], dtype=bool)
    found = np.where(labelled, np.array(values, dtype=float), math.nan)
    used = np.array([well.used for well in read.wells], dtype=bool) & np.isfinite(found)
    return found, float(np.median(found[used])) if used.any() else math.nan


def _require_known(experiment: Experiment, read: Signals, values: Array, what: str) -> None:
    """Refuse wells in use of which some state this and others do not."""
    lacking = [
        well
        for well, value in zip(read.wells, values, strict=True)
        if well.used and well.treatment.role in LABELLED and not value > 0
    ]
    if lacking:
        place = f"{experiment.name} > {lacking[0].plate} {lacking[0].position}"
        fix = "State it for every well, or for none"
        raise InputError(
            Problem(f"the {what} of {len(lacking)} wells is not stated, of others it is", place, fix, "E-PER")
        )


def _without_own(well: Well) -> Well:
    """The same well without what it was corrected for, so that replicates are seen as such."""
    what = replace(well.treatment, protein_g=math.nan, cells=math.nan, radioligand_molar=math.nan)
    return replace(well, treatment=what)


def _exchanged(read: Signals) -> Signals:
    """Wells at 4 degrees in the place of those with blocker, and the other way round."""
    other = {Role.NSB: Role.ICE, Role.ICE: Role.NSB}
    wells = (
        replace(one, treatment=replace(one.treatment, role=other.get(one.treatment.role, one.treatment.role)))
        for one in read.wells
    )
    return replace(read, wells=tuple(wells))


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


def told_beside(data: CompoundData, day: Day) -> Iterator[tuple[tuple[str, str], dict[str, str]]]:
    """What is printed beside every well of a curve: its uptake in percent of control, by plate and position."""
    for well, part in zip(data.wells, relative_uptake(data), strict=True):
        if math.isfinite(part):
            yield (well.plate, well.position), {"uptake (% of control)": f"{100 * part:.6g}"}
