"""Where to begin: the guess of the law itself and seeded others, the plateaus solved for each of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from ..core.equation import Array, Parameter
from .objective import Objective
from .problem import Problem, tested

MOST_PLACES = 40  # positions of the location: the tested places and those between them
FEW = 12  # candidates where the location has no places
DRAWS, MORE_DRAWS = (
    6,
    24,
)  # guesses of the other nonlinear parameters at each position, the first that of the law
MANY = 3  # nonlinear parameters of a curve above which more is drawn, and twice as many starts are tried
SLOWER, STEEPER = 5.0, 10.0  # how far from the guess of the law a parameter with limits is tried
APART = 1 / 12  # part of the range of the candidates by which two starts differ in some parameter

Rank: TypeAlias = Callable[[Array], Array]


def first_guess(problem: Problem) -> Array:
    """The start of the law itself for every fitted parameter; the median over its curves where it is shared."""
    starts = np.array([problem.equation.start(curve.x, curve.y) for curve in problem.curves], dtype=float)
    guess = np.empty(len(problem.names))
    for position in range(len(guess)):
        curves, parameter = problem.owner(position)
        guess[position] = np.median(starts[list(curves), parameter])
    return np.clip(guess, problem.lower, problem.upper)


def starts(
    objective: Objective, guess: Array, seed: int, count: int, rank: Rank | None = None
) -> list[Array]:
    """`count` starts: the guess itself, then the best of many candidates around it, far from one another.

    Candidates spread the location over the tested places and those between them, and the other nonlinear parameters
    widely inside their limits, so that a step between two doses is met as well as a shallow curve (without limits:
    drawn around the guess); the parameters in which the law is linear are solved for. The same seed gives the same
    starts. `rank` tells of each of many (parameter, candidate) what is to be small: the sum of squares by default.
    """
    if count == 1:
        return [guess]
    problem = objective.problem
    many = sum(not parameter.linear for parameter in _parameters(problem)) > MANY
    count = 2 * count if many else count
    candidates = _solved(objective, _candidates(problem, guess, seed, MORE_DRAWS if many else DRAWS))
    sums = (rank or _sums_of(objective))(candidates)
    sums[~np.isfinite(sums)] = np.inf
    spread = np.maximum(np.ptp(candidates, axis=1), 1e-300)
    chosen: list[Array] = [guess]
    for position in np.argsort(sums, kind="stable"):
        if len(chosen) == count or not np.isfinite(sums[position]):
            break
        here = candidates[:, position]
        if all(np.abs((here - other) / spread).max() > APART for other in chosen[1:]):
            chosen.append(here)
    return chosen


def _sums_of(objective: Objective) -> Rank:
    def sums(candidates: Array) -> Array:
        residuals, _ = objective.many(candidates)
        found: Array = np.einsum("ij,ij->i", residuals, residuals)
        return found

    return sums


def _parameters(problem: Problem) -> list[Parameter]:
    """The parameters of the law that are fitted, each once."""
    fitted = sorted({problem.owner(position)[1] for position in range(len(problem.names))})
    return [problem.equation.parameters[j] for j in fitted]


def _candidates(problem: Problem, guess: Array, seed: int, draws: int) -> Array:
    draw = np.random.default_rng(seed)
    where = _where(problem)
    places = max(where.size, 1)
    count = places * draws if where.size else FEW
    table = np.repeat(guess[:, None], count, axis=1)
    for position in range(len(guess)):
        _, j = problem.owner(position)
        parameter = problem.equation.parameters[j]
        low, high = problem.lower[position], problem.upper[position]
        if parameter.name == problem.equation.location:
            table[position] = np.repeat(where, draws) if where.size else guess[position]
        elif not parameter.linear:
            if places > 1 and low > 0.0 and np.isfinite(high):
                near = max(low, guess[position] / SLOWER), min(high, guess[position] * STEEPER)
                moved = np.concatenate([_spread(near, draw, draws) for _ in range(places)])
            else:
                moved = _jittered(parameter, guess[position], (low, high), draw.standard_normal(count))
            moved[:: draws if places > 1 else count] = guess[position]  # one candidate per place keeps it
            table[position] = moved
    return np.clip(table, problem.lower[:, None], problem.upper[:, None])


def _where(problem: Problem) -> Array:
    """The positions that are tried for the location, none where it is no quantity of the x axis."""
    found = tested(problem.equation, np.concatenate([np.atleast_2d(curve.x)[0] for curve in problem.curves]))
    return among(found, MOST_PLACES) if found.size > 1 else np.empty(0)


def among(places: Array, most: int) -> Array:
    """Rising places and those half way between them, about `most` where there are more."""
    inside = places[:: max(len(places) // (most // 2), 1)]
    inside = np.union1d(inside, places[-1:])
    return np.union1d(inside, inside[:-1] + np.diff(inside) / 2.0)


def _spread(limits: tuple[float, float], draw: np.random.Generator, draws: int) -> Array:
    """A place for the guess, then values in the middle of equal parts of a ratio scale, in any order."""
    edges = np.geomspace(*limits, 2 * draws - 1)
    return np.concatenate([edges[:1], draw.permutation(edges[1::2])])


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
