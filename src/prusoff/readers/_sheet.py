"""A sheet of text cells, whether it came from a text file or a workbook, and the words for its places."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)

Rows = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Sheet:
    """Rows of text cells. `numbers` holds the number of each row as the file counts them, from 1.

    `where` is the file, or the file and the sheet of a workbook; `merged` are the joined ranges of a workbook as
    (first row, first column, last row, last column), from 0 in the sheet.
    """

    where: str
    name: str
    rows: Rows
    numbers: tuple[int, ...]
    in_workbook: bool = False
    merged: tuple[tuple[int, int, int, int], ...] = ()

    def place(self, row: int, column: int | None = None) -> str:
        """Where this row (and column) stands: 'a.csv > line 3, column 2', "a.xlsx > sheet 'S' > B03"."""
        number = self.numbers[row]
        if not self.in_workbook:
            return f"{self.where} > line {number}" + ("" if column is None else f", column {column + 1}")
        return f"{self.where} > " + (f"row {number}" if column is None else cell_name(number - 1, column))


@dataclass(frozen=True)
class Contents:
    """All sheets of a file (a text file has one), what was noted on the way, and the text itself where it is one."""

    sheets: tuple[Sheet, ...]
    notes: tuple[str, ...] = ()
    text: str = ""
    header: Mapping[str, str] = field(default_factory=dict)


def number(text: str) -> float | None:
    """The number that this text is, or None; 'NaN', '<50', 'OVRFLW' and numbers too large to hold are not numbers.

    >>> number("-12.5"), number("NaN"), number("1e999")
    (-12.5, None, None)
    """
    plain = text.strip().replace("\u2212", "-")
    if _NUMBER.fullmatch(plain) is None:
        return None
    value = float(plain)
    return value if math.isfinite(value) else None


def cell_name(row: int, column: int) -> str:
    """The name of a cell of a workbook from its row and column from 0: (6, 1) is B07."""
    letters = ""
    left = column + 1
    while left:
        left, digit = divmod(left - 1, 26)
        letters = chr(ord("A") + digit) + letters
    return f"{letters}{row + 1:02d}"


def filled(row: tuple[str, ...]) -> tuple[str, ...]:
    """The cells of a row that are not empty."""
    return tuple(cell for cell in row if cell)


def described(rows: list[tuple[str, tuple[str, ...]]]) -> tuple[dict[str, str], tuple[str, ...]]:
    """Lines that stand beside the data as (header, notes): 'key: value' and two-cell lines are pairs, others notes."""
    header: dict[str, str] = {}
    notes: list[str] = []
    for place, row in rows:
        cells = filled(row)
        if len(cells) == 1 and ": " in cells[0]:
            key, _, value = cells[0].partition(":")
        elif len(cells) == 2:
            key, value = cells
        else:
            key, value = "", ""
        key = key.strip().rstrip(":").strip()
        if key and key not in header:
            header[key] = value.strip()
        elif cells:
            notes.append(f"{place}: {' | '.join(cells)}")
    return header, tuple(notes)
