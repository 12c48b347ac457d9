"""The values at which the searched parameters of a law are tried before the descent."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...core.equation import Array
from ..problem import tested
from ..start import MOST_PLACES, among
from .law import BatchLaw
from .layout import Indices

BEYOND = (0.25, 0.5, 1.0, 1.75, 2.5, 3.0)  # decades outside the tested range at which a location is tried


@dataclass(frozen=True)
class Axis:
    """The places (place,) at which a searched parameter is tried, and how far apart they are, in logarithms if `even`.

    `gaps` (place + 1,) are those before every place and after the last; `stride` is by how many nodes places differ.
    """

    values: Array
    even: bool
    gaps: Array
    stride: int

    @classmethod
    def of(cls, values: Array, stride: int) -> Axis:
        """The axis with these places."""
        even = bool(values.size > 2 and (values > 0).all() and np.allclose(np.diff(np.log(values), 2), 0.0))
        gaps = np.concatenate([[1.0], np.diff(np.log(values) if even else values), [1.0]])
        return cls(values, even, gaps, stride)

    def place(self, nodes: Indices) -> Indices:
        """Which place of the axis each node has."""
        found: Indices = (nodes // self.stride) % self.values.size
        return found

    def at(self, nodes: Indices, beside: Array) -> Array:
        """The values of the parameter so far beside the nodes."""
        there = self.values[self.place(nodes)]
        found: Array = there * np.exp(beside) if self.even else there + beside
        return found


def places(law: BatchLaw, position: int, x: Array, limits: tuple[float, float]) -> Array:
    """The values at which a searched parameter is tried."""
    parameter = law.equation.parameters[position]
    low, high = limits
    if parameter.name == law.equation.location and (found := tested(law.equation, x)).size:
        return _over_the_range(found, limits)
    if parameter.log10:
        if np.isfinite(low) and np.isfinite(high):
            fine = 16 if len(law.searched) == 1 else 2  # places a decade
            return np.linspace(low, high, min(fine * int(np.ceil(high - low)), 8 * fine) + 1)
        start = float(law.equation.start(x, np.linspace(1.0, 2.0, x.size))[position])
        return np.clip(start + np.array([-1.0, 0.0, 1.0]), low, high)
    if np.isfinite(low) and np.isfinite(high) and low > 0:
        return np.geomspace(low, high, 2 + int(np.ceil(np.log2(high / low))))
    if np.isfinite(low) and np.isfinite(high):
        return low + (high - low) * np.array([0.08, 0.25, 0.5, 0.75, 0.92])
    start = float(law.equation.start(x, np.linspace(1.0, 2.0, x.size))[position])
    return np.clip(np.array([0.3, 1.0, 3.0]) * (start or 1.0), low, high)


def _over_the_range(within: Array, limits: tuple[float, float]) -> Array:
    """Every tested place, places between them, and places outside up to the limits."""
    outside = np.concatenate([within[0] - np.array(BEYOND), within[-1] + np.array(BEYOND)])
    places = np.unique(np.concatenate([among(within, MOST_PLACES), outside, np.array(limits)]))
    found: Array = places[(places >= limits[0]) & (places <= limits[1])]
    return found
