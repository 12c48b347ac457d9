"""The laws fitted to one family of agonist curves: Gaddum/Schild, own EC50, own maxima, own slopes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...affinity.schild import SchildRegression, schild_regression
from ...core.errors import InputError, ModelError
from ...core.fit import Fit, Outcome
from ...core.result import Comparison
from ...equations.agonist_response import agonist_response
from ...equations.gaddum_schild import gaddum_schild
from ...fitting.compare import compare_nested, f_test
from ...fitting.problem import Fixed, Individual, Problem, Rule, Shared
from ...fitting.solve import Options, fit, fit_curve
from ...fitting.weights import GivenWeights, Weighting, Weights
from .._functional.scatter import ROUGH, Scatter
from .._functional.wells import FEWEST_CONCENTRATIONS
from .._signal import DEAD, one_reading
from .family import Family

SHAPE = ("bottom", "top", "hill_slope")
SETTLED = 0.5  # decades that the highest agonist concentration lies beyond an EC50 that tells a maximum


@dataclass(frozen=True)
class DoseRatio:
    """How many times more agonist is needed beside this much antagonist (log10 mol/L); `log` is its log10."""

    level: float
    log: float
    log_se: float
    outside: bool

    @property
    def value(self) -> float:
        """The dose ratio."""
        return float(10.0**self.log)


@dataclass(frozen=True)
class FamilyFits:
    """What was fitted to a family, or why nothing was (`reason`, with all else None).

    `one` has a Schild slope of 1, `free` a free one (None at a single antagonist concentration), `separate` an EC50 of
    its own for every curve. `top_left` is the agonist's maximum beside the antagonist over that without it.
    """

    outcome: Outcome
    reason: str
    weights: Weights = Weighting.NONE
    one: Fit | None = None
    free: Fit | None = None
    separate: Fit | None = None
    tops: Fit | None = None
    slopes: Fit | None = None
    ratios: tuple[DoseRatio, ...] = ()
    top_left: float = math.nan
    regression: SchildRegression | None = None
    slope_test: Comparison | None = None

    @property
    def largest_shift(self) -> float:
        """The dose ratio farthest from 1, from own EC50."""
        return max((one.value for one in self.ratios), key=lambda one: abs(math.log(one)), default=math.nan)

    @property
    def depression_p(self) -> float:
        """Probability that own maxima fit so much better by chance."""
        return _p(self.separate, self.tops)

    @property
    def parallel_p(self) -> float:
        """Probability that own slopes fit so much better by chance."""
        return _p(self.separate, self.slopes)


def _p(simple: Fit | None, richer: Fit | None) -> float:
    return f_test(simple, richer)[1] if simple is not None and richer is not None else math.nan


def fit_family(family: Family, scatter: Scatter, level: float) -> FamilyFits:
    """Fit all laws to one family on the same weights. Data that cannot be fitted say why."""
    stopped = _obstacle(family)
    if stopped is not None:
        return stopped
    unit = {"schild_slope": Fixed(1.0)}
    rough = fit_curve(gaddum_schild, family.whole, level=level, sharing=unit, options=ROUGH)
    if rough.outcome is Outcome.FAILED:
        return FamilyFits(Outcome.FAILED, rough.reason)
    weights = scatter.weights(rough)
    alone = _alone(family, weights, level)
    if alone.outcome is Outcome.NO_RESPONSE:
        return FamilyFits(
            Outcome.NO_RESPONSE,
            f"Without antagonist the agonist gives no response, so nothing can be antagonised. {alone.reason}",
        )
    one = fit_curve(gaddum_schild, family.whole, weights, level, unit, _from(rough, intervals_of=("log_kb",)))
    free = None
    if family.tested.size > 1:
        more = {"schild_slope": 1.0}
        options = _from(one, more, intervals_of=("schild_slope",))
        free = fit_curve(gaddum_schild, family.whole, weights, level, options=options)
    if family.one_dose is not None:  # no curves beside the antagonist, so nothing is told of their shape
        slope_test = _compared(one, free)
        return FamilyFits(Outcome.OK, "", weights, one, free, slope_test=slope_test)
    separate = _own(family, (one, weights), level, ())
    tops, slopes = (_own(family, (separate, weights), level, own) for own in (("top",), ("hill_slope",)))
    ratios = _dose_ratios(family, separate)
    return FamilyFits(
        Outcome.OK,
        "",
        weights,
        one,
        free,
        separate,
        tops,
        slopes,
        ratios,
        _top_left(family, tops),
        _regression(ratios, level),
        _compared(one, free),
    )


def _from(near: Fit, more: Mapping[str, float] | None = None, **options: Any) -> Options:
    """Options of a fit that starts where another one ended."""
    start = dict(zip(near.names, near.values.tolist(), strict=True)) | dict(more or {})
    return Options(**{"starts": 1, "response_level": 1.0, "start": start, **options})


def _obstacle(family: Family) -> FamilyFits | None:
    """Why no law is fitted to these wells, None where one may be."""
    if one_reading(family.signal[family.used]):
        return FamilyFits(Outcome.FAILED, DEAD)
    if not family.tested.size:
        return FamilyFits(Outcome.FAILED, "No well with antagonist takes part.")
    few = family.concentrations(-math.inf).size
    if few < FEWEST_CONCENTRATIONS:
        reason = (
            f"The agonist alone was measured at {few} concentration{'' if few == 1 else 's'}; at least "
            f"{FEWEST_CONCENTRATIONS} without antagonist are needed, or dose ratios have nothing to be told against."
        )
        return FamilyFits(Outcome.FAILED, reason)
    return None


def _alone(family: Family, weights: Weights, level: float) -> Fit:
    """The agonist without antagonist by itself: whether there is a response at all."""
    first = family.curves()[0]
    if isinstance(weights, GivenWeights):
        weights = GivenWeights((weights.weights[0][: len(first)],), weights.value)
    return fit_curve(agonist_response, first, weights, level, options=Options(intervals="", starts=1))


def _own(family: Family, near: tuple[Fit, Weights], level: float, own: tuple[str, ...]) -> Fit:
    """Every curve with an EC50 of its own, and with these of its own too, from a fit that is `near`."""
    curves, (close, weights) = family.curves(), near
    if isinstance(weights, GivenWeights):
        ends = np.cumsum([len(curve) for curve in curves])[:-1]
        weights = GivenWeights(tuple(np.split(weights.weights[0], ends)), weights.value)
    rules: dict[str, Rule] = {name: Individual() if name in own else Shared() for name in SHAPE}
    start = {name: close.value(name) for name in SHAPE if name not in own}
    for label, place in zip((one.label for one in curves), family.levels, strict=True):
        start |= {f"{name}[{label}]": close.value(name) for name in own}
        start[f"log_ec50[{label}]"] = _ec50_beside(close, label, float(place))
    options = Options(intervals="" if own else "wald", starts=1, response_level=1.0, start=start)
    return fit(Problem(agonist_response, curves, rules), weights, level, options)


def _ec50_beside(close: Fit, label: str, antagonist: float) -> float:
    """The log EC50 of one curve, as a fit has it or as its dose ratio says."""
    own = f"log_ec50[{label}]"
    if own in close.names:
        return close.value(own)
    return close.value("log_ec50") + math.log10(1.0 + 10.0 ** (antagonist - close.value("log_kb")))


def _dose_ratios(family: Family, separate: Fit) -> tuple[DoseRatio, ...]:
    """The EC50 beside each antagonist concentration over that without, with the error of both."""
    if separate.outcome is Outcome.FAILED:
        return ()
    base = separate.index(f"log_ec50[{family.label(-math.inf)}]")
    found = []
    for level in family.tested:
        at = separate.index(f"log_ec50[{family.label(level)}]")
        variance = separate.covariance[at, at] + separate.covariance[base, base]
        variance -= 2.0 * separate.covariance[at, base]
        tested = family.concentrations(level)
        ec50 = float(separate.values[at])
        outside = not tested.size or not tested[0] <= ec50 <= tested[-1]
        log = ec50 - float(separate.values[base])
        found.append(DoseRatio(float(level), log, math.sqrt(max(float(variance), 0.0)), outside))
    return tuple(found)


def _top_left(family: Family, tops: Fit) -> float:
    """The part of the agonist's maximum that is left at the highest antagonist concentration whose curve tells one."""
    if tops.outcome is Outcome.FAILED:
        return math.nan
    bottom = tops.value("bottom")
    whole = tops.value(f"top[{family.label(-math.inf)}]") - bottom
    for level in family.tested[::-1]:
        tested = family.concentrations(level)
        seen = tested.size and tops.value(f"log_ec50[{family.label(level)}]") + SETTLED <= tested[-1]
        if seen and whole:
            return (tops.value(f"top[{family.label(level)}]") - bottom) / whole
    return math.nan


def _regression(ratios: tuple[DoseRatio, ...], level: float) -> SchildRegression | None:
    """The Schild line through the dose ratios that lie where agonist was tested."""
    told = [one for one in ratios if not one.outside]
    try:
        return schild_regression([10.0**one.level for one in told], [one.value for one in told], level)
    except InputError:
        return None


def _compared(one: Fit, free: Fit | None) -> Comparison | None:
    """A Schild slope of 1 against a free one."""
    if free is None:
        return None
    try:
        return compare_nested(one, free)
    except ModelError:
        return None
