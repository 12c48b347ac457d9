"""The global fit of one drug over cells and holding potentials, and the IC50 at each potential beside it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from ...core.curves import Curve
from ...core.estimate import Estimate, Relation
from ...core.fit import Fit, Outcome
from ...equations.concentration_response import four_parameter_logistic
from ...equations.modulated_receptor import modulated_receptor_ratio
from ...fitting.intervals import quantile
from ...fitting.mixed import MixedFit, fit_mixed
from ...fitting.problem import Fixed, Individual, Problem, Rule, Shared
from ...fitting.solve import Options, fit
from .._fitted import fitted_log
from .data import BlockedCell, spoken

FEWEST_CONCENTRATIONS = 2
WIDEST = 2.0  # decades that an interval may span before the constant counts as not identified


@dataclass(frozen=True)
class AtPotential:
    """The block at one holding potential: how many channels are available there, and the IC50 of all cells."""

    volts: float
    availability: Estimate
    ic50: Estimate
    fit: Fit | None
    cells: tuple[str, ...]
    each: tuple[Estimate, ...]

    @property
    def spoken(self) -> str:
        """The potential in words."""
        return spoken(self.volts)


@dataclass(frozen=True)
class GlobalFit:
    """What all cells with one drug say together.

    `mixed` is the fit over all holding potentials, None where there are not two of them; `reason` says why. `hill` and
    `hill_se` are of the slope of block where it is free (1 for one drug molecule a channel).
    """

    compound: str
    cells: tuple[BlockedCell, ...]
    outcome: Outcome
    reason: str
    at: tuple[AtPotential, ...] = ()
    mixed: MixedFit | None = None
    hill: float = math.nan
    hill_se: float = math.nan
    left_out: tuple[tuple[str, str], ...] = field(default=())

    @property
    def df(self) -> int:
        """Degrees of freedom of the intervals: one less than there are cells, where there are several."""
        if self.mixed is None:
            return 0
        several = math.isfinite(self.mixed.between_sd)
        return self.mixed.df if several else self.mixed.fit.df


def fit_of_cell(one: MixedFit, number: int) -> Fit:
    """The law with the values predicted for one cell, as a fit to its currents alone.

    Errors and intervals are those of the fit of all cells.
    """
    group, all_ = one.groups[number], one.fit
    mark = f"[{group.label}]"
    places = [k for k, name in enumerate(all_.names) if "[" not in name or name.endswith(mark)]
    names = tuple(all_.names[k].removesuffix(mark) for k in places)
    values = np.array([group.curve.parameters[all_.equation.index(name)] for name in names])
    return replace(
        all_,
        names=names,
        values=values,
        se=all_.se[places],
        covariance=all_.covariance[np.ix_(places, places)],
        intervals={name: found for name, found in all_.intervals.items() if name in names},
        curves=(group.curve,),
        at_bounds=tuple(name for name in names if name in all_.at_bounds),
    )


def fit_drug(cells: Sequence[BlockedCell], compound: str, level: float) -> GlobalFit | None:
    """Fit the modulated receptor to the currents of all cells with this drug; None where it was given to none."""
    given = [cell for cell in cells if cell.potentials(compound)]
    if not given:
        return None
    usable = [cell for cell in given if cell.control is not None]
    out = tuple((cell.name, _why_out(cell)) for cell in given if cell.control is None)
    if not usable:
        reason = f"No cell tells its availability: {out[0][1]}"
        return GlobalFit(compound, tuple(given), Outcome.FAILED, reason, left_out=out)
    every = sorted({volts for cell in usable for volts in cell.potentials(compound)})
    at = tuple(one for volts in every if (one := _at_potential(usable, compound, volts, level)) is not None)
    found = GlobalFit(compound, tuple(usable), Outcome.OK, "", at, left_out=out)
    if len(every) < 2:
        return replace(found, outcome=Outcome.CENSORED, reason=_one_potential(every[0], at))
    return _together(found, level)


def _why_out(cell: BlockedCell) -> str:
    reasons = [one.reason for one in cell.gates if one.data.compound == "control"]
    return reasons[0] if reasons else "There are no currents without drug at several potentials."


def _one_potential(volts: float, at: Sequence[AtPotential]) -> str:
    told = f" (h = {at[0].availability.value:.2f})" if at else ""
    return (
        f"The block was measured at one holding potential only, {spoken(volts)}{told}. One IC50 cannot tell Kr and Ki "
        "apart: it lies between them. Hold the cells at two or more potentials, or measure their availability with "
        "the drug."
    )


def _together(found: GlobalFit, level: float) -> GlobalFit:
    curves = [cell.together(found.compound) for cell in found.cells]
    doses = np.unique(np.concatenate([curve.x[1][np.isfinite(curve.x[1])] for curve in curves]))
    if doses.size < FEWEST_CONCENTRATIONS:
        reason = "One concentration of the drug does not tell its constants from the slope of the curve."
        return replace(found, outcome=Outcome.FAILED, reason=reason)
    problem = _problem(curves, hill=1.0)
    options = Options(starts=1, intervals_of=("log_kr", "log_ratio"), start=_start(found), response_level=1.0)
    mixed = fit_mixed(problem, "log_kr", level=level, options=options)
    if mixed.fit.outcome in (Outcome.FAILED, Outcome.NO_RESPONSE):
        return replace(found, outcome=mixed.fit.outcome, reason=mixed.fit.reason)
    hill, error = _free_hill(curves, mixed.plain)
    outcome = Outcome.OK if mixed.fit.outcome is Outcome.OK else Outcome.FLAGGED
    return replace(found, outcome=outcome, reason=mixed.fit.reason, mixed=mixed, hill=hill, hill_se=error)


def _problem(curves: Sequence[Curve], hill: float | None) -> Problem:
    """Every cell has its own size and half potential; slope factor and constants are those of the channel."""
    return Problem(
        modulated_receptor_ratio,
        curves,
        {
            "maximum": Individual(),
            "v_half": Individual(),
            "slope_factor": Shared(),
            "log_kr": Shared(),
            "log_ratio": Shared(),
            "hill_slope": Shared() if hill is None else Fixed(hill),
        },
    )


def _start(found: GlobalFit) -> dict[str, float]:
    """Where to begin: the availability of each cell, and the IC50 at both ends of the potentials."""
    start: dict[str, float] = {}
    slopes = []
    labels = [cell.name for cell in found.cells]
    for cell in found.cells:
        control = cell.control
        if control is None or control.fit is None:
            continue
        mark = f"[{cell.name}]" if len(labels) > 1 else ""
        start[f"maximum{mark}"] = control.fit.value("top")
        start[f"v_half{mark}"] = control.fit.value("v_half")
        slopes.append(control.fit.value("slope_factor"))
    start["slope_factor"] = float(np.mean(slopes))
    logs = [math.log10(one.ic50.value) for one in found.at if one.ic50.value > 0] or [-5.0]
    start["log_kr"], start["log_ratio"] = max(logs), max(logs) - min(logs) + 0.1
    return start


def _free_hill(curves: Sequence[Curve], near: Fit) -> tuple[float, float]:
    """The slope of block where it is free, with its standard error."""
    start = dict(zip(near.names, near.values.tolist(), strict=True)) | {"hill_slope": 1.0}
    found = fit(
        _problem(curves, None), options=Options(intervals="", starts=1, start=start, response_level=1.0)
    )
    if found.outcome is Outcome.FAILED:
        return math.nan, math.nan
    return found.value("hill_slope"), found.standard_error("hill_slope")


def _at_potential(
    cells: Sequence[BlockedCell], compound: str, volts: float, level: float
) -> AtPotential | None:
    """The IC50 of all cells at one potential, with slope 1 and full block; None where no cell has a control there."""
    told = [(cell, curve) for cell in cells if (curve := cell.at(compound, volts)) is not None]
    if not told:
        return None
    name = f"IC50 at {spoken(volts)}"
    held: dict[str, Rule] = {
        "bottom": Fixed(0.0),
        "hill_slope": Fixed(1.0),
        "top": Individual(),
        "log_ic50": Shared(),
    }
    problem = Problem(four_parameter_logistic, [curve for _, curve in told], held)
    options = Options(
        starts=1,
        intervals_of=("log_ic50",),
        response_level=1.0,
        start=_start_at([curve for _, curve in told]),
    )
    mixed = fit_mixed(problem, "log_ic50", level=level, options=options)
    names = tuple(cell.name for cell, _ in told)
    availability = available([cell for cell, _ in told], volts, level)
    if mixed.fit.outcome is Outcome.FAILED:
        return AtPotential(volts, availability, Estimate(name, math.nan, "M"), None, names, ())
    each = tuple(
        Estimate(name, 10.0**one.location, "M", level=level, log10_se=one.location_se) for one in mixed.groups
    )
    ic50 = fitted_log(name, mixed.fit, "log_ic50")
    if mixed.bound is not None:
        value, relation = 10.0**mixed.bound.value, mixed.bound.relation
        ic50 = Estimate(name, value, "M", level=level, relation=relation, method="outside the range tested")
    return AtPotential(volts, availability, ic50, mixed.fit, names, each)


def _start_at(curves: Sequence[Curve]) -> dict[str, float]:
    """Where the search for an IC50 begins: the mean control of each cell, and where half of it is left."""
    start, halves = {}, []
    for curve in curves:
        free = np.isneginf(curve.x)
        top = float(curve.y[free].mean())
        start["top" if len(curves) == 1 else f"top[{curve.label}]"] = top
        left = np.clip(curve.y[~free] / top if top else np.ones(int(np.sum(~free))), 0.02, 0.98)
        nearest = int(np.argmin(np.abs(left - 0.5)))
        halves.append(float(curve.x[~free][nearest] + np.log10(left[nearest] / (1.0 - left[nearest]))))
    return start | {"log_ic50": float(np.mean(halves))}


def available(cells: Sequence[BlockedCell], volts: float, level: float) -> Estimate:
    """The availability at a potential over cells: the mean on the scale of its logit, with its t interval."""
    logits = []
    for cell in cells:
        control = cell.control
        if control is not None and control.fit is not None:
            logits.append((control.fit.value("v_half") - volts) / control.fit.value("slope_factor"))
    numbers = np.sort(np.array(logits))
    mean = float(numbers.mean())
    half = math.nan
    if numbers.size > 1:
        half = quantile(level, numbers.size - 1) * float(numbers.std(ddof=1)) / math.sqrt(numbers.size)
    value, low, high = (1.0 / (1.0 + math.exp(-max(min(one, 700.0), -700.0))) for one in _around(mean, half))
    name = f"h at {spoken(volts)}"
    return Estimate(name, value, "", low, high, level, Relation.EQUAL, "mean on the logit scale, t interval")


def _around(mean: float, half: float) -> tuple[float, float, float]:
    return mean, mean - half, mean + half
