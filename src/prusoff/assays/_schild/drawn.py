"""The curves of a family and its Schild plot, ready to be drawn, as two series of the result."""

from __future__ import annotations

import math

import numpy as np

from ...affinity.schild import log_dose_ratio_less_one
from ...core.equation import Array
from ...core.estimate import Estimate
from ...core.fit import Fit, Outcome
from ...core.result import CurveBand, Points, Profile, Series
from ...fitting.band import confidence_band
from ...fitting.intervals import profile_curve
from ...fitting.problem import Problem
from .decision import AS_COMPETITOR, Antagonism, Day, Decision
from .estimates import estimates

SCHILD, LINE = "Schild", "regression"
UNIT, BENT = "slope 1 through KB of the global fit", "the global fit, free slope"


def curve_series(decision: Decision, day: Day, level: float) -> Series:
    """The agonist curves of one day with the law that is kept."""
    outcome, reason = judged(decision, day)
    drawn = decision.law(day)
    return Series(
        decision.subject,
        day.experiment.name,
        outcome,
        reason,
        day.family.points,
        tuple(estimates(decision, day, level)),
        drawn,
        _profiles(drawn, level) if outcome.usable else (),
        decision.comparisons(day),
        _bands(day, drawn, level),
        x_label=f"log10 {day.family.agonist} (M)",
        y_label=f"response ({day.family.unit})",
    )


def judged(decision: Decision, day: Day) -> tuple[Outcome, str]:
    """How one day ended, with what was found over all days."""
    fits = day.fits
    if fits.one is None:
        return fits.outcome, fits.reason
    first = decision.constant(day)
    if first is not None and first.is_bound:
        return Outcome.CENSORED, f"{first}: {first.method}."
    if decision.kind is Antagonism.COMPETITIVE:
        return Outcome.OK, ""
    return Outcome.FLAGGED, decision.kind.value


def _profiles(drawn: Fit | None, level: float) -> tuple[Profile, ...]:
    if drawn is None or "log_kb" not in drawn.names or "log_kb" in drawn.at_bounds:
        return ()
    return (profile_curve(Problem.of(drawn), drawn, "log_kb", level, points=21),)


def _bands(day: Day, drawn: Fit | None, level: float) -> tuple[CurveBand, ...]:
    if drawn is None or not np.isfinite(drawn.values).all():
        return ()
    return tuple(
        band for at in day.family.levels if (band := _band(day, drawn, float(at), level)) is not None
    )


def _band(day: Day, drawn: Fit, at: float, level: float) -> CurveBand | None:
    tested = day.family.concentrations(at)
    if tested.size < 2:
        return None
    grid = np.linspace(tested[0], tested[-1], 101)
    found = confidence_band(drawn, np.stack([grid, np.full(grid.size, at)]), level=level)
    low, high = (np.where(np.isfinite(one), one, np.nan) for one in (found.low, found.high))
    return CurveBand(grid, found.fitted, low, high, day.family.label(at), level)


def schild_series(decision: Decision, day: Day, level: float) -> Series | None:
    """The dose ratios of one day with the Schild line and the line that the global fit draws; None without two."""
    told = [one for one in day.fits.ratios if one.log > 0]
    if len(told) < 2 or len({one.level for one in told}) < 2:
        return None
    x = np.array([one.level for one in told])
    found = day.fits.regression
    points = Points(
        x,
        log_dose_ratio_less_one([one.value for one in told]),
        tuple(f"dose ratio at {day.family.label(one.level)}" for one in told),
        tuple(not one.outside for one in told),
        SCHILD,
    )
    left = [day.family.label(one.level) for one in day.fits.ratios if one.log <= 0]
    reason = f"No shift to the right, and so no place in the plot: {', '.join(left)}." if left else ""
    beside = [one for one in told if one.outside]
    if beside:
        labels = ", ".join(day.family.label(one.level) for one in beside)
        reason = f"{reason} The EC50 lies outside the concentrations tested at {labels} (hollow).".strip()
    return Series(
        decision.subject,
        day.experiment.name,
        Outcome.FLAGGED if reason else Outcome.OK,
        reason,
        (points,),
        _line_estimates(day, level),
        bands=tuple(_lines(decision, day, x)) if found is not None else (),
        x_label=f"log10 {day.family.antagonist} (M)",
        y_label="log10 (dose ratio − 1)",
    )


def _lines(decision: Decision, day: Day, x: Array) -> list[CurveBand]:
    """The line of the regression over the antagonist concentrations, and that of the global fit."""
    found, one = day.fits.regression, day.fits.one
    grid = np.linspace(float(x.min()), float(x.max()), 21)
    nothing = np.full(grid.size, np.nan)
    lines = []
    if found is not None:
        lines.append(CurveBand(grid, found.slope * grid + found.intercept, nothing, nothing, LINE))
    if one is not None and decision.kind in AS_COMPETITOR:
        lines.append(CurveBand(grid, grid - one.value("log_kb"), nothing, nothing, UNIT))
    free = day.fits.free
    if free is not None and decision.kind is Antagonism.SLOPE:
        drawn = free.value("schild_slope") * (grid - free.value("log_kb"))
        lines.append(CurveBand(grid, drawn, nothing, nothing, BENT))
    return lines


def _line_estimates(day: Day, level: float) -> tuple[Estimate, ...]:
    """Slope and pA2 of the regression, and pKB where its slope includes 1."""
    found = day.fits.regression
    if found is None:
        return ()
    how = f"least squares through {found.points} dose ratios"
    slope = Estimate(
        "regression slope", found.slope, "", found.slope_low, found.slope_high, level, method=how,
        se=found.slope_se,
    )  # fmt: skip
    pa2 = Estimate(
        "pA2 (regression)", found.pa2, "", found.pa2_low, found.pa2_high, level, method=f"{how}, Fieller"
    )
    if not found.unit_slope_holds or math.isnan(found.slope_se):
        return slope, pa2
    pkb = Estimate(
        "pKB (regression, slope 1)", found.pkb, "", found.pkb_low, found.pkb_high, level, method=how
    )
    return slope, pa2, pkb
