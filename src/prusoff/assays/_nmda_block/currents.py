"""The currents of a cell at one end point: agonist and blocker of every reading, and what run-down takes off them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...core.curves import Curve
from ...core.equation import Array
from ...core.errors import InputError, Problems
from ...core.estimate import figures
from ...core.experiment import Experiment
from ...core.plate import Role, Well
from ...core.result import Points
from ...electrophysiology.rundown import Rundown, rundown_of
from .._recorded_cells import facing
from .._signal import Signals, signals

ROLES = (Role.TOTAL, Role.COMPOUND, Role.WASH)
CONTROLS = (Role.TOTAL, Role.WASH)


@dataclass(frozen=True)
class BlockedCurrents:
    """One blocker at one end point of one cell: its wells, set aside or not, agonist and blocker in mol/L, currents.

    `current` has its sign turned so that it is positive, and run-down taken off; `rundown` says how, None where no
    control was read again after the wash.
    """

    experiment: Experiment
    compound: str
    end_point: str
    wells: tuple[Well, ...]
    agonist: Array
    blocker: Array
    current: Array
    rundown: Rundown | None
    unit: str

    @property
    def subject(self) -> str:
        """What the numbers are of: 'atomoxetine (plateau)'."""
        return f"{self.compound} ({self.end_point})" if self.end_point else self.compound

    @property
    def used(self) -> np.ndarray:
        """Which wells take part."""
        return np.array([well.used for well in self.wells], dtype=bool)

    @property
    def levels(self) -> Array:
        """The agonist concentrations in use, lowest first."""
        return np.unique(self.agonist[self.used])

    @property
    def curve(self) -> Curve:
        """The currents in use against agonist and blocker."""
        chosen = self.used
        return Curve(
            np.array([self.agonist[chosen], self.blocker[chosen]]), self.current[chosen], label=self.subject
        )

    @property
    def highest(self) -> float:
        """The highest blocker concentration in use."""
        return float(self.blocker[self.used].max(initial=0.0))

    def control(self, level: float) -> float:
        """The mean current without blocker at one agonist concentration; nan where there is none."""
        plain = self.current[self.used & (self.agonist == level) & (self.blocker == 0.0)]
        return float(plain.mean()) if plain.size else math.nan

    def points(self, level: float) -> Points:
        """The currents of one agonist concentration as parts of the control there, against the log of the blocker."""
        own = self.agonist == level
        wells = [well for well, here in zip(self.wells, own, strict=True) if here]
        with np.errstate(divide="ignore"):
            logs = np.log10(self.blocker[own])
        names = tuple(f"{well.plate} {well.position}".strip() for well in wells)
        control = self.control(level)
        size = control if control == control and control != 0 else 1.0
        return Points(
            logs, self.current[own] / size, names, tuple(well.used for well in wells), self.label(level)
        )

    @staticmethod
    def label(level: float) -> str:
        """How an agonist concentration is called in figures."""
        return f"{figures(level, unit='M')} agonist"


def currents_of(experiment: Experiment, agonist: str) -> tuple[Signals, tuple[BlockedCurrents, ...]]:
    """Every blocker at every end point of a cell; refuses readings that do not say how much agonist there was."""
    read = signals(experiment)
    sign = facing(read)
    every = [(well, sign * float(value)) for well, value in zip(read.wells, read.values, strict=True)]
    every = [one for one in every if one[0].treatment.role in ROLES]
    _require(experiment.name, [well for well, _ in every if well.used], agonist)
    found = []
    for end_point in sorted({well.treatment.end_point for well, _ in every}):
        here = [one for one in every if one[0].treatment.end_point == end_point]
        drugs = sorted({well.treatment.compound for well, _ in here if well.treatment.role is Role.COMPOUND})
        found += [_of(experiment, drug, end_point, here, read.unit) for drug in drugs]
    return read, tuple(found)


def _require(cell: str, wells: Sequence[Well], agonist: str) -> None:
    problems = Problems()
    lacking = [well for well in wells if not well.treatment.second_molar > 0]
    if lacking:
        what = f"{len(lacking)} currents do not say at which agonist concentration they were read"
        fix = "Give agonist and concentration in the columns 'second_compound' and 'second_conc'"
        problems.add(what, f"{cell} > {lacking[0].plate} {lacking[0].position}", fix, "E-AGONIST")
    others = sorted({well.treatment.second_compound for well in wells} - {agonist} - {""}) if agonist else []
    if others:
        what = f"the agonist is said to be {agonist}, and wells hold {', '.join(others)}"
        problems.add(
            what, cell, "Correct settings > agonist, or the second compound of the wells", "E-AGONIST"
        )
    doses = [well.treatment.concentration_molar for well in wells if well.treatment.role is Role.COMPOUND]
    if not all(molar > 0 for molar in doses):
        fix = "Give its final concentration, or the role 'control' to currents without blocker"
        problems.add("a blocker has no concentration", cell, fix, "E-LAYOUT")
    problems.raise_if_any(InputError)


def _of(
    experiment: Experiment, drug: str, end_point: str, here: Sequence[tuple[Well, float]], unit: str
) -> BlockedCurrents:
    own = [one for one in here if one[0].treatment.role in CONTROLS or one[0].treatment.compound == drug]
    own = sorted(
        own, key=lambda one: (_agonist(one[0]), _blocker(one[0]), one[0].plate, one[0].position, one[1])
    )
    wells = tuple(well for well, _ in own)
    raw = np.array([value for _, value in own])
    rundown = _rundown(own)
    times = np.array([well.treatment.time_s for well in wells])
    left = np.ones(raw.size)
    last = max(
        (time for time, well in zip(times, wells, strict=True) if _blocker(well) > 0), default=math.nan
    )
    if rundown is not None and rundown.before > 0 and math.isfinite(last) and bool(rundown.accepted(last)):
        known = np.isfinite(times)
        left[known] = np.maximum(rundown.control_at(times[known]) / rundown.before, 0.05)
    return BlockedCurrents(
        experiment,
        drug,
        end_point,
        wells,
        np.array([_agonist(well) for well in wells]),
        np.array([_blocker(well) for well in wells]),
        raw / left,
        rundown,
        unit,
    )


def _agonist(well: Well) -> float:
    return well.treatment.second_molar if well.treatment.second_molar > 0 else 0.0


def _blocker(well: Well) -> float:
    what = well.treatment
    return what.concentration_molar if what.role is Role.COMPOUND and what.concentration_molar > 0 else 0.0


def _rundown(own: Sequence[tuple[Well, float]]) -> Rundown | None:
    """The run-down by controls before the blocker and after its wash, at agonist concentrations that have both."""
    used = [(well, value) for well, value in own if well.used]
    washed = {_agonist(well) for well, _ in used if well.treatment.role is Role.WASH}
    before = [
        (v, w.treatment.time_s) for w, v in used if w.treatment.role is Role.TOTAL and _agonist(w) in washed
    ]
    after = [(v, w.treatment.time_s) for w, v in used if w.treatment.role is Role.WASH]
    levels = {_agonist(well) for well, _ in used if well.treatment.role is Role.TOTAL} & washed
    if not before or not after or len(levels) != 1:
        return None
    return rundown_of(
        [value for value, _ in before],
        [time for _, time in before],
        [value for value, _ in after],
        [time for _, time in after],
    )
