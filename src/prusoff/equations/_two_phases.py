"""Two logistic phases, one after the other along the log concentration, each with its own slope."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..core.equation import Array
from ._logistic import LN10, finite_or_zero, logistic


@dataclass(frozen=True)
class Phases:
    """What is left and what is gone of each of two phases, their slopes, and how far x lies from them.

    The distances are those of a finite x: at an infinite one something of both phases is zero.
    """

    left: tuple[Array, Array]
    gone: tuple[Array, Array]
    distances: tuple[Array, Array]
    slopes: tuple[Array, Array]

    @cached_property
    def steep(self) -> tuple[Array, Array]:
        """What is left times what is gone of each phase, times the log of ten."""
        first, second = (np.multiply(left, gone) for left, gone in zip(self.left, self.gone, strict=True))
        return first * LN10, second * LN10

    @property
    def only_first(self) -> Array:
        """How much more of the first phase is gone than of the second, without losing digits."""
        ahead = LN10 * (self.distances[0] * self.slopes[0] - self.distances[1] * self.slopes[1])
        size = np.where(ahead > 0.0, self.gone[0] * self.left[1], self.gone[1] * self.left[0])
        result: Array = np.copysign(np.expm1(-np.abs(ahead)), ahead) * size
        return result

    def by_location(self, phase: int) -> Array:
        """Derivative of what is left of a phase by the log of its half way concentration."""
        result: Array = self.slopes[phase] * self.steep[phase]
        return result

    def by_slope(self, phase: int) -> Array:
        """Derivative of what is left of a phase by its slope."""
        result: Array = -self.distances[phase] * self.steep[phase]
        return result


def phases(x: Array, first: tuple[Array, Array], second: tuple[Array, Array]) -> Phases:
    """Both phases at x, each given by the log of its half way concentration and its slope."""
    (left_1, gone_1), (left_2, gone_2) = (
        logistic((x - at) * (LN10 * slope)) for at, slope in (first, second)
    )
    finite = finite_or_zero(x)
    return Phases(
        (left_1, left_2), (gone_1, gone_2), (finite - first[0], finite - second[0]), (first[1], second[1])
    )
