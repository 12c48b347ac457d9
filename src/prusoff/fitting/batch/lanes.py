"""What a walk along a profile knows of every side that goes on."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ...core.equation import Array

Indices = npt.NDArray[np.intp]


class Lanes(NamedTuple):
    """Sides that go on, (lane,); the arrays are changed in place.

    `curve` is its place among all, `direction` -1 or 1, `best` where it began and `floor` the sum of squares there. It
    stands `at` so far from the best value, at most `room`, knows a place `inner` below the goal and one `outer` above
    it, and takes steps of `cap` at most, `first` the first. At `mark` the others had settled last, at `old` before
    that: place, rise of the root, and its slope; `kinked` where the three did not fit together.
    """

    curve: Indices
    direction: Array
    best: Array
    floor: Array
    variance: Array
    goal: Array
    room: Array
    first: Array
    at: Array
    inner: Array
    outer: Array
    cap: Array
    damping: Array
    mark: Array
    mark_z: Array
    mark_rise: Array
    old: Array
    old_z: Array
    old_rise: Array

    def narrowed(self, keep: Indices) -> Lanes:
        """Some of them."""
        return Lanes(*(one.take(keep) for one in self))  # type: ignore[arg-type]
