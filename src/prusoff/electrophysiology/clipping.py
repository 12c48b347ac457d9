"""Sweeps that are clipped somewhere: whether that is where their current is read."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from ..core.equation import Array
from ..core.recording import Recording, Sweep

CLIPPED = "clipped"  # the word by which a reader says so
RUN = 3  # samples in a row at the end of the range that make a sweep clipped


def spared(sweep: Sweep, recording: Recording, channel: int, read: Iterable[tuple[float, float]]) -> bool:
    """Whether a sweep was set aside for nothing but clipping outside the parts that are read (start and end in s).

    A capacitive transient often leaves the range of the converter and is blanked anyway. The ends of the range are
    taken to be the extremes of the sweep.
    """
    if CLIPPED not in sweep.set_aside.lower():
        return False
    whole = np.asarray(sweep.samples[channel])
    top, bottom = float(whole.max()), float(whole.min())
    return not any(
        _at(whole[recording.part(sweep, *times)], limit) for times in read for limit in (top, bottom)
    )


def _at(samples: Array, limit: float) -> bool:
    """Whether so many samples in a row stand at a limit."""
    if samples.size < RUN:
        return False
    return bool(np.convolve(samples == limit, np.ones(RUN), "valid").max() >= RUN)
