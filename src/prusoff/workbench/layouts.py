"""Plate maps: from a file, from a grid of text or from a list of wells to what stands in each well."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ..core.errors import FileError, InputError, LayoutError, Problem, Problems, did_you_mean
from ..core.plate import (
    FORMATS,
    Layout,
    PlateFormat,
    Treatment,
    row_and_column,
    row_index,
    row_label,
    well_name,
)
from ..readers._blocks import Block, find_blocks, title_row
from ..readers._contents import contents
from ..readers._load import load
from ..readers._sheet import Sheet, filled
from ..readers._table import is_table, table_of
from .bench import inside
from .columns import ASKED, recognise, require, stated_units
from .treatments import FURTHER, NOT_USED, from_cell, further, molar, treatment

if TYPE_CHECKING:
    from .run_wells import LayoutPart, WellsPart
    from .runfile import RunFile

Cells = Mapping[str, tuple[str, str]]
_FIELDS = ("role", "compound", "conc", "radioligand", *FURTHER)
_CUTS: tuple[Callable[[str], list[str]], ...] = (
    lambda line: line.strip().removeprefix("|").removesuffix("|").split("|"),
    lambda line: line.split("\t"),
    lambda line: re.split(r"\s{2,}", line.strip()),
    lambda line: next(csv.reader([line], skipinitialspace=True)),
    lambda line: line.split(),
)


@dataclass
class _Map:
    """A plate map as it grows: each well once, problems on the side."""

    format: PlateFormat
    problems: Problems
    treatments: dict[str, Treatment] = field(default_factory=dict)
    written: dict[str, str] = field(default_factory=dict)

    def put(self, well: str, make: Callable[[], Treatment | None], where: str) -> None:
        """Note what stands in a well; a well given twice or a text that cannot be read is a problem."""
        try:
            position = self.format.position(well)
            made = make()
        except InputError as error:
            self.problems.take(error, where)
            return
        if made is None:
            return
        if position in self.written:
            other = self.written[position]
            spelled = f" ('{other}' and '{well}')" if other != well else ""
            self.problems.add(f"well {position} is given twice{spelled}", where, "Keep one of them", "E-WELL")
            return
        self.treatments[position], self.written[position] = made, well


def layouts_of(runfile: RunFile, folder: Path, problems: Problems) -> dict[str, Layout]:
    """All plate maps of a run file by name; those that cannot be read are left out and their problems noted."""
    found: dict[str, Layout] = {}
    for name, part in runfile.layout.items():
        before = len(problems.items)
        layout = _layout(part, runfile, folder, (f"{runfile.file} > layout > {name}", problems))
        if len(problems.items) == before:
            found[name] = layout
    return found


def _layout(part: LayoutPart, runfile: RunFile, folder: Path, notes: tuple[str, Problems]) -> Layout:
    where, problems = notes
    plate = _Map(FORMATS[part.format], problems)
    if part.file is not None:
        sheet = _sheet(folder / part.file, part, problems)
        if sheet is not None:
            _from_sheet(sheet, part, runfile, plate)
    elif part.grid is not None:
        _from_text(part.grid, plate, f"{where} > grid")
    for number, entry in enumerate(part.wells, start=1):
        _from_entry(entry, plate, f"{where} > wells {number}")
    return Layout(
        plate.format, dict(sorted(plate.treatments.items(), key=lambda item: row_and_column(item[0])))
    )


# --- a list of wells in the run file ---------------------------------------------------------------------------------


def expand(wells: Iterable[str], plate: PlateFormat) -> tuple[str, ...]:
    """Wells and blocks of wells one by one: 'A01:B02' is A01, A02, B01, B02. Raises LayoutError.

    >>> expand(["a1:A3", "H12"], FORMATS[96])
    ('A01', 'A02', 'A03', 'H12')
    """
    found: list[str] = []
    for text in wells:
        first, _, last = text.partition(":")
        (top, left), (bottom, right) = (
            row_and_column(plate.position(well)) for well in (first, last or first)
        )
        if bottom < top or right < left:
            fix = "Write the upper left well first"
            raise LayoutError(Problem(f"the block '{text}' runs backwards", fix=fix, code="E-WELL"))
        found.extend(
            well_name(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)
        )
    return tuple(found)


def _from_entry(entry: WellsPart, plate: _Map, where: str) -> None:
    try:
        wells = expand(entry.wells, plate.format)
        amounts = _amounts(entry, wells)
    except LayoutError as error:
        plate.problems.take(error, where)
        return
    for well in wells:
        plate.put(well, partial(_of_entry, entry, amounts[well]), where)


def _of_entry(entry: WellsPart, amount: float) -> Treatment:
    label = inside(entry.radioligand)
    found = treatment(entry.role or "", entry.compound or "", amount, label)
    return replace(
        found,
        substrate_molar=inside(entry.substrate),
        time_s=inside(entry.time),
        phase=entry.phase or "",
        second_compound=entry.second_compound or "",
        second_molar=inside(entry.second_concentration),
        protein_g=inside(entry.protein),
        cells=inside(entry.cells),
    )


def _amounts(entry: WellsPart, wells: Sequence[str]) -> dict[str, float]:
    if entry.series is None:
        return dict.fromkeys(wells, math.nan if entry.concentration is None else entry.concentration.value)
    if entry.concentration is not None:
        fix = "Keep one of them"
        raise LayoutError(Problem("there is a concentration and a series", fix=fix, code="E-LAYOUT"))
    axis = 0 if entry.series.along == "rows" else 1
    lines = sorted({row_and_column(well)[axis] for well in wells})
    if len(lines) != entry.series.steps:
        what = f"the series has {entry.series.steps} steps but the wells {len(lines)} {entry.series.along}"
        fix = f"Give one of the {entry.series.along} to each concentration, or change 'along'"
        raise LayoutError(Problem(what, fix=fix, code="E-LAYOUT"))
    top, factor = entry.series.top.value, entry.series.factor
    return {well: top / factor ** lines.index(row_and_column(well)[axis]) for well in wells}


# --- a grid of text in the run file ----------------------------------------------------------------------------------


def _from_text(grid: str, plate: _Map, where: str) -> None:
    rows = [row for row in _cut(grid) if not all(re.fullmatch(r":?-{3,}:?", cell) for cell in row)]
    numbers: list[str] = []
    if rows and all(cell.isdecimal() for cell in rows[0] if cell):
        numbers = [cell for cell in rows.pop(0) if cell]
    labelled = bool(rows) and all(_is_row_letter(row[0]) for row in rows)
    for index, row in enumerate(rows):
        label = row[0].upper() if labelled else row_label(index)
        cells = row[1:] if labelled else row
        for column, text in enumerate(cells):
            number = numbers[column] if column < len(numbers) else str(column + 1)
            place = f"{where} > {label}{number}"
            if text.lower() not in NOT_USED:
                plate.put(f"{label}{number}", partial(from_cell, text), place)


def _is_row_letter(text: str) -> bool:
    """Whether a cell names a row of the largest plate; 'TB' does not."""
    return re.fullmatch(r"[A-Za-z]{1,2}", text) is not None and row_index(text) < FORMATS[1536].rows


def _cut(grid: str) -> list[list[str]]:
    """The cells of each line, cut at bars, tabs, two spaces, commas or spaces: the first that cuts all lines alike."""
    lines = [line for line in grid.splitlines() if line.strip()]
    ways = [[[cell.strip() for cell in cut(line)] for line in lines] for cut in _CUTS]
    for rows in ways:
        widths = {len(row) for row in rows[1:]} or {len(row) for row in rows}
        if len(widths) == 1 and 1 not in widths:
            return rows
    return next((rows for rows in ways if any(len(row) > 1 for row in rows)), ways[0])


# --- a file ----------------------------------------------------------------------------------------------------------


def _sheet(path: Path, part: LayoutPart, problems: Problems) -> Sheet | None:
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


def _from_sheet(sheet: Sheet, part: LayoutPart, runfile: RunFile, plate: _Map) -> None:
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


def _from_blocks(sheet: Sheet, blocks: Sequence[Block], runfile: RunFile, plate: _Map) -> None:
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


def _from_list(sheet: Sheet, runfile: RunFile, plate: _Map) -> None:
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
