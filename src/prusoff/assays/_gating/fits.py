"""The fit of one curve of one cell: half potential, slope factor, reversal, and why there is none."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from ...core.equation import Equation
from ...core.estimate import Estimate, Relation
from ...core.fit import Fit, Outcome
from ...core.membrane_current import current_density
from ...core.result import CurveBand, Series
from ...electrophysiology.reversal import LEAST_POINTS, reversal_potential
from ...equations.gating import activation, availability, current_voltage
from ...fitting.band import confidence_band
from ...fitting.intervals import quantile, wald_interval
from ...fitting.problem import Fixed
from ...fitting.solve import Options, fit_curve
from ...fitting.weights import Weighting
from .._fitted import fitted
from .._signal import DEAD, one_reading
from .data import ACTIVATION, AVAILABILITY, AXES, GatingCurve

FEWEST = 5  # potentials
V_HALF, SLOPE, REVERSAL, SHIFT = "V1/2", "k", "Erev", "shift"
DENSITY = "peak current density"
OPEN = 0.5  # part of the channels that is open, by the fit, where a reversal is read off the currents
OTHER = {ACTIVATION: AVAILABILITY, AVAILABILITY: ACTIVATION}
ASKED = ("v_half", "slope_factor")


@dataclass(frozen=True)
class GateFit:
    """A curve with its fit, None where there is none, and the reason."""

    data: GatingCurve
    outcome: Outcome
    reason: str
    fit: Fit | None = None
    estimates: tuple[Estimate, ...] = ()

    def named(self, name: str) -> Estimate | None:
        """The estimate of this name."""
        return next((one for one in self.estimates if one.name == name), None)

    @property
    def reached(self) -> tuple[float, float]:
        """The least and the largest part of the channels, by the fit, at the potentials tested; nan without a fit."""
        parts = self._parts(self.data.tested)
        return (float(parts.min()), float(parts.max())) if parts.size else (math.nan, math.nan)

    @property
    def steep(self) -> float:
        """How many potentials were tested where between a tenth and nine tenths of the channels respond."""
        parts = self._parts(self.data.tested)
        return float(np.sum((parts > 0.1) & (parts < 0.9))) if parts.size else math.nan

    def read_reversal(self, level: float) -> Estimate | None:
        """Where the current itself turns round among the potentials at which channels are open, whatever the law says.

        None where it is no current, or does not turn round at the potentials tested.
        """
        if self.fit is None or self.data.kind != ACTIVATION or self.data.unit != "A":
            return None
        curve = self.data.curve
        far = self._parts(curve.x) > OPEN
        if np.unique(curve.x[far]).size < LEAST_POINTS:
            return None
        found = reversal_potential(curve.x[far], curve.y[far], level=level)
        return found if not found.is_bound and math.isfinite(found.low + found.high) else None

    def density(self, capacitance: float, level: float) -> Estimate | None:
        """The largest current of activation over the capacitance (F) of the cell, with the scatter about its fit."""
        if self.fit is None or self.data.kind != ACTIVATION or self.data.unit != "A" or not capacitance > 0:
            return None
        curve = self.data.curve
        at = int(np.argmax(np.abs(curve.y)))
        known = self.fit.sum_of_squares / self.fit.df if curve.sd is None else float(curve.sd[at]) ** 2
        value, se = (float(current_density(one, capacitance)) for one in (curve.y[at], math.sqrt(known)))
        half = quantile(level, self.fit.df) * se
        method = "largest current over the capacitance, scatter about the fit"
        return Estimate(DENSITY, value, "pA/pF", value - half, value + half, level, method=method, se=se)

    def _parts(self, v: np.ndarray) -> np.ndarray:
        if self.fit is None:
            return np.empty(0)
        names = self.fit.equation.names
        p = dict(zip(names, self.fit.curve.parameters, strict=True))
        levels = np.array([0.0, 1.0, p["v_half"], p["slope_factor"]])
        law = availability if self.data.kind == AVAILABILITY else activation
        return law.function(v, levels)

    def series(self, more: tuple[Estimate, ...], level: float) -> Series:
        """The curve as part of a result, with estimates that come from elsewhere."""
        bands: tuple[CurveBand, ...] = ()
        if self.fit is not None:
            tested = self.data.tested
            found = confidence_band(self.fit, np.linspace(tested[0], tested[-1], 81), level=level)
            bands = (CurveBand(found.x, found.fitted, found.low, found.high, "", level),)
        return Series(
            self.data.subject,
            self.data.cell,
            self.outcome,
            self.reason,
            (self.data.points,),
            (*self.estimates, *more),
            self.fit,
            bands=bands,
            x_label=AXES[self.data.kind],
            y_label=f"{'current' if self.data.unit == 'A' else 'signal'} ({self.data.unit})",
        )


def fit_gating(data: GatingCurve, reversal_v: float, level: float) -> GateFit:
    """Fit the law of this curve; a reversal potential that is stated is held."""
    law = _law(data)
    stopped = _obstacle(data, law)
    if stopped:
        return GateFit(data, Outcome.FAILED, stopped)
    held = {"v_reversal": Fixed(reversal_v)} if law is current_voltage and math.isfinite(reversal_v) else {}
    curve = data.curve
    weighting = Weighting.KNOWN_SD if curve.sd is not None else Weighting.NONE
    found = fit_curve(law, curve, weighting, level, held, Options(intervals_of=ASKED, starts=1))
    if found.outcome in (Outcome.FAILED, Outcome.NO_RESPONSE):
        return GateFit(data, found.outcome, found.reason)
    wrong = _wrong_way(data, found)
    if wrong:
        return GateFit(data, Outcome.FAILED, wrong)
    return _told(data, found)


def _law(data: GatingCurve) -> Equation:
    if data.kind == AVAILABILITY:
        return availability
    return current_voltage if data.unit == "A" else activation


def _obstacle(data: GatingCurve, law: Equation) -> str:
    tested = data.tested
    if tested.size < FEWEST:
        potentials = "1 potential" if tested.size == 1 else f"{tested.size} potentials"
        return f"Measured at {potentials}; at least {FEWEST} are needed."
    if one_reading(data.curve.y):
        return DEAD
    if law is current_voltage and _starts_large(data):
        return (
            "The current is large at the most negative potentials, where no channel that opens on depolarisation does: "
            f'for availability write curve = "{AVAILABILITY}" under [settings], or name each curve in the column '
            "'end point'."
        )
    if len(data.used) <= len(law.parameters):
        return f"{len(data.used)} currents do not tell {len(law.parameters)} parameters apart from their scatter."
    return ""


def _starts_large(data: GatingCurve) -> bool:
    """Whether the current at the two most negative potentials is more than half of the largest one."""
    curve, first = data.curve, data.tested[:2]
    early = [float(np.abs(curve.y[curve.x == v]).mean()) for v in first]
    return min(early) > 0.5 * float(np.abs(curve.y).max())


def _wrong_way(data: GatingCurve, found: Fit) -> str:
    """Whether the curve runs the other way than its kind does."""
    if "top" not in found.names or abs(found.value("top")) >= abs(found.value("bottom")):
        return ""
    other = OTHER[data.kind]
    runs = "grows" if data.kind == AVAILABILITY else "falls"
    return (
        f'The signal {runs} with the potential, as that of {other} does: write curve = "{other}" under [settings], '
        "or name each curve in the column 'end point'."
    )


def _told(data: GatingCurve, found: Fit) -> GateFit:
    """The estimates; a half potential outside the tested ones is only a bound, and then there is no slope factor."""
    low, high = float(data.tested[0]), float(data.tested[-1])
    half = fitted(V_HALF, found, "v_half", "V")
    if not low <= half.value <= high:
        beyond = half.value > high
        bound = Estimate(
            V_HALF,
            high if beyond else low,
            "V",
            level=half.level,
            relation=Relation.ABOVE if beyond else Relation.BELOW,
            method="outside the potentials tested",
        )
        where = "beyond the highest" if beyond else "below the lowest"
        reason = f"Half of the channels respond {where} potential tested."
        return GateFit(data, Outcome.CENSORED, reason, found, (bound,))
    slope = fitted(SLOPE, found, "slope_factor", "V")
    slope = replace(slope, log10_se=slope.se / slope.value / math.log(10.0))
    estimates = [half, slope]
    if "v_reversal" in found.names:
        width = wald_interval(found, "v_reversal", half.level)
        reversal = replace(
            fitted(REVERSAL, found, "v_reversal", "V"),
            low=width.low,
            high=width.high,
            level=width.level,
            method="Wald interval",
        )
        if low <= reversal.value <= high:
            estimates.append(reversal)
    return GateFit(data, found.outcome, found.reason, found, tuple(estimates))
