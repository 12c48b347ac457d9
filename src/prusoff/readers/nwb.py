"""Recordings in NWB files (Neurodata Without Borders): patch-clamp series, their stimuli, annotations."""

from __future__ import annotations

import datetime as dt
import io
import math
import warnings
from collections.abc import Iterator
from typing import Any

from ..core.errors import FileError, MissingExtra
from ..core.reader import RawData, RawFile, Reader
from ..core.recording import Channel, Epoch, Recording, Sweep, Tag
from ._gates import doubts, why_set_aside
from ._nwb_series import MOST_SAMPLES, Series, groups, series_of, text, text_at
from ._nwb_sweeps import Together, recordings, together
from ._stack import stacked
from ._steps import steps_and_ramps
from ._stretch import cut_off, damaged

_START = b"\x89HDF\r\n\x1a\n"
_MOST_RATIO = 1100  # what gzip can reach
_COMPENSATIONS = (
    "whole_cell_series_resistance_comp",
    "whole_cell_capacitance_comp",
    "resistance_comp_correction",
    "resistance_comp_prediction",
    "resistance_comp_bandwidth",
    "capacitance_fast",
    "capacitance_slow",
    "bias_current",
    "bridge_balance",
    "capacitance_compensation",
)


def _sniff(file: RawFile) -> bool:
    return file.data.startswith(_START) and b"nwb_version" in file.data


def _read(file: RawFile) -> RawData:
    try:
        import pyfive
    except ImportError:
        raise MissingExtra.named("ephys", "Reading an NWB file") from None
    if not file.data.startswith(_START):
        raise damaged(file, "the file does not begin with the mark of HDF5, of which NWB is made")
    stated = _stated_size(file.data)
    if stated > len(file.data):
        raise cut_off(file, "the file", stated)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _content(file, pyfive.File(io.BytesIO(file.data)))
    except FileError:
        raise
    except Exception as failure:  # the library raises what it likes at a damaged file
        said = " ".join(str(failure).split())[:200] or type(failure).__name__
        raise damaged(file, f"the HDF5 file is damaged ({said})") from None


def _stated_size(data: bytes) -> int:
    """The size of a file by its first block; 0 where that is of an unknown form."""
    offset = {0: 40, 1: 44, 2: 28, 3: 28}.get(data[8] if len(data) > 8 else 255)
    return int.from_bytes(data[offset : offset + 8], "little") if offset else 0


def _content(file: RawFile, opened: Any) -> RawData:
    responses, stimuli, notes = _found(file, opened)
    tags = tuple(_tags(opened))
    header = dict(_said(opened))
    parts = list(recordings(together(opened, responses, stimuli)))
    found = [
        _recording(_name(file, parts, number), sweeps, opened, tags, header)
        for number, sweeps in enumerate(parts)
    ]
    if not found:
        what = "the file holds no patch-clamp series with samples of a current or a potential"
        raise damaged(file, what, "acquisition", "Export the recording with its VoltageClampSeries")
    for recording in found:
        notes += [note for note in doubts(recording.channels, recording.sweeps) if note not in notes]
    return RawData("nwb", file.name, file.sha256, header=header, notes=tuple(notes), recordings=tuple(found))


def _found(file: RawFile, opened: Any) -> tuple[list[Series], list[Series], list[str]]:
    """The series of responses and of stimuli, and a note for each that is not read."""
    responses: list[Series] = []
    stimuli: list[Series] = []
    notes: list[str] = []
    for place, into in (("acquisition", responses), ("stimulus/presentation", stimuli)):
        for group in groups(opened, place):
            series = series_of(group)
            why = _why_not(group, series)
            if series is not None and not why:
                into.append(series)
            elif why:
                notes.append(f"{place} > {str(group.name).rpartition('/')[2]}: not read, {why}.")
    sizes = [series.length for series in (*responses, *stimuli)]
    if sum(sizes) > MOST_SAMPLES:
        what = f"the file states {sum(sizes):,} samples; the limit is {MOST_SAMPLES:,}"
        raise damaged(file, what, "", "Split the file, or leave out what is not needed")
    for series in (*responses, *stimuli):
        _check_stored(file, series)
    return responses, stimuli, notes


def _why_not(group: Any, series: Series | None) -> str:
    if series is None:
        kind = text(group.attrs.get("neurodata_type", "no series"))
        return "" if kind == "AnnotationSeries" else f"it is {kind} and holds no samples of an electrode"
    if not series.inside:
        return "its unit is neither amperes nor volts"
    if not (math.isfinite(series.rate) and series.rate > 0):
        return "it states no sampling rate"
    if not (math.isfinite(series.conversion) and series.conversion and math.isfinite(series.offset)):
        return f"a number in it is worth {series.conversion:g} {series.inside}"
    return ""


def _check_stored(file: RawFile, series: Series) -> None:
    """Refuse samples that the file states but cannot hold, before memory is set aside for them."""
    data = series.data
    stated = series.length * data.dtype.itemsize
    most = len(file.data) * (1 if data.chunks is None else _MOST_RATIO)
    if stated > most:
        what = f"the samples should have {stated:,} bytes, but the whole file has {len(file.data):,}"
        raise damaged(file, what, str(series.group.name))


def _tags(opened: Any) -> Iterator[Tag]:
    noted = [
        (float(time), text(words))
        for place in ("acquisition", "stimulus/presentation")
        for group in groups(opened, place)
        if text(group.attrs.get("neurodata_type", "")) == "AnnotationSeries" and "timestamps" in group
        for time, words in zip(group["timestamps"][()], group["data"][()], strict=False)
    ]
    yield from (Tag(time, words) for time, words in sorted(noted))


def _said(opened: Any) -> Iterator[tuple[str, str]]:
    yield "format", f"NWB {text(opened.attrs.get('nwb_version', ''))}"
    for key in ("session_description", "identifier", "general/institution", "general/lab", "general/notes"):
        words = text_at(opened, key)
        if words:
            yield key.rpartition("/")[2].replace("_", " "), words


def _started(opened: Any) -> dt.datetime | None:
    try:
        began = dt.datetime.fromisoformat(text_at(opened, "session_start_time"))
    except ValueError:
        return None
    return (
        began.replace(tzinfo=None) if began.year > 1970 else None
    )  # 1970 stands for a time that is not known


def _name(file: RawFile, parts: list[list[Together]], number: int) -> str:
    """The name of the file; of several recordings each has its number and protocol added."""
    if len(parts) == 1:
        return file.path.stem
    return f"{file.path.stem} {number + 1} {parts[number][0].responses[0].protocol}".strip()


def _recording(
    name: str, sweeps: list[Together], opened: Any, tags: tuple[Tag, ...], header: dict[str, str]
) -> Recording:
    first = sweeps[0].responses
    channels = tuple(_channel(position, sweeps) for position in range(len(first)))
    read = tuple(_sweep(sweep, channels) for sweep in sweeps)
    units = {sweep.stimulus.inside for sweep in sweeps if sweep.stimulus}
    clamps = {"VoltageClampSeries": "V", "CurrentClampSeries": "A", "IZeroClampSeries": "A"}
    clamped = {clamps[one.kind] for one in first if one.kind in clamps}
    unit = next(iter(units or clamped)) if len(units or clamped) == 1 else ""
    holding = {sweep.command[0].level for sweep in read if sweep.command}
    stated = {key: text(first[0].group[key][()]) for key in _COMPENSATIONS if key in first[0].group}
    return Recording(
        name,
        channels,
        first[0].rate,
        read,
        tags,
        unit,
        holding.pop() if len(holding) == 1 else math.nan,
        first[0].protocol,
        _started(opened),
        {**header, **{key.replace("_", " "): value for key, value in stated.items()}},
    )


def _channel(position: int, sweeps: list[Together]) -> Channel:
    """A channel by what all its series say of themselves, else by its electrode."""
    series = [sweep.responses[position] for sweep in sweeps]
    described = {one.description for one in series}
    shared = described.pop() if len(described) == 1 else ""
    unit, size = series[0].unit
    return Channel(shared if 0 < len(shared) <= 40 else series[0].electrode, unit, size)


def _sweep(sweep: Together, channels: tuple[Channel, ...]) -> Sweep:
    parts = [series.samples() for series in sweep.responses]
    first = sweep.responses[0]
    samples, why = stacked(parts)
    if first.uneven:
        why = "its samples are not evenly apart in time"
    elif first.comments.startswith("set aside: "):
        why = first.comments.removeprefix("set aside: ")
    return Sweep(
        sweep.number,
        first.start_s,
        samples,
        _command(sweep, samples.shape[1]),
        why or why_set_aside(samples, channels),
    )


def _command(sweep: Together, length: int) -> tuple[Epoch, ...]:
    stimulus = sweep.stimulus
    if stimulus is None:
        return ()
    rate = sweep.responses[0].rate
    late = stimulus.start_s - sweep.responses[0].start_s if math.isfinite(stimulus.start_s) else 0.0
    if not math.isclose(stimulus.rate, rate, rel_tol=1e-6) or abs(late) > 0.5 / rate:
        return ()
    return steps_and_ramps(stimulus.values()[:length], rate) or ()


nwb = Reader(
    "nwb",
    "Recording in an NWB file (Neurodata Without Borders): patch-clamp series, stimuli, annotations",
    (".nwb",),
    _sniff,
    _read,
    "NWB 2 schema, module nwb.icephys (Rübel et al., eLife 2022;11:e78362).",
)
