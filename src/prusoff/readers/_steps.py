"""Finds the steps and ramps in a command that was written down sample by sample."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from ..core.equation import Array
from ..core.recording import Epoch

MOST_PARTS = 500
_PRECISIONS = (1e-12, 1e-6)  # of numbers with 64 and with 32 bits
_CLOSE = 1e-5


def steps_and_ramps(wave: Array, rate: float) -> tuple[Epoch, ...] | None:
    """The steps and ramps that make up a command (V or A); None where it is made of something else.

    A step is a level that stays the same; a ramp is a straight line between two levels, followed to within 1e-5 of
    the range of the command. Where there would be more than 500 of them, or on average fewer than four samples in each,
    the command is taken for something else.
    """
    if len(wave) < 2 or not np.isfinite(wave).all():
        return None
    for precision in _PRECISIONS:
        runs = _runs(np.diff(wave), precision * float(np.abs(wave).max()))
        if len(runs) <= 2 * MOST_PARTS:
            parts = list(_parts(wave, runs))
            if len(parts) <= max(1, len(wave) // 4) and _follow(wave, parts):
                return tuple(
                    Epoch(first / rate, end / rate, _short(level), _short(final))
                    for first, end, level, final in parts
                )
    return None


def _runs(slopes: Array, close: float) -> list[tuple[int, int]]:
    """The first and the last sample of each stretch along which the slope stays the same."""
    turns = np.flatnonzero(np.abs(np.diff(slopes)) > close) + 1
    edges = [0, *turns.tolist(), len(slopes)]
    return list(pairwise(edges))


def _parts(wave: Array, runs: list[tuple[int, int]]) -> Iterator[tuple[int, int, float, float]]:
    """Each step or ramp: its first sample, the sample after it, its level there and where it leads to.

    One slope alone between two samples is a jump, unless it is none: it ends what comes before it one sample later.
    """
    start = 0
    for position, (first, last) in enumerate(runs):
        if _is_jump(wave, first, last):
            if start <= first:  # a sample between two jumps
                yield start, first + 1, float(wave[first]), float(wave[first])
            start = last
            continue
        slope = float(wave[last] - wave[first]) / (last - first)
        ends = int(position + 1 == len(runs) or _is_jump(wave, *runs[position + 1]))
        yield first, last + ends, float(wave[first]), float(wave[last]) + slope * ends
        start = last + ends
    if start < len(wave):
        yield start, len(wave), float(wave[start]), float(wave[start])


def _is_jump(wave: Array, first: int, last: int) -> bool:
    return last - first == 1 and bool(wave[first] != wave[last])


def _follow(wave: Array, parts: list[tuple[int, int, float, float]]) -> bool:
    """Whether the parts follow the command at every sample."""
    close = _CLOSE * float(np.ptp(wave)) + 1e-12 * float(np.abs(wave).max())
    return all(
        bool(
            np.abs(wave[first:end] - level - (final - level) * np.arange(end - first) / (end - first)).max()
            <= close
        )
        for first, end, level, final in parts
    )


def _short(level: float) -> float:
    """A level without the last digits, which come from scaling."""
    return float(f"{level:.9g}")
