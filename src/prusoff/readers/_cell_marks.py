"""What a value alone does not tell of a workbook's cells: errors, formulas never computed, what is hidden, formats."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

_CELL = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})", re.ASCII)
MOST_CELLS = 2_000_000
_BUILT_IN = {
    9: "0%",
    10: "0.00%",
    14: "yyyy-mm-dd",  # Excel shows this one in the order of the country; the order is not in the file
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "yyyy-mm-dd h:mm",
}
Position = tuple[int, int]


class TooLarge(Exception):
    """A sheet has more cells than are read."""


@dataclass
class Marks:
    """Cells of one sheet by row and column from 0: `errors` with the error shown, `formulas`, those `uncomputed`,
    `formats` with the format code where it is not the general one; hidden rows and columns; the last cell.
    """

    errors: dict[Position, str] = field(default_factory=dict)
    formulas: list[Position] = field(default_factory=list)
    uncomputed: list[Position] = field(default_factory=list)
    formats: dict[Position, str] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    rows: int = 0
    columns: int = 0


def format_codes(styles: bytes) -> dict[str, str]:
    """Format codes by the number under which a cell names its style; general formats are left out."""
    custom: dict[str, str] = {}
    codes: dict[str, str] = {}
    inside: list[str] = []

    def start(name: str, attributes: Mapping[str, str]) -> None:
        tag = name.rpartition(":")[2]
        if tag == "numFmt":
            custom[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif tag == "xf" and inside and inside[-1] == "cellXfs":
            number = attributes.get("numFmtId", "0")
            code = custom.get(number) or _BUILT_IN.get(
                int(number) if number.isascii() and number.isdigit() else 0, ""
            )
            count = str(len(codes_in_order))
            codes_in_order.append(code)
            if code and code.lower() != "general":
                codes[count] = code
        inside.append(tag)

    def end(_: str) -> None:
        inside.pop()

    codes_in_order: list[str] = []
    parser = expat.ParserCreate("UTF-8")
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.Parse(styles, True)
    return codes


class _Scan:
    """Goes through the XML of one sheet once."""

    def __init__(self, codes: Mapping[str, str]) -> None:
        self.marks = Marks()
        self.codes = codes
        self.cells = 0
        self.at: Position = (-1, -1)
        self.type = ""
        self.formula = self.in_value = False
        self.value = ""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        tag = name.rpartition(":")[2]
        if tag == "c":
            self._cell(attributes)
        elif tag == "row":
            row = int(attributes.get("r", self.at[0] + 2)) - 1
            self.at = (row, -1)
            if attributes.get("hidden") in ("1", "true"):
                self.marks.hidden_rows.add(row)
        elif tag == "f":
            self.formula = True
        elif tag in ("v", "t"):
            self.in_value = True
        elif tag == "col" and attributes.get("hidden") in ("1", "true"):
            self.marks.hidden_columns.append((int(attributes["min"]) - 1, int(attributes["max"]) - 1))

    def _cell(self, attributes: Mapping[str, str]) -> None:
        self.cells += 1
        name = attributes.get("r")
        self.at = (self.at[0], self.at[1] + 1) if name is None else _position(name)
        self.marks.rows = max(self.marks.rows, self.at[0] + 1)
        self.marks.columns = max(self.marks.columns, self.at[1] + 1)
        if self.cells > MOST_CELLS or self.marks.rows * self.marks.columns > 10 * MOST_CELLS:
            raise TooLarge
        self.type, self.formula, self.value = attributes.get("t", ""), False, ""
        code = self.codes.get(attributes.get("s", ""))
        if code:
            self.marks.formats[self.at] = code

    def text(self, data: str) -> None:
        if self.in_value:
            self.value += data

    def end(self, name: str) -> None:
        tag = name.rpartition(":")[2]
        if tag in ("v", "t"):
            self.in_value = False
        elif tag == "c":
            if self.type == "e":
                self.marks.errors[self.at] = self.value
            if self.formula:
                self.marks.formulas.append(self.at)
                if not self.value and self.type != "str":
                    self.marks.uncomputed.append(self.at)


def _position(name: str) -> Position:
    match = _CELL.fullmatch(name)
    if match is None:
        raise ValueError(f"'{name}' is no cell")
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match[2]) - 1, column - 1


def marks_of(sheet: bytes, codes: Mapping[str, str]) -> Marks:
    """The marks of one sheet; raises TooLarge beyond two million cells, or where few stand too far apart,
    and ValueError where a cell or row is named as none can be.
    """
    scan = _Scan(codes)
    parser = expat.ParserCreate("UTF-8")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = scan.start, scan.end
    parser.CharacterDataHandler = scan.text
    parser.Parse(sheet, True)
    return scan.marks
