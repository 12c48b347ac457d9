"""A recording of 200 MB is read and measured in 10 s and 600 MB, however it is stored."""

import json
import subprocess
import sys

import numpy as np
import pytest

from prusoff.core.recording import Channel, Epoch, Recording, Sweep
from prusoff.workbench.written_recording import write_recording

MEASURE = """
import json, re, sys, time
from pathlib import Path
start = time.perf_counter()
from prusoff.electrophysiology.measurement import measured
from prusoff.electrophysiology.plan import Plan
from prusoff.readers._choose import read_file
(recording,) = read_file(sys.argv[1]).recordings
amplitudes = measured(recording, Plan(epochs=(int(sys.argv[2]),)))
used = time.perf_counter() - start
print(json.dumps({
    "seconds": used,
    "megabytes": int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1]) / 1e3,
    "sweeps": len(recording.sweeps),
    "currents": [one.current for one in amplitudes if not one.set_aside],
}))
"""


def measure(path, epoch):
    assert path.stat().st_size >= 200_000_000
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(path), str(epoch)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def pulse(length, peak, dtype):
    """An inward current that rises and fades within the second fifth of a sweep."""
    time = np.arange(length) - length // 5
    within = (time >= 0) & (time < length // 5)
    time = np.where(within, time, 0)
    shape = np.exp(-time / 400) - np.exp(-time / 40)
    return np.round(-peak * shape / shape.max() + 3 * np.sin(np.arange(length))).astype(dtype)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="the system tells no peak of memory")
@pytest.mark.parametrize(("sweeps", "length"), [(2000, 50_000), (10, 10_000_000)])
def test_counts_of_an_axon_file(written_abf, tmp_path, sweeps, length):
    held = length // 64
    table = ((1, -120.0, 0.0, length // 5 - held, 0), (1, -20.0, 0.0, length // 5, 0))
    path = tmp_path / "large.abf"
    one = pulse(length, 8000, np.int16)[None]
    path.write_bytes(written_abf.abf2([one] * sweeps, command=("mV", -120.0, table)))
    found = measure(path, 3)
    assert found["seconds"] < 10
    assert found["megabytes"] < 600
    assert len(found["currents"]) == found["sweeps"] == sweeps
    assert np.allclose(found["currents"], -400e-12, rtol=0.01)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="the system tells no peak of memory")
def test_numbers_of_an_nwb_file(tmp_path):
    sweeps, length, rate = 400, 42_000, 20_000.0
    step = length // 5 / rate
    command = tuple(
        Epoch(first * step, last * step, level, level)
        for first, last, level in ((0, 1, -0.12), (1, 2, -0.02), (2, 5, -0.12))
    )
    one = pulse(length, 400, np.float32)[None]
    written = Recording(
        "large",
        (Channel("I", "pA", 1e-12),),
        rate,
        tuple(Sweep(number, 5.0 * number, one, command) for number in range(sweeps)),
        command_unit="V",
        holding=-0.12,
    )
    found = measure(write_recording(written, tmp_path / "large.nwb"), 2)
    assert found["seconds"] < 10
    assert found["megabytes"] < 600
    assert len(found["currents"]) == found["sweeps"] == sweeps
    assert np.allclose(found["currents"], -400e-12, rtol=0.02)
