"""`prusoff read` at recordings: what it prints, its JSON, its refusals, and traces written and read again."""

import json
from pathlib import Path

import numpy as np
import pytest

from prusoff.readers._choose import read_file

SAMPLES = Path(__file__).parents[1] / "golden" / "readers"
TWO_CHANNELS = ("axon_abf__two_channels.abf", "nwb__two_channels.nwb", "trace_table__two_channels.csv")


@pytest.mark.parametrize("name", TWO_CHANNELS)
def test_a_recording_is_summed_up(prusoff, name):
    code, out, err = prusoff("read", SAMPLES / name)
    assert (code, err) == (0, "")
    said = " ".join(out.split())
    assert "3 sweeps (0 to 2) of 0.04 s, 10 kHz, voltage clamp, held at -120 mV, protocol 'steps'," in said
    assert "recorded 2026-03-12 09:30:00" in said
    for words in ("I_MTest 0 pA", "10Vm 0 mV", "-60; -50; -40", "6.5 atomoxetine 10 µM", "11 wash"):
        assert words in said


@pytest.mark.parametrize("name", TWO_CHANNELS)
def test_a_recording_as_json(prusoff, name):
    code, out, _ = prusoff("read", SAMPLES / name, "--json")
    assert code == 0
    (found,) = json.loads(out)["recordings"]
    assert [channel["unit"] for channel in found["channels"]] == ["pA", "mV"]
    assert (found["sampling_hz"], found["command_unit"], found["holding"]) == (10_000, "V", -0.12)
    assert found["tags"][0] == {"time_s": 6.5, "text": "atomoxetine 10 µM"}
    assert [sweep["start_s"] for sweep in found["sweeps"]] == [0, 5, 10]
    (recording,) = read_file(SAMPLES / name).recordings
    current = np.asarray(recording.sweeps[1].samples[0], dtype=float)
    stated = found["sweeps"][1]["channels"][0]
    assert stated == pytest.approx({"least": current.min(), "mean": current.mean(), "most": current.max()})
    levels = [(part["level"], part["end_level"]) for part in found["sweeps"][1]["command"]][-3:]
    assert np.allclose(levels, [(-0.05, -0.05), (-0.05, -0.12), (-0.12, -0.12)])


def test_every_series_of_a_heka_file_is_summed_up(prusoff):
    said = " ".join(prusoff("read", SAMPLES / "heka__two_series.dat")[1].split())
    assert (
        "cell 1 1: 3 sweeps (0 to 2) of 0.04 s, 10 kHz, voltage clamp, held at -120 mV, protocol 'activation'"
        in said
    )
    assert "cell 1 2: 1 sweep of 0.04 s" in said


def test_sweeps_that_were_set_aside_are_named(prusoff):
    out = prusoff("read", SAMPLES / "axon_abf__clipped.abf")[1]
    assert "sweep 0 set aside: channel 'IN 0' stands at the limit of the converter (-32768 counts)" in out
    found = json.loads(prusoff("read", SAMPLES / "axon_abf__not_a_number.abf", "--json")[1])
    aside = [sweep["set_aside"] for sweep in found["recordings"][0]["sweeps"]]
    assert aside == ["", "channel 'IN 0' has 1 samples that are no numbers, the first at sample 100"]
    assert found["recordings"][0]["sweeps"][1]["channels"][0] == {"least": None, "mean": None, "most": None}


@pytest.mark.parametrize("name", [*TWO_CHANNELS, "axon_abf__not_a_number.abf", "axon_abf__clipped.abf"])
def test_traces_are_written_and_read_again(prusoff, tmp_path, name):
    path = tmp_path / "traces.csv"
    code, out, _ = prusoff("read", SAMPLES / name, "--traces", path)
    assert code == 0
    assert f"{path}: written" in out
    (before,), (after,) = read_file(SAMPLES / name).recordings, read_file(path).recordings
    for part in ("channels", "sampling_hz", "tags", "command_unit", "holding", "protocol", "started"):
        assert getattr(after, part) == getattr(before, part)
    for new, old in zip(after.sweeps, before.sweeps, strict=True):
        assert (new.number, new.start_s, new.set_aside) == (old.number, old.start_s, old.set_aside)
        stored = np.asarray(old.samples)  # numbers of 32 bits come back to the last, others with 9 digits
        close = 0.0 if stored.dtype == np.float32 else 1e-8
        read = np.asarray(new.samples).astype(stored.dtype)
        assert np.allclose(read, stored, rtol=close, atol=0, equal_nan=True)


def test_several_recordings_of_one_file_are_several_tables(tmp_path):
    from prusoff.workbench.trace_export import save_traces

    (recording,) = read_file(SAMPLES / TWO_CHANNELS[0]).recordings
    written = save_traces((recording, recording), tmp_path / "traces.csv")
    assert [path.name for path in written] == ["traces.csv", "traces 2.csv"]
    assert written[0].read_bytes() == written[1].read_bytes()


def test_a_table_of_counts_has_no_traces(prusoff, tmp_path):
    sample = SAMPLES / "delimited__semicolon.csv"
    code, _, err = prusoff("read", sample, "--traces", tmp_path / "t.csv")
    assert code == 2
    assert "the file holds no recorded traces" in err
    assert "Leave out --traces" in err


def test_a_cut_recording_is_refused_with_both_sizes(prusoff, tmp_path):
    data = (SAMPLES / TWO_CHANNELS[0]).read_bytes()
    path = tmp_path / "cut.abf"
    path.write_bytes(data[:5000])
    code, _, err = prusoff("read", path)
    assert code == 2
    assert err.startswith("cut.abf: the data should end at byte ")
    assert "the file has 5,000 bytes" in err
    assert "Traceback" not in err


def test_the_readers_of_recordings_are_shown(prusoff):
    shown = prusoff("show", "readers")[1]
    assert all(name in shown for name in ("axon_abf", "heka", "nwb", "trace_table"))
    assert "Axon Binary File format" in " ".join(prusoff("show", "readers", "axon_abf")[1].split())
