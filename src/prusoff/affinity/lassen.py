"""Occupancy and nondisplaceable binding from the volumes of distribution of several regions, both scans with error."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ..core.equation import Array
from ..core.errors import InputError, Problem
from ..core.estimate import Estimate
from ._censored import t_quantile
from .schild import zero_crossing

FEWEST_REGIONS = 3
ROUNDS = 100
METHOD = "Lassen plot, errors in both scans"


@dataclass(frozen=True)
class LassenLine:
    """What the regions of two scans say: the part of the sites held in all of them, and VND, which no drug displaces.

    `occupancy` is a fraction; `nondisplaceable` in the unit of the volumes, open where the regions do not tell it.
    """

    occupancy: Estimate
    nondisplaceable: Estimate
    regions: int


def lassen_line(
    baseline: Array,
    drug: Array,
    baseline_se: Array | None = None,
    drug_se: Array | None = None,
    level: float = 0.95,
) -> LassenLine:
    """The Lassen plot with the errors of both scans considered; volumes of distribution, (region,), equal without SEs.

    VT(drug) = (1 - Occ) VT(baseline) + Occ VND is a straight line between the scans; both being measured, its slope is
    that of York (least distance in units of the errors), where ordinary least squares of the difference against the
    baseline gives too high an occupancy. Stated errors weigh the regions; their size is taken from the scatter about
    the line. Raises InputError below three regions, or where all baselines are alike.
    Source: Cunningham VJ et al., J Cereb Blood Flow Metab 2010;30:46; York D et al., Am J Phys 2004;72:367.
    """
    x, y = np.asarray(baseline, dtype=float), np.asarray(drug, dtype=float)
    if x.size < FEWEST_REGIONS or not np.ptp(x) > 0:
        raise InputError(
            Problem(
                f"{x.size} regions of {'one volume' if x.size and not np.ptp(x) else 'different volume'} make no "
                "Lassen plot",
                fix=f"Give at least {FEWEST_REGIONS} regions that differ in binding, or a reference region",
                code="E-REGION",
            )
        )
    of_x, of_y = (
        np.ones(x.size) if one is None else np.asarray(one, dtype=float) for one in (baseline_se, drug_se)
    )
    slope, weights, adjusted = _york(x, y, of_x**2, of_y**2)
    middle = float(weights @ adjusted / weights.sum())
    height = float(weights @ y / weights.sum()) + slope * (middle - float(weights @ x / weights.sum()))
    left = float(weights @ (y - height - slope * (x - middle)) ** 2) / (x.size - 2)
    of_slope, of_height = (left / float(weights @ (adjusted - middle) ** 2), left / float(weights.sum()))
    t = t_quantile(level, x.size - 2)
    se = math.sqrt(of_slope)
    occupancy = Estimate(
        "occupancy", 1.0 - slope, "", 1.0 - slope - t * se, 1.0 - slope + t * se, level, method=METHOD, se=se
    )
    crossing = middle + (height - middle) / (1.0 - slope) if slope != 1.0 else math.nan
    low, high = zero_crossing((1.0 - slope, middle - height, middle), (of_slope, of_height), t)
    free = Estimate("VND", crossing, "", low, high, level, method=f"{METHOD}, Fieller")
    return LassenLine(occupancy, free, int(x.size))


def _york(x: Array, y: Array, of_x: Array, of_y: Array) -> tuple[float, Array, Array]:
    """Slope, weights and adjusted x of the line through points with these variances in x and in y."""
    slope = float(np.polyfit(x, y, 1)[0])
    weights, adjusted = np.ones(x.size), x
    for _ in range(ROUNDS):
        weights = 1.0 / (of_y + slope**2 * of_x)
        middle_x, middle_y = (float(weights @ one / weights.sum()) for one in (x, y))
        u, v = x - middle_x, y - middle_y
        moved = weights * (u * of_y + slope * v * of_x)
        adjusted = middle_x + moved
        before, slope = slope, float((weights * moved) @ v / ((weights * moved) @ u))
        if abs(slope - before) <= 1e-14 * max(abs(slope), 1e-3):
            break
    return slope, weights, adjusted
