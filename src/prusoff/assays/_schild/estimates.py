"""What comes out of one family of curves: KB or what stands in its place, the agonist's own curve, and dose ratios."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

from ...core.estimate import Estimate
from ...core.fit import Fit, Outcome
from ...core.measured import Measured
from ...fitting.intervals import quantile
from .._fitted import derived_log, fitted, fitted_log
from .decision import Day, Decision
from .inhibition import inhibition


def estimates(decision: Decision, day: Day, level: float) -> Iterator[Estimate]:
    """All estimates of one day, the constant first."""
    first = decision.constant(day)
    if first is not None:
        yield first
        yield first.negative_log10(f"p{first.name}")
    if decision.slope is not None and day.slope is not None:
        yield day.slope
    if decision.compared is not None:
        yield from _cooperativity(decision.law(day))
    separate = day.fits.separate
    if separate is not None and separate.outcome is not Outcome.FAILED:
        yield from _agonist(day, separate, level)
        yield from _ratios(day, separate, level)
    elif day.fits.one is not None:
        one = day.fits.one
        log_ec50 = Measured(one.value("log_ec50"), one.standard_error("log_ec50"))
        yield derived_log("EC50", log_ec50, one, "Wald interval")
        yield from inhibition(day.family, day.fits, level)


def _cooperativity(law: Fit | None) -> Iterator[Estimate]:
    """Alpha and beta where the law has them and the data tell them."""
    for name in ("alpha", "beta"):
        parameter = f"log_{name}"
        told = law is not None and parameter in law.names and parameter not in law.at_bounds
        if law is not None and told and math.isfinite(law.standard_error(parameter)):
            log = Measured(law.value(parameter), law.standard_error(parameter))
            yield replace(derived_log(name, log, law, "Wald interval"), unit="")


def _agonist(day: Day, separate: Fit, level: float) -> Iterator[Estimate]:
    """The agonist's own curve: EC50 without antagonist, and the shape that all curves share."""
    own = f"log_ec50[{day.family.label(-math.inf)}]"
    yield fitted_log("EC50", separate, own)
    yield fitted("nH", separate, "hill_slope", "")
    yield fitted("basal", separate, "bottom", day.family.unit)
    yield fitted("top", separate, "top", day.family.unit)


def _ratios(day: Day, separate: Fit, level: float) -> Iterator[Estimate]:
    """The dose ratio at every antagonist concentration, with the error of both EC50."""
    width = quantile(level, separate.df)
    for one in day.fits.ratios:
        if one.outside:
            continue
        half = width * one.log_se
        yield Estimate(
            f"dose ratio at {day.family.label(one.level)}",
            one.value,
            "",
            10.0 ** (one.log - half),
            10.0 ** (one.log + half),
            level,
            method="own EC50 with a shared shape, Wald interval of the log",
            log10_se=one.log_se,
        )
