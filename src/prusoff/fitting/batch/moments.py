"""All that a step of the descent needs of the points of a curve: products of slopes and residuals, summed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ...core.equation import Array
from .compiling import looping
from .law import BatchLaw
from .small import backward, factor, forward

TRUSTED = 1e3  # how many times what is left may be taken off a sum of squares
STALE = 0.1  # part of what is left that was taken off, above which slopes are taken anew
TINY = 1e-300
EXACT = 1e-22  # part of the squares of the responses below which a sum of squares is rounding
LEAST = 8  # curves that are summed side by side at the least
BLOCK = 1024  # curves whose points are worked on at a time, so that they stay in the cache


@dataclass(frozen=True)
class Points:
    """The distinct x, mean responses and weights of curves with equally many of them: (point, curve).

    x is (point, 1) where all curves share it; `weight` is None where every point counts the same. A sum of squares
    below `noise` (curve,) is rounding.
    """

    x: Array
    y: Array
    weight: Array | None
    noise: Array

    @classmethod
    def of(cls, x: Array, y: Array, weight: Array | None = None) -> Points:
        """Points with the rounding that goes with their size."""
        squares = y * y if weight is None else weight * y * y
        return cls(x, y, weight, EXACT * squares.sum(axis=0))

    def at(self, curves: npt.NDArray[np.intp]) -> Points:
        """Some of the curves."""
        x = self.x if self.x.shape[1] == 1 else self.x.take(curves, axis=1)
        weight = None if self.weight is None else self.weight.take(curves, axis=1)
        return Points(x, self.y.take(curves, axis=1), weight, self.noise[curves])

    @classmethod
    def joined(cls, parts: Sequence[Points]) -> Points:
        """Points of several cohorts side by side; the weights of all are even or of none."""
        alike = all(part.x.shape[1] == 1 and np.array_equal(part.x, parts[0].x) for part in parts)
        x = parts[0].x
        if not alike:
            x = np.concatenate([np.broadcast_to(part.x, part.y.shape) for part in parts], axis=1)
        weights = [part.weight for part in parts if part.weight is not None]
        return cls(
            x,
            np.concatenate([part.y for part in parts], axis=1),
            np.concatenate(weights, axis=1) if weights else None,
            np.concatenate([part.noise for part in parts]),
        )

    def block(self, here: slice) -> Points:
        """Neighbouring curves, without a copy."""
        x = self.x if self.x.shape[1] == 1 else self.x[:, here]
        weight = None if self.weight is None else self.weight[:, here]
        return Points(x, self.y[:, here], weight, self.noise[here])


@dataclass(frozen=True)
class Moments:
    """Sums over the points of every curve, the solved parameters at their best.

    `normal` is J'WJ (free, free, curve), `pull` J'Wr (free, curve), `rest` the sum of squares r'Wr (curve,); `lower`
    and `reciprocal` factor the block of the solved parameters. `rest` is infinite where the solved parameters had so
    far to go that little is left of its digits. `drift` (curve,) is what they took off, as a part of what is left: the
    slopes were taken before they moved, and hold the less the more that is.
    """

    normal: Array
    pull: Array
    rest: Array
    lower: Array
    reciprocal: Array
    drift: Array

    @property
    def stale(self) -> npt.NDArray[np.bool_]:
        """Where the slopes must be taken anew before anything is concluded from them."""
        found: npt.NDArray[np.bool_] = self.drift > STALE
        return found

    @property
    def arrays(self) -> tuple[Array, ...]:
        """All arrays, the curves on the last axis of each."""
        return self.normal, self.pull, self.rest, self.lower, self.reciprocal, self.drift

    def at(self, curves: npt.NDArray[np.intp]) -> Moments:
        """Those of some of the curves."""
        return Moments(*(one.take(curves, axis=-1) for one in self.arrays))

    def reordered(self, law: BatchLaw, other: BatchLaw) -> Moments:
        """The same sums in the order of another law with the same fitted parameters, fewer of them solved."""
        order, count = [law.free.index(position) for position in other.free], len(other.solved)
        normal = np.ascontiguousarray(self.normal[order][:, order])
        lower, reciprocal = factor(normal[:count, :count])
        return Moments(normal, self.pull[order], self.rest, lower, reciprocal, self.drift)


def moments(law: BatchLaw, points: Points, table: Array) -> Moments:
    """Sums at these parameters (parameter, curve), which are then moved to the best solved ones in place."""
    size, curves = len(law.free), table.shape[1]
    normal, pull, rest = np.empty((size, size, curves)), np.empty((size, curves)), np.empty(curves)
    if (
        0 < curves < LEAST
    ):  # sums over few columns run in another order: a curve alone would get other last digits
        every = np.arange(LEAST) % curves
        wide = moments(law, points.at(every), wider := table.take(every, axis=1))
        table[:] = wider[:, :curves]
        return wide.at(np.arange(curves))
    if looping():
        from .loops.calls import add_up

        return add_up(law, points, table)
    for here in blocks(curves):
        _sum(law, points.block(here), table[:, here], (normal[..., here], pull[:, here], rest[here]))
    count = len(law.solved)
    lower, reciprocal = factor(normal[:count, :count])
    drift = np.zeros(curves)
    if count:
        part = forward(lower, reciprocal, pull[:count])
        change = backward(lower, reciprocal, part)
        gone = (part * part).sum(axis=0)
        rest -= gone
        drift = gone / (rest + points.noise + TINY)
        np.copyto(rest, np.inf, where=gone > TRUSTED * (rest + points.noise))
        for row, position in enumerate(law.solved):
            table[position] += change[row]
            pull -= normal[row] * change[row]
    return Moments(normal, pull, rest, lower, reciprocal, drift)


def blocks(curves: int) -> Iterator[slice]:
    """The curves in parts whose points stay in the cache; none is so small that its sums run in another order."""
    for first in range(0, curves, BLOCK):
        yield slice(first if curves - first >= LEAST else max(curves - LEAST, 0), min(first + BLOCK, curves))


def _sum(law: BatchLaw, points: Points, table: Array, into: tuple[Array, Array, Array]) -> None:
    normal, pull, rest = into
    fitted, slopes = law.response(points.x, table)
    residuals = np.subtract(points.y, fitted, out=fitted)
    weighted = residuals if points.weight is None else points.weight * residuals
    for k in range(len(slopes)):
        column = slopes[k] if points.weight is None else points.weight * slopes[k]
        np.einsum("pc,lpc->lc", column, slopes[k:], out=normal[k, k:])
        normal[k + 1 :, k] = normal[k, k + 1 :]
    np.einsum("pc,lpc->lc", weighted, slopes, out=pull)
    np.einsum("pc,pc->c", weighted, residuals, out=rest)
