"""Where a current turns round: the reversal potential read between the measured potentials."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from scipy import stats

from ..core.equation import Array
from ..core.errors import InputError, Problem
from ..core.estimate import Estimate, Relation

LEAST_POINTS = 3
NAME = "Erev as read"


def reversal_potential(
    potentials: npt.ArrayLike, currents: npt.ArrayLike, points: int = 4, level: float = 0.95
) -> Estimate:
    """The reversal potential in V from currents (A) at potentials (V): a straight line through those at the `points`
    potentials nearest to where the sign changes, with the limits of Fieller.

    Where no sign changes between the measured potentials it is not extrapolated: the estimate is a bound. Raises
    InputError with fewer than three potentials.
    Fieller EC, J R Stat Soc B 1954;16:175.
    """
    volts, amperes = np.asarray(potentials, dtype=float), np.asarray(currents, dtype=float)
    levels = np.unique(volts)
    if levels.size < LEAST_POINTS:
        fix = f"Measure the current at {LEAST_POINTS} or more potentials"
        raise InputError(Problem("a reversal potential needs three potentials", fix=fix))
    means = np.array([float(np.mean(np.sort(amperes[volts == one]))) for one in levels])
    turns = np.flatnonzero(means[:-1] * means[1:] <= 0)
    if turns.size == 0:
        return _not_reached(levels, means, level)
    start = min(max(int(turns[-1]) + 1 - points // 2, 0), max(levels.size - points, 0))
    order = np.lexsort((amperes, volts))
    near = order[np.isin(volts[order], levels[start : start + points])]
    return _crossing(volts[near], amperes[near], level)


def _not_reached(volts: Array, amperes: Array, level: float) -> Estimate:
    rises = amperes[-1] > amperes[0]
    beyond = bool((amperes[-1] < 0) == rises)
    value = float(volts[-1] if beyond else volts[0])
    return Estimate(
        NAME,
        value,
        "V",
        value if beyond else -math.inf,
        math.inf if beyond else value,
        level,
        Relation.ABOVE if beyond else Relation.BELOW,
        "no sign of the current changes between the measured potentials",
    )


def _crossing(volts: Array, amperes: Array, level: float) -> Estimate:
    count, middle = volts.size, float(volts.mean())
    away = volts - middle
    spread = float(np.dot(away, away))
    slope = float(np.dot(away, amperes) / spread)
    height = float(amperes.mean())
    value = middle - height / slope
    free = count - 2
    if free < 1:
        return Estimate(NAME, value, "V", level=level, method="straight line between two points")
    residual = amperes - height - slope * away
    variance = float(np.dot(residual, residual)) / free
    t = float(stats.t.ppf(0.5 + level / 2.0, free))
    low, high = _fieller(height, slope, variance / count, variance / spread, t)
    se = math.sqrt(variance) / abs(slope) * math.sqrt(1.0 / count + (height / slope) ** 2 / spread)
    return Estimate(
        NAME,
        value,
        "V",
        middle + low,
        middle + high,
        level,
        method="straight line, limits of Fieller",
        se=se,
    )


def _fieller(height: float, slope: float, of_height: float, of_slope: float, t: float) -> tuple[float, float]:
    """Limits of -height/slope, two independent normal estimates; open where the slope may be zero."""
    share = t * t * of_slope / (slope * slope)
    if share >= 1.0:
        return -math.inf, math.inf
    centre = -height / slope / (1.0 - share)
    half = (
        t
        / abs(slope)
        * math.sqrt((1.0 - share) * of_height + (height / slope) ** 2 * of_slope)
        / (1.0 - share)
    )
    return centre - half, centre + half
