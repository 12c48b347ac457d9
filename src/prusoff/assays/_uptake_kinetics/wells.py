"""The wells of an uptake over several concentrations of substrate: substrate, its labelled share, and signal."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ...core.curves import Curve
from ...core.equation import Array
from ...core.errors import InputError, LayoutError, Problems
from ...core.experiment import Experiment
from ...core.plate import Role, Well
from ...fitting.weights import Weights
from .._ligand import Ligand
from .._signal import Signals
from .._uptake import (
    BACKGROUNDS,
    Per,
    Velocity,
    amount_in,
    labelled_molar,
    substrate_molar,
    velocity_factor,
)

ONE_LABEL = 2.0  # wells whose label differs by less than this factor cannot tell P[S] from a background


@dataclass(frozen=True)
class CarrierWells:
    """Wells with and without carrier-mediated uptake: substrate and inhibitor (mol/L), labelled share, signal, (well,).

    The share counts protein (or cells) too: a well with twice the median has twice the share. `velocity` is what one
    unit of signal at the share 1 is; `background` is the role of the wells without carrier, `one_label` says that all
    wells hold the same label, so that the counter background cannot be told from uptake that does not saturate.
    """

    experiment: Experiment
    wells: tuple[Well, ...]
    substrate: Array
    inhibitor: Array
    share: Array
    signal: Array
    unit: str
    weighting: Weights
    velocity: Velocity
    background: Role
    amount: float

    @property
    def used(self) -> npt.NDArray[np.bool_]:
        """Which wells take part."""
        return np.array([well.used for well in self.wells], dtype=bool)

    @property
    def without_carrier(self) -> npt.NDArray[np.bool_]:
        """Which wells have their carrier blocked."""
        return np.array([well.treatment.role is self.background for well in self.wells], dtype=bool)

    @property
    def label(self) -> Array:
        """Labelled substrate (mol/L) times protein over the median, (well,)."""
        return np.asarray(self.share * self.substrate)

    @property
    def one_label(self) -> bool:
        """Whether all wells in use hold about the same label."""
        own = self.label[self.used]
        return bool(own.max() < ONE_LABEL * own.min())

    @property
    def concentrations(self) -> Array:
        """The different concentrations of substrate of the wells in use that have a carrier."""
        return np.unique(self.substrate[self.used & ~self.without_carrier])

    def curves(self, *axes: Array) -> tuple[Curve, Curve]:
        """The wells in use with and without carrier, against these axes and the labelled share."""
        x = np.stack([*axes, self.share])
        total, blocked = (
            Curve(x[:, chosen & self.used], self.signal[chosen & self.used], label=label)
            for chosen, label in (
                (~self.without_carrier, "total"),
                (self.without_carrier, "nonspecific"),
            )
        )
        return total, blocked


def carrier_wells(
    experiment: Experiment, read: Signals, ligand: Ligand, per: Per, compound: str = ""
) -> CarrierWells:
    """Gather total, background and (for one compound) compound wells; what is counted of the label goes before plans.

    Wells with a blocker (role nsb) are the background; those at 4 degrees where there are none with a blocker.
    """
    background = _background(experiment)
    wanted = (Role.TOTAL, background)

    def belongs(well: Well) -> bool:
        what = well.treatment
        return what.role in wanted or (
            bool(compound) and what.role is Role.COMPOUND and what.compound == compound
        )

    wells, signal = read.pick(lambda well: belongs(well) and _stated(well, experiment))
    planned = np.array([labelled_molar(well, experiment) for well in wells])
    whole = np.array([substrate_molar(well, experiment) for well in wells])
    counted = ligand.total.value / experiment.added.planned_molar
    label = planned * (counted if math.isfinite(counted) else 1.0)
    substrate = whole - planned + label
    amounts = np.array([amount_in(well, experiment, per) for well in wells])
    usual = float(np.median(amounts[[well.used for well in wells]]))
    share = label / substrate * (amounts / usual if usual > 0 else 1.0)
    return CarrierWells(
        experiment,
        wells,
        substrate,
        np.array([_inhibitor(well) for well in wells]),
        share,
        signal,
        read.unit,
        read.weighting,
        velocity_factor(experiment, read, ligand.specific_activity_dpm_per_mol, per, amount=usual),
        background,
        usual,
    )


def at_highest(data: CarrierWells) -> Array:
    """The signals of the total wells at the highest concentration of substrate."""
    total = data.used & ~data.without_carrier
    return np.asarray(data.signal[total & (data.substrate == data.concentrations[-1])])


def used_fraction(data: CarrierWells, ligand: Ligand) -> float:
    """The largest part of the substrate of a well that was taken up; nan where it is not known in moles."""
    volume, activity = data.experiment.conditions.volume_l, ligand.specific_activity_dpm_per_mol
    if data.unit != "dpm" or math.isnan(volume) or math.isnan(activity):
        return math.nan
    total = data.used & ~data.without_carrier
    each = [total & (data.substrate == level) for level in data.concentrations]
    return max(float(data.signal[at].mean() / data.label[at].mean()) for at in each) / (activity * volume)


def require_wells(experiments: Sequence[Experiment], compounds: bool = False) -> None:
    """Refuse experiments that lack total or background wells, and wells whose substrate or inhibitor is not stated."""
    problems = Problems()
    for one in experiments:
        roles = {well.treatment.role for well in one.used}
        if Role.TOTAL not in roles:
            fix = 'Mark them in the layout with role = "total", or see why they were set aside'
            problems.add("there are no total wells", one.name, fix, "E-CONTROLS")
        if not roles & set(BACKGROUNDS):
            fix = 'Mark wells with a blocker with role = "nsb", or wells at 4 degrees with role = "ice"'
            problems.add(
                "there are no wells without carrier-mediated uptake (nsb or ice)",
                one.name,
                fix,
                "E-CONTROLS",
            )
    problems.raise_if_any(LayoutError)
    for one in experiments:
        read = (Role.TOTAL, *BACKGROUNDS, *((Role.COMPOUND,) if compounds else ()))
        for well in one.used:
            if well.treatment.role in read:
                _check(well, one, problems)
    problems.raise_if_any(InputError)


def _check(well: Well, experiment: Experiment, problems: Problems) -> None:
    where = f"{experiment.name} > {well.plate} {well.position}"
    labelled, whole = labelled_molar(well, experiment), substrate_molar(well, experiment)
    what = well.treatment
    if not labelled > 0:
        fix = 'Give radioligand = "20 nM" for the experiment, or a column of it'
        problems.add("the labelled substrate of the well is not stated", where, fix, "E-CONCENTRATION")
    elif whole < labelled * (1 - 1e-9):
        fix = "The substrate of a well is labelled and unlabelled together"
        problems.add("the whole substrate is less than its labelled part", where, fix, "E-SUBSTRATE")
    if what.role is Role.COMPOUND and not what.concentration_molar >= 0:
        fix = "Give every compound well its final concentration with a unit"
        problems.add(f"'{what.compound}' has no concentration", where, fix, "E-CONCENTRATION")


def inhibited_set_aside(experiment: Experiment) -> Experiment:
    """The same experiment with every well that holds a compound set aside: Km and Vmax do not look at inhibitors."""
    wells = tuple(
        replace(well, set_aside="it holds a compound, which Km and Vmax do not look at")
        if well.used and well.treatment.role is Role.COMPOUND
        else well
        for well in experiment.wells
    )
    return replace(experiment, wells=wells)


def _background(experiment: Experiment) -> Role:
    return Role.NSB if any(well.treatment.role is Role.NSB for well in experiment.used) else Role.ICE


def _stated(well: Well, experiment: Experiment) -> bool:
    """Whether a well can be placed on the axes; one that was set aside need not."""
    labelled, whole = labelled_molar(well, experiment), substrate_molar(well, experiment)
    return labelled > 0 and whole > 0 and (well.treatment.role is not Role.COMPOUND or _inhibitor(well) >= 0)


def _inhibitor(well: Well) -> float:
    return well.treatment.concentration_molar if well.treatment.role is Role.COMPOUND else 0.0
