"""Sums over the points of every curve, as `..moments` makes them, in one pass over the derivatives of the law."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ....core.equation import Array
from ..compiling import compiled
from .small import backward, factor, forward, less_product

Indices = npt.NDArray[np.intp]


class Sums(NamedTuple):
    """The arrays of `Moments`."""

    normal: Array
    pull: Array
    rest: Array
    lower: Array
    reciprocal: Array
    drift: Array


@compiled
def take_off(first: int, slopes: Array, linear: Indices, y: Array, table: Array) -> Array:
    """What is left of the responses when the sum of the linear parameters times their slopes is taken off."""
    points, curves = slopes.shape[1], slopes.shape[2]
    away = np.empty((points, curves))
    for p in range(points):
        for c in range(curves):
            away[p, c] = table[linear[0], first + c] * slopes[linear[0], p, c]
        for k in linear[1:]:
            for c in range(curves):
                away[p, c] += table[k, first + c] * slopes[k, p, c]
        for c in range(curves):
            away[p, c] = y[p, first + c] - away[p, c]
    return away


@compiled
def added_products(one: Array, other: Array, into: Array) -> None:
    """The sum over the points of the products of two rows of points, (point, curve), one point after another."""
    for c in range(into.size):
        into[c] = one[0, c] * other[0, c]
    left = 1 + (len(one) - 1) % 3
    for p in range(1, left):
        for c in range(into.size):
            into[c] += one[p, c] * other[p, c]
    for p in range(left, len(one), 3):  # three at a time, so that the sums are fetched less often
        for c in range(into.size):
            into[c] = ((into[c] + one[p, c] * other[p, c]) + one[p + 1, c] * other[p + 1, c]) + one[
                p + 2, c
            ] * other[p + 2, c]


@compiled
def products(weight: Array, first: int, values: Array, into: Array) -> None:
    """Weights (point, curve) from the curve `first` on, times values."""
    points, curves = values.shape
    for p in range(points):
        row = weight[p, first : first + curves]
        for c in range(curves):
            into[p, c] = row[c] * values[p, c]


@compiled
def add_products(first: int, slopes: Array, free: Indices, weight: Array, away: Array, sums: Sums) -> None:
    """The sums of the curves from `first` on into `sums`; `weight` has no rows where all points count one."""
    size, last = free.size, first + away.shape[1]
    weighted = np.empty_like(away)
    for k in range(size):
        column = slopes[free[k]]
        if weight.shape[0]:
            products(weight, first, column, weighted)
            column = weighted
        for other in range(k, size):
            added_products(column, slopes[free[other]], sums.normal[k, other, first:last])
            if other > k:
                sums.normal[other, k, first:last] = sums.normal[k, other, first:last]
    pulled = away
    if weight.shape[0]:
        products(weight, first, away, weighted)
        pulled = weighted
    for k in range(size):
        added_products(pulled, slopes[free[k]], sums.pull[k, first:last])
    added_products(pulled, away, sums.rest[first:last])


@compiled
def settle_solved(
    first: int, last: int, solved: Indices, points: tuple[Array, float, float], table: Array, sums: Sums
) -> None:
    """Move the solved parameters of the curves from `first` to `last` to their best values."""
    count, size, width = solved.size, sums.pull.shape[0], last - first
    held = np.zeros((count, width), dtype=np.bool_)
    lower, reciprocal = np.zeros((count, count, width)), np.empty((count, width))
    factor(sums.normal[:count, :count, first:last].copy(), held, lower, reciprocal)
    sums.lower[:, :, first:last], sums.reciprocal[:, first:last] = lower, reciprocal
    part, gone = sums.pull[:count, first:last].copy(), np.zeros(width)
    forward(lower, reciprocal, part)
    for row in part:
        for c in range(width):
            gone[c] += row[c] * row[c]
    backward(lower, reciprocal, part)
    noise, trusted, tiny = points
    rest, drift, least = sums.rest[first:last], sums.drift[first:last], noise[first:last]
    for c in range(width):
        rest[c] -= gone[c]
        drift[c] = gone[c] / (rest[c] + least[c] + tiny)
        rest[c] = np.inf if gone[c] > trusted * (rest[c] + least[c]) else rest[c]
    for row in range(count):
        values, change = table[solved[row], first:last], part[row]
        for c in range(width):
            values[c] += change[c]
        for k in range(size):
            less_product(sums.pull[k, first:last], sums.normal[row, k, first:last], change)
