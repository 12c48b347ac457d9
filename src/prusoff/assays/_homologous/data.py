"""The wells of a homologous competition as curves: one for each concentration of the radioligand on a day."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ...core.curves import Curve
from ...core.errors import InputError, Problem
from ...core.estimate import figures
from ...core.experiment import Experiment
from ...core.plate import Role, Well
from ...core.result import Points
from ...fitting.solve import Options
from .._competition.curve import Seen, see_curve
from .._competition.data import CompoundData, compound_data
from .._ligand import Ligand, bound, ligand_of
from .._signal import Signals, compounds, mean_of, signals

ROLES = (Role.TOTAL, Role.NSB, Role.COMPOUND)
_INTERVALS = Options(intervals_of=("log_ic50", "hill_slope"))


@dataclass(frozen=True)
class HotCurve:
    """Displacement at one concentration of the radioligand, as it was added (mol/L): its wells and how they curve."""

    label: str
    ligand: Ligand
    data: CompoundData
    seen: Seen

    @property
    def points(self) -> Points:
        """All wells, to be drawn."""
        return replace(self.data.points, label=self.label)


@dataclass(frozen=True)
class Homologous:
    """One day: the curves by rising radioligand; `molar_per_signal` is nan where bound is not known in moles."""

    experiment: Experiment
    read: Signals
    ligand: Ligand
    curves: tuple[HotCurve, ...]
    molar_per_signal: float

    @property
    def usable(self) -> tuple[HotCurve, ...]:
        """The curves that show displacement."""
        return tuple(one for one in self.curves if one.seen.outcome.usable)

    @property
    def depletion(self) -> float:
        """The largest part of the radioligand that was bound without unlabelled ligand; nan where unknown."""
        return max((one.ligand.depletion for one in self.curves), default=math.nan)


def require_one_ligand(experiments: Sequence[Experiment]) -> None:
    """Refuse a run in which several compounds displace: hot and cold have to be one ligand."""
    for experiment in experiments:
        names = compounds(experiment)
        if len(names) > 1:
            raise InputError(
                Problem(
                    f"there are {len(names)} unlabelled ligands: {', '.join(names)}",
                    experiment.name,
                    "Keep the unlabelled form of the radioligand; for other compounds name the assay "
                    "radioligand_competition",
                    "E-COMPOUND",
                )
            )


def homologous(experiment: Experiment, level: float) -> Homologous:
    """Read the wells of a day and part them by the concentration of the radioligand."""
    read, ligand = signals(experiment), ligand_of(experiment)
    activity, volume = ligand.specific_activity_dpm_per_mol, experiment.conditions.volume_l
    per_signal = 1.0 / (activity * volume) if read.unit == "dpm" else math.nan
    planned = sorted({planned_molar(well, experiment) for well in read.wells if well.treatment.role in ROLES})
    curves = (_curve(molar, experiment, read, ligand, level) for molar in planned)
    return Homologous(experiment, read, ligand, tuple(one for one in curves if one is not None), per_signal)


def planned_molar(well: Well, experiment: Experiment) -> float:
    """Radioligand in a well as planned: its own, else that of the experiment."""
    own = well.treatment.radioligand_molar
    molar = experiment.added.planned_molar if math.isnan(own) else own
    if not molar > 0:
        raise InputError(
            Problem(
                "the radioligand concentration is not given",
                f"{experiment.name} > {well.plate} {well.position}",
                'Write radioligand = "0.3 nM" for the experiment, or for the wells where it differs',
                "E-CONCENTRATION",
            )
        )
    return molar


def _curve(
    molar: float, experiment: Experiment, read: Signals, ligand: Ligand, level: float
) -> HotCurve | None:
    """The curve at one radioligand concentration; None where none of its wells holds unlabelled ligand."""
    names = compounds(experiment)
    own, hot = at_concentration(molar, experiment, read, ligand)
    if not names or not any(well.treatment.role is Role.COMPOUND for well in own.wells):
        return None
    data = compound_data(own, names[0], experiment)
    return HotCurve(f"[L] {figures(molar, unit='M')}", hot, data, see_curve(data, level, _INTERVALS))


def at_concentration(
    molar: float, experiment: Experiment, read: Signals, ligand: Ligand
) -> tuple[Signals, Ligand]:
    """The wells of one radioligand concentration (as planned, mol/L), and the radioligand in them."""
    keep = [
        index
        for index, well in enumerate(read.wells)
        if well.treatment.role in ROLES and planned_molar(well, experiment) == molar
    ]
    own = replace(read, wells=tuple(read.wells[i] for i in keep), values=read.values[keep])
    ratio = molar / experiment.added.planned_molar
    scale = 1.0 if math.isnan(ratio) else ratio
    total = ligand.total * scale if math.isfinite(ligand.total.value) else replace(ligand.total, value=molar)
    hot = replace(ligand, total=total, free=total, planned_molar=molar)
    total_wells, nonspecific = (own.of_role(role) for role in (Role.TOTAL, Role.NSB))
    if read.unit == "dpm" and total_wells.size:
        none = np.zeros(1) if not nonspecific.size else nonspecific
        hot = bound(hot, experiment, mean_of(total_wells), mean_of(none))
    return own, hot


def molar_curve(one: HotCurve, per_signal: float) -> Curve:
    """The points that take part, in mol/L bound."""
    curve = one.data.curve
    return Curve(curve.x, curve.y * per_signal, label=one.label)


def signal_curve(one: HotCurve) -> Curve:
    """The points that take part, in the unit of the signal."""
    curve = one.data.curve
    return Curve(curve.x, curve.y, label=one.label)
