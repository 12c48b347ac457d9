"""Writes a recording as an NWB file, so that simulated traces reach an analysis through the reader of real ones."""

from __future__ import annotations

import datetime as dt
import io
import re
import uuid
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from ..core.equation import Array
from ..core.errors import InputError, MissingExtra, Problem
from ..core.recording import Recording, Sweep

_INNER = re.compile(rb"-[0-9a-f]{4}-4[0-9a-f]{3}-")  # of a number such as 8-4-4-4-12 digits
NOT_STATED = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def write_recording(recording: Recording, path: str | Path) -> Path:
    """Write a recording as an NWB file (extra `ephys`); the same recording gives the same bytes.

    Samples are written as float32 in the unit of their channel, commands sample by sample in V or A. Raises InputError
    where a channel is neither a current nor a potential, MissingExtra without the extra.
    """
    file = Path(path)
    file.write_bytes(recording_bytes(recording))
    return file


def recording_bytes(recording: Recording) -> bytes:
    """The bytes of an NWB file that holds this recording."""
    try:
        import h5py
        import pynwb
    except ImportError:
        raise MissingExtra.named("ephys", "Writing an NWB file") from None
    _check(recording)
    memory = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        content = _content(recording)
        with h5py.File(memory, "w") as file, pynwb.NWBHDF5IO(file=file, mode="w") as output:
            output.write(content)
    return _numbered_by_place(memory.getvalue(), content)


def _check(recording: Recording) -> None:
    for channel in recording.channels:
        if not channel.to_inside > 0:
            what = f"channel '{channel.name}' is in {channel.unit}; an NWB file of a cell holds currents and potentials"
            raise InputError(Problem(what, recording.name, "Leave the channel out", "E-UNIT"))


def _numbered_by_place(data: bytes, content: Any) -> bytes:
    """The same file, with the numbers that were made by chance for its objects replaced by ones from their order."""
    numbers = {
        item.object_id.encode(): str(uuid.uuid5(uuid.NAMESPACE_OID, f"{content.identifier} {order}")).encode()
        for order, item in enumerate(content.all_children())
    }
    changed = bytearray(data)
    for found in _INNER.finditer(data):
        place = slice(found.start() - 8, found.end() + 17)
        changed[place] = numbers.get(data[place], data[place])
    return bytes(changed)


def _content(recording: Recording) -> Any:
    import pynwb

    began = recording.started.replace(tzinfo=dt.UTC) if recording.started else NOT_STATED
    content = pynwb.NWBFile(
        session_description=recording.name,
        identifier=recording.name,
        session_start_time=began,
        file_create_date=began,
        notes="\n".join(f"{key}: {words}" for key, words in recording.header.items()) or None,
    )
    amplifier = content.create_device(name="amplifier")
    electrode = content.create_icephys_electrode(
        name="electrode", description="the electrode on the cell", device=amplifier
    )
    for sweep in recording.sweeps:
        for series in _responses(recording, sweep, electrode):
            content.add_acquisition(series)
        if sweep.command and recording.command_unit:
            content.add_stimulus(_stimulus(recording, sweep, electrode))
    if recording.tags:
        tags = pynwb.misc.AnnotationSeries(
            name="tags",
            data=[tag.text for tag in recording.tags],
            timestamps=[tag.time_s for tag in recording.tags],
        )
        content.add_acquisition(tags)
    return content


def _responses(recording: Recording, sweep: Sweep, electrode: Any) -> Iterator[Any]:
    from pynwb import icephys

    clamped = {"V": icephys.VoltageClampSeries, "A": icephys.CurrentClampSeries}
    for position, channel in enumerate(recording.channels):
        is_current = channel.unit.endswith("A")
        response = recording.command_unit == ("V" if is_current else "A")
        kind = clamped[recording.command_unit] if response else icephys.PatchClampSeries
        unit = {} if response else {"unit": "amperes" if is_current else "volts"}
        yield kind(
            name=f"channel {position} sweep {sweep.number:05d}",
            description=channel.name,
            comments=f"set aside: {sweep.set_aside}" if sweep.set_aside else "no comments",
            data=np.asarray(sweep.samples[position], dtype=np.float32),
            conversion=channel.to_inside,
            **unit,
            **_shared(recording, sweep, electrode),
        )


def _stimulus(recording: Recording, sweep: Sweep, electrode: Any) -> Any:
    from pynwb import icephys

    kinds = {"V": icephys.VoltageClampStimulusSeries, "A": icephys.CurrentClampStimulusSeries}
    return kinds[recording.command_unit](
        name=f"command sweep {sweep.number:05d}",
        data=waveform(recording, sweep),
        **_shared(recording, sweep, electrode),
    )


def _shared(recording: Recording, sweep: Sweep, electrode: Any) -> dict[str, Any]:
    return {
        "rate": recording.sampling_hz,
        "starting_time": sweep.start_s,
        "electrode": electrode,
        "gain": 1.0,
        "stimulus_description": recording.protocol or "N/A",
        "sweep_number": np.uint32(sweep.number),
    }


def waveform(recording: Recording, sweep: Sweep) -> Array:
    """The command at every sample of a sweep, in V or A; where no step or ramp is stated, the holding level."""
    times = recording.times(sweep)
    wave = np.full(len(times), recording.holding)
    for epoch in sweep.command:
        part = recording.part(sweep, epoch.start_s, epoch.end_s)
        share = (times[part] - epoch.start_s) / (epoch.end_s - epoch.start_s)
        wave[part] = epoch.level + (epoch.end_level - epoch.level) * share
    return wave
