"""Where to begin: the guess of the law itself and seeded others, the plateaus solved for each of them."""

from __future__ import annotations

import numpy as np

from ..core.equation import Array, Parameter
from .objective import Objective
from .problem import Problem, measured_range

PLACES = 12  # positions of the location over the tested range
DRAWS = 4  # guesses of the other nonlinear parameters at each position


def first_guess(problem: Problem) -> Array:
    """The start of the law itself for every fitted parameter; the median over its curves where it is shared."""
    starts = np.array([problem.equation.start(curve.x, curve.y) for curve in problem.curves], dtype=float)
    guess = np.empty(len(problem.names))
    for position in range(len(guess)):
        curves, parameter = problem.owner(position)
        guess[position] = np.median(starts[list(curves), parameter])
    return np.clip(guess, problem.lower, problem.upper)


def starts(objective: Objective, guess: Array, seed: int, count: int) -> list[Array]:
    """`count` starts: the guess itself, then the best of many candidates around it, far from one another.

    Candidates spread the location over the tested range and draw the other nonlinear parameters around the guess; the
    parameters in which the law is linear are solved for. The same seed gives the same starts.
    """
    problem = objective.problem
    candidates = _solved(objective, _candidates(problem, guess, seed))
    residuals, _ = objective.many(candidates)
    sums = np.einsum("ij,ij->i", residuals, residuals)
    sums[~np.isfinite(sums)] = np.inf
    spread = np.maximum(np.ptp(candidates, axis=1), 1e-300)
    chosen: list[Array] = [guess]
    for position in np.argsort(sums, kind="stable"):
        if len(chosen) == count or not np.isfinite(sums[position]):
            break
        here = candidates[:, position]
        if all(np.abs((here - other) / spread).max() > 1.0 / PLACES for other in chosen[1:]):
            chosen.append(here)
    return chosen


def _candidates(problem: Problem, guess: Array, seed: int) -> Array:
    draw = np.random.default_rng(seed)
    places = PLACES if problem.equation.location else 1
    count = places * DRAWS if places > 1 else PLACES
    table = np.repeat(guess[:, None], count, axis=1)
    for position in range(len(guess)):
        curves, j = problem.owner(position)
        parameter = problem.equation.parameters[j]
        low, high = problem.lower[position], problem.upper[position]
        if parameter.name == problem.equation.location:
            bottom, top = measured_range(problem.equation, [problem.curves[c] for c in curves])
            if np.isfinite(bottom) and top > bottom:
                table[position] = np.repeat(np.linspace(bottom, top, places), count // places)
        elif not parameter.linear:
            moved = _jittered(parameter, guess[position], (low, high), draw.standard_normal(count))
            moved[:: DRAWS if places > 1 else count] = guess[
                position
            ]  # one candidate per place keeps the guess
            table[position] = moved
    return np.clip(table, problem.lower[:, None], problem.upper[:, None])


def _jittered(parameter: Parameter, guess: float, limits: tuple[float, float], noise: Array) -> Array:
    low, high = limits
    if parameter.log10:
        return guess + 0.7 * noise
    if np.isfinite(low) and np.isfinite(high) and low <= 0:
        return guess + 0.25 * (high - low) * noise
    return guess * np.exp(0.6 * noise)


def _solved(objective: Objective, candidates: Array) -> Array:
    """The candidates with the linear parameters at their best values, where that lowers the sum of squares."""
    problem = objective.problem
    linear = [k for k in range(len(problem.names)) if problem.equation.parameters[problem.owner(k)[1]].linear]
    if not linear:
        return candidates
    residuals, slopes = objective.many(candidates)
    good = np.isfinite(residuals.sum(axis=1) + slopes.sum(axis=(0, 2)))[:, None]
    columns = np.where(good, slopes[linear], 0.0)  # (linear, candidate, row)
    size = np.sqrt(np.einsum("lcr,lcr->lc", columns, columns))
    columns = columns / np.where(size > 0, size, 1.0)[:, :, None]
    normal = np.einsum("lcr,mcr->clm", columns, columns) + 1e-9 * np.eye(len(linear))
    pull = np.einsum("lcr,cr->cl", columns, np.where(good, residuals, 0.0))
    step = np.linalg.solve(normal, pull[:, :, None])[:, :, 0].T / np.where(size > 0, size, 1.0)
    solved = candidates.copy()
    solved[linear] += step
    return np.clip(solved, problem.lower[:, None], problem.upper[:, None])
