"""Linear algebra of tiny symmetric matrices as `..small` does it, into arrays that are there: (row, column, curve)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ....core.equation import Array
from ..compiling import compiled
from ..small import SINGULAR

Flags = npt.NDArray[np.bool_]


@compiled
def less_product(into: Array, one: Array, other: Array) -> None:
    """Take the products of two rows off a third."""
    for c in range(into.size):
        into[c] = into[c] - one[c] * other[c]


@compiled
def factor(matrix: Array, held: Flags, lower: Array, reciprocal: Array) -> None:
    """Cholesky factors and the reciprocals of their diagonals: 0 for what is `held` or depends on what is before."""
    size = len(matrix)
    for k in range(size):
        pivot, diagonal, inverse, stays = lower[k, k], matrix[k, k], reciprocal[k], held[k]
        pivot[:] = diagonal
        for j in range(k):
            less_product(pivot, lower[k, j], lower[k, j])
        for c in range(pivot.size):
            good = 1.0 if pivot[c] > SINGULAR * diagonal[c] and not stays[c] else 0.0
            inverse[c] = good / np.sqrt(np.maximum(pivot[c], 1e-300))
            pivot[c] = pivot[c] * inverse[c]
        for i in range(k + 1, size):
            rest = lower[i, k]
            rest[:] = matrix[i, k]
            for j in range(k):
                less_product(rest, lower[i, j], lower[k, j])
            for c in range(pivot.size):
                rest[c] *= inverse[c]


@compiled
def forward(lower: Array, reciprocal: Array, found: Array) -> None:
    """Solve with the factors, L z = right: the right sides in `found` (row, curve) give way to the answers."""
    for k in range(len(found)):
        rest, inverse = found[k], reciprocal[k]
        for j in range(k):
            less_product(rest, lower[k, j], found[j])
        for c in range(rest.size):
            rest[c] *= inverse[c]


@compiled
def backward(lower: Array, reciprocal: Array, found: Array) -> None:
    """Solve with the transposes of the factors, L' z = right, in place."""
    size = len(found)
    for k in range(size - 1, -1, -1):
        rest, inverse = found[k], reciprocal[k]
        for j in range(k + 1, size):
            less_product(rest, lower[j, k], found[j])
        for c in range(rest.size):
            rest[c] *= inverse[c]


@compiled
def add_product(into: Array, one: Array, other: Array) -> None:
    """Add the products of two rows to a third."""
    for c in range(into.size):
        into[c] = into[c] + one[c] * other[c]


@compiled
def product(one: Array, other: Array) -> Array:
    """The products of two rows."""
    found = np.empty(one.size)
    for c in range(one.size):
        found[c] = one[c] * other[c]
    return found


@compiled
def dot(one: Array, other: Array) -> Array:
    """The sums over the rows of the second of two tables (row, curve) of their products."""
    found = product(one[0], other[0])
    for k in range(1, len(other)):
        add_product(found, one[k], other[k])
    return found
