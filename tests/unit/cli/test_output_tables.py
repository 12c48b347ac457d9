"""Tables of the command line: a number is never broken over two lines, however narrow the terminal."""

from __future__ import annotations

import re
import warnings

import pytest

from prusoff.cli._output import prepare, print_grid, print_table
from prusoff.core.errors import PrusoffWarning

NUMBERS = tuple(f"{2340.5 + column:.1f}" for column in range(24))
COLUMNS = ("", *(str(column + 1) for column in range(24)))


@pytest.mark.parametrize("width", [40, 80, 200])
def test_a_wide_plate_is_cut_into_blocks_of_columns(monkeypatch, capsys, width):
    monkeypatch.setenv("COLUMNS", str(width))
    print_grid("plate 1", COLUMNS, [("A", *NUMBERS), ("B", *NUMBERS)])
    lines = capsys.readouterr().out.splitlines()
    assert all(len(line) <= width for line in lines)
    for label in "AB":
        told = [line for line in lines if line.lstrip().startswith(f"{label} ")]
        assert [cell for line in told for cell in line.split()[1:]] == list(NUMBERS)
    assert len(lines) <= 11 or any(re.search(r"columns \d+ to 24", line) for line in lines)


def test_warnings_of_libraries_do_not_reach_a_terminal_and_our_own_do(monkeypatch):
    monkeypatch.setattr("sys.warnoptions", [])
    with warnings.catch_warnings(record=True) as told:
        prepare()
        warnings.warn("All-NaN slice encountered", RuntimeWarning, stacklevel=1)
        warnings.warn("a plug-in is broken", PrusoffWarning, stacklevel=1)
    assert [str(one.message) for one in told] == ["a plug-in is broken"]


def test_a_long_text_is_folded_and_the_number_beside_it_is_not(monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "60")
    print_grid("day1.csv", ("row", "note", "conc"), [("1", "a very long remark " * 5, "0.045")])
    out = capsys.readouterr().out
    assert "0.045" in out
    assert out.count("remark") == 5


def test_a_table_keeps_its_numbers_whole_beside_long_sentences(monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "50")
    print_table("fits", ("curve", "value", "reason"), [("x", "0.04512345", "a sentence of some length " * 6)])
    assert "0.04512345" in capsys.readouterr().out
