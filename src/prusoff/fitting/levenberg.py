"""Least squares by Levenberg and Marquardt inside hard limits: small, quick, and held against scipy in the tests."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ..core.equation import Array
from .objective import Objective

TRIALS = 30  # how often the damping is raised before a step is given up
ROUNDING = 1e-15  # cosine at which nothing is left to gain
SHORTEST = 0.01  # part of a Gauss-Newton step below which polishing ends
FLAT = 1e-6  # largest cosine between residuals and a column of the Jacobian at a minimum


@dataclass(frozen=True)
class Minimum:
    """Where the search ended: the values, the sum of squares there, and whether it is a minimum."""

    values: Array
    sum_of_squares: float
    converged: bool
    evaluations: int


def minimise(
    objective: Objective,
    start: Array,
    limits: tuple[Array, Array],
    rtol: float = 1e-10,
    damping: float = 1e-3,
    most: int = 200,
) -> Minimum:
    """Go downhill from `start`; a value whose two limits are equal is held.

    Steps follow Marquardt's damping with the column scaling of More (1978) and the update of Nielsen (1999); a value
    at a limit that the gradient pushes outward is held for the step. The search ends when the predicted gain of a
    step falls below `rtol` of the sum of squares. A start that is known to be close does with less `damping`.
    """
    lower, upper = limits
    values = np.minimum(np.maximum(start, lower), upper)
    residuals = objective.residuals(values)
    best = float(residuals @ residuals)
    if not math.isfinite(best):
        return Minimum(values, np.inf, False, 1)
    growth, evaluations, size = 2.0, 1, np.zeros(len(values))
    for _ in range(most):
        slopes = objective.jacobian(values)
        free = _free(values, slopes.T @ residuals, limits)
        size = np.maximum(size, np.sqrt(np.einsum("ij,ij->j", slopes, slopes)))
        if not free.any() or not np.isfinite(size).all():
            return Minimum(values, best, not free.any(), evaluations)
        scale = np.where(size > 0, size, 1.0)[free]
        scaled = slopes[:, free] / scale
        normal, pull = scaled.T @ scaled, scaled.T @ residuals
        unit, accepted = np.eye(len(pull)), False
        for trials in range(TRIALS):
            step = _damped(normal + damping * unit, pull)
            gain = float(step @ (2.0 * pull - normal @ step))
            if gain <= rtol * best:
                return Minimum(values, best, trials == 0, evaluations)
            trial = values.copy()
            trial[free] += step / scale
            trial = np.minimum(np.maximum(trial, lower), upper)
            left = objective.residuals(trial)
            evaluations += 1
            reached = float(left @ left)
            if reached < best:
                accepted = True
                break
            damping, growth = max(damping, 1e-6) * growth, growth * 2.0
        if not accepted:
            return Minimum(values, best, False, evaluations)
        ratio = (best - reached) / gain
        damping, growth = max(damping * max(1.0 / 3.0, 1.0 - (2.0 * ratio - 1.0) ** 3), 1e-15), 2.0
        values, residuals, best = trial, left, reached
    return Minimum(values, best, False, evaluations)


def _damped(normal: Array, pull: Array) -> Array:
    """The damped step; the shortest one where rounding has left the equations singular."""
    try:
        step = np.linalg.solve(normal, pull)
    except np.linalg.LinAlgError:
        step = np.linalg.lstsq(normal, pull, rcond=None)[0]
    return np.asarray(step, dtype=float)


def polish(objective: Objective, minimum: Minimum, limits: tuple[Array, Array], most: int = 60) -> Minimum:
    """Gauss-Newton steps until the gradient no longer shrinks: the last digits, by orthogonal factors.

    Where a whole step would swing past the minimum (large residuals, strong curvature) it is halved.
    """
    values = minimum.values
    residuals = objective.residuals(values)
    step, slope = _newton(objective, values, residuals, limits)
    evaluations, part = minimum.evaluations + 1, 1.0
    for _ in range(most):
        if slope <= ROUNDING or part < SHORTEST:
            break
        trial = np.clip(values + part * step, *limits)
        left = objective.residuals(trial)
        evaluations += 1
        if left @ left <= (residuals @ residuals) * (1.0 + 1e-11):
            next_step, next_slope = _newton(objective, trial, left, limits)
            if next_slope < slope:
                values, residuals, step, slope = trial, left, next_step, next_slope
                continue
        part *= 0.5
    reached = float(residuals @ residuals)
    return Minimum(values, reached, slope < FLAT or reached <= objective.noise, evaluations)


def _newton(
    objective: Objective, values: Array, residuals: Array, limits: tuple[Array, Array]
) -> tuple[Array, float]:
    """The Gauss-Newton step, and the largest cosine between the residuals and a column of the Jacobian."""
    slopes = objective.jacobian(values)
    free = _free(values, slopes.T @ residuals, limits)
    step = np.zeros(len(values))
    norm = float(np.sqrt(residuals @ residuals))
    if not free.any() or norm == 0 or not np.isfinite(slopes).all():
        return step, 0.0
    columns = slopes[:, free]
    size = np.sqrt(np.einsum("ij,ij->j", columns, columns))
    size[size == 0] = 1.0
    columns = columns / size
    step[free] = np.linalg.lstsq(columns, residuals, rcond=1e-14)[0] / size
    return step, float(np.abs(columns.T @ residuals).max()) / norm


def _free(
    values: Array, pull: Array, limits: tuple[Array, Array]
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    lower, upper = limits
    return ~(((values <= lower) & (pull <= 0)) | ((values >= upper) & (pull >= 0)) | (lower >= upper))
