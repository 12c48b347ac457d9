"""Brings together the rows of curves that lie scattered over a large table, on the disk and not in the memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from .layout import WINDOW, Layout, Numbering, hashed
from .parquet import Table, attempt, polars_for
from .runs import Rows

GROUP = 20_000  # rows that are read to get at a few of them


@dataclass(frozen=True)
class Spill:
    """The rows of a table sorted by part, window by window, in files of a folder.

    `ends[w, k]` is where the rows of part k end in the file of window w; within a part they stay in their order.
    """

    folder: Path
    ends: Rows

    def read(self, part: int) -> Any:
        """All rows of a part, in the order of the table."""
        polars = polars_for("a Parquet file")
        pieces = []
        for window, ends in enumerate(self.ends):
            first, last = int(ends[part - 1]) if part else 0, int(ends[part])
            if last > first:
                path = _file(self.folder, window)
                rows = polars.scan_parquet(path, glob=False).slice(first, last - first)
                pieces.append(attempt(rows.collect, path.name))
        return polars.concat(pieces)


def spill(folder: Path, table: Table, by: Sequence[str], others: Sequence[str], layout: Layout) -> Spill:
    """Sort the rows of a table by part into files; where that was done before, it is not done again."""
    done = folder / "ends.npy"
    if not done.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        numbering, ends = Numbering(), []
        names = list(dict.fromkeys((*by, *others)))
        for window, first in enumerate(range(0, table.rows, WINDOW)):
            rows = table.read(names, first, min(WINDOW, table.rows - first))
            part = np.searchsorted(layout.curves, numbering.of(hashed(rows, by)), side="right") - 1
            order = np.argsort(part, kind="stable")
            rows[order].write_parquet(_file(folder, window), compression="lz4", row_group_size=GROUP)
            ends.append(np.cumsum(np.bincount(part, minlength=layout.parts)))
        half = folder / "ends.part.npy"
        np.save(half, np.array(ends, dtype=np.int64))
        half.replace(done)
    return Spill(folder, np.load(done))


def _file(folder: Path, window: int) -> Path:
    return folder / f"window-{window:05d}.parquet"
