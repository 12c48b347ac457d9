"""From a recording to amplitudes: every sweep measured by one plan, none dropped."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from ..core.equation import Array
from ..core.errors import InputError, Problem
from ..core.recording import Recording, Sweep
from .clipping import spared
from .end_points import blanked, peak, plateau
from .leak_subtraction import currents, leak_off
from .membrane_test import membrane_test
from .plan import EndPoint, Plan, Window, Windows, check, windows_of

BLOCK, AT_ONCE = 256, 2_000_000  # sweeps, and samples of them, that lie in memory as 64-bit numbers at once
_MICROVOLTS = 6  # decimals of a potential in V: files hold them as 32-bit numbers


@dataclass(frozen=True)
class Amplitude:
    """One measured current in A: of which sweep, pulse (from 1; 0 where a sweep has one) and end point.

    `time_s` counts from the start of the recording; `potential` (V) is the one that the plan asks for; `window` is the
    part of the sweep that was read and `at_s` where in it the peak stands (s from the start of the sweep).
    An amplitude that cannot be used says why in `set_aside`.
    """

    sweep: int
    time_s: float
    end_point: EndPoint
    current: float
    pulse: int = 0
    potential: float = math.nan
    quality: Mapping[str, float] = field(default_factory=dict)
    set_aside: str = ""
    window: tuple[float, float] = (math.nan, math.nan)
    at_s: float = math.nan


def measured(recording: Recording, plan: Plan) -> tuple[Amplitude, ...]:
    """All amplitudes of a recording, sweep by sweep, pulse by pulse.

    A sweep that the reader set aside, or in which a window does not lie, is kept with its reason; one that is clipped
    only where nothing is read is measured. Raises InputError where plan and recording do not fit together (no such
    channel, no such part of the command).
    """
    check(plan)
    _check_channel(recording, plan.channel)
    found: dict[int, list[Amplitude]] = {}
    alike: dict[tuple[tuple[int, int], ...], list[tuple[int, Sweep, Windows]]] = {}
    for position, sweep in enumerate(recording.sweeps):
        windows = windows_of(sweep, plan, recording)
        reason = _outside(sweep, windows, recording, plan)
        if sweep.set_aside and (reason or not spared(sweep, recording, plan.channel, _read(windows, plan))):
            reason = sweep.set_aside
        if reason:
            found[position] = _unread(sweep, windows, plan, reason)
        else:
            read = (recording.part(sweep, *times) for times in _times(windows))
            alike.setdefault(tuple((one.start, one.stop) for one in read), []).append(
                (position, sweep, windows)
            )
    for parts, members in alike.items():
        rows = max(1, min(BLOCK, AT_ONCE // max(1, sum(last - first for first, last in parts))))
        for start in range(0, len(members), rows):
            block = members[start : start + rows]
            each = _measure(recording, plan, [(sweep, windows) for _, sweep, windows in block])
            found.update(zip((position for position, *_ in block), each, strict=True))
    return tuple(one for position in range(len(recording.sweeps)) for one in found[position])


def _check_channel(recording: Recording, channel: int) -> None:
    known = ", ".join(f"'{one.name}' ({one.unit})" for one in recording.channels)
    if not 0 <= channel < len(recording.channels) or channel not in recording.currents():
        what = f"channel {channel + 1} of {recording.name} holds no current"
        raise InputError(Problem(what, fix=f"Name one of the channels: {known}"))
    if math.isnan(recording.channels[channel].to_inside):
        what = f"the unit of channel '{recording.channels[channel].name}' is not known"
        raise InputError(Problem(what, fix="State it"))


def _times(windows: Windows) -> Iterator[tuple[float, float]]:
    """Start and end of all parts of a sweep that are read."""
    if windows.rest is not None:
        yield windows.rest
    for window in (*windows.pulses, *windows.leak, *((windows.membrane,) if windows.membrane else ())):
        yield window.baseline_start_s, window.start_s
        yield window.start_s, window.end_s


def _read(windows: Windows, plan: Plan) -> Iterator[tuple[float, float]]:
    """Start and end of what is read from a sweep, after blanking; of a membrane test all is."""
    steps = (*windows.pulses, *windows.leak)
    yield from ((one.start_s + plan.blank_s, one.end_s) for one in steps)
    yield from ((one.baseline_start_s, one.start_s) for one in steps)
    if windows.membrane is not None:
        yield windows.membrane.baseline_start_s, windows.membrane.end_s


def _outside(sweep: Sweep, windows: Windows, recording: Recording, plan: Plan) -> str:
    """Why the windows cannot be read in this sweep, '' where they can."""
    length = sweep.samples.shape[-1] / recording.sampling_hz
    sample = 1.0 / recording.sampling_hz
    for _, end in _times(windows):
        if end > length + sample / 2:
            return f"the window ends at {end * 1e3:.4g} ms, the sweep at {length * 1e3:.4g} ms"
    for window in windows.pulses:
        if window.end_s - window.start_s - plan.blank_s < sample:
            return f"the window of {(window.end_s - window.start_s) * 1e3:.3g} ms is blanked whole"
    return ""


def _unread(sweep: Sweep, windows: Windows, plan: Plan, reason: str) -> list[Amplitude]:
    return [
        Amplitude(
            sweep.number,
            _time(sweep, windows, window),
            end_point,
            math.nan,
            number,
            _potential(window, windows, plan),
            set_aside=reason,
            window=(window.start_s, window.end_s),
        )
        for number, window in _numbered(windows)
        for end_point in plan.end_points
    ]


def _numbered(windows: Windows) -> Iterator[tuple[int, Window]]:
    """The pulses with their numbers from 1, or 0 for the only one."""
    if len(windows.pulses) == 1:
        yield 0, windows.pulses[0]
    else:
        yield from enumerate(windows.pulses, start=1)


def _time(sweep: Sweep, windows: Windows, window: Window) -> float:
    """When an amplitude was read: the start of the sweep, and of later pulses as much later as they are."""
    return sweep.start_s + window.start_s - windows.pulses[0].start_s


def _potential(window: Window, windows: Windows, plan: Plan) -> float:
    levels = {"holding": windows.first_level, "prepulse": window.level_before, "test": window.level}
    return round(levels.get(plan.voltage, math.nan), _MICROVOLTS)


def _measure(
    recording: Recording, plan: Plan, block: Sequence[tuple[Sweep, Windows]]
) -> list[list[Amplitude]]:
    """The amplitudes of sweeps whose windows stand at the same samples."""
    sweeps, windows = [sweep for sweep, _ in block], [one for _, one in block]
    cell = _membrane(recording, plan, sweeps, windows)
    found: list[list[Amplitude]] = [[] for _ in sweeps]
    for order, (number, window) in enumerate(_numbered(windows[0])):
        pulses = [one.pulses[order] for one in windows]
        samples, baseline = currents(recording, plan.channel, sweeps, window)
        samples = leak_off(recording, plan, (sweeps, windows), (pulses, samples, baseline))
        read = blanked(samples, recording.sampling_hz, plan.blank_s)
        start = window.start_s + (samples.shape[-1] - read.shape[-1]) / recording.sampling_hz
        for end_point in plan.end_points:
            current, at = _end_point(read, end_point, plan)
            for row, sweep in enumerate(sweeps):
                found[row].append(
                    Amplitude(
                        sweep.number,
                        _time(sweep, windows[row], pulses[row]),
                        end_point,
                        float(current[row]),
                        number,
                        _potential(pulses[row], windows[row], plan),
                        {name: float(one[row]) for name, one in cell.items() if not math.isnan(one[row])},
                        "" if math.isfinite(current[row]) else "a sample of the window is no number",
                        (start, window.end_s),
                        start + float(at[row]) / recording.sampling_hz,
                    )
                )
    return found


def _end_point(read: Array, end_point: EndPoint, plan: Plan) -> tuple[Array, Array]:
    """The current of each sweep, and the sample where its peak stands (nan for a plateau)."""
    if end_point == "peak":
        current, at = peak(read, plan.sign)
        return current, at.astype(float)
    return plateau(read), np.full(len(read), math.nan)


def _membrane(
    recording: Recording, plan: Plan, sweeps: Sequence[Sweep], windows: Sequence[Windows]
) -> dict[str, Array]:
    """Leak, series and membrane resistance and capacitance of each sweep, by the names of a well's quality."""
    found: dict[str, Array] = {}
    if windows[0].rest is not None:
        part = recording.part(sweeps[0], *windows[0].rest)
        found["leak"] = np.array([recording.inside(one, plan.channel, part).mean() for one in sweeps])
    window = windows[0].membrane
    if window is None:
        return found
    step, before = currents(recording, plan.channel, sweeps, window)
    steps = (one.membrane.level - one.membrane.level_before for one in windows if one.membrane)
    sizes = {round(one, _MICROVOLTS) for one in steps}
    if len(sizes) != 1 or not next(iter(sizes)):
        fix = "Name as membrane_test a part of the command that is the same small step in every sweep"
        raise InputError(Problem("the step of the membrane test is not the same in every sweep", fix=fix))
    cell = membrane_test(before, step, sizes.pop(), recording.sampling_hz)
    return found | {
        "series_resistance": cell.series,
        "seal_resistance": cell.membrane,
        "capacitance": cell.capacitance,
    }
