"""Moves the numbers of some of the curves from one table to another."""

from __future__ import annotations

from ....core.equation import Array
from ..compiling import compiled
from .steps import Indices


@compiled
def put_back(kept: Array, curves: Indices, new: Array) -> None:
    """Give some of the curves the numbers that they had, (row, curve)."""
    for row in range(len(kept)):
        for c in curves:
            new[row, c] = kept[row, c]


@compiled
def put_chosen(kept: Array, curves: Indices, new: Array) -> None:
    """Write the numbers of some of the curves, (row, curve)."""
    for row in range(len(kept)):
        for c in range(curves.size):
            kept[row, curves[c]] = new[row, c]
