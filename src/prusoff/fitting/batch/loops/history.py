"""Steps drawn together by their history (Anderson 1965), as `..descent` does it, for a tile of curves."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ....core.equation import Array
from ..compiling import compiled
from .small import dot

Flags = npt.NDArray[np.bool_]


class Past(NamedTuple):
    """The last places and plain steps (searched, curve), the newest first; `depth` says how many there are."""

    depth: int
    place: Array
    step: Array
    older_place: Array
    older_step: Array


@compiled
def draw_together(
    past: Past,
    here: tuple[int, int],
    place: Array,
    rest: Array,
    step: Array,
    chosen: tuple[Flags, Flags, float, float],
) -> None:
    """Move the chosen steps to where the last steps together point, in place."""
    first, last = here
    size, width = step.shape
    close, slow, wild, wilder = chosen
    own = np.empty((size, width))
    newer, older = np.empty((size, width)), np.empty((size, width))
    for i in range(size):
        before, earlier, diagonal = past.step[i, first:last], past.older_step[i, first:last], rest[i, i]
        for c in range(width):
            scale = np.sqrt(diagonal[c])
            own[i, c] = scale * step[i, c]
            newer[i, c] = scale * (step[i, c] - before[c])
            older[i, c] = scale * (step[i, c] - earlier[c])
    newest, other = shares(newer, older, own, past.depth)
    for c in range(width):
        most = wilder if slow[c] else wild
        total = np.abs(newest[c]) + np.abs(other[c]) if past.depth > 1 else np.abs(newest[c])
        if not total < most:
            newest[c] = other[c] = 0.0
    for i in range(size):
        at, before = past.place[i, first:last], past.step[i, first:last]
        old, earlier = past.older_place[i, first:last], past.older_step[i, first:last]
        for c in range(width):
            plain = step[i, c]
            drawn = plain - newest[c] * (place[i, c] - at[c] + plain - before[c])
            if past.depth > 1:
                drawn = drawn - other[c] * (place[i, c] - old[c] + plain - earlier[c])
            step[i, c] = drawn if close[c] else plain


@compiled
def shares(newer: Array, older: Array, own: Array, depth: int) -> tuple[Array, Array]:
    """How much of each turn of the steps makes up the step, by least squares; of the newest alone where two agree."""
    square, first = dot(newer, newer), dot(newer, own)
    newest, other = np.empty(square.size), np.zeros(square.size)
    for c in range(square.size):
        newest[c] = first[c] / np.maximum(square[c], 1e-300)
    if depth < 2 or len(own) == 1:
        return newest, other
    older_square, both, second = dot(older, older), dot(newer, older), dot(older, own)
    for c in range(square.size):
        spread = square[c] * older_square[c] - both[c] * both[c]
        apart = spread > 1e-6 * square[c] * older_square[c]
        safe = spread if apart else 1.0
        newest[c] = (first[c] * older_square[c] - second[c] * both[c]) / safe if apart else newest[c]
        other[c] = (second[c] * square[c] - first[c] * both[c]) / safe if apart else 0.0
    return newest, other
