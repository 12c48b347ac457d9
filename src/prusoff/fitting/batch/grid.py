"""Where to begin: the sum of squares at every node of a grid over the searched parameters, for all curves at once."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ...core.equation import Array, Parameter
from .law import BatchLaw

TILE = (
    256  # curves a product takes at a time: always as many, so that no curve sees how many others there are
)
STARTS = 3  # most places from which a curve begins
MOST_PLACES = 40  # of a location
BEYOND = (0.25, 0.5, 1.0, 1.75, 2.5, 3.0)  # decades outside the tested range at which a location is tried
RIVAL = (
    0.5  # part of what the best place leaves unexplained by which another may fall behind and still be tried
)
SAME = 1e-9  # what is left of a constant that the law can draw


@dataclass(frozen=True)
class Grid:
    """The nodes for curves that share their distinct x and weights: parameters, patterns and solutions at each.

    `nodes` (searched, node); `patterns` (node and pattern, point) in single precision, orthonormal under the weights,
    without the constant where the law can draw one; `solutions` (node, solved, point) give the solved parameters from
    the responses; `offset` (node, point) is what the held parameters draw by themselves. Parameters in which the law is
    linear are solved here even where they have limits, `limits` (2, solved).
    """

    searched: tuple[int, ...]
    solved: tuple[int, ...]
    shape: tuple[int, ...]
    nodes: Array
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
        axes = [_places(law, position, x, (lower[position], upper[position])) for position in law.searched]
        count = int(np.prod([len(axis) for axis in axes], dtype=int))
        nodes = np.array(list(itertools.product(*axes)), dtype=float).reshape(count, len(axes)).T
        table = law.blank(count)
        table[list(law.searched)] = nodes
        offset, slopes = law.response(x[:, None], table)
        offset, root = np.broadcast_to(offset, (x.size, table.shape[1])), np.sqrt(weight)
        basis = np.moveaxis(slopes[: len(law.solved)], -1, 0) * root  # (node, solved, point)
        whole = np.asarray(np.linalg.pinv(np.swapaxes(basis, 1, 2), rcond=1e-12) * root, dtype=float)
        patterns, constant = _patterns(basis, root)
        flat = patterns.reshape(-1, x.size).astype(np.float32)
        shape = tuple(map(len, axes)) or (1,)
        drawn = np.ascontiguousarray(offset.T)
        solved = list(law.solved)
        limits = np.array([lower[solved], upper[solved]])
        return cls(law.searched, law.solved, shape, nodes, flat, whole, drawn, root, constant, limits)

    @property
    def limited(self) -> bool:
        """Whether a solved parameter has limits that its best value may miss."""
        return bool(np.isfinite(self.limits).any())

    def begin(self, y: Array) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.bool_]]:
        """For responses (point, curve) the best nodes (start, curve), and which of them are worth a descent."""
        count, starts = y.shape[1], 2 * STARTS if self.limited else STARTS
        nodes = np.empty((starts, count), dtype=np.intp)
        tried = np.empty((starts, count), dtype=bool)
        tile = np.zeros((y.shape[0], TILE))
        for first in range(0, count, TILE):
            here = slice(first, min(first + TILE, count))
            width = here.stop - here.start
            tile[:, :width], tile[:, width:] = y[:, here], 0.0
            found = self._tile(tile)
            nodes[:, here], tried[:, here] = found[0][:, :width], found[1][:, :width]
        return nodes, tried

    def values(self, nodes: npt.NDArray[np.intp], y: Array) -> Array:
        """The best values of the solved parameters (solved, curve) at one node a curve."""
        away = y - self.offset[nodes].T
        found = np.zeros((self.solutions.shape[1], nodes.size))
        for point in range(len(y)):
            found += self.solutions[nodes, :, point].T * away[point]
        return found

    def _tile(self, y: Array) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.bool_]]:
        """The highest peaks along the places of the location, the other searched parameters at their best for each."""
        gains, most = self._gains(y)
        if not self.limited:
            return _peaks(gains.reshape(self.shape[0], -1, TILE), most)
        kept = np.where(self._inside(y), gains, np.float32(-1.0))
        parts = [_peaks(one.reshape(self.shape[0], -1, TILE), most) for one in (gains, kept)]
        nodes = np.concatenate([part[0] for part in parts])
        return nodes, np.ones(nodes.shape, dtype=bool)

    def _inside(self, y: Array) -> npt.NDArray[np.bool_]:
        """Where the best values of all solved parameters lie inside their limits, (node, curve)."""
        flat = self.solutions.reshape(-1, self.solutions.shape[2])
        values = (flat @ y - (self.solutions * self.offset[:, None]).sum(axis=2).reshape(-1, 1)).reshape(
            len(self.solutions), -1, TILE
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
        count = self.nodes.shape[1]
        products = self.patterns @ (scaled / size).astype(np.float32)
        products = products.reshape(count, -1, TILE)
        if self.offset.any():
            return self._gains_beside_offset(scaled, size, products)
        gains = (products * products).sum(axis=1)
        return gains, np.ones(TILE)

    def _gains_beside_offset(
        self, scaled: Array, size: Array, products: npt.NDArray[np.float32]
    ) -> tuple[npt.NDArray[np.float32], Array]:
        """The same where held parameters draw something already: it is taken off the responses first."""
        drawn = self.root * self.offset  # (node, point)
        patterns = self.patterns.reshape(len(drawn), -1, drawn.shape[1])
        along = np.einsum("nkp,np->nk", patterns, drawn)[:, :, None] / size
        lowered = 2.0 * (drawn @ scaled) / size**2 - (drawn * drawn).sum(axis=1)[:, None] / size**2
        gains = ((products - along) ** 2).sum(axis=1) + lowered
        return gains.astype(np.float32), np.ones(TILE)


def _peaks(field: npt.NDArray[np.float32], most: Array) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.bool_]]:
    """The highest peaks of a field (place, other, curve) along the places, and which of them rival the highest."""
    ridge = field.max(axis=1)
    peaks = ridge.copy()
    peaks[:-1][ridge[1:] > ridge[:-1]] = -1.0
    peaks[1:][ridge[:-1] >= ridge[1:]] = -1.0
    every = np.arange(field.shape[2])
    nodes, heights = [], []
    for _ in range(STARTS):
        place = np.argmax(peaks, axis=0)
        nodes.append(place * field.shape[1] + np.argmax(field[place, :, every], axis=1))
        heights.append(peaks[place, every])
        peaks[place, every] = -1.0
    tall = np.array(heights)
    left = np.maximum(most - tall[0], 0.0)
    return np.array(nodes), tall >= tall[0] - RIVAL * left


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


def _places(law: BatchLaw, position: int, x: Array, limits: tuple[float, float]) -> Array:
    """The values at which a searched parameter is tried."""
    parameter = law.equation.parameters[position]
    low, high = limits
    tested = _tested(law, parameter, x)
    if parameter.name == law.equation.location and tested.size:
        return _over_the_range(tested, limits)
    if parameter.log10:
        if np.isfinite(low) and np.isfinite(high):
            fine = 8 if len(law.searched) == 1 else 2  # places a decade
            return np.linspace(low, high, min(fine * int(np.ceil(high - low)), 8 * fine) + 1)
        start = float(law.equation.start(x, np.linspace(1.0, 2.0, x.size))[position])
        return np.clip(start + np.array([-1.0, 0.0, 1.0]), low, high)
    if np.isfinite(low) and np.isfinite(high) and low > 0:
        return np.geomspace(low, high, 2 + int(np.ceil(np.log2(high / low))))
    if np.isfinite(low) and np.isfinite(high):
        return low + (high - low) * np.array([0.08, 0.25, 0.5, 0.75, 0.92])
    start = float(law.equation.start(x, np.linspace(1.0, 2.0, x.size))[position])
    return np.clip(np.array([0.3, 1.0, 3.0]) * (start or 1.0), low, high)


def _tested(law: BatchLaw, parameter: Parameter, x: Array) -> Array:
    """The tested finite x on the scale of the location, rising."""
    axis = law.equation.axes[0]
    x = x[np.isfinite(x)]
    if parameter.log10 and not axis.log10:
        x = np.log10(x[x > 0])
    found: Array = np.unique(x) if parameter.unit == axis.unit else np.empty(0)
    return found


def _over_the_range(tested: Array, limits: tuple[float, float]) -> Array:
    """Every tested place, places between them, and places outside up to the limits."""
    step = max(len(tested) // (MOST_PLACES // 2), 1)
    inside = tested[::step]
    gaps = np.diff(inside)
    inside = np.concatenate([inside, tested[-1:], inside[:-1] + gaps / 2.0])
    outside = np.concatenate([tested[0] - np.array(BEYOND), tested[-1] + np.array(BEYOND)])
    places = np.unique(np.concatenate([inside, outside, np.array(limits)]))
    found: Array = places[(places >= limits[0]) & (places <= limits[1])]
    return found
