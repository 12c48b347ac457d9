"""A few sweeps of a cell, thinned, as they are drawn beside their amplitudes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from ..core.equation import Array
from ..core.recording import Recording, Sweep
from ..core.trace import Read, Trace
from ..electrophysiology.end_points import PLATEAU_PART
from ..electrophysiology.measurement import Amplitude
from .applications import Application

MOST_SWEEPS = 12
MOST_POINTS = 2000
_BEFORE_S, _BEFORE_PART, _AFTER_PART = 2e-3, 0.1, 0.2


def traces_of(
    recording: Recording, channel: int, amplitudes: Sequence[Amplitude], applied: Mapping[int, Application]
) -> tuple[Trace, ...]:
    """The last used sweep of everything that was applied, at each potential; 12 of them at most, of everything that was
    applied as many, and of their potentials evenly chosen ones.
    """
    last: dict[str, dict[float, int]] = {}
    reads: dict[int, list[Amplitude]] = {}
    for one in amplitudes:
        reads.setdefault(one.sweep, []).append(one)
        if not one.set_aside and not applied[one.sweep].set_aside:
            potential = math.inf if math.isnan(one.potential) else one.potential
            last.setdefault(applied[one.sweep].label, {})[potential] = one.sweep
    several = len({potential for each in last.values() for potential in each}) > 1
    most = max(1, MOST_SWEEPS // len(last)) if last else 0
    chosen = [number for each in last.values() for number in _even(list(dict.fromkeys(each.values())), most)]
    sweeps = {sweep.number: sweep for sweep in recording.sweeps}
    return tuple(
        _trace(
            recording,
            channel,
            sweeps[number],
            reads[number],
            (applied[number].label, reads[number][0].potential if several else math.nan),
        )
        for number in _even(chosen, MOST_SWEEPS)
    )


def first_of_each(traces: Sequence[Trace]) -> tuple[Trace, ...]:
    """The first 12 traces of all whose current is called alike."""
    found: dict[str, list[Trace]] = {}
    for one in traces:
        found.setdefault(one.called, []).append(one)
    return tuple(one for members in found.values() for one in members[:MOST_SWEEPS])


def _even(members: Sequence[int], most: int) -> list[int]:
    """At most so many, evenly chosen; a single one is the last."""
    if len(members) <= most:
        return list(members)
    return [members[round(at)] for at in np.linspace(len(members) - 1, 0, most)[::-1]]


def _trace(
    recording: Recording, channel: int, sweep: Sweep, reads: Sequence[Amplitude], under: tuple[str, float]
) -> Trace:
    """One sweep as it is drawn; `under` is what was applied, and the potential."""
    first, last = min(one.window[0] for one in reads), max(one.window[1] for one in reads)
    long = last - first
    part = recording.part(sweep, first - max(_BEFORE_S, _BEFORE_PART * long), last + _AFTER_PART * long)
    times, currents = thinned(
        np.arange(part.start, part.stop) / recording.sampling_hz, recording.inside(sweep, channel, part)
    )
    told = tuple(Read(one.end_point, *_read_in(one), one.at_s, one.current) for one in reads)
    return Trace(sweep.number, under[0], times, currents, told, under[1])


def _read_in(one: Amplitude) -> tuple[float, float]:
    """From when to when a reading was taken: a plateau only at the end of its window."""
    start, end = one.window
    return (end - PLATEAU_PART * (end - start) if one.end_point == "plateau" else start), end


def thinned(times: Array, values: Array, most: int = MOST_POINTS) -> tuple[Array, Array]:
    """At most so many samples: of every stretch the smallest and the largest, in their order; no peak is lost."""
    if times.size <= most:
        return times, values
    each = math.ceil(2 * times.size / most)
    edges = np.arange(0, times.size, each)
    kept = {0, times.size - 1}
    for start in edges:
        stretch = values[start : start + each]
        kept.update((int(start + stretch.argmin()), int(start + stretch.argmax())))
    at = np.array(sorted(kept))
    return times[at], values[at]
