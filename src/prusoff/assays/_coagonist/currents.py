"""The currents of a cell at one end point: agonist and co-agonist of every reading, and what run-down takes off."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ...core.curves import Curve
from ...core.equation import Array
from ...core.errors import InputError, Problems
from ...core.estimate import figures
from ...core.experiment import Experiment
from ...core.plate import Role, Well
from ...core.result import Points
from ...electrophysiology.loss import part_lost
from ...electrophysiology.rundown import Rundown, rundown_of
from .._signal import Signals, signals

ROLES = (Role.TOTAL, Role.COMPOUND)


@dataclass(frozen=True)
class GridCurrents:
    """One end point of one cell: its wells, set aside or not, agonist and co-agonist in mol/L, currents.

    `current` has its sign turned so that it is positive, and run-down taken off. `lost` is the part of the repeated
    current that went from its first reading to its last, nan where no solution was read at two times.
    """

    experiment: Experiment
    names: tuple[str, str]
    end_point: str
    wells: tuple[Well, ...]
    agonist: Array
    coagonist: Array
    current: Array
    lost: float
    unit: str

    @property
    def subject(self) -> str:
        """What the numbers are of: 'NMDA with glycine (plateau)'."""
        both = f"{self.names[0]} with {self.names[1]}"
        return f"{both} ({self.end_point})" if self.end_point else both

    @property
    def used(self) -> npt.NDArray[np.bool_]:
        """Which wells take part."""
        return np.array([well.used for well in self.wells], dtype=bool)

    @property
    def in_fit(self) -> npt.NDArray[np.bool_]:
        """Which of them hold both compounds: without either the law is zero and tells nothing."""
        chosen: npt.NDArray[np.bool_] = self.used & (self.agonist > 0) & (self.coagonist > 0)
        return chosen

    @property
    def levels(self) -> tuple[Array, Array]:
        """The concentrations of agonist and of co-agonist in the fit, lowest first."""
        chosen = self.in_fit
        return np.unique(self.agonist[chosen]), np.unique(self.coagonist[chosen])

    @property
    def whole(self) -> bool:
        """Whether the cell has at least three concentrations of both."""
        return min(one.size for one in self.levels) >= 3

    @property
    def curve(self) -> Curve:
        """The currents in the fit against agonist and co-agonist."""
        chosen = self.in_fit
        held = np.array([self.agonist[chosen], self.coagonist[chosen]])
        return Curve(held, self.current[chosen], label=self.experiment.name)

    @property
    def largest(self) -> float:
        """The largest current in use."""
        return float(self.current[self.used].max(initial=0.0))

    @property
    def without_coagonist(self) -> Array:
        """The currents with agonist to which no co-agonist was added."""
        found: Array = self.current[self.used & (self.agonist > 0) & (self.coagonist == 0)]
        return found

    def points(self, level: float) -> Points:
        """The currents at one co-agonist concentration as parts of the largest, against the log of the agonist."""
        own = np.flatnonzero(self.coagonist == level)
        with np.errstate(divide="ignore"):
            logs = np.log10(self.agonist[own])
        wells = [self.wells[i] for i in own]
        names = tuple(f"{well.plate} {well.position}".strip() for well in wells)
        size = self.largest or 1.0
        return Points(
            logs, self.current[own] / size, names, tuple(well.used for well in wells), self.label(level)
        )

    def label(self, level: float) -> str:
        """How a co-agonist concentration is called in figures."""
        return f"{figures(level, unit='M')} {self.names[1]}" if level > 0 else f"no {self.names[1]}"


def currents_of(experiment: Experiment) -> tuple[Signals, tuple[GridCurrents, ...]]:
    """Every end point of a cell; refuses readings that do not say how much agonist and co-agonist there was."""
    read = signals(experiment)
    every = [
        one for one in zip(read.wells, read.values.tolist(), strict=True) if one[0].treatment.role in ROLES
    ]
    _require(experiment.name, [well for well, _ in every])
    found = []
    for pair in sorted({_names(well) for well, _ in every if well.treatment.role is Role.COMPOUND}):
        own = [one for one in every if one[0].treatment.role is Role.TOTAL or _names(one[0]) == pair]
        for end_point in sorted({well.treatment.end_point for well, _ in own if _names(well) == pair}):
            here = [one for one in own if one[0].treatment.end_point == end_point]
            found.append(_of(experiment, (pair, end_point), here, read.unit))
    return read, tuple(found)


def _names(well: Well) -> tuple[str, str]:
    return well.treatment.compound, well.treatment.second_compound


def _require(cell: str, wells: Sequence[Well]) -> None:
    problems = Problems()
    drugs = [well for well in wells if well.used and well.treatment.role is Role.COMPOUND]
    lacking = [
        well for well in drugs if not (well.treatment.second_molar >= 0 and well.treatment.second_compound)
    ]
    if lacking:
        what = f"{len(lacking)} currents do not say at which co-agonist concentration they were read"
        fix = (
            "Give co-agonist and concentration in the columns 'second_compound' and 'second_conc', 0 for none"
        )
        problems.add(what, f"{cell} > {lacking[0].plate} {lacking[0].position}", fix, "E-COAGONIST")
    without = [well for well in drugs if not well.treatment.concentration_molar >= 0]
    if without:
        fix = "Give the final concentration of the agonist in the column 'conc'"
        where = f"{cell} > {without[0].plate} {without[0].position}"
        problems.add(f"{len(without)} currents have no agonist concentration", where, fix, "E-LAYOUT")
    problems.raise_if_any(InputError)


def _of(
    experiment: Experiment,
    what: tuple[tuple[str, str], str],
    here: Sequence[tuple[Well, float]],
    unit: str,
) -> GridCurrents:
    own = sorted(
        here, key=lambda one: (_agonist(one[0]), _coagonist(one[0]), one[0].plate, one[0].position, one[1])
    )
    wells = tuple(well for well, _ in own)
    raw = np.array([value for _, value in own])
    agonist, coagonist = (np.array([of(well) for well in wells]) for of in (_agonist, _coagonist))
    open_ones = np.array([well.used for well in wells]) & (agonist > 0) & (coagonist > 0)
    raw = raw if not open_ones.any() or np.median(raw[open_ones]) >= 0 else -raw
    left, lost = _left(wells, raw, np.where(open_ones, agonist, math.nan), coagonist)
    return GridCurrents(experiment, *what, wells, agonist, coagonist, raw / left, lost, unit)


def _agonist(well: Well) -> float:
    what = well.treatment
    return what.concentration_molar if what.role is Role.COMPOUND and what.concentration_molar > 0 else 0.0


def _coagonist(well: Well) -> float:
    return well.treatment.second_molar if well.treatment.second_molar > 0 else 0.0


def _left(wells: Sequence[Well], raw: Array, agonist: Array, coagonist: Array) -> tuple[Array, float]:
    """What run-down has left of every current (1 where it is not known), and what the repeated one lost in all."""
    times = np.array([well.treatment.time_s for well in wells])
    left = np.ones(raw.size)
    known = np.isfinite(times)
    read = Counter((a, g) for a, g, here in zip(agonist, coagonist, known, strict=True) if here and a > 0)
    if not read:
        return left, math.nan
    held = max(read, key=lambda one: (read[one], *one))
    mine = np.flatnonzero(known & (agonist == held[0]) & (coagonist == held[1]))
    mine = mine[np.argsort(times[mine], kind="stable")]
    line = _line(raw[mine], times[mine])
    if line is None:
        return left, math.nan
    first, last = line.control_at([times[mine[0]], times[mine[-1]]])
    if not (first > 0 and last > 0):
        return left, float(part_lost(first, last)) if first > 0 else math.nan
    left[known] = np.maximum(line.control_at(times[known]) / first, 0.05)
    return left, float(part_lost(first, last))


def _line(values: Array, times: Array) -> Rundown | None:
    """The straight line through the readings of one solution; None where they stand at one time."""
    if values.size < 2 or np.ptp(times) == 0:
        return None
    return rundown_of(values[:-1], times[:-1], values[-1:], times[-1:])
