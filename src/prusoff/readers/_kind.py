"""What the bytes of a file are, whatever its name says."""

from __future__ import annotations

from ..core.errors import Problem, UnknownFormat
from ..core.reader import RawFile

TEXT, WORKBOOK = "text", "an Excel workbook"
WORKBOOK_ENDINGS, TEXT_ENDINGS = (".xlsx", ".xlsm"), (".csv", ".tsv", ".txt", ".tab")

_STARTS: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", WORKBOOK),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old or password-protected Office file"),
    (b"\x89PNG\r\n\x1a\n", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"%PDF", "a PDF document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"PAR1", "a Parquet table"),
    (b"ABF", "an Axon recording"),
    (b"\x89HDF", "an HDF5 file"),
    (b"DAT1", "a HEKA recording"),
    (b"DAT2", "a HEKA recording"),
    (b"SQLite format 3\x00", "an SQLite database"),
)
_MARKUP: tuple[tuple[bytes, str], ...] = (
    (b"<?xml", "an XML document"),
    (b"<!doctype", "a web page"),
    (b"<html", "a web page"),
    (b"{", "a JSON document"),
)
_ADVICE = {
    WORKBOOK: "Give it the ending .xlsx",
    TEXT: "Give it the ending .csv or .txt",
    "an old or password-protected Office file": "Open it in Excel, remove the password, and save it as .xlsx",
}


def kind(data: bytes) -> str:
    """What these bytes are, in words; TEXT when they begin like none of the known types."""
    for start, words in _STARTS:
        if data.startswith(start):
            return words
    head = data[:64].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    for start, words in _MARKUP:
        if head.startswith(start):
            return words
    return TEXT


def is_recording(head: bytes) -> bool:
    """Whether a file that begins with these bytes may hold recorded sweeps, and be large."""
    return head.startswith((b"ABF", b"\x89HDF", b"DAT1", b"DAT2"))


def checked_kind(file: RawFile) -> str:
    """TEXT or WORKBOOK; raises UnknownFormat for any other type and for one that contradicts the file's ending."""
    found = kind(file.data)
    named_workbook = file.extension in WORKBOOK_ENDINGS
    if found == TEXT and not named_workbook:
        return TEXT
    if found == WORKBOOK and (named_workbook or not file.extension):
        return WORKBOOK
    fix = _ADVICE.get(found, "Export the data as CSV, TSV or XLSX")
    if file.extension not in (*WORKBOOK_ENDINGS, *TEXT_ENDINGS):
        what = f"the file is {found}"
    else:
        what = f"the file is {found} although its name ends in '{file.extension}'"
    raise UnknownFormat(Problem(what, file.name, fix, "E-TYPE"))
