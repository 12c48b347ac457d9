"""The cells of the columns of a table as numbers and as text, and the rows that belong to one curve."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from ...core.equation import Array

Cells: TypeAlias = Any
"""One column: a list of texts, or a column of a data frame (of narwhals)."""


def number(text: str) -> float | None:
    """The number in a cell; None where there is none, or none that is finite."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def text_of(value: object) -> str:
    """A cell as text; nothing where it is empty."""
    return "" if value is None else str(value)


def texts(cells: Cells) -> list[str]:
    """All cells as text."""
    return cells if isinstance(cells, list) else list(map(text_of, cells.to_list()))


def numbers(cells: Cells) -> Array:
    """All cells as numbers, (row,); nan where a cell holds none."""
    if isinstance(cells, list):
        return _from_texts(cells)
    if not cells.dtype.is_numeric():
        return _from_texts(texts(cells))
    import narwhals.stable.v2 as narwhals

    whole = cells.cast(narwhals.Float64).fill_null(math.nan)
    return np.ascontiguousarray(whole.to_numpy(), dtype=float)


def _from_texts(cells: Sequence[str]) -> Array:
    try:
        return np.fromiter(map(float, cells), float, len(cells))
    except ValueError:
        return np.array([math.nan if (value := number(cell)) is None else value for cell in cells])


@dataclass(frozen=True)
class Groups:
    """The rows of a table curve after curve; curves in the order of their first row, rows of each in their own.

    Curve c has the rows `order[starts[c]:starts[c + 1]]`.
    """

    order: npt.NDArray[np.intp]
    starts: npt.NDArray[np.intp]

    @property
    def first(self) -> npt.NDArray[np.intp]:
        """The first row of every curve."""
        found: npt.NDArray[np.intp] = self.order[self.starts[:-1]]
        return found


def grouped(keys: Sequence[Cells], rows: int) -> Groups:
    """Which rows belong to one curve: those in which all keys are the same; without keys all rows are one curve."""
    if not keys or not rows:
        return Groups(np.arange(rows), np.array([0, rows] if rows else [0]))
    if all(not isinstance(one, list) and one.implementation.is_polars() for one in keys):
        return grouped_frame([one.to_native() for one in keys])
    seen: dict[tuple[str, ...], int] = {}
    where = zip(*map(texts, keys), strict=True)
    first = np.fromiter(map(seen.setdefault, where, itertools.count()), np.intp, rows)
    order = np.argsort(first, kind="stable")
    sizes = np.unique(first, return_counts=True)[1]
    return Groups(order, np.concatenate([[0], np.cumsum(sizes)]))


def grouped_frame(keys: Sequence[Any]) -> Groups:
    """The same for columns of polars, whatever their types."""
    import polars

    named = polars.DataFrame([one.alias(f"key {k}") for k, one in enumerate(keys)])
    found = (
        named.with_row_index("row").group_by(named.columns, maintain_order=True).agg(polars.col("row"))["row"]
    )
    order = found.explode().to_numpy().astype(np.intp)
    sizes = found.list.len().to_numpy()
    return Groups(order, np.concatenate([[0], np.cumsum(sizes, dtype=np.intp)]))
