"""Plates drawn as grids, in CSV, TSV or XLSX."""

from __future__ import annotations

import re

from ..core.errors import BrokenFile, Problem, Problems
from ..core.reader import PlateReading, RawData, RawFile, Reader, Table
from ._blocks import (
    NO_UNIT,
    Block,
    beside_blocks,
    commas_in,
    find_blocks,
    name_in,
    read_block,
    title_row,
    unit_in,
)
from ._claims import claimed_before
from ._contents import contents, contents_or_none
from ._sheet import Sheet, described, filled
from ._table import is_table, table_of


def _sniff(file: RawFile) -> bool:
    found = contents_or_none(file)
    if found is None or claimed_before("plate_grid", file):
        return False
    return any(find_blocks(sheet) for sheet in found.sheets)


def _read(file: RawFile) -> RawData:
    found = contents(file)
    plates: list[PlateReading] = []
    tables: list[Table] = []
    header = dict(found.header)
    notes = list(found.notes)
    problems = Problems()
    for sheet in found.sheets:
        beside: dict[str, str] = {}
        remarks: tuple[str, ...] = (f"{sheet.where}: holds no plate and no table and was left out.",)
        blocks = find_blocks(sheet)
        try:
            if blocks:
                beside, remarks = _read_sheet(sheet, blocks, header.get("delimiter", ""), plates)
            elif is_table(sheet):
                table, beside, remarks = table_of(sheet)
                tables.append(table)
        except BrokenFile as broken:
            problems.take(broken)
        header = {**beside, **header}
        notes.extend(remarks)
    problems.raise_if_any(BrokenFile)
    if not plates:
        what = "no plate found: looked for column numbers (1 to 12, 24 or 48) above row letters (A, B, ...)"
        fix = "Name the reader that fits, with --as, or export the plate as a grid"
        raise BrokenFile(Problem(what, file.name, fix, "E-NOPLATE"))
    return RawData("plate_grid", file.name, file.sha256, tuple(plates), tuple(tables), header, tuple(notes))


def _read_sheet(
    sheet: Sheet, blocks: tuple[Block, ...], delimiter: str, plates: list[PlateReading]
) -> tuple[dict[str, str], tuple[str, ...]]:
    """Adds the plates of one sheet; gives back what stands beside them."""
    taken = {row for block in blocks for row in block.rows}
    titles = {block: title_row(sheet, block, taken) for block in blocks}
    commas = commas_in(sheet, blocks, delimiter)
    free = [index for index in range(len(sheet.rows)) if index not in taken | set(titles.values())]
    general = _general_unit(sheet, free)
    notes: list[str] = []
    for block in blocks:
        row = titles[block]
        corner = sheet.rows[block.heading][block.column]
        title = corner if row is None else filled(sheet.rows[row])[0]
        nameless = sheet.name if len(blocks) == 1 and sheet.name else f"Plate {len(plates) + 1}"
        name = _unique(name_in(title) or nameless, plates)
        plate = read_block(sheet, block, name, unit_in(title) or unit_in(corner) or general, commas)
        plates.append(plate)
        if plate.notes and not plate.values:
            notes.append(f"{sheet.where}: the grid '{name}' holds words, not counts.")
    if commas:
        notes.append(f"{sheet.where}: decimal commas were read as points.")
    header, beside = described([(sheet.place(index), sheet.rows[index]) for index in free])
    return header, (*notes, *beside, *beside_blocks(sheet, blocks))


def _general_unit(sheet: Sheet, free: list[int]) -> str:
    """The unit that a line beside the plates states: 'Unit: cpm', or a cell that is a unit and nothing else."""
    for index in free:
        cells = filled(sheet.rows[index])
        for cell in cells:
            alone = name_in(f"({cell})") == "" or re.match(r"units?\b", cells[0], re.IGNORECASE)
            unit = unit_in(cell) if alone else None
            if unit:
                return unit
    return NO_UNIT


def _unique(name: str, plates: list[PlateReading]) -> str:
    known = {plate.name for plate in plates}
    count, candidate = 1, name
    while candidate in known:
        count += 1
        candidate = f"{name} ({count})"
    return candidate


plate_grid = Reader(
    "plate_grid",
    "Plates as grids (CSV, TSV, XLSX): 24, 96, 384 or 1536 wells, row letters and column numbers",
    (".csv", ".tsv", ".txt", ".xlsx", ".xlsm"),
    _sniff,
    _read,
    "The form in which plate readers and spreadsheets show a plate: column numbers across, row letters down.",
)
