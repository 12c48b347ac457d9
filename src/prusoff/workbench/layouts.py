"""Plate maps: from a file, from a grid of text or from a list of wells to what stands in each well."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ..core.errors import LayoutError, Problem, Problems
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
from .bench import inside
from .layout_sheets import from_sheet, sheet_of
from .plate_map import PlateMap
from .treatments import NOT_USED, from_cell, treatment

if TYPE_CHECKING:
    from .run_wells import LayoutPart, WellsPart
    from .runfile import RunFile

_CUTS: tuple[Callable[[str], list[str]], ...] = (
    lambda line: line.strip().removeprefix("|").removesuffix("|").split("|"),
    lambda line: line.split("\t"),
    lambda line: re.split(r"\s{2,}", line.strip()),
    lambda line: next(csv.reader([line], skipinitialspace=True)),
    lambda line: line.split(),
)


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
    plate = PlateMap(FORMATS[part.format], problems)
    if part.file is not None:
        sheet = sheet_of(folder / part.file, part, problems)
        if sheet is not None:
            from_sheet(sheet, part, runfile, plate)
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


def _from_entry(entry: WellsPart, plate: PlateMap, where: str) -> None:
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
        voltage_v=inside(entry.voltage),
        end_point=entry.end_point or "",
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


def _from_text(grid: str, plate: PlateMap, where: str) -> None:
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
