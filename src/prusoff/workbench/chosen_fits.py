"""Chooses a law for every curve of a table, and fits each with its own."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ..core.equation import Array
from ..core.errors import InputError, Problem
from ..core.fit import Outcome
from . import curve_table, fit_columns
from .curve_table import PARQUET, CurveTable
from .fit_columns import Column, Words
from .fit_table import FitTable, check_ending, plain_cells, readings_of
from .model_choice import USUAL, choose, different, held_in
from .saving import write_whole
from .screen import parquet
from .screen.axes import Axes, FitRequest, axes_of
from .screen.cells import Groups, grouped
from .screen.labour import Labour, fit_readings
from .screen.part import USED, law_named, on_axis, states

OWN = ("equation", "choice")  # the columns that say which law a curve got, and why


@dataclass(frozen=True)
class ChosenFits:
    """The fits of the curves of one table, each by the law that is to be kept for it.

    `tables` has one table for every law that any curve got, `places` where its curves stand among all, `sentences`
    (curve,) why each got its law; `laws` are those that were asked about.
    """

    laws: tuple[str, ...]
    table: CurveTable
    by: tuple[str, ...]
    groups: Groups
    tables: tuple[FitTable, ...]
    places: tuple[npt.NDArray[np.intp], ...]
    sentences: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.sentences)

    @property
    def any_usable(self) -> bool:
        """Whether at least one curve gave values that may be used."""
        return any(table.any_usable for table in self.tables)

    @property
    def count(self) -> str:
        """How many curves there are, in words: '1 curve'."""
        return fit_columns.curves_in_words(len(self))

    @property
    def tally(self) -> str:
        """How many curves ended in which way, and how many got which law."""
        ended: dict[Outcome, int] = {}
        for table in self.tables:
            for outcome, count in table.fitted.fits.tally.items():
                ended[outcome] = ended.get(outcome, 0) + count
        kept = ", ".join(f"{len(table)} {table.law.name}" for table in self.tables)
        ordered = {outcome: ended[outcome] for outcome in Outcome if outcome in ended}
        return f"{fit_columns.tally_in_words(ordered)}; {kept}"

    def told(self, number: int) -> tuple[str, ...]:
        """Why the curves of a table got its law."""
        return tuple(self.sentences[place] for place in self.places[number].tolist())

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON, the curves in the order of the table."""
        found: list[dict[str, Any]] = [{} for _ in range(len(self))]
        for table, places in zip(self.tables, self.places, strict=True):
            for place, curve in zip(places.tolist(), table.as_dict()["curves"], strict=True):
                found[place] = {"equation": table.law.name, "choice": self.sentences[place], **curve}
        return {"kind": "chosen_fits", "version": 1, "equations": list(self.laws), "curves": found}

    def write(self, path: Path) -> None:
        """Write one flat table, the curves in order; what the law of a curve does not have is empty."""
        check_ending(path)
        columns = self._columns()
        first = self.groups.first
        if path.suffix.lower() in PARQUET:
            polars = parquet.polars_for("writing Parquet")
            keys = {name: self.table.columns[name] for name in self.by}
            series = [polars.Series(name, plain_cells(cells)).gather(first) for name, cells in keys.items()]
            said = json.loads(fit_columns.said_of(self.tables[0].axes.settings)["prusoff"])
            said |= {"kind": "chosen_fits", "version": 1, "equation": list(self.laws)}
            frame = fit_columns.to_frame(series, columns)
            parquet.write_parquet(frame.lazy(), path, {"prusoff": json.dumps(said, sort_keys=True)})
            return
        rows = first.tolist()
        named = {name: [self.table.columns[name][row] for row in rows] for name in self.by}
        write_whole(path, fit_columns.to_csv(named, columns))

    def _columns(self) -> dict[str, Column]:
        parts = [fit_columns.columns_of(table.axes, table.fitted) for table in self.tables]
        laws: list[str | None] = [""] * len(self)
        for table, places in zip(self.tables, self.places, strict=True):
            for place in places.tolist():
                laws[place] = table.law.name
        found: dict[str, Column] = {"equation": _words(laws), "choice": _words(self.sentences)}
        for name in dict.fromkeys(name for part in parts for name in part):
            own = [
                (places, part[name]) for places, part in zip(self.places, parts, strict=True) if name in part
            ]
            found[name] = _joined(own, len(self))
        return found


def choose_table(
    source: str | Path, request: FitRequest, laws: Sequence[str] = USUAL, labour: Labour | None = None
) -> ChosenFits:
    """Choose one of the laws for every curve of a file as `choose` does, and fit it with the options of the request.

    A curve for which none can be judged keeps the first law, whose fit says why. Raises for unknown names, for laws of
    different quantities and for fewer than two.
    """
    table = curve_table.load(source)
    named = different([law_named(law) for law in laws])
    held = held_in(named, request.fixed)
    requests = [
        replace(request, equation=law.name, fixed={k: v for k, v in held.items() if k in law.names})
        for law in named
    ]
    axes = [axes_of(tuple(table.columns), table.name, one) for one in requests]
    for one in axes:
        _check_keys(one, request.by, table.name)
    groups = grouped([table.columns[name] for name in request.by], len(table))
    kept, sentences = _chosen(table, axes, groups, request, labour or Labour())
    tables, places = [], []
    for number, (asked, one) in enumerate(zip(requests, axes, strict=True)):
        here = np.flatnonzero(kept == number)
        if here.size or (number == 0 and not kept.size):
            some = groups if here.size == kept.size else _some(groups, here)
            fitted = fit_readings(one.settings, readings_of(table, one, some), Labour())
            tables.append(FitTable(table, asked, one, some, fitted))
            places.append(here)
    names = tuple(law.name for law in named)
    return ChosenFits(names, table, request.by, groups, tuple(tables), tuple(places), sentences)


def _check_keys(axes: Axes, by: Sequence[str], where: str) -> None:
    fit_columns.check_keys(axes, by, where)
    for name in by:
        if name in OWN:
            what = f"the column '{name}' has the name of a column of the fits"
            raise InputError(Problem(what, where, "Give it another name", "E-COLUMN"))


def _chosen(
    table: CurveTable, axes: Sequence[Axes], groups: Groups, request: FitRequest, labour: Labour
) -> tuple[npt.NDArray[np.intp], tuple[str, ...]]:
    """The number of the law of every curve, and why it is that one."""
    laws = [one.law for one in axes]
    logged = next((one for one in axes if one.law.axes[0].log10), axes[0])
    readings = readings_of(table, logged, groups)
    good = states(readings, logged.law) == USED
    x = on_axis(readings.x * logged.settings.x_scale, logged.law.axes[0])
    y = readings.y * logged.settings.y_scale
    numbers = {law.name: number for number, law in enumerate(laws)}
    kept, sentences = np.zeros(len(readings), dtype=np.intp), []
    options: dict[str, Any] = {"weighting": request.weighting, "response_level": request.response_level}
    for c in range(len(readings)):
        rows = np.flatnonzero(good[readings.starts[c] : readings.starts[c + 1]]) + readings.starts[c]
        labour.tell(c, len(readings))
        if not rows.size:
            sentences.append("No law can be chosen: no row can be used.")
            continue
        found = choose(x[rows], y[rows], laws, fixed=request.fixed, **options)
        sentences.append(found.sentence)
        if found.preferred is not None:
            kept[c] = numbers[found.preferred.equation.name]
    return kept, tuple(sentences)


def _some(groups: Groups, curves: npt.NDArray[np.intp]) -> Groups:
    """The rows of some curves."""
    sizes = np.diff(groups.starts)[curves]
    rows = [groups.order[groups.starts[c] : groups.starts[c + 1]] for c in curves.tolist()]
    return Groups(np.concatenate(rows), np.concatenate([[0], np.cumsum(sizes)]).astype(np.intp))


def _words(texts: Sequence[str | None]) -> Words:
    table: Mapping[str | None, int] = {text: k for k, text in enumerate(dict.fromkeys(texts))}
    return Words(tuple(table), np.array([table[text] for text in texts], dtype=np.intp))


def _joined(parts: Sequence[tuple[npt.NDArray[np.intp], Column]], count: int) -> Column:
    """A column of all curves from those of the curves of each law; empty where a law has none of this name."""
    if isinstance(parts[0][1], Words):
        texts: list[str | None] = [None] * count
        for places, words in parts:
            if isinstance(words, Words):
                for place, text in zip(places.tolist(), words.list(), strict=True):
                    texts[place] = text
        return _words(texts)
    everywhere = sum(places.size for places, _ in parts) == count
    kind = parts[0][1].dtype if everywhere else np.dtype(float)
    whole: Array = np.full(count, 0 if everywhere else np.nan, dtype=kind)
    for places, column in parts:
        if not isinstance(column, Words):
            whole[places] = column
    return whole
