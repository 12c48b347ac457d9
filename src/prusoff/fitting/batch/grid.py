"""Where to begin: the sum of squares at every node of a grid over the searched parameters, for all curves at once."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ...core.equation import Array
from .compiling import looping
from .faces import Face, Single, faces
from .law import BatchLaw
from .layout import Indices
from .places import MANY, Axis, places

TILE, BROAD = (
    256,
    1024,
)  # curves a product takes at a time: always as many, so that no curve sees how many there are
FEW = 1024  # patterns up to which the tiles are broad
STARTS, MORE_STARTS = 3, 8  # most places from which a curve begins, where few are searched for and where many
RIVAL = (
    0.5  # part of what the best place leaves unexplained by which another may fall behind and still be tried
)


@dataclass(frozen=True)
class Beginning:
    """Nodes and faces (start, curve) where curves may begin, which are tried, how far beside (.., searched, ..)."""

    nodes: Indices
    tried: npt.NDArray[np.bool_]
    face: Indices
    beside: Array

    @classmethod
    def blank(cls, starts: int, searched: int, curves: int) -> Beginning:
        """Nothing is tried yet."""
        nodes, faces = (np.zeros((starts, curves), dtype=np.intp) for _ in range(2))
        return cls(nodes, np.zeros(nodes.shape, dtype=bool), faces, np.zeros((starts, searched, curves)))

    def put(self, curves: slice, part: Beginning) -> None:
        """Take over those of some of the curves, the first of the part."""
        width = curves.stop - curves.start
        self.nodes[:, curves], self.tried[:, curves] = part.nodes[:, :width], part.tried[:, :width]
        self.face[:, curves], self.beside[..., curves] = part.face[:, :width], part.beside[..., :width]


@dataclass(frozen=True)
class Grid:
    """The nodes for curves that share their distinct x and weights, and what the law can draw at each.

    `axes` are those of the searched parameters, `count` the number of nodes. Parameters in which the law is linear, and
    its part, are solved even where they have limits: `faces` has what they draw free and with some of them at their
    limits, of which the best that is allowed counts. `constant` says that all faces can draw a constant.
    """

    law: BatchLaw
    axes: tuple[Axis, ...]
    count: int
    faces: tuple[Face, ...]
    root: Array
    constant: bool

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
        root, solved = np.sqrt(weight), list(law.solved)
        found, constant = faces(law, x, root, table, np.array([lower[solved], upper[solved]]))
        return cls(law, axes, count, found, root, constant)

    @property
    def starts(self) -> int:
        """From how many places a curve begins at the most."""
        if len(self.axes) > MANY:
            return MORE_STARTS
        return STARTS + (len(self.faces) if len(self.faces) > 1 and self.law.part is None else 0)

    @property
    def searched(self) -> tuple[int, ...]:
        """The positions of the searched parameters."""
        return self.law.searched

    @property
    def solved(self) -> tuple[int, ...]:
        """The positions of the solved parameters."""
        return self.law.solved

    def begin(self, y: Array) -> Beginning:
        """For responses (point, curve) where to begin: the best nodes, and how far beside them the best places lie."""
        count = y.shape[1]
        width = BROAD if self.count <= FEW else TILE
        found = Beginning.blank(self.starts, len(self.axes), count)
        tile = np.zeros((y.shape[0], width))
        for first in range(0, count, width):
            here = slice(first, min(first + width, count))
            tile[:, : here.stop - first], tile[:, here.stop - first :] = y[:, here], 0.0
            found.put(here, self._tile(tile))
        return found

    def values(self, nodes: Indices, chosen: Indices, y: Array) -> Array:
        """The best values of the solved parameters (solved, curve) on the chosen face of one node a curve."""
        found = np.zeros((len(self.solved), nodes.size))
        for number, face in enumerate(self.faces):
            curves = np.flatnonzero(chosen == number)
            values = face.values(nodes[curves], y[:, curves])
            for row, value in face.held.items():
                found[row, curves] = value
            for row, value in zip(face.free, values, strict=True):
                found[row, curves] = value
            part = self.law.part
            if part is not None and (place := self.solved.index(part.position)) in face.free:
                linear = [self.solved.index(k) for k in part.linear]
                height = part.amounts @ found[linear][:, curves] / (part.amounts @ part.base)
                beside = found[place, curves] / np.where(height != 0, height, np.inf)
                found[place, curves] = part.middle + beside
        return found

    def places(self, nodes: Indices, beside: Array) -> Array:
        """The searched parameters (searched, curve) so far beside one node a curve."""
        found = np.empty(beside.shape)
        for row, axis in enumerate(self.axes):
            found[row] = axis.at(nodes, beside[row])
        return found

    def _tile(self, y: Array) -> Beginning:
        """The highest peaks of what the nodes explain, and the faces on which they do."""
        every, count = self._gains(y), y.shape[1]
        gains = every[0] if len(every) == 1 else np.maximum(every[0], every[1])
        for one in every[2:]:
            np.maximum(gains, one, out=gains)
        shape = tuple(axis.values.size for axis in self.axes)
        if self.starts == MORE_STARTS:
            nodes, tried = self._summits(gains, shape)
        else:
            nodes, tried = _peaks(gains.reshape(shape[0] if shape else 1, -1, count))
        found = Beginning.blank(self.starts, len(self.axes), count)
        found.nodes[: len(nodes)], found.tried[: len(nodes)] = nodes, tried
        for start, chosen in enumerate(tried):
            curves = np.flatnonzero(chosen)
            if len(every) > 1:
                found.face[start, curves] = np.argmax(
                    [one[nodes[start, curves], curves] for one in every], axis=0
                )
        for number in range(
            self.starts - len(nodes)
        ):  # limits part valleys: the best on every face is tried too
            best = every[number].argmax(axis=0)
            known = ((nodes == best) & tried & (found.face[: len(nodes)] == number)).any(axis=0)
            found.nodes[len(nodes) + number], found.face[len(nodes) + number] = best, number
            found.tried[len(nodes) + number] = ~known & (every[number][best, np.arange(count)] >= 0.0)
        self._aside(gains, found)
        return found

    def _aside(self, gains: Single, found: Beginning) -> None:
        """How far beside the nodes that are tried the tops lie."""
        if looping():
            from .loops.peaks import find_tops

            for row, axis in enumerate(self.axes):
                along = (row, axis.values.size, axis.stride, axis.gaps)
                find_tops(gains, found.nodes, found.tried, along, found.beside)
            return
        for start, chosen in enumerate(found.tried):
            curves = np.flatnonzero(chosen)
            found.beside[start][:, curves], _ = self._beside(gains, found.nodes[start, curves], curves)

    def _summits(self, gains: Single, shape: tuple[int, ...]) -> tuple[Indices, npt.NDArray[np.bool_]]:
        """The nodes that no neighbour along any axis exceeds, the highest first by the parabolas through them."""
        count = gains.shape[1]
        highest = np.ones(gains.shape, dtype=bool)
        if looping():
            from .loops.peaks import find_summits

            find_summits(
                gains, np.array([one.stride for one in self.axes]), np.array(shape, dtype=np.intp), highest
            )
        else:
            _highest(gains.reshape(*shape, count), highest.reshape(*shape, count))
        nodes, curves = np.nonzero(highest)
        _, more = self._beside(gains, nodes, curves)
        heights = gains[nodes, curves]
        more[heights == gains.max(axis=0)[curves]] = np.inf  # the highest node itself comes first
        order = np.lexsort((nodes, -(heights + more), curves))
        nodes, curves = nodes[order], curves[order]
        rank = np.arange(curves.size) - np.searchsorted(curves, curves)
        found = np.zeros((self.starts, count), dtype=np.intp)
        tried = np.zeros(found.shape, dtype=bool)
        kept = rank < self.starts
        found[rank[kept], curves[kept]], tried[rank[kept], curves[kept]] = nodes[kept], True
        return found, tried

    def _beside(self, gains: Single, nodes: Indices, curves: Indices) -> tuple[Array, Array]:
        """How far beside nodes the tops of the parabolas through their neighbours lie, (searched, curve), and how much
        higher these are.
        """
        found, more = np.zeros((len(self.axes), nodes.size)), np.zeros(nodes.size)
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
            more += np.where(np.isfinite(bend), bend, 0.0) / (low + high) * found[row] ** 2
        return found, more

    def _gains(self, y: Array) -> list[Single]:
        """How much of the sum of squares every node explains on every face (node, curve), as a part of it all."""
        scaled = self.root[:, None] * y
        if self.constant:
            direction = self.root / np.sqrt((self.root * self.root).sum())
            scaled = scaled - direction[:, None] * (direction[:, None] * scaled).sum(axis=0)
        size = np.sqrt((scaled * scaled).sum(axis=0))
        size[size == 0] = 1.0
        plain = (y / size).astype(np.float32)
        return [face.gains(plain, scaled, size, self.root) for face in self.faces]


def _highest(field: Single, highest: npt.NDArray[np.bool_]) -> None:
    """Leave only those nodes (place, .., curve) that no neighbour along any axis exceeds."""
    for axis in range(field.ndim - 1):
        before = (slice(None),) * axis + (slice(None, -1),)
        after = (slice(None),) * axis + (slice(1, None),)
        rises = field[before] < field[after]
        highest[before] &= ~rises
        highest[after] &= rises


def _peaks(field: Single) -> tuple[Indices, npt.NDArray[np.bool_]]:
    """The highest peaks of a field (place, other, curve) along the places, and which of them rival the highest."""
    if looping():
        from .loops.peaks import find_peaks

        begun = Beginning.blank(STARTS, 0, field.shape[2])
        find_peaks(field.reshape(-1, field.shape[2]), len(field), RIVAL, begun.nodes, begun.tried)
        return begun.nodes, begun.tried
    ridge = field.max(axis=1)
    top, every = ridge.max(axis=0), np.arange(ridge.shape[1])
    peaks = ridge >= top - RIVAL * np.maximum(1.0 - top, 0.0).astype(np.float32)
    peaks[:-1] &= ridge[:-1] >= ridge[1:]
    peaks[1:] &= ridge[1:] > ridge[:-1]
    tried = np.zeros((STARTS, every.size), dtype=bool)
    places = np.zeros((STARTS, every.size), dtype=np.intp)
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
