"""The curves of a cell: its currents against the potential, without drug, with it, and after its wash-out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ...core.curves import Curve
from ...core.equation import Array
from ...core.errors import InputError, Problem, Problems
from ...core.estimate import figures
from ...core.experiment import Experiment
from ...core.plate import Role, Well
from ...core.result import Points

ACTIVATION, AVAILABILITY = "activation", "availability"
CONTROL, WASH = "control", "wash"
KINDS = {
    "activation": ACTIVATION,
    "conductance": ACTIVATION,
    "availability": AVAILABILITY,
    "inactivation": AVAILABILITY,
    "steady-state inactivation": AVAILABILITY,
}
AXES = {ACTIVATION: "test potential (V)", AVAILABILITY: "conditioning potential (V)"}
READ = (Role.TOTAL, Role.COMPOUND, Role.WASH)


@dataclass(frozen=True)
class GatingCurve:
    """One curve of one cell: `kind` says of what, `end_point` where the current was read, `condition` in what.

    `v` and `y` are those of all wells; `used` says which take part.
    """

    cell: str
    kind: str
    end_point: str
    compound: str
    molar: float
    wells: tuple[Well, ...]

    @property
    def condition(self) -> str:
        """'control', 'wash' or the drug with its concentration."""
        return f"{self.compound} {figures(self.molar, unit='M')}" if self.molar > 0 else self.compound

    @property
    def subject(self) -> str:
        """What the numbers are of: 'control (availability)', 'lidocaine 100 µM (activation, peak)'."""
        return f"{self.condition} ({', '.join(filter(None, (self.kind, self.end_point)))})"

    @property
    def unit(self) -> str:
        """The unit of the signal."""
        return self.wells[0].unit

    @property
    def used(self) -> tuple[Well, ...]:
        """The wells that take part."""
        return tuple(well for well in self.wells if well.used)

    @property
    def curve(self) -> Curve:
        """What is fitted; the standard errors of the source where every well has one."""
        wells = self.used
        errors = np.array([well.signal_se for well in wells])
        sd = errors if errors.size and (errors > 0).all() else None
        return Curve(self._of(wells)[0], self._of(wells)[1], sd, self.subject)

    @property
    def tested(self) -> Array:
        """The potentials that were tested, each once, rising."""
        return np.unique(self._of(self.used)[0])

    @property
    def points(self) -> Points:
        """What is drawn."""
        wells = tuple(well for well in self.wells if math.isfinite(well.signal))
        places = tuple(f"{well.plate} {well.position}".strip() for well in wells)
        return Points(*self._of(wells), places, tuple(well.used for well in wells))

    @staticmethod
    def _of(wells: Sequence[Well]) -> tuple[Array, Array]:
        return (
            np.array([well.treatment.voltage_v for well in wells]),
            np.array([well.signal for well in wells]),
        )


def with_potential(experiment: Experiment) -> Experiment:
    """The same cell with the currents set aside of which no potential is stated."""
    wells = tuple(
        replace(well, set_aside="no potential is stated")
        if well.used and math.isnan(well.treatment.voltage_v)
        else well
        for well in experiment.wells
    )
    return replace(experiment, wells=wells)


def require_potentials(experiments: Sequence[Experiment]) -> None:
    """Refuse runs in which nothing was measured at a potential, or in more than one unit in one cell."""
    problems = Problems()
    for one in experiments:
        if not any(not math.isnan(well.treatment.voltage_v) for well in one.wells):
            problems.add(
                "no current has a potential, so nothing can be drawn against it",
                one.name,
                "Add a column 'voltage (mV)' with the potential of every current",
                "E-VOLTAGE",
            )
        units = sorted({well.unit for well in one.used})
        if len(units) > 1:
            told = f"the wells have different units: {', '.join(units)}"
            problems.add(told, one.name, "Give all wells of a cell in one unit", "E-UNIT")
    problems.raise_if_any(InputError)


def curves(experiment: Experiment, usual: str) -> tuple[GatingCurve, ...]:
    """All curves of one cell, control first; `usual` is of what they are where the end point does not say."""
    found: dict[tuple[str, str, str, float], list[Well]] = {}
    for well in sorted(experiment.wells, key=_order):
        what = well.treatment
        if what.role not in READ or math.isnan(what.voltage_v):
            continue
        kind, end_point = _read_at(what.end_point, usual)
        found.setdefault((kind, end_point, *_condition(well)), []).append(well)
    return tuple(
        GatingCurve(experiment.name, kind, end_point, compound, molar, tuple(wells))
        for (kind, end_point, compound, molar), wells in sorted(found.items(), key=lambda one: _rank(one[0]))
    )


def _read_at(end_point: str, usual: str) -> tuple[str, str]:
    """Kind of curve and where the current was read."""
    kind = KINDS.get(end_point.lower())
    return (kind, "") if kind else (usual, end_point.lower())


def _condition(well: Well) -> tuple[str, float]:
    what = well.treatment
    if what.role is Role.COMPOUND:
        if not what.concentration_molar > 0:
            raise InputError(
                Problem(
                    f"'{what.compound}' has no concentration",
                    f"{well.experiment} > {well.plate} {well.position}",
                    "Give the final concentration with its unit",
                    "E-CONCENTRATION",
                )
            )
        return what.compound, what.concentration_molar
    return (WASH if what.role is Role.WASH else CONTROL), math.nan


def _order(well: Well) -> tuple[float, float, str, str]:
    return well.treatment.voltage_v, well.signal, well.plate, well.position


def _rank(key: tuple[str, str, str, float]) -> tuple[str, str, int, str, float]:
    kind, end_point, compound, molar = key
    place = {CONTROL: 0, WASH: 2}.get(compound, 1)
    return kind, end_point, place, compound, molar if molar > 0 else 0.0
