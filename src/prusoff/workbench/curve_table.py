"""Where the curves of `prusoff fit` come from: a text table, a workbook, Parquet, standard input, or a data frame."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..core.errors import BrokenFile, MissingExtra, Problem


@dataclass(frozen=True)
class Record:
    """One row: its cells as text by column, and where it stands."""

    cells: dict[str, str]
    place: str


@dataclass(frozen=True)
class CurveTable:
    """A tidy table as text."""

    name: str
    columns: tuple[str, ...]
    records: tuple[Record, ...]


def load(source: str | Path) -> CurveTable:
    """The table in a file, or on standard input where the source is '-'."""
    if str(source) == "-":
        return _from_text(sys.stdin.buffer.read())
    path = Path(source)
    return _from_parquet(path) if path.suffix.lower() in (".parquet", ".pq") else _from_file(path)


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
    records = (
        Record(dict(zip(table.columns, row, strict=True)), place)
        for row, place in zip(table.rows, table.places, strict=True)
    )
    return CurveTable(found.file, table.columns, tuple(records))


def _from_text(data: bytes) -> CurveTable:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "stdin.csv"
        path.write_bytes(data)
        return _from_file(path)


def _from_parquet(path: Path) -> CurveTable:
    polars = _polars("a Parquet file")
    try:
        frame = polars.read_parquet(path)
    except FileNotFoundError:
        raise BrokenFile(Problem("there is no such file", str(path), "Check the name", "E-FILE")) from None
    except (polars.exceptions.PolarsError, OSError) as failure:
        what = f"it is not a Parquet file that can be read: {failure}"
        raise BrokenFile(Problem(what, path.name, "Write it again", "E-BROKEN")) from None
    return from_frame(frame, path.name)


def from_frame(frame: Any, name: str = "data frame") -> CurveTable:
    """The table in a data frame: pandas, polars or Arrow."""
    try:
        import narwhals.stable.v2 as narwhals
    except ModuleNotFoundError:
        raise MissingExtra.named("frames", "a data frame") from None
    eager = narwhals.from_native(frame, eager_only=True)
    columns = tuple(str(column) for column in eager.columns)
    records = (
        Record(dict(zip(columns, map(_text, row), strict=True)), f"{name} > row {number}")
        for number, row in enumerate(eager.iter_rows(), start=1)
    )
    return CurveTable(name, columns, tuple(records))


def to_frame_like(frame: Any, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> Any:
    """A new frame of the same kind as `frame`: pandas in, pandas out."""
    import narwhals.stable.v2 as narwhals

    native = narwhals.from_native(frame, eager_only=True)
    data = {column: [row[index] for row in rows] for index, column in enumerate(columns)}
    return narwhals.from_dict(data, backend=native.implementation).to_native()


def to_parquet(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    """Rows as the bytes of a Parquet file."""
    polars, buffer = _polars("writing Parquet"), io.BytesIO()
    data = {name: [row[index] for row in rows] for index, name in enumerate(columns)}
    polars.DataFrame(data).write_parquet(buffer)
    return buffer.getvalue()


def _polars(purpose: str) -> Any:
    try:
        import polars
    except ModuleNotFoundError:
        raise MissingExtra.named("frames", purpose) from None
    return polars


def _text(value: object) -> str:
    return "" if value is None else str(value)
