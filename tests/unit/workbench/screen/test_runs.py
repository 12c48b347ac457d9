"""The runs of rows with the same keys: where they end, and whether any keys come twice, in memory of any size."""

import numpy as np
import pytest

from prusoff.workbench.screen import runs
from prusoff.workbench.screen.runs import Runs

HASHES = np.array([5, 2**63 + 1, 7, 2**64 - 1, 0, 12, 3], dtype=np.uint64)


@pytest.mark.parametrize("at_once", [1, 2, 3, 1_000])
@pytest.mark.parametrize("again", [None, *range(7)])
def test_keys_that_come_twice_are_found_whatever_is_in_memory_at_once(tmp_path, monkeypatch, at_once, again):
    monkeypatch.setattr(runs, "AT_ONCE", at_once)
    found = Runs(tmp_path)
    found.add(np.arange(3), HASHES[:3])
    found.add(np.arange(3, 7), HASHES[3:])
    if again is not None:
        found.add(np.array([7]), HASHES[again : again + 1])
    assert found.twice() is (again is not None)


def test_where_runs_end(tmp_path):
    found = Runs(tmp_path)
    found.add(np.array([0, 12]), HASHES[:2])
    found.add(np.array([24]), HASHES[:0])  # rows whose keys cannot be read
    assert found.count == 3
    assert found.ends(40).tolist() == [12, 24, 40]
    assert not found.twice()
