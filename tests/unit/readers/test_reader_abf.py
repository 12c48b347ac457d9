import datetime as dt
import struct
import time
import tracemalloc
import warnings

import numpy as np
import pyabf.abfWriter
import pytest

from prusoff.core.errors import BrokenFile, FileError
from prusoff.core.recording import Tag
from prusoff.readers._load import load, raw_file
from prusoff.readers.axon_abf import axon_abf

STEP_AND_RAMP = ((1, -20.0, 10.0, 400, 0), (2, -60.0, 0.0, 200, 0))


def noise(count=3, channels=1, samples=1000):
    random = np.random.default_rng(20260312)
    return [random.normal(0, 50, (channels, samples)).astype(np.int16) for _ in range(count)]


def read(data, name="cell.abf"):
    return axon_abf.read(raw_file(name, data))


def recording_of(data):
    return read(data).recordings[0]


def test_a_written_file_is_read_whole(written_abf):
    sweeps = noise(channels=2)
    recording = recording_of(
        written_abf.abf2(
            sweeps,
            channels=(("IN 0", "pA"), ("Vm", "mV")),
            command=("mV", -120.0, STEP_AND_RAMP),
            tags=((6.2, "atomoxetine 10 µM"),),
        )
    )
    for number, sweep in enumerate(recording.sweeps):
        assert np.allclose(np.asarray(sweep.samples), sweeps[number] * 0.05, rtol=1e-7)
    assert [channel.to_inside for channel in recording.channels] == [1e-12, 1e-3]
    assert recording.tags == (Tag(6.2, "atomoxetine 10 µM"),)
    assert recording.started == dt.datetime(2026, 3, 12, 9, 30, 0, 250000)
    assert [sweep.start_s for sweep in recording.sweeps] == [0.0, 5.0, 10.0]
    found = [
        (round(e.start_s * 2e4), round(e.level, 9), round(e.end_level, 9))
        for e in recording.sweeps[1].command
    ]
    assert found == [(0, -0.12, -0.12), (15, -0.01, -0.01), (415, -0.01, -0.06), (615, -0.12, -0.12)]
    assert recording.header["format"] == "ABF 2.6.0.0, episodic, counts"


@pytest.mark.parametrize(
    ("kind", "drawn"),
    [
        (3, [(0, 15, -80, -80), (15, 115, -20, -20), (115, 265, -80, -80), (265, 365, -20, -20)]),
        (4, [(0, 15, -80, -80), (15, 115, -80, -20), (115, 265, -20, -80), (265, 365, -80, -20)]),
        (7, [(0, 15, -80, -80), (15, 65, -20, -20), (65, 115, -140, -140), (115, 265, -80, -80)]),
    ],
    ids=["pulses", "triangles", "two phases"],
)
def test_trains_are_drawn_as_steps_and_ramps(written_abf, kind, drawn):
    """Two pulses 250 samples apart, 100 samples wide, after the 15 samples that a sweep is held at first."""
    data = bytearray(written_abf.abf2(noise(1), command=("mV", -80.0, ((kind, -20.0, 0.0, 500, 0),))))
    struct.pack_into("<ii", data, struct.unpack_from("<I", data, 156)[0] * 512 + 22, 250, 100)
    epochs = recording_of(bytes(data)).sweeps[0].command
    found = [
        (round(e.start_s * 2e4), round(e.end_s * 2e4), round(e.level * 1e3), round(e.end_level * 1e3))
        for e in epochs
    ]
    assert found[: len(drawn)] == drawn
    assert found[-1] == (515, 1000, -80, -80)


def test_a_waveform_of_another_kind_is_said_to_be_unknown(written_abf):
    recording = recording_of(written_abf.abf2(noise(1), command=("mV", -80.0, ((5, -20.0, 0.0, 500, 0),))))
    assert recording.sweeps[0].command == ()
    assert recording.header["command"].startswith("not known: the waveform has an epoch of kind 5")


def test_an_epoch_that_shrinks_away_ends_where_it_begins(written_abf):
    table = ((1, -20.0, 0.0, 100, -60), (1, -40.0, 0.0, 5000, 0))
    recording = recording_of(written_abf.abf2(noise(3), command=("mV", -80.0, table)))
    levels = [[round(epoch.level * 1e3) for epoch in sweep.command] for sweep in recording.sweeps]
    assert levels == [[-80, -20, -40], [-80, -20, -40], [-80, -40]]


def test_numbers_in_place_of_counts_are_read_as_they_are(written_abf):
    values = [np.float32(sweep) * np.float32(0.1) for sweep in noise()]
    recording = recording_of(written_abf.abf2(values))
    assert all(
        np.array_equal(np.asarray(sweep.samples), value)
        for sweep, value in zip(recording.sweeps, values, strict=True)
    )


def test_gap_free_is_one_sweep(written_abf):
    recording = recording_of(written_abf.abf2(noise(1, samples=5000), mode=3))
    assert [sweep.samples.shape for sweep in recording.sweeps] == [(1, 5000)]


def test_sweeps_without_a_table_are_those_of_the_header(tmp_path):
    path = tmp_path / "five.abf"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pyabf.abfWriter.writeABF1(np.arange(500.0).reshape(5, 100), str(path), 20_000)
    recording = axon_abf.read(load(path)).recordings[0]
    assert [sweep.samples.shape for sweep in recording.sweeps] == [(1, 100)] * 5
    assert np.allclose(np.asarray(recording.sweeps[3].samples)[0], np.arange(300, 400), atol=0.04)


def test_a_sweep_with_a_sample_that_is_no_number_is_set_aside_alone(written_abf):
    values = [np.float32(sweep) for sweep in noise()]
    values[1][0, 312] = np.nan
    values[2][0, 998:] = -np.inf, np.inf
    first, second, third = recording_of(written_abf.abf2(values)).sweeps
    assert first.used
    assert second.set_aside == "channel 'IN 0' has 1 samples that are no numbers, the first at sample 312"
    assert "first at sample 998" in third.set_aside


@pytest.mark.parametrize("limit", [32767, -32768])
def test_a_clipped_sweep_is_set_aside_alone(written_abf, limit):
    sweeps = noise()
    sweeps[0][0, 500:502] = limit  # two in a row are not yet clipped
    sweeps[1][0, 400:415] = limit
    first, second, third = recording_of(written_abf.abf2(sweeps)).sweeps
    assert first.used
    assert third.used
    assert f"({limit} counts) for 15 samples in a row from sample 400" in second.set_aside


def test_a_channel_of_another_kind_may_be_clipped(written_abf):
    sweeps = noise(channels=2)
    sweeps[1][1, 400:415] = 32767
    data = written_abf.abf2(sweeps, channels=(("IN 0", "pA"), ("P_in", "mmHg")))
    assert all(sweep.used for sweep in recording_of(data).sweeps)


def refusal(data):
    with pytest.raises(BrokenFile) as caught:
        read(data)
    problem = caught.value.problems[0]
    assert problem.where.startswith("cell.abf")
    assert problem.fix
    return problem


def test_both_sizes_of_a_cut_file_are_named(written_abf):
    data = written_abf.abf2(noise())
    problem = refusal(data[: len(data) // 2])
    assert problem.code == "E-TRUNCATED"
    assert f"the file has {len(data) // 2:,} bytes" in problem.what
    assert "should end at byte" in problem.what


@pytest.mark.parametrize(
    ("offset", "form", "value", "words"),
    [
        (236 + 8, "q", 10**15, "should end at byte"),
        (236 + 8, "q", -5, "rows"),
        (236 + 4, "I", 1, "1 bytes in the list of sections and 2 by the data format"),
        (92 + 8, "q", 0, "no channels"),
        (92 + 8, "q", 7, "should end at byte|cannot be shared|scale|worth"),
        (30, "H", 9, "data format is 9"),
        (316 + 8, "q", 2**40, "sweep table has"),
        (252 + 8, "q", 2**62, "tags has"),
        (220, "I", 0xFFFFFFFF, "should end at byte"),
    ],
)
def test_a_damaged_list_of_sections_is_refused(written_abf, offset, form, value, words):
    data = bytearray(written_abf.abf2(noise(), tags=((1.0, "drug"),)))
    struct.pack_into("<" + form, data, offset, value)
    assert any(word in refusal(bytes(data)).what for word in words.split("|"))


@pytest.mark.parametrize(
    ("offset", "form", "value", "words"),
    [
        (2, "f", 0.0, "sampling interval is 0"),
        (2, "f", float("nan"), "sampling interval is nan"),
        (14, "f", float("inf"), "unit of the sweep times"),
        (0, "h", 77, "operation mode is 77"),
        (118, "i", 0, "worth nan"),
    ],
)
def test_a_damaged_protocol_is_refused(written_abf, offset, form, value, words):
    data = bytearray(written_abf.abf2(noise()))
    struct.pack_into("<" + form, data, struct.unpack_from("<I", data, 76)[0] * 512 + offset, value)
    assert words in refusal(bytes(data)).what


def test_sweeps_that_do_not_fill_the_data_are_refused(written_abf):
    data = bytearray(written_abf.abf2(noise()))
    struct.pack_into("<i", data, struct.unpack_from("<I", data, 316)[0] * 512 + 4, 900)
    assert "the sweeps have 2,900 samples together, but the file holds 3,000" in refusal(bytes(data)).what


def damaged_files(data, header):
    """Cut off at eleven places, doubled, its blocks in disorder; then 200 times some bits of the header changed."""
    random = np.random.default_rng(20260312)
    for part in np.linspace(0.001, 0.999, 11):
        yield data[: int(len(data) * part) or 1]
    yield data + data
    yield data[:1024] + data[2048:]
    for _ in range(200):
        body = bytearray(data)
        for at in random.integers(4, min(header, len(body)), random.integers(1, 5)):
            body[at] ^= 1 << int(random.integers(0, 8))
        yield bytes(body)


def read_or_refused(path, data):
    """What is found, or the problems; any other failure is raised."""
    try:
        return axon_abf.read(raw_file(path, data)), ()
    except FileError as refused:
        return None, refused.problems


@pytest.mark.parametrize(
    "name", ["171116sh_0013", "05210017_vc_abf1", "18702001-step", "invalidDate-abf1", "File_axon_7"]
)
def test_a_damaged_real_file_is_read_or_refused_fast_and_small(shared, name):
    path = shared / "data" / "abf" / f"{name}.abf"
    refused = 0
    tracemalloc.start()
    try:
        for data in damaged_files(path.read_bytes(), 8192 if name.endswith("abf1") else 4096):
            tracemalloc.reset_peak()
            start = time.perf_counter()
            found, problems = read_or_refused(path, data)
            assert time.perf_counter() - start < 2.0
            assert tracemalloc.get_traced_memory()[1] < 40_000_000
            assert bool(found) != bool(problems)
            assert all(problem.where and problem.fix and problem.code for problem in problems)
            refused += bool(problems)
    finally:
        tracemalloc.stop()
    assert refused >= 11
