"""What comes out of a grid of agonist and co-agonist: fits cell by cell or of all together, EC50 of both, Emax."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...core.estimate import Estimate, Relation
from ...core.fit import Fit, Outcome
from ...core.result import CurveBand
from ...equations.agonist_block import coagonist_response
from ...fitting.band import confidence_band
from ...fitting.problem import Fixed, Rule, Shared
from ...fitting.problem import Problem as FitProblem
from ...fitting.solve import Options, fit
from .._fitted import fitted, fitted_log
from .currents import GridCurrents

EMAX = "Emax"
AXES = (("agonist", "log_ea", "agonist_slope"), ("co-agonist", "log_eg", "coagonist_slope"))
GRID = 41
LEAST = 2  # concentrations of each without which nothing is fitted


@dataclass(frozen=True)
class Analysed:
    """One end point of one cell: its fit, alone (`curve` 0) or with others that share constants, and how it went."""

    data: GridCurrents
    found: Fit | None
    curve: int
    outcome: Outcome
    reason: str

    @property
    def name(self) -> str:
        """The cell."""
        return self.data.experiment.name

    def value(self, parameter: str) -> float:
        """A parameter of the law in this cell; nan without a fit."""
        if self.found is None:
            return math.nan
        return float(self.found.curves[self.curve].parameters[coagonist_response.index(parameter)])


def analysed(cells: Sequence[GridCurrents], level: float) -> tuple[list[Analysed], Fit | None]:
    """Every cell by itself; all in one fit, which is told too, where none has the whole grid and all together do."""
    if _needs_all(cells):
        together = fit(_shared(cells), level=level, options=Options(response_level=1.0))
        return [_judged(one, together, place) for place, one in enumerate(cells)], together
    return [_judged(one, _alone(one, level), 0) for one in cells], None


def _needs_all(cells: Sequence[GridCurrents]) -> bool:
    if len(cells) < 2 or any(one.whole for one in cells) or not all(one.in_fit.any() for one in cells):
        return False
    every = [np.unique(np.concatenate([one.levels[axis] for one in cells])) for axis in (0, 1)]
    return min(one.size for one in every) >= 3


def _shared(cells: Sequence[GridCurrents]) -> FitProblem:
    sharing: dict[str, Rule] = {name: Shared() for axis in AXES for name in axis[1:]}
    return FitProblem(coagonist_response, tuple(one.curve for one in cells), sharing)


def _alone(data: GridCurrents, level: float) -> Fit | None:
    """The fit of one cell; a slope is 1 where there are two concentrations, and with one nothing is fitted."""
    if min(one.size for one in data.levels) < LEAST:
        return None
    fixed = {axis[2]: Fixed(1.0) for axis, one in zip(AXES, data.levels, strict=True) if one.size == LEAST}
    return fit(
        FitProblem(coagonist_response, (data.curve,), fixed),
        level=level,
        options=Options(response_level=1.0, starts=3),
    )


def _judged(data: GridCurrents, found: Fit | None, curve: int) -> Analysed:
    if found is None:
        few = "One concentration of agonist or co-agonist: what the other needs cannot be told apart."
        return Analysed(data, None, curve, Outcome.FAILED, few)
    one = Analysed(data, found, curve, found.outcome, found.reason)
    if found.outcome is Outcome.FAILED:
        return one
    if not data.largest > 0 or not one.value("emax") > 0:
        return Analysed(data, found, curve, Outcome.NO_RESPONSE, "No current is seen at any concentration.")
    beyond = [name for axis, (name, *_) in enumerate(AXES) if _relation(one, axis) is not Relation.EQUAL]
    if beyond:
        told = f"The grid does not reach half of the response to the {' and the '.join(beyond)}: only a bound is known."
        return Analysed(data, found, curve, Outcome.CENSORED, told)
    if not all(found.standard_error(axis[1]) < 1.0 for axis in AXES):
        told = "The currents do not tell both EC50: read more concentrations."
        return Analysed(data, None, curve, Outcome.FAILED, told)
    usable = found.outcome if found.outcome.usable else Outcome.OK
    return Analysed(data, found, curve, usable, found.reason if usable is found.outcome else "")


def _tested(one: Analysed, axis: int) -> tuple[float, float]:
    """The lowest and the highest concentration of agonist (0) or co-agonist (1), over all cells of the fit."""
    curves = () if one.found is None else one.found.curves
    every = np.concatenate([one.data.levels[axis], *(np.atleast_2d(curve.data.x)[axis] for curve in curves)])
    return float(every.min()), float(every.max())


def _relation(one: Analysed, axis: int) -> Relation:
    """Whether an EC50 lies in the tested range, above or below it."""
    low, high = _tested(one, axis)
    log = one.value(AXES[axis][1])
    if log > math.log10(high):
        return Relation.ABOVE
    return Relation.BELOW if log < math.log10(low) else Relation.EQUAL


def constants(one: Analysed, level: float) -> Iterator[Estimate]:
    """EC50 and slope of agonist and co-agonist, bounds where the grid does not reach them, and Emax."""
    found = one.found
    if found is None or one.outcome in (Outcome.FAILED, Outcome.NO_RESPONSE):
        return
    if len(found.curves) == 1:
        yield from shared_constants(one, level)
    yield _emax(one, found, level)


def shared_constants(one: Analysed, level: float) -> Iterator[Estimate]:
    """EC50 and slope of both, of the cell or of all cells in one fit."""
    found = one.found
    if found is None or one.outcome in (Outcome.FAILED, Outcome.NO_RESPONSE):
        return
    for axis, (name, location, slope) in enumerate(AXES):
        relation = _relation(one, axis)
        if relation is Relation.EQUAL:
            yield fitted_log(f"EC50 ({name})", found, location)
            if slope in found.names and slope not in found.at_bounds:
                yield fitted(f"slope ({name})", found, slope, "")
        else:
            end = _tested(one, axis)[1 if relation is Relation.ABOVE else 0]
            method = "outside the range tested"
            yield Estimate(f"EC50 ({name})", end, "M", level=level, relation=relation, method=method)


def _emax(one: Analysed, found: Fit, level: float) -> Estimate:
    """The current with both saturating; at least the largest one seen where the grid does not reach half."""
    unit = one.data.unit
    if any(_relation(one, axis) is Relation.ABOVE for axis in (0, 1)):
        method = "the largest current seen"
        return Estimate(EMAX, one.data.largest, unit, level=level, relation=Relation.ABOVE, method=method)
    called = EMAX.lower() if len(found.curves) == 1 else f"emax[{FitProblem.of(found).labels[one.curve]}]"
    return fitted(EMAX, found, called, unit)


def bands(one: Analysed, level: float) -> Iterator[CurveBand]:
    """The fitted current against the agonist at every co-agonist concentration, as a part of the largest."""
    found, data = one.found, one.data
    agonists, coagonists = data.levels
    if found is None or one.outcome in (Outcome.FAILED, Outcome.NO_RESPONSE) or agonists.size < 2:
        return
    logs = np.linspace(math.log10(float(agonists[0])), math.log10(float(agonists[-1])), GRID)
    for coagonist in coagonists:
        held = np.array([10.0**logs, np.full(GRID, coagonist)])
        band = confidence_band(found, held, one.curve, level)
        fitted_part, low, high = (part / data.largest for part in (band.fitted, band.low, band.high))
        yield CurveBand(logs, fitted_part, low, high, data.label(float(coagonist)), level)


def facts(one: Analysed) -> dict[str, Any]:
    """What the checks of a grid of agonist and co-agonist look at."""
    data = one.data
    levels = data.levels
    found: dict[str, Any] = {
        "agonist_levels": float(levels[0].size),
        "coagonist_levels": float(levels[1].size),
        "repeat_lost": data.lost,
    }
    if one.found is None or one.outcome in (Outcome.FAILED, Outcome.NO_RESPONSE):
        return found
    return {**found, **_reach(one), **_ambient(one, one.found)}


def _reach(one: Analysed) -> Mapping[str, Any]:
    """Which part of its largest response each reaches at the highest concentration, and has at the lowest."""
    top, bottom = {}, {}
    for axis, (_, location, slope) in enumerate(AXES):
        low, high = (
            1.0 / (1.0 + (10.0 ** one.value(location) / molar) ** one.value(slope))
            for molar in _tested(one, axis)
        )
        bottom[one.data.names[axis]], top[one.data.names[axis]] = low, high
    least, most = min(top, key=lambda name: top[name]), max(bottom, key=lambda name: bottom[name])
    return {
        "least_reached": top[least],
        "most_at_lowest": bottom[most],
        "short_at_the_top": least,
        "short_at_the_bottom": most,
    }


def _ambient(one: Analysed, found: Fit) -> Mapping[str, float]:
    """The current without added co-agonist as a part of the largest, and against the scatter of the fit."""
    currents = one.data.without_coagonist
    if not currents.size or found.df < 1 or not found.sum_of_squares > 0:
        return {}
    error = math.sqrt(found.sum_of_squares / found.df / currents.size)
    mean = float(currents.mean())
    return {"zero_part": mean / one.data.largest, "zero_errors": mean / error}
