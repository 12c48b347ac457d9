"""What is in a file: read it, describe it whole, or show a preview."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..core.errors import InputError, Problem
from ..core.plate import row_label, well_name
from ..core.reader import PlateReading, RawData, Table
from ..readers._choose import read_file
from .recording_facts import Part, facts, parts
from .trace_export import save_traces

ROWS_SHOWN = 8
PLATES_SHOWN = 4


def read(path: str | Path, reader: str | None = None) -> RawData:
    """Read a file of a counter, a plate reader or a table; the format is recognised unless `reader` names it."""
    return read_file(Path(path), reader)


def save_recorded(found: RawData, path: str | Path) -> list[Path]:
    """Write the recorded traces of a file as CSV; raises InputError where it holds none."""
    if not found.recordings:
        what = "the file holds no recorded traces"
        fix = "Leave out --traces, or name a recording (ABF, NWB, HEKA, or a table of traces)"
        raise InputError(Problem(what, found.file, fix))
    return save_traces(found.recordings, path)


def describe(found: RawData) -> dict[str, Any]:
    """Everything found in a file as plain values."""
    return {
        "kind": "raw_data",
        "version": 1,
        "reader": found.reader,
        "file": found.file,
        "sha256": found.sha256,
        "header": dict(found.header),
        "notes": list(found.notes),
        "plates": [_plate(plate) for plate in found.plates],
        "tables": [
            {"name": table.name, "columns": list(table.columns), "rows": [list(row) for row in table.rows]}
            for table in found.tables
        ],
        "recordings": [facts(recording) for recording in found.recordings],
    }


def _plate(plate: PlateReading) -> dict[str, Any]:
    return {
        "name": plate.name,
        "wells": plate.format.size,
        "unit": plate.unit,
        "sum": sum(plate.values.values()),
        "values": dict(plate.values),
        "notes": dict(plate.notes),
    }


def preview(found: RawData) -> Iterator[Part]:
    """What a person wants to see before anything is computed."""
    yield Part(f"{found.file}: read as {found.reader}, SHA-256 {found.sha256[:16]}…")
    for key, value in found.header.items():
        yield Part(f"  {key}: {value}")
    for plate in found.plates[:PLATES_SHOWN]:
        yield _plate_preview(plate)
    if len(found.plates) > PLATES_SHOWN:
        others = ", ".join(plate.name for plate in found.plates[PLATES_SHOWN:])
        yield Part(f"and {len(found.plates) - PLATES_SHOWN} more plates: {others}")
    for table in found.tables:
        yield _table_preview(table, found.file)
    for recording in found.recordings:
        yield from parts(recording)
    for note in found.notes:
        yield Part(f"note: {note}")


def _plate_preview(plate: PlateReading) -> Part:
    rows = tuple(
        (row_label(row), *(_cell(plate, well_name(row, column)) for column in range(plate.format.columns)))
        for row in range(plate.format.rows)
    )
    wells = f"{len(plate.values)} of {plate.format.size} wells"
    title = f"{plate.name}: {wells}, {plate.unit}, sum {sum(plate.values.values()):,.0f}"
    return Part(title, ("", *(str(column + 1) for column in range(plate.format.columns))), rows)


def _cell(plate: PlateReading, position: str) -> str:
    if position in plate.values:
        value = plate.values[position]
        return f"{value:.0f}" if value.is_integer() else f"{value:.7g}"
    return plate.notes.get(position, "")


def _table_preview(table: Table, file: str) -> Part:
    hidden = len(table.rows) - ROWS_SHOWN
    more = f", the first {ROWS_SHOWN} shown" if hidden > 0 else ""
    rows = tuple((str(number), *row) for number, row in enumerate(table.rows[:ROWS_SHOWN], start=1))
    return Part(f"{table.name or file}: {len(table.rows)} rows{more}", ("row", *table.columns), rows)
