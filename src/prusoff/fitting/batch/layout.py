"""Sorts curves by where they were measured: those with the same x are worked on as one table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from ...core.curves import Curves
from ...core.equation import Array

Indices = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Layout:
    """Curves that were measured at the same x: `members` are their positions, points are in rising order of x.

    x (group,) are the distinct ones, `edges` (group + 1,) say which points belong to each; y and sd (point, curve).
    """

    members: Indices
    x: Array
    edges: Indices
    y: Array
    sd: Array | None

    @property
    def counts(self) -> Array:
        """How many points each distinct x has, (group,)."""
        return np.diff(self.edges).astype(float)

    def at(self, curves: npt.NDArray[np.bool_]) -> Layout:
        """Some of the curves."""
        if curves.all():
            return self
        chosen = np.flatnonzero(curves)
        sd = None if self.sd is None else self.sd.take(chosen, axis=1)
        part = Layout(self.members[chosen], self.x, self.edges, self.y.take(chosen, axis=1), sd)
        if "plain" in self.__dict__:
            total, mean, squares = self.plain
            part.__dict__["plain"] = total, mean.take(chosen, axis=1), squares.take(chosen, axis=1)
        if "ends" in self.__dict__:
            part.__dict__["ends"] = tuple(one[chosen] for one in self.ends)
        return part

    @cached_property
    def ends(self) -> tuple[Array, Array]:
        """The lowest and the highest response of every curve, (curve,)."""
        return self.y.min(axis=0), self.y.max(axis=0)

    @property
    def span(self) -> Array:
        """The range of the responses of every curve, (curve,)."""
        return self.ends[1] - self.ends[0]

    @property
    def largest(self) -> Array:
        """The largest response of every curve, whatever its sign, (curve,)."""
        found: Array = np.maximum(-self.ends[0], self.ends[1])
        return found

    @cached_property
    def plain(self) -> tuple[Array, Array, Array]:
        """Counts, means and squares about them where every point counts one."""
        return self.means()

    def grouped(self, values: Array) -> Array:
        """Sums over the points of every distinct x, (group, curve), one point after another."""
        found = values[self.edges[:-1]].copy()
        for group, (first, last) in enumerate(zip(self.edges[:-1], self.edges[1:], strict=True)):
            for point in range(first + 1, last):
                found[group] += values[point]
        return found

    def means(self, weight: Array | None = None) -> tuple[Array, Array, Array]:
        """Total weights, weighted means and weighted squares about them for every distinct x: (group, curve) each.

        Without weights every point counts one, and the total weights are (group, 1).
        """
        if weight is None:
            total = self.counts[:, None]
            mean = self.grouped(self.y) / total
            squares = np.empty_like(mean)
            for group, (first, last) in enumerate(zip(self.edges[:-1], self.edges[1:], strict=True)):
                away = self.y[first:last] - mean[group]
                squares[group] = added(np.square(away, out=away))
            return total, mean, squares
        total = self.grouped(weight)
        mean = self.grouped(weight * self.y) / total
        away = self.y - np.repeat(mean, np.diff(self.edges), axis=0)
        return total, mean, self.grouped(weight * away * away)


def unusable(curves: Curves) -> npt.NDArray[np.int8]:
    """Why a curve cannot be fitted whatever the law: 0 it can, 1 no points, 2 a missing number, 3 a bad SD."""
    found = np.zeros(len(curves), dtype=np.int8)
    if curves.sd is not None:
        found[_any(~(np.isfinite(curves.sd) & (curves.sd > 0)), curves.starts)] = 3
    found[_any(np.isnan(curves.x) | ~np.isfinite(curves.y), curves.starts)] = 2
    found[np.diff(curves.starts) == 0] = 1
    return found


def layouts(curves: Curves, chosen: Indices) -> Iterator[Layout]:
    """The chosen curves, sorted by the x at which they were measured. Rows of one x keep their order."""
    lengths = np.diff(curves.starts)[chosen]
    for points in np.unique(lengths):
        members = chosen[lengths == points]
        rows: Indices | slice = slice(int(curves.starts[members[0]]), int(curves.starts[members[-1] + 1]))
        if (np.diff(members) != 1).any():  # others stand between them
            rows = (curves.starts[members][:, None] + np.arange(points)).reshape(-1)
        x = curves.x[rows].reshape(-1, points) + 0.0  # no negative zero
        y = curves.y[rows].reshape(-1, points)
        sd = None if curves.sd is None else curves.sd[rows].reshape(-1, points)
        if (x == x[0]).all():
            order = np.argsort(x[0], kind="stable")
            if (order[1:] > order[:-1]).all():
                yield _layout(members, x[0], y, sd)
                continue
            yield _layout(members, x[0, order], y[:, order], None if sd is None else sd[:, order])
            continue
        order = np.argsort(x, axis=1, kind="stable")
        x, y = np.take_along_axis(x, order, 1), np.take_along_axis(y, order, 1)
        sd = None if sd is None else np.take_along_axis(sd, order, 1)
        whole = np.ascontiguousarray(x).view(np.dtype((np.void, x.itemsize * x.shape[1]))).reshape(-1)
        _, first, which = np.unique(whole, return_index=True, return_inverse=True)
        sorted_rows = np.argsort(which, kind="stable")
        borders = np.searchsorted(which[sorted_rows], np.arange(first.size + 1))
        for k, row in enumerate(first):
            here = sorted_rows[borders[k] : borders[k + 1]]
            yield _layout(members[here], x[row], y[here], None if sd is None else sd[here])


def _layout(members: Indices, x: Array, y: Array, sd: Array | None) -> Layout:
    """A layout from sorted x (point,) and y (curve, point)."""
    fresh = np.flatnonzero(np.concatenate([[True], x[1:] != x[:-1]]))
    edges = np.append(fresh, x.size)
    sd = None if sd is None else np.ascontiguousarray(sd.T)
    return Layout(members, x[fresh], edges, np.ascontiguousarray(y.T), sd)


def added(terms: Array) -> Array:
    """Rows added one after another, so that a curve gets the same digits whatever stands beside it."""
    found: Array = terms[0].copy()
    for term in terms[1:]:
        found += term
    return found


def _any(flags: npt.NDArray[np.bool_], starts: Indices) -> npt.NDArray[np.bool_]:
    """Whether any point of each curve is flagged, (curve,)."""
    if not flags.any():
        return np.zeros(starts.size - 1, dtype=bool)
    before = np.concatenate([[0], np.cumsum(flags)])
    found: npt.NDArray[np.bool_] = before[starts[1:]] > before[starts[:-1]]
    return found
