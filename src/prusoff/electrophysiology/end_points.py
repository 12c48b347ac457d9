"""Where a current is read: its peak, or its plateau. They are different end points and always named."""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt

from ..core.equation import Array

Sign = Literal["inward", "outward", "either"]
BLANK_S = 0.3e-3
PEAK_SAMPLES = 3
PLATEAU_PART = 0.1


def peak(samples: npt.ArrayLike, sign: Sign, count: int = PEAK_SAMPLES) -> tuple[Array, npt.NDArray[np.intp]]:
    """The peak of each trace (..., sample): the mean of `count` samples around the extreme of the expected sign.

    An inward current is negative; 'either' is the larger of both, for potentials on both sides of a reversal. Returns
    the peaks (...) and the positions of the extremes; at an end of the window the samples that are there are averaged.
    """
    traces = np.asarray(samples, dtype=float)
    sized = {"inward": np.negative, "outward": np.positive, "either": np.abs}[sign](traces)
    at = sized.argmax(axis=-1)
    last = traces.shape[-1]
    offsets = np.arange(count) - count // 2
    around = at[..., None] + offsets
    inside = (around >= 0) & (around < last)
    values = np.take_along_axis(traces, np.clip(around, 0, last - 1), axis=-1)
    found: Array = np.sum(values * inside, axis=-1) / np.sum(inside, axis=-1)
    return found, np.asarray(at)


def plateau(samples: npt.ArrayLike, part: float = PLATEAU_PART) -> Array:
    """The plateau of each trace (..., sample): the mean of the last tenth of the window (at least one sample)."""
    traces = np.asarray(samples, dtype=float)
    count = max(1, round(part * traces.shape[-1]))
    found: Array = traces[..., -count:].mean(axis=-1)
    return found


def blanked(samples: Array, sampling_hz: float, blank_s: float = BLANK_S) -> Array:
    """A window without its first part, in which the capacitive current flows; none of it left where it is as short."""
    return samples[..., round(blank_s * sampling_hz) :]
