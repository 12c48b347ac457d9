"""Total and nonspecific uptake fitted together as counted: Km, Vmax, and what richer laws would bring."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ...core.curves import Curve
from ...core.equation import Array, Equation
from ...core.errors import ModelError
from ...core.fit import Fit, Outcome
from ...core.result import Comparison, CurveBand, Points
from ...equations.labelled_uptake import (
    labelled_uptake,
    labelled_uptake_hill,
    labelled_uptake_substrate_inhibition,
)
from ...fitting.band import confidence_band, difference_band
from ...fitting.compare import compare_nested, f_test
from ...fitting.problem import Fixed, Individual, Problem, Rule, Shared
from ...fitting.solve import Options, fit
from ...fitting.verdict import Bound, location_bounds
from ...fitting.weights import GivenWeights, Weights
from .._signal import DEAD, one_reading
from .wells import CarrierWells

FEWEST_CONCENTRATIONS = 3
UNSEEN = 1e-3  # probability of the F test above which no carrier is seen
MUCH_LABEL = 1e9  # a share of the label beside which a counter background is nothing
NO_UPTAKE = (
    "No carrier-mediated uptake is seen: the total wells read no higher than the nonspecific wells beyond their "
    "scatter, so there is neither Km nor Vmax. Check the roles in the plate map, the cells and the blocker."
)
# whether there is an uptake at all is asked here against the nonspecific wells, not against the axis
_ASKED = Options(intervals_of=("vmax", "log_km", "nonsaturable", "background"), response_level=1.0)
_NO_INTERVALS = Options(intervals="wald", starts=3, response_level=1.0)


@dataclass(frozen=True)
class KineticsFits:
    """What was fitted: Michaelis-Menten, what it was compared with, and the bound of Km where only one is known.

    `shape_p` and `shape_law` are the least probability of an F test against it and the richer law that has it.
    """

    one: Fit
    comparisons: tuple[Comparison, ...]
    shape_p: float
    shape_law: str
    bound: Bound | None
    outcome: Outcome
    reason: str


def fit_kinetics(data: CarrierWells, level: float) -> KineticsFits:
    """Fit Michaelis-Menten; compare it with substrate inhibition and a Hill slope on the same weights."""
    curves = data.curves(data.substrate)
    one = _fit(labelled_uptake, curves, data, data.weighting, _ASKED, level)
    bound = _bound(one)
    reason = unseen(data, one)
    if reason:
        return KineticsFits(one, (), np.nan, "", None, Outcome.FAILED, reason)
    if not one.outcome.usable:
        return KineticsFits(one, (), np.nan, "", bound, one.outcome, one.reason)
    kept = GivenWeights.of(one)
    richer = [
        _fit(law, curves, data, kept, _NO_INTERVALS, level)
        for law in (labelled_uptake_substrate_inhibition, labelled_uptake_hill)
    ]
    compared = [(other, found) for other in richer for found in _compared(one, other)]
    if not compared:
        return KineticsFits(one, (), np.nan, "", bound, one.outcome, one.reason)
    other, least = min(compared, key=lambda pair: pair[1].p)
    return KineticsFits(
        one,
        tuple(found for _, found in compared),
        least.p,
        _named(other),
        bound,
        one.outcome,
        one.reason,
    )


def _fit(
    law: Equation,
    curves: tuple[Curve, Curve],
    data: CarrierWells,
    weighting: Weights,
    options: Options,
    level: float,
) -> Fit:
    """Everything shared by both kinds of wells, but no carrier in the nonspecific ones."""
    sharing: dict[str, Rule | tuple[Rule, ...]] = {name: Shared() for name in law.names}
    sharing["vmax"] = (Individual(), Fixed(0.0))
    if data.one_label:
        sharing["background"] = Fixed(0.0)
    return fit(Problem(law, curves, sharing), weighting, level, options)


def unseen(data: CarrierWells, one: Fit) -> str:
    """Why there is neither Km nor Vmax, or nothing: too few concentrations, a dead counter, no carrier."""
    few = data.concentrations.size
    if few < FEWEST_CONCENTRATIONS:
        return f"{few} concentrations of substrate give no Km; at least {FEWEST_CONCENTRATIONS} are needed."
    if one_reading(data.signal[data.used]):
        return DEAD
    if not np.isfinite(one.sum_of_squares):
        return one.reason
    middle = float(np.log10(np.median(data.concentrations)))
    held: dict[str, Rule | float] = {"vmax": 0.0, "log_km": middle, "nonsaturable": Shared()}
    held["background"] = Fixed(0.0) if data.one_label else Shared()
    wells = data.curves(data.substrate)
    nothing = fit(Problem(labelled_uptake, wells, held), GivenWeights.of(one), options=_NO_INTERVALS)
    return NO_UPTAKE if f_test(nothing, one)[1] > UNSEEN else ""


def _bound(one: Fit) -> Bound | None:
    if one.outcome is not Outcome.CENSORED:
        return None
    return next(iter(location_bounds(Problem.of(one), one).values()), None)


def _compared(simple: Fit, richer: Fit) -> Iterator[Comparison]:
    try:
        yield compare_nested(simple, richer)
    except ModelError:
        return


def _named(richer: Fit) -> str:
    if richer.equation is labelled_uptake_hill:
        return f"a Hill slope of {richer.value('hill_slope'):.3g}"
    return "substrate inhibition"


def vmax_name(fitted: Fit) -> str:
    """What the fitted Vmax is called in a fit of total and nonspecific wells."""
    return next(name for name in fitted.names if name.startswith("vmax"))


def points(data: CarrierWells, fitted: Fit, velocity: float) -> tuple[Points, ...]:
    """Total and nonspecific uptake, and total less the fitted nonspecific: each as velocity, background taken off."""
    background = float(np.nan_to_num(fitted.value("background")))
    rates = (data.signal - background) / data.share * velocity
    nonspecific = np.nan_to_num(fitted.value("nonsaturable")) * data.substrate * velocity
    parts = []
    for own, label, y in (
        (~data.without_carrier, "total", rates),
        (data.without_carrier, "nonspecific", rates),
        (~data.without_carrier, "specific", rates - nonspecific),
    ):
        wells = [well for well, chosen in zip(data.wells, own, strict=True) if chosen]
        names = tuple(f"{well.plate} {well.position}" for well in wells)
        parts.append(Points(data.substrate[own], y[own], names, tuple(well.used for well in wells), label))
    return tuple(parts)


def bands(data: CarrierWells, fitted: Fit, velocity: float, level: float) -> tuple[CurveBand, ...]:
    """Velocities with their bands from the lowest to the highest substrate, as if all of it were labelled."""
    used = data.substrate[data.used]
    low, high = float(used.min()), float(used.max())
    x = np.union1d(np.geomspace(low, high, 61), np.linspace(low, high, 61))
    pure = np.stack([x, np.ones_like(x)])
    much = np.stack([x, np.full_like(x, MUCH_LABEL)])
    drawn = {
        "total": (confidence_band(fitted, much, 0, level), velocity / MUCH_LABEL),
        "nonspecific": (confidence_band(fitted, much, 1, level), velocity / MUCH_LABEL),
        "specific": (difference_band(fitted, pure, (0, 1), level), velocity),
    }

    def scaled(values: Array, size: float) -> Array:
        return np.asarray(values * size, dtype=float)

    return tuple(
        CurveBand(x, scaled(one.fitted, size), scaled(one.low, size), scaled(one.high, size), label, level)
        for label, (one, size) in drawn.items()
    )
