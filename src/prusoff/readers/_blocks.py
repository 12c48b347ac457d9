"""Plate-shaped blocks in a sheet: column numbers across, row letters down."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from ..core.errors import BrokenFile, Problems
from ..core.plate import FORMATS, PlateFormat, row_label, well_name
from ..core.reader import PlateReading
from ._decimal import has_decimal_commas, with_point
from ._sheet import Sheet, filled, number

_BY_COLUMNS = {format.columns: format for format in FORMATS.values()}
_UNIT = re.compile(r"\b(ccpm|cpm|dpm|cps|kcpm)\d?\b", re.IGNORECASE)
_COUNTS = re.compile(r"(?:^|[\[(])\s*counts\s*(?:[\])]|$)", re.IGNORECASE)  # 'Counts of plate 1' may be cpm
_IN_BRACKETS = re.compile(r"\s*[\[(]\s*(?:(?:c|kc)?cpm|dpm|cps|counts)\d?\s*[\])]", re.IGNORECASE)
_UNITS = {"ccpm": "cpm"}
_INTEGER = re.compile(r"0*([1-9]\d?)(?:\.0)?", re.ASCII)
NO_UNIT = "signal"


@dataclass(frozen=True)
class Block:
    """Where a plate stands in a sheet: the row of its column numbers and the column of its row letters."""

    format: PlateFormat
    heading: int
    column: int

    @property
    def rows(self) -> range:
        """The rows of the sheet from the column numbers to the last row letter."""
        return range(self.heading, self.heading + self.format.rows + 1)

    def cell(self, row: int, column: int) -> tuple[int, int]:
        """The cell of the sheet in which this row and column of the plate, both from 0, stand."""
        return self.heading + 1 + row, self.column + 1 + column


def find_blocks(sheet: Sheet) -> tuple[Block, ...]:
    """All plates of a sheet from top to bottom; blocks side by side are found too."""
    blocks: list[Block] = []
    for index in range(len(sheet.rows) - 1):
        for block in _headings(sheet, index):
            if not any(block.heading in other.rows and block.column == other.column for other in blocks):
                blocks.append(block)
    return tuple(blocks)


def _headings(sheet: Sheet, index: int) -> Iterator[Block]:
    cells = sheet.rows[index]
    for column in range(1, len(cells)):
        if _integer(cells[column]) != 1 or _integer(cells[column - 1]) is not None:
            continue
        count = 1
        while column + count < len(cells) and _integer(cells[column + count]) == count + 1:
            count += 1
        plate = _BY_COLUMNS.get(count)
        if plate and _label_below(sheet, index, column - 1) in {row_label(row) for row in range(plate.rows)}:
            yield Block(plate, index, column - 1)


def _label_below(sheet: Sheet, index: int, column: int) -> str:
    """What stands in this column in the next filled row."""
    at = index + 1
    while at < len(sheet.rows) - 1 and not filled(sheet.rows[at]):
        at += 1
    return _cell(sheet, at, column).upper()


def _integer(text: str) -> int | None:
    match = _INTEGER.fullmatch(text)
    return int(match[1]) if match else None


def title_row(sheet: Sheet, block: Block, taken: set[int]) -> int | None:
    """The row of the title of a block: the nearest filled row above it, if it has one filled cell and is free."""
    for index in range(block.heading - 1, -1, -1):
        if index in taken:
            return None
        cells = filled(sheet.rows[index])
        if cells:
            return index if len(cells) == 1 else None
    return None


def unit_in(text: str) -> str | None:
    """The unit of counting that a title names: 'Plate 1 (CCPM)' is in cpm."""
    match = _UNIT.search(text)
    if match is None:
        return "counts" if _COUNTS.search(text) else None
    unit = match[1].lower()
    return _UNITS.get(unit, unit)


def name_in(title: str) -> str:
    """A title without its unit: 'Plate 1 (cpm)' is called 'Plate 1'."""
    return _IN_BRACKETS.sub("", title).strip(" :,;-")


def read_block(sheet: Sheet, block: Block, name: str, unit: str, commas: bool) -> PlateReading:
    """The plate of a block.

    Raises BrokenFile naming the first row letter that is missing or out of order, and the cells that are merged.
    """
    problems = Problems()
    values: dict[str, float] = {}
    notes: dict[str, str] = {}
    places: dict[str, str] = {}
    _check_letters(sheet, block, name, problems)
    _check_merged(sheet, block, problems)
    problems.raise_if_any(BrokenFile)
    for row in range(block.format.rows):
        for column in range(block.format.columns):
            at, across = block.cell(row, column)
            text = _cell(sheet, at, across)
            if not text:
                continue
            well = well_name(row, column)
            places[well] = sheet.place(at, across)
            value = number(with_point(text) if commas else text)
            if value is None:
                notes[well] = text
            else:
                values[well] = value
    return PlateReading(name, block.format, values, unit, notes, places=places)


def commas_in(sheet: Sheet, blocks: tuple[Block, ...], delimiter: str) -> bool:
    """Whether the wells of these blocks are written with decimal commas."""
    if delimiter not in ("tab", "semicolon"):
        return False
    cells = [
        block.cell(row, column)
        for block in blocks
        for row in range(block.format.rows)
        for column in range(block.format.columns)
    ]
    return has_decimal_commas((_cell(sheet, *cell), partial(sheet.place, *cell)) for cell in cells)


def beside_blocks(sheet: Sheet, blocks: tuple[Block, ...]) -> tuple[str, ...]:
    """A remark for every row in which something stands to the left or right of the plates."""
    remarks = []
    for index in sorted({row for block in blocks for row in block.rows}):
        inside = {
            column
            for block in blocks
            if index in block.rows
            for column in range(block.column, block.column + block.format.columns + 1)
        }
        outside = [cell for column, cell in enumerate(sheet.rows[index]) if cell and column not in inside]
        if outside:
            remarks.append(f"{sheet.place(index)}: {' | '.join(outside)} (beside the plate, not read)")
    return tuple(remarks)


def _cell(sheet: Sheet, row: int, column: int) -> str:
    if row >= len(sheet.rows) or column >= len(sheet.rows[row]):
        return ""
    return sheet.rows[row][column]


def _check_letters(sheet: Sheet, block: Block, name: str, problems: Problems) -> None:
    for row in range(block.format.rows):
        at = block.heading + 1 + row
        wanted, found = row_label(row), _cell(sheet, at, block.column).upper()
        if found == wanted:
            continue
        where = sheet.place(at, block.column) if at < len(sheet.rows) else sheet.where
        seen = f"'{found}' stands in its place" if found else "there is nothing in its place"
        last = row_label(block.format.rows - 1)
        problems.add(
            f"row {wanted} of plate '{name}' is missing: {seen}",
            where,
            f"A plate of {block.format.size} wells has the rows A to {last}, one below the other; "
            "leave the cells of wells without a count empty",
            "E-ROWS",
        )
        return


def _check_merged(sheet: Sheet, block: Block, problems: Problems) -> None:
    for top, left, bottom, right in sheet.merged:
        over = top in block.rows or bottom in block.rows or (top < block.heading < bottom)
        if over and left <= block.column + block.format.columns and right >= block.column:
            problems.add(
                f"{(bottom - top + 1) * (right - left + 1)} cells are merged into one",
                sheet.place(top, left),
                "Unmerge them and write a value into each",
                "E-MERGED",
            )
