"""Plate maps in files: grids of a plate, or a list of wells, from a sheet to what stands in each well."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ..core.errors import FileError, Problems, did_you_mean
from ..core.plate import (
    Treatment,
    well_name,
)
from ..readers._blocks import Block, find_blocks, title_row
from ..readers._contents import contents
from ..readers._load import load
from ..readers._sheet import Sheet, filled
from ..readers._table import is_table, table_of
from .columns import ASKED, recognise, require, stated_units
from .plate_map import PlateMap
from .treatments import NOT_USED, STATED, from_cell, further, molar, treatment

if TYPE_CHECKING:
    from .run_wells import LayoutPart
    from .runfile import RunFile

Cells = Mapping[str, tuple[str, str]]
_FIELDS = ("role", "compound", "conc", "radioligand", *STATED)


def sheet_of(path: Path, part: LayoutPart, problems: Problems) -> Sheet | None:
    """The sheet of a file that holds the map, or None where there is none, which is noted."""
    try:
        sheets = contents(load(path)).sheets
    except FileError as error:
        problems.take(error, path.name)
        return None
    by_name = {sheet.name: sheet for sheet in sheets}
    if part.sheet is None:
        return next((sheet for sheet in sheets if find_blocks(sheet) or is_table(sheet)), sheets[0])
    if part.sheet not in by_name:
        problems.add(
            f"there is no sheet '{part.sheet}'", path.name, did_you_mean(part.sheet, by_name), "E-NAME"
        )
    return by_name.get(part.sheet)


def from_sheet(sheet: Sheet, part: LayoutPart, runfile: RunFile, plate: PlateMap) -> None:
    """Put what a sheet says into the map: grids with column numbers above row letters, or a list of wells."""
    blocks = find_blocks(sheet)
    if blocks:
        plate.format = blocks[0].format
        if "format" in part.model_fields_set and plate.format.size != part.format:
            what = f"the map has {plate.format.size} wells, the run file says {part.format}"
            plate.problems.add(what, sheet.where, "Correct 'format' in the run file", "E-LAYOUT")
        _from_blocks(sheet, blocks, runfile, plate)
    elif is_table(sheet):
        _from_list(sheet, runfile, plate)
    else:
        what = "no plate map found: neither a grid with column numbers above row letters nor a list of wells"
        plate.problems.add(what, sheet.where, "Write it as one of these", "E-LAYOUT")


def _from_blocks(sheet: Sheet, blocks: Sequence[Block], runfile: RunFile, plate: PlateMap) -> None:
    """One grid with cells such as 'imipramine 10 nM', or a grid for each of role, compound, concentration, label."""
    taken = {row for block in blocks for row in block.rows}
    titles = {_title(sheet, block, taken): block for block in blocks}
    fields = recognise(list(titles), {}, sheet.where, plate.problems, ASKED)
    if len(blocks) == 1 and not fields.at:
        for well, (text, place) in _cells(sheet, blocks[0]).items():
            plate.put(well, partial(from_cell, text), place)
        return
    for column in range(len(titles)):
        if column not in fields.at.values():
            title = fields.headings[column]
            fix = did_you_mean(title, _FIELDS)
            plate.problems.add(f"the grid '{title}' is none of a plate map", sheet.where, fix, "E-LAYOUT")
    grids = {name: _cells(sheet, titles[fields.headings[at]]) for name, at in fields.at.items()}
    wells = dict.fromkeys(well for cells in grids.values() for well in cells)
    units = stated_units(fields, runfile.units, "the grid")
    for well in wells:
        texts = {name: cells[well][0] for name, cells in grids.items() if well in cells}
        place = next(cells[well][1] for cells in grids.values() if well in cells)
        plate.put(well, partial(_together, texts, units), place)


def _title(sheet: Sheet, block: Block, taken: set[int]) -> str:
    row = title_row(sheet, block, taken)
    return sheet.rows[block.heading][block.column] if row is None else filled(sheet.rows[row])[0]


def _cells(sheet: Sheet, block: Block) -> Cells:
    found: dict[str, tuple[str, str]] = {}
    for row in range(block.format.rows):
        for column in range(block.format.columns):
            at, across = block.cell(row, column)
            if at < len(sheet.rows) and across < len(sheet.rows[at]):
                text = sheet.rows[at][across]
                if text.lower() not in NOT_USED:
                    found[well_name(row, column)] = (text, sheet.place(at, across))
    return found


def _from_list(sheet: Sheet, runfile: RunFile, plate: PlateMap) -> None:
    try:
        table, _, _ = table_of(sheet)
    except FileError as error:
        plate.problems.take(error, sheet.where)
        return
    named = runfile.columns.model_dump(exclude_none=True)
    named = {name: heading for name, heading in named.items() if heading in table.columns}
    columns = recognise(table.columns, named, sheet.where, plate.problems, ASKED)
    if not require(columns, ["well"], sheet.where, plate.problems):
        return
    usual = stated_units(columns, runfile.units)
    for row, place in zip(table.rows, table.places, strict=True):
        texts = {name: columns.cell(row, name) for name in _FIELDS}
        if all(text.lower() in NOT_USED for text in texts.values()):
            continue
        units = usual | {"conc": {**usual["conc"], "the unit column": columns.cell(row, "conc_unit")}}
        plate.put(columns.cell(row, "well"), partial(_together, texts, units), place)


def _together(texts: Mapping[str, str], units: Mapping[str, Mapping[str, str]]) -> Treatment:
    conc, radioligand = (molar(texts.get(name, ""), units[name]) for name in ("conc", "radioligand"))
    role, compound = (texts.get(name, "") for name in ("role", "compound"))
    found = treatment(role, "" if compound in NOT_USED else compound, conc, radioligand)
    return replace(found, **further(texts, units))  # type: ignore[arg-type]
