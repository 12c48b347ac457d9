"""Where to begin: the sum of squares at every node of a grid over the searched parameters, for all curves at once."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from ...core.equation import Array
from .law import BatchLaw
from .layout import Indices
from .places import Axis, places

TILE, BROAD = (
    256,
    1024,
)  # curves a product takes at a time: always as many, so that no curve sees how many there are
FEW = 1024  # patterns up to which the tiles are broad
STARTS = 3  # most places from which a curve begins
RIVAL = (
    0.5  # part of what the best place leaves unexplained by which another may fall behind and still be tried
)
SAME = 1e-9  # what is left of a constant that the law can draw


@dataclass(frozen=True)
class Beginning:
    """Nodes (start, curve) where curves may begin, which are worth it, how far beside (start, searched, curve)."""

    nodes: Indices
    tried: npt.NDArray[np.bool_]
    beside: Array

    @classmethod
    def blank(cls, starts: int, searched: int, curves: int) -> Beginning:
        """Nothing is tried yet."""
        nodes = np.zeros((starts, curves), dtype=np.intp)
        return cls(nodes, np.zeros(nodes.shape, dtype=bool), np.zeros((starts, searched, curves)))

    def put(self, curves: slice, part: Beginning) -> None:
        """Take over those of some of the curves, the first of the part."""
        width = curves.stop - curves.start
        self.nodes[:, curves], self.tried[:, curves] = part.nodes[:, :width], part.tried[:, :width]
        self.beside[..., curves] = part.beside[..., :width]


@dataclass(frozen=True)
class Grid:
    """The nodes for curves that share their distinct x and weights: parameters, patterns and solutions at each.

    `axes` are those of the searched parameters, `count` the number of nodes; `patterns` (node and pattern, point) in
    single precision, orthonormal under the weights, without the constant where the law can draw one; `solutions`
    (point, solved, node) give the solved parameters from the responses; `offset` (node, point) is what the held
    parameters draw by themselves. Parameters in which the law is linear are solved here even where they have limits,
    `limits` (2, solved).
    """

    searched: tuple[int, ...]
    solved: tuple[int, ...]
    axes: tuple[Axis, ...]
    count: int
    patterns: npt.NDArray[np.float32]
    solutions: Array
    offset: Array
    root: Array
    constant: bool
    limits: Array

    @classmethod
    def of(cls, law: BatchLaw, x: Array, weight: Array) -> Grid:
        """The grid of a law for these distinct x (point,) and weights (point,)."""
        law = law.relaxed
        lower, upper = law.bounds(x)
        values = [places(law, position, x, (lower[position], upper[position])) for position in law.searched]
        sizes = [one.size for one in values]
        count = math.prod(sizes)
        axes = tuple(Axis.of(one, math.prod(sizes[row + 1 :])) for row, one in enumerate(values))
        table = law.blank(count)
        for position, axis in zip(law.searched, axes, strict=True):
            table[position] = axis.values[axis.place(np.arange(count))]
        offset, slopes = law.response(x[:, None], table)
        offset, root = np.broadcast_to(offset, (x.size, table.shape[1])), np.sqrt(weight)
        basis = np.moveaxis(slopes[: len(law.solved)], -1, 0) * root  # (node, solved, point)
        whole = np.asarray(np.linalg.pinv(np.swapaxes(basis, 1, 2), rcond=1e-12) * root, dtype=float)
        patterns, constant = _patterns(basis, root)
        flat = patterns.reshape(-1, x.size).astype(np.float32)
        solutions = np.ascontiguousarray(whole.transpose(2, 1, 0))
        drawn = np.ascontiguousarray(offset.T)
        solved = list(law.solved)
        limits = np.array([lower[solved], upper[solved]])
        return cls(law.searched, law.solved, axes, count, flat, solutions, drawn, root, constant, limits)

    @property
    def limited(self) -> bool:
        """Whether a solved parameter has limits that its best value may miss."""
        return bool(np.isfinite(self.limits).any())

    @cached_property
    def drawn(self) -> bool:
        """Whether held parameters draw something by themselves."""
        return bool(self.offset.any())

    def begin(self, y: Array) -> Beginning:
        """For responses (point, curve) where to begin: the best nodes, and how far beside them the best places lie."""
        count, starts = y.shape[1], 2 * STARTS if self.limited else STARTS
        width = BROAD if len(self.patterns) <= FEW else TILE
        found = Beginning.blank(starts, len(self.axes), count)
        tile = np.zeros((y.shape[0], width))
        for first in range(0, count, width):
            here = slice(first, min(first + width, count))
            tile[:, : here.stop - first], tile[:, here.stop - first :] = y[:, here], 0.0
            found.put(here, self._tile(tile))
        return found

    def values(self, nodes: Indices, y: Array) -> Array:
        """The best values of the solved parameters (solved, curve) at one node a curve."""
        found = np.zeros((self.solutions.shape[1], nodes.size))
        for point, solutions in enumerate(self.solutions):
            away = y[point] - self.offset[nodes, point] if self.drawn else y[point]
            found += solutions.take(nodes, axis=1) * away
        return found

    def places(self, nodes: Indices, beside: Array) -> Array:
        """The searched parameters (searched, curve) so far beside one node a curve."""
        found = np.empty(beside.shape)
        for row, axis in enumerate(self.axes):
            found[row] = axis.at(nodes, beside[row])
        return found

    def _tile(self, y: Array) -> Beginning:
        """The highest peaks along the places of the location, the other searched parameters at their best for each."""
        gains, most = self._gains(y)
        first = self.axes[0].values.size if self.axes else 1
        if not self.limited:
            nodes, tried = _peaks(gains.reshape(first, -1, most.size), most)
            beside = np.zeros((len(nodes), len(self.axes), most.size))
            for start, chosen in enumerate(tried):
                curves = np.flatnonzero(chosen)
                beside[start][:, curves] = self._beside(gains, nodes[start, curves], curves)
            return Beginning(nodes, tried, beside)
        kept = np.where(self._inside(y), gains, np.float32(-1.0))
        parts = [_peaks(one.reshape(first, -1, most.size), most)[0] for one in (gains, kept)]
        found = Beginning.blank(2 * STARTS, len(self.axes), most.size)
        return Beginning(np.concatenate(parts), ~found.tried, found.beside)

    def _beside(self, gains: npt.NDArray[np.float32], nodes: Indices, curves: Indices) -> Array:
        """How far beside nodes the tops of the parabolas through their neighbours lie, (searched, curve)."""
        found = np.zeros((len(self.axes), nodes.size))
        flat, width = gains.reshape(-1), gains.shape[1]
        spot = nodes * width + curves
        here = flat.take(spot)
        for row, axis in enumerate(self.axes):
            place = axis.place(nodes)
            inner = (place > 0) & (place < axis.values.size - 1)
            away = inner * (axis.stride * width)
            low, high = axis.gaps.take(place), axis.gaps.take(place + 1)
            rise, fall = (here - flat.take(spot - away)) / low, (here - flat.take(spot + away)) / high
            bend = np.where(rise + fall > 0, rise + fall, np.inf)
            found[row] = np.clip(0.5 * (rise * high - fall * low) / bend, -0.5 * low, 0.5 * high)
        return found

    def _inside(self, y: Array) -> npt.NDArray[np.bool_]:
        """Where the best values of all solved parameters lie inside their limits, (node, curve)."""
        solutions = self.solutions.transpose(2, 1, 0)
        flat = np.ascontiguousarray(solutions).reshape(-1, len(y))
        values = (flat @ y - (solutions * self.offset[:, None]).sum(axis=2).reshape(-1, 1)).reshape(
            self.count, -1, y.shape[1]
        )
        low, high = self.limits[:, None, :, None]
        found: npt.NDArray[np.bool_] = ((values >= low) & (values <= high)).all(axis=1)
        return found

    def _gains(self, y: Array) -> tuple[npt.NDArray[np.float32], Array]:
        """How much of the sum of squares every node explains (node, curve), and how much there is to explain."""
        scaled = self.root[:, None] * y
        if self.constant:
            direction = self.root / np.sqrt((self.root * self.root).sum())
            scaled = scaled - direction[:, None] * (direction[:, None] * scaled).sum(axis=0)
        size = np.sqrt((scaled * scaled).sum(axis=0))
        size[size == 0] = 1.0
        products = self.patterns @ (scaled / size).astype(np.float32)
        products = products.reshape(self.count, -1, y.shape[1])
        if self.drawn:
            return self._gains_beside_offset(scaled, size, products)
        gains = np.square(products[:, 0])
        for one in range(1, products.shape[1]):
            gains += products[:, one] ** 2
        return gains, np.ones(size.size)

    def _gains_beside_offset(
        self, scaled: Array, size: Array, products: npt.NDArray[np.float32]
    ) -> tuple[npt.NDArray[np.float32], Array]:
        """The same where held parameters draw something already: it is taken off the responses first."""
        drawn = self.root * self.offset  # (node, point)
        patterns = self.patterns.reshape(len(drawn), -1, drawn.shape[1])
        along = np.einsum("nkp,np->nk", patterns, drawn)[:, :, None] / size
        lowered = 2.0 * (drawn @ scaled) / size**2 - (drawn * drawn).sum(axis=1)[:, None] / size**2
        gains = ((products - along) ** 2).sum(axis=1) + lowered
        return gains.astype(np.float32), np.ones(size.size)


def _peaks(field: npt.NDArray[np.float32], most: Array) -> tuple[Indices, npt.NDArray[np.bool_]]:
    """The highest peaks of a field (place, other, curve) along the places, and which of them rival the highest."""
    ridge = field.max(axis=1)
    top, every = ridge.max(axis=0), np.arange(most.size)
    peaks = ridge >= top - RIVAL * np.maximum(most - top, 0.0).astype(np.float32)
    peaks[:-1] &= ridge[:-1] >= ridge[1:]
    peaks[1:] &= ridge[1:] > ridge[:-1]
    tried = np.zeros((STARTS, most.size), dtype=bool)
    places = np.zeros((STARTS, most.size), dtype=np.intp)
    tried[0], places[0] = True, ridge.argmax(axis=0)
    curves = np.flatnonzero(peaks.sum(axis=0) > 1)
    heights = np.where(peaks[:, curves], ridge[:, curves], -1.0)
    for start in range(1, STARTS):
        heights[places[start - 1, curves], np.arange(curves.size)] = -1.0
        places[start, curves] = heights.argmax(axis=0)
        tried[start, curves] = heights.max(axis=0) >= 0.0
    nodes = places * field.shape[1]
    nodes[0] += field[places[0], :, every].argmax(axis=1)
    for start in range(1, STARTS):
        nodes[start, curves] += field[places[start, curves], :, curves].argmax(axis=1)
    return nodes, tried


def _patterns(basis: Array, root: Array) -> tuple[Array, bool]:
    """Orthonormal patterns (node, pattern, point) of what the solved parameters can draw, the constant set aside."""
    direction = root / np.sqrt((root * root).sum())
    if not basis.shape[1]:
        return np.zeros((len(basis), 1, root.size)), False
    spanned = np.linalg.pinv(np.swapaxes(basis, 1, 2), rcond=1e-12) @ direction
    missed = direction - np.einsum("nk,nkp->np", spanned, basis)
    constant = bool((np.abs(missed) < SAME).all())
    if constant:
        basis = basis - (basis @ direction)[:, :, None] * direction
    _, size, right = np.linalg.svd(basis, full_matrices=False)
    keep = size > 1e-10 * np.maximum(size[:, :1], 1e-300)
    patterns = np.where(keep[:, :, None], right, 0.0)
    return (patterns[:, :-1] if constant and patterns.shape[1] > 1 else patterns), constant
