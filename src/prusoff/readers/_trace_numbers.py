"""The lines of a table of traces, and its numbers as one array."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ..core.equation import Array
from ..core.errors import BrokenFile, Problem
from ..core.reader import RawFile
from ._text import decode, delimiter_of

HEAD = 65_536
_MARK = re.compile(r"^[#%]\s*(?P<key>[^:]+):\s*(?P<words>.*)$")


@dataclass(frozen=True)
class TraceLines:
    """A table of traces as text: what stands above it (`said`, from lines '# key: words'), the cells of its heading,
    the lines of numbers, and the number of the first of them in the file.
    """

    said: tuple[tuple[str, str], ...]
    heading: tuple[str, ...]
    lines: tuple[str, ...]
    first: int
    delimiter: str


def lines_of(file: RawFile) -> TraceLines | None:
    """The lines of a whole file; None where it holds no heading and numbers. Raises BrokenFile where it is no text."""
    return _lines(decode(file)[0])


def first_lines(file: RawFile) -> TraceLines | None:
    """The same from the first 64 kB, never raising; the last line, which may be cut, is left out."""
    head = file.data[:HEAD]
    if b"\0" in head:
        return None
    text = head.decode("utf-8-sig", errors="ignore").replace("\r\n", "\n").replace("\r", "\n")
    return _lines(text.rpartition("\n")[0] if len(file.data) > HEAD else text)


def _lines(text: str) -> TraceLines | None:
    said = []
    lines = text.split("\n")
    for number, line in enumerate(lines):
        mark = _MARK.match(line)
        if mark:
            said.append((mark["key"].strip(), mark["words"].strip()))
        elif line.strip() and not line.startswith(("#", "%")):
            body = lines[number + 1 :]
            while body and not body[-1].strip():
                body.pop()
            delimiter = delimiter_of(lines[number : number + 200])
            heading = tuple(cell.strip().strip('"') for cell in line.split(delimiter))
            return TraceLines(tuple(said), heading, tuple(body), number + 2, delimiter)
    return None


def numbers_of(file: RawFile, table: TraceLines) -> Array:
    """The numbers (row, column), nan in blank cells; raises BrokenFile with line and column at the first other text."""
    width = len(table.heading)
    comma = table.delimiter != "," and any("," in line for line in table.lines[:50])
    lines = [line.replace(",", ".") for line in table.lines] if comma else list(table.lines)
    try:
        found = np.loadtxt(lines, delimiter=table.delimiter, ndmin=2, comments=None)
        if found.shape == (len(lines), width):
            return np.asarray(found, dtype=np.float64)
    except ValueError:
        pass
    return np.array(list(_rows(file, table, lines)), dtype=np.float64)


def _rows(file: RawFile, table: TraceLines, lines: list[str]) -> Iterator[list[float]]:
    """The same line by line, for a table with blank cells or with a fault that must be named."""
    for number, line in enumerate(lines, start=table.first):
        cells = line.split(table.delimiter)
        if len(cells) != len(table.heading):
            what = f"the line has {len(cells)} cells, the heading {len(table.heading)}"
            raise _fault(file, what, f"line {number}", "Export the table again")
        yield [_number(file, cell, number, table.heading[place]) for place, cell in enumerate(cells)]


def _number(file: RawFile, cell: str, line: int, heading: str) -> float:
    text = cell.strip().strip('"')
    try:
        return float(text) if text else np.nan
    except ValueError:
        fix = "Traces hold numbers alone; take out what else stands there"
        raise _fault(file, f"'{text[:40]}' is no number", f"line {line}, column '{heading}'", fix) from None


def _fault(file: RawFile, what: str, where: str, fix: str) -> BrokenFile:
    return BrokenFile(Problem(what, f"{file.name} > {where}", fix, "E-NUMBER"))
