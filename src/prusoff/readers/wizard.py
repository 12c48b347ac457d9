"""PerkinElmer Wizard2 (2470, 2480): the CSV table of the gamma counter, one row a tube."""

from __future__ import annotations

import re

from ..core.errors import BrokenFile, Problem
from ..core.reader import RawData, RawFile, Reader, Table
from ._contents import contents, contents_or_none
from ._sheet import filled, number
from ._table import table_of

_COUNTS = re.compile(r"(.+) Counts")
_ALWAYS = ("Rack", "Det", "Pos", "Time")
_WHEN = "Measurement date & time"
HEAD_ROWS = 50


def _nuclides(columns: tuple[str, ...]) -> tuple[str, ...]:
    """Nuclides that have counts and a count rate among these columns."""
    named = [match[1] for name in columns if (match := _COUNTS.fullmatch(name))]
    return tuple(nuclide for nuclide in named if f"{nuclide} CPM" in columns)


def _sniff(file: RawFile) -> bool:
    found = contents_or_none(file)
    if found is None or not found.text:
        return False
    return any(set(_ALWAYS) <= set(row) and _nuclides(row) for row in found.sheets[0].rows[:HEAD_ROWS])


def _read(file: RawFile) -> RawData:
    found = contents(file)
    table, beside, notes = table_of(found.sheets[0], found.header.get("delimiter", ""))
    nuclides = _nuclides(table.columns)
    if not nuclides or not set(_ALWAYS) <= set(table.columns):
        fix = "Export the results with rack, detector, position, time, counts and CPM"
        raise BrokenFile(Problem("the columns of a Wizard2 table are missing", file.name, fix, "E-COLUMNS"))
    header = {**beside, **found.header, "instrument": "PerkinElmer Wizard2", "nuclide": ", ".join(nuclides)}
    for key, column in (("Protocol name", "Protocol name"), ("Run ID", "Run ID"), ("counted", _WHEN)):
        values = filled(_column(table, column))
        if values:
            header[key] = " | ".join(dict.fromkeys(values)) if key != "counted" else values[0]
    if re.match(r"\d{4}-\d\d-\d\d\b", header.get("counted", "")):
        header["date"] = header["counted"][:10]
    tubes = Table("tubes", table.columns, table.rows, table.places)
    remarks = (*found.notes, *notes, *_flags(tubes, nuclides), *_words(tubes, nuclides))
    return RawData("wizard", file.name, file.sha256, tables=(tubes,), header=header, notes=remarks)


def _column(table: Table, name: str) -> tuple[str, ...]:
    if name not in table.columns:
        return ()
    at = table.columns.index(name)
    return tuple(row[at] for row in table.rows)


def _flags(table: Table, nuclides: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(
        f"{place}: the counter marked this tube '{flag}' ({nuclide})."
        for nuclide in nuclides
        for place, flag in zip(table.places, _column(table, f"{nuclide} Info"), strict=False)
        if flag
    )


def _words(table: Table, nuclides: tuple[str, ...]) -> tuple[str, ...]:
    """Words where a number was expected, such as an overflow: they stay words."""
    return tuple(
        f"{place}: '{text}' stands under '{name}' instead of a number."
        for name in ("Time", *(f"{nuclide} {what}" for nuclide in nuclides for what in ("Counts", "CPM")))
        for place, text in zip(table.places, _column(table, name), strict=True)
        if text and number(text) is None
    )


wizard = Reader(
    "wizard",
    "PerkinElmer Wizard2 gamma counter (CSV): counts, CPM, error and flag of every tube",
    (".csv", ".txt"),
    _sniff,
    _read,
    "Wizard2 2470 result table: one row a tube with rack, detector, position, time in seconds, '<nuclide> Counts', "
    "'<nuclide> CPM' (background taken off), '<nuclide> Error %' and '<nuclide> Info'.",
)
