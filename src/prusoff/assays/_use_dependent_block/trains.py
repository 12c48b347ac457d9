"""The trains of pulses of a cell: which wells belong together, how long lies between pulses, with and without drug."""

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
from .._recorded_cells import facing
from .._signal import Signals, signals

FEWEST_PULSES = 4
ALIKE = 0.02  # part by which two periods differ that are called the same
CONTROL = "no drug"


@dataclass(frozen=True)
class Train:
    """One train: its wells by the number of the pulse, set aside or not, and the currents (sign turned to be positive).

    `period_s` is from the start of one pulse to that of the next.
    """

    name: str
    compound: str
    molar: float
    period_s: float
    wells: tuple[Well, ...]
    current: Array

    @property
    def is_control(self) -> bool:
        """Whether there was no drug."""
        return not self.molar > 0

    @property
    def label(self) -> str:
        """'no drug, 10 Hz', '10 µM, 10 Hz'."""
        drug = CONTROL if self.is_control else figures(self.molar, unit="M")
        return f"{drug}, {figures(1.0 / self.period_s)} Hz"

    @property
    def used(self) -> np.ndarray:
        """Which wells take part."""
        return np.array([well.used for well in self.wells], dtype=bool)

    @property
    def pulse(self) -> Array:
        """The number of the pulse of every well."""
        return np.array([well.treatment.pulse for well in self.wells])

    def curve(self, pulse_s: float, label: str, drug: bool = True) -> Curve:
        """The wells in use against pulses before, the interval between pulses, and the drug."""
        before = self.pulse[self.used] - 1.0
        rest = np.full(before.size, max(self.period_s - pulse_s, 0.0))
        free = np.full(before.size, self.molar if drug and not self.is_control else 0.0)
        return Curve(np.array([before, rest, free]), self.current[self.used], label=label)

    def points(self, sign: float) -> Points:
        """The train as it is drawn, with the sign that was measured."""
        names = tuple(f"{well.plate} {well.position}".strip() for well in self.wells)
        return Points(
            self.pulse, sign * self.current, names, tuple(well.used for well in self.wells), self.label
        )


@dataclass(frozen=True)
class Cell:
    """The trains of one cell; `sign` is -1 where its currents are inward."""

    experiment: Experiment
    read: Signals
    sign: float
    trains: tuple[Train, ...]

    @property
    def compounds(self) -> tuple[str, ...]:
        """The drugs, in the order of their names."""
        return tuple(dict.fromkeys(one.compound for one in self.trains if not one.is_control))

    def with_drug(self, compound: str) -> tuple[Train, ...]:
        """The trains with this drug."""
        return tuple(one for one in self.trains if one.compound == compound and not one.is_control)

    def controls(self, period_s: float) -> tuple[Train, ...]:
        """The trains without drug at this period."""
        return tuple(one for one in self.trains if one.is_control and one.period_s == period_s)


def cell_of(experiment: Experiment, period_s: float) -> Cell:
    """The trains of a cell; `period_s` holds where wells state no times. Refuses wells that are in no train."""
    read = signals(experiment)
    sign = facing(read)
    groups: dict[tuple[str, str, float], list[tuple[Well, float]]] = {}
    for well, value in zip(read.wells, read.values, strict=True):
        what = well.treatment
        if what.role not in (Role.TOTAL, Role.COMPOUND):
            continue
        drug = (what.compound, what.concentration_molar) if what.role is Role.COMPOUND else ("", 0.0)
        groups.setdefault((well.plate, *drug), []).append((well, sign * float(value)))
    problems = Problems()
    if any(role is Role.COMPOUND and not molar > 0 for role, molar in _doses(experiment)):
        fix = "Give its final concentration, or the role 'control' to wells without drug"
        problems.add("a drug has no concentration", experiment.name, fix, "E-LAYOUT")
        problems.raise_if_any(InputError)
    found = [_train(experiment.name, key, groups[key], period_s, problems) for key in sorted(groups)]
    problems.raise_if_any(InputError)
    return Cell(experiment, read, sign, _alike([one for one in found if one is not None]))


def _doses(experiment: Experiment) -> set[tuple[Role, float]]:
    """Roles and concentrations of the wells in use."""
    return {
        (well.treatment.role, well.treatment.concentration_molar) for well in experiment.wells if well.used
    }


def _train(
    cell: str,
    key: tuple[str, str, float],
    members: list[tuple[Well, float]],
    period_s: float,
    problems: Problems,
) -> Train | None:
    plate, compound, molar = key
    where = f"{cell} > {plate}" if plate else cell
    used = [well for well, _ in members if well.used]
    numbers = [well.treatment.pulse for well in used]
    if any(math.isnan(number) for number in numbers):
        fix = "Give the column 'pulse': the number of the pulse in its train, from 1"
        problems.add("wells of a train do not say which pulse they are", where, fix, "E-PULSE")
        return None
    if len(set(numbers)) < len(numbers):
        twice = next(number for number in numbers if numbers.count(number) > 1)
        fix = "Name every train of a cell in the column 'train'"
        problems.add(f"pulse {twice:.0f} stands twice in one train", where, fix, "E-PULSE")
        return None
    members.sort(key=lambda one: (one[0].treatment.pulse, one[0].position))
    period = _period(used, period_s)
    if used and not period > 0:
        fix = "Give the column 'time' (when each pulse began, with its unit), or period_s under [settings]"
        problems.add("the time between pulses is not known", where, fix, "E-TIME")
        return None
    wells, current = tuple(well for well, _ in members), np.array([value for _, value in members])
    return Train(plate, compound, molar, period, wells, current) if used else None


def _period(wells: Sequence[Well], stated: float) -> float:
    """From the start of one pulse to that of the next: the median by the times of the wells, else as stated."""
    timed = sorted((well.treatment.pulse, well.treatment.time_s) for well in wells)
    pulses, times = np.array(timed).T if timed else (np.empty(0), np.empty(0))
    if pulses.size < 2 or np.isnan(times).any():
        return stated
    return float(np.median(np.diff(times) / np.diff(pulses)))


def _alike(trains: Sequence[Train]) -> tuple[Train, ...]:
    """The trains by period, drug and name; periods that differ by no more than two parts in a hundred made equal."""
    ordered = sorted(trains, key=lambda one: one.period_s)
    found: list[Train] = []
    first = math.nan
    for one in ordered:
        first = first if one.period_s <= first * (1.0 + ALIKE) else one.period_s
        found.append(replace(one, period_s=first))
    return tuple(sorted(found, key=lambda one: (one.period_s, one.compound, one.molar, one.name)))


def short_set_aside(experiment: Experiment) -> Experiment:
    """The cell with the wells of trains set aside that have too few pulses to show any course."""
    counts: dict[tuple[str, str, float], int] = {}
    for well in experiment.wells:
        if well.used:
            counts[_key(well)] = counts.get(_key(well), 0) + 1
    return replace(
        experiment,
        wells=tuple(
            replace(
                well,
                set_aside=f"its train has {counts[_key(well)]} pulses; at least {FEWEST_PULSES} are needed",
            )
            if well.used and counts[_key(well)] < FEWEST_PULSES
            else well
            for well in experiment.wells
        ),
    )


def _key(well: Well) -> tuple[str, str, float]:
    what = well.treatment
    drug = (what.compound, what.concentration_molar) if what.role is Role.COMPOUND else ("", 0.0)
    return (well.plate, *drug)


def require_pulses(cells: Sequence[Cell], pulse_s: float) -> None:
    """Refuse a run in which no cell has a train without drug, or in which pulses last longer than their period."""
    problems = Problems()
    if not any(one.is_control for cell in cells for one in cell.trains):
        fix = "Record a train before the drug and give its wells the role 'control'"
        problems.add("no cell has a train without drug", "run", fix, "E-CONTROLS")
    for cell in cells:
        for one in cell.trains:
            if not pulse_s <= one.period_s:
                lasts, period = (figures(seconds, unit="s") for seconds in (pulse_s, one.period_s))
                problems.add(
                    f"pulses are said to last {lasts}, and one follows the other in {period}",
                    f"{cell.experiment.name} > {one.name}",
                    "Correct pulse_s under [settings] (in s), or the times of the wells",
                    "E-TIME",
                )
    problems.raise_if_any(InputError)


def require_duration(pulse_s: float) -> None:
    """Refuse settings that do not say how long a pulse lasts: how much drug it lets in hangs on that."""
    if not pulse_s > 0:
        fix = "Write pulse_s = 0.02 for pulses of 20 ms"
        raise InputError(
            Problem("it is not stated how long a pulse lasts", "settings > pulse_s", fix, "E-MISSING")
        )
