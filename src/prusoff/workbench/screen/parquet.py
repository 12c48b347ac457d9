"""A Parquet file that is larger than the memory: its columns and rows, read piece by piece."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from ...core.errors import BrokenFile, FileError, MissingExtra, Problem

ROW_GROUP = 65_536  # rows of what is written; the same for one partition and for a thousand
Result = TypeVar("Result")


def polars_for(purpose: str) -> Any:
    """The library polars; raises with the extra to install where it is absent."""
    try:
        import polars
    except ModuleNotFoundError:
        raise MissingExtra.named("frames", purpose) from None
    return polars


@dataclass(frozen=True)
class Table:
    """A Parquet file of which only the end was read: names and types of its columns, and how many rows it has."""

    path: Path
    columns: tuple[str, ...]
    rows: int
    scan: Any
    state: tuple[int, int]

    @classmethod
    def open(cls, path: Path) -> Table:
        """Read the end of a file; raises where it is no Parquet file."""
        polars = polars_for("a Parquet file")
        if not path.is_file():
            what = "this is a folder, not a file" if path.is_dir() else "there is no such file"
            raise BrokenFile(Problem(what, str(path), "Check the name", "E-FILE"))

        def look() -> tuple[Any, tuple[str, ...], int]:
            scan = polars.scan_parquet(path, glob=False)
            names = tuple(scan.collect_schema().names())
            return scan, names, scan.select(polars.len()).collect().item()

        state = _state(path)
        scan, names, rows = attempt(look, path.name)
        return cls(path, names, rows, scan, state)

    def check_unchanged(self) -> None:
        """Raise where the file was written anew since it was opened."""
        if not self.path.is_file() or _state(self.path) != self.state:
            what = "the file was changed while it was read"
            raise BrokenFile(Problem(what, self.path.name, "Begin anew with --overwrite", "E-CHANGED"))

    def read(self, columns: Sequence[str], first: int, rows: int) -> Any:
        """So many rows from `first` on; raises BrokenFile where the file is damaged there."""
        where = f"{self.path.name} > rows {first + 1}–{first + rows}"
        return attempt(self.scan.select(list(columns)).slice(first, rows).collect, where)

    def can_read(self, columns: Sequence[str], first: int, rows: int) -> bool:
        """Whether these rows can be read."""
        try:
            self.read(columns, first, rows)
        except BrokenFile:
            return False
        return True


def _state(path: Path) -> tuple[int, int]:
    """Size and time of the last change."""
    found = path.stat()
    return found.st_size, found.st_mtime_ns


def attempt(action: Callable[[], Result], where: str) -> Result:
    """Do something to a Parquet file; damage is told as BrokenFile."""
    polars = polars_for("a Parquet file")
    try:
        return action()
    except (polars.exceptions.PolarsError, polars.exceptions.PanicException, OSError) as failure:
        reason = str(failure).splitlines()[0] if str(failure) else type(failure).__name__
        what = f"it is not a Parquet file that can be read: {reason}"
        raise BrokenFile(Problem(what, where, "Write it again", "E-BROKEN")) from None


def write_parquet(frame: Any, path: Path, said: dict[str, str]) -> None:
    """Write a lazy frame as one Parquet file under a temporary name, piece by piece, then rename it.

    `said` is written into the end of the file. The bytes follow from the rows alone.
    """
    polars = polars_for("writing Parquet")
    part = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        frame.sink_parquet(part, row_group_size=ROW_GROUP, metadata=said)
        part.replace(path)
    except (OSError, polars.exceptions.PolarsError) as failure:
        raise not_written(path, failure) from None
    finally:
        part.unlink(missing_ok=True)


def not_written(path: Path, failure: Exception) -> FileError:
    """The error for fits that the disk does not take."""
    why = getattr(failure, "strerror", None) or str(failure).splitlines()[0]
    what = f"the fits cannot be written ({why})"
    return FileError(Problem(what, str(path), "Make room, or choose another folder with --out", "E-WRITE"))
