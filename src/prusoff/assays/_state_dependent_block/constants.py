"""Kr, Ki and their ratio from the global fit, or the bounds that are all that can be said of them."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from ...core.estimate import Estimate, Relation
from ...core.fit import Interval, Outcome
from ...core.result import Ratio
from ...fitting.intervals import quantile
from .fits import WIDEST, AtPotential, GlobalFit

KR, KI, STATE_RATIO = "Kr", "Ki", "state ratio"
GLOBAL, AT_RANDOM = "global fit over holding potentials", ", cells differ at random"
PROFILE, DELTA = ", profile-likelihood interval", ", t interval on the log scale"
INACTIVATED, RESTING, UNCLEAR = "prefers inactivated channels", "prefers resting channels", "cannot tell"


@dataclass(frozen=True)
class Constants:
    """The constants of one drug, those of each cell, and the ratio where both are values; None where not known."""

    kr: Estimate | None
    ki: Estimate | None
    kr_each: tuple[Estimate, ...] = ()
    ki_each: tuple[Estimate, ...] = ()
    ratio: Ratio | None = None


def constants(one: GlobalFit | None, level: float) -> Constants:
    """What can be said of Kr and Ki: values, or bounds from the IC50 at the outermost potentials."""
    if one is None or one.outcome is Outcome.FAILED:
        return Constants(None, None)
    if one.mixed is None:
        return _only_bounds(one, level)
    log_kr, log_ratio = one.mixed.fit.value("log_kr"), one.mixed.fit.value("log_ratio")
    ratio, resting = _log_interval(one, "log_ratio"), _log_interval(one, "log_kr")
    error = _ki_error(one)
    half = quantile(level, one.df) * error
    widths = (resting.high - resting.low, 2.0 * half, ratio.high - ratio.low)
    if not all(width < WIDEST for width in widths):
        return _only_bounds(one, level)
    log_ki = log_kr - log_ratio
    several = "" if math.isnan(one.mixed.between_sd) else AT_RANDOM
    kr = _value(KR, (log_kr, resting.low, resting.high), level, f"{GLOBAL}{several}{PROFILE}")
    ki = _value(KI, (log_ki, log_ki - half, log_ki + half), level, f"{GLOBAL}{several}{DELTA}")
    kr = replace(kr, log10_se=one.mixed.fit.standard_error("log_kr"))
    kr, ki = _within_doses(one, kr, replace(ki, log10_se=error))
    groups = one.mixed.groups
    kr_each = tuple(_of_cell(KR, group.location, group.location_se, level) for group in groups)
    ki_each = tuple(_of_cell(KI, group.location - log_ratio, group.location_se, level) for group in groups)
    told = None if kr.is_bound or ki.is_bound else _ratio(one, log_ratio, ratio, level)
    return Constants(kr, ki, kr_each, ki_each, told)


def _value(name: str, logs: tuple[float, float, float], level: float, method: str) -> Estimate:
    value, low, high = (10.0**one for one in logs)
    return Estimate(name, value, "M", low, high, level, method=method)


def _of_cell(name: str, log: float, error: float, level: float) -> Estimate:
    """What one cell has, as the fit of all predicts it."""
    return Estimate(name, 10.0**log, "M", level=level, method="as predicted for this cell", log10_se=error)


def _log_interval(one: GlobalFit, name: str) -> Interval:
    """The interval of a parameter on its log scale, without limits where the fit gave none."""
    found = None if one.mixed is None else one.mixed.fit.intervals.get(name)
    return Interval(-math.inf, math.inf, 0.95, "none") if found is None else found


def _ki_error(one: GlobalFit) -> float:
    """The standard error of log10 Ki, which is log10 Kr less log10 of the ratio."""
    if one.mixed is None:
        return math.nan
    found = one.mixed.fit
    i, j = found.index("log_kr"), found.index("log_ratio")
    c = found.covariance
    return math.sqrt(max(float(c[i, i] + c[j, j] - 2.0 * c[i, j]), 0.0))


def _within_doses(one: GlobalFit, kr: Estimate, ki: Estimate) -> tuple[Estimate, Estimate]:
    """A constant beyond the concentrations tested is only a bound."""
    wells = [well for cell in one.cells for well in cell.blocked(one.compound) if well.used]
    doses = np.array([well.treatment.concentration_molar for well in wells])
    low, high = float(doses.min()), float(doses.max())

    def judged(found: Estimate) -> Estimate:
        beyond = "beyond the concentrations tested"
        if found.value > high:
            return Estimate(found.name, high, "M", level=found.level, relation=Relation.ABOVE, method=beyond)
        if found.value < low:
            return Estimate(found.name, low, "M", level=found.level, relation=Relation.BELOW, method=beyond)
        return found

    return judged(kr), judged(ki)


def _only_bounds(one: GlobalFit, level: float) -> Constants:
    """Kr lies above the IC50 at the most negative potential, Ki below that at the least negative one.

    An IC50 lies between both constants; so these are bounds for a drug that does not prefer resting channels. Where
    the IC50 rises with the potential it does, and nothing is said.
    """
    told = [at for at in one.at if at.ic50.value > 0]
    if not told or told[0].ic50.value < told[-1].ic50.value:
        return Constants(None, None)
    kr, ki = (
        _bound(KR, told[0], level, Relation.ABOVE),
        _bound(KI, told[-1], level, Relation.BELOW),
    )
    kr_each, ki_each = (() if found is None else (found,) * len(one.cells) for found in (kr, ki))
    return Constants(kr, ki, kr_each, ki_each)


def _bound(name: str, at: AtPotential, level: float, relation: Relation) -> Estimate | None:
    """The limit of the IC50 on the safe side; None where it is a bound to the other side."""
    if at.ic50.is_bound and at.ic50.relation is not relation:
        return None
    limit = at.ic50.low if relation is Relation.ABOVE else at.ic50.high
    value = limit if not at.ic50.is_bound and limit > 0 and math.isfinite(limit) else at.ic50.value
    method = f"limit of the IC50 at {at.spoken}, where h is {at.availability.value:.2f}"
    return Estimate(name, value, "M", level=level, relation=relation, method=method)


def _ratio(one: GlobalFit, log: float, limits: Interval, level: float) -> Ratio:
    estimate = Estimate(
        "Kr/Ki", 10.0**log, "", 10.0**limits.low, 10.0**limits.high, level, method=f"{GLOBAL}{PROFILE}"
    )
    verdict = INACTIVATED if estimate.low > 1 else RESTING if estimate.high < 1 else UNCLEAR
    spread = ", ".join(f"{at.spoken}: {at.availability.value:.2f}" for at in one.at)
    said = "Which state is preferred cannot be told." if verdict == UNCLEAR else f"The drug {verdict}."
    return Ratio(
        STATE_RATIO,
        f"{one.compound} (resting)",
        f"{one.compound} (inactivated)",
        estimate,
        f"Kr over Ki of {one.compound} by the global fit. {said} Availability h at the holding potentials: {spread}.",
        verdict,
    )
