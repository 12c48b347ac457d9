"""Sweeps that cannot be measured: no numbers in them, or clipped at the limits of the converter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from ..core.recording import Channel, Samples, ScaledCounts, Sweep

CLIPPED_RUN = 3
FULL_SCALE = 32768


def why_set_aside(samples: Samples, channels: Sequence[Channel], resolution: int = FULL_SCALE) -> str:
    """Why a sweep is set aside, '' where it can be measured.

    A sweep is set aside when a sample is no finite number, and when a channel of current or voltage stands for
    3 samples or more in a row at the last count that the converter can give (`resolution` counts at full scale).
    """
    if samples.shape[-1] == 0:
        return "it holds no samples"
    for position, channel in enumerate(channels):
        if isinstance(samples, ScaledCounts):
            why = _clipped(samples.counts[position], resolution)
        else:
            why = _not_finite(samples[position])
        if why and channel.to_inside == channel.to_inside:
            return f"channel '{channel.name}' {why}"
    return ""


def _not_finite(values: npt.NDArray[np.floating]) -> str:
    missing = np.flatnonzero(~np.isfinite(values))
    if not len(missing):
        return ""
    return f"has {len(missing):,} samples that are no numbers, the first at sample {missing[0]:,}"


def _clipped(counts: npt.NDArray[np.int16], resolution: int) -> str:
    for limit, reached in (
        (resolution - 1, counts.max() >= resolution - 1),
        (-resolution, counts.min() <= -resolution),
    ):
        if not reached:
            continue
        at_limit = counts >= limit if limit > 0 else counts <= limit
        start, length = _longest_run(at_limit)
        if length >= CLIPPED_RUN:
            return (
                f"stands at the limit of the converter ({limit} counts) for {length:,} samples in a row "
                f"from sample {start:,}: it is clipped"
            )
    return ""


def _longest_run(marked: npt.NDArray[np.bool_]) -> tuple[int, int]:
    edges = np.flatnonzero(np.diff(np.concatenate(([False], marked, [False])).astype(np.int8)))
    starts, ends = edges[::2], edges[1::2]
    longest = int(np.argmax(ends - starts))
    return int(starts[longest]), int(ends[longest] - starts[longest])


def doubts(channels: Sequence[Channel], sweeps: Sequence[Sweep]) -> Iterator[str]:
    """A note for each channel of more than 1 A or 10 V, which no amplifier gives: its unit is wrong in the file."""
    for sweep in [sweep for sweep in sweeps if sweep.used][:1]:
        for position, channel in enumerate(channels):
            inside, most = ("A", 1.0) if channel.unit.endswith("A") else ("V", 10.0)
            largest = float(np.abs(sweep.samples[position]).max()) * channel.to_inside
            if largest > most:
                yield (
                    f"Channel '{channel.name}' is in {channel.unit} by the file and reaches {largest:.3g} {inside}, "
                    "more than an amplifier gives: the unit in the file is wrong. Check it before measuring."
                )
