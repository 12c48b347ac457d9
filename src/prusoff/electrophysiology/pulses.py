"""Trains and pairs of pulses: use dependence, and recovery from inactivation."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..core.equation import Array


def relative_to_first(peaks: npt.ArrayLike) -> Array:
    """Peaks of a train (..., pulse) relative to its first pulse: what is lost from pulse to pulse is use dependence."""
    found: Array = np.asarray(peaks, dtype=float)
    return found / found[..., :1]


def use_dependent_loss(peaks: npt.ArrayLike) -> Array:
    """The part of the current of the first pulse that is gone at the last pulse of each train (..., pulse)."""
    found: Array = 1.0 - relative_to_first(peaks)[..., -1]
    return found


def recovered(first: npt.ArrayLike, second: npt.ArrayLike) -> Array:
    """The part of a current that has recovered between two pulses: the second peak over the first, at each interval."""
    found: Array = np.asarray(second, dtype=float) / np.asarray(first, dtype=float)
    return found


def tonic_block(control: npt.ArrayLike, drug: npt.ArrayLike) -> Array:
    """Block at the first pulse after a rest, as a fraction: 1 - I(drug)/I(control), trains (..., pulse) of both."""
    first = [np.asarray(train, dtype=float)[..., 0] for train in (control, drug)]
    found: Array = 1.0 - first[1] / first[0]
    return found
