"""Recordings of Axon amplifiers (ABF, versions 1 and 2): sweeps, commands, tags."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..core.reader import RawData, RawFile, Reader
from ..core.recording import Recording, Samples, ScaledCounts, Sweep
from . import _abf1, _abf2
from ._abf_command import Command, command_of
from ._abf_header import MODES, VARIABLE, AbfHeader
from ._electric import channel
from ._gates import FULL_SCALE, doubts, why_set_aside
from ._stretch import damaged

_MARKS = {b"ABF ": _abf1.header_of, b"ABF2": _abf2.header_of}


def _sniff(file: RawFile) -> bool:
    return file.data[:4] in _MARKS


def _read(file: RawFile) -> RawData:
    header_of = _MARKS.get(bytes(file.data[:4]))
    if header_of is None:
        raise damaged(file, "the file does not begin with the mark of an Axon file, 'ABF ' or 'ABF2'")
    header = header_of(file)
    places = _places(file, header)
    channels = tuple(channel(found.name, found.unit) for found in header.channels)
    command = command_of(header, [length for _, _, length in places])
    sweeps = []
    for number, (start_s, first, length) in enumerate(places):
        samples = _samples(file, header, first, length)
        why = why_set_aside(samples, channels, min(abs(header.resolution), FULL_SCALE) or FULL_SCALE)
        sweeps.append(Sweep(number, start_s, samples, command.sweeps[number], why))
    said = dict(_said(header, command))
    recording = Recording(
        file.path.stem,
        channels,
        header.sampling_hz,
        tuple(sweeps),
        header.noted(),
        command.unit,
        command.holding,
        header.protocol,
        header.started,
        said,
    )
    notes = tuple(doubts(channels, sweeps))
    return RawData("axon_abf", file.name, file.sha256, header=said, notes=notes, recordings=(recording,))


def _places(file: RawFile, header: AbfHeader) -> list[tuple[float, int, int]]:
    """When each sweep began (s), its first sample of all channels, and its number of samples of one channel."""
    channels = len(header.channels)
    if not header.synch:
        return list(_even(file, header))
    found: list[tuple[float, int, int]] = []
    first = 0
    for start, length in header.synch:
        if header.mode == VARIABLE and header.synch_us > 0:
            length = round(length / header.synch_us)
        if length < 0 or length % channels or first + length > header.data_count:
            what = f"sweep {len(found)} has {length:,} samples of {channels} channels, of {header.data_count:,} in all"
            raise damaged(file, what, "table of sweeps")
        found.append((start * header.unit_us / 1e6, first, length // channels))
        first += length
    if first != header.data_count:
        what = f"the sweeps have {first:,} samples together, but the file holds {header.data_count:,}"
        raise damaged(file, what, "table of sweeps")
    return found


def _even(file: RawFile, header: AbfHeader) -> Iterator[tuple[float, int, int]]:
    """Sweeps of equal length, where the file has no table of them."""
    count = 1 if header.mode == 3 else max(1, header.episodes)
    length, rest = divmod(header.data_count, count * len(header.channels))
    if rest or (count > 1 and not length):
        what = f"{header.data_count:,} samples cannot be shared among {count:,} sweeps"
        raise damaged(file, what, "header")
    apart = max(length / header.sampling_hz, header.start_to_start_s)
    for number in range(count):
        yield number * apart, number * length * len(header.channels), length


def _samples(file: RawFile, header: AbfHeader, first: int, length: int) -> Samples:
    wide, channels = (4 if header.is_float else 2), len(header.channels)
    kind = np.dtype("<f4" if header.is_float else "<i2")
    flat = np.frombuffer(file.data, kind, length * channels, header.data_start + first * wide)
    stored = flat.reshape(length, channels).T
    if header.is_float:
        return stored
    gains = tuple(found.gain for found in header.channels)
    return ScaledCounts(stored, gains, tuple(found.offset for found in header.channels))


def _said(header: AbfHeader, command: Command) -> Iterator[tuple[str, str]]:
    yield (
        "format",
        f"ABF {header.version}, {MODES[header.mode]}, {'numbers' if header.is_float else 'counts'}",
    )
    for key, words in header.said.items():
        if words:
            yield key, words
    if command.unknown:
        yield "command", f"not known: {command.unknown}"


axon_abf = Reader(
    "axon_abf",
    "Recording of an Axon amplifier (ABF 1 and 2): sweeps, command, tags",
    (".abf",),
    _sniff,
    _read,
    "Axon Binary File format, versions 1.3 to 2.9 (Molecular Devices); read alike by neo and pyABF, "
    "whose differences are named in tests/reference/test_abf.py.",
)
