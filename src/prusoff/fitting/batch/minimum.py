"""Finds the global minimum of every curve of a cohort: scouts from all starts, then the best one to its last digit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ...core.equation import Array
from ..weights import Weights, fitted_weights
from .cohort import Cohort
from .descent import Descent, Limits, downhill
from .joined import scouted_jointly
from .law import BatchLaw
from .moments import Moments, Points

SCOUT, SCOUT_STEPS = 1e-4, 12  # gain, relative to the sum of squares, at which a scout stops; most steps
MANY, MORE_STEPS = 3, 40  # searched parameters above which valleys are long, and most steps of a scout then
FINISH, MOST_STEPS = 1e-20, 120
CREEPING = 1e-6  # distance from a limit, in units of the value or of one
AGREE = 1e-7  # relative difference of two sums of squares that are the same minimum
ROUNDS, STEPS_A_ROUND = 100, 4  # most rounds of weights and fit, most steps between new weights
Indices = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Minimum:
    """Where the searches ended: parameters (parameter, curve), sums at the minimum, and whether it is one.

    `rest` and `now` are those of the means in `points`; times `scale`, and with `pure`, the weighted sum of squares
    about the means, they are those of all points.
    """

    points: Points
    table: Array
    now: Moments
    scale: Array
    pure: Array
    ended: Flags
    settled: Flags

    def at(self, curves: Indices) -> Minimum:
        """Those of some of the curves."""
        columns = (self.scale, self.pure, self.ended, self.settled)
        return Minimum(
            self.points.at(curves),
            self.table.take(curves, axis=1),
            self.now.at(curves),
            *(one[curves] for one in columns),  # type: ignore[arg-type]
        )

    @property
    def rest(self) -> Array:
        """The weighted sum of squares of the means about the curve."""
        rest: Array = self.now.rest
        return rest

    @property
    def sums(self) -> Array:
        """The weighted sum of squares of all points."""
        return self.scale * self.rest + self.pure


def minimise_cohort(law: BatchLaw, cohort: Cohort, weighting: Weights) -> Minimum:
    """The least sum of squares of every curve of a cohort."""
    limits = limits_of(law, cohort.lower, cohort.upper)
    part = law.part
    many = len(law.searched) > MANY
    table = scouted_jointly(law, part, cohort) if part is not None and many else _scouted(law, cohort, limits)
    descent = finished(Descent(law, cohort.points, limits, table))
    if weighting.iterated:
        return _reweighted(law, cohort, weighting, descent)
    settled = np.ones(len(cohort), dtype=bool)
    return Minimum(
        cohort.points, descent.table, descent.now, cohort.scale, cohort.pure, descent.done, settled
    )


def limits_of(law: BatchLaw, lower: Array, upper: Array) -> Limits:
    """The limits of the searched parameters from those of all, (parameter, curve)."""
    rows = list(law.searched)
    return Limits(lower[rows], upper[rows], law.reaches(lower, upper))


def _scouted(law: BatchLaw, cohort: Cohort, limits: Limits) -> Array:
    """The best place that the scouts from all starts reached, (parameter, curve)."""
    table: Array = cohort.tables[0].copy()
    tried = cohort.tried & cohort.tried[1:].any(axis=0)
    starts, curves = np.nonzero(tried)
    if not curves.size:
        return table
    scouts = np.ascontiguousarray(cohort.tables[starts, :, curves].T)
    most = MORE_STEPS if len(law.searched) > MANY else SCOUT_STEPS
    reached = downhill(Descent(law, cohort.points.at(curves), limits.at(curves), scouts), SCOUT, most)
    best = np.full(len(cohort), np.inf)
    for start in range(len(cohort.tables)):
        here = starts == start
        lower = reached.sums[here] < best[curves[here]] * (1.0 - AGREE)
        chosen = curves[here][lower]
        best[chosen] = reached.sums[here][lower]
        table[:, chosen] = reached.table[:, here][:, lower]
    return table


def finished(descent: Descent) -> Descent:
    """Every curve at its minimum, to the last digits; a parameter that creeps towards a limit is put there."""
    descent = downhill(descent, FINISH, MOST_STEPS)
    place, limits = descent.table[descent.rows], descent.limits
    near = CREEPING * np.maximum(1.0, np.abs(place))
    low = (
        (place > limits.lower)
        & (place - limits.lower <= near)
        & (descent.now.pull[len(descent.law.solved) :] <= 0)
    )
    high = (
        (place < limits.upper)
        & (limits.upper - place <= near)
        & (descent.now.pull[len(descent.law.solved) :] >= 0)
    )
    curves = np.flatnonzero((low | high).any(axis=0))
    if curves.size:
        table = descent.table.take(curves, axis=1)
        table[descent.rows] = np.where(low, limits.lower, np.where(high, limits.upper, place))[:, curves]
        part = Descent(descent.law, descent.points.at(curves), limits.at(curves), table)
        descent.put(curves, downhill(part, FINISH, MOST_STEPS))
    return descent


def _reweighted(law: BatchLaw, cohort: Cohort, weighting: Weights, descent: Descent) -> Minimum:
    """Weights and curve in turn until they agree, as the engine for single curves does."""
    table, every = descent.table, np.arange(len(cohort))
    settled = np.zeros(len(cohort), dtype=bool)
    moving = every
    for _ in range(ROUNDS):
        part = _renewed(
            law, cohort.at(moving) if moving.size < every.size else cohort, weighting, table[:, moving]
        )
        step = downhill(part, FINISH, STEPS_A_ROUND)
        before, table[:, moving] = table[:, moving].copy(), step.table
        still = (np.abs(step.table - before) <= 1e-14 + 1e-11 * np.abs(before)).all(axis=0)
        same = still & step.done
        settled[moving[same]] = True
        moving = moving[~same]
        if not moving.size:
            break
    last = finished(_renewed(law, cohort, weighting, table))
    x, scale = last.points, last.points.weight
    pure = np.zeros(len(cohort))
    for group in range(len(cohort.squares)):
        pure += (scale[group] / cohort.counts[group] if scale is not None else 1.0) * cohort.squares[group]
    return Minimum(x, last.table, last.now, np.ones(len(cohort)), pure, last.done, settled)


def _renewed(law: BatchLaw, cohort: Cohort, weighting: Weights, table: Array) -> Descent:
    """A descent with the weights that follow from these parameters."""
    fitted, _ = law.response(cohort.points.x, table)
    fitted = np.broadcast_to(fitted, cohort.points.y.shape)
    weight = cohort.counts * fitted_weights(weighting, fitted)
    points = Points.of(cohort.points.x, cohort.points.y, weight)
    return Descent(law, points, limits_of(law, cohort.lower, cohort.upper), table)
