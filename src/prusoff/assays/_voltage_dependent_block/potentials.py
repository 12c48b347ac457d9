"""The currents of a cell by potential: without drug, with it at its concentrations, and after its wash-out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...core.curves import Curve
from ...core.equation import Array
from ...core.errors import InputError, Problem, Problems
from ...core.estimate import figures
from ...core.experiment import Experiment
from ...core.plate import Role, Well
from ...core.result import Points
from .._signal import Signals, signals

FARADAY, GAS, ZERO_CELSIUS = 96485.33212, 8.31446261815324, 273.15  # C/mol, J/(mol K), K; CODATA 2018
CONTROLS = (Role.TOTAL, Role.WASH)


def thermal_volts(temperature_c: float) -> float:
    """R T/F in V: the potential whose energy for one charge is the thermal energy.

    >>> round(1e3 * thermal_volts(22.0), 3)
    25.434
    """
    return GAS * (temperature_c + ZERO_CELSIUS) / FARADAY


@dataclass(frozen=True)
class AtPotential:
    """The wells of one drug at one potential, set aside or not; currents are times `sign`; controls are positive."""

    potential_v: float
    wells: tuple[Well, ...]
    log_drug: Array
    current: Array
    sign: float

    @property
    def used(self) -> np.ndarray:
        """Which wells take part."""
        return np.array([well.used for well in self.wells], dtype=bool)

    @property
    def label(self) -> str:
        """'−80 mV'."""
        return millivolts(self.potential_v)

    @property
    def concentrations(self) -> Array:
        """log10 of the concentrations in use, lowest first; without the control."""
        tested = self.log_drug[self.used]
        return np.unique(tested[np.isfinite(tested)])

    @property
    def has_control(self) -> bool:
        """Whether a current without drug is in use."""
        return bool(np.isneginf(self.log_drug[self.used]).any())

    def curve(self, thermal_v: float) -> Curve:
        """The currents in use against the drug and the reduced potential."""
        chosen = self.used
        reduced = np.full(int(chosen.sum()), self.potential_v / thermal_v)
        return Curve(np.array([self.log_drug[chosen], reduced]), self.current[chosen], label=self.label)

    @property
    def points(self) -> Points:
        """The wells as they are drawn: the part of the control current that is left."""
        names = tuple(f"{well.plate} {well.position}".strip() for well in self.wells)
        used = tuple(well.used for well in self.wells)
        return Points(self.log_drug, self.current / self.control, names, used, self.label)

    @property
    def control(self) -> float:
        """The mean current without drug; the largest current where there is none."""
        plain = self.current[self.used & np.isneginf(self.log_drug)]
        mean = float(plain.mean()) if plain.size else float(np.abs(self.current).max(initial=0.0))
        return mean if mean != 0.0 else 1.0


@dataclass(frozen=True)
class DrugInCell:
    """One drug in one cell, potential by potential, the most negative first."""

    experiment: Experiment
    compound: str
    potentials: tuple[AtPotential, ...]
    thermal_v: float


def millivolts(volts: float) -> str:
    """A potential in words: '−80 mV'."""
    return figures(1e3 * volts, unit="mV") if volts else "0 mV"


def require_temperature(cells: Sequence[Experiment]) -> None:
    """Refuse cells of which no temperature is stated: what a volt means to a charge hangs on it."""
    lacking = [one.name for one in cells if not one.conditions.temperature_c > -ZERO_CELSIUS]
    if lacking:
        what = f"the temperature is not stated ({', '.join(lacking)})"
        fix = 'Write temperature = "22 C" under [conditions]'
        raise InputError(Problem(what, "conditions > temperature", fix, "E-MISSING"))


def drugs_of(experiment: Experiment) -> tuple[Signals, tuple[DrugInCell, ...]]:
    """The drugs of a cell with the currents at every potential; refuses wells without potential or concentration."""
    read = signals(experiment)
    every = [(well, float(value)) for well, value in zip(read.wells, read.values, strict=True)]
    every = [one for one in every if one[0].treatment.role in (*CONTROLS, Role.COMPOUND)]
    _require(experiment.name, [well for well, _ in every if well.used])
    drugs = sorted({well.treatment.compound for well, _ in every if well.treatment.role is Role.COMPOUND})
    thermal = thermal_volts(experiment.conditions.temperature_c)
    return read, tuple(DrugInCell(experiment, drug, _by_potential(every, drug), thermal) for drug in drugs)


def _require(cell: str, wells: Sequence[Well]) -> None:
    problems = Problems()
    nowhere = [well for well in wells if math.isnan(well.treatment.voltage_v)]
    if nowhere:
        what = f"{len(nowhere)} currents do not say at which potential they were measured"
        fix = "Give the column 'potential' with its unit, such as '-80 mV'"
        problems.add(what, f"{cell} > {nowhere[0].plate} {nowhere[0].position}", fix, "E-VOLTAGE")
    doses = [well.treatment.concentration_molar for well in wells if well.treatment.role is Role.COMPOUND]
    if not all(molar > 0 for molar in doses):
        fix = "Give its final concentration, or the role 'control' to wells without drug"
        problems.add("a drug has no concentration", cell, fix, "E-LAYOUT")
    problems.raise_if_any(InputError)


def _by_potential(every: Sequence[tuple[Well, float]], drug: str) -> tuple[AtPotential, ...]:
    own = [one for one in every if one[0].treatment.role in CONTROLS or one[0].treatment.compound == drug]
    levels = sorted({_level(well) for well, _ in own if well.treatment.role is Role.COMPOUND})
    return tuple(
        _at(level, [one for one in own if _level(one[0]) == level]) for level in levels if level == level
    )


def _level(well: Well) -> float:
    """The potential to a tenth of a millivolt."""
    return round(well.treatment.voltage_v, 4)


def _at(level: float, own: list[tuple[Well, float]]) -> AtPotential:
    own.sort(key=lambda one: (_log(one[0]), one[0].plate, one[0].position, one[1]))
    wells = tuple(well for well, _ in own)
    values = np.array([value for _, value in own])
    logs = np.array([_log(well) for well in wells])
    plain = [value for well, value in own if well.used and well.treatment.role in CONTROLS]
    sign = -1.0 if float(np.median(plain or values)) < 0 else 1.0
    return AtPotential(level, wells, logs, sign * values, sign)


def _log(well: Well) -> float:
    """log10 of the drug; -inf where there is none."""
    what = well.treatment
    return math.log10(what.concentration_molar) if what.role is Role.COMPOUND else -math.inf
