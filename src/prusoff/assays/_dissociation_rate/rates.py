"""A rate of its own for every concentration of a modulator, over that of the control."""

from __future__ import annotations

import math

import numpy as np

from ...core.fit import Fit, Outcome
from ...core.measured import Measured
from ...equations.allosteric import allosteric_dissociation, allosteric_dissociation_rate
from ...fitting.problem import Fixed, Individual, Rule, Shared
from ...fitting.problem import Problem as FitProblem
from ...fitting.solve import Options, fit
from ...fitting.weights import GivenWeights
from .wells import NONSPECIFIC, Courses


def relative_rates(data: Courses, whole: Fit) -> dict[float, Measured]:
    """log10 of the rate at every concentration over that of the control, by log10 concentration.

    One span and one plateau for all, the weights of the fit of all wells; empty where the wells give no rates.
    """
    levels = (-math.inf, *(float(one) for one in data.concentrations))
    bound, empty = data.bound, data.used & data.nonspecific
    chosen = [data.log_modulator[bound] == one for one in levels]
    curves = [data.curve(bound & (data.log_modulator == one), data.name(one)) for one in levels]
    weights = [whole.curves[0].weights[own] for own in chosen]
    known = 10.0 ** whole.value("log_koff")
    rest: tuple[Rule, ...] = ()
    if empty.any():
        curves.append(data.curve(empty, NONSPECIFIC))
        weights.append(whole.curves[1].weights)
        rest = (Fixed(0.0),)
    own: tuple[Rule, ...] = tuple(Individual() for _ in levels)
    sharing: dict[str, Rule | float | tuple[Rule, ...]] = {
        "span": (*(Shared() for _ in levels), *rest),
        "plateau": Shared(),
        "log_koff": (*own, *(Fixed(math.log10(known)) for _ in rest)),
        "residual": 1.0,
        "log_ec50": whole.value("log_ec50"),
    }
    options = Options(intervals="", response_level=1.0, starts=1, start=_start(data, whole, levels))
    found = fit(
        FitProblem(allosteric_dissociation, curves, sharing),
        GivenWeights(tuple(weights), whole.weighting, whole.scale_known),
        options=options,
    )
    if found.outcome is Outcome.FAILED:
        return {}
    return _over_control(found, [found.index(f"log_koff[{data.name(one)}]") for one in levels], levels)


def _start(data: Courses, whole: Fit, levels: tuple[float, ...]) -> dict[str, float]:
    """Where the law of all wells says that the rates lie."""
    law = allosteric_dissociation_rate
    rates = law.function(np.array(levels), np.array([whole.value(name) for name in law.names]))
    span = next(whole.value(name) for name in whole.names if name.startswith("span"))
    slowest = 1e-4 * 10.0 ** whole.value("log_koff")
    logs = np.log10(np.maximum(rates, slowest))
    named = {f"log_koff[{data.name(one)}]": float(log) for one, log in zip(levels, logs, strict=True)}
    return {"span": span, "plateau": whole.value("plateau"), **named}


def _over_control(found: Fit, places: list[int], levels: tuple[float, ...]) -> dict[float, Measured]:
    first, values, covariance = places[0], found.values, found.covariance
    rates = {}
    for level, place in zip(levels, places, strict=True):
        variance = covariance[place, place] + covariance[first, first] - 2 * covariance[place, first]
        rates[level] = Measured(float(values[place] - values[first]), math.sqrt(max(float(variance), 0.0)))
    return rates
