"""Without an extra its part says which one to install, and the rest works."""

import subprocess
import sys
from pathlib import Path

HIDE = """
import importlib.abc, sys
class Hidden(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.split('.')[0] in {hidden!r}:
            raise ModuleNotFoundError(f"No module named '{{name}}'", name=name)
sys.meta_path.insert(0, Hidden())
"""


def run_without(hidden, code):
    program = HIDE.format(hidden=set(hidden)) + code
    return subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False
    )


def test_parquet_without_polars_names_the_extra(tmp_path):
    (tmp_path / "c.parquet").write_bytes(b"PAR1")
    code = f"""
import prusoff
from prusoff.workbench.curve_fitting import FitRequest
from prusoff.workbench.fit_table import fit_table
try:
    fit_table({str(tmp_path / "c.parquet")!r}, FitRequest(x="x", y="y"))
except prusoff.MissingExtra as error:
    print(error)
"""
    done = run_without(["polars", "narwhals", "pandas"], code)
    assert done.returncode == 0, done.stderr
    assert "pip install 'prusoff[frames]'" in done.stdout


def test_arrays_are_fitted_without_any_extra():
    code = """
import numpy as np, prusoff
x = np.linspace(-10, -5, 11)
y = 100 / (1 + 10 ** (x + 7.5)) + np.array([1, -1] * 5 + [0.5])
print(prusoff.fit("four_parameter_logistic", x, y).outcome.code)
"""
    done = run_without(["polars", "narwhals", "pandas", "lmfit", "iminuit"], code)
    assert done.stdout.strip() == "ok", done.stderr


def test_a_recording_in_nwb_names_the_extra_and_one_of_axon_needs_none():
    samples = Path(__file__).parents[1] / "golden" / "readers"
    code = f"""
import pathlib, prusoff
from prusoff.core.recording import Channel, Recording
from prusoff.readers._choose import read_file
from prusoff.workbench.written_recording import recording_bytes
samples = pathlib.Path({str(samples)!r})
print(len(read_file(samples / "axon_abf__two_channels.abf").recordings[0].sweeps))
for attempt in (
    lambda: read_file(samples / "nwb__two_channels.nwb"),
    lambda: recording_bytes(Recording("cell", (Channel("I", "pA", 1e-12),), 1e4, ())),
):
    try:
        attempt()
    except prusoff.MissingExtra as error:
        print(error)
"""
    done = run_without(["pyfive", "pynwb", "h5py", "neo", "myokit"], code)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == "3"
    assert len(lines) == 3
    assert all("pip install 'prusoff[ephys]'" in line for line in lines[1:])


def test_loops_run_without_a_compiler_and_give_the_same_bits():
    code = """
import numpy as np
from prusoff.core.curves import Curves
from prusoff.equations import catalog
from prusoff.fitting.batch import compiling, fit_batch
law, x = catalog["four_parameter_logistic"], np.linspace(-10.0, -5.0, 11)
truth = np.array([[0.0, 5.0, 0.0], [100.0, 90.0, 100.0], [-7.5, -8.0, -5.1], [1.0, 1.4, 0.8]])
y = law.function(x, truth[:, :, None]) + 4.0 * np.random.default_rng(1).standard_normal((3, 11))
table = Curves(np.tile(x, 3), y.ravel(), np.arange(4) * 11)
assert not compiling.installed()
found = []
for loops in (False, True):
    with compiling.by(loops):
        found.append(fit_batch(law, table))
for name in ("values", "se", "low", "high", "sum_of_squares"):
    one, two = (getattr(fits, name) for fits in found)
    assert np.array_equal(one, two, equal_nan=True), name
print("the same")
"""
    done = run_without(["numba", "llvmlite"], code)
    assert done.stdout.strip() == "the same", done.stderr
