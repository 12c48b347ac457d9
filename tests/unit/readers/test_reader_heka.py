import datetime as dt
import time
import warnings

import numpy as np
import pytest

from prusoff.core.errors import BrokenFile, FileError
from prusoff.core.recording import ScaledCounts
from prusoff.readers._load import raw_file
from prusoff.readers.heka import heka

PA = 3.1e-14
HELD, STEP = {"source": 1, "duration": 0.01}, {"value": -0.06, "step": 0.02, "duration": 0.02}


def counts(seed, sweeps=3, traces=1, samples=400):
    random = np.random.default_rng(seed)
    return [[random.normal(0, 3000, samples).astype(int) for _ in range(traces)] for _ in range(sweeps)]


def activation(**changed):
    told = {
        "label": "activation",
        "sweeps": counts(1),
        "traces": [("Imon", "A", PA)],
        "interval": 1e-4,
        "segments": [HELD, STEP, HELD],
    }
    return told | changed


def read(data):
    return heka.read(raw_file("cell.dat", data))


def test_a_series_is_read_whole(written_heka):
    told = activation(sweeps=counts(2, traces=2), traces=[("Imon", "A", PA), ("Vmon", "V", 3e-5)])
    data = read(written_heka.bundle([told]))
    (found,) = data.recordings
    assert (found.name, found.protocol, found.sampling_hz) == ("cell", "activation", 10_000.0)
    assert [(channel.name, channel.unit) for channel in found.channels] == [("Imon", "pA"), ("Vmon", "mV")]
    assert isinstance(found.sweeps[0].samples, ScaledCounts)
    for sweep, stored in zip(found.sweeps, told["sweeps"], strict=True):
        assert np.allclose(found.inside(sweep, 0), stored[0] * PA, rtol=1e-12)
        assert np.allclose(found.inside(sweep, 1), stored[1] * 3e-5, rtol=1e-12)
    assert [sweep.start_s for sweep in found.sweeps] == [0.0, 5.0, 10.0]
    assert found.started == dt.datetime(1990, 1, 1) + dt.timedelta(seconds=1_142_329_620)
    assert (found.command_unit, found.holding) == ("V", -0.12)
    levels = [[(round(e.start_s, 9), round(e.level, 9)) for e in sweep.command] for sweep in found.sweeps]
    assert levels == [[(0, -0.12), (0.01, level), (0.03, -0.12)] for level in (-0.06, -0.04, -0.02)]
    assert found.header["series resistance"] == "8.5 MOhm"
    assert found.header["seal resistance"] == "1400 MOhm"
    assert found.header["capacitance"] == "24 pF"
    assert data.header == {"format": "HEKA v2x90.2, simulated"}


@pytest.mark.parametrize("order", ["<", ">"])
def test_both_orders_of_bytes(written_heka, order):
    (found,) = read(written_heka.bundle([activation()], order)).recordings
    assert np.allclose(found.inside(found.sweeps[2]), activation()["sweeps"][2][0] * PA, rtol=1e-12)
    assert found.sweeps[1].command[1].level == pytest.approx(-0.04)


def test_numbers_in_place_of_counts(written_heka):
    values = [[np.float32(np.linspace(-1e-9, 1e-9, 400))] for _ in range(2)]
    (found,) = read(written_heka.bundle([activation(sweeps=values, traces=[("Imon", "A", 1.0)])])).recordings
    assert np.allclose(found.inside(found.sweeps[0]), values[0][0], rtol=1e-6)


def test_every_series_is_a_recording(written_heka):
    ramp = [HELD, {"value": 0.04, "duration": 0.02, "kind": 1}, {"value": 0.04, "duration": 0.01}]
    data = read(written_heka.bundle([activation(), activation(label="ramp", segments=ramp)]))
    assert [(r.name, r.protocol) for r in data.recordings] == [
        ("cell cell 1 1", "activation"),
        ("cell cell 1 2", "ramp"),
    ]
    held, rising, last = data.recordings[1].sweeps[0].command
    assert (held.level, rising.level, rising.end_level, last.level) == (-0.12, -0.12, 0.04, 0.04)


@pytest.mark.parametrize(
    ("segment", "levels"),
    [
        ({"mode": 1}, [-0.02, -0.04, -0.06]),
        ({"mode": 4}, [-0.06, -0.02, -0.04]),
        ({"step": 0.0}, [-0.06, -0.06, -0.06]),
    ],
    ids=["falling", "alternating", "the same"],
)
def test_the_order_of_increments(written_heka, segment, levels):
    (found,) = read(written_heka.bundle([activation(segments=[HELD, STEP | segment, HELD])])).recordings
    assert np.allclose([sweep.command[1].level for sweep in found.sweeps], levels)


def test_levels_relative_to_holding_and_in_current_clamp(written_heka):
    steps = [{"value": 0.0, "duration": 0.01}, {"value": 0.1, "duration": 0.03, "step": 0.05}]
    told = activation(
        traces=[("Vmon", "V", 3e-5)], clamp=(2, "A"), holding=-0.02, flags=3, segments=steps
    )  # currents are told in nA
    (found,) = read(written_heka.bundle([told])).recordings
    assert (found.command_unit, found.holding) == ("A", pytest.approx(-20e-12))
    assert [sweep.command[1].level for sweep in found.sweeps] == pytest.approx([80e-12, 130e-12, 180e-12])


def test_segments_that_are_not_stored_are_no_part_of_the_sweep(written_heka):
    segments = [{"value": 0.0, "duration": 0.5, "stored": 0}, HELD, STEP, HELD]
    (found,) = read(written_heka.bundle([activation(segments=segments)])).recordings
    assert [round(epoch.start_s, 9) for epoch in found.sweeps[0].command] == [0, 0.01, 0.03]


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"flags": 5}, "the waveform came from another file"),
        ({"flags": 0}, "the levels were scaled in another way"),
        ({"segments": [{"kind": 3}]}, "a segment is neither constant nor a ramp"),
        ({"segments": [{"source": 2}]}, "a segment is told by a parameter of the series"),
        ({"segments": [STEP | {"mode": 5}]}, "a segment changes from sweep to sweep in another way"),
        ({"clamp": (3, "V")}, "no channel of a clamp"),
    ],
)
def test_a_command_that_cannot_be_told_says_why(written_heka, changed, why):
    (found,) = read(written_heka.bundle([activation(**changed)])).recordings
    assert found.sweeps[0].command == ()
    assert found.header["command"].startswith(f"not known: {why}")


def test_a_clipped_sweep_is_set_aside_alone(written_heka):
    sweeps = counts(3)
    sweeps[1][0][100:110] = 32767
    (found,) = read(written_heka.bundle([activation(sweeps=sweeps)])).recordings
    assert [sweep.used for sweep in found.sweeps] == [True, False, True]
    assert "for 10 samples in a row from sample 100" in found.sweeps[1].set_aside


def test_the_same_as_myokit_reads(written_heka, tmp_path):
    import myokit.formats.heka

    told = activation(segments=[HELD, STEP, STEP | {"mode": 1, "step": 0.01, "duration": 0.005}, HELD])
    path = tmp_path / "cell.dat"
    path.write_bytes(written_heka.bundle([told]))
    (found,) = heka.read(raw_file(path, path.read_bytes())).recordings
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with myokit.formats.heka.PatchMasterFile(str(path)) as theirs:
            series = next(iter(theirs))[0]
            assert series.label() == found.protocol
            assert series.time().replace(tzinfo=None) == found.started
            _, waves = series.da()
            for number, sweep in enumerate(found.sweeps):
                trace = series[number][0]
                assert np.allclose(trace.values(), found.inside(sweep), rtol=1e-12)
                assert np.allclose(trace.times(), found.times(sweep), rtol=1e-12)
                for epoch in sweep.command:
                    middle = round((epoch.start_s + min(epoch.end_s, 0.04)) / 2 * found.sampling_hz)
                    assert waves[number][middle] == pytest.approx(epoch.level)
            assert trace.r_seal() == pytest.approx(1400)
            assert trace.r_series() == pytest.approx(8.5)


def refusal(data):
    with pytest.raises(BrokenFile) as caught:
        read(data)
    problem = caught.value.problems[0]
    assert problem.where.startswith("cell.dat")
    assert problem.fix
    return problem.what


def test_both_sizes_of_a_cut_file_are_named(written_heka):
    data = written_heka.bundle([activation()])
    assert f"but the file has {len(data) - 400:,} bytes" in refusal(data[:-400])


def test_a_bundle_in_several_files_is_refused():
    assert "spread over several files" in refusal(b"DAT1" + bytes(300))


def test_a_file_without_currents_is_refused(written_heka):
    told = activation(traces=[("temperature", "C", 1.0)])
    assert "no series with samples of a current or a potential" in refusal(written_heka.bundle([told]))


def read_or_refused(data):
    try:
        return read(data), ()
    except FileError as refused:
        return None, refused.problems


def test_a_damaged_file_is_read_or_refused_fast(written_heka):
    data = written_heka.bundle([activation(), activation(label="again")])
    random = np.random.default_rng(20260312)
    refused = 0
    for case in range(400):
        body = bytearray(data)
        if case % 4 == 0:
            body = body[: random.integers(4, len(body))]
        else:
            within = 256 if case % 4 == 1 else len(body)
            for at in random.integers(4, within, random.integers(1, 30)):
                body[at] ^= 1 << int(random.integers(0, 8))
        start = time.perf_counter()
        found, problems = read_or_refused(bytes(body))
        assert time.perf_counter() - start < 2.0
        assert bool(found) != bool(problems)
        assert all(problem.where and problem.fix and problem.code for problem in problems)
        refused += bool(problems)
    assert refused > 100
