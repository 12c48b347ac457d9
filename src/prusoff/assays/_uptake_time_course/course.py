"""One time course: its wells, the line and the levelling curve fitted to them, and which of the two they ask for."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import lambertw

from ...core.curves import Curve
from ...core.equation import Array, Equation
from ...core.errors import InputError, ModelError, Problem
from ...core.experiment import Experiment
from ...core.fit import Fit, Interval
from ...core.plate import Role, Well
from ...core.result import Comparison, CurveBand, Points
from ...equations.uptake_time_course import levelling_uptake, linear_uptake
from ...fitting.band import confidence_band
from ...fitting.compare import aicc, compare_nested
from ...fitting.problem import Fixed, Individual, Rule, Shared
from ...fitting.problem import Problem as FitProblem
from ...fitting.solve import Options, fit
from ...fitting.weights import GivenWeights, Weights
from .._signal import Signals

FEWEST_TIMES = 4
LOST = 0.10
_ENDS = ("uptake", "background")


def usable_time(rate_per_s: float, lost: float = LOST) -> float:
    """How long (s) an uptake that levels off with this rate constant may last until its mean velocity lost this part.

    Solves (1 - exp(-x))/x = 1 - lost for x = k t by the Lambert W function.

    >>> round(usable_time(1.0), 7)
    0.2145557
    """
    start = 1.0 / (1.0 - lost)
    return float(start + lambertw(-start * math.exp(-start)).real) / rate_per_s


@dataclass(frozen=True)
class Course:
    """The wells of one experiment against time (s): those with uptake, and the background that belongs to them."""

    experiment: Experiment
    wells: tuple[Well, ...]
    time: Array
    signal: Array
    unit: str
    weighting: Weights

    def of(self, role: Role, used: bool = True) -> np.ndarray:
        """Which wells have this role, and take part."""
        chosen = [well.treatment.role is role and (well.used or not used) for well in self.wells]
        return np.array(chosen, dtype=bool)

    @property
    def curves(self) -> tuple[Curve, ...]:
        """The wells with uptake, and those of the background where there are some."""
        roles = [role for role in (Role.TOTAL, Role.NSB) if self.of(role).any()]
        return tuple(
            Curve(self.time[self.of(role)], self.signal[self.of(role)], label=label)
            for role, label in zip(roles, _ENDS, strict=False)
        )

    @property
    def times(self) -> Array:
        """The different times of the wells with uptake that take part."""
        return np.unique(self.time[self.of(Role.TOTAL)])


@dataclass(frozen=True)
class LinearPhase:
    """The line and the curve that levels off, fitted to one course, and the comparison of the two (None: not possible).

    `longest_s` is the last time measured.
    """

    line: Fit
    levelling: Fit
    comparison: Comparison | None
    longest_s: float

    @property
    def is_linear(self) -> bool:
        """Whether the line is enough."""
        return self.comparison is None or self.comparison.preferred == self.line.equation.title

    @property
    def kept(self) -> Fit:
        """The fit that the data ask for."""
        return self.line if self.is_linear else self.levelling

    @property
    def rate(self) -> tuple[float, Interval | None]:
        """The rate constant with which the uptake levels off (log10 of 1/s) and its interval."""
        return self.levelling.value("log_rate"), self.levelling.intervals.get("log_rate")


def course_of(experiment: Experiment, read: Signals, has_background: bool) -> Course:
    """Gather the wells of a course; those without a time are refused, all at once."""
    roles = (Role.TOTAL, Role.NSB) if has_background else (Role.TOTAL,)
    wells, signal = read.pick(lambda well: well.treatment.role in roles)
    untimed = [well for well in wells if not well.treatment.time_s >= 0]
    if untimed:
        place = f"{experiment.name} > {untimed[0].plate} {untimed[0].position}"
        what = f"{len(untimed)} wells of a time course have no time"
        raise InputError(
            Problem(what, place, "Give the column 'time' with its unit, such as '3 min'", "E-TIME")
        )
    time = np.array([well.treatment.time_s for well in wells])
    return Course(experiment, wells, time, signal, read.unit, read.weighting)


def linear_phase(
    curves: Sequence[Curve], known: Mapping[str, float], weighting: Weights, level: float = 0.95
) -> LinearPhase:
    """Fit a line and a curve that levels off to the same points, and compare them by the extra sum of squares.

    A second curve is the background: it has the same leak and signal at time 0, and no carrier. `known` holds
    parameters that are not fitted, such as {'leak': 0.0, 'background': 0.0} for a line through the origin.
    """
    levelling = _fit(levelling_uptake, curves, known, weighting, Options(), level)
    line = _fit(linear_uptake, curves, known, GivenWeights.of(levelling), Options(), level)
    longest = float(max(curve.x.max() for curve in curves[:1]))
    return LinearPhase(line, levelling, _compared(line, levelling), longest)


def _compared(line: Fit, levelling: Fit) -> Comparison | None:
    """The line against the curve; None where one was not fitted.

    A course that bends upwards, if at all, has the best curve at k = 0, which is the line.
    """
    if not (np.isfinite(line.sum_of_squares) and np.isfinite(levelling.sum_of_squares)):
        return None
    if levelling.sum_of_squares < line.sum_of_squares:
        try:
            return compare_nested(line, levelling)
        except ModelError:
            return None
    names = line.equation.title, levelling.equation.title
    sentence = f"{names[0]} is kept: no levelling off fits better (F(1, {levelling.df}) = 0, P = 1)."
    return Comparison(*names, names[0], 0.0, 1.0, aicc(levelling) - aicc(line), sentence, line)


def _fit(
    law: Equation,
    curves: Sequence[Curve],
    known: Mapping[str, float],
    weighting: Weights,
    options: Options,
    level: float,
) -> Fit:
    own: tuple[Rule, ...] = (Individual(), *(Fixed(0.0) for _ in curves[1:]))
    rules: dict[str, Rule | Sequence[Rule]] = {name: Shared() for name in law.names}
    rules |= {name: Fixed(value) for name, value in known.items()}
    rules["v0"] = own if len(curves) > 1 else Shared()
    return fit(FitProblem(law, tuple(curves), rules), weighting, level, options)


def v0_name(found: Fit) -> str:
    """What v0 is called in a fit, with or without a background curve."""
    return next(name for name in found.names if name.startswith("v0"))


def points(data: Course) -> tuple[Points, ...]:
    """All wells, to be drawn."""
    found = []
    for role, label in zip((Role.TOTAL, Role.NSB), _ENDS, strict=True):
        own = data.of(role, used=False)
        if own.any():
            wells = [well for well, chosen in zip(data.wells, own, strict=True) if chosen]
            names = tuple(f"{well.plate} {well.position}" for well in wells)
            used = tuple(well.used for well in wells)
            found.append(Points(data.time[own], data.signal[own], names, used, label))
    return tuple(found)


def bands(found: Fit, longest: float, level: float) -> tuple[CurveBand, ...]:
    """The fitted curves with their bands, from zero to the last time."""
    x = np.linspace(0.0, longest, 121)
    drawn = (confidence_band(found, x, curve, level) for curve in range(len(found.curves)))
    return tuple(
        CurveBand(x, one.fitted, one.low, one.high, label, level)
        for one, label in zip(drawn, _ENDS, strict=False)
    )
