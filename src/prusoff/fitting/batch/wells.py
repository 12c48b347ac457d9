"""The single points of many curves side by side, and what they say at weights of their own: sums over equal x."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ...core.equation import Array
from ..objective import EXACT
from ..weights import Weights, fitted_weights, point_weights
from .law import BatchLaw
from .layout import Indices, Layout, added
from .moments import EXACT as ROUNDING
from .moments import Points

SMALLEST = 1e-150  # least scale of residuals


@dataclass(frozen=True)
class Wells:
    """The points of curves whose numbers of points at the distinct x are the same, the x being their own.

    x (group, curve) are the distinct ones, `edges` (group + 1,) say which points belong to each; y and `base`, the
    weights of the weighting (None where all are one), are (point, curve). `lower` and `upper` are (parameter, curve).
    With `iterated` the weights of the weighting follow from the curve instead.
    """

    x: Array
    edges: Indices
    y: Array
    base: Array | None
    lower: Array
    upper: Array
    iterated: Weights | None

    @classmethod
    def of(cls, law: BatchLaw, layout: Layout, weighting: Weights) -> Wells:
        """The points of one layout."""
        curves = layout.members.size
        lower, upper = (np.repeat(side[:, None], curves, axis=1) for side in law.bounds(layout.x))
        x = np.repeat(layout.x[:, None], curves, axis=1)
        base = point_weights(weighting, layout.y, layout.sd)
        iterated = weighting if weighting.iterated else None
        return cls(x, layout.edges, layout.y, base, lower, upper, iterated)

    @classmethod
    def together(cls, parts: list[Wells]) -> Wells:
        """Those of several layouts with the same numbers of points."""
        first = parts[0]
        if len(parts) == 1:
            return first
        x, y, lower, upper = (
            np.concatenate([getattr(one, name) for one in parts], axis=1)
            for name in ("x", "y", "lower", "upper")
        )
        bases = [one.base for one in parts if one.base is not None]
        base = np.concatenate(bases, axis=1) if bases else None
        return cls(x, first.edges, y, base, lower, upper, first.iterated)

    def at(self, curves: npt.NDArray[np.intp]) -> Wells:
        """Some of the curves."""
        x, y, lower, upper = (one.take(curves, axis=1) for one in (self.x, self.y, self.lower, self.upper))
        base = None if self.base is None else self.base.take(curves, axis=1)
        return Wells(x, self.edges, y, base, lower, upper, self.iterated)

    @property
    def least(self) -> Array:
        """The scale below which residuals are rounding, (curve,)."""
        squares = self.y * self.y if self.base is None else self.base * self.y * self.y
        found: Array = np.maximum(EXACT * np.sqrt(added(squares) / len(self.y)), SMALLEST)
        return found

    def residuals(self, law: BatchLaw, table: Array) -> tuple[Array, Array | None]:
        """Weighted residuals (point, curve) from the curves of these parameters, and the weights of the weighting."""
        fitted = np.broadcast_to(law.equation.function(self.x, table), self.x.shape)
        base = self.base
        if self.iterated is not None:
            base = self._spread(fitted_weights(self.iterated, fitted))
        away = self._spread(fitted)
        np.subtract(self.y, away, out=away)
        return (away if base is None else np.sqrt(base) * away), base

    def points(self, weight: Array) -> Points:
        """The weighted means at the distinct x, which stand for all points at these weights (point, curve)."""
        total, mean = self._summed(weight), self._summed(weight * self.y)
        mean /= total
        return Points(self.x, mean, total, ROUNDING * added(total * mean * mean))

    def _spread(self, groups: Array) -> Array:
        return np.repeat(groups, np.diff(self.edges), axis=0)

    def _summed(self, values: Array) -> Array:
        """Sums over the points of every distinct x, one point after another."""
        sizes = np.diff(self.edges)
        if not (sizes == sizes[0]).all():
            return Layout(self.edges, self.x[:, 0], self.edges, self.y, None).grouped(values)
        stacked = values.reshape(len(self.x), int(sizes[0]), -1)
        found = stacked[:, 0].copy()
        for point in range(1, int(sizes[0])):
            found += stacked[:, point]
        return found
