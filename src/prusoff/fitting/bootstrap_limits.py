"""Percentile and BCa limits of values that were fitted to many repeats of one experiment."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

from ..core.equation import Array
from ..core.fit import Fit, Interval
from .problem import Problem, measured_range
from .verdict import half_way_shift


@dataclass(frozen=True)
class Limits:
    """The repeats (replicate, fitted), nan where one gave no value, and the values with each point left out in turn.

    `range` holds the values (low, high) between which a parameter is known.
    """

    fit: Fit
    range: tuple[Array, Array]
    values: Array
    jackknife: Array
    level: float

    def percentile(self, index: int) -> Interval:
        """The limits that leave out the same share of the repeats on either side."""
        return self._between(index, (1.0 - self.level) / 2.0, (1.0 + self.level) / 2.0, "percentile")

    def bca(self, index: int) -> Interval:
        """The percentile limits corrected for bias and for an error that changes with the value; Efron 1987.

        Both sides are open when every repeat lies on one side of the value, or when the values with a point left out
        cannot all be fitted: the correction is not known then.
        """
        ranked = self._ranked(index)
        known = ranked[~np.isnan(ranked)]
        best = float(self.fit.values[index])
        share = (np.mean(known < best) + np.mean(known <= best)) / 2.0 if known.size else 0.0
        bend = self._acceleration(index)
        if not 0.0 < share < 1.0 or not math.isfinite(bend):
            return Interval(-math.inf, math.inf, self.level, "bootstrap BCa")
        bias = float(ndtri(share))
        scores = bias + ndtri(np.array([1.0 - self.level, 1.0 + self.level]) / 2.0)
        low, high = ndtr(bias + scores / (1.0 - bend * scores))
        return self._between(index, float(low), float(high), "BCa")

    def _between(self, index: int, low: float, high: float, method: str) -> Interval:
        """The values below which these shares of the repeats lie; beyond the last repeat a side is open."""
        ranked = self._ranked(index)
        count = ranked.size
        first = np.sort(np.where(np.isnan(ranked), -np.inf, ranked))  # without a value: beyond either limit
        last = np.sort(np.where(np.isnan(ranked), np.inf, ranked))
        below, above = math.floor(low * (count + 1)), math.ceil(high * (count + 1))
        ends = (
            float(first[below - 1]) if below >= 1 else -math.inf,
            float(last[above - 1]) if above <= count else math.inf,
        )
        profile = self.fit.intervals.get(self.fit.names[index])
        if profile is not None:
            ends = (
                ends[0] if math.isfinite(profile.low) else -math.inf,
                ends[1] if math.isfinite(profile.high) else math.inf,
            )
        return Interval(*ends, self.level, f"bootstrap {method}")

    def _ranked(self, index: int) -> Array:
        """The repeats of one parameter, infinite where it stands at its limit or its potency was not tested."""
        column = self.values[:, index]
        low, high = (float(end[index]) for end in self.range)
        return np.where(column < low, -np.inf, np.where(column > high, np.inf, column))

    def _acceleration(self, index: int) -> float:
        """How fast the error changes with the value, from the skew of the values with each point left out."""
        away = self.jackknife[:, index].mean() - self.jackknife[:, index]
        square = float(away @ away)
        return float((away**3).sum()) / (6.0 * square**1.5) if square > 0 else math.nan if square else 0.0


def known_range(problem: Problem, fit: Fit) -> tuple[Array, Array]:
    """Between which values each parameter is known, (fitted,) each: inside its limits, a potency as tested."""
    low, high = np.nextafter(problem.lower, np.inf), np.nextafter(problem.upper, -np.inf)
    table = problem.parameters(fit.values)
    for index in range(len(fit.names)):
        curves, parameter = problem.owner(index)
        if problem.equation.parameters[parameter].name != problem.equation.location:
            continue
        tested = measured_range(problem.equation, [problem.curves[c] for c in curves])
        if math.isfinite(tested[0]):
            shift = half_way_shift(problem, curves[0], table[curves[0]], float(fit.values[index]))
            low[index] = max(low[index], tested[0] - shift)
            high[index] = min(high[index], tested[1] - shift)
    return low, high
