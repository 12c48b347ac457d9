"""PerkinElmer (Wallac) MicroBeta: the text report of the scintillation and luminescence counter for plates."""

from __future__ import annotations

from ..core.errors import BrokenFile, Problem
from ..core.reader import PlateReading, RawData, RawFile, Reader
from ._contents import contents, text_or_none
from ._microbeta import Matrix, Report, compare_parts, from_list, list_table, parse_report
from ._sheet import number

UNITS = {"CCPM": "cpm", "CPM": "cpm", "DPM": "dpm", "COUNTS": "counts"}
MARKS = ("RUN INFORMATION:", "Counting protocol no:")


def _sniff(file: RawFile) -> bool:
    text = text_or_none(file)
    return text is not None and all(mark in text[:4000] for mark in MARKS)


def _read(file: RawFile) -> RawData:
    found = contents(file)
    report = parse_report(found.text, file.name)
    if report.listed and report.matrices:
        compare_parts(report)
    matrices = tuple(report.matrices) or tuple(from_list(report))
    if not matrices and not report.problems.items:
        fix = "Export it with the list part (COLUMNS), the plate part (PLATES) or both"
        report.problems.add("the report holds no plate", file.name, fix, "E-NOPLATE")
    report.problems.raise_if_any(BrokenFile)
    plates = tuple(_reading(matrix, report) for matrix in matrices)
    _check_total(report, matrices, plates)
    table = list_table(report)
    header = report.header | {"quantity": matrices[0].quantity, "encoding": found.header["encoding"]}
    notes = (*found.notes, *report.notes)
    return RawData("microbeta", file.name, file.sha256, plates, (table,) if table else (), header, notes)


def _reading(matrix: Matrix, report: Report) -> PlateReading:
    numbers = {well: number(text) for well, text in matrix.cells.items()}
    return PlateReading(
        matrix.name,
        matrix.format,
        {well: value for well, value in numbers.items() if value is not None},
        UNITS.get(matrix.quantity.rstrip("0123456789"), "signal"),
        {well: matrix.cells[well] for well, value in numbers.items() if value is None},
        places={well: report.place(line) for well, line in matrix.lines.items()},
    )


def _check_total(report: Report, matrices: tuple[Matrix, ...], plates: tuple[PlateReading, ...]) -> None:
    """Printed counts are rounded to whole numbers: the sum may miss the counter's total by half a count a well."""
    if report.total is None or any(plate.notes for plate in plates):
        return
    stated, quantity = report.total
    values = [
        value
        for matrix, plate in zip(matrices, plates, strict=True)
        if matrix.quantity.startswith(quantity)
        for value in plate.values.values()
    ]
    if abs(sum(values) - stated) > 0.5 * len(values) + 0.05:
        what = f"the wells add up to {sum(values):.1f} {quantity}, but the counter states a total of {stated:.1f}"
        fix = "Plates were removed or changed after counting; take the original report"
        raise BrokenFile(Problem(what, report.file, fix, "E-TOTAL"))


microbeta = Reader(
    "microbeta",
    "PerkinElmer MicroBeta text report (list part, plate part, or both)",
    (".txt",),
    _sniff,
    _read,
    "MicroBeta Windows Workstation report: RUN INFORMATION, COLUMNS (one line a well), PLATES (one grid a plate).",
)
