"""Which rows of a large table belong to which curve, found by reading the key columns once, and how it is cut."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import numpy.typing as npt

from ...core.errors import BrokenFile, Problem
from .labour import cut
from .parquet import Table
from .runs import Hashes, Rows, Runs

WINDOW = 1_000_000  # rows whose keys are in memory at once
SMALLEST = 1_000  # rows of a damaged file that are given up together
NONE = np.empty(0, dtype=np.uint64)


@dataclass(frozen=True)
class Layout:
    """The parts of a table, each with the curves in the order of their first row.

    Part k has the curves `curves[k]` to `curves[k + 1]`, in `rows[k]` to `rows[k + 1]`. Where the rows of a curve are
    `scattered` over the table, these are rows of the table brought together (see `spill`). `holes` are numbers of
    curves that are none: rows whose keys cannot be read, each a part of its own, as are the curves beside it, which
    may have lost rows to it.
    """

    curves: Rows
    rows: Rows
    scattered: bool
    holes: tuple[int, ...] = ()

    @property
    def parts(self) -> int:
        """How many parts there are."""
        return int(self.curves.size - 1)

    @property
    def all_curves(self) -> int:
        """How many curves there are."""
        return int(self.curves[-1])

    @classmethod
    def of(cls, ends: Rows, scattered: bool, holes: Sequence[int] = ()) -> Layout:
        """The layout of curves that end at these rows."""
        around = [hole + side for hole in holes for side in (-1, 0, 1, 2)]
        own = [curve for curve in around if 0 <= curve <= ends.size]
        cuts = np.union1d(cut(ends), own).astype(np.int64) if own else cut(ends)
        rows = np.where(cuts > 0, ends[cuts - 1], 0) if ends.size else np.zeros(2)
        return cls(cuts, rows.astype(np.int64), scattered, tuple(holes))

    def damage(self, part: int) -> str:
        """Why a part cannot be fitted although it may be readable; nothing where it can."""
        curve = int(self.curves[part])
        if curve in self.holes:
            return "the keys of these rows cannot be read, so that their curves are not known"
        if curve - 1 in self.holes or curve + 1 in self.holes:
            return "rows of it may be among those beside it whose keys cannot be read"
        return ""


def survey(table: Table, by: Sequence[str], folder: Path) -> Layout:
    """Find the curves of a table. One that appears a second time makes the table a scattered one.

    What is noted on the way lies in the folder until all is found.
    """
    if not by or not table.rows:
        return Layout.of(np.array([table.rows] if table.rows else [], dtype=np.int64), False)
    with TemporaryDirectory(dir=folder) as place:
        runs, holes = Runs(Path(place)), []
        scattered, after_hole = False, True
        for first, keys in windows(table, by):
            if keys is None:
                if not after_hole or not first:
                    holes.append(runs.count)
                    runs.add(np.array([first]), NONE)
                after_hole = True
                continue
            found = np.flatnonzero(changes(keys, by))
            found = found if after_hole else found[1:]
            after_hole = False
            hashes = hashed(keys, by)[found]
            runs.add(found + first, hashes)
            if np.unique(hashes).size < hashes.size:
                scattered = True
                break
        if scattered or runs.twice():
            return _scattered(table, by)
        return Layout.of(runs.ends(table.rows), False, holes)


def windows(table: Table, by: Sequence[str]) -> Iterator[tuple[int, Any]]:
    """The key columns piece by piece, each with the row of the table at which it begins; None where they are damaged.

    A piece that follows one that could be read begins with the last row of that.
    """
    overlap = 0
    for first in range(0, table.rows, WINDOW):
        for begin, keys in _readable(table, by, (first, min(first + WINDOW, table.rows)), overlap):
            overlap = 0 if keys is None else 1
            yield begin, keys


def _readable(
    table: Table, by: Sequence[str], rows: tuple[int, int], overlap: int
) -> Iterator[tuple[int, Any]]:
    """What can be read between two rows; where that fails, in ever smaller pieces."""
    first, last = rows
    begin = first - overlap
    try:
        yield begin, table.read(by, begin, last - begin)
    except BrokenFile:
        if last - first <= SMALLEST:
            yield from _around_hole(table, by, rows, overlap)
            return
        middle = (first + last) // 2
        for half in ((first, middle), (middle, last)):
            for begin, keys in _readable(table, by, half, overlap):
                overlap = 0 if keys is None else 1
                yield begin, keys


def _around_hole(
    table: Table, by: Sequence[str], rows: tuple[int, int], overlap: int
) -> Iterator[tuple[int, Any]]:
    """What can be read before and after a damaged place."""
    first, last = rows
    before = _most(lambda count: table.can_read(by, first, count), last - first)
    after = _most(lambda count: table.can_read(by, last - count, count), last - first - before)
    if before:
        yield first - overlap, table.read(by, first - overlap, overlap + before)
    yield first + before, None
    if after:
        yield last - after, table.read(by, last - after, after)


def _most(reads: Callable[[int], bool], rows: int) -> int:
    """The largest count below `rows` that can be read, where any smaller one can be, too."""
    if rows <= 1 or not reads(1):
        return 0
    good, bad = 1, rows
    while bad - good > 1:
        middle = (good + bad) // 2
        good, bad = (middle, bad) if reads(middle) else (good, middle)
    return good


def changes(keys: Any, by: Sequence[str]) -> npt.NDArray[np.bool_]:
    """Where a row has other keys than the one before, (row,); the first row always has."""
    import polars

    differs = polars.any_horizontal(polars.col(name).ne_missing(polars.col(name).shift()) for name in by)
    found: npt.NDArray[np.bool_] = keys.select(differs.alias("")).to_series().to_numpy().copy()
    found[:1] = True
    return found


def hashed(keys: Any, by: Sequence[str]) -> Hashes:
    """A number for the keys of every row; two different keys nearly never share one."""
    found: Hashes = keys.select(list(by)).hash_rows(seed=0).to_numpy()
    return found


class Numbering:
    """Numbers the curves of a scattered table in the order of their first row, by the hash of their keys.

    Two keys with the same hash get the same number: they land in the same part, where they are told apart.
    """

    def __init__(self) -> None:
        self.known: Hashes = np.empty(0, dtype=np.uint64)  # rising
        self.numbers: Rows = np.empty(0, dtype=np.int64)

    def of(self, hashes: Hashes) -> Rows:
        """The number of the curve of every row; new curves get the next ones."""
        own, first, inverse = np.unique(hashes, return_index=True, return_inverse=True)
        at = np.searchsorted(self.known, own)
        old = np.zeros(own.size, dtype=bool)
        inside = at < self.known.size
        old[inside] = self.known[at[inside]] == own[inside]
        numbers = np.empty(own.size, dtype=np.int64)
        numbers[old] = self.numbers[at[old]]
        new = np.flatnonzero(~old)
        new = new[np.argsort(first[new])]
        numbers[new] = self.known.size + np.arange(new.size)
        added = np.sort(new)
        self.known = np.insert(self.known, at[added], own[added])
        self.numbers = np.insert(self.numbers, at[added], numbers[added])
        return numbers[inverse]


def _scattered(table: Table, by: Sequence[str]) -> Layout:
    numbering, sizes = Numbering(), np.zeros(0, dtype=np.int64)
    for first, keys in windows(table, by):
        if keys is None:
            what = "the keys of these rows cannot be read, and every curve of this unsorted table may have rows there"
            where = f"{table.path.name} > rows {first + 1} and following"
            raise BrokenFile(Problem(what, where, "Write the file again", "E-BROKEN"))
        rows = numbering.of(hashed(keys[1:] if first else keys, by))
        found = np.bincount(rows, minlength=numbering.known.size)
        found[: sizes.size] += sizes
        sizes = found
    return Layout.of(np.cumsum(sizes), True)
