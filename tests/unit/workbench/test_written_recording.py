import datetime as dt
import io
import warnings

import numpy as np
import pytest

from prusoff.core.errors import InputError
from prusoff.core.recording import Channel, Epoch, Recording, Sweep, Tag
from prusoff.readers._choose import read_file
from prusoff.readers._load import raw_file
from prusoff.readers.nwb import nwb
from prusoff.workbench.written_recording import recording_bytes, waveform, write_recording

RATE = 10_000.0
STEP = (Epoch(0.0, 0.01, -0.12, -0.12), Epoch(0.01, 0.03, -0.02, -0.02), Epoch(0.03, 0.04, -0.12, -0.12))
RAMPS = (
    Epoch(0.0, 0.01, -0.12, -0.12),
    Epoch(0.01, 0.02, -0.12, 0.06),
    Epoch(0.02, 0.025, 0.06, 0.06),
    Epoch(0.025, 0.03, -0.04, -0.08),
    Epoch(0.03, 0.04, -0.12, -0.12),
)


def recording(**changed):
    random = np.random.default_rng(5)
    sweeps = tuple(
        Sweep(number, 5.0 * number, random.normal(0, 300, (2, 400)).astype(np.float32), command, why)
        for number, command, why in ((0, STEP, ""), (1, RAMPS, ""), (4, STEP, "the seal was lost"))
    )
    stated = {
        "name": "cell",
        "channels": (Channel("I", "pA", 1e-12), Channel("V", "mV", 1e-3)),
        "sampling_hz": RATE,
        "sweeps": sweeps,
        "tags": (Tag(4.5, "atomoxetine 10 µM"), Tag(9.0, "wash")),
        "command_unit": "V",
        "holding": -0.12,
        "protocol": "steps and ramps",
        "started": dt.datetime(2026, 3, 12, 9, 47, 11, 250000),
        "header": {"cell line": "HEK293"},
    }
    return Recording(**(stated | changed))


def read(data):
    return nwb.read(raw_file("cell.nwb", data)).recordings


def test_a_written_recording_is_read_back_to_the_last_bit():
    written = recording()
    (found,) = read(recording_bytes(written))
    for theirs, ours in zip(found.sweeps, written.sweeps, strict=True):
        assert theirs.samples.dtype == np.float32
        assert theirs.samples.tobytes() == ours.samples.tobytes()
        assert (theirs.number, theirs.start_s, theirs.set_aside) == (
            ours.number,
            ours.start_s,
            ours.set_aside,
        )
        assert len(theirs.command) == len(ours.command)
        for one, other in zip(theirs.command, ours.command, strict=True):
            assert np.allclose(
                (one.start_s, one.end_s, one.level, one.end_level),
                (other.start_s, other.end_s, other.level, other.end_level),
                rtol=0,
                atol=1e-9,
            )
    for part in ("name", "channels", "sampling_hz", "tags", "command_unit", "holding", "protocol", "started"):
        assert getattr(found, part) == getattr(written, part)
    assert found.header["notes"] == "cell line: HEK293"


def test_a_current_clamp_is_written_as_one():
    steps = (Epoch(0.0, 0.01, 0.0, 0.0), Epoch(0.01, 0.04, 50e-12, 50e-12))
    sweep = Sweep(0, 0.0, np.linspace(-70, 20, 400, dtype=np.float32)[None], steps)
    written = recording(
        channels=(Channel("V", "mV", 1e-3),), sweeps=(sweep,), command_unit="A", holding=0.0, started=None
    )
    (found,) = read(recording_bytes(written))
    assert found.command_unit == "A"
    assert found.sweeps[0].command == steps
    assert found.started is None
    assert found.sweeps[0] == written.sweeps[0]


def test_the_same_recording_gives_the_same_bytes():
    assert recording_bytes(recording()) == recording_bytes(recording())


def test_other_programs_read_what_is_written(tmp_path):
    import pynwb

    path = write_recording(recording(), tmp_path / "cell.nwb")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pynwb.NWBHDF5IO(path, "r") as file:
            found = file.read()
            assert not pynwb.validate(file)
            series = found.acquisition["channel 0 sweep 00001"]
            assert type(series).__name__ == "VoltageClampSeries"
            assert np.array_equal(series.data[:], recording().sweeps[1].samples[0])
            assert (series.conversion, series.rate, series.starting_time) == (1e-12, RATE, 5.0)
            command = found.stimulus["command sweep 00001"].data[:]
            assert np.array_equal(command, waveform(recording(), recording().sweeps[1]))
            assert list(found.acquisition["tags"].data[:]) == ["atomoxetine 10 µM", "wash"]


def test_a_real_recording_survives_the_journey(shared, tmp_path):
    for name in ("171116sh_0013", "18702001-step"):
        (real,) = read_file(shared / "data" / "abf" / f"{name}.abf").recordings
        (found,) = read_file(write_recording(real, tmp_path / f"{name}.nwb")).recordings
        for theirs, ours in zip(found.sweeps, real.sweeps, strict=True):
            assert np.array_equal(theirs.samples, np.asarray(ours.samples).astype(np.float32))
            assert np.allclose(waveform(found, theirs), waveform(real, ours), rtol=0, atol=1e-9)


def test_a_channel_that_is_neither_current_nor_potential_is_refused():
    channels = (Channel("I", "pA", 1e-12), Channel("P", "mmHg"))
    with pytest.raises(InputError, match=r"channel 'P' is in mmHg.*Leave the channel out"):
        recording_bytes(recording(channels=channels))


def test_what_is_written_is_one_hdf5_file():
    data = recording_bytes(recording())
    assert io.BytesIO(data).read(8) == b"\x89HDF\r\n\x1a\n"
    assert nwb.sniff(raw_file("x", data))
