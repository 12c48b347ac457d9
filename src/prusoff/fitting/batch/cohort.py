"""Curves with equally many distinct x, ready to be fitted side by side whatever their x are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
import numpy.typing as npt

from ...core.equation import Array
from ..problem import measured_range_of
from ..weights import Weights, point_weights
from .grid import Grid
from .law import BatchLaw
from .layout import Indices, Layout, added
from .moments import Points

Starts = tuple[Array, npt.NDArray[np.bool_]]


@dataclass(frozen=True)
class Cohort:
    """Curves side by side; the last axis of every array is the curve.

    `scale` multiplies all sums over points where the weights of a curve are equal, `pure` is the weighted sum of
    squares about the means, `squares` (group, curve) the unweighted one, `counts` (group, curve) the points behind each
    mean. `lower` and `upper` are (parameter, curve), `tables` (start, parameter, curve) where a descent may begin and
    `tried` (start, curve) which of them are worth it. `tested` (2, curve) is the finite range of x on the scale of the
    location, `controls` (2, curve) the mean response without and with full effect, `span` the range of all responses.
    """

    members: Indices
    points: Points
    scale: Array
    pure: Array
    squares: Array
    counts: Array
    size: npt.NDArray[np.int64]
    lower: Array
    upper: Array
    tables: Array
    tried: npt.NDArray[np.bool_]
    tested: Array
    controls: Array
    span: Array
    largest: Array
    layout: Indices

    def __len__(self) -> int:
        return int(self.members.size)

    def at(self, curves: Indices) -> Cohort:
        """Some of the curves."""
        columns = {name: getattr(self, name).take(curves, axis=-1) for name in COLUMNS}
        return replace(self, points=self.points.at(curves), **columns)


COLUMNS = tuple(one.name for one in fields(Cohort) if one.name != "points")


def cohort_of(
    law: BatchLaw, layout: Layout, weighting: Weights, number: int, starts: Starts | None = None
) -> Cohort:
    """The curves of one layout with their weights and the places where the grid, or `starts`, says to begin."""
    curves = layout.members.size
    weight = point_weights(weighting, layout.y, layout.sd)
    total, mean, squares = layout.plain if weight is None else layout.means(weight)
    even = weight is None and bool((total == total[0]).all())
    scale = float(total[0, 0]) if even else 1.0
    whole = np.broadcast_to(total, mean.shape)
    lower, upper = law.bounds(layout.x)
    if starts is None:
        grid = Grid.of(law, layout.x, np.ones(layout.x.size) if even else total.mean(axis=1))
        starts = begun(law, grid, mean, (lower, upper))
    tables, tried = starts
    x = layout.x
    controls = np.full((2, curves), np.nan)
    for row, there in enumerate((-np.inf, np.inf)):
        points = np.repeat(x == there, np.diff(layout.edges))
        if points.any() and law.equation.axes[0].log10:
            controls[row] = layout.y[points].mean(axis=0)
    low, high = measured_range_of(law.equation, x)
    return Cohort(
        members=layout.members,
        points=Points.of(x[:, None], mean, None if even else np.ascontiguousarray(whole)),
        scale=np.full(curves, scale),
        pure=added(squares),
        squares=squares,
        counts=np.broadcast_to(layout.counts[:, None], mean.shape),
        size=np.full(curves, len(layout.y), dtype=np.int64),
        lower=np.repeat(lower[:, None], curves, axis=1),
        upper=np.repeat(upper[:, None], curves, axis=1),
        tables=tables,
        tried=tried,
        tested=np.repeat(np.array([[low], [high]]), curves, axis=1),
        controls=controls,
        span=layout.span,
        largest=layout.largest,
        layout=np.full(curves, number, dtype=np.intp),
    )


def begun(
    law: BatchLaw, grid: Grid, y: Array, limits: tuple[Array, Array]
) -> tuple[Array, npt.NDArray[np.bool_]]:
    """Where the descents of responses (group, curve) may begin: tables (start, parameter, curve), which are tried."""
    found = grid.begin(y)
    tables = np.repeat(law.blank(y.shape[1])[None], len(found.nodes), axis=0)
    searched = list(law.searched)
    low, high = limits[0][searched, None], limits[1][searched, None]
    for start, table in enumerate(tables):
        curves = np.flatnonzero(found.tried[start])
        nodes = found.nodes[start, curves]
        part = law.blank(curves.size)
        part[list(grid.searched)] = grid.places(nodes, found.beside[start][:, curves])
        part[list(grid.solved)] = grid.values(nodes, found.face[start, curves], y[:, curves])
        part[searched] = np.clip(part[searched], low, high)
        table[:, curves] = part
    return tables, found.tried


def side_by_side(cohorts: Sequence[Cohort]) -> Cohort:
    """Cohorts of equally many distinct x as one; the weights of all are even or of none."""
    if len(cohorts) == 1:
        return cohorts[0]
    points = Points.joined([one.points for one in cohorts])
    columns = {name: np.concatenate([getattr(one, name) for one in cohorts], axis=-1) for name in COLUMNS}
    return replace(cohorts[0], points=points, **columns)
