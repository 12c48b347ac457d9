"""The parts of a large table as readings and keys, read piece by piece; what is damaged is told apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ...core.errors import BrokenFile
from .cells import Groups, grouped_frame, numbers
from .layout import Layout, changes
from .parquet import Table, polars_for
from .part import Readings
from .spill import spill

PIECE = 500_000  # rows that are read at once


@dataclass(frozen=True)
class Task:
    """A part to be fitted: its number, its keys (columns of polars, one row a curve), and its readings."""

    number: int
    keys: Any
    readings: Readings
    unreadable: str = ""


@dataclass(frozen=True)
class Source:
    """A Parquet file, the columns that tell its curves apart, and those of x and y."""

    table: Table
    by: tuple[str, ...]
    x: str
    y: str

    def tasks(self, layout: Layout, todo: list[int], folder: Path) -> Iterator[Task]:
        """The parts that are to be fitted, read as they are needed; rows are brought together in the folder."""
        names = list(dict.fromkeys((*self.by, self.x, self.y)))
        if layout.scattered:
            brought = spill(folder / "spill", self.table, self.by, (self.x, self.y), layout)
            for number in todo:
                yield self._task(number, brought.read(number), True)
            return
        for piece in _pieces(layout, todo):
            if any(layout.damage(number) for number in piece):
                yield from (self._alone(names, layout, number) for number in piece)
                continue
            first, last = int(layout.rows[piece[0]]), int(layout.rows[piece[-1] + 1])
            try:
                frame = self.table.read(names, first, last - first)
            except BrokenFile:
                yield from (self._alone(names, layout, number) for number in piece)
                continue
            for number in piece:
                begin, end = (int(layout.rows[k]) - first for k in (number, number + 1))
                yield self._task(number, frame[begin:end], False)

    def _alone(self, names: list[str], layout: Layout, number: int) -> Task:
        """A part of a piece that could not be read as a whole; where it cannot be read by itself, only its keys are."""
        first, last = int(layout.rows[number]), int(layout.rows[number + 1])
        if reason := layout.damage(number):
            return self._unread(layout, number, reason)
        try:
            return self._task(number, self.table.read(names, first, last - first), False)
        except BrokenFile as damage:
            return self._unread(layout, number, damage.problems[0].what)

    def _unread(self, layout: Layout, number: int, reason: str) -> Task:
        """A part whose readings are lost; the keys are kept where they can be read."""
        first, rows = int(layout.rows[number]), int(np.diff(layout.rows)[number])
        nothing, by = np.full(rows, np.nan), self.by
        try:
            frame = self.table.read(by, first, rows)
        except BrokenFile:
            polars, types = polars_for("a Parquet file"), self.table.scan.collect_schema()
            keys = [polars.Series(name, [None], dtype=types[name]) for name in by]
            return Task(number, keys, Readings(nothing, nothing, np.array([0, rows])), reason)
        groups = self._groups(frame, False, rows)
        return Task(number, self._keys(frame, groups), Readings(nothing, nothing, groups.starts), reason)

    def _task(self, number: int, frame: Any, scattered: bool) -> Task:
        import narwhals.stable.v2 as narwhals

        groups = self._groups(frame, scattered, frame.height)
        x, y = (
            numbers(narwhals.from_native(frame[name], series_only=True))[groups.order]
            for name in (self.x, self.y)
        )
        return Task(number, self._keys(frame, groups), Readings(x, y, groups.starts))

    def _groups(self, frame: Any, scattered: bool, rows: int) -> Groups:
        by = self.by
        if scattered:
            return grouped_frame([frame[name] for name in by])
        starts = (
            np.flatnonzero(changes(frame, by))
            if by and rows
            else np.array([0] if rows else [], dtype=np.intp)
        )
        return Groups(np.arange(rows), np.append(starts, rows).astype(np.intp))

    def _keys(self, frame: Any, groups: Groups) -> list[Any]:
        return [frame[name].gather(groups.first) for name in self.by]


def _pieces(layout: Layout, todo: list[int]) -> Iterator[list[int]]:
    """Parts that follow one another, together as many as are read at once."""
    piece: list[int] = []
    for number in todo:
        if piece and (number != piece[-1] + 1 or layout.rows[number + 1] - layout.rows[piece[0]] > PIECE):
            yield piece
            piece = []
        piece.append(number)
    if piece:
        yield piece
