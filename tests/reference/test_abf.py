"""Fifteen real Axon files: values, units, epochs, tags and dates as published, and as two other readers find them.

Where readers disagree the file is named here, with what decides:
- 2020_06_16_0000 holds events of variable length. Its table of sweeps gives 3540, 70040 and 16040 samples, as neo,
  myokit and the published values have it; pyABF gives the mean, 29873, as the length of a sweep.
- pclamp11_4ch_abf1 is held at -10 mV (its field of the holding level, which myokit reads too); pyABF takes the level of
  the first epoch, +10 mV, for the holding level.
- invalidDate-abf1 is of version 1.3, whose header ends before the fields that pyABF reads its epochs from.
- File_axon_7 is sampled each 2480 µs; pyABF cuts 403.2 Hz down to 403 Hz.
"""

import datetime as dt
import json
import warnings

import neo
import numpy as np
import pyabf
import pytest

from prusoff.readers._choose import read_file

FILES = (
    "05210017_vc_abf1",
    "171116sh_0011",
    "171116sh_0013",
    "171116sh_0014",
    "17o05027_ic_ramp",
    "18702001-step",
    "18807005",
    "2018_11_16_sh_0006",
    "2018_12_09_pCLAMP11_0001",
    "2020_06_16_0000",
    "DM1_0000",
    "File_axon_7",
    "invalidDate-abf1",
    "model_vc_step",
    "pclamp11_4ch_abf1",
)
VARIABLE, HELD_WRONG, EARLY = "2020_06_16_0000", "pclamp11_4ch_abf1", "invalidDate-abf1"


@pytest.fixture(scope="session")
def expected(shared):
    return json.loads((shared / "data" / "abf" / "expected.json").read_text(encoding="utf-8"))["files"]


@pytest.fixture(scope="session")
def recordings(shared):
    folder = shared / "data" / "abf"
    return {name: read_file(folder / f"{name}.abf").recordings[0] for name in FILES}


@pytest.fixture(scope="session")
def by_pyabf(shared):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return {name: pyabf.ABF(shared / "data" / "abf" / f"{name}.abf") for name in FILES}


def joined(recording):
    """All sweeps of a recording, one after the other."""
    return np.concatenate([np.asarray(sweep.samples) for sweep in recording.sweeps], axis=1)


def test_all_files_are_tested(expected):
    assert sorted(expected) == sorted(FILES)


@pytest.mark.parametrize("name", FILES)
def test_channels_sampling_and_sweeps(name, recordings, expected):
    recording, known = recordings[name], expected[name]
    assert len(recording.sweeps) == known["sweep_count"]
    assert [channel.unit for channel in recording.channels] == known["adc_units"]
    if name != EARLY:  # a name of ten NULs
        assert [channel.name for channel in recording.channels] == known["adc_names"]
    assert int(recording.sampling_hz) == known["sample_rate_hz"]
    lengths = {sweep.samples.shape[1] for sweep in recording.sweeps}
    assert lengths == ({3540, 70040, 16040} if name == VARIABLE else {known["points_per_sweep"]})


@pytest.mark.parametrize("name", FILES)
def test_protocol_date_and_tags(name, recordings, expected):
    recording, known = recordings[name], expected[name]
    assert recording.protocol == known["protocol"].replace("None", "")
    began = dt.datetime.fromisoformat(known["recorded"])
    assert recording.started == (None if began.year == 1 else began)
    assert [(round(tag.time_s, 5), tag.text) for tag in recording.tags] == [
        tuple(tag) for tag in known["tags"]
    ]


@pytest.mark.parametrize("name", FILES)
def test_first_values_are_those_of_the_makers_library(name, recordings, expected):
    firsts = np.asarray(recordings[name].sweeps[0].samples)[:, 0]
    known = expected[name]["abffio_first_value_per_channel"]  # float32, printed with 5 decimals
    assert np.allclose(firsts, known, rtol=1.2e-7, atol=6e-6)


@pytest.mark.parametrize("name", FILES)
def test_values_of_every_sweep(name, recordings, expected):
    recording = recordings[name]
    assert len(expected[name]["sweep_values"]) == len(recording.sweeps) * len(recording.channels)
    for known in expected[name]["sweep_values"]:
        values = np.asarray(recording.sweeps[known["sweep"]].samples)[known["channel"]]
        assert len(values) == known["points"]
        found = (values[0], values[-1], values.std())
        assert np.allclose(found, (known["first"], known["last"], known["stdev"]), rtol=2e-6, atol=1e-8)


def drawn(recording, sweep):
    """The command of a sweep at every sample, a ramp from its level to its end level."""
    wave = np.full(sweep.samples.shape[1], np.nan)
    for epoch in sweep.command:
        part = recording.part(sweep, epoch.start_s, epoch.end_s)
        wave[part] = np.linspace(epoch.level, epoch.end_level, part.stop - part.start)
    return wave


def expected_wave(known, length):
    """The same from the published table of types, levels and samples."""
    wave, before = np.full(length, np.nan), known["levels"][0]
    for kind, level, first, last in zip(
        known["types"], known["levels"], known["first_point"], known["last_point"], strict=True
    ):
        wave[first:last] = np.linspace(before if kind == "Ramp" else level, level, max(last - first, 0))
        before = level
    return wave


@pytest.mark.parametrize("name", sorted(set(FILES) - {VARIABLE, HELD_WRONG, EARLY}))
def test_commands_are_the_published_epochs(name, recordings, expected):
    recording = recordings[name]
    size = {"V": 1e3, "A": 1e12}[recording.command_unit]
    assert expected[name]["dac_units"][0] == {"V": "mV", "A": "pA"}[recording.command_unit]
    assert expected[name]["command_epochs"]
    for known in expected[name]["command_epochs"]:
        sweep = recording.sweeps[known["sweep"]]
        wave = expected_wave(known, sweep.samples.shape[1])
        assert np.allclose(drawn(recording, sweep) * size, wave, rtol=0, atol=1e-6)


def test_the_steps_of_an_iv_protocol_stand_one_by_one(recordings):
    recording = recordings["171116sh_0013"]
    first, last = recording.sweeps[0].command, recording.sweeps[12].command
    assert [epoch.is_step for epoch in first] == [True, False, True]
    assert np.allclose([epoch.level for epoch in last], [-0.055, -0.055, -0.050])
    assert np.allclose([epoch.end_s for epoch in last], [312 / 20000, 1312 / 20000, 1.0])


def test_the_holding_level_is_not_taken_for_that_of_an_epoch(recordings, expected, by_pyabf):
    recording = recordings[HELD_WRONG]
    levels = [round(epoch.level * 1e3, 6) for epoch in recording.sweeps[0].command]
    assert levels == [-10, 10, -10]
    assert recording.holding == pytest.approx(-0.010)
    known = expected[HELD_WRONG]["command_epochs"][0]
    assert known["levels"] == [
        10,
        10,
        10,
    ]  # the first and the last of them are the level of epoch A, not the holding
    assert by_pyabf[HELD_WRONG].holdingCommand[0] == by_pyabf[HELD_WRONG]._headerV1.fEpochInitLevel[0] == 10
    ends = [epoch.end_s * recording.sampling_hz for epoch in recording.sweeps[0].command]
    assert np.allclose(ends, known["last_point"])


def test_an_early_file_has_no_command(recordings):
    recording = recordings[EARLY]
    assert recording.command_unit == ""
    assert not any(sweep.command for sweep in recording.sweeps)
    assert "no output" in recording.header["command"]


def test_what_the_amplifier_told_is_kept(recordings):
    filters = {name: recording.header.get("low-pass filter") for name, recording in recordings.items()}
    assert filters["171116sh_0013"] == "2000 Hz"
    assert filters["17o05027_ic_ramp"] == "10000 Hz"
    assert filters["2018_12_09_pCLAMP11_0001"] is None


def test_no_sweep_of_a_good_file_is_set_aside(recordings):
    assert {name: [s.set_aside for s in r.sweeps if not s.used] for name, r in recordings.items()} == {
        name: [] for name in FILES
    }


def test_a_current_of_amperes_is_doubted(shared):
    notes = {name: read_file(shared / "data" / "abf" / f"{name}.abf").notes for name in FILES}
    assert [name for name in FILES if notes[name]] == ["18702001-step", "2018_12_09_pCLAMP11_0001"]
    assert "'IN 0' is in A by the file and reaches 5.44 A" in notes["2018_12_09_pCLAMP11_0001"][0]


@pytest.mark.parametrize("name", FILES)
def test_every_sample_is_that_of_pyabf(name, recordings, by_pyabf):
    whole = joined(recordings[name])
    theirs = by_pyabf[name].data
    assert np.allclose(whole, theirs[:, : whole.shape[1]], rtol=2e-6, atol=1e-6)


@pytest.mark.parametrize("name", FILES)
def test_every_sample_and_start_is_that_of_neo(name, recordings, shared):
    theirs = neo.rawio.AxonRawIO(filename=str(shared / "data" / "abf" / f"{name}.abf"))
    theirs.parse_header()
    recording = recordings[name]
    count = theirs.segment_count(0)
    if name == EARLY:  # no table of sweeps: neo takes the file for one sweep, its header says 50
        assert (count, len(recording.sweeps)) == (1, 50)
        return
    assert count == len(recording.sweeps)
    for number, sweep in enumerate(recording.sweeps):
        raw = theirs.get_analogsignal_chunk(0, number, stream_index=0)
        values = theirs.rescale_signal_raw_to_float(raw, dtype="float64", stream_index=0)
        assert np.allclose(np.asarray(sweep.samples), values.T, rtol=1e-6, atol=1e-9)
        assert sweep.start_s == pytest.approx(theirs.segment_t_start(0, number), abs=1e-9)
