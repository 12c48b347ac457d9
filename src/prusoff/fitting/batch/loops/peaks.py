"""The highest peaks of what the nodes of a grid explain, as `..grid` finds them, in passes without copies."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ....core.equation import Array
from ..compiling import compiled
from .steps import Flags, Indices

Single = npt.NDArray[np.float32]


@compiled
def find_peaks(gains: Single, places: int, rival: float, nodes: Indices, tried: Flags) -> None:
    """The highest peaks of a field (place and other, curve) along the places into `nodes` (start, curve)."""
    others, count = len(gains) // places, gains.shape[1]
    ridge, top, least = np.empty((places, count), np.float32), gains[0].copy(), np.empty(count, np.float32)
    for place in range(places):
        row = ridge[place]
        row[:] = gains[place * others]
        for other in range(1, others):
            field = gains[place * others + other]
            for c in range(count):
                row[c] = np.maximum(row[c], field[c])
        for c in range(count):
            top[c] = np.maximum(top[c], row[c])
    for c in range(count):
        behind = np.maximum(np.float32(1.0) - top[c], np.float32(0.0))
        least[c] = top[c] - np.float32(rival) * behind
    peaks, many = flagged(ridge, least)
    for c in range(count):
        place = 0
        while place < places - 1 and ridge[place, c] != top[c]:
            place += 1
        nodes[0, c], tried[0, c] = best_of(gains, place * others, others, c), True
        if many[c] > 1:
            peaks[place, c] = False
            further(gains, ridge, peaks, c, nodes, tried)


@compiled
def flagged(ridge: Single, least: Single) -> tuple[Flags, Indices]:
    """Which places (place, curve) are peaks that reach the least, and how many of them a curve has."""
    peaks = np.empty(ridge.shape, dtype=np.bool_)
    many = np.zeros(least.size, dtype=np.intp)
    last = len(ridge) - 1
    for place in range(len(ridge)):
        row, before, after = ridge[place], ridge[max(place - 1, 0)], ridge[min(place + 1, last)]
        for c in range(least.size):
            peak = (row[c] >= least[c]) & ((place == 0) | (row[c] > before[c]))
            peak &= (place == last) | (row[c] >= after[c])
            peaks[place, c] = peak
            many[c] += peak
    return peaks, many


@compiled
def further(gains: Single, ridge: Single, peaks: Flags, c: int, nodes: Indices, tried: Flags) -> None:
    """The next highest peaks of one curve."""
    others = len(gains) // len(ridge)
    for start in range(1, len(nodes)):
        chosen = -1
        for place in range(len(ridge)):
            higher = chosen < 0 or ridge[place, c] > ridge[chosen, c]
            if peaks[place, c] and ridge[place, c] >= 0 and higher:
                chosen = place
        if chosen < 0:
            return
        peaks[chosen, c] = False
        nodes[start, c], tried[start, c] = best_of(gains, chosen * others, others, c), True


@compiled
def best_of(gains: Single, first: int, many: int, c: int) -> int:
    """The first of the highest of so many neighbouring nodes of a curve."""
    best = first
    for node in range(first + 1, first + many):
        if gains[node, c] > gains[best, c]:
            best = node
    return best


@compiled
def find_summits(gains: Single, strides: Indices, sizes: Indices, highest: Flags) -> None:
    """Which nodes (node, curve) no neighbour along an axis exceeds; axes have so many places, so many nodes apart."""
    for node in range(len(gains)):
        row, here = highest[node], gains[node]
        row[:] = True
        for axis in range(sizes.size):
            place = (node // strides[axis]) % sizes[axis]
            if place > 0:
                before = gains[node - strides[axis]]
                for c in range(row.size):
                    row[c] &= before[c] < here[c]
            if place < sizes[axis] - 1:
                after = gains[node + strides[axis]]
                for c in range(row.size):
                    row[c] &= not here[c] < after[c]


@compiled
def add_squares(products: npt.NDArray[np.float32], gains: Single) -> None:
    """The sums of the squares of products (node, pattern, curve) over the patterns."""
    for node in range(len(gains)):
        row, first = gains[node], products[node, 0]
        for c in range(row.size):
            row[c] = first[c] * first[c]
        for k in range(1, products.shape[1]):
            more = products[node, k]
            for c in range(row.size):
                row[c] += more[c] * more[c]


@compiled
def find_tops(
    gains: Single, nodes: Indices, tried: Flags, axis: tuple[int, int, int, Array], beside: Array
) -> None:
    """How far beside nodes (start, curve) the tops of the parabolas through their neighbours lie along one axis.

    The axis is its row in `beside` (start, axis, curve), how many places it has, by how many nodes they differ, and the
    gaps before every place and after the last.
    """
    row, size, stride, gaps = axis
    for start in range(len(nodes)):
        for c in range(nodes.shape[1]):
            node = nodes[start, c]
            place = (node // stride) % size
            if not tried[start, c] or place == 0 or place == size - 1:
                continue
            low, high = gaps[place], gaps[place + 1]
            rise = (gains[node, c] - gains[node - stride, c]) / low
            fall = (gains[node, c] - gains[node + stride, c]) / high
            if rise + fall > 0:
                top = 0.5 * (rise * high - fall * low) / (rise + fall)
                beside[start, row, c] = min(max(top, -0.5 * low), 0.5 * high)


@compiled
def add_solutions(solutions: Array, nodes: Indices, y: Array, found: Array) -> None:
    """Add what solves for the free parameters (point, free, node) at one node a curve, times its responses."""
    for point in range(len(y)):
        for k in range(len(found)):
            row, values = solutions[point, k], found[k]
            for c in range(nodes.size):
                values[c] += row[nodes[c]] * y[point, c]
