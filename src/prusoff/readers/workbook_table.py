"""Tidy tables in the sheets of a workbook."""

from __future__ import annotations

from ..core.errors import BrokenFile, Problems
from ..core.reader import RawData, RawFile, Reader, Table
from ._claims import claimed_before
from ._contents import contents, contents_or_none
from ._table import is_table, table_of


def _sniff(file: RawFile) -> bool:
    found = contents_or_none(file)
    if found is None or found.text or not any(is_table(sheet) for sheet in found.sheets):
        return False
    return not claimed_before("workbook_table", file)


def _read(file: RawFile) -> RawData:
    found = contents(file)
    tables: list[Table] = []
    header: dict[str, str] = {}
    notes = list(found.notes)
    problems = Problems()
    for sheet in found.sheets:
        if not is_table(sheet):
            notes.append(f"{sheet.where}: holds no table and was left out.")
            continue
        try:
            table, beside, remarks = table_of(sheet)
        except BrokenFile as broken:
            problems.take(broken)
            continue
        tables.append(table)
        header = {**beside, **header}
        notes.extend(remarks)
    if not tables and not problems.items:
        fix = "Write one heading with a name for every column, and one row for each observation"
        problems.add("no sheet holds a table", file.name, fix, "E-NOTABLE")
    problems.raise_if_any(BrokenFile)
    return RawData(
        "workbook_table", file.name, file.sha256, tables=tuple(tables), header=header, notes=tuple(notes)
    )


workbook_table = Reader(
    "workbook_table",
    "Tidy tables in an Excel workbook (XLSX, XLSM): one heading, one row for each observation, any number of sheets",
    (".xlsx", ".xlsm"),
    _sniff,
    _read,
    "Office Open XML workbook (ISO/IEC 29500); hidden sheets, macros and pictures are left out.",
)
