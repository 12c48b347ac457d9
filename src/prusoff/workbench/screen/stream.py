"""Fits the curves of a Parquet file of any size into another: part by part, in flat memory, open to resuming."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from ...core.errors import BrokenFile
from ...core.fit import Outcome
from ..fit_columns import (
    check_keys,
    columns_of,
    constants_of,
    curves_in_words,
    names_of,
    rows_in_words,
    said_of,
    tally_in_words,
    to_frame,
)
from ..saving import write_whole
from .axes import Axes, FitRequest, axes_of
from .cells import Groups, grouped_frame, numbers
from .labour import Answer, Labour, attempt, settled
from .layout import Layout, changes, survey
from .parquet import Table, polars_for, write_parquet
from .part import Readings
from .spill import spill
from .unfinished import Unfinished, fingerprint

PIECE = 500_000  # rows that are read at once


@dataclass(frozen=True)
class Lost:
    """A part that could not be fitted: its curves and rows, counted from 1, and why."""

    number: int
    curves: tuple[int, int]
    rows: tuple[int, int]
    reason: str

    def __str__(self) -> str:
        (a, b), (c, d) = self.curves, self.rows
        return f"curves {a:,}–{b:,} (rows {c:,}–{d:,}) could not be fitted: {self.reason}"


@dataclass
class Screened:
    """What came of a screen: how many curves ended in which way, the rows set aside, and the parts that were lost."""

    tally: Mapping[Outcome, int] = field(default_factory=dict)
    set_aside: int = 0
    resumed: int = 0
    lost: list[Lost] = field(default_factory=list)

    @property
    def curves(self) -> int:
        """How many curves were written."""
        return sum(self.tally.values())

    @property
    def any_usable(self) -> bool:
        """Whether at least one curve gave values that may be used."""
        return any(outcome.usable for outcome in self.tally)

    @property
    def summary(self) -> str:
        """How many curves were fitted, how many ended in which way, and how many rows were set aside."""
        ended = tally_in_words(self.tally) or "none"
        aside = f"; {rows_in_words(self.set_aside)} set aside" if self.set_aside else ""
        before = f"; {self.resumed} of them before" if self.resumed else ""
        return f"{curves_in_words(self.curves)} fitted: {ended}{aside}{before}"


@dataclass(frozen=True)
class Task:
    """A part to be fitted: its number, its keys (columns of polars, one row a curve), and its readings."""

    number: int
    keys: Any
    readings: Readings
    unreadable: str = ""


@dataclass(frozen=True)
class Screen:
    """One file, what is asked of it, and where the fits go."""

    table: Table
    request: FitRequest
    axes: Axes
    out: Path

    @classmethod
    def of(cls, source: Path, request: FitRequest, out: Path) -> Screen:
        """Look at a file; raises where it cannot be read or lacks what was asked for."""
        table = Table.open(source)
        axes = axes_of(table.columns, source.name, request)
        check_keys(axes.law, request.by, source.name)
        return cls(table, request, axes, out)

    def asked(self) -> dict[str, Any]:
        """What a run that goes on must have in common with the one that was begun."""
        settings = said_of(self.axes.settings)["prusoff"]
        columns = {
            "x": self.axes.x,
            "y": self.axes.y,
            "x_unit": self.axes.x_unit,
            "by": list(self.request.by),
        }
        return {
            "input": {"file": self.table.path.name, **fingerprint(self.table.path)},
            "settings": {**json.loads(settings), **columns},
        }

    def run(self, labour: Labour, unfinished: str = "refuse") -> Screened:
        """Fit all curves that are not fitted yet, and write the file.

        With an unfinished run one may 'resume' it, 'overwrite' it (begin anew), or 'refuse' to do anything.
        """
        state = Unfinished.beside(self.out)
        with state.held():
            if state.exists and unfinished == "overwrite":
                state.clear()
            elif state.exists and unfinished == "refuse":
                state.refuse()
            asked = self.asked()
            layout = state.resume(asked) if state.exists else None
            try:
                if layout is None:
                    layout = survey(self.table, self.request.by, state.folder)
                    state.begin(asked, layout)
                found = self._fit(state, layout, labour)
            except BaseException:
                if not state.done:
                    state.remove()  # there is nothing to go on with
                raise
            self._write(state, layout, found)
        if not found.lost:
            state.remove()
        return found

    def _fit(self, state: Unfinished, layout: Layout, labour: Labour) -> Screened:
        sizes = np.diff(layout.curves)
        todo = [k for k in range(layout.parts) if not state.is_done(k, int(sizes[k]))]
        found = Screened(resumed=layout.all_curves - int(sizes[todo].sum()))
        told = found.resumed
        labour.tell(told, layout.all_curves)
        tasks: dict[int, Task] = {}

        def jobs() -> Iterator[tuple[int, Readings]]:
            for task in self._tasks(state, layout, todo):
                if task.unreadable:
                    self._keep(state, layout, task, task.unreadable, found)
                    continue
                tasks[task.number] = task
                yield task.number, task.readings

        for number, answer in labour.crew(self.axes.settings, layout.all_curves, attempt).results(jobs()):
            self._keep(state, layout, tasks.pop(number), answer, found)
            told += int(sizes[number])
            labour.tell(told, layout.all_curves)
        return found

    def _keep(self, state: Unfinished, layout: Layout, task: Task, answer: Answer, found: Screened) -> None:
        """Put the fits of a part into the folder, whole or not at all."""
        fitted = settled(self.axes.settings, task.readings, answer, read=not task.unreadable)
        lost = isinstance(answer, str)
        buffer = io.BytesIO()
        same = constants_of(self.axes)  # these are added when the parts are put together
        columns = {name: one for name, one in columns_of(self.axes, fitted).items() if name not in same}
        to_frame(task.keys, columns).write_ipc(buffer, compression="uncompressed")
        path = state.lost(task.number) if lost else state.part(task.number)
        write_whole(path, buffer.getvalue())
        if lost:
            k = task.number
            curves = (int(layout.curves[k]) + 1, int(layout.curves[k + 1]))
            rows = (int(layout.rows[k]) + 1, int(layout.rows[k + 1]))
            found.lost.append(Lost(k, curves, rows, str(answer)))
        else:
            state.lost(task.number).unlink(missing_ok=True)

    def _tasks(self, state: Unfinished, layout: Layout, todo: list[int]) -> Iterator[Task]:
        """The parts that are to be fitted, read as they are needed."""
        names = list(dict.fromkeys((*self.request.by, self.axes.x, self.axes.y)))
        if layout.scattered:
            others = (self.axes.x, self.axes.y)
            brought = spill(state.folder / "spill", self.table, self.request.by, others, layout)
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
        nothing, by = np.full(rows, np.nan), self.request.by
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
            for name in (self.axes.x, self.axes.y)
        )
        return Task(number, self._keys(frame, groups), Readings(x, y, groups.starts))

    def _groups(self, frame: Any, scattered: bool, rows: int) -> Groups:
        by = self.request.by
        if scattered:
            return grouped_frame([frame[name] for name in by])
        starts = (
            np.flatnonzero(changes(frame, by))
            if by and rows
            else np.array([0] if rows else [], dtype=np.intp)
        )
        return Groups(np.arange(rows), np.append(starts, rows).astype(np.intp))

    def _keys(self, frame: Any, groups: Groups) -> list[Any]:
        return [frame[name].gather(groups.first) for name in self.request.by]

    def _write(self, state: Unfinished, layout: Layout, found: Screened) -> None:
        """Put the parts together in their order, and count what was written."""
        polars = polars_for("writing Parquet")
        lost = {one.number for one in found.lost}
        paths = [state.lost(k) if k in lost else state.part(k) for k in range(layout.parts)]
        same = (polars.lit(text).alias(name) for name, text in constants_of(self.axes).items())
        whole = polars.scan_ipc(paths).with_columns(*same)
        ordered = whole.select(*self.request.by, *names_of(self.axes.law))
        write_parquet(ordered, self.out, said_of(self.axes.settings))
        written = polars.scan_parquet(self.out, glob=False)
        counts = written.group_by("outcome").len().collect()
        by_code = dict(zip(counts["outcome"], counts["len"], strict=True))
        found.tally = {one: by_code[one.code] for one in Outcome if one.code in by_code}
        found.set_aside = int(written.select(polars.col("set_aside").sum()).collect().item() or 0)


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
