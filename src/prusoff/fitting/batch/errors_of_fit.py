"""Standard errors of many fits, and which parameters the data do not tell apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ...core.equation import Array
from ..covariance import NOT_IDENTIFIED
from .cohort import Cohort
from .law import BatchLaw
from .minimum import Minimum
from .moments import Points
from .small import factor, inverse

DOUBTFUL = 1e-8  # a pivot this small beside its diagonal: the sums have lost the digits, the slopes are asked
WEAK = 0.3  # component of the weakest direction from which a parameter belongs to it
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Spread:
    """How far fitted values may be off; parameters in the order of `law.free`.

    `unscaled` (free, curve) is the diagonal of (J'WJ)^-1, `condition` (curve,) that of the scaled Jacobian where it is
    in doubt (1 elsewhere), `weak` (free, curve) the parameters of the weakest direction where it is too large.
    """

    unscaled: Array
    condition: Array
    weak: Flags


def spread(law: BatchLaw, cohort: Cohort, minimum: Minimum, held: Flags) -> Spread:
    """The spread at the minimum; a parameter that is held at its limit has none."""
    now = minimum.now
    lower, reciprocal = factor(now.normal, held)
    diagonal = now.normal[range(len(held)), range(len(held))]
    pivots = lower[range(len(held)), range(len(held))] ** 2
    doubtful = np.flatnonzero(
        ((pivots < DOUBTFUL * diagonal) & ~held).any(axis=0) | ~np.isfinite(diagonal).all(axis=0)
    )
    unscaled = inverse(lower, reciprocal)[range(len(held)), range(len(held))] / minimum.scale
    condition, weak = np.ones(len(cohort)), np.zeros(held.shape, dtype=bool)
    if doubtful.size:
        found = _by_slopes(law, minimum.points.at(doubtful), minimum.table[:, doubtful], held[:, doubtful])
        found = (found[0] / minimum.scale[doubtful], *found[1:])
        unscaled[:, doubtful], condition[doubtful], weak[:, doubtful] = found
    return Spread(unscaled, condition, weak)


def _by_slopes(law: BatchLaw, points: Points, table: Array, held: Flags) -> tuple[Array, Array, Flags]:
    """The same from the singular values of the slopes."""
    _, slopes = law.response(points.x, table)
    columns = slopes if points.weight is None else slopes * np.sqrt(points.weight)
    columns = np.where(held[:, None], 0.0, columns)
    size = np.sqrt((columns * columns).sum(axis=1))
    gone = (size == 0) | ~np.isfinite(size)
    columns = np.where(gone[:, None], 0.0, columns / np.where(gone, 1.0, size)[:, None])
    _, singular, right = np.linalg.svd(np.moveaxis(columns, -1, 0).swapaxes(1, 2), full_matrices=False)
    free = (~held).sum(axis=0)
    last = np.clip(free - 1, 0, singular.shape[1] - 1)
    every = np.arange(free.size)
    least = singular[every, last]
    with np.errstate(divide="ignore", invalid="ignore"):
        condition = np.where((gone & ~held).any(axis=0) | (least <= 0), np.inf, singular[:, 0] / least)
        reciprocal = np.where(np.arange(singular.shape[1]) <= last[:, None], 1.0 / singular, 0.0)
        unscaled = ((right * reciprocal[:, :, None]) ** 2).sum(axis=1).T / size**2
    unscaled = np.where(held, 0.0, np.where(np.isfinite(condition), unscaled, np.inf))
    direction = np.where((gone & ~held).any(axis=0), gone & ~held, np.abs(right[every, last].T))
    weak = (condition > NOT_IDENTIFIED) & (direction > WEAK)
    return unscaled, condition, weak & ~held
