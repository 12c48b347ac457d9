"""Traces in a text file: a column of times, and a column of samples for each sweep or channel."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterator

import numpy as np

from ..core.equation import Array
from ..core.errors import BrokenFile, Problem
from ..core.reader import RawData, RawFile, Reader
from ..core.recording import Channel, Epoch, Recording, Sweep, Tag
from ._electric import channel, electric
from ._gates import doubts, why_set_aside
from ._steps import steps_and_ramps
from ._trace_heading import TraceColumn, TraceHeading, heading_of, time_size
from ._trace_numbers import TraceLines, first_lines, lines_of, numbers_of

LONGEST_STEP_S = 0.01
FEWEST_ROWS = 20
STARTS, TAG = "sweep starts (s)", re.compile(r"tag at (?P<time>\d+(?:\.\d*)?(?:e[+-]?\d+)?) s")
_UNDERSTOOD = re.compile(rf"{re.escape(STARTS)}|{TAG.pattern}|sweep \d+ set aside")
_UNEVEN = 0.51


def _sniff(file: RawFile) -> bool:
    table = first_lines(file)
    heading = heading_of(table.heading) if table else None
    if table is None or heading is None or len(table.lines) < FEWEST_ROWS:
        return False
    try:
        times = numbers_of(file, TraceLines((), table.heading, table.lines[:200], 0, table.delimiter))[:, 0]
    except BrokenFile:
        return heading.time_unit != "" and all(column.unit for column in heading.columns)
    apart = np.diff(times)
    if not (np.isfinite(apart).all() and apart.min() >= 0 and apart.max() > 0):
        return False
    known = float(apart.mean()) * time_size(heading.time_unit)
    return known <= LONGEST_STEP_S and bool(np.abs(apart - apart.mean()).max() <= 1.02 * apart.mean())


def _read(file: RawFile) -> RawData:
    table = lines_of(file)
    heading = heading_of(table.heading) if table else None
    if table is None or heading is None:
        what = "the file has no heading with a time first and a current or potential in each other column"
        fix = "Write one such as 'time (ms), sweep 1 (pA), sweep 2 (pA)'"
        raise BrokenFile(Problem(what, file.name, fix, "E-BROKEN"))
    _check_units(file, table, heading)
    numbers = numbers_of(file, table)
    rate = _rate(file, table, numbers[:, 0] * time_size(heading.time_unit))
    notes: list[str] = []
    recording = _recording(file, table, heading, numbers, rate, notes)
    notes += doubts(recording.channels, recording.sweeps)
    return RawData(
        "trace_table",
        file.name,
        file.sha256,
        header=dict(recording.header),
        notes=tuple(notes),
        recordings=(recording,),
    )


def _check_units(file: RawFile, table: TraceLines, heading: TraceHeading) -> None:
    missing = [] if heading.time_unit else [(table.heading[0], "ms")]
    missing += [
        (column.heading, "mV" if column.is_command else "pA") for column in heading.columns if not column.unit
    ]
    problems = [
        Problem(
            f"column '{name}' has no unit",
            f"{file.name} > heading",
            f"Write the unit into the heading, such as '{name} ({unit})'",
            "E-UNIT",
        )
        for name, unit in missing
    ]
    if problems:
        raise BrokenFile(problems)


def _rate(file: RawFile, table: TraceLines, times: Array) -> float:
    """Samples a second; raises BrokenFile at the first line whose time is not where even sampling would put it."""
    if len(times) < 2 or not np.isfinite(times).all() or not times[-1] > times[0]:
        what = f"the {len(times)} times do not rise"
        raise BrokenFile(
            Problem(what, f"{file.name} > column '{table.heading[0]}'", "Export the traces again", "E-TIME")
        )
    apart = float(times[-1] - times[0]) / (len(times) - 1)
    off = np.abs(times - times[0] - apart * np.arange(len(times)))
    worst = int(np.argmax(off))
    if off[worst] > _UNEVEN * apart:
        what = f"the samples are not evenly apart: this time is {off[worst] / apart:.1f} samples off"
        fix = "Export the traces with even sampling, without gaps"
        raise BrokenFile(Problem(what, f"{file.name} > line {table.first + worst}", fix, "E-TIME"))
    return float(f"{1 / apart:.9g}")


def _recording(
    file: RawFile, table: TraceLines, heading: TraceHeading, numbers: Array, rate: float, notes: list[str]
) -> Recording:
    columns = list(enumerate(heading.columns, start=1))
    sampled = [(place, column) for place, column in columns if not column.is_command]
    sent = {column.sweep: (place, column) for place, column in columns if column.is_command}
    order = sorted(
        {column.sweep for _, column in sampled}, key=lambda number: -1 if number is None else number
    )
    channels = _channels(file, sampled, order)
    starts, said = _starts(table, len(order), len(numbers) / rate, notes), dict(table.said)
    sweeps = []
    for position, number in enumerate(order):
        values = _without_tail(numbers[:, [place for place, column in sampled if column.sweep == number]].T)
        found = sent.get(number) or sent.get(None)
        command = _command(numbers[: values.shape[1], found[0]], found[1], rate) if found else ()
        why = said.get(f"sweep {number} set aside", "") or why_set_aside(values, channels)
        sweeps.append(Sweep(position if number is None else number, starts[position], values, command, why))
    held = {sweep.command[0].level for sweep in sweeps if sweep.command}
    return Recording(
        file.path.stem,
        channels,
        rate,
        tuple(sweeps),
        tuple(_tags(table)),
        next((electric(column.unit)[0] for _, column in sent.values()), ""),
        held.pop() if len(held) == 1 else math.nan,
        said.pop("protocol", ""),
        _moment(said.pop("recorded", "")),
        {key: words for key, words in said.items() if not _UNDERSTOOD.fullmatch(key)},
    )


def _moment(text: str) -> dt.datetime | None:
    try:
        return dt.datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return None


def _channels(
    file: RawFile, sampled: list[tuple[int, TraceColumn]], order: list[int | None]
) -> tuple[Channel, ...]:
    """The channels, which every sweep must have alike."""
    by_sweep = [[column for _, column in sampled if column.sweep == number] for number in order]
    first = [(column.channel, column.unit) for column in by_sweep[0]] if by_sweep else []
    for number, found in zip(order, by_sweep, strict=True):
        if [(column.channel, column.unit) for column in found] != first:
            what = f"sweep {number} has other channels or units than sweep {order[0]}"
            fix = "Give every sweep the same columns"
            raise BrokenFile(Problem(what, f"{file.name} > heading", fix, "E-COLUMNS"))
    if not first:
        what = "all columns hold a command, and none a recorded current or potential"
        raise BrokenFile(Problem(what, f"{file.name} > heading", "Add what was recorded", "E-COLUMNS"))
    return tuple(channel(name or f"channel {position}", unit) for position, (name, unit) in enumerate(first))


def _command(wave: Array, column: TraceColumn, rate: float) -> tuple[Epoch, ...]:
    return steps_and_ramps(wave * electric(column.unit)[1], rate) or ()


def _without_tail(values: Array) -> Array:
    """The samples up to the last at which any channel has a number: sweeps may be shorter than the table."""
    there = np.flatnonzero(np.isfinite(values).any(axis=0))
    return values[:, : int(there[-1]) + 1] if len(there) else values[:, :0]


def _starts(table: TraceLines, count: int, length_s: float, notes: list[str]) -> list[float]:
    """When each sweep began: as stated above the heading, else one after the other, with a note."""
    stated = dict(table.said).get(STARTS, "")
    try:
        found = [float(part) for part in stated.split()]
    except ValueError:
        found = []
    if len(found) == count and np.isfinite(found).all():
        return found
    if count > 1:
        notes.append(
            "The file does not say when each sweep began; they are taken to follow one another without a pause. "
            f"Write it above the heading, such as '# {STARTS}: 0 5 10'."
        )
    return [number * length_s for number in range(count)]


def _tags(table: TraceLines) -> Iterator[Tag]:
    for key, words in table.said:
        found = TAG.fullmatch(key)
        if found:
            yield Tag(float(found["time"]), words)


trace_table = Reader(
    "trace_table",
    "Traces as text (CSV, TSV): a column of times, and a column for each sweep or channel",
    (".csv", ".tsv", ".txt"),
    _sniff,
    _read,
    "A heading such as 'time (ms), sweep 1 (pA), sweep 2 (pA), command 1 (mV)', above it lines '# key: words', of "
    "which '# sweep starts (s): 0 5 10', '# tag at 6.5 s: drug' and '# protocol: name' are understood. "
    "Even sampling, 100 Hz or faster.",
)
