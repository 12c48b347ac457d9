"""One compound in one experiment: its wells with the controls of its plates as one curve, and the laws fitted to it."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from ...core.curves import Curve
from ...core.equation import Array
from ...core.errors import InputError, ModelError, Problem
from ...core.experiment import Experiment
from ...core.fit import Fit, Outcome
from ...core.plate import Role, Well
from ...core.result import Comparison, Points
from ...equations.competition_binding import one_site_competition_ki, two_site_competition
from ...equations.concentration_response import four_parameter_logistic, three_parameter_logistic
from ...fitting import problem as fitting_problem
from ...fitting.account import flat_level
from ...fitting.compare import compare_nested, compare_sites
from ...fitting.solve import Options, fit_curve
from ...fitting.verdict import Bound, location_bounds
from ...fitting.weights import GivenWeights, Weights
from .._signal import DEAD, Signals, one_reading

FEWEST_CONCENTRATIONS = 4
PLATEAU_APART = 0.20  # of the control window: Assay Guidance Manual
# P above which a compound beside its controls is called flat: less than half of the control span gives no IC50 whatever
# this level is, so that it may let weak inhibition through
SEEN = 1e-4
_NO_INTERVALS = Options(intervals="wald")


@dataclass(frozen=True)
class CompoundData:
    """The wells of one compound and of the controls on its plates, with x = log10 mol/L.

    Total wells, and wells of the compound at zero, stand at -inf; nonspecific wells at +inf.
    """

    compound: str
    experiment: str
    plates: tuple[str, ...]
    wells: tuple[Well, ...]
    x: Array
    y: Array
    weighting: Weights
    unit: str

    @property
    def used(self) -> np.ndarray:
        """Which wells take part."""
        return np.array([well.used for well in self.wells], dtype=bool)

    @property
    def curve(self) -> Curve:
        """The points that take part."""
        return Curve(self.x[self.used], self.y[self.used], label=f"{self.compound}, {self.experiment}")

    @property
    def without_controls(self) -> Curve:
        """The points of the compound alone."""
        own = self.used & np.isfinite(self.x)
        return Curve(self.x[own], self.y[own], label=f"{self.compound}, {self.experiment}")

    @property
    def concentrations(self) -> Array:
        """The different concentrations that take part, as log10 mol/L."""
        return np.unique(self.without_controls.x)

    @property
    def inhibition_at_top(self) -> float:
        """Inhibition measured at the two highest concentrations, as a fraction; nan without controls."""
        y, x = self.y[self.used], self.x[self.used]
        total, nonspecific = y[x == -math.inf], y[x == math.inf]
        if not (total.size and nonspecific.size and self.concentrations.size):
            return math.nan
        top = y[np.isin(x, self.concentrations[-2:])]
        span = float(total.mean() - nonspecific.mean())
        return (float(total.mean()) - float(top.mean())) / span if span else math.nan

    @property
    def points(self) -> Points:
        """All wells, to be drawn."""
        positions = tuple(f"{well.plate} {well.position}" for well in self.wells)
        return Points(self.x, self.y, positions, tuple(bool(one) for one in self.used), self.experiment)


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


def compound_data(signals: Signals, compound: str, experiment: Experiment) -> CompoundData:
    """Gather the wells of a compound and of the controls on the same plates."""
    own = signals.pick(
        lambda well: well.treatment.role is Role.COMPOUND and well.treatment.compound == compound
    )[0]
    plates = tuple(dict.fromkeys(well.plate for well in own))

    def belongs(well: Well) -> bool:
        treatment = well.treatment
        if treatment.role is Role.COMPOUND:
            return treatment.compound == compound
        return treatment.role in (Role.TOTAL, Role.NSB) and well.plate in plates

    wells, y = signals.pick(belongs)
    x = np.array([_log_concentration(well, experiment.name) for well in wells])
    return CompoundData(compound, experiment.name, plates, wells, x, y, signals.weighting, signals.unit)


def _log_concentration(well: Well, experiment: str) -> float:
    if well.treatment.role is Role.TOTAL:
        return -math.inf
    if well.treatment.role is Role.NSB:
        return math.inf
    concentration = well.treatment.concentration_molar
    if math.isnan(concentration) or concentration < 0:
        raise InputError(
            Problem(
                f"'{well.treatment.compound}' has no concentration",
                f"{experiment} > {well.plate} {well.position}",
                "Give every compound well its final concentration with a unit",
                "E-CONCENTRATION",
            )
        )
    return math.log10(concentration) if concentration > 0 else -math.inf


def fit_compound(
    data: CompoundData, ligand_over_kd: tuple[float, float] | None, level: float
) -> CompoundFits:
    """Fit all laws to one compound. `ligand_over_kd` are log10 of free [L] and of Kd, or None where Kd is not known.

    The weights follow the curve of the law with free slope and are then kept, so that all laws are compared on the same
    footing.
    """
    free = fit_curve(four_parameter_logistic, data.curve, data.weighting, level)
    curve, kept = data.curve, GivenWeights.of(free)
    plain = fit_curve(three_parameter_logistic, curve, kept, level, options=_NO_INTERVALS)
    two = fit_curve(two_site_competition, curve, kept, level, options=_NO_INTERVALS)
    problem = fitting_problem.Problem.of(free)
    bound = location_bounds(problem, free.values, intervals=free.intervals).get("log_ic50")
    alone = _alone(data)
    outcome, reason = _judged(data, free, alone, bound)
    compared = () if one_reading(data.curve.y) else _compared(plain, free, two)
    return CompoundFits(
        free,
        _slope_one(curve, kept, ligand_over_kd, level),
        alone,
        next((two for one in compared if one.preferred == two.equation.title), None),
        compared,
        bound,
        outcome,
        reason,
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


def _slope_one(
    curve: Curve, weighting: Weights, ligand_over_kd: tuple[float, float] | None, level: float
) -> Fit:
    if ligand_over_kd is None:
        return fit_curve(three_parameter_logistic, curve, weighting, level)
    held = dict(zip(("log_ligand", "log_kd"), ligand_over_kd, strict=True))
    return fit_curve(one_site_competition_ki, curve, weighting, level, held)


def _alone(data: CompoundData) -> Fit | None:
    """The compound without the controls: whether it does anything, and where its own plateaus lie."""
    enough = len(data.concentrations) > len(four_parameter_logistic.parameters)
    law = four_parameter_logistic if enough else three_parameter_logistic
    if len(data.concentrations) < FEWEST_CONCENTRATIONS:
        return None
    curve = data.without_controls
    options = replace(_NO_INTERVALS, response_level=max(flat_level(len(curve)), SEEN))
    return fit_curve(law, curve, data.weighting, options=options)


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
    if _swapped(data.curve):
        return (
            Outcome.FAILED,
            "The nonspecific wells read as high as the total wells, so there is no binding to inhibit. Check whether "
            "they are swapped in the plate map, and whether the plate was counted turned round (rotated = true).",
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
    curve, interval = data.curve, alone.intervals.get("bottom")
    total, nonspecific = curve.y[curve.x == -math.inf], curve.y[curve.x == math.inf]
    if interval is None or not (alone.outcome.usable and total.size and nonspecific.size):
        return ""
    gap = (alone.value("bottom") - nonspecific.mean()) / (total.mean() - nonspecific.mean())
    if gap <= PLATEAU_APART or interval.low <= nonspecific.mean():
        return ""
    return (
        f"Its own wells level off {100 * gap:.0f} % of the control window above the nonspecific wells, which pull the "
        "curve down: the IC50 and the Ki hold for an inhibitor that displaces all of the specific binding."
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


def _swapped(curve: Curve) -> bool:
    """Whether the mean of the nonspecific wells is no lower than that of the total wells."""
    total, nonspecific = curve.y[curve.x == -math.inf], curve.y[curve.x == math.inf]
    return bool(total.size and nonspecific.size and nonspecific.mean() >= total.mean())


def _rises(curve: Curve) -> bool:
    """Whether the signal at the highest third of the concentrations lies above that at the lowest third."""
    low, high = np.quantile(curve.x, [1 / 3, 2 / 3])
    return float(curve.y[curve.x >= high].mean()) > float(curve.y[curve.x <= low].mean())
