"""What speaks against locations beyond the tested range: by how much the least sum of squares grows there."""

from __future__ import annotations

import numpy as np

from ...core.equation import Array
from .cohort import Cohort
from .descent import Descent, downhill
from .law import BatchLaw
from .minimum import Minimum, limits_of

ENOUGH, MOST_STEPS = 1e-8, 150  # gain, relative to the sum of squares, at which a descent stops; most steps


def rise_beyond(
    law: BatchLaw, cohort: Cohort, minimum: Minimum, position: int, end: Array, upward: bool
) -> Array:
    """By how much the sum of squares grows where a parameter must lie beyond `end`, above or below it, (curve,).

    Infinite where the limits of the parameter exclude all that lies there.
    """
    rise = np.full(end.size, np.inf)
    curves = np.flatnonzero((cohort.lower[position] <= end) & (end <= cohort.upper[position]))
    if not curves.size:
        return rise
    lower, upper = cohort.lower[:, curves], cohort.upper[:, curves]
    (lower if upward else upper)[position] = end[curves]
    table = minimum.table[:, curves]
    table[position] = end[curves]
    start = Descent(law, minimum.points.at(curves), limits_of(law, lower, upper), table)
    sums = downhill(start, ENOUGH, MOST_STEPS).sums
    rise[curves] = minimum.scale[curves] * np.maximum(sums - minimum.rest[curves], 0.0)
    return rise
