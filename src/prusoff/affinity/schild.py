"""Schild regression: from dose ratios at several antagonist concentrations to pA2, and to pKB where the slope is 1."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..core.equation import Array
from ..core.errors import InputError, Problem
from ._censored import t_quantile

FEWEST = 3  # points that a line with an error needs


@dataclass(frozen=True)
class SchildRegression:
    """The line log10(DR - 1) = slope log10 [B] + intercept, and what it says; nan where two points leave no error.

    `pa2` is -log10 of the concentration with a dose ratio of 2, with its interval by Fieller's theorem (open where the
    slope is not told from zero). `pkb` is the mean of log10(DR - 1) - log10 [B]: the intercept where the slope is 1.
    `points` is how many dose ratios were above 1 and took part.
    """

    slope: float
    slope_se: float
    slope_low: float
    slope_high: float
    intercept: float
    pa2: float
    pa2_low: float
    pa2_high: float
    pkb: float
    pkb_low: float
    pkb_high: float
    points: int
    level: float

    @property
    def unit_slope_holds(self) -> bool:
        """Whether the interval of the slope includes 1, so that pKB may be told."""
        return not (self.slope_low > 1.0 or self.slope_high < 1.0)


def log_dose_ratio_less_one(dose_ratio: Sequence[float] | Array) -> Array:
    """log10(DR - 1), nan where the antagonist did not move the curve to the right."""
    shift = np.asarray(dose_ratio, dtype=float) - 1.0
    return np.log10(shift, out=np.full(shift.shape, math.nan), where=shift > 0.0)


def schild_regression(
    antagonist_molar: Sequence[float] | Array, dose_ratio: Sequence[float] | Array, level: float = 0.95
) -> SchildRegression:
    """The Schild line by ordinary least squares, one point for each antagonist concentration (mol/L).

    Dose ratios of 1 or less have no logarithm and take no part; raises InputError where fewer than two are left at
    different concentrations. Arunlakshana O, Schild HO, Br J Pharmacol 1959;14:48.

    >>> round(schild_regression([1e-9, 1e-8, 1e-7], [2.0, 11.0, 101.0]).pa2, 6)
    9.0
    """
    x, y = np.log10(np.asarray(antagonist_molar, dtype=float)), log_dose_ratio_less_one(dose_ratio)
    told = np.isfinite(x) & np.isfinite(y)
    x, y = x[told], y[told]
    if np.unique(x).size < 2:
        raise InputError(
            Problem(
                f"{np.unique(x).size} antagonist concentrations with a dose ratio above 1 make no Schild line",
                fix="Measure agonist curves at three antagonist concentrations or more",
                code="E-SCHILD",
            )
        )
    middle = float(x.mean())
    spread = float(((x - middle) ** 2).sum())
    slope = float(((x - middle) * y).sum()) / spread
    height = float(y.mean())
    intercept = height - slope * middle
    free = x.size - 2
    left = float(((y - intercept - slope * x) ** 2).sum())
    variance = left / free if free > 0 else math.nan
    t = t_quantile(level, free) if free > 0 else math.nan
    error = math.sqrt(variance / spread)
    low, high = zero_crossing((slope, height, middle), (variance / spread, variance / x.size), t)
    shift = y - x
    half = t_quantile(level, x.size - 1) * float(shift.std(ddof=1)) / math.sqrt(x.size)
    pkb = float(shift.mean())
    return SchildRegression(
        slope, error, slope - t * error, slope + t * error, intercept, intercept / slope, -high, -low,
        pkb, pkb - half, pkb + half, int(x.size), level,
    )  # fmt: skip


def zero_crossing(
    line: tuple[float, float, float], variances: tuple[float, float], t: float
) -> tuple[float, float]:
    """Where a line (slope, height at the middle, middle) crosses zero, by Fieller: the x it does not exclude."""
    slope, height, middle = line
    of_slope, of_height = variances
    if math.isnan(t):
        return math.nan, math.nan
    steep = slope**2 - t**2 * of_slope
    if steep <= 0:
        return -math.inf, math.inf
    root = t * math.sqrt(of_slope * height**2 + of_height * steep)
    ends = (middle + (-slope * height - root) / steep, middle + (-slope * height + root) / steep)
    return min(ends), max(ends)
