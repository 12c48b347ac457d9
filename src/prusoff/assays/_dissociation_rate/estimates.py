"""What comes out of one modulator on one day: EC50, koff, the rate at full effect and at the highest concentration."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

from ...core.estimate import Estimate, Relation, figures
from ...core.fit import Outcome
from ...core.measured import Measured
from ...fitting.intervals import quantile
from .._fitted import derived_log, fitted, fitted_log
from .fits import CourseFits
from .wells import Courses

EC50, KOFF, RESIDUAL, HALF_TIME = "EC50", "koff", "residual rate", "half-time"
RELATIVE_RATE = "relative rate"


def constants(data: Courses, fits: CourseFits) -> Iterator[Estimate]:
    """EC50 first; a modulator that does nothing has its highest concentration as a lower bound."""
    whole = fits.whole
    if whole is None or fits.outcome is Outcome.FAILED:
        return
    ec50 = _ec50(data, fits)
    yield ec50
    yield ec50.negative_log10("pEC50")
    log = Measured(whole.value("log_koff"), whole.standard_error("log_koff"))
    koff = replace(derived_log(KOFF, log, whole, "interval on logs"), unit="1/s")
    yield koff
    yield Estimate(
        HALF_TIME, math.log(2.0) / koff.value, "s", math.log(2.0) / koff.high, math.log(2.0) / koff.low,
        koff.level, method=koff.method,
    )  # fmt: skip
    if fits.outcome.usable:
        yield fitted(RESIDUAL, whole, "residual", "")


def _ec50(data: Courses, fits: CourseFits) -> Estimate:
    highest = float(data.concentrations[-1])
    if fits.outcome is Outcome.NO_RESPONSE:
        told = "no effect on the rate up to there"
        return Estimate(EC50, 10.0**highest, "M", relation=Relation.ABOVE, method=told)
    if fits.bound is not None:
        return Estimate(
            EC50, 10.0**fits.bound.value, "M", relation=fits.bound.relation, method="outside the range"
        )
    if fits.whole is None:
        return Estimate(EC50, math.nan, "M", relation=Relation.ABOUT)
    return fitted_log(EC50, fits.whole, "log_ec50")


def relative_rate(data: Courses, fits: CourseFits, level: float) -> Estimate | None:
    """The rate at the highest concentration over that without modulator, with its interval."""
    highest = max(fits.log_rates, default=-math.inf)
    if not math.isfinite(highest) or fits.whole is None:
        return None
    log = fits.log_rates[highest]
    half = quantile(level, fits.whole.df) * log.se
    at = figures(10.0**highest, unit="M")
    return Estimate(
        f"{RELATIVE_RATE} at {at}",
        10.0**log.value,
        "",
        10.0 ** (log.value - half),
        10.0 ** (log.value + half),
        level,
        method="ratio of rates with one span and one plateau, interval on logs",
        log10_se=log.se,
    )
