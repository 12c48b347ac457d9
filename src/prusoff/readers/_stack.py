"""Channels that were stored one by one, put together as one sweep."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..core.recording import Samples, ScaledCounts


def stacked(parts: Sequence[Samples]) -> tuple[Samples, str]:
    """The channels of a sweep (each with one row) one under the other, and why that is no whole sweep ('' where it is).

    Channels of different length are cut to the shortest.
    """
    lengths = [part.shape[1] for part in parts]
    length = min(lengths)
    why = ""
    if max(lengths) > length:
        why = "its channels have " + " and ".join(f"{one:,}" for one in lengths) + " samples"
    if len(parts) == 1:
        return parts[0], why
    counted = [part for part in parts if isinstance(part, ScaledCounts)]
    if len(counted) == len(parts):
        counts = ScaledCounts(
            np.concatenate([part.counts[:, :length] for part in counted]),
            tuple(gain for part in counted for gain in part.gain),
            tuple(offset for part in counted for offset in part.offset),
        )
        return counts, why
    numbers: Samples = np.concatenate([np.asarray(part)[:, :length] for part in parts])
    return numbers, why
