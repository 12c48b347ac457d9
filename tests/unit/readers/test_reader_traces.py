import time

import numpy as np
import pytest

from prusoff.core.errors import BrokenFile, FileError
from prusoff.core.recording import Epoch, Tag
from prusoff.readers._choose import choose
from prusoff.readers._load import raw_file
from prusoff.readers.trace_table import trace_table


def table(heading, rows=100, apart=0.1, above=(), delimiter=",", change=str):
    """A table whose first column is the time, each other a column of its own simulated samples."""
    width = len(heading.split(delimiter))
    lines = [*above, heading]
    for row in range(rows):
        cells = [f"{row * apart:.9g}", *(f"{np.sin(row / 9 + place) * 100:.6f}" for place in range(1, width))]
        lines.append(delimiter.join(change(cell) for cell in cells))
    return "\n".join(lines) + "\n"


def read(text, name="cell.csv"):
    data = text if isinstance(text, bytes) else text.encode()
    file = raw_file(name, data)
    assert choose(file) is trace_table
    return trace_table.read(file)


def values(place, rows=100):
    return np.round(np.sin(np.arange(rows) / 9 + place) * 100, 6)


def test_a_column_a_sweep():
    data = read(table("time (ms),sweep 1 (pA),sweep 2 (pA)"))
    (found,) = data.recordings
    assert (found.name, found.sampling_hz, found.command_unit) == ("cell", 10_000.0, "")
    assert [sweep.number for sweep in found.sweeps] == [1, 2]
    assert np.array_equal(found.sweeps[1].samples[0], values(2))
    assert np.allclose(found.inside(found.sweeps[0]), values(1) * 1e-12, rtol=1e-15)
    assert [sweep.start_s for sweep in found.sweeps] == [0.0, pytest.approx(0.01)]
    assert data.notes[0].startswith("The file does not say when each sweep began")


def test_a_column_a_channel():
    (found,) = read(table("Time_ms,Im_nA,Vm_mV")).recordings
    assert [(channel.name, channel.unit) for channel in found.channels] == [("Im", "nA"), ("Vm", "mV")]
    assert len(found.sweeps) == 1
    assert np.array_equal(found.sweeps[0].samples[1], values(2))


def test_sweeps_with_channels_a_command_and_what_stands_above():
    heading = "time (s),sweep 0 I_m (pA),sweep 0 V (mV),command sweep 0 (mV),sweep 7 I_m (pA),sweep 7 V (mV)"
    above = (
        "# cell line: HEK293",
        "# sweep starts (s): 0 5.5",
        "# tag at 3.25 s: atomoxetine 10 µM",
        "# protocol: steps",
        "# recorded: 2026-03-12T09:47:00",
        "# sweep 7 set aside: the seal was lost",
    )
    lines = table(heading, apart=1e-4, above=above).splitlines()
    body = [line.split(",") for line in lines[7:]]
    for row, cells in enumerate(body):
        cells[3] = "-120" if row < 40 else "-20"
    (found,) = read("\n".join(lines[:7] + [",".join(cells) for cells in body])).recordings
    assert [channel.name for channel in found.channels] == ["I_m", "V"]
    assert [(sweep.number, sweep.start_s) for sweep in found.sweeps] == [(0, 0.0), (7, 5.5)]
    assert found.tags == (Tag(3.25, "atomoxetine 10 µM"),)
    assert found.sweeps[0].command == (Epoch(0.0, 0.004, -0.12, -0.12), Epoch(0.004, 0.01, -0.02, -0.02))
    assert (found.command_unit, found.holding, found.protocol) == ("V", -0.12, "steps")
    assert found.started.isoformat() == "2026-03-12T09:47:00"
    assert found.sweeps[1].set_aside == "the seal was lost"
    assert dict(found.header) == {"cell line": "HEK293"}


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_decimal_commas(delimiter):
    heading = delimiter.join(("Zeit (ms)", "Sweep 1 [pA]", "Sweep 2 [pA]"))
    text = table(heading, delimiter=delimiter, change=lambda cell: cell.replace(".", ","))
    (found,) = read(text).recordings
    assert np.array_equal(found.sweeps[0].samples[0], values(1))


def test_sweeps_may_be_shorter_than_the_table():
    lines = table("time (ms),sweep 1 (pA),sweep 2 (pA)").splitlines()
    lines[61:] = [line.rpartition(",")[0] + "," for line in lines[61:]]
    (found,) = read("\n".join(lines)).recordings
    assert [sweep.samples.shape for sweep in found.sweeps] == [(1, 100), (1, 60)]
    assert all(sweep.used for sweep in found.sweeps)


def test_a_sweep_with_a_hole_is_set_aside_alone():
    lines = table("time (ms),sweep 1 (pA),sweep 2 (pA)").splitlines()
    lines[31] = lines[31].rpartition(",")[0] + ",NaN"
    (found,) = read("\n".join(lines)).recordings
    assert [sweep.used for sweep in found.sweeps] == [True, False]
    assert "the first at sample 30" in found.sweeps[1].set_aside


@pytest.mark.parametrize(
    ("heading", "asked"),
    [
        ("time,sweep 1 (pA)", ["'time (ms)'"]),
        ("time (ms),sweep 1,sweep 2 (pA)", ["'sweep 1 (pA)'"]),
        ("t,current,command", ["'t (ms)'", "'current (pA)'", "'command (mV)'"]),
    ],
)
def test_a_missing_unit_is_asked_for(heading, asked):
    with pytest.raises(BrokenFile) as caught:
        read(table(heading))
    assert [problem.fix for problem in caught.value.problems] == [
        f"Write the unit into the heading, such as {name}" for name in asked
    ]
    assert {problem.code for problem in caught.value.problems} == {"E-UNIT"}
    assert all(problem.where == "cell.csv > heading" for problem in caught.value.problems)


def broken(text):
    with pytest.raises(BrokenFile) as caught:
        trace_table.read(raw_file("cell.csv", text.encode()))
    return str(caught.value)


def test_a_gap_in_time_is_named_by_its_line():
    lines = table("time (ms),sweep 1 (pA)", rows=100).splitlines()
    del lines[50:60]
    assert "cell.csv > line " in broken("\n".join(lines))
    assert "not evenly apart" in broken("\n".join(lines))


def test_text_among_the_numbers_is_named_by_line_and_column():
    lines = table("time (ms),sweep 1 (pA)").splitlines()
    lines[40] = lines[40].partition(",")[0] + ",overload"
    assert broken("\n".join(lines)).startswith(
        "cell.csv > line 41, column 'sweep 1 (pA)': 'overload' is no number."
    )
    lines[40] = "1,2,3"
    assert "line 41: the line has 3 cells, the heading 2" in broken("\n".join(lines))


def test_sweeps_with_different_channels_are_refused():
    text = table("time (ms),sweep 1 (pA),sweep 2 (nA)")
    assert "sweep 2 has other channels or units than sweep 1" in broken(text)
    assert "all columns hold a command" in broken(table("time (ms),command (mV)"))


@pytest.mark.parametrize(
    "text",
    [
        table("time (min),cpm", apart=1.0),  # a time course of counts
        table("time (s),peak (pA)", apart=5.0),  # amplitudes, one a sweep
        table("time (ms),sweep 1 (pA)", rows=10),
        table("time (ms),sweep 1 (pA)").replace("0.1,", "5,").replace("0.2,", "1,"),
        table("dose (nM),sweep 1 (pA)"),
    ],
    ids=["a time course", "amplitudes", "ten rows", "no even times", "no time"],
)
def test_other_tables_are_no_traces(text):
    assert not trace_table.sniff(raw_file("t.csv", text.encode()))


def test_a_long_table_is_read_fast():
    heading = "time (ms)," + ",".join(f"sweep {number} (pA)" for number in range(20))
    text = table(heading, rows=20_000, apart=0.05)
    start = time.perf_counter()
    (found,) = read(text).recordings
    assert time.perf_counter() - start < 4.0
    assert found.sweeps[19].samples.shape == (1, 20_000)


def test_a_damaged_table_is_read_or_refused():
    random = np.random.default_rng(20260312)
    data = table("time (ms),sweep 1 (pA),sweep 2 (pA),command (mV)", above=("# tag at 1 s: drug",)).encode()
    outcomes = set()
    for _ in range(150):
        body = bytearray(data)
        for at in random.integers(0, len(body), random.integers(1, 12)):
            body[at] = random.integers(9, 256)
        try:
            outcomes.add(bool(trace_table.read(raw_file("t.csv", bytes(body))).recordings))
        except FileError as refused:
            outcomes.add(type(refused).__name__)
    assert {"BrokenFile", True} <= outcomes
