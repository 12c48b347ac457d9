"""Writes the traces of a recording as a text table that any program opens, and that is read back as it was."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ..core.recording import Recording, Sweep
from .written_recording import waveform

COMMAND_UNITS = {"V": ("mV", 1e3), "A": ("pA", 1e12)}


def save_traces(recordings: tuple[Recording, ...], path: str | Path) -> list[Path]:
    """Write each recording as one CSV file; of several, the second and later have their number added to the name.

    The first column is the time (s), then each sweep has a column for each channel (in its unit) and one for its
    command (mV or pA). Above the heading stand when the sweeps began, the tags, and why sweeps were set aside.
    """
    first = Path(path)
    written = []
    for number, recording in enumerate(recordings, start=1):
        file = first if number == 1 else first.with_name(f"{first.stem} {number}{first.suffix}")
        file.write_text("\n".join(_lines(recording)) + "\n", encoding="utf-8", newline="\n")
        written.append(file)
    return written


def _lines(recording: Recording) -> Iterator[str]:
    yield from (f"# {key}: {' '.join(words.split())}" for key, words in recording.header.items())
    if recording.protocol:
        yield f"# protocol: {recording.protocol}"
    if recording.started:
        yield f"# recorded: {recording.started.isoformat()}"
    yield "# sweep starts (s): " + " ".join(f"{sweep.start_s:.9g}" for sweep in recording.sweeps)
    yield from (f"# tag at {tag.time_s:.9g} s: {tag.text}" for tag in recording.tags)
    for sweep in recording.sweeps:
        if not sweep.used:
            yield f"# sweep {sweep.number} set aside: {sweep.set_aside}"
    columns = [column for sweep in recording.sweeps for column in _columns(recording, sweep)]
    yield ",".join(["time (s)", *(heading for heading, _ in columns)])
    length = max((len(values) for _, values in columns), default=0)
    times = (f"{number / recording.sampling_hz:.9g}" for number in range(length))
    texts = [_texts(values, length) for _, values in columns]
    for row in zip(times, *texts, strict=True):
        yield ",".join(row)


def _columns(recording: Recording, sweep: Sweep) -> Iterator[tuple[str, npt.NDArray[np.floating]]]:
    for position, channel in enumerate(recording.channels):
        name = channel.name.replace(",", " ")
        yield f"sweep {sweep.number} {name} ({channel.unit})", np.asarray(sweep.samples[position])
    if sweep.command and recording.command_unit:
        unit, size = COMMAND_UNITS[recording.command_unit]
        yield f"command sweep {sweep.number} ({unit})", waveform(recording, sweep) * size


def _texts(values: npt.NDArray[np.floating], length: int) -> list[str]:
    """Numbers as short as they can be read back; no number is a blank."""
    numbers: list[float] = values.tolist()
    short = (
        values.astype("U").tolist() if values.dtype == np.float32 else [f"{number:.9g}" for number in numbers]
    )
    found = [text if math.isfinite(number) else "" for text, number in zip(short, numbers, strict=True)]
    return found + [""] * (length - len(found))
