import datetime as dt
import io
import time
import warnings

import h5py
import numpy as np
import pynwb
import pytest
from hdmf.backends.hdf5 import H5DataIO
from pynwb.icephys import (
    CurrentClampSeries,
    CurrentClampStimulusSeries,
    VoltageClampSeries,
    VoltageClampStimulusSeries,
)

from prusoff.core.errors import BrokenFile, FileError
from prusoff.core.recording import ScaledCounts
from prusoff.readers._load import raw_file
from prusoff.readers._steps import steps_and_ramps
from prusoff.readers.nwb import nwb

RATE = 20_000.0
NOISE = np.random.default_rng(11).normal(0, 100, 1000).astype(np.float32)


class Cell:
    """An NWB file in the making, as laboratories write it."""

    def __init__(self):
        began = dt.datetime(2026, 3, 12, 9, 47, tzinfo=dt.UTC)
        self.file = pynwb.NWBFile("simulated", "cell", began)
        amplifier = self.file.create_device(name="amplifier")
        self.electrode = self.file.create_icephys_electrode(name="patch", description="x", device=amplifier)

    def series(self, kind, name, data, **stated):
        shared = {"electrode": self.electrode, "gain": 1.0, "rate": RATE, "starting_time": 0.0}
        return kind(name=name, data=data, **(shared | stated))

    def bytes(self):
        memory = io.BytesIO()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with h5py.File(memory, "w") as file, pynwb.NWBHDF5IO(file=file, mode="w") as output:
                output.write(self.file)
        return memory.getvalue()


@pytest.fixture(autouse=True)
def _quiet():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        yield


def read(data):
    return nwb.read(raw_file("cell.nwb", data))


def step(level):
    return np.where((np.arange(1000) >= 200) & (np.arange(1000) < 600), level, -0.1)


def test_counts_are_kept_as_counts_and_scaled():
    cell = Cell()
    counts = np.round(NOISE).astype(np.int16)
    cell.file.add_acquisition(cell.series(VoltageClampSeries, "a", counts, conversion=6.1e-14))
    (found,) = read(cell.bytes()).recordings
    samples = found.sweeps[0].samples
    assert isinstance(samples, ScaledCounts)
    assert found.channels[0].unit == "pA"
    assert np.allclose(found.inside(found.sweeps[0]), counts * 6.1e-14, rtol=1e-9)
    assert found.channels[0].name == "patch"


@pytest.mark.parametrize(
    ("conversion", "unit"),
    [(1.0, "A"), (1e-12, "pA"), (1e-9, "nA"), (float(np.float32(1e-12)), "pA"), (3e-11, "pA")],
)
def test_numbers_stand_in_the_unit_that_their_conversion_says(conversion, unit):
    cell = Cell()
    cell.file.add_acquisition(
        cell.series(VoltageClampSeries, "a", NOISE.astype(float) * 1e-3, conversion=conversion)
    )
    (found,) = read(cell.bytes()).recordings
    assert found.channels[0].unit == unit
    assert np.allclose(found.inside(found.sweeps[0]), NOISE * 1e-3 * conversion, rtol=1e-6)


def test_packed_samples_are_unpacked():
    cell = Cell()
    packed = H5DataIO(NOISE, compression="gzip", chunks=(128,))
    cell.file.add_acquisition(cell.series(VoltageClampSeries, "a", packed, conversion=1e-12))
    (found,) = read(cell.bytes()).recordings
    assert np.array_equal(found.sweeps[0].samples[0], NOISE)


def test_sweeps_are_paired_by_the_tables_of_the_file():
    cell = Cell()
    for number in (10, 9, 2):
        response = cell.series(
            VoltageClampSeries,
            f"trace_{number}",
            NOISE + number,
            conversion=1e-12,
            starting_time=1.0 * number,
        )
        stimulus = cell.series(
            VoltageClampStimulusSeries, f"sent_{number}", step(-0.01 * number), starting_time=1.0 * number
        )
        cell.file.add_intracellular_recording(electrode=cell.electrode, stimulus=stimulus, response=response)
    for row in (2, 1, 0):
        cell.file.add_icephys_simultaneous_recording(recordings=[row])
    (found,) = read(cell.bytes()).recordings
    assert [sweep.start_s for sweep in found.sweeps] == [2.0, 9.0, 10.0]
    levels = [[epoch.level for epoch in sweep.command] for sweep in found.sweeps]
    assert levels == [[-0.1, -0.02, -0.1], [-0.1, -0.09, -0.1], [-0.1]]  # a step to the holding level is none
    assert [sweep.samples[0][0] for sweep in found.sweeps] == [NOISE[0] + np.float32(n) for n in (2, 9, 10)]


def test_two_protocols_are_two_recordings():
    cell = Cell()
    for number, protocol in enumerate(("activation", "activation", "recovery")):
        series = cell.series(
            VoltageClampSeries,
            f"s{number}",
            NOISE,
            conversion=1e-12,
            sweep_number=np.uint32(number),
            stimulus_description=protocol,
        )
        cell.file.add_acquisition(series)
    found = read(cell.bytes()).recordings
    assert [(r.name, r.protocol, len(r.sweeps)) for r in found] == [
        ("cell 1 activation", "activation", 2),
        ("cell 2 recovery", "recovery", 1),
    ]


def test_a_current_clamp_has_its_command_in_amperes():
    cell = Cell()
    cell.file.add_acquisition(
        cell.series(
            CurrentClampSeries, "v", NOISE, conversion=1e-3, sweep_number=np.uint32(0), bias_current=-20e-12
        )
    )
    cell.file.add_stimulus(
        cell.series(CurrentClampStimulusSeries, "i", step(0.0) * 1e-9, sweep_number=np.uint32(0))
    )
    (found,) = read(cell.bytes()).recordings
    assert (found.command_unit, found.channels[0].unit) == ("A", "mV")
    assert found.header["bias current"] == "-2e-11"
    assert [epoch.level for epoch in found.sweeps[0].command] == [-1e-10, 0.0, -1e-10]


def test_even_timestamps_are_a_rate_and_uneven_ones_set_the_sweep_aside():
    times = np.arange(1000) / RATE + 3.0
    for shift, used in ((0.0, True), (0.4 / RATE, False)):
        cell = Cell()
        shifted = times.copy()
        shifted[500:] += shift
        cell.file.add_acquisition(
            cell.series(
                VoltageClampSeries,
                "a",
                NOISE,
                conversion=1e-12,
                timestamps=shifted,
                rate=None,
                starting_time=None,
            )
        )
        (found,) = read(cell.bytes()).recordings
        assert found.sampling_hz == pytest.approx(RATE, rel=1e-3)
        assert found.sweeps[0].start_s == 3.0
        assert found.sweeps[0].used == used
    assert found.sweeps[0].set_aside == "its samples are not evenly apart in time"


def test_what_is_not_a_cell_is_left_out_with_a_note():
    cell = Cell()
    cell.file.add_acquisition(cell.series(VoltageClampSeries, "a", NOISE, conversion=1e-12))
    cell.file.add_acquisition(pynwb.TimeSeries(name="bath", data=NOISE, unit="celsius", rate=1.0))
    data = read(cell.bytes())
    assert data.notes == (
        "acquisition > bath: not read, it is TimeSeries and holds no samples of an electrode.",
    )


def test_a_sweep_without_numbers_is_set_aside_alone():
    cell = Cell()
    for number in range(2):
        values = NOISE.copy()
        values[700] = np.nan if number else 0.0
        cell.file.add_acquisition(
            cell.series(
                VoltageClampSeries, f"s{number}", values, conversion=1e-12, sweep_number=np.uint32(number)
            )
        )
    (found,) = read(cell.bytes()).recordings
    assert [sweep.used for sweep in found.sweeps] == [True, False]
    assert "first at sample 700" in found.sweeps[1].set_aside


def test_a_file_without_a_cell_is_refused():
    cell = Cell()
    with pytest.raises(BrokenFile, match=r"holds no patch-clamp series.*Export the recording"):
        read(cell.bytes())


def test_both_sizes_of_a_cut_file_are_named():
    cell = Cell()
    cell.file.add_acquisition(cell.series(VoltageClampSeries, "a", NOISE, conversion=1e-12))
    data = cell.bytes()
    with pytest.raises(
        BrokenFile, match=f"should end at byte {len(data):,}, but the file has {len(data) // 2:,}"
    ):
        read(data[: len(data) // 2])


def test_samples_that_a_file_cannot_hold_are_refused_before_memory_is_taken():
    memory = io.BytesIO(base_file())
    with h5py.File(memory, "r+") as file:
        group = file["acquisition/a"]
        attributes = dict(group["data"].attrs)
        del group["data"]
        group.create_dataset(
            "data", shape=(400_000_000,), dtype="f4", chunks=(1_000_000,), compression="gzip"
        )
        group["data"].attrs.update(attributes)
    with pytest.raises(BrokenFile, match=r"acquisition/a: the samples should have 1,600,000,000 bytes"):
        read(memory.getvalue())


def base_file():
    cell = Cell()
    packed = H5DataIO(NOISE, compression="gzip", chunks=(256,))
    cell.file.add_acquisition(cell.series(VoltageClampSeries, "a", packed, conversion=1e-12))
    cell.file.add_stimulus(cell.series(VoltageClampStimulusSeries, "b", step(-0.02)))
    return cell.bytes()


def read_or_refused(data):
    try:
        return read(data), ()
    except FileError as refused:
        return None, refused.problems


def test_a_damaged_file_is_read_or_refused_fast():
    data, random = base_file(), np.random.default_rng(20260312)
    refused = 0
    for case in range(400):
        body = bytearray(data)
        if case % 4 == 0:
            body = body[: random.integers(1, len(body))]
        elif case % 4 == 1:
            for at in random.integers(8, 4096, random.integers(1, 6)):
                body[at] ^= 1 << int(random.integers(0, 8))
        else:
            for at in random.integers(8, len(body), random.integers(1, 60)):
                body[at] = random.integers(0, 256)
        start = time.perf_counter()
        found, problems = read_or_refused(bytes(body))
        assert time.perf_counter() - start < 2.0
        assert bool(found) != bool(problems)
        assert all(problem.where and problem.fix and problem.code for problem in problems)
        refused += bool(problems)
    assert refused > 100


LEVELS = np.array([-0.1] * 50 + [0.02] * 30)


@pytest.mark.parametrize(
    ("wave", "parts"),
    [
        (LEVELS, [(0, 50, -0.1, -0.1), (50, 80, 0.02, 0.02)]),
        (np.append(LEVELS, -0.1), [(0, 50, -0.1, -0.1), (50, 80, 0.02, 0.02), (80, 81, -0.1, -0.1)]),
        (
            np.concatenate(([-0.1] * 20, np.linspace(-0.1, 0.1, 40, endpoint=False), [0.1] * 20)),
            [(0, 20, -0.1, -0.1), (20, 60, -0.1, 0.1), (60, 80, 0.1, 0.1)],
        ),
        (
            np.concatenate(([-0.1] * 20, np.linspace(0, 0.1, 40, endpoint=False))),
            [(0, 20, -0.1, -0.1), (20, 60, 0.0, 0.1)],
        ),
        (np.full(9, -0.08), [(0, 9, -0.08, -0.08)]),
        (
            np.concatenate(
                ([-0.07] * 9, -0.07 - np.arange(20) * 5e-4, -0.08 + np.arange(21) * 5e-4, [-0.07] * 9)
            ),
            [(0, 9, -0.07, -0.07), (9, 29, -0.07, -0.08), (29, 49, -0.08, -0.07), (49, 59, -0.07, -0.07)],
        ),
        (
            np.float32([-0.1] * 20 + [-0.1 + 1e-4 * k for k in range(1000)]).astype(float),
            [(0, 20, -0.1, -0.1), (20, 1020, -0.1, 0.0)],
        ),
    ],
    ids=["step", "a step of one sample", "ramp", "ramp after a jump", "held", "down and up", "of 32 bits"],
)
def test_steps_and_ramps_are_found(wave, parts):
    found = steps_and_ramps(wave, 1.0)
    assert [(e.start_s, e.end_s) for e in found] == [part[:2] for part in parts]
    levels = [(epoch.level, epoch.end_level) for epoch in found]
    assert np.allclose(levels, [part[2:] for part in parts], rtol=0, atol=2e-8)


@pytest.mark.parametrize(
    "wave",
    [
        np.sin(np.arange(400) / 30),
        NOISE,
        np.array([]),
        np.array([0.1, np.nan]),
        np.tile([0.0, 0.0, 1.0, 1.0], 600),
    ],
    ids=["sine", "noise", "nothing", "no number", "too many"],
)
def test_other_waves_have_no_steps(wave):
    assert steps_and_ramps(wave, 1.0) is None
