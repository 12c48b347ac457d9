"""Workbooks: opened only after the archive was checked, read without running anything in them."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any
from xml.etree import ElementTree

from ..core.errors import BrokenFile, Problem, Problems, UnknownFormat
from ..core.reader import RawFile
from ._archive import SAVE_AGAIN, refused, unpack
from ._cell_marks import Marks, TooLarge, format_codes, marks_of
from ._sheet import Contents, Sheet, cell_name
from ._shown import shown

BOOK, LINKS, STYLES = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"


def workbook_contents(file: RawFile) -> Contents:
    """The visible sheets of a workbook as text.

    Raises BrokenFile for an unsafe or damaged archive and, with every place, for error cells, formulas without a
    stored value, and hidden rows or columns that hold values. Hidden sheets are left out with a note.
    """
    parts = unpack(file)
    if BOOK not in parts:
        what = "the archive is no .xlsx workbook (it may be .xlsb or .ods, or something else)"
        raise UnknownFormat(Problem(what, file.name, SAVE_AGAIN, "E-TYPE"))
    try:
        return _read(file, parts)
    except (ElementTree.ParseError, KeyError, ValueError):
        raise refused(file, "the workbook is damaged: its parts do not fit together", "E-WORKBOOK") from None


def _read(file: RawFile, parts: dict[str, bytes]) -> Contents:
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    codes = format_codes(parts[STYLES]) if STYLES in parts else {}
    pages = _pages(parts)
    marks = {name: _marks(file, name, parts[page], codes) for name, page in pages.items() if page in parts}
    try:
        book = CalamineWorkbook.from_filelike(_repacked(parts))
        metadata = book.sheets_metadata
        cells = {
            sheet.name: book.get_sheet_by_name(sheet.name)
            for sheet in metadata
            if sheet.typ == SheetTypeEnum.WorkSheet and sheet.name in marks
        }
        values = {name: sheet.to_python(skip_empty_area=False) for name, sheet in cells.items()}
    except CalamineError as failure:
        raise refused(file, f"the workbook is damaged ({failure})", "E-WORKBOOK") from None
    problems, notes, sheets = Problems(), [], []
    uncomputed = re.search(rb"fullCalcOnLoad\s*=\s*[\"'](1|true)", parts[BOOK]) is not None
    for sheet in metadata:
        where = f"{file.name} > sheet '{sheet.name}'"
        if sheet.name not in values:
            notes.append(f"{where}: is no sheet of cells and was left out.")
        elif sheet.visible != SheetVisibleEnum.Visible:
            notes.append(f"{where}: is hidden and was left out.")
        elif values[sheet.name]:
            mark, merged = marks[sheet.name], cells[sheet.name].merged_cell_ranges or []
            _check(where, values[sheet.name], mark, uncomputed, problems)
            sheets.append(_sheet(where, sheet.name, values[sheet.name], mark, merged))
            if mark.formulas:
                notes.append(f"{where}: the stored results of its {len(mark.formulas)} formulas were read.")
    problems.raise_if_any(BrokenFile)
    if not sheets:
        raise refused(
            file, "no visible sheet holds anything", "E-EMPTY", "Show the sheet, or export the data again"
        )
    return Contents(tuple(sheets), tuple(notes))


def _marks(file: RawFile, name: str, page: bytes, codes: dict[str, str]) -> Marks:
    try:
        return marks_of(page, codes)
    except TooLarge:
        what = f"sheet '{name}' is too large (two million cells are read at most)"
        fix = "Delete what is not needed, also far below and to the right, or export the sheet as CSV"
        raise refused(file, what, "E-SIZE", fix) from None


def _pages(parts: dict[str, bytes]) -> dict[str, str]:
    """The part of the archive in which each sheet stands, by sheet name."""
    targets = {link.get("Id", ""): link.get("Target", "") for link in _elements(parts[LINKS], "Relationship")}
    pages = {}
    for sheet in _elements(parts[BOOK], "sheet"):
        link = next((value for key, value in sheet.attrib.items() if key.endswith("}id")), "")
        target = targets.get(link, "")
        pages[sheet.get("name", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return pages


def _elements(data: bytes, tag: str) -> list[ElementTree.Element]:
    tree = ElementTree.fromstring(data, ElementTree.XMLParser(encoding="UTF-8"))
    return [element for element in tree.iter() if element.tag.rpartition("}")[2] == tag]


def _repacked(parts: dict[str, bytes]) -> io.BytesIO:
    """The checked parts as a new archive, so that nothing unchecked reaches the library that reads them."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name), data)
    packed.seek(0)
    return packed


def _check(where: str, values: list[list[Any]], marks: Marks, uncomputed: bool, problems: Problems) -> None:
    for position, error in marks.errors.items():
        fix = "Correct the cell, or empty it if there is no value"
        problems.add(f"the cell holds the error {error}", _place(where, position), fix, "E-CELL")
    for position in marks.formulas if uncomputed else marks.uncomputed:
        if position not in marks.errors:
            fix = "Open the workbook in Excel and save it, or write the value instead of the formula"
            problems.add("the formula has no computed value", _place(where, position), fix, "E-FORMULA")
    fix = "Show or delete it, and save the workbook again"
    for row in sorted(marks.hidden_rows):
        if row < len(values) and any(cell != "" for cell in values[row]):
            problems.add("the row is hidden but holds values", f"{where} > row {row + 1}", fix, "E-HIDDEN")
    for first, last in marks.hidden_columns:
        if any(cell != "" for line in values for cell in line[first : last + 1]):
            letters = re.sub(r"\d", "", cell_name(0, first))
            problems.add(
                "the column is hidden but holds values", f"{where} > column {letters}", fix, "E-HIDDEN"
            )


def _place(where: str, position: tuple[int, int]) -> str:
    return f"{where} > {cell_name(*position)}"


def _sheet(
    where: str,
    name: str,
    values: list[list[Any]],
    marks: Marks,
    merged: list[tuple[tuple[int, int], tuple[int, int]]],
) -> Sheet:
    rows = tuple(
        tuple(shown(value, marks.formats.get((row, column), "")) for column, value in enumerate(line))
        for row, line in enumerate(values)
    )
    ranges = tuple((*first, *last) for first, last in merged)
    return Sheet(where, name, rows, tuple(range(1, len(rows) + 1)), True, ranges)
