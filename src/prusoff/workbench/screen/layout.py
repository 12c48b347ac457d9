"""Which rows of a large table belong to which curve, found by reading the key columns once, and how it is cut."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .labour import cut
from .parquet import Table

WINDOW = 1_000_000  # rows whose keys are in memory at once
Rows = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]


@dataclass(frozen=True)
class Layout:
    """The parts of a table, each with the curves in the order of their first row.

    Part k has the curves `curves[k]` to `curves[k + 1]`, in `rows[k]` to `rows[k + 1]`. Where the rows of a curve are
    `scattered` over the table, these are rows of the table brought together (see `spill`).
    """

    curves: Rows
    rows: Rows
    scattered: bool

    @property
    def parts(self) -> int:
        """How many parts there are."""
        return int(self.curves.size - 1)

    @property
    def all_curves(self) -> int:
        """How many curves there are."""
        return int(self.curves[-1])

    @classmethod
    def of(cls, ends: Rows, scattered: bool) -> Layout:
        """The layout of curves that end at these rows."""
        cuts = cut(ends)
        rows = np.concatenate([[0], ends])[cuts] if ends.size else np.zeros(2, dtype=np.int64)
        return cls(cuts, rows.astype(np.int64), scattered)


def survey(table: Table, by: Sequence[str]) -> Layout:
    """Find the curves of a table. One that appears a second time makes the table a scattered one."""
    if not by or not table.rows:
        return Layout.of(np.array([table.rows] if table.rows else [], dtype=np.int64), False)
    starts: list[Rows] = []
    hashes: list[Hashes] = []
    met, checked = 0, 0
    for first, keys in windows(table, by):
        found = np.flatnonzero(changes(keys, by)) if first == 0 else np.flatnonzero(changes(keys, by)[1:]) + 1
        starts.append(found + first)
        hashes.append(hashed(keys, by)[found])
        met += found.size
        if met > 2 * checked:  # so that the rows of a shuffled table are not all kept
            checked = met
            if _twice(hashes):
                return _scattered(table, by)
    if _twice(hashes):
        return _scattered(table, by)
    return Layout.of(np.append(np.concatenate(starts)[1:], table.rows), False)


def windows(table: Table, by: Sequence[str]) -> Iterator[tuple[int, Any]]:
    """The key columns piece by piece, each with the row of the table at which it begins.

    Every piece but the first begins with the last row of the one before.
    """
    for first in range(0, table.rows, WINDOW):
        begin = max(first - 1, 0)
        yield begin, table.read(by, begin, min(first + WINDOW, table.rows) - begin)


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


def _twice(hashes: list[Hashes]) -> bool:
    every = np.concatenate(hashes)
    every.sort()
    return bool((every[1:] == every[:-1]).any())


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
        rows = numbering.of(hashed(keys[1:] if first else keys, by))
        found = np.bincount(rows, minlength=numbering.known.size)
        found[: sizes.size] += sizes
        sizes = found
    return Layout.of(np.cumsum(sizes), True)
