"""Parameters that share a span out: not linear by themselves, but known exactly once the others are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...core.equation import Array, Equation

TRIALS, ROUNDED = 3, 1e-9  # places at which it is tried, and what may be left of a response there


@dataclass(frozen=True)
class Part:
    """A parameter whose pattern in the response is the same at every value, `amounts` of the linear ones times as high.

    `position` is its place in the law, `linear` are those of the linear parameters, `middle` a value inside its limits.
    Where the linear parameters are solved for together with the pattern at `base` and `middle`, the parameter lies
    beside the middle by the solved pattern times the amount at the base over that at the solution.
    """

    position: int
    linear: tuple[int, ...]
    middle: float
    amounts: Array

    @property
    def base(self) -> Array:
        """Values of the linear parameters at which the pattern is not zero."""
        found: Array = np.where(self.amounts > 0, 1.0, np.where(self.amounts < 0, -1.0, 0.0))
        return found


def part_of(equation: Equation, linear: Sequence[int], searched: Sequence[int], x: Array) -> Part | None:
    """The first of the searched parameters that shares a span out, None where there is none.

    It is tried at some places whether its pattern stays the same, and whether what the linear parameters and the
    pattern draw together is all that the law can draw.
    """
    if not linear:
        return None
    for position in searched:
        parameter = equation.parameters[position]
        low, high = parameter.lower, parameter.upper
        if parameter.log10 or not (np.isfinite(low) and np.isfinite(high)):
            continue
        with np.errstate(all="ignore"):
            found = _tried(
                equation, Part(position, tuple(linear), (low + high) / 2.0, np.zeros(len(linear))), x
            )
        if found is not None:
            return found
    return None


def _tried(equation: Equation, part: Part, x: Array) -> Part | None:
    """The part with its amounts if it behaves as one at all places that are tried."""
    draw = np.random.default_rng(1)
    first: Array | None = None
    for _ in range(TRIALS):
        found = _amounts(equation, part, x, _settings(equation, part, x, draw))
        first = found if first is None else first
        if not (np.isfinite(found).all() and np.allclose(found, first, rtol=0.0, atol=ROUNDED)):
            return None
    return None if first is None else Part(part.position, part.linear, part.middle, first)


def _settings(equation: Equation, part: Part, x: Array, draw: np.random.Generator) -> Array:
    """Parameters (parameter, setting): each linear one alone, then all of them at random, last with another part."""
    points, linear = np.linspace(1.0, 2.0, x.size), list(part.linear)
    lower, upper = equation.bounds(x, points)
    place = lower + draw.uniform(0.3, 0.5) * (upper - lower)
    place = np.where(np.isfinite(place), place, equation.start(x, points))
    found = np.repeat(place[:, None], len(linear) + 2, axis=1)
    found[linear] = np.eye(len(linear), len(linear) + 2)
    found[linear, -2:] = draw.uniform(-2.0, 2.0, (len(linear), 2))
    found[part.position] = part.middle
    found[part.position, -1] = draw.uniform(part.middle, equation.parameters[part.position].upper)
    return found


def _amounts(equation: Equation, part: Part, x: Array, settings: Array) -> Array:
    """How high the pattern is for each linear parameter alone, the highest 1; nan where it is no pattern of a part."""
    linear, none = list(part.linear), np.full(len(part.linear), np.nan)
    slopes = equation.jacobian(x[:, None], settings)[[*linear, part.position]]  # (parameter, point, setting)
    response = np.broadcast_to(equation.function(x[:, None], settings), slopes.shape[1:])
    patterns, size = slopes[-1], np.abs(slopes[-1]).max()
    if not (np.isfinite(slopes).all() and np.isfinite(response).all() and size > 0):
        return none
    shape = patterns[:, int(np.argmax(np.abs(patterns).max(axis=0)))]
    height = shape @ patterns / float(shape @ shape)
    alike = np.abs(patterns - shape[:, None] * height).max() <= ROUNDED * size
    alone, mixed = height[:-2], height[-2:]
    linked = np.abs(alone @ settings[linear, -2:] - mixed).max() <= ROUNDED * np.abs(height).max()
    columns = np.stack([*slopes[:-1, :, 0], shape]).T
    left = response - columns @ np.linalg.lstsq(columns, response, rcond=None)[0]
    drawn = np.abs(left).max() <= ROUNDED * np.abs(response).max()
    first = alone[int(np.argmax(np.abs(alone)))]
    return np.asarray(alone / first) if alike and linked and drawn and first != 0 else none
