"""What comes out of one agonist curve: EC50, maximum, slope, and the maximum relative to a reference agonist."""

from __future__ import annotations

import math
from collections.abc import Iterator

from ...core.estimate import Estimate
from ...core.fit import Outcome
from ...core.measured import Measured
from ...fitting.intervals import quantile
from .._fitted import fitted, fitted_log
from .curve import AgonistFit
from .wells import span_se

RELATIVE = "relative Emax"


def estimates(one: AgonistFit, reference: AgonistFit | None, level: float) -> Iterator[Estimate]:
    """All estimates of one curve; a bound stays a bound, and a curve without a response gives none."""
    unit = one.data.unit
    if one.outcome is Outcome.CENSORED and one.bound is not None:
        value = 10.0**one.bound.value
        yield (
            ec50 := Estimate(
                "EC50", value, "M", level=level, relation=one.bound.relation, method="outside the range"
            )
        )
        yield ec50.negative_log10("pEC50")
        yield effect_at_top(one, level)
        return
    if not one.outcome.usable:
        return
    ec50 = fitted_log("EC50", one.fit, "log_ec50")
    yield ec50
    yield ec50.negative_log10("pEC50")
    relative = relative_maximum(one, reference, level)
    if relative is not None:
        yield relative
    yield fitted("nH", one.fit, "hill_slope", "")
    yield _wald("Emax", Measured(*span_se(one.fit)), unit, one, level)
    yield _wald(
        "basal", Measured(one.fit.value("bottom"), one.fit.standard_error("bottom")), unit, one, level
    )


def relative_maximum(one: AgonistFit, reference: AgonistFit | None, level: float) -> Estimate | None:
    """The maximum above basal over that of the reference agonist of the same experiment."""
    if reference is None or reference is one or not (one.full_curve and reference.full_curve):
        return None
    ratio = Measured(*span_se(one.fit)) / Measured(*span_se(reference.fit))
    if not (ratio.value > 0 and math.isfinite(ratio.se)):
        return None
    half = quantile(level, one.fit.df) * ratio.log10_se
    low, high = ratio.value * 10.0**-half, ratio.value * 10.0**half
    return Estimate(
        RELATIVE, ratio.value, "", low, high, level, method="delta method on logs", log10_se=ratio.log10_se
    )


def effect_at_top(one: AgonistFit, level: float) -> Estimate:
    """The response at the highest concentration above that of the vehicle, where no maximum is reached."""
    top, vehicle = (one.data.mean_at(x) for x in (float(one.data.concentrations[-1]), -math.inf))
    found = Measured(*top) - Measured(*vehicle)
    return Estimate(
        "effect at the highest concentration", found.value, one.data.unit, level=level, se=found.se,
        method="mean of its wells less that of the vehicle wells",
    )  # fmt: skip


def _wald(name: str, found: Measured, unit: str, one: AgonistFit, level: float) -> Estimate:
    half = quantile(level, one.fit.df) * found.se
    return Estimate(
        name,
        found.value,
        unit,
        found.value - half,
        found.value + half,
        level,
        method="Wald interval",
        se=found.se,
    )
