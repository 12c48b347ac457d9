"""Where the curves of `prusoff fit` come from: a text table, a workbook, Parquet, standard input, or a data frame."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..core.errors import BrokenFile, MissingExtra, Problem
from .screen.cells import Cells

PARQUET = (".parquet", ".pq")


@dataclass(frozen=True)
class CurveTable:
    """A tidy table as columns, and where its rows stand ('' where they are only numbered)."""

    name: str
    columns: Mapping[str, Cells]
    places: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()), ()))

    def place(self, row: int) -> str:
        """Where a row stands."""
        return self.places[row] if self.places else f"{self.name} > row {row + 1}"


def load(source: str | Path) -> CurveTable:
    """The table in a file, or on standard input where the source is '-'."""
    if str(source) == "-":
        return _from_text(sys.stdin.buffer.read())
    path = Path(source)
    return _from_parquet(path) if path.suffix.lower() in PARQUET else _from_file(path)


def _from_file(path: Path) -> CurveTable:
    from ..readers._choose import read_file

    found = read_file(path, None)
    if len(found.tables) != 1:
        names = ", ".join(table.name for table in found.tables) or "none"
        raise BrokenFile(
            Problem(
                f"{len(found.tables)} tables were found ({names})",
                found.file,
                "Give a file with one tidy table: one heading row, one point a row",
                "E-TABLE",
            )
        )
    (table,) = found.tables
    cells = zip(*table.rows, strict=True) if table.rows else ((),) * len(table.columns)
    return CurveTable(
        found.file, dict(zip(table.columns, map(list, cells), strict=True)), tuple(table.places)
    )


def _from_text(data: bytes) -> CurveTable:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "stdin.csv"
        path.write_bytes(data)
        return _from_file(path)


def _from_parquet(path: Path) -> CurveTable:
    from .screen.parquet import Table

    table = Table.open(path)
    return from_frame(table.read(table.columns, 0, table.rows), path.name)


def from_frame(frame: Any, name: str = "data frame") -> CurveTable:
    """The table in a data frame: pandas, polars or Arrow."""
    try:
        import narwhals.stable.v2 as narwhals
    except ModuleNotFoundError:
        raise MissingExtra.named("frames", "a data frame") from None
    eager = narwhals.from_native(frame, eager_only=True)
    return CurveTable(name, {str(column): eager[column] for column in eager.columns})
