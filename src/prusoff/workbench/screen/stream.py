"""Fits the curves of a Parquet file of any size into another: part by part, in flat memory, open to resuming."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

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
from .discovery import RATE, rates
from .labour import Answer, Labour, attempt, settled
from .layout import Layout, survey
from .parquet import Table, not_written, polars_for, write_parquet
from .part import Readings
from .tasks import Source, Task
from .unfinished import Unfinished, fingerprint


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
        check_keys(axes, request.by, source.name)
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
                self.table.check_unchanged()
            except BaseException as failure:
                if not state.done:
                    state.remove()  # there is nothing to go on with
                if isinstance(failure, OSError | polars_for("Parquet").exceptions.PolarsError):
                    raise not_written(self.out, failure) from None
                raise
            found.lost.sort(key=lambda one: one.number)
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
        source = Source(self.table, self.request.by, self.axes.x, self.axes.y)
        tasks: dict[int, Task] = {}

        def jobs() -> Iterator[tuple[int, Readings]]:
            for task in source.tasks(layout, todo, state.folder):
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

    def _write(self, state: Unfinished, layout: Layout, found: Screened) -> None:
        """Put the parts together in their order, and count what was written."""
        polars = polars_for("writing Parquet")
        lost = {one.number for one in found.lost}
        paths = [state.lost(k) if k in lost else state.part(k) for k in range(layout.parts)]
        same = (polars.lit(text).alias(name) for name, text in constants_of(self.axes).items())
        whole = polars.scan_ipc(paths).with_columns(*same)
        if self.axes.settings.discovery:
            whole = self._with_rates(whole)
        ordered = whole.select(*self.request.by, *names_of(self.axes.law, self.axes.settings))
        write_parquet(ordered, self.out, said_of(self.axes.settings))
        written = polars.scan_parquet(self.out, glob=False)
        counts = written.group_by("outcome").len().collect()
        by_code = dict(zip(counts["outcome"], counts["len"], strict=True))
        found.tally = {one: by_code[one.code] for one in Outcome if one.code in by_code}
        found.set_aside = int(written.select(polars.col("set_aside").sum()).collect().item() or 0)

    def _with_rates(self, whole: Any) -> Any:
        """The fits with the false discovery rate of every curve, which needs the probabilities of all of them."""
        polars = polars_for("writing Parquet")
        way = self.axes.settings.discovery
        asked = ["p_response", "p_decoy"] if way == "decoys" else ["p_response"]
        known = whole.select(polars.col(asked).cast(polars.Float64).fill_null(float("nan"))).collect()
        p, *decoys = (known[name].to_numpy() for name in asked)
        found = polars.Series(RATE, rates(way, p, decoys[0] if decoys else None), nan_to_null=True)
        return polars.concat([whole, found.to_frame().lazy()], how="horizontal")
