"""Current against potential: density, chord conductance, and where the current turns round."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from ..core.equation import Array
from ..core.errors import InputError, Problem
from ..core.estimate import Estimate, Relation

LEAST_POINTS = 3


def current_density(current: npt.ArrayLike, capacitance: npt.ArrayLike) -> Array:
    """Current over capacitance in A/F, which is pA/pF."""
    found: Array = np.asarray(current, dtype=float) / np.asarray(capacitance, dtype=float)
    return found


def chord_conductance(current: npt.ArrayLike, potential: npt.ArrayLike, reversal: float) -> Array:
    """Conductance in S: I/(V - Erev); nan at the reversal potential itself."""
    force = np.asarray(potential, dtype=float) - reversal
    return np.divide(current, force, out=np.full_like(force, math.nan), where=force != 0)


@dataclass(frozen=True)
class Reversal:
    """Where the current turns round: the estimate in V, the conductance in S there, and how many points told it."""

    estimate: Estimate
    conductance: float
    points: int
    reason: str = ""


def reversal_potential(
    potentials: npt.ArrayLike, currents: npt.ArrayLike, points: int = 4, level: float = 0.95
) -> Reversal:
    """The reversal potential from currents (A) at potentials (V): a straight line through the `points` measured nearest
    to where the sign changes, with the limits of Fieller.

    Where no sign changes between the measured potentials it is not extrapolated: the estimate is a bound, and `reason`
    says so. Raises InputError with fewer than three potentials.
    Fieller EC, J R Stat Soc B 1954;16:175.
    """
    volts, amperes = np.asarray(potentials, dtype=float), np.asarray(currents, dtype=float)
    if np.unique(volts).size < LEAST_POINTS:
        fix = f"Measure the current at {LEAST_POINTS} or more potentials"
        raise InputError(Problem("a reversal potential needs three potentials", fix=fix))
    order = np.lexsort((amperes, volts))
    volts, amperes = volts[order], amperes[order]
    turns = np.flatnonzero(amperes[:-1] * amperes[1:] <= 0)
    if turns.size == 0:
        return _not_reached(volts, amperes, level)
    at = int(turns[-1])
    start = min(max(at + 1 - points // 2, 0), max(volts.size - points, 0))
    near = slice(start, start + points)
    return _crossing(volts[near], amperes[near], level)


def _not_reached(volts: Array, amperes: Array, level: float) -> Reversal:
    rises = amperes[-1] > amperes[0]
    beyond = bool((amperes[-1] < 0) == rises)
    value = float(volts[-1] if beyond else volts[0])
    bound = Estimate(
        "Erev",
        value,
        "V",
        value if beyond else -math.inf,
        math.inf if beyond else value,
        level,
        Relation.ABOVE if beyond else Relation.BELOW,
        "no sign of the current changes between the measured potentials",
    )
    return Reversal(bound, math.nan, 0, "the current does not turn round between the measured potentials")


def _crossing(volts: Array, amperes: Array, level: float) -> Reversal:
    count, middle = volts.size, float(volts.mean())
    away = volts - middle
    spread = float(np.dot(away, away))
    slope = float(np.dot(away, amperes) / spread)
    height = float(amperes.mean())
    value = middle - height / slope
    free = count - 2
    if free < 1:
        estimate = Estimate("Erev", value, "V", level=level, method="straight line between two points")
        return Reversal(estimate, slope, count)
    residual = amperes - height - slope * away
    variance = float(np.dot(residual, residual)) / free
    t = float(stats.t.ppf(0.5 + level / 2.0, free))
    low, high = _fieller(height, slope, variance / count, variance / spread, t)
    se = math.sqrt(variance) / abs(slope) * math.sqrt(1.0 / count + (height / slope) ** 2 / spread)
    estimate = Estimate(
        "Erev",
        value,
        "V",
        middle + low,
        middle + high,
        level,
        method="straight line, limits of Fieller",
        se=se,
    )
    return Reversal(estimate, slope, count)


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
