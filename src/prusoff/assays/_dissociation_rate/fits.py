"""One modulator on one day: the rate at every concentration, and the law that they follow."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ...core.estimate import figures
from ...core.fit import Fit, Outcome
from ...core.measured import Measured
from ...equations.allosteric import allosteric_dissociation
from ...fitting.compare import f_test
from ...fitting.problem import Fixed, Individual, Rule, Shared
from ...fitting.problem import Problem as FitProblem
from ...fitting.solve import Options, fit
from ...fitting.verdict import Bound, location_bounds
from ...fitting.weights import GivenWeights
from .rates import relative_rates
from .wells import NONSPECIFIC, Courses

SURE = 0.01
FEWEST_TIMES, FEWEST_CONCENTRATIONS = 3, 3
_PLAIN = Options(intervals="", response_level=1.0, starts=2)
_WHOLE = Options(intervals_of=("log_ec50", "residual"), response_level=1.0, starts=2)


@dataclass(frozen=True)
class CourseFits:
    """What was fitted: all wells by the law of a modulator, and a rate of its own for every concentration.

    `log_rates` are log10 of the rate over that of the control, by log10 concentration. `p` is the probability of the
    data if the modulator did nothing. `bound` is set where only a bound of EC50 is known.
    """

    whole: Fit | None
    log_rates: Mapping[float, Measured]
    p: float
    outcome: Outcome
    reason: str
    bound: Bound | None = None


def fit_courses(data: Courses, level: float) -> CourseFits:
    """Fit every concentration together; a modulator that does nothing, or that was hardly asked, is said so."""
    times = np.unique(data.time[data.bound & np.isneginf(data.log_modulator)])
    if times.size < FEWEST_TIMES:
        told = f"{times.size} times without modulator make no rate; at least {FEWEST_TIMES} are needed."
        return CourseFits(None, {}, math.nan, Outcome.FAILED, told)
    if data.concentrations.size < FEWEST_CONCENTRATIONS:
        told = (
            f"{data.concentrations.size} concentrations of {data.modulator} give no EC50; at least "
            f"{FEWEST_CONCENTRATIONS} are needed."
        )
        return CourseFits(None, {}, math.nan, Outcome.FAILED, told)
    problem = FitProblem(allosteric_dissociation, _curves(data), _rules(data, {}))
    whole = fit(problem, data.weighting, level, _WHOLE)
    if whole.outcome is Outcome.FAILED:
        return CourseFits(whole, {}, math.nan, Outcome.FAILED, whole.reason)
    alone = _without_modulator(data, whole)
    p = f_test(alone, whole)[1]
    log_rates = relative_rates(data, whole)
    if not p < SURE:
        return CourseFits(whole, log_rates, p, Outcome.NO_RESPONSE, _nothing(data, p))
    bound = location_bounds(problem, whole).get("log_ec50")
    if bound is not None:
        return CourseFits(whole, log_rates, p, Outcome.CENSORED, bound.sentence, bound)
    return CourseFits(whole, log_rates, p, whole.outcome, whole.reason)


def _nothing(data: Courses, p: float) -> str:
    return (
        f"{data.modulator} does not change the rate of dissociation up to "
        f"{figures(10.0 ** float(data.concentrations[-1]), unit='M')} beyond scatter (P = {figures(p, 2)})."
    )


def _curves(data: Courses) -> tuple:  # type: ignore[type-arg]
    empty = data.used & data.nonspecific
    bound = data.curve(data.bound, "bound")
    return (bound, data.curve(empty, NONSPECIFIC)) if empty.any() else (bound,)


def _rules(data: Courses, fixed: Mapping[str, float]) -> dict[str, Rule | tuple[Rule, ...]]:
    """Everything shared by all wells, but no span in the nonspecific ones."""
    several = bool((data.used & data.nonspecific).any())
    rules: dict[str, Rule | tuple[Rule, ...]] = {
        name: Fixed(fixed[name]) if name in fixed else Shared() for name in allosteric_dissociation.names
    }
    return rules | ({"span": (Individual(), Fixed(0.0))} if several else {})


def _without_modulator(data: Courses, whole: Fit) -> Fit:
    """One rate for all wells, with the weights of the other fit."""
    fixed = {"residual": 1.0, "log_ec50": whole.value("log_ec50")}
    problem = FitProblem(allosteric_dissociation, _curves(data), _rules(data, fixed))
    return fit(problem, GivenWeights.of(whole), options=_PLAIN)
