"""Random numbers that follow from the data themselves: the same data and settings give the same digits."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np

from ..core.curves import Curve
from ..core.equation import Array
from .problem import Indices

DIGITS = 9  # of the scaled data that count: less than the rounding of any change of unit


def data_order(curve: Curve, weights: Array) -> Indices:
    """The order of the points by x, then response, then weight, whatever the order in which they were given."""
    return np.asarray(np.lexsort(_columns(curve, weights)[::-1]), dtype=np.intp)


def data_seed(curves: Sequence[Curve], weights: Sequence[Array]) -> int:
    """A seed from the data and weights of all curves, whatever their order and whatever the units."""
    joined = hashlib.sha256(b"".join(sorted(_digests(curves, weights))))
    return int.from_bytes(joined.digest()[:8], "little")


def generators(curves: Sequence[Curve], weights: Sequence[Array]) -> tuple[np.random.Generator, ...]:
    """One source of random numbers for every curve; it goes with the curve when the curves change places."""
    seed, digests = data_seed(curves, weights), _digests(curves, weights)
    return tuple(
        np.random.default_rng([seed, int.from_bytes(digest[:8], "little"), digests[:c].count(digest)])
        for c, digest in enumerate(digests)
    )


def _digests(curves: Sequence[Curve], weights: Sequence[Array]) -> list[bytes]:
    found = []
    for curve, own in zip(curves, weights, strict=True):
        columns = _columns(curve, own)[:, data_order(curve, own)]
        found.append(hashlib.sha256(np.ascontiguousarray(columns, dtype="<f8").tobytes()).digest())
    return found


def _columns(curve: Curve, weights: Array) -> Array:
    """Every axis of x, responses and weights of the points, each from 0 to 1 and rounded: (column, point)."""
    return np.array([*(_scaled(axis) for axis in np.atleast_2d(curve.x)), _scaled(curve.y), _scaled(weights)])


def _scaled(values: Array) -> Array:
    """Values from 0 to 1 between the least and the largest finite one; equal ones are 0, infinite ones stay."""
    finite = values[np.isfinite(values)]
    low = float(finite.min()) if finite.size else 0.0
    width = float(finite.max()) - low if finite.size else 0.0
    alike = width <= 10.0**-DIGITS * float(np.abs(finite).max(initial=0.0))
    scaled: Array = np.round((values - low) / (1.0 if alike else width), DIGITS) + 0.0
    return np.where(np.isfinite(values) & alike, 0.0, scaled)
