"""Simulated screens of any size, written as Parquet piece by piece."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import polars

TARGETS = 4  # of each compound
PIECE = 25_000  # curves that are in memory at once


def screen(path: Path, count: int, seed: int) -> Path:
    """Many curves of 12 points as one Parquet file, with the columns compound, target, concentration and signal.

    Twelve half-log concentrations, one replicate, top 100, bottom 0, SD 5, log IC50 from -9.5 to -6, slopes around 1.
    """
    import polars
    from polars.io.plugins import register_io_source

    doses = np.linspace(-10.0, -4.5, 12)
    schema = {
        "compound": polars.String,
        "target": polars.String,
        "concentration (M)": polars.Float64,
        "signal": polars.Float64,
    }

    def pieces(
        columns: list[str] | None, predicate: object, rows: int | None, size: int | None
    ) -> Iterator[polars.DataFrame]:
        random = np.random.default_rng(seed)
        for first in range(0, count, PIECE):
            numbers = np.arange(first, min(first + PIECE, count))
            middle, slope = (
                random.uniform(-9.5, -6.0, (numbers.size, 1)),
                np.exp(random.normal(0.0, 0.25, (numbers.size, 1))),
            )
            y = 100.0 / (1.0 + 10.0 ** ((doses - middle) * slope))
            y = y + random.normal(0.0, 5.0, y.shape)
            names = polars.Series(numbers // TARGETS).cast(polars.String).str.zfill(7)
            targets = polars.Series([f"target {k}" for k in range(TARGETS)])
            frame = polars.DataFrame(
                {
                    "compound": ("C" + names).gather(np.repeat(np.arange(numbers.size), doses.size)),
                    "target": targets.gather(np.repeat(numbers % TARGETS, doses.size)),
                    "concentration (M)": np.tile(10.0**doses, numbers.size),
                    "signal": y.ravel(),
                }
            )
            yield frame if columns is None else frame.select(columns)

    register_io_source(pieces, schema=schema).sink_parquet(path, row_group_size=10 * PIECE)
    return path
