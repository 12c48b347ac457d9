"""The mean of a normal sample of which some members are only known to lie above or below a limit (Tobit)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ..core.equation import Array
from ..core.errors import InputError, Problem

_LN_2PI = math.log(2 * math.pi)
_FARTHEST = 50.0  # decades: where a profile has not risen by then, its side is open


@dataclass(frozen=True)
class CensoredMean:
    """Maximum-likelihood mean and SD of log10 values with bounds; an open side of the interval is infinite."""

    log10_mean: float
    log10_sd: float
    low: float
    high: float
    negative_log_likelihood: float


def censored_mean(
    measured: Array, above: Array | None = None, below: Array | None = None, level: float = 0.95
) -> CensoredMean:
    """Mean of log10 values of which some lie `above` and some `below` a limit; at least two different are measured.

    The likelihood is the sum of ln phi over the values and of ln Phi over the bounds. The interval is that of the
    profile likelihood, cut where it is exactly the t interval (n - 1 degrees of freedom) if nothing is a bound.
    Source: Tobin J, Econometrica 1958;26:24.
    """
    sample = _Sample(_array(measured), _array(above), _array(below))
    if np.unique(sample.measured).size < 2:
        raise InputError(
            Problem(
                "a mean with bounds needs at least two different measured values",
                fix="Do more experiments, or report the bound",
                code="E-POOL",
            )
        )
    from scipy.optimize import minimize

    start = np.array([sample.measured.mean(), math.log(sample.measured.std())])
    best = minimize(sample.cost, start, jac=True, method="BFGS", options={"gtol": 1e-9})
    mean, log_sd = (float(value) for value in best.x)
    n = sample.measured.size + sample.above.size + sample.below.size
    rise = n / 2 * math.log1p(t_quantile(level, n - 1) ** 2 / (n - 1))
    limit = float(best.fun) + rise
    low, high = (_limit(sample, mean, log_sd, limit, side) for side in (-1.0, 1.0))
    return CensoredMean(mean, math.exp(log_sd), low, high, float(best.fun))


def t_quantile(level: float, df: float) -> float:
    """Student's t that leaves (1 - level)/2 on each side."""
    from scipy.special import stdtrit

    return float(stdtrit(df, (1 + level) / 2))


@dataclass(frozen=True)
class _Sample:
    measured: Array
    above: Array
    below: Array

    def cost(self, at: Array) -> tuple[float, Array]:
        """Negative log likelihood at (mean, ln SD) and its gradient."""
        from scipy.special import log_ndtr

        mean, sd = at[0], math.exp(at[1])
        z = (self.measured - mean) / sd
        # a value above its limit a: Phi((mean - a)/sd); below its limit b: Phi((b - mean)/sd)
        u, v = (mean - self.above) / sd, (self.below - mean) / sd
        total = z.size * (at[1] + 0.5 * _LN_2PI) + 0.5 * float(z @ z)
        total -= float(log_ndtr(u).sum() + log_ndtr(v).sum())
        pull_u, pull_v = (np.exp(-0.5 * (s * s + _LN_2PI) - log_ndtr(s)) for s in (u, v))
        by_mean = (-z.sum() - pull_u.sum() + pull_v.sum()) / sd
        by_log_sd = z.size - z @ z + pull_u @ u + pull_v @ v
        return total, np.array([by_mean, by_log_sd])

    def profile(self, mean: float, log_sd: float) -> float:
        """Least negative log likelihood with this mean, searched from this ln SD."""
        from scipy.optimize import minimize

        def cost(at: Array) -> tuple[float, Array]:
            value, gradient = self.cost(np.array([mean, at[0]]))
            return value, gradient[1:]

        best = minimize(cost, np.array([log_sd]), jac=True, method="BFGS", options={"gtol": 1e-9})
        return float(best.fun)


def _limit(sample: _Sample, mean: float, log_sd: float, limit: float, side: float) -> float:
    from scipy.optimize import brentq

    def excess(distance: float) -> float:
        return sample.profile(mean + side * distance, log_sd) - limit

    step = math.exp(log_sd)
    while step < _FARTHEST and excess(step) < 0:
        step *= 2
    return mean + side * float(brentq(excess, 0.0, step)) if step < _FARTHEST else side * math.inf


def _array(values: Array | None) -> Array:
    return np.asarray([] if values is None else values, dtype=np.float64)
