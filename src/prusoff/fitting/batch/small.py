"""Linear algebra of tiny symmetric matrices, one for every curve: (row, column, curve)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ...core.equation import Array

SINGULAR = 1e-11  # a pivot this small beside its diagonal is rounding: the column is left out


def factor(matrix: Array, held: npt.NDArray[np.bool_] | None = None) -> tuple[Array, Array]:
    """Cholesky factor (row, column, curve) and the reciprocals of its diagonal (row, curve).

    A column that depends on the ones before it, or that is `held` (row, curve), gets the reciprocal 0: what is solved
    with the factor leaves it where it is.
    """
    size = len(matrix)
    lower = np.zeros_like(matrix)
    reciprocal = np.zeros(matrix.shape[1:])
    for k in range(size):
        pivot = matrix[k, k]
        for j in range(k):
            pivot = pivot - lower[k, j] ** 2
        good = pivot > SINGULAR * matrix[k, k]
        if held is not None:
            good &= ~held[k]
        reciprocal[k] = good / np.sqrt(np.maximum(pivot, 1e-300))
        lower[k, k] = pivot * reciprocal[k]
        for i in range(k + 1, size):
            rest = matrix[i, k]
            for j in range(k):
                rest = rest - lower[i, j] * lower[k, j]
            lower[i, k] = rest * reciprocal[k]
    return lower, reciprocal


def forward(lower: Array, reciprocal: Array, right: Array) -> Array:
    """Solve with the factor: L z = right, (row, curve)."""
    found = np.empty_like(right)
    for k in range(len(right)):
        rest = right[k]
        for j in range(k):
            rest = rest - lower[k, j] * found[j]
        found[k] = rest * reciprocal[k]
    return found


def backward(lower: Array, reciprocal: Array, right: Array) -> Array:
    """Solve with the transpose of the factor: L' z = right, (row, curve)."""
    found = np.empty_like(right)
    for k in reversed(range(len(right))):
        rest = right[k]
        for j in range(k + 1, len(right)):
            rest = rest - lower[j, k] * found[j]
        found[k] = rest * reciprocal[k]
    return found


def solve(lower: Array, reciprocal: Array, right: Array) -> Array:
    """Solve with the matrix from its factor, (row, curve); what was left out stays zero."""
    return backward(lower, reciprocal, forward(lower, reciprocal, right))


def inverse(lower: Array, reciprocal: Array) -> Array:
    """The inverse of the matrix from its factor; rows and columns that were left out are zero."""
    size = len(lower)
    columns = np.zeros_like(lower)
    for k in range(size):
        unit = np.zeros_like(reciprocal)
        unit[k] = 1.0
        columns[:, k] = solve(lower, reciprocal, unit)
    return columns


def total(terms: Array) -> Array:
    """The sum over the rows, one after another, so that a curve gets the same digits whatever stands beside it."""
    found = np.zeros(terms.shape[1:])
    for term in terms:
        found += term
    return found
