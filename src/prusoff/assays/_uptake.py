"""From the signal of a well to a velocity of uptake: substrate in the well, its label, time, protein or cells."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias, TypeVar

import numpy as np

from ..core.equation import Array
from ..core.errors import InputError, LayoutError, Problem, Problems
from ..core.estimate import Estimate
from ..core.experiment import Experiment
from ..core.measured import Measured
from ..core.plate import Role, Well
from ._ligand import Ligand, bound, efficiency_error, ligand_of
from ._signal import Signals, mean_of

Per: TypeAlias = Literal["protein", "cells", "well"]
Amount = TypeVar("Amount", float, Array)
BACKGROUNDS = (Role.NSB, Role.ICE)
LABELLED = (Role.TOTAL, Role.COMPOUND, *BACKGROUNDS)
SPARSE = 0.70  # of the median density of the wells
_WORDS: dict[Per, str] = {"protein": "protein", "cells": "number of cells", "well": "well"}
_UNITS: dict[Per, str] = {"protein": "mol/g/s", "cells": "mol/cell/s", "well": "mol/s"}


def substrate_of(experiment: Experiment, ligand: Ligand) -> Measured:
    """The whole substrate, mol/L: the unlabelled part as planned and the labelled part as counted (`ligand.total`).

    Without a stated whole substrate all of it is labelled substrate. nan where neither is known.
    """
    whole = experiment.added.substrate_molar
    if math.isnan(whole):
        return ligand.total
    unlabelled = whole - experiment.added.planned_molar
    if not unlabelled > 0 or math.isnan(ligand.total.value):
        return Measured(whole, whole * ligand.total.relative if ligand.total.value > 0 else 0.0)
    return ligand.total + Measured(unlabelled)


def labelled_molar(well: Well, experiment: Experiment) -> float:
    """The labelled substrate of a well: as its own row states it, else that of the experiment as planned."""
    own = well.treatment.radioligand_molar
    return experiment.added.planned_molar if math.isnan(own) else own


def substrate_molar(well: Well, experiment: Experiment) -> float:
    """The whole substrate of a well: as its own row states it, else that of the experiment, else the labelled one."""
    own, whole = well.treatment.substrate_molar, experiment.added.substrate_molar
    if not math.isnan(own):
        return own
    return labelled_molar(well, experiment) if math.isnan(whole) else whole


def diluted_activity(specific_activity: float, labelled: Amount, substrate: Amount) -> Amount:
    """Specific activity (dpm/mol) of the substrate in the well: unlabelled substrate dilutes that of the label.

    >>> diluted_activity(1e17, 2e-8, 1e-6)
    2000000000000000.0
    """
    return labelled / substrate * specific_activity


def amount_in(well: Well, experiment: Experiment, per: Per) -> float:
    """What the uptake of a well is divided by: its protein (g) or cells, else those of the experiment; 1 per well."""
    if per == "well":
        return 1.0
    own = well.treatment.protein_g if per == "protein" else well.treatment.cells
    stated = experiment.conditions.protein_g if per == "protein" else experiment.conditions.cells
    return stated if math.isnan(own) else own


def known_per(experiments: Sequence[Experiment]) -> Per:
    """Per protein where every well has it, else per cell where every well has those, else per well."""
    choices: tuple[Per, ...] = ("protein", "cells")
    for per in choices:
        wells = [(well, one) for one in experiments for well in one.used if well.treatment.role in LABELLED]
        if wells and all(amount_in(well, one, per) > 0 for well, one in wells):
            return per
    return "well"


@dataclass(frozen=True)
class Velocity:
    """What one dpm is as a velocity in the inside `unit` ('mol/g/s', 'mol/cell/s', 'mol/s').

    `log10_se` is the error of this factor that all wells and days share: counting efficiency and protein. Where the
    factor is not known (`missing` says what is), it is nan and velocities stay in the unit of the signal.
    """

    per_signal: float
    unit: str
    log10_se: float
    missing: tuple[str, ...] = ()

    @property
    def known(self) -> bool:
        """Whether signals can be told as velocities."""
        return math.isfinite(self.per_signal)

    def of(self, signal: Estimate, name: str) -> Estimate:
        """A signal with its interval as a velocity; its log10 standard error follows."""
        found = signal.times(self.per_signal, name, self.unit)
        return replace(found, log10_se=Measured(found.value, found.se).log10_se) if found.value > 0 else found


def velocity_factor(
    experiment: Experiment,
    read: Signals,
    activity_dpm_per_mol: float,
    per: Per = "protein",
    seconds: float = math.nan,
    amount: float = math.nan,
) -> Velocity:
    """What one dpm is as a velocity, 1/(specific activity x time x protein), and what is lacking to know it.

    `activity_dpm_per_mol` is that of the substrate in the wells (see `diluted_activity`). `seconds` is the duration of
    the uptake, that of the experiment if it is not given; pass 1 to get an amount (mol/g) told as its unit x s.
    `amount` is the protein (g) or the cells, those of the experiment if not given.
    """
    conditions = experiment.conditions
    seconds = conditions.incubation_s if math.isnan(seconds) else seconds
    if math.isnan(amount):
        amount = {"protein": conditions.protein_g, "cells": conditions.cells, "well": 1.0}[per]
    wanted = {
        "the counting efficiency": read.unit == "dpm",
        "the specific activity and the labelled and whole substrate": activity_dpm_per_mol > 0,
        "the incubation time": seconds > 0,
        "the protein or the cells": amount > 0,
    }
    missing = tuple(name for name, given in wanted.items() if not given)
    factor = math.nan if missing else 1.0 / (activity_dpm_per_mol * seconds * amount)
    return Velocity(factor, _UNITS[per], shared_error(experiment, per), missing)


def shared_error(experiment: Experiment, per: Per) -> float:
    """Standard error of log10 of what all velocities hang on: counting efficiency and, per protein, the protein."""
    conditions = experiment.conditions
    protein = Measured(conditions.protein_g, conditions.protein_se_g)
    own = protein.log10_se if per == "protein" and protein.se > 0 and protein.value > 0 else 0.0
    return math.hypot(efficiency_error(experiment), own)


def background_facts(read: Signals, plates: Sequence[str] | None = None) -> dict[str, float]:
    """The means of the total wells and of both kinds of background wells, for the check that compares them."""
    roles = {"total_mean": Role.TOTAL, "blocker_mean": Role.NSB, "ice_mean": Role.ICE}
    found = {name: read.of_role(role, plates) for name, role in roles.items()}
    return {name: float(values.mean()) for name, values in found.items() if values.size}


def densities(wells: Sequence[Well], per: Per) -> dict[tuple[str, str], float]:
    """The protein or the cells of wells in use that state their own, over their median, by plate and position."""
    named = "cells" if per == "cells" else "protein_g"
    labelled = [well for well in wells if well.used and well.treatment.role in LABELLED]
    own = {(well.plate, well.position): float(getattr(well.treatment, named)) for well in labelled}
    own = {place: value for place, value in own.items() if value > 0}
    median = float(np.median(list(own.values()))) if own else math.nan
    return {place: value / median for place, value in own.items()}


def density_facts(wells: Sequence[Well], per: Per) -> dict[str, float | str]:
    """The density of the thinnest well and which are sparse, for the check; nothing where none is stated."""
    found = densities(wells, per)
    if not found:
        return {}
    low = sorted(position for (_, position), value in found.items() if value < SPARSE)
    return {"lowest_density": min(found.values()), "sparse_wells": ", ".join(low) or "none"}


def per_of(experiments: Sequence[Experiment], wanted: Per | Literal["stated"]) -> Per:
    """What velocities are told by; refused where the wish names what wells do not state."""
    if wanted == "stated":
        return known_per(experiments)
    for experiment in experiments:
        lacking = [one for one in _labelled(experiment) if not amount_in(one, experiment, wanted) > 0]
        if lacking:
            place = f"{experiment.name} > {lacking[0].plate} {lacking[0].position}"
            fix = f'State conditions.{wanted}, or a column, or write settings.per = "well"'
            raise InputError(
                Problem(f"the {wanted} of {len(lacking)} wells is not stated", place, fix, "E-PER")
            )
    return wanted


def _labelled(experiment: Experiment) -> list[Well]:
    return [well for well in experiment.used if well.treatment.role in LABELLED]


def label_of(experiment: Experiment, counted: Signals) -> Ligand:
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


def brought_alike(experiment: Experiment, read: Signals, per: Per) -> tuple[Signals, float, tuple[str, ...]]:
    """The signals of wells brought to the median protein (or cells) and to the median tracer, that median, in words."""
    amounts = _own(experiment, read, [amount_in(one, experiment, per) for one in read.wells])
    tracers = _own(experiment, read, [labelled_molar(one, experiment) for one in read.wells])
    factors = np.ones(len(read.wells))
    said = []
    for what, (values, typical) in {_WORDS[per]: amounts, "tracer added": tracers}.items():
        known = values[np.isfinite(values)]
        if known.size and np.ptp(known) > 0:
            _require_known(experiment, read, values, what)
            factors = factors * np.divide(typical, values, out=np.ones_like(values), where=values > 0)
            said.append(what)
    same = [_without_own(well) for well in read.wells]
    errors = None if read.errors is None else read.errors * factors
    return (
        replace(read, wells=tuple(same), values=read.values * factors, errors=errors),
        amounts[1],
        tuple(said),
    )


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


def exchanged(read: Signals) -> Signals:
    """Wells at 4 degrees in the place of those with blocker, and the other way round."""
    other = {Role.NSB: Role.ICE, Role.ICE: Role.NSB}
    wells = (
        replace(one, treatment=replace(one.treatment, role=other.get(one.treatment.role, one.treatment.role)))
        for one in read.wells
    )
    return replace(read, wells=tuple(wells))


def require_background(
    experiments: Sequence[Experiment], background: Literal["blocker", "ice", "zero"]
) -> None:
    """Refuse experiments without wells without inhibitor, or without the background that is named."""
    problems = Problems()
    role = {"blocker": Role.NSB, "ice": Role.ICE}.get(background)
    spoken = {Role.NSB: "wells with blocker (role nsb)", Role.ICE: "wells at 4 °C (role ice)"}
    for experiment in experiments:
        roles = {well.treatment.role for well in experiment.used}
        if Role.TOTAL not in roles:
            fix = 'Mark them in the layout with role = "total", or see why they were set aside'
            problems.add("there are no wells without inhibitor (total)", experiment.name, fix, "E-CONTROLS")
        if role is not None and role not in roles:
            other = {"blocker": Role.ICE, "ice": Role.NSB}[background]
            instead, there = ("ice" if other is Role.ICE else "blocker"), other in roles
            fix = f'There are {spoken[other]}: write background = "{instead}" in [settings]'
            if not there:
                fix = (
                    'Mark them in the layout, or write background = "zero" in [settings] where none were made'
                )
            problems.add(
                f"there are no {spoken[role]} for the background", experiment.name, fix, "E-CONTROLS"
            )
    problems.raise_if_any(LayoutError)
