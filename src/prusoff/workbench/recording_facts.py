"""What a person wants to know of a recording before anything is measured; the same as plain values for JSON."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.recording import Epoch, Recording, Sweep
from .trace_export import COMMAND_UNITS

CLAMPS = {"V": "voltage clamp", "A": "current clamp", "": "no command stated"}
EPOCHS_SHOWN = 12
REASONS_SHOWN = 8
_AT_ONCE = 1_000_000


@dataclass(frozen=True)
class Part:
    """One part of a preview: a line, or a table with its title."""

    title: str
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


def facts(recording: Recording) -> dict[str, Any]:
    """A recording as plain values: everything but the samples, of which the range and the mean stand."""
    return {
        "name": recording.name,
        "channels": [
            {"name": channel.name, "unit": channel.unit, "to_inside": _known(channel.to_inside)}
            for channel in recording.channels
        ],
        "sampling_hz": recording.sampling_hz,
        "command_unit": recording.command_unit,
        "holding": _known(recording.holding),
        "protocol": recording.protocol,
        "started": recording.started.isoformat() if recording.started else None,
        "header": dict(recording.header),
        "tags": [{"time_s": tag.time_s, "text": tag.text} for tag in recording.tags],
        "sweeps": [_sweep_facts(sweep) for sweep in recording.sweeps],
    }


def _known(number: float) -> float | None:
    return number if math.isfinite(number) else None


def _sweep_facts(sweep: Sweep) -> dict[str, Any]:
    return {
        "number": sweep.number,
        "start_s": _known(sweep.start_s),
        "samples": sweep.samples.shape[1],
        "set_aside": sweep.set_aside,
        "command": [
            {"start_s": part.start_s, "end_s": part.end_s, "level": part.level, "end_level": part.end_level}
            for part in sweep.command
        ],
        "channels": [
            dict(zip(("least", "mean", "most"), map(_known, _range(sweep, position)), strict=True))
            for position in range(sweep.samples.shape[0])
        ],
    }


def _range(sweep: Sweep, position: int) -> tuple[float, float, float]:
    """Least, mean and most of one channel in its unit, a million samples at a time; nan where one is no number."""
    length = sweep.samples.shape[1]
    least, total, most = math.inf, 0.0, -math.inf
    for first in range(0, length, _AT_ONCE):
        part = np.asarray(sweep.samples[position, first : first + _AT_ONCE], dtype=np.float64)
        least, most = min(least, float(part.min())), max(most, float(part.max()))
        total += float(part.sum())
    return (
        (least, total / length, most) if math.isfinite(total) and length else (math.nan, math.nan, math.nan)
    )


def parts(recording: Recording) -> Iterator[Part]:
    """A recording in a few lines and tables: sweeps, channels, command, tags, and what was set aside."""
    yield Part(_sentence(recording))
    yield Part("channels", ("channel", "unit", "least", "mean", "most"), tuple(_channel_rows(recording)))
    commanded = [sweep for sweep in recording.sweeps if sweep.command]
    if commanded:
        yield _command(recording, commanded)
    if recording.tags:
        rows = tuple((f"{tag.time_s:.6g}", tag.text) for tag in recording.tags)
        yield Part("tags", ("time (s)", "tag"), rows)
    aside = [sweep for sweep in recording.sweeps if not sweep.used]
    for sweep in aside[:REASONS_SHOWN]:
        yield Part(f"  sweep {sweep.number} set aside: {sweep.set_aside}")
    if len(aside) > REASONS_SHOWN:
        yield Part(f"  and {len(aside) - REASONS_SHOWN} more sweeps set aside")


def _sentence(recording: Recording) -> str:
    lengths = sorted({sweep.samples.shape[1] / recording.sampling_hz for sweep in recording.sweeps})
    long = f"{lengths[0]:.6g}" + (f" to {lengths[-1]:.6g}" if len(lengths) > 1 else "") + " s"
    said = [
        f"{recording.name}: {_counted(recording)} of {long}",
        f"{recording.sampling_hz / 1e3:.6g} kHz",
        CLAMPS[recording.command_unit],
    ]
    if recording.command_unit and math.isfinite(recording.holding):
        unit, size = COMMAND_UNITS[recording.command_unit]
        said.append(f"held at {recording.holding * size:.6g} {unit}")
    if recording.protocol:
        said.append(f"protocol '{recording.protocol}'")
    if recording.started:
        said.append(f"recorded {recording.started:%Y-%m-%d %H:%M:%S}")
    return ", ".join(said)


def _counted(recording: Recording) -> str:
    """How many sweeps there are, and by which numbers a run file names them."""
    count = len(recording.sweeps)
    if count < 2:
        return f"{count} sweep{'' if count else 's'}"
    return f"{count} sweeps ({recording.sweeps[0].number} to {recording.sweeps[-1].number})"


def _channel_rows(recording: Recording) -> Iterator[tuple[str, ...]]:
    for position, channel in enumerate(recording.channels):
        ranges = [_range(sweep, position) for sweep in recording.used]
        if not ranges:
            yield channel.name, channel.unit, "", "", ""
            continue
        least, mean, most = zip(*ranges, strict=True)
        values = (min(least), sum(mean) / len(mean), max(most))
        yield channel.name, channel.unit, *(f"{value:.4g}" for value in values)


def _command(recording: Recording, commanded: list[Sweep]) -> Part:
    """The steps and ramps of all sweeps where they take place at the same times, else those of the first sweep."""
    unit, size = COMMAND_UNITS.get(recording.command_unit, ("", 1.0))
    times = {tuple((part.start_s, part.end_s) for part in sweep.command) for sweep in commanded}
    shown, title = commanded, "command of all sweeps"
    if len(times) > 1:
        shown, title = commanded[:1], f"command of sweep {commanded[0].number} (others have other times)"
    rows = []
    for place, part in enumerate(shown[0].command[:EPOCHS_SHOWN]):
        levels = [_level(sweep.command[place], size) for sweep in shown]
        kind = "step" if all(sweep.command[place].is_step for sweep in shown) else "ramp"
        rows.append(
            (f"{place + 1}", f"{part.start_s * 1e3:.6g}", f"{part.end_s * 1e3:.6g}", kind, _summary(levels))
        )
    hidden = len(shown[0].command) - len(rows)
    title += f", the first {len(rows)} of {len(rows) + hidden} parts" if hidden else ""
    return Part(title, ("part", "from (ms)", "to (ms)", "kind", f"level ({unit})"), tuple(rows))


def _level(part: Epoch, size: float) -> str:
    level, final = f"{part.level * size:.6g}", f"{part.end_level * size:.6g}"
    return level if part.is_step else f"{level} to {final}"


def _summary(levels: list[str]) -> str:
    """The one level of all sweeps, or those of the first two and the last."""
    different = list(dict.fromkeys(levels))
    if len(different) <= 3:
        return "; ".join(different)
    return f"{different[0]}; {different[1]}; … {different[-1]}"
