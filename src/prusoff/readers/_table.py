"""A tidy table in a sheet: one heading, one row an observation, nothing above or below taken for data."""

from __future__ import annotations

import re
from collections import Counter
from functools import partial

from ..core.errors import BrokenFile, Problem, Problems
from ..core.kinds import kinds_of
from ..core.reader import Table
from ._decimal import has_decimal_commas, with_point
from ._sheet import Sheet, described, filled, number

_SUMMARY = re.compile(
    r"(mean|average|avg|median|s\.?d\.?|std?\.? ?dev\.?|standard deviation|s\.?e\.?m\.?|cv|cv ?%|% ?cv)\s*:?",
    re.IGNORECASE,
)
_MAYBE_SUMMARY = re.compile(
    r"(sum|(grand )?total|min|max|n|count)\s*:?", re.IGNORECASE
)  # 'total' is also a role
_NUMBER_AND_UNIT = re.compile(
    r"([<>~]?\s*)([+-]?\d+(?:[.,]\d+)*(?:[eE][+-]?\d+)?)(\s*[A-Za-zµμ°%][^\d\s,;]*)?", re.ASCII
)
MISSING = ("nan", "na", "n/a", "n.d.", "ovrflw", "overflow", "-")
Body = list[tuple[int, tuple[str, ...]]]


def is_table(sheet: Sheet) -> bool:
    """Whether a sheet looks like a table: at least two columns, and half of the filled rows long enough for it."""
    lengths = [_length(row) for row in sheet.rows if filled(row)]
    usual = _usual_length(sheet)
    return usual >= 2 and sum(length >= usual for length in lengths) * 2 >= len(lengths)


def table_of(sheet: Sheet, delimiter: str = "") -> tuple[Table, dict[str, str], tuple[str, ...]]:
    """The table of a sheet, with the pairs and the remarks that stand above it.

    Raises BrokenFile with all problems: no heading, a column name twice, rows of another length, a row of units,
    summary rows or a second table below, merged cells.
    """
    top = _heading(sheet)
    width = _length(sheet.rows[top])
    columns = sheet.rows[top][:width]
    header, notes = described([(sheet.place(row), sheet.rows[row]) for row in range(top)])
    body = [(at, sheet.rows[at]) for at in range(top + 1, len(sheet.rows)) if filled(sheet.rows[at])]
    problems = Problems()
    _check_columns(sheet, top, columns, problems)
    _check_merged(sheet, top, problems)
    if not body:
        fix = "Write one row for each observation below it"
        problems.add("there is a heading but no row below it", sheet.place(top), fix, "E-NOROWS")
    _check_bottom(sheet, columns, body, problems)
    _check_lengths(sheet, width, body, problems)
    _check_units(sheet, width, body, problems)
    problems.raise_if_any(BrokenFile)
    rows, remarks = _with_points(sheet, width, body, delimiter)
    return (
        Table(sheet.name, columns, rows, tuple(sheet.place(at) for at, _ in body)),
        header,
        (*notes, *remarks),
    )


def _length(row: tuple[str, ...]) -> int:
    """Cells up to the last one that is filled."""
    return max((index + 1 for index, cell in enumerate(row) if cell), default=0)


def _usual_length(sheet: Sheet) -> int:
    lengths = Counter(_length(row) for row in sheet.rows)
    lengths.pop(0, None)
    lengths.pop(1, None)
    return max(lengths, key=lambda length: (lengths[length], length), default=0)


def _padded(row: tuple[str, ...], width: int) -> tuple[str, ...]:
    return row[:width] + ("",) * (width - len(row))


def _heading(sheet: Sheet) -> int:
    """The first row that is as long as most rows; refused when it looks like data."""
    usual = _usual_length(sheet)
    top = next((at for at, row in enumerate(sheet.rows) if usual and _length(row) >= usual), None)
    if top is None:
        raise BrokenFile(
            Problem("no table found", sheet.where, "Write a heading and rows below it", "E-NOTABLE")
        )
    pattern = [number(cell) is not None for cell in sheet.rows[top]]
    below = next((row for row in sheet.rows[top + 1 :] if filled(row)), ())
    above = any(filled(row) for row in sheet.rows[:top])
    if any(pattern) and (above or all(pattern) or pattern == [number(cell) is not None for cell in below]):
        fix = "Write one heading with a name for every column above the rows"
        found = " | ".join(sheet.rows[top][:6])
        raise BrokenFile(
            Problem(f"the heading is missing: '{found}' looks like data", sheet.place(top), fix, "E-HEADING")
        )
    return top


def _check_columns(sheet: Sheet, top: int, columns: tuple[str, ...], problems: Problems) -> None:
    for column, name in enumerate(columns):
        if name and name in columns[:column]:
            fix = "Give every column a name of its own"
            problems.add(
                f"the column name '{name}' is used twice", sheet.place(top, column), fix, "E-COLUMNS"
            )
        elif not name and column:
            fix = "Name it, or delete it if it is empty"
            problems.add(f"column {column + 1} has no name", sheet.place(top, column), fix, "E-COLUMNS")


def _check_merged(sheet: Sheet, top: int, problems: Problems) -> None:
    for first, left, last, right in sheet.merged:
        if last >= top:
            what = f"{(last - first + 1) * (right - left + 1)} cells are merged into one"
            fix = "Unmerge them and write a value into each"
            problems.add(what, sheet.place(first, left), fix, "E-MERGED")


def _check_bottom(sheet: Sheet, columns: tuple[str, ...], body: Body, problems: Problems) -> None:
    """Find and take away what was written under the rows: means, totals, a second table."""
    for at, row in body[1:]:
        if _padded(row, len(columns)) == columns:
            fix = "Put the second table into a file or a sheet of its own"
            problems.add(
                "the heading stands here again: a second table begins", sheet.place(at), fix, "E-SECOND"
            )
    labels = Counter(filled(row)[0] for _, row in body)
    longest = max((len(filled(row)) for _, row in body), default=0)
    end = len(body)
    while end:
        at, row = body[end - 1]
        label = filled(row)[0]
        apart = not filled(sheet.rows[at - 1]) or len(filled(row)) < longest
        if labels[label] > 1 or not (
            _SUMMARY.fullmatch(label) or (apart and _MAYBE_SUMMARY.fullmatch(label))
        ):
            break
        end -= 1
    for at, row in body[end:]:
        what = f"'{filled(row)[0]}' looks like a summary under the table"
        fix = "Delete it: means and totals are computed from the rows"
        problems.add(what, sheet.place(at), fix, "E-SUMMARY")
    del body[end:]


def _check_lengths(sheet: Sheet, width: int, body: Body, problems: Problems) -> None:
    for at, row in body:
        short = len(row) < width and not sheet.in_workbook
        if short or _length(row) > width:
            count = len(row) if short else _length(row)
            cells = "1 cell" if count == 1 else f"{count} cells"
            fix = "Give every row one cell for each column; quote a text that holds the delimiter"
            problems.add(f"the row has {cells}, the heading {width}", sheet.place(at), fix, "E-RAGGED")


def _check_units(sheet: Sheet, width: int, body: Body, problems: Problems) -> None:
    """A row that has units where all rows below it have numbers."""
    if len(body) < 2:
        return
    at, first = body[0]
    others = [_padded(row, width) for _, row in body[1:]]
    units = []
    for column, cell in enumerate(_padded(first, width)):
        below = [row[column] for row in others if row[column]]
        if below and all(number(with_point(text)) is not None for text in below):
            units.append(cell.strip("()[] "))
    if any(units) and all(not unit or kinds_of(unit) for unit in units):
        named = ", ".join(f"'{unit}'" for unit in units if unit)
        fix = "Write the unit into the heading, as in 'concentration (nM)', and delete this row"
        problems.add(f"the row under the heading holds units ({named})", sheet.place(at), fix, "E-UNITROW")


def _with_points(
    sheet: Sheet, width: int, body: Body, delimiter: str
) -> tuple[tuple[tuple[str, ...], ...], tuple[str, ...]]:
    """The rows, with decimal commas turned into points in the columns that hold numbers and nothing else."""
    rows = [_padded(row, width) for _, row in body]
    if delimiter not in ("tab", "semicolon"):
        return tuple(rows), ()
    numeric = [column for column in range(width) if _is_numeric([row[column] for row in rows])]
    cells = [
        (_figures(row[column]), partial(sheet.place, at, column))
        for (at, _), row in zip(body, rows, strict=True)
        for column in numeric
    ]
    if not has_decimal_commas(cells):
        return tuple(rows), ()
    changed = tuple(
        tuple(_turned(cell) if column in numeric else cell for column, cell in enumerate(row)) for row in rows
    )
    return changed, (f"{sheet.where}: decimal commas were read as points.",)


def _is_numeric(cells: list[str]) -> bool:
    """Whether a column holds numbers, with or without a unit, and at most words for a missing number."""
    matches = [_NUMBER_AND_UNIT.fullmatch(cell) for cell in cells if cell and cell.lower() not in MISSING]
    return bool(matches) and all(matches)


def _figures(cell: str) -> str:
    match = _NUMBER_AND_UNIT.fullmatch(cell)
    return match[2] if match else ""


def _turned(cell: str) -> str:
    match = _NUMBER_AND_UNIT.fullmatch(cell)
    return f"{match[1]}{with_point(match[2])}{match[3] or ''}" if match else cell
