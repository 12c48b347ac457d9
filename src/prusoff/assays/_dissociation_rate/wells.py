"""The wells of one modulator on one day: label that is still bound, against time and modulator."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from ...checks.allosteric import DILUTION
from ...core.curves import Curve
from ...core.equation import Array
from ...core.errors import InputError, Problems
from ...core.estimate import figures
from ...core.experiment import Experiment
from ...core.plate import Role, Treatment, Well, row_and_column
from ...core.result import Points
from ...fitting.weights import Weights
from .._signal import Signals, compounds

CONTROL, NONSPECIFIC = "control", "control nonspecific"
UNREAD = "wells of an association are not read here"


@dataclass(frozen=True)
class Courses:
    """Time courses of dissociation without and with one modulator; all arrays are (well,), in the order of the plates.

    `log_modulator` is -inf for control wells; nonspecific wells are those with `nonspecific`. Times in s.
    """

    experiment: Experiment
    modulator: str
    wells: tuple[Well, ...]
    time: Array
    log_modulator: Array
    signal: Array
    nonspecific: np.ndarray
    used: np.ndarray
    unit: str
    weighting: Weights
    chases: tuple[str, ...]

    @property
    def bound(self) -> np.ndarray:
        """Wells in use that hold specific binding."""
        chosen: np.ndarray = self.used & ~self.nonspecific
        return chosen

    @property
    def concentrations(self) -> Array:
        """log10 of the concentrations of the modulator in wells in use, lowest first; without the control."""
        tested = self.log_modulator[self.bound]
        return np.unique(tested[np.isfinite(tested)])

    def curve(self, wells: np.ndarray, label: str) -> Curve:
        """These wells against modulator and time."""
        return Curve(np.array([self.log_modulator[wells], self.time[wells]]), self.signal[wells], label=label)

    def points(self) -> tuple[Points, ...]:
        """The wells by concentration, the control first, nonspecific wells last."""
        groups = [
            (self.name(level), ~self.nonspecific & (self.log_modulator == level)) for level in self.levels
        ]
        groups.append((NONSPECIFIC, self.nonspecific))
        return tuple(self._points(label, chosen) for label, chosen in groups if chosen.any())

    @property
    def levels(self) -> Array:
        """-inf for the control, then log10 of every concentration; wells set aside too."""
        return np.unique(self.log_modulator[~self.nonspecific])

    def name(self, level: float) -> str:
        """How a concentration is called in figures."""
        return CONTROL if level == -math.inf else figures(10.0**level, unit="M")

    def _points(self, label: str, chosen: np.ndarray) -> Points:
        wells = [well for well, own in zip(self.wells, chosen, strict=True) if own]
        names = tuple(f"{well.plate} {well.position}" for well in wells)
        return Points(
            self.time[chosen], self.signal[chosen], names, tuple(well.used for well in wells), label
        )


def without_association(experiment: Experiment) -> Experiment:
    """The same experiment with the wells of an association set aside: only what happens after the chase is read."""
    wells = tuple(
        replace(well, set_aside=UNREAD) if well.used and well.treatment.phase == "association" else well
        for well in experiment.wells
    )
    return replace(experiment, wells=wells)


def require_times(experiments: tuple[Experiment, ...]) -> None:
    """Refuse wells with label that do not say when they were stopped."""
    problems = Problems()
    for experiment in experiments:
        lacking = [
            well
            for well in experiment.wells
            if well.used
            and well.treatment.role in (Role.TOTAL, Role.COMPOUND)
            and not well.treatment.time_s >= 0
        ]
        if lacking:
            problems.add(
                f"{len(lacking)} wells do not say how long after the chase they were stopped, the first is "
                f"{lacking[0].position}",
                experiment.name,
                "Give a time for every well, 0 for wells stopped at the chase",
                "E-TIME",
            )
    problems.raise_if_any(InputError)


def courses(experiment: Experiment, read: Signals) -> Iterator[Courses]:
    """The time courses of every modulator, each with the control and nonspecific wells of its plates."""
    for modulator in compounds(experiment):
        own = {
            well.plate
            for well in read.wells
            if well.treatment.role is Role.COMPOUND and well.treatment.compound == modulator
        }
        yield _courses(experiment, read, modulator, own)


def _courses(experiment: Experiment, read: Signals, modulator: str, plates: set[str]) -> Courses:
    found = [
        (well, float(value))
        for well, value in zip(read.wells, read.values, strict=True)
        if well.plate in plates and _belongs(well.treatment, modulator)
    ]
    found.sort(key=lambda one: (one[0].plate, row_and_column(one[0].position)))
    wells = tuple(well for well, _ in found)
    what = [well.treatment for well in wells]
    used = np.array([well.used for well in wells], dtype=bool)
    chases = {
        one.second_compound or DILUTION
        for one, own in zip(what, used, strict=True)
        if own and one.role is not Role.NSB
    }
    return Courses(
        experiment,
        modulator,
        wells,
        np.array([0.0 if math.isnan(one.time_s) else one.time_s for one in what]),
        np.array([_log(one) for one in what]),
        np.array([value for _, value in found]),
        np.array([one.role is Role.NSB for one in what], dtype=bool),
        used,
        read.unit,
        read.weighting,
        tuple(sorted(chases)),
    )


def _belongs(what: Treatment, modulator: str) -> bool:
    if what.role is Role.COMPOUND:
        return what.compound == modulator
    return what.role in (Role.TOTAL, Role.NSB) and what.phase != "association"


def _log(what: Treatment) -> float:
    """log10 of the modulator; -inf where there is none."""
    if what.role is not Role.COMPOUND or not what.concentration_molar > 0:
        return -math.inf
    return math.log10(what.concentration_molar)
