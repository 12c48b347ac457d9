"""What robust fitting counts with: weights and scales that outliers hardly move, and the test that names outliers.

All functions take residuals as (point,) of one curve or (point, curve) of many; a residual that is nan is no point.
Residuals are weighted ones: measured minus fitted, times the root of the weight of the point.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from scipy.special import stdtr

from ..core.equation import Array

ONE_SIGMA = 0.6827  # part of a normal distribution within one standard deviation
ROUNDS = 200  # most steps in which the scale of t errors is sought
LONGEST = 3.0  # natural logarithm by which the squared scale changes in one step at most
SETTLED = 1e-13  # relative change of the squared scale at which it is found
Flags = npt.NDArray[np.bool_]


def lorentzian_weights(ratio: Array) -> Array:
    """How much each point counts under Lorentzian errors: 1 / (1 + t^2), t the residual over its scale."""
    found: Array = 1.0 / (1.0 + ratio * ratio)
    return found


def student_weights(ratio: Array, df: float) -> Array:
    """How much each point counts under Student t errors: (df + 1) / (df + t^2); Lange, Little & Taylor 1989."""
    found: Array = (df + 1.0) / (df + ratio * ratio)
    return found


def robust_sd(residuals: Array, fitted_parameters: int) -> Array:
    """Robust standard deviation of the residuals (RSDR), (curve,): P68.27 of their sizes times N/(N - K).

    The percentile is interpolated between neighbours. nan without more points than parameters. Motulsky & Brown 2006.
    """
    sizes = np.sort(np.abs(residuals), axis=0)  # nan comes last
    count = np.isfinite(sizes).sum(axis=0)
    rank = ONE_SIGMA * np.maximum(count - 1, 0)
    below = np.floor(rank).astype(np.intp)
    above = np.minimum(below + 1, np.maximum(count - 1, 0))
    low, high = (np.take_along_axis(sizes, place[None], axis=0)[0] for place in (below, above))
    percentile = low + (rank - below) * (high - low)
    free = count - fitted_parameters
    found: Array = np.where(free > 0, percentile * count / np.maximum(free, 1), np.nan)
    return found


def student_scale(residuals: Array, df: float, start: npt.ArrayLike = np.nan) -> Array:
    """The most likely scale of Student t errors about zero, (curve,); zero where too many residuals are zero.

    Newton's method on the logarithm of the squared scale, in which the score falls throughout; `start` is a scale that
    is known to be close.
    """
    squares = np.square(residuals)
    there = np.isfinite(squares)
    squares = np.where(there, squares, 0.0)
    count = there.sum(axis=0)
    defined = (df + 1.0) * (squares > 0).sum(axis=0) > count
    begin = np.where(np.isfinite(start), np.square(start), squares.sum(axis=0) / np.maximum(count, 1))
    variance = np.where(defined & (begin > 0), begin, 1.0)
    for _ in range(ROUNDS):
        share = squares / (df * variance + squares)
        excess = (df + 1.0) * share.sum(axis=0) - count
        slope = (df + 1.0) * (share * (1.0 - share)).sum(axis=0)
        step = np.clip(excess / np.where(slope > 0, slope, 1.0), -LONGEST, LONGEST)
        variance = np.where(defined, variance * np.exp(step), variance)
        if np.all((np.abs(step) <= SETTLED) | ~defined):
            break
    found: Array = np.where(defined, np.sqrt(variance), 0.0)
    return found


def student_log_likelihood(residuals: Array, scale: npt.ArrayLike, df: float) -> Array:
    """Log-likelihood of Student t errors of this scale, (curve,), without the weights of the points."""
    spread = np.asarray(scale, dtype=float)
    constant = math.lgamma((df + 1.0) / 2.0) - math.lgamma(df / 2.0) - 0.5 * math.log(df * math.pi)
    each = constant - 0.5 * (df + 1.0) * np.log1p(np.square(residuals / spread) / df) - np.log(spread)
    found: Array = np.nansum(each, axis=0)
    return found


def outlier_test(residuals: Array, scale: npt.ArrayLike, df: npt.ArrayLike, q: float) -> tuple[Flags, Array]:
    """Which points are outliers, and the probability of each residual, both like `residuals` (ROUT).

    P is that of |residual| / scale in Student's t with `df` degrees of freedom, two-sided. From 70 % of the points on,
    in rising order of size, the first P below Q (N - (i - 1)) / N makes that point and all larger ones outliers, so
    that Q is the part of false ones among all that are named. Motulsky & Brown 2006; Benjamini & Hochberg 1995.
    """
    p = 2.0 * np.asarray(stdtr(df, -np.abs(residuals) / np.asarray(scale, dtype=float)), dtype=float)
    order = np.argsort(-p, axis=0, kind="stable")  # nan comes last
    count = np.isfinite(p).sum(axis=0)
    column = (slice(None),) + (None,) * (p.ndim - 1)
    rank = np.arange(1, len(p) + 1)[column]
    level = q * (count - (rank - 1)) / np.maximum(count, 1)
    hits = (np.take_along_axis(p, order, axis=0) < level) & (rank >= 7 * count // 10) & (rank <= count)
    beyond = np.logical_or.accumulate(hits, axis=0) & (rank <= count)
    flags = np.zeros(p.shape, dtype=bool)
    np.put_along_axis(flags, order, beyond, axis=0)
    return flags, p
