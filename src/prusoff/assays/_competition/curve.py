"""The laws fitted to one compound in one experiment, and how its curve ended."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from ...core.curves import Curve
from ...core.errors import ModelError
from ...core.fit import Fit, Outcome
from ...core.result import Comparison
from ...equations.competition_binding import one_site_competition_ki, two_site_competition
from ...equations.concentration_response import four_parameter_logistic, three_parameter_logistic
from ...fitting import problem as fitting_problem
from ...fitting.account import flat_level
from ...fitting.compare import compare_nested, compare_sites
from ...fitting.solve import Options, fit_curve
from ...fitting.verdict import Bound, location_bounds
from ...fitting.weights import GivenWeights
from .._signal import DEAD, one_reading
from .data import CompoundData

FEWEST_CONCENTRATIONS = 4
PLATEAU_APART = 0.20  # of the control window: Assay Guidance Manual
# P above which a compound beside its controls is called flat: less than half of the control span gives no IC50 whatever
# this level is, so that it may let weak inhibition through
SEEN = 1e-4
_NO_INTERVALS = Options(intervals="wald")
_ONLY_JUDGED = Options(intervals="wald", starts=3)  # what is fitted only to see whether there is a curve
_ALL_INTERVALS = Options()


@dataclass(frozen=True)
class CompoundFits:
    """What was fitted to one compound.

    `free` has a free slope, `one` slope 1 (as a Ki where Kd is known, else as an IC50), `alone` a free slope without
    the controls (None where the points are too few), `two_sites` two sites where they are preferred. `bound` is set
    where only a bound of the IC50 is known.
    """

    free: Fit
    one: Fit
    alone: Fit | None
    two_sites: Fit | None
    comparisons: tuple[Comparison, ...]
    bound: Bound | None
    outcome: Outcome
    reason: str


@dataclass(frozen=True)
class Seen:
    """One curve as it is: with and without the controls, whether only a bound is known, and how it ended."""

    free: Fit
    alone: Fit | None
    bound: Bound | None
    outcome: Outcome
    reason: str


def see_curve(data: CompoundData, level: float, options: Options = _ALL_INTERVALS) -> Seen:
    """Fit a free slope to a curve with and without its controls, and judge it."""
    controls = data.controls if data.known else None  # else they are points of the curve
    law, options = four_parameter_logistic, replace(options, controls=controls)
    free = fit_curve(law, data.curve, data.weighting, level, data.known, options)
    problem = fitting_problem.Problem.of(free)
    bound = location_bounds(problem, free, controls).get("log_ic50")
    alone = _alone(data)
    return Seen(free, alone, bound, *_judged(data, free, alone, bound))


def fit_compound(
    data: CompoundData,
    ligand_over_kd: tuple[float, float] | None,
    level: float,
    intervals_of_ki: tuple[str, ...] = (),
) -> CompoundFits:
    """Fit all laws to one compound. `ligand_over_kd` are log10 of free [L] and of Kd, or None where Kd is not known;
    `intervals_of_ki` names the parameters of that curve which get intervals (all if empty).

    The weights follow the curve of the law with free slope and are then kept, so that all laws are compared on the same
    footing.
    """
    seen = see_curve(data, level)
    free, curve, kept = seen.free, data.curve, GivenWeights.of(seen.free)
    options = _ALL_INTERVALS if ligand_over_kd is None else _NO_INTERVALS
    plain = fit_curve(three_parameter_logistic, curve, kept, level, data.known, options)
    one = (
        plain if ligand_over_kd is None else _told_by_ki(data, plain, ligand_over_kd, level, intervals_of_ki)
    )
    two = fit_curve(two_site_competition, curve, kept, level, data.known, _NO_INTERVALS)
    compared = () if one_reading(data.curve.y) else _compared(plain, free, two)
    return CompoundFits(
        free,
        one,
        seen.alone,
        next((two for each in compared if each.preferred == two.equation.title), None),
        compared,
        seen.bound,
        seen.outcome,
        seen.reason,
    )


def _compared(plain: Fit, free: Fit, two: Fit) -> tuple[Comparison, ...]:
    """Slope 1 against a free slope, one site against two; a law that could not be fitted is not compared."""
    found = []
    for compare, richer in ((compare_nested, free), (compare_sites, two)):
        try:
            found.append(compare(plain, richer))
        except ModelError:
            continue
    return tuple(found)


def _told_by_ki(
    data: CompoundData,
    plain: Fit,
    ligand_over_kd: tuple[float, float],
    level: float,
    intervals_of: tuple[str, ...],
) -> Fit:
    """The curve of slope 1 again, with log Ki in place of log IC50: from there on it is one descent."""
    ligand, kd = ligand_over_kd
    start = dict(zip(plain.names, plain.values.tolist(), strict=True))
    if "log_ic50" in start:
        start["log_ki"] = start.pop("log_ic50") - math.log10(1.0 + 10.0 ** (ligand - kd))
    near = Options(intervals_of=intervals_of)
    if np.isfinite(list(start.values())).all():
        near = replace(near, start=start, starts=1)
    held = {"log_ligand": ligand, "log_kd": kd, **data.known}
    return fit_curve(one_site_competition_ki, data.curve, GivenWeights.of(plain), level, held, near)


def _alone(data: CompoundData) -> Fit | None:
    """The compound without the controls: whether it does anything, and where its own plateaus lie."""
    few = len(data.concentrations)
    law = (
        four_parameter_logistic if few > len(four_parameter_logistic.parameters) else three_parameter_logistic
    )
    if few < FEWEST_CONCENTRATIONS:
        return None
    curve = data.without_controls
    options = replace(_ONLY_JUDGED, response_level=max(flat_level(len(curve)), SEEN))
    return fit_curve(law, curve, data.weighting, sharing=data.known, options=options)


def _judged(data: CompoundData, free: Fit, alone: Fit | None, bound: Bound | None) -> tuple[Outcome, str]:
    """The outcome of a compound; the controls alone are no response of the compound."""
    few = len(data.concentrations)
    if one_reading(data.curve.y):
        return Outcome.FAILED, DEAD
    if alone is None:
        spoken = {0: "No well of this compound takes part, which makes", 1: "One concentration makes"}.get(
            few, f"{few} concentrations make"
        )
        return Outcome.FAILED, f"{spoken} no curve; at least {FEWEST_CONCENTRATIONS} are needed."
    if _swapped(data):
        return (
            Outcome.FAILED,
            f"The nonspecific wells read as high as the total wells, so there is no {data.measured} to inhibit. "
            "Check whether they are swapped in the plate map, and whether the plate was counted turned round "
            "(rotated = true).",
        )
    if alone.outcome is Outcome.NO_RESPONSE:
        return _seen(data, *_flat(free, bound))
    if _rises(data.without_controls):
        return (
            Outcome.FAILED,
            "The signal rises with the concentration: this is no inhibition curve. Check the order of the "
            "concentrations, the plate map, and whether the plate was counted turned round (rotated = true).",
        )
    outcome, reason = _seen(data, free.outcome, free.reason)
    apart = _apart(data, alone) if outcome.usable else ""
    return (Outcome.FLAGGED, " ".join(filter(None, (reason, apart)))) if apart else (outcome, reason)


def _apart(data: CompoundData, alone: Fit) -> str:
    """What to say of a compound whose own bottom lies well above the nonspecific wells: it may inhibit in part."""
    interval, controls = alone.intervals.get("bottom"), data.controls
    if interval is None or controls is None or not alone.outcome.usable:
        return ""
    total, full = controls
    gap = (alone.value("bottom") - full) / (total - full)
    if gap <= PLATEAU_APART or interval.low <= full:
        return ""
    return (
        f"Its own wells level off {100 * gap:.0f} % of the control window above the nonspecific wells, which pull the "
        f"curve down: the IC50 and the Ki hold for an inhibitor that {data.blocks} all of the specific "
        f"{data.measured}."
    )


def _seen(data: CompoundData, outcome: Outcome, reason: str) -> tuple[Outcome, str]:
    """No response is said only of a compound whose wells show none: scatter may hide a curve from the fit."""
    if outcome is not Outcome.NO_RESPONSE or not data.inhibition_at_top >= 0.5:
        return outcome, reason
    return (
        Outcome.FAILED,
        f"The wells show {100 * data.inhibition_at_top:.0f} % inhibition at the two highest concentrations, but no "
        "curve runs through them: wells of equal concentration lie too far apart. Check the concentrations, their "
        "units and the plate map.",
    )


def _flat(free: Fit, bound: Bound | None) -> tuple[Outcome, str]:
    """The outcome of a compound whose signal does not change: it does nothing, or blocks at every concentration."""
    if bound is None:
        return free.outcome, free.reason
    if bound.reached < 0.5:
        return (
            Outcome.NO_RESPONSE,
            f"No inhibition can be told from the scatter up to the highest concentration. {bound.sentence}",
        )
    if free.outcome is Outcome.NO_RESPONSE:
        return Outcome.FAILED, "Neither the compound nor its controls stand out of the scatter."
    return Outcome.CENSORED, bound.sentence


def _swapped(data: CompoundData) -> bool:
    """Whether the mean of the nonspecific wells is no lower than that of the total wells."""
    return data.controls is not None and data.controls[1] >= data.controls[0]


def _rises(curve: Curve) -> bool:
    """Whether the signal at the highest third of the concentrations lies above that at the lowest third."""
    low, high = np.quantile(curve.x, [1 / 3, 2 / 3])
    return float(curve.y[curve.x >= high].mean()) > float(curve.y[curve.x <= low].mean())
