"""What comes out of one blocker at one end point of one cell: KB, EC50 of the agonist, IC50 against the agonist."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ...affinity.inhibition import ic50_mixed
from ...core.curves import Curve
from ...core.equation import Array
from ...core.estimate import Estimate, Relation, figures
from ...core.fit import Fit, Outcome
from ...core.measured import Measured
from ...core.result import CurveBand, Points
from ...equations.concentration_response import three_parameter_logistic
from ...fitting.band import confidence_band
from ...fitting.intervals import quantile
from ...fitting.problem import Fixed
from ...fitting.solve import Options, fit_curve
from .._fitted import derived_log, fitted_log
from .currents import BlockedCurrents
from .mechanisms import Decision, judged, with_intervals

KB, EC50, IC50, LOCAL = "KB", "EC50 of the agonist", "IC50", "local IC50"
GRID = 61
SURE = 0.5
FEW = 3  # readings at one agonist concentration from which an IC50 of its own is fitted


@dataclass(frozen=True)
class Analysed:
    """One blocker at one end point of one cell: the fits of all mechanisms, the one chosen, and how it ended."""

    data: BlockedCurrents
    fits: Mapping[str, Fit]
    decision: Decision | None
    outcome: Outcome
    reason: str

    @property
    def name(self) -> str:
        """The cell."""
        return self.data.experiment.name

    @property
    def chosen(self) -> Fit | None:
        """The fit of the mechanism that all cells ask for together."""
        return self.fits.get(self.decision.preferred) if self.decision is not None else None


def analysed(
    data: BlockedCurrents, fits: Mapping[str, Fit], decision: Decision | None, level: float
) -> Analysed:
    """One cell under the mechanism that was chosen."""
    name = decision.preferred if decision is not None else ""
    fits = with_intervals(data, fits, name, level)
    outcome, reason = judged(data, fits if decision is not None else {}, name)
    return Analysed(data, fits, decision, outcome, reason)


def constants(one: Analysed, level: float) -> Iterator[Estimate]:
    """KB, or a bound of it, EC50 of the agonist, and the IC50 at every agonist concentration."""
    chosen = one.chosen
    if chosen is None or one.outcome in (Outcome.FAILED, Outcome.NO_RESPONSE):
        return
    if one.outcome is Outcome.CENSORED:
        method = "too little is blocked at the highest concentration"
        yield Estimate(KB, one.data.highest, "M", level=level, relation=Relation.ABOVE, method=method)
        return
    sure = one.decision is not None and not one.decision.rivals
    kb = fitted_log(KB, chosen, "log_kb")
    yield kb if sure else replace(kb, relation=Relation.ABOUT)
    yield fitted_log(EC50, chosen, "log_ea")
    for agonist in one.data.levels:
        yield derived_log(f"{IC50} at {figures(float(agonist), unit='M')} agonist", _ic50(one, chosen, float(agonist)),
                          chosen, "KB and EC50 of the fit, Wald interval of its log")  # fmt: skip
    for agonist, log, fit in local(one.data):
        name = f"{LOCAL} at {figures(agonist, unit='M')} agonist"
        yield derived_log(
            name, log, fit, "currents at this agonist concentration alone, Wald interval of the log"
        )


def ic50_at(mechanism: str, kb: float, ea: float, agonist: Array) -> Array:
    """The IC50 at agonist concentrations: a blocker is an inhibitor with the agonist in the place of the substrate."""
    kic = math.inf if mechanism == "uncompetitive" else kb
    kiu = math.inf if mechanism == "competitive" else kb
    size = np.ones_like(agonist)
    found: Array = ic50_mixed(kic * size, kiu * size, agonist, ea * size)
    return found


def _ic50(one: Analysed, chosen: Fit, agonist: float) -> Measured:
    """log10 of the IC50 at one agonist concentration, with the error of KB and EC50 and their covariance."""
    mechanism = one.decision.preferred if one.decision is not None else ""
    kb, ea = (10.0 ** chosen.value(name) for name in ("log_kb", "log_ea"))
    value = float(ic50_at(mechanism, kb, ea, np.array([agonist]))[0])
    share = {"competitive": -agonist / (agonist + ea), "uncompetitive": ea / (agonist + ea)}.get(
        mechanism, 0.0
    )
    slope = np.zeros(len(chosen.names))
    slope[chosen.index("log_kb")], slope[chosen.index("log_ea")] = 1.0, share
    return Measured(math.log10(value), math.sqrt(max(float(slope @ chosen.covariance @ slope), 0.0)))


def local(data: BlockedCurrents) -> Iterator[tuple[float, Measured, Fit]]:
    """The IC50 of every agonist concentration by itself, with slope 1 and full block, as log10 with its fit."""
    for agonist in data.levels:
        own = data.used & (data.agonist == agonist)
        blocked = own & (data.blocker > 0)
        if int(blocked.sum()) < FEW or not (own & (data.blocker == 0)).any():
            continue
        with np.errstate(divide="ignore"):
            curve = Curve(np.log10(data.blocker[own]), data.current[own])
        options = Options(intervals="", response_level=1.0, starts=1)
        found = fit_curve(three_parameter_logistic, curve, sharing={"bottom": Fixed(0.0)}, options=options)
        told = (
            found.outcome is not Outcome.FAILED
            and found.standard_error("log_ic50") < SURE
            and not found.at_bounds
        )
        if told and found.value("log_ic50") < math.log10(data.highest) + SURE:
            log = Measured(found.value("log_ic50"), found.standard_error("log_ic50"))
            yield float(agonist), log, found


def bands(one: Analysed, level: float) -> Iterator[CurveBand]:
    """The fitted block at every agonist concentration, as a part of the control there."""
    chosen, data = one.chosen, one.data
    if chosen is None or not one.outcome.usable:
        return
    tested = data.blocker[data.used & (data.blocker > 0)]
    logs = np.linspace(math.log10(float(tested.min())), math.log10(float(tested.max())), GRID)
    for agonist in data.levels:
        control = data.control(float(agonist))
        if not control > 0:
            continue
        band = confidence_band(chosen, np.array([np.full(GRID, agonist), 10.0**logs]), 0, level)
        fitted, low, high = (part / control for part in (band.fitted, band.low, band.high))
        yield CurveBand(logs, fitted, low, high, data.label(float(agonist)), level)


def ic50_points(one: Analysed) -> Points:
    """The IC50 of every agonist concentration by itself."""
    told = list(local(one.data))
    return Points(
        np.array([agonist for agonist, _, _ in told]),
        np.array([10.0**log.value for _, log, _ in told]),
        tuple(f"IC50 at {figures(agonist, unit='M')}" for agonist, _, _ in told),
        (True,) * len(told),
        "",
    )


def ic50_lines(one: Analysed, level: float) -> Iterator[CurveBand]:
    """The IC50 against the agonist by every mechanism, the chosen one with its band."""
    levels = one.data.levels
    if one.decision is None or not one.outcome.usable:
        return
    agonist = np.geomspace(float(levels[0]), float(levels[-1]), GRID)
    for name, fit in one.fits.items():
        line = ic50_at(name, 10.0 ** fit.value("log_kb"), 10.0 ** fit.value("log_ea"), agonist)
        low = high = np.full(GRID, np.nan)
        if name == one.decision.preferred:
            errors = np.array([_ic50(one, fit, float(each)).se for each in agonist])
            half = 10.0 ** (quantile(level, fit.df) * errors)
            low, high = line / half, line * half
        yield CurveBand(agonist, line, low, high, name, level)


def facts(one: Analysed) -> dict[str, Any]:
    """What the checks of block against an agonist look at."""
    data, chosen = one.data, one.chosen
    found: dict[str, Any] = {"agonist_levels": float(data.levels.size)}
    if data.levels.size:
        found["agonist_fold"] = float(data.levels[-1] / data.levels[0])
    if chosen is not None and one.outcome.usable and one.decision is not None:
        found["next_delta"] = one.decision.margin
        found["mechanism"] = one.decision.preferred
    if data.rundown is not None and data.rundown.before > 0:
        times = [w.treatment.time_s for w in data.wells if w.used and w.treatment.concentration_molar > 0]
        found["rundown_lost"] = data.rundown.lost
        last = max((time for time in times if not math.isnan(time)), default=math.nan)
        if not math.isnan(last) and not data.rundown.reason:
            found["wash_recovery"] = float(data.rundown.recovery(last))
    return found
