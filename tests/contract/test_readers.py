"""Every reader keeps the promises of the shelf: it claims its own files alone, never stumbles, and repeats itself."""

import json
import subprocess
import sys
import time
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from prusoff.core.errors import FileError
from prusoff.core.reader import RawData
from prusoff.readers import catalog
from prusoff.readers._choose import choose, read_file
from prusoff.readers._load import load, raw_file

GOLDEN = Path(__file__).parents[1] / "golden" / "readers"
SAMPLES = sorted(path for path in GOLDEN.iterdir() if "__" in path.name and path.suffix != ".json")
READERS = sorted(catalog)


def owner(sample):
    return sample.name.partition("__")[0]


def plain(data):
    """A reading as JSON, with the size of a plate in place of its rows and columns."""
    found = asdict(replace(data, recordings=()))
    for plate in found["plates"]:
        plate["format"] = plate["format"]["rows"] * plate["format"]["columns"]
    del found["recordings"]
    if data.recordings:
        found["recordings"] = [plain_recording(recording) for recording in data.recordings]
    return found


def plain_recording(recording):
    """A recording as JSON, with the ends and the mean of every channel in place of all samples."""
    found = asdict(replace(recording, sweeps=()))
    found["started"] = recording.started and recording.started.isoformat()
    found["sweeps"] = [
        {
            "number": sweep.number,
            "start_s": sweep.start_s,
            "command": [asdict(epoch) for epoch in sweep.command],
            "set_aside": sweep.set_aside,
            "samples": sweep.samples.shape[1],
            "first, last, mean": [
                [float(f"{number:.9g}") for number in (values[0], values[-1], values.mean(dtype=np.float64))]
                for values in np.asarray(sweep.samples)
            ],
        }
        for sweep in recording.sweeps
    ]
    return found


@pytest.mark.parametrize("name", READERS)
def test_a_reader_says_what_it_is(name):
    reader = catalog[name]
    assert reader.name == name
    assert reader.title
    assert reader.described_in
    assert reader.extensions
    assert all(ending.startswith(".") and ending == ending.lower() for ending in reader.extensions)
    assert [sample for sample in SAMPLES if owner(sample) == name], "a reader needs a sample"


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_exactly_its_reader_claims_a_sample(sample):
    file = load(sample)
    assert [name for name in READERS if catalog[name].sniff(file)] == [owner(sample)]
    assert choose(file).name == owner(sample)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_a_sample_reads_as_it_did_before(sample, golden_text):
    data = read_file(sample)
    assert data == read_file(sample, reader=owner(sample))
    assert (data.reader, data.file) == (owner(sample), sample.name)
    golden = sample.with_name(sample.name + ".json")
    text = json.dumps(plain(data), indent=1, ensure_ascii=False) + "\n"
    assert text == golden_text(golden, text)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_a_reading_is_complete(sample):
    data = read_file(sample)
    assert data.plates or data.tables or data.recordings
    for plate in data.plates:
        known = set(plate.format.positions())
        wells = {*plate.values, *plate.notes}
        assert plate.name
        assert plate.unit
        assert wells <= known
        assert not set(plate.values) & set(plate.notes)
        assert set(plate.places) == wells
        assert all(place.startswith(sample.name) for place in plate.places.values())
        assert np.isfinite(list(plate.values.values())).all()
    for table in data.tables:
        assert len(table.rows) == len(table.places)
        assert all(len(row) == len(table.columns) for row in table.rows)
        assert all(isinstance(cell, str) for row in table.rows for cell in row)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_a_recording_is_complete(sample):
    for recording in read_file(sample).recordings:
        assert recording.name
        assert recording.sampling_hz > 0
        assert recording.command_unit in ("", "A", "V")
        assert recording.sweeps
        for channel in recording.channels:
            assert channel.name
            assert np.isnan(channel.to_inside) or channel.to_inside > 0
        for sweep in recording.sweeps:
            assert sweep.samples.shape[0] == len(recording.channels)
            assert sweep.set_aside or np.isfinite(np.asarray(sweep.samples)).all()
            length = sweep.samples.shape[1] / recording.sampling_hz
            assert all(0 <= epoch.start_s < epoch.end_s <= length + 1e-9 for epoch in sweep.command)
            assert all(np.isfinite([epoch.level, epoch.end_level]).all() for epoch in sweep.command)


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.binary(min_size=1, max_size=400), ending=st.sampled_from([".csv", ".txt", ".xlsx", ""]))
@example(data=b"PK\x03\x04", ending=".xlsx")
@example(data=b"ABF2", ending=".abf")
@example(data=b"\x89HDF\r\n\x1a\n", ending=".nwb")
@example(data=b"DAT2", ending=".dat")
@example(data=b"\xff\xfe", ending=".txt")
@example(data=b'"', ending=".csv")
@example(data=b",1,2,3,4,5,6\nA\n", ending=".csv")
def test_sniffing_never_raises(data, ending):
    file = raw_file(f"any{ending}", data)
    assert sum(catalog[name].sniff(file) for name in READERS) <= 1


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(text=st.text(alphabet='0123456789,;\t\n".-ABHcpm µ%<', min_size=1, max_size=300))
def test_any_text_is_read_or_refused(text):
    read_or_refuse("any.csv", text.encode())


def read_or_refuse(name, data):
    """In two seconds the bytes give a reading, or a refusal that has a place, a way out and a code."""
    start = time.perf_counter()
    try:
        file = raw_file(name, data)
        result = choose(file).read(file)
    except FileError as refusal:
        result = refusal
    assert time.perf_counter() - start < 2.0
    if not isinstance(result, RawData):
        assert all(problem.where and problem.fix and problem.code for problem in result.problems)


def mutations(data, seed, count):
    """The same bytes cut off, with bytes changed, removed, doubled and turned around."""
    random = np.random.default_rng(seed)
    for _ in range(count):
        body = bytearray(data)
        first, second = sorted(int(at) for at in random.integers(0, len(body), 2))
        kind = random.integers(0, 5)
        if kind == 0:
            body = body[:first]
        elif kind == 1:
            for at in random.integers(0, len(body), 5):
                body[at] = int(random.integers(0, 256))
        elif kind == 2:
            del body[first : first + 40]
        elif kind == 3:
            body[first:first] = body[second : second + 200]
        else:
            body[first:second] = body[first:second][::-1]
        yield bytes(body)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_a_damaged_sample_is_read_or_refused(sample):
    for data in mutations(sample.read_bytes(), seed=20260312, count=25):
        read_or_refuse(sample.name, data)
        for name in READERS:
            try:
                catalog[name].read(raw_file(sample.name, data))
            except FileError:
                continue


def test_choosing_a_reader_does_not_load_the_libraries_of_formats():
    libraries = "python_calamine", "pyfive", "h5py", "pynwb", "neo", "myokit"
    code = f"import prusoff.readers, sys; list(prusoff.readers.catalog); assert not set({libraries}) & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
