"""Does the curve follow the points: replicates test, runs test, normality and chi-square."""

from __future__ import annotations

import math

import numpy as np
from scipy.special import chdtrc, fdtrc, gammaln

from ..core.equation import Array
from ..core.fit import Fit, FittedCurve, Outcome, Test
from .weights import replicate_groups

NORMAL_NEEDS = 20


def quality_tests(fit: Fit) -> tuple[Test, ...]:
    """All tests that these data allow: replicates and runs (single curves), normality (n >= 20), chi-square.

    None for a fit that failed: it has no residuals.
    """
    if fit.outcome is Outcome.FAILED:
        return ()
    candidates = (
        replicates_test(fit.curve, len(fit.names)) if len(fit.curves) == 1 else None,
        runs_test(fit.curve) if len(fit.curves) == 1 else None,
        normality_test(np.concatenate([curve.weighted_residuals for curve in fit.curves])),
        chi_square_test(fit.sum_of_squares, fit.df) if fit.scale_known else None,
    )
    return tuple(test for test in candidates if test is not None)


def replicates_test(curve: FittedCurve, fitted_parameters: int) -> Test | None:
    """Lack of fit: scatter of the means about the curve against the scatter of replicates (F test).

    None without replicates or without more concentrations than parameters.
    """
    groups, y, weights = replicate_groups(curve.data), curve.data.y, curve.weights
    count, points = int(groups.max()) + 1, y.size
    df = (float(count - fitted_parameters), float(points - count))
    if min(df) <= 0:
        return None
    mean = np.bincount(groups, weights * y) / np.bincount(groups, weights)
    pure = float(weights @ (y - mean[groups]) ** 2)
    lack = float(weights @ (curve.residuals**2)) - pure
    if pure <= 0:
        return None
    f = max(lack, 0.0) / df[0] / (pure / df[1])
    p = float(fdtrc(*df, f))
    sentence = (
        "The curve misses the means by more than replicates scatter."
        if p < 0.05
        else "The curve follows the means as closely as replicates scatter."
    )
    return Test("replicates", f, p, sentence, df)


def runs_test(curve: FittedCurve) -> Test | None:
    """Too few runs of means above or below the curve, by the exact distribution (Wald & Wolfowitz 1940), one-sided."""
    groups, weights = replicate_groups(curve.data), curve.weights
    order = np.bincount(groups, weights * curve.residuals) / np.bincount(groups, weights)
    signs = np.sign(order[order != 0])
    above, below = int((signs > 0).sum()), int((signs < 0).sum())
    if above == 0 or below == 0:
        return None
    runs = 1 + int((signs[1:] != signs[:-1]).sum())
    p = _runs_probability(runs, above, below)
    sentence = (
        "The points leave the curve systematically: too few runs."
        if p < 0.05
        else "The points change sides of the curve as chance would have it."
    )
    return Test("runs", float(runs), min(p, 1.0), sentence, (float(above), float(below)))


def _runs_probability(most: int, above: int, below: int) -> float:
    """Probability of at most so many runs, each number of runs by its count of orders (as logarithms)."""
    half = np.arange(1.0, most // 2 + 1.0)
    even = math.log(2.0) + _log_choices(above - 1, half - 1) + _log_choices(below - 1, half - 1)
    half = np.arange(1.0, (most - 1) // 2 + 1.0)
    odd = [
        _log_choices(a - 1, half) + _log_choices(b - 1, half - 1) for a, b in ((above, below), (below, above))
    ]
    ways = np.concatenate([even, *odd]) - _log_choices(above + below, np.array([float(above)]))
    return float(np.exp(ways).sum())


def _log_choices(n: int, k: Array) -> Array:
    """Natural logarithm of the ways to choose k of n; minus infinite where there is none."""
    found: Array = gammaln(n + 1.0) - gammaln(k + 1.0) - gammaln(n - k + 1.0)
    return np.where(k <= n, found, -np.inf)


def normality_test(residuals: Array) -> Test | None:
    """Skewness and kurtosis of the residuals against a normal distribution (D'Agostino & Pearson 1973), n >= 20."""
    n = residuals.size
    centred = (residuals - residuals.mean()) / max(float(np.abs(residuals).max()), 1e-300)
    m2, m3, m4 = (float(np.mean(centred**power)) for power in (2, 3, 4))
    if n < NORMAL_NEEDS or m2 <= 0:
        return None
    k2 = _skew_z(n, m3 / m2**1.5) ** 2 + _kurtosis_z(n, m4 / m2**2) ** 2
    p = math.exp(-k2 / 2.0)  # chi-square with two degrees of freedom
    sentence = (
        "The residuals are not normally distributed: look for outliers or another weighting."
        if p < 0.05
        else "The residuals may be normally distributed."
    )
    return Test("normality", k2, p, sentence, (2.0,))


def _skew_z(n: int, skew: float) -> float:
    """Normal score of a sample skewness (D'Agostino 1970)."""
    y = skew * math.sqrt((n + 1.0) * (n + 3.0) / (6.0 * (n - 2.0)))
    beta = 3.0 * (n**2 + 27 * n - 70) * (n + 1) * (n + 3) / ((n - 2.0) * (n + 5) * (n + 7) * (n + 9))
    w2 = math.sqrt(2.0 * (beta - 1.0)) - 1.0
    return math.asinh(y / math.sqrt(2.0 / (w2 - 1.0))) / math.sqrt(0.5 * math.log(w2))


def _kurtosis_z(n: int, kurtosis: float) -> float:
    """Normal score of a sample kurtosis (Anscombe & Glynn 1983)."""
    expected = 3.0 * (n - 1) / (n + 1)
    variance = 24.0 * n * (n - 2) * (n - 3) / ((n + 1.0) ** 2 * (n + 3) * (n + 5))
    x = (kurtosis - expected) / math.sqrt(variance)
    third = 6.0 * (n**2 - 5 * n + 2) / ((n + 7.0) * (n + 9))
    third *= math.sqrt(6.0 * (n + 3) * (n + 5) / (n * (n - 2.0) * (n - 3)))
    a = 6.0 + 8.0 / third * (2.0 / third + math.sqrt(1.0 + 4.0 / third**2))
    root = (1.0 - 2.0 / a) / (1.0 + x * math.sqrt(2.0 / (a - 4.0)))
    return (1.0 - 2.0 / (9.0 * a) - math.copysign(abs(root) ** (1 / 3), root)) / math.sqrt(2.0 / (9.0 * a))


def chi_square_test(sum_of_squares: float, df: int) -> Test | None:
    """Whether the points scatter about the curve as their known errors say."""
    if df <= 0:
        return None
    p = float(chdtrc(df, sum_of_squares))
    sentence = (
        "The points scatter more than their stated errors allow."
        if p < 0.05
        else "The points scatter as their stated errors say."
    )
    return Test("chi-square", sum_of_squares, p, sentence, (float(df),))
