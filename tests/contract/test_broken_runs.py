"""Every assay meets runs that are wrong: it answers with a report, or says what is wrong, and never breaks."""

import csv
import io

import pytest
import tomlkit

import prusoff
from prusoff.assays import catalog
from prusoff.core.errors import PrusoffError
from prusoff.workbench.simulated_run import files_of

pytestmark = pytest.mark.slow
GROUPS = {"exvivo_occupancy"}  # one animal is no group: alone it is told so in words


def first_day(name):
    """The run file as a document and the wells of its first experiment as rows, the headings first."""
    assay = catalog[name]
    files = files_of(assay, assay.truth, 2)
    run = tomlkit.parse(files[f"{name}.toml"])
    del run["experiment"][1:]
    return run, list(csv.reader(io.StringIO(files[run["experiment"][0]["file"]])))


def without(column):
    return lambda rows: [[cell for at, cell in enumerate(row) if at != column] for row in rows]


def changed(column, change):
    """Every cell of a column made new from its number and its text."""

    def apply(rows):
        return [rows[0]] + [
            [*row[:column], change(number, row[column]), *row[column + 1 :]]
            for number, row in enumerate(rows[1:])
        ]

    return apply


def breakages(rows):
    """What can go wrong with a table of wells, by name."""
    head, role, signal = rows[0], rows[0].index("role"), len(rows[0]) - 1
    for column, heading in enumerate(head):
        yield f"no column {heading}", without(column)
        yield f"words in {heading}", changed(column, lambda number, cell: "abc" if number == 3 else cell)
        if "(" in heading:
            yield f"equal {heading}", changed(column, lambda number, cell, to=rows[1][column]: to)
            yield f"half of {heading} blank", changed(column, lambda number, cell: cell if number % 2 else "")
            yield f"zero {heading}", changed(column, lambda number, cell: "0")
    for kind in dict.fromkeys(row[role] for row in rows[1:]):
        yield f"no {kind} wells", lambda rows, kind=kind: [row for row in rows if row[role] != kind]
    yield "four wells", lambda rows: rows[:5]
    yield "every seventh well", lambda rows: [rows[0], *rows[1::7]]
    yield "equal signals", changed(signal, lambda number, cell: "5000")
    yield "no signal", changed(signal, lambda number, cell: "0")
    yield "faint signals", changed(signal, lambda number, cell: str(round(float(cell) / 1000)))
    yield "negative signals", changed(signal, lambda number, cell: f"-{cell}")
    yield "one spike", changed(signal, lambda number, cell: str(50 * float(cell)) if number == 10 else cell)
    signals = [row[signal] for row in rows[1:]]
    yield "signals in reverse", changed(signal, lambda number, cell: signals[-1 - number])


def silences(run):
    """Tables of the run file, and keys of them, that may be missing."""
    for table, part in run.items():
        if table != "experiment":
            yield (table,)
            yield from ((table, key) for key in part)
    yield from (("experiment", key) for key in run["experiment"][0])


def answered(folder, name, run, rows):
    """The outcome of a run: its report was made, or a message says what is wrong."""
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    if "file" in run.get("experiment", [{}])[0]:
        (folder / run["experiment"][0]["file"]).write_text(text.getvalue(), encoding="utf-8")
    path = folder / f"{name}.toml"
    path.write_text(tomlkit.dumps(run), encoding="utf-8")
    try:
        analysis = prusoff.open(path).analyse()
        assert analysis.document.sections
        assert analysis.for_terminal()
    except PrusoffError as error:
        return str(error)
    wells, used, aside = analysis.result.rows
    assert wells == used + aside == len(rows) - 1
    return ""


def in_turn(name, ways):
    """Every fourth way to spoil a run, beginning elsewhere for the next assay: each is tried with several assays."""
    return ways[list(catalog).index(name) % 4 :: 4]


@pytest.mark.parametrize("name", list(catalog))
def test_wells_that_are_wrong(name, tmp_path):
    run, rows = first_day(name)
    assert answered(tmp_path, name, run, rows) == "" or name in GROUPS
    for what, breaks in in_turn(name, list(breakages(rows))):
        try:
            answered(tmp_path, name, run, breaks(rows))
        except Exception as failure:
            raise AssertionError(f"{name}, {what}") from failure


@pytest.mark.parametrize("name", list(catalog))
def test_a_run_file_that_says_too_little(name, tmp_path):
    whole, rows = first_day(name)
    for missing in in_turn(name, list(silences(whole))):
        run = tomlkit.parse(tomlkit.dumps(whole))
        table = run["experiment"][0] if missing[0] == "experiment" else run
        for key in missing[:-1]:
            table = table[key] if key != "experiment" else table
        del table[missing[-1]]
        try:
            answered(tmp_path, name, run, rows)
        except Exception as failure:
            raise AssertionError(f"{name} without {' > '.join(missing)}") from failure
