"""The hyperbola and the quadratic law through one titration, with the wells without partner in the same fit."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...core.curves import Curve
from ...core.equation import Array, Equation
from ...core.fit import Fit, Outcome
from ...core.result import CurveBand
from ...equations.titration import hyperbolic_titration, quadratic_titration
from ...fitting.band import confidence_band
from ...fitting.problem import Fixed, Individual, Rule, Shared
from ...fitting.problem import Problem as FitProblem
from ...fitting.solve import Options, fit
from ...fitting.weights import GivenWeights, Weighting, Weights
from .._signal import DEAD, one_reading
from .data import WITH, WITHOUT, Titration

FEWEST_CONCENTRATIONS = 4
FEWEST_REPLICATED = 5  # sets of replicates that tell how the variance grows with the signal
HYPERBOLA = "hyperbola"
_ALL, _KD = Options(), Options(intervals_of=("log_kd",))


@dataclass(frozen=True)
class TitrationFits:
    """What was fitted: the hyperbola always, the quadratic law where the partner concentration is stated."""

    hyperbola: Fit
    quadratic: Fit | None
    outcome: Outcome
    reason: str

    @property
    def best(self) -> Fit:
        """The fit that the constant comes from: the quadratic law holds at any concentration of the partner."""
        return self.hyperbola if self.quadratic is None else self.quadratic


def fit_titration(data: Titration, level: float) -> TitrationFits:
    """Fit both laws; the weights follow the best one."""
    if not data.partner_molar > 0:
        plain = _fit(hyperbolic_titration, data, None, level)
        return TitrationFits(plain, None, *_judged(data, plain))
    quadratic = _fit(quadratic_titration, data, None, level)
    plain = _fit(hyperbolic_titration, data, quadratic, level)
    return TitrationFits(plain, quadratic, *_judged(data, quadratic))


def _fit(law: Equation, data: Titration, weights: Fit | None, level: float) -> Fit:
    """Everything of its own in the wells without partner but the slope, and no span there."""
    both = data.has_nonspecific
    sharing: dict[str, Rule | Sequence[Rule]] = {"ns": Shared() if both else Fixed(0.0), "log_kd": Shared()}
    if law is quadratic_titration:
        sharing["log_partner"] = Fixed(math.log10(data.partner_molar))
    if both:
        sharing["span"] = (Individual(), Fixed(0.0))
        sharing["free"] = (Individual(), Individual())
        sharing["log_kd"] = (Individual(), Fixed(0.0))
    curves = tuple(data.curve(label) for label in ((WITH, WITHOUT) if both else (WITH,)))
    weighting = _weighting(data, curves) if weights is None else GivenWeights.of(weights)
    options = _ALL if law is quadratic_titration or not data.partner_molar > 0 else _KD
    return fit(FitProblem(law, curves, sharing), weighting, level, options)


def _weighting(data: Titration, curves: Sequence[Curve]) -> Weights:
    """As the counter says; else by how replicates scatter at low and high signal, where there are enough of them."""
    own = data.read.weighting
    if own is not Weighting.NONE:
        return own
    scatter = [
        bool(np.ptp(curve.y[curve.x == x]) > 0)
        for curve in curves
        for x in np.unique(curve.x)
        if (curve.x == x).sum() > 1
    ]
    return Weighting.VARIANCE_FUNCTION if sum(scatter) >= FEWEST_REPLICATED else own


def named(found: Fit, parameter: str) -> str:
    """The name of a parameter of the wells with partner in a fit of one or of two curves."""
    return parameter if parameter in found.names else f"{parameter}[{WITH}]"


def _judged(data: Titration, best: Fit) -> tuple[Outcome, str]:
    few = data.concentrations.size
    if one_reading(data.curve(WITH).y):
        return Outcome.FAILED, DEAD
    if few < FEWEST_CONCENTRATIONS:
        spoken = "One concentration makes" if few == 1 else f"{few} concentrations make"
        return Outcome.FAILED, f"{spoken} no titration; at least {FEWEST_CONCENTRATIONS} are needed."
    return best.outcome, best.reason.replace(f" [{WITH}]", "")


def bands(data: Titration, fits: TitrationFits, level: float) -> tuple[CurveBand, ...]:
    """The fitted curves over the concentrations added (log10 mol/L); the hyperbola without a band, to be compared."""
    lowest, highest = np.log10(data.concentrations[[0, -1]])
    x = np.linspace(lowest, highest, 121)
    molar = 10.0**x
    drawn = [_band(x, fits.best, molar, 0, (WITH, level))]
    if data.has_nonspecific:
        drawn.append(_band(x, fits.best, molar, 1, (WITHOUT, level)))
    if fits.quadratic is not None and fits.hyperbola.outcome.usable:
        nothing = np.full_like(x, np.nan)
        drawn.append(CurveBand(x, fits.hyperbola.predict(molar), nothing, nothing, HYPERBOLA, level))
    return tuple(drawn)


def _band(x: Array, found: Fit, molar: Array, curve: int, named: tuple[str, float]) -> CurveBand:
    band = confidence_band(found, molar, curve, named[1])
    return CurveBand(x, band.fitted, band.low, band.high, *named)
