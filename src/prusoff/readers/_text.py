"""Text files: their encoding, their line ends and the mark between their columns."""

from __future__ import annotations

import csv
import re
from collections import Counter

from ..core.errors import BrokenFile, Problem
from ..core.reader import RawFile
from ._sheet import Contents, Sheet

DELIMITERS = {"\t": "tab", ";": "semicolon", ",": "comma"}
LOOKED_AT = 500
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f]")
_SEPARATOR = re.compile(r"sep=([,;\t])")


def text_contents(file: RawFile) -> Contents:
    """The one sheet of a text file, with what was found out about its encoding and delimiter.

    Raises BrokenFile with the line when the bytes are no text or a quotation mark is left open.
    """
    text, encoding, notes = decode(file)
    if not text.strip():
        raise BrokenFile(Problem("the file holds blank lines only", file.name, "Export it again", "E-EMPTY"))
    lines = text.split("\n")
    separator = _SEPARATOR.fullmatch(lines[0].strip(" "))
    if separator:
        lines[0] = ""
    delimiter = separator[1] if separator else delimiter_of(lines)
    header = {"encoding": encoding, "delimiter": DELIMITERS[delimiter]}
    return Contents((_split(file.name, lines, delimiter),), notes, text, header)


def decode(file: RawFile) -> tuple[str, str, tuple[str, ...]]:
    """The text with plain line ends, the name of its encoding, and a note where the encoding is a guess."""
    data = file.data
    notes: tuple[str, ...] = ()
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "UTF-16"
    elif data.startswith(b"\xef\xbb\xbf"):
        encoding = "UTF-8 with byte order mark"
    else:
        encoding = _bare_utf16(data) or "UTF-8"
    codec = {"UTF-8 with byte order mark": "utf-8-sig"}.get(encoding, encoding)
    try:
        text = data.decode(codec)
    except UnicodeDecodeError as failure:
        if encoding != "UTF-8":
            raise _no_text(file, f"the text is cut off or damaged at byte {failure.start}") from None
        text, encoding = _western(data), "Windows-1252"
        notes = ("The file is not UTF-8; it was read as Windows-1252 (Latin-1). Check µ and accents.",)
    text = text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\x1a")
    control = _CONTROL.search(text)
    if control:
        line = text.count("\n", 0, control.start()) + 1
        name = "NUL" if control[0] == "\x00" else f"control character {ord(control[0])}"
        raise _no_text(file, f"a {name} byte stands in the text", f" > line {line}")
    return text, encoding, notes


def _bare_utf16(data: bytes) -> str | None:
    head = data[:2000]
    half = len(head) // 2
    if half < 2:
        return None
    if head[1::2].count(0) > 0.6 * half and not head[0::2].count(0):
        return "UTF-16-LE"
    if head[0::2].count(0) > 0.6 * half and not head[1::2].count(0):
        return "UTF-16-BE"
    return None


def _western(data: bytes) -> str:
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _no_text(file: RawFile, what: str, line: str = "") -> BrokenFile:
    return BrokenFile(
        Problem(what, f"{file.name}{line}", "The file is damaged or no text; export it again", "E-TEXT")
    )


def delimiter_of(lines: list[str]) -> str:
    """Tab, semicolon or comma: the one that cuts most of the lines into the same number of cells."""
    sample = [line for line in lines if line.strip()][:LOOKED_AT]

    def agreement(delimiter: str) -> int:
        widths = Counter(_width(line, delimiter) for line in sample)
        widths.pop(1, None)
        return max(widths.values(), default=0)

    return max(DELIMITERS, key=lambda delimiter: (agreement(delimiter), delimiter != ","))


def _width(line: str, delimiter: str) -> int:
    return re.sub(r'"[^"]*"', "", line).count(delimiter) + 1


def _split(name: str, lines: list[str], delimiter: str) -> Sheet:
    rows: list[tuple[str, ...]] = []
    numbers: list[int] = []
    cutter = csv.reader((line + "\n" for line in lines), delimiter=delimiter, strict=True)
    start = 1
    try:
        for cells in cutter:
            row = tuple(cell.strip() for cell in cells)
            rows.append(row)
            numbers.append(start)
            start = cutter.line_num + 1
    except csv.Error:
        what = 'a quotation mark (") is not closed, or a cell is far too long'
        fix = "Remove the quotation mark, or export the file again"
        raise BrokenFile(Problem(what, f"{name} > line {start}", fix, "E-QUOTE")) from None
    return Sheet(name, "", tuple(rows), tuple(numbers))
