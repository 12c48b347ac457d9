"""Tidy tables in text files: one heading, one row an observation, columns parted by comma, semicolon or tab."""

from __future__ import annotations

from ..core.reader import RawData, RawFile, Reader
from ._claims import claimed_before
from ._contents import contents, contents_or_none
from ._table import is_table, table_of


def _sniff(file: RawFile) -> bool:
    found = contents_or_none(file)
    if found is None or not found.text or not is_table(found.sheets[0]):
        return False
    return not claimed_before("delimited", file)


def _read(file: RawFile) -> RawData:
    found = contents(file)
    table, header, notes = table_of(found.sheets[0], found.header.get("delimiter", ""))
    return RawData(
        "delimited",
        file.name,
        file.sha256,
        tables=(table,),
        header={**header, **found.header},
        notes=(*found.notes, *notes),
    )


delimited = Reader(
    "delimited",
    "Tidy table as text (CSV, TSV): one heading, one row for each observation",
    (".csv", ".tsv", ".txt"),
    _sniff,
    _read,
    "RFC 4180; also with semicolons or tabs, decimal commas, UTF-16 and Windows-1252.",
)
