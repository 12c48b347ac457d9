"""Keeps the grid of a law with many parameters small: fewer places for those that a descent finds by itself."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from ...core.equation import Array
from .law import BatchLaw

MOST_NODES = 4000  # above which places are left out
STEEPNESSES = 2  # places that are left of a parameter that is tried in even factors
LONG, EVERY = 12, 3  # places from which an axis is thinned, and to every which of them


def thinned(law: BatchLaw, places: Sequence[Array]) -> list[Array]:
    """The places of every searched parameter, in their order, with fewer where all together make too many nodes.

    Steepnesses first, which a descent finds from afar; then distances between two steps; the location last.
    """
    kept = list(places)
    location = law.equation.location
    rows = [row for row, k in enumerate(law.searched) if law.equation.names[k] != location]
    for row in rows:
        if _nodes(kept) > MOST_NODES and _in_factors(kept[row]):
            inner = np.linspace(0, kept[row].size - 1, 2 * STEEPNESSES + 1)[1::2]
            kept[row] = kept[row][np.ceil(inner).astype(int)]
    for row in rows:
        if _nodes(kept) > MOST_NODES and kept[row].size >= LONG:
            kept[row] = kept[row][::EVERY]
    for row in set(range(len(kept))) - set(rows):
        if _nodes(kept) > MOST_NODES:
            kept[row] = kept[row][::2]
    return kept


def _nodes(places: Sequence[Array]) -> int:
    return math.prod(one.size for one in places)


def _in_factors(values: Array) -> bool:
    """Whether the places are a geometric series of more than are kept."""
    if values.size <= STEEPNESSES + 1 or not (values > 0).all():
        return False
    return bool(np.allclose(np.diff(np.log(values), 2), 0.0))
