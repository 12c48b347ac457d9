"""The wells of one modulator on one day as curves, one for each concentration of the radioligand."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from ...core.curves import Curve
from ...core.equation import Array
from ...core.estimate import figures
from ...core.experiment import Constant, Experiment
from ...core.plate import Role
from ...core.result import Points
from .._competition.data import CompoundData, compound_data
from .._homologous.data import ROLES, at_concentration, planned_molar
from .._ligand import Ligand, molar_per_signal
from .._signal import Signals


@dataclass(frozen=True)
class HotCurve:
    """Binding at one concentration of the radioligand: its wells, and those alone as `read`.

    `levels` are the concentrations of modulator (log10 mol/L, rising, without modulator -inf) that take part, `free`
    the free radioligand (mol/L) at each: total less what was bound there.
    """

    label: str
    ligand: Ligand
    read: Signals
    data: CompoundData
    levels: Array
    free: Array

    @property
    def points(self) -> Points:
        """All wells, to be drawn."""
        return replace(self.data.points, label=self.label)

    @property
    def curve(self) -> Curve:
        """The points that take part, x stacked: log10 modulator, and free radioligand that sites can take.

        In nonspecific wells the sites can take none.
        """
        x, y = self.data.curve.x, self.data.curve.y
        nonspecific = x == math.inf
        log_modulator = np.where(nonspecific, -math.inf, x)
        free = np.zeros_like(x)
        free[~nonspecific] = self.free[np.searchsorted(self.levels, x[~nonspecific])]
        return Curve(np.stack([log_modulator, free]), y, label=self.label)

    @property
    def most_bound(self) -> float:
        """The largest part of the radioligand that was bound at any concentration of modulator; nan where unknown."""
        if math.isnan(self.ligand.depletion):
            return math.nan
        return 1.0 - float(self.free.min()) / self.ligand.total.value

    def free_at(self, log_modulator: Array) -> Array:
        """Free radioligand between the concentrations that were tested, (point,)."""
        tested = np.isfinite(self.levels)
        return np.interp(log_modulator, self.levels[tested], self.free[tested])


@dataclass(frozen=True)
class Modulated:
    """One modulator on one day: its curves by rising radioligand, and the Kd of the radioligand."""

    experiment: Experiment
    modulator: str
    curves: tuple[HotCurve, ...]
    kd: Constant

    @property
    def label(self) -> str:
        """Modulator and day, as the curve of the day is called."""
        return f"{self.modulator}, {self.experiment.name}"

    @property
    def concentrations(self) -> Array:
        """The different concentrations of modulator that take part, as log10 mol/L."""
        found = [one.data.concentrations for one in self.curves]
        return np.unique(np.concatenate(found)) if found else np.empty(0)


def modulated(
    experiment: Experiment, read: Signals, ligand: Ligand, modulator: str, kd: Constant
) -> Modulated:
    """Part the wells of a modulator, and the controls of its plates, by the concentration of the radioligand."""
    curves = tuple(_curves(experiment, read, ligand, modulator))
    return Modulated(experiment, modulator, curves, kd)


def _curves(experiment: Experiment, read: Signals, ligand: Ligand, modulator: str) -> Iterator[HotCurve]:
    planned = {planned_molar(well, experiment) for well in read.wells if well.treatment.role in ROLES}
    for molar in sorted(planned):
        own, hot = at_concentration(molar, experiment, read, ligand)
        if not any(
            well.treatment.role is Role.COMPOUND and well.treatment.compound == modulator
            for well in own.wells
        ):
            continue
        data = compound_data(own, modulator, experiment)
        per_signal = molar_per_signal(hot, experiment, read.unit)
        levels, free = _free(data, hot, 0.0 if math.isnan(per_signal) else per_signal)
        yield HotCurve(f"[L] {figures(molar, unit='M')}", hot, own, data, levels, free)


def _free(data: CompoundData, ligand: Ligand, per_signal: float) -> tuple[Array, Array]:
    x, y = data.x[data.used], data.y[data.used]
    levels = np.unique(x[x < math.inf])
    bound = np.array([y[x == level].mean() for level in levels])
    return levels, ligand.total.value - bound * per_signal
