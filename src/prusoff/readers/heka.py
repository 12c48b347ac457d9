"""Recordings of HEKA amplifiers (PatchMaster bundle files, .dat): each series of sweeps is one recording."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator

import numpy as np

from ..core.reader import Maturity, RawData, RawFile, Reader
from ..core.recording import Channel, Recording, Samples, ScaledCounts, Sweep
from ._gates import doubts, why_set_aside
from ._heka_command import Stimulus, stimulus_of
from ._heka_tree import Record, parts_of, tree_of
from ._stack import stacked
from ._stretch import Stretch, cut_off, damaged

_MARK, _APART = b"DAT2", b"DAT1"
_KINDS = ("i2", "i4", "f4", "f8")
_USUAL = {"A": ("pA", 1e-12), "V": ("mV", 1e-3)}
_EPOCH = dt.datetime(1990, 1, 1)


def _sniff(file: RawFile) -> bool:
    return file.data[:4] in (_MARK, _APART)


def _read(file: RawFile) -> RawData:
    if file.data[:4] == _APART:
        fix = "Save it in PatchMaster as one bundle file"
        raise damaged(
            file, "the recording is spread over several files (DAT1), of which this is one", "", fix
        )
    if file.data[:4] != _MARK:
        raise damaged(file, "the file does not begin with the mark of a HEKA bundle, 'DAT2'")
    parts = parts_of(file)
    pulsed = tree_of(file, ".pul", parts, 5)
    stimuli = tree_of(file, ".pgf", parts, 4)
    version = Stretch.of(file, "the header", 8, 32).text(0, 32)
    several = sum(len(group.within) for group in pulsed.within) > 1
    notes: list[str] = []
    found = []
    for group in pulsed.within:
        for number, series in enumerate(group.within, start=1):
            name = f"{file.path.stem} {group.own.text(4, 32)} {number}" if several else file.path.stem
            recording = _recording(" ".join(name.split()), group, series, stimuli)
            if recording is None:
                notes.append(
                    f"{name}, {series.own.text(4, 32)}: not read, it holds no samples of a current or potential."
                )
            else:
                found.append(recording)
                notes += [note for note in doubts(recording.channels, recording.sweeps) if note not in notes]
    if not found:
        raise damaged(file, "the file holds no series with samples of a current or a potential", ".pul")
    header = {"format": f"HEKA {version}"}
    return RawData("heka", file.name, file.sha256, header=header, notes=tuple(notes), recordings=tuple(found))


def _recording(name: str, group: Record, series: Record, stimuli: Record) -> Recording | None:
    sweeps = [sweep for sweep in series.within if sweep.within]
    if not sweeps:
        return None
    first = [trace for trace in sweeps[0].within if _inside(trace)]
    if not first:
        return None
    interval = float(first[0].own.number(104, "d"))
    if not (math.isfinite(interval) and 1e-9 < interval < 1e3):
        raise damaged(first[0].own.file, f"the sampling interval is {interval:g} s", ".pul")
    chosen = [trace.own.text(4, 32) for trace in first if _is_alike(trace, interval)]
    channels = tuple(
        Channel(trace.own.text(4, 32), *_USUAL[_inside(trace)])
        for trace in first
        if _is_alike(trace, interval)
    )
    stimulus = stimulus_of(stimuli, int(sweeps[0].own.number(40, "i")) - 1)
    began = float(sweeps[0].own.number(48, "d"))
    read = tuple(
        _sweep(number, sweep, began, (chosen, interval, channels), stimulus)
        for number, sweep in enumerate(sweeps)
    )
    return Recording(
        name,
        channels,
        float(f"{1 / interval:.9g}"),
        read,
        (),
        stimulus.unit,
        stimulus.holding if math.isfinite(stimulus.holding) else math.nan,
        series.own.text(4, 32),
        _moment(float(series.own.number(136, "d"))),
        dict(_said(group, first[0], stimulus)),
    )


def _inside(trace: Record) -> str:
    unit = trace.own.text(96, 8)
    return unit if unit in _USUAL else ""


def _is_alike(trace: Record, interval: float) -> bool:
    return bool(_inside(trace)) and math.isclose(trace.own.number(104, "d"), interval, rel_tol=1e-9)


def _sweep(
    number: int,
    sweep: Record,
    began: float,
    shared: tuple[list[str], float, tuple[Channel, ...]],
    stimulus: Stimulus,
) -> Sweep:
    chosen, interval, channels = shared
    traces = [trace for trace in sweep.within if _is_alike(trace, interval)]
    start = float(sweep.own.number(48, "d")) - began
    start = float(f"{start:.9g}") if math.isfinite(start) else 0.0
    if [trace.own.text(4, 32) for trace in traces] != chosen:
        empty = np.zeros((len(channels), 0), dtype=np.float32)
        return Sweep(number, start, empty, (), "its channels are not those of the first sweep")
    samples, why = stacked([_samples(trace) for trace in traces])
    command = stimulus.command(number, samples.shape[1] * interval)
    return Sweep(number, start, samples, command, why or why_set_aside(samples, channels))


def _samples(trace: Record) -> Samples:
    """The samples of one trace in pA or mV, as they lie in the file."""
    own = trace.own
    first, count = own.numbers(40, "ii")
    form, scale = own.number(70, "B"), float(own.number(72, "d"))
    if form >= len(_KINDS) or not (math.isfinite(scale) and scale):
        raise damaged(own.file, f"a trace has samples of kind {form}, each worth {scale:g}", ".pul")
    if own.number(292, "i") and own.number(296, "i"):
        fix = "Save the series without interleaving"
        raise damaged(own.file, f"the samples of trace '{own.text(4, 32)}' are interleaved", ".pul", fix)
    kind = np.dtype(own.order + _KINDS[form])
    if count < 0 or first < 0:
        raise damaged(
            own.file, f"trace '{own.text(4, 32)}' has {count:,} samples from byte {first:,}", ".pul"
        )
    if first + count * kind.itemsize > len(own.file.data):
        raise cut_off(own.file, f"the data of trace '{own.text(4, 32)}'", first + count * kind.itemsize)
    stored = np.frombuffer(own.file.data, kind, count, first).reshape(1, -1)
    gain = scale / _USUAL[_inside(trace)][1]
    if _KINDS[form] == "i2":
        return ScaledCounts(stored.astype("=i2", copy=False), (gain,), (0.0,))
    if _KINDS[form] == "f4":
        return stored.astype(np.float32) * np.float32(gain)
    return stored.astype(np.float64) * gain


def _moment(seconds: float) -> dt.datetime | None:
    try:
        return _EPOCH + dt.timedelta(seconds=round(seconds, 6)) if seconds > 0 else None
    except (OverflowError, ValueError):
        return None


def _said(group: Record, trace: Record, stimulus: Stimulus) -> Iterator[tuple[str, str]]:
    yield "group", group.own.text(4, 32)
    seal, conductance, capacitance = (float(trace.own.number(offset, "d")) for offset in (168, 184, 176))
    if math.isfinite(seal) and seal > 0:
        yield "seal resistance", f"{seal / 1e6:.6g} MOhm"
    if math.isfinite(conductance) and conductance > 0:
        yield "series resistance", f"{1e-6 / conductance:.6g} MOhm"
    if math.isfinite(capacitance) and capacitance > 0:
        yield "capacitance", f"{capacitance * 1e12:.6g} pF"
    if stimulus.unknown:
        yield "command", f"not known: {stimulus.unknown}"


heka = Reader(
    "heka",
    "Recording of a HEKA amplifier (PatchMaster bundle): every series with its stimulus",
    (".dat",),
    _sniff,
    _read,
    "HEKA data file format 9 (records of PulsedFile_v9, StimFile_v9). Tried with simulated files alone, which Myokit "
    "reads alike.",
    Maturity.DRAFT,
)
