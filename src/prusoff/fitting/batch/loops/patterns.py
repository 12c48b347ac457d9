"""How much of the variation of many curves one pattern explains, as `...response` asks it."""

from __future__ import annotations

import numpy as np

from ....core.equation import Array
from ..compiling import compiled
from .steps import TILE


@compiled
def largest_square(patterns: Array, coordinates: Array) -> Array:
    """The largest square of the products of patterns (pattern, group) and coordinates (group, curve), (curve,)."""
    groups, curves = coordinates.shape
    found, along = np.empty(curves), np.empty(TILE)
    for first in range(0, curves, TILE):
        last = min(first + TILE, curves)
        width, best = last - first, found[first:last]
        for k in range(len(patterns)):
            row = coordinates[0, first:last]
            for c in range(width):
                along[c] = patterns[k, 0] * row[c]
            for group in range(1, groups):
                row, part = coordinates[group, first:last], patterns[k, group]
                for c in range(width):
                    along[c] += part * row[c]
            for c in range(width):
                square = along[c] * along[c]
                best[c] = square if k == 0 else np.maximum(best[c], square)
    return found
