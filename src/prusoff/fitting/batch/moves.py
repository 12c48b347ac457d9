"""Moves the numbers of some of the curves, the last axis of every array, from one set of arrays to another."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from ...core.equation import Array
from .compiling import looping

Indices = npt.NDArray[np.intp]


def put(kept: Iterable[Array], curves: Indices, new: Iterable[Array]) -> None:
    """Write the numbers of some of the curves, row by row; `new` has these alone."""
    if not curves.size:
        return
    for one, other in zip(kept, new, strict=True):
        if one.ndim == 1:
            one[curves] = other
        elif looping():
            from .loops.moves import put_chosen

            put_chosen(one.reshape(-1, one.shape[-1]), curves, other.reshape(-1, curves.size))
        else:
            for row, fresh in zip(one, other, strict=True):
                put((row,), curves, (fresh,))


def put_back(kept: Iterable[Array], curves: Indices, new: Iterable[Array]) -> None:
    """Give some of the curves the numbers that they had before the new ones; `new` has all curves."""
    if not curves.size:
        return
    for one, other in zip(kept, new, strict=True):
        if one.ndim > 1 and looping():
            from .loops.moves import put_back as back

            back(one.reshape(-1, one.shape[-1]), curves, other.reshape(-1, one.shape[-1]))
        else:
            other[..., curves] = one[..., curves]
