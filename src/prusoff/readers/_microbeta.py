"""The grammar of a MicroBeta report: head, list part (one line a well), plate part (one grid a plate), total."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ..core.errors import LayoutError, Problems
from ..core.plate import FORMATS, PlateFormat, row_label, well_name
from ..core.reader import Table
from ._sheet import filled, number

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WHEN = re.compile(r"(?:[A-Z][a-z]{2}\s+)?(\d{1,2})-([A-Z][a-z]{2})-(\d{4})\s+\d{1,2}:\d\d$", re.ASCII)
_PLATE = re.compile(r"Plate\s+(\d+)$", re.ASCII)
_END = re.compile(r"End of plate\s+(\d+)$", re.ASCII)
_SHAPE = re.compile(r"/(\d{1,2})\*(\d{1,2})$", re.ASCII)
_QUANTITY = re.compile(r"[A-Z][A-Za-z()]*\d*%?", re.ASCII)
_TOTAL = re.compile(r"Total count rate:\s*(\d+(?:\.\d+)?)\s+([A-Z]+)$", re.ASCII)
_SHAPES = {(plate.rows, plate.columns): plate for plate in FORMATS.values()}
_ROWS = {plate.columns: plate.rows for plate in FORMATS.values()}
QUANTITIES = ("CCPM", "CPM", "DPM", "COUNTS")
DAMAGED = "The report is damaged or was changed; export it again"


@dataclass
class Matrix:
    """One quantity of one plate: the text of every filled well, and the line where it stands."""

    name: str
    quantity: str
    format: PlateFormat
    cells: dict[str, str] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)


@dataclass
class Report:
    """A report taken apart. `listed` has, for each plate of the list part, its rows by well with their lines."""

    file: str
    header: dict[str, str] = field(default_factory=lambda: {"instrument": "PerkinElmer MicroBeta"})
    notes: list[str] = field(default_factory=list)
    problems: Problems = field(default_factory=Problems)
    columns: tuple[str, ...] = ()
    listed: list[dict[str, tuple[int, tuple[str, ...]]]] = field(default_factory=list)
    matrices: list[Matrix] = field(default_factory=list)
    total: tuple[float, str] | None = None

    def place(self, line: int) -> str:
        """Where a line (from 0) stands."""
        return f"{self.file} > line {line + 1}"


def parse_report(text: str, file: str) -> Report:
    """Take a report apart; what is wrong is collected in its `problems`."""
    report = Report(file)
    lines = text.split("\n")
    at = _head(report, lines)
    while at < len(lines):
        line = lines[at].strip()
        plate, total = _PLATE.match(line), _TOTAL.match(line)
        if plate:
            at = _plate(report, lines, at, plate[1])
        elif total:
            report.total = float(total[1]), total[2]
            report.header["Total count rate"] = f"{total[1]} {total[2]}"
        elif "\t" in lines[at]:
            _list_line(report, at, [cell.strip() for cell in lines[at].split("\t")])
        elif line.strip("=") and line not in ("END", "COLUMNS:", "PLATES:"):
            report.notes.append(f"{report.place(at)}: {line}")
        at += 1
    if "END" not in (line.strip() for line in lines[-5:]):
        report.notes.append("The report has no last line 'END': it may be cut off.")
    return report


def _head(report: Report, lines: list[str]) -> int:
    """The lines above the first part: file of the counter, protocol, date, name; gives back where they end."""
    for at, full in enumerate(lines):
        line = full.strip()
        if line in ("COLUMNS:", "PLATES:"):
            return at
        when = _WHEN.search(line)
        if when:
            report.header["counted"] = when[0]
            if when[2] in _MONTHS:
                report.header["date"] = f"{when[3]}-{_MONTHS.index(when[2]) + 1:02d}-{int(when[1]):02d}"
            line = line[: when.start()].strip()
        key, _, value = line.partition(":")
        if line.startswith("***"):
            report.notes.append(f"The counter says: {line.strip('* ')}")
        elif value.startswith("\\"):
            report.header["result file"] = line
        elif value.strip():
            report.header[key.strip()] = value.strip()
        elif line.strip("=") and line != "RUN INFORMATION:":
            report.notes.append(f"{report.place(at)}: {line}")
    return len(lines)


def _list_line(report: Report, at: int, cells: list[str]) -> None:
    if "POS" in cells:
        report.columns = tuple(cell for cell in cells if cell)
        return
    width = len(report.columns)
    row = tuple(cells[1 : width + 1])
    if not width or len(row) < width or any(cells[width + 1 :]):
        what = f"the line has {len(filled(tuple(cells)))} cells under a heading of {width}"
        report.problems.add(what, report.place(at), DAMAGED, "E-RAGGED")
        return
    position = row[report.columns.index("POS")]
    try:
        well = FORMATS[1536].position(position)
    except LayoutError:
        report.problems.add(f"'{position}' is not a well", report.place(at), DAMAGED, "E-WELL")
        return
    if not report.listed or well in report.listed[-1]:
        report.listed.append({})  # the list does not name its plates: a well that comes again opens the next
    report.listed[-1][well] = at, row


def _plate(report: Report, lines: list[str], start: int, label: str) -> int:
    """The grids of one plate, from 'Plate 1' to 'End of plate 1'; gives back the last line that belongs to it."""
    rows, quantity, seen = 0, "", 0
    for at in range(start + 1, len(lines)):
        line = lines[at].strip()
        shape = _SHAPE.search(line)
        if _END.match(line):
            return at
        if _PLATE.match(line):
            break
        if shape:
            rows = int(shape[1])
            report.header[f"Plate {label}"] = line
        elif _QUANTITY.fullmatch(line) and len(line) > 1:
            quantity = line
        elif _is_heading(line):
            name = f"Plate {label} {quantity}" if seen else f"Plate {label}"
            seen += 1
            _grid(report, lines, at, name, quantity, rows)
    what = f"plate {label} is cut off: the line 'End of plate {label}' is missing"
    report.problems.add(what, report.place(start), DAMAGED, "E-TRUNCATED")
    return len(lines)


def _is_heading(line: str) -> bool:
    cells = line.split()
    return len(cells) > 1 and cells == [str(column + 1) for column in range(len(cells))]


def _grid(report: Report, lines: list[str], start: int, name: str, quantity: str, rows: int) -> None:
    columns = len(lines[start].split())
    plate = _SHAPES.get((rows or _ROWS.get(columns, 0), columns))
    if plate is None:
        what = f"{name} has {rows} rows and {columns} columns"
        fix = "Known are plates of 4 x 6, 8 x 12, 16 x 24 and 32 x 48 wells"
        report.problems.add(what, report.place(start), fix, "E-SHAPE")
        return
    matrix = Matrix(name, quantity, plate)
    for row in range(plate.rows):
        at = start + 1 + row
        label, *cells = [cell.strip() for cell in lines[at].split("\t")] if at < len(lines) else [""]
        if label != row_label(row) or any(cells[columns:]):
            what = f"row {row_label(row)} of {name} is missing or has more than {columns} wells"
            report.problems.add(what, report.place(min(at, len(lines) - 1)), DAMAGED, "E-ROWS")
            return
        for column, text in enumerate(cells[:columns]):
            if text:
                matrix.cells[well_name(row, column)] = text
                matrix.lines[well_name(row, column)] = at
    report.matrices.append(matrix)


def list_table(report: Report) -> Table | None:
    """The list part as a table, with the plate of each well; None where the report has no list part."""
    if not report.listed:
        return None
    rows = [
        (f"Plate {index + 1}", at, row)
        for index, plate in enumerate(report.listed)
        for at, row in plate.values()
    ]
    return Table(
        "list part",
        ("PLATE", *report.columns),
        tuple((plate, *row) for plate, _, row in rows),
        tuple(report.place(at) for _, at, _ in rows),
    )


def from_list(report: Report) -> Iterator[Matrix]:
    """The plates of a report that has a list part alone; the highest well tells the size of the plate."""
    quantities = [name for name in report.columns if name.rstrip("0123456789") in QUANTITIES]
    for index, wells in enumerate(report.listed):
        size = min(
            (plate for plate in FORMATS.values() if set(wells) <= set(plate.positions())),
            key=lambda plate: plate.size,
        )
        size = FORMATS[96] if size.size < 96 else size
        for quantity in quantities:
            name = f"Plate {index + 1}" + (f" {quantity}" if quantity != quantities[0] else "")
            column = report.columns.index(quantity)
            cells = {well: row[column] for well, (_, row) in wells.items() if row[column]}
            yield Matrix(name, quantity, size, cells, {well: wells[well][0] for well in cells})


def compare_parts(report: Report) -> None:
    """Hold the list part against the plate part, well by well; each disagreement is a problem."""
    for quantity in dict.fromkeys(matrix.quantity for matrix in report.matrices):
        grids = [matrix for matrix in report.matrices if matrix.quantity == quantity]
        if quantity not in report.columns:
            continue
        if len(grids) != len(report.listed):
            what = f"the list part has {len(report.listed)} plates, the plate part {len(grids)}"
            report.problems.add(what, report.file, DAMAGED, "E-PARTS")
            continue
        column = report.columns.index(quantity)
        for wells, matrix in zip(report.listed, grids, strict=True):
            for well in dict.fromkeys((*wells, *matrix.cells)):
                at, row = wells.get(well, (matrix.lines.get(well, 0), ()))
                _compare_well(report, matrix, well, at, row[column] if row else "")


def _compare_well(report: Report, matrix: Matrix, well: str, at: int, listed: str) -> None:
    gridded = matrix.cells.get(well, "")
    if listed == gridded or (number(listed) is not None and number(listed) == number(gridded)):
        return
    what = f"{matrix.name} well {well}: the list part says '{listed}', the plate part '{gridded}'"
    fix = "One of them was changed after counting; take the original report"
    report.problems.add(what, report.place(at), fix, "E-PARTS")
