"""The values at which the searched parameters of a law are tried before the descent."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...core.equation import Array
from ..problem import tested
from ..start import MOST_PLACES, among
from .law import BatchLaw
from .layout import Indices

MANY = 3  # searched parameters above which each is tried at fewer places, but from more of these
NEXT = (1.0,)  # decades outside the tested range at which a location is then tried
FEW = (0.24, 0.56, 0.87)  # where in the logarithm between its limits a slope is then tried
RATIOS, BENT = 13, 1.25  # places at which a ratio is then tried, and how much closer small ones lie
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
    within = tested(law.equation, x)
    many = len(law.searched) > MANY and within.size > 0 and law.equation.axes[0].log10
    if parameter.name == law.equation.location and within.size:
        return _over_the_range(within, limits, many)
    if many and parameter.log10 and low == 0.0 and np.isfinite(high):
        reach = (within[-1] - within[0]) * (np.arange(1, RATIOS + 1) / (RATIOS - 1)) ** BENT
        return np.asarray(reach[reach <= high])
    if parameter.log10:
        if np.isfinite(low) and np.isfinite(high):
            fine = 16 if len(law.searched) == 1 else 2  # places a decade
            return np.linspace(low, high, min(fine * int(np.ceil(high - low)), 8 * fine) + 1)
        start = float(law.equation.start(x, np.linspace(1.0, 2.0, x.size))[position])
        return np.clip(start + np.array([-1.0, 0.0, 1.0]), low, high)
    if np.isfinite(low) and np.isfinite(high) and low > 0 and many:
        return np.asarray(low * (high / low) ** np.array(FEW))
    if np.isfinite(low) and np.isfinite(high) and low > 0:
        return np.geomspace(low, high, 2 + int(np.ceil(np.log2(high / low))))
    if np.isfinite(low) and np.isfinite(high):
        return low + (high - low) * np.array([0.08, 0.25, 0.5, 0.75, 0.92])
    start = float(law.equation.start(x, np.linspace(1.0, 2.0, x.size))[position])
    return np.clip(np.array([0.3, 1.0, 3.0]) * (start or 1.0), low, high)


def _over_the_range(within: Array, limits: tuple[float, float], many: bool) -> Array:
    """Every tested place, places between them, and places outside: up to the limits, or one on each side for `many`."""
    beyond = np.array(NEXT if many else BEYOND)
    outside = np.concatenate([within[0] - beyond, within[-1] + beyond, [] if many else limits])
    places = np.unique(np.concatenate([among(within, MOST_PLACES // 2 if many else MOST_PLACES), outside]))
    found: Array = places[(places >= limits[0]) & (places <= limits[1])]
    return found
