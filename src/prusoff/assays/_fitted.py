"""Fitted parameters as estimates, with their intervals."""

from __future__ import annotations

import math
from dataclasses import replace

from ..core.estimate import Estimate
from ..core.fit import Fit
from ..core.measured import Measured
from ..fitting.intervals import quantile
from ..fitting.problem import Problem
from ..fitting.verdict import location_bounds


def fitted_log(name: str, fit: Fit, parameter: str) -> Estimate:
    """A concentration that was fitted as its log10."""
    found = fitted(name, fit, parameter, "M")
    return replace(
        found,
        value=10.0**found.value,
        low=10.0**found.low,
        high=10.0**found.high,
        se=10.0**found.value * math.log(10.0) * found.se,
        log10_se=found.se,
    )


def fitted(name: str, fit: Fit, parameter: str, unit: str) -> Estimate:
    """A fitted parameter with its interval; without one where the fit gave none."""
    value, se = fit.value(parameter), fit.standard_error(parameter)
    interval = fit.intervals.get(parameter)
    if interval is None:
        return Estimate(name, value, unit, se=se)
    kind = "profile-likelihood" if interval.method == "profile" else interval.method
    return Estimate(
        name, value, unit, interval.low, interval.high, interval.level, method=f"{kind} interval", se=se
    )


def derived_log(name: str, log: Measured, fit: Fit, method: str) -> Estimate:
    """A concentration whose log10 was derived from a fit, with its t interval."""
    level = next((interval.level for interval in fit.intervals.values()), 0.95)
    width = quantile(level, fit.df) * log.se
    limits = (10.0 ** (log.value - width), 10.0 ** (log.value + width))
    return Estimate(name, 10.0**log.value, "M", *limits, level, method=method, log10_se=log.se)


def bounded_log(name: str, fit: Fit, parameter: str) -> Estimate | None:
    """The bound of a concentration that the points do not reach, None where the fit gives a value of it."""
    bound = location_bounds(Problem.of(fit), fit).get(parameter)
    if bound is None:
        return None
    interval = fit.intervals.get(parameter)
    level = 0.95 if interval is None else interval.level
    return Estimate(
        name, 10.0**bound.value, "M", level=level, relation=bound.relation, method="outside the range tested"
    )
