"""The page on scale measures what it says: costs of whole processes, and a run that is killed and goes on."""

import importlib
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def module(name):
    sys.path.insert(0, str(ROOT))
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(str(ROOT))


@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="this system tells no shared memory")
def test_the_cost_of_a_process_holds_that_of_its_children():
    workload = module("bench.workload")
    child = "import time\nheld = bytearray(80_000_000)\nwhile time.process_time() < 0.7: pass"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    cost = workload.measured([sys.executable, "-c", parent])
    assert cost.cpu_s >= 0.5
    assert cost.wall_s >= 0.5
    assert 80 <= cost.memory_mb < 160
    with pytest.raises(subprocess.CalledProcessError):
        workload.measured([sys.executable, "-c", "raise SystemExit(3)"])


@pytest.mark.slow
def test_the_page_tells_of_a_killed_run(tmp_path):
    scale = module("bench.scale")
    told = scale.killed(scale.QUICK, tmp_path)
    assert told.startswith("Of 40,000 curves, killed with signal 9 when ")
    assert told.endswith("the same bytes as a run that was not stopped.")


@pytest.mark.slow
def test_the_page_has_a_line_for_every_screen_and_every_start(tmp_path):
    scale = module("bench.scale")
    rows = list(scale.screens(scale.Size((2_000,), 0, 0, 1), tmp_path))
    assert [row[0] for row in rows] == ["2,000"]
    assert all(len(row) == 7 for row in rows)
    starts = list(scale.starts(scale.Size((), 0, 0, 1), tmp_path))
    assert [name.partition(",")[0] for name, *_ in starts] == ["`prusoff --help`", *2 * ["`prusoff fit`"]]
