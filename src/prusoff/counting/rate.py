"""Count rates and their Poisson errors, the smallest rate that can be seen, dead time, spill-over, dispersion."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..core.errors import InputError, Problem
from ..core.measured import Measured

SECONDS_PER_MINUTE = 60.0
_ONE_SIDED_95 = 1.645


def count_rate(counts: float, time_s: float) -> Measured:
    """Counts in a counting time as counts per minute; the error is that of a Poisson number.

    A well without a single count has the error of one count, so that it never weighs infinitely much.

    >>> count_rate(24900, 120).value
    12450.0
    """
    if not (counts >= 0 and time_s > 0):
        raise InputError(
            Problem(
                f"{counts:g} counts in {time_s:g} s is not a count rate",
                fix="Give counts of zero or more and the counting time",
                code="E-COUNTS",
            )
        )
    minutes = time_s / SECONDS_PER_MINUTE
    return Measured(counts / minutes, math.sqrt(max(counts, 1.0)) / minutes)


def rate_with_error(rate_cpm: float, time_s: float) -> Measured:
    """A count rate the counter printed, with the Poisson error that follows from its counting time.

    The error is unknown (nan) when the counting time is (nan); a rate of exactly zero whose time is unknown is taken as
    exact, as for a counter that subtracted its background itself. Negative rates are kept.
    """
    if math.isnan(time_s):
        return Measured(rate_cpm, 0.0 if rate_cpm == 0 else math.nan)
    minutes = time_s / SECONDS_PER_MINUTE
    return Measured(rate_cpm, math.sqrt(max(rate_cpm * minutes, 1.0)) / minutes)


def net_rate(gross: Measured, background: Measured) -> Measured:
    """Gross minus background; it may be negative and stays so.

    Source: Currie LA, Anal Chem 1968;40:586.
    """
    return gross - background


def mean_rate(rates: Sequence[Measured]) -> Measured:
    """The mean of replicates (aliquots, say) with the larger of two errors: their scatter, or counting alone."""
    if not rates:
        raise InputError(Problem("there is no rate to average", fix="Give at least one", code="E-COUNTS"))
    n = len(rates)
    counting = math.sqrt(sum(rate.se**2 for rate in rates)) / n
    values = np.array([rate.value for rate in rates])
    scatter = float(values.std(ddof=1)) / math.sqrt(n) if n > 1 else math.nan
    known = [se for se in (counting, scatter) if not math.isnan(se)]
    return Measured(float(values.mean()), max(known, default=math.nan))


@dataclass(frozen=True)
class DetectionLimits:
    """Net rates (cpm) above which a signal is there (`decision`), and above which it is rarely missed (`detection`)."""

    decision: float
    detection: float


def detection_limits(background_cpm: float, time_s: float, background_time_s: float) -> DetectionLimits:
    """Currie's L_C and L_D at 5 % false alarms and 5 % misses, as net rates in cpm.

    Source: Currie LA, Anal Chem 1968;40:586.
    """
    minutes, background_minutes = time_s / SECONDS_PER_MINUTE, background_time_s / SECONDS_PER_MINUTE
    spread = math.sqrt(background_cpm * (1 / minutes + 1 / background_minutes))
    return DetectionLimits(_ONE_SIDED_95 * spread, _ONE_SIDED_95**2 / minutes + 2 * _ONE_SIDED_95 * spread)


def dead_time_corrected(rate: Measured, dead_time_s: float) -> Measured:
    """The true rate (cpm) of a counter that is blind for `dead_time_s` after each count (non-extending)."""
    live = 1 - rate.value * dead_time_s / SECONDS_PER_MINUTE
    if live <= 0:
        raise InputError(
            Problem(
                f"{rate.value:g} cpm is more than a counter with a dead time of {dead_time_s:g} s can show",
                fix="Check the dead time and its unit",
                code="E-DEADTIME",
            )
        )
    return Measured(rate.value / live, rate.se / live**2)


def without_spill_over(
    channels: tuple[Measured, Measured], efficiencies: Sequence[Sequence[float]]
) -> tuple[Measured, Measured]:
    """Disintegrations per minute of two nuclides counted together in two channels.

    `efficiencies[channel][nuclide]` is the counting efficiency of each nuclide in each channel.
    """
    matrix = np.asarray(efficiencies, dtype=float)
    if matrix.shape != (2, 2) or abs(np.linalg.det(matrix)) < 1e-6 * np.abs(matrix).max() ** 2:
        raise InputError(
            Problem(
                "the two channels do not tell the two nuclides apart",
                fix="Give a 2 x 2 table of efficiencies whose rows differ; set the windows anew",
                code="E-SPILL",
            )
        )
    inverse = np.linalg.inv(matrix)
    first, second = (channels[0] * float(a) + channels[1] * float(b) for a, b in inverse)
    return first, second


@dataclass(frozen=True)
class Dispersion:
    """How much replicates scatter beyond counting: D ~ chi2(n-1) if counting were all; `ratio` is D/(n-1)."""

    index: float
    df: int
    p: float

    @property
    def ratio(self) -> float:
        """Observed variance over that of counting alone: near 1 when counting is all there is."""
        return self.index / self.df


def dispersion(counts: Sequence[float]) -> Dispersion:
    """Compare the scatter of replicate gross counts (counts, not rates) with that of Poisson counts of their mean."""
    from scipy.special import chdtrc

    numbers = np.asarray(counts, dtype=float)
    if numbers.size < 2 or not np.isfinite(numbers).all() or numbers.min() < 0 or numbers.sum() == 0:
        raise InputError(
            Problem(
                "these replicates cannot be compared with counting statistics",
                fix="Give the gross counts of at least two wells, not all zero",
                code="E-COUNTS",
            )
        )
    index = float(((numbers - numbers.mean()) ** 2).sum() / numbers.mean())
    df = int(numbers.size) - 1
    return Dispersion(index, df, float(chdtrc(df, index)))


def pooled_dispersion(parts: Sequence[Dispersion]) -> Dispersion:
    """Several sets of replicates together: their indices and degrees of freedom add up."""
    from scipy.special import chdtrc

    index, df = sum(part.index for part in parts), sum(part.df for part in parts)
    return Dispersion(index, df, float(chdtrc(df, index)))
