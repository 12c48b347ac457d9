"""The fits of the curves of one table in memory: for people, for JSON, for a file, as a data frame."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from ..core.equation import Equation, Parameter
from ..core.errors import InputError, Problem
from ..core.fit import Outcome
from ..core.fits import RELATIONS
from . import curve_table, fit_columns
from .curve_table import PARQUET, CurveTable
from .saving import write_whole
from .screen import parquet
from .screen.axes import Axes, FitRequest, axes_of
from .screen.cells import Groups, grouped, numbers, text_of, texts
from .screen.discovery import with_rates
from .screen.labour import Labour, fit_readings
from .screen.part import OUTLIER, USED, X_NEGATIVE, X_NO_NUMBER, Fitted, Readings, states

_WRONG = {X_NEGATIVE: "is negative", OUTLIER: "is an outlier"}


@dataclass(frozen=True)
class FittedRow:
    """One curve: what tells it apart, how its fit ended, and its parameters as value, se, low and high.

    A number that is not known, and every number of a fit that may not be used, is nan; an open limit is infinite. Where
    only a bound is known of the location, `relation` is '>' or '<' and `bound` the bound on the scale of the fit.
    """

    keys: tuple[str, ...]
    outcome: Outcome
    reason: str
    used: int
    set_aside: int
    parameters: Mapping[str, tuple[float, float, float, float]]
    relation: str = ""
    bound: float = math.nan


@dataclass(frozen=True)
class FitTable:
    """The fits of one law to the curves of one table, in the order in which the curves appear, and what was asked."""

    table: CurveTable
    request: FitRequest
    axes: Axes
    groups: Groups
    fitted: Fitted

    @property
    def law(self) -> Equation:
        """The law that was fitted."""
        return self.axes.law

    @property
    def by(self) -> tuple[str, ...]:
        """The columns that tell the curves apart."""
        return self.request.by

    def __len__(self) -> int:
        return len(self.fitted)

    @property
    def any_usable(self) -> bool:
        """Whether at least one curve gave values that may be used."""
        return bool(self.fitted.fits.usable.any())

    @property
    def count(self) -> str:
        """How many curves there are, in words: '1 curve'."""
        return fit_columns.curves_in_words(len(self))

    @property
    def tally(self) -> str:
        """How many curves ended in which way: '96 ok, 3 censored'."""
        return fit_columns.tally_in_words(self.fitted.fits.tally)

    @cached_property
    def rows(self) -> tuple[FittedRow, ...]:
        """One row a curve."""
        fits = self.fitted.fits
        columns = {name: fit_columns.numbers_of(self.fitted, name).T.tolist() for name in self.law.names}
        first = self.groups.first.tolist()
        keys = [
            [text_of(cells[row]) for row in first] for cells in (self.table.columns[name] for name in self.by)
        ]
        signs = ["", *(one.value for one in RELATIONS[1:])]
        bounds = [
            (signs[code], bound)
            for code, bound in zip(fits.relation.tolist(), fits.bound.tolist(), strict=True)
        ]
        return tuple(
            FittedRow(
                tuple(one[c] for one in keys),
                fits.outcome_of(c),
                fits.reason_of(c),
                int(fits.points[c]),
                int(self.fitted.set_aside[c]),
                {name: tuple(numbers[c]) for name, numbers in columns.items()},
                *bounds[c],
            )
            for c in range(len(self))
        )

    def set_aside(self) -> Iterator[tuple[str, ...]]:
        """The rows of every curve that were set aside, each with its place and the reason."""
        x, y = self.table.columns[self.axes.x], self.table.columns[self.axes.y]
        state = states(readings_of(self.table, self.axes, self.groups), self.law)
        if self.fitted.outliers.size:
            state[self.fitted.outliers] = OUTLIER
        for first, last in zip(self.groups.starts[:-1], self.groups.starts[1:], strict=True):
            told = []
            for at in np.flatnonzero(state[first:last] != USED) + first:
                row = int(self.groups.order[at])
                name, cells = (self.axes.x, x) if state[at] in (X_NO_NUMBER, X_NEGATIVE) else (self.axes.y, y)
                wrong = _WRONG.get(int(state[at]), "is not a number")
                told.append(f"{self.table.place(row)}: {name} '{text_of(cells[row])}' {wrong}")
            yield tuple(told)

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON; numbers stay on the scale of the fit and in inside units, both stated.

        `response_level` is null where the usual limits held.
        """
        return {
            "kind": "fit_table",
            "version": 1,
            "equation": self.law.name,
            "response_level": self.request.response_level,
            "intervals": self.axes.settings.intervals,
            "outliers": None if self.request.rout is None else {"method": "ROUT", "q": self.request.rout},
            "robust": self.request.robust,
            "false_discovery": self.request.discovery or None,
            "curves": [
                self._plain(c, row, aside)
                for c, (row, aside) in enumerate(zip(self.rows, self.set_aside(), strict=True))
            ],
        }

    def _plain(self, curve: int, row: FittedRow, aside: tuple[str, ...]) -> dict[str, Any]:
        parameters = {one.name: {**_known(row, one), **self._said(one)} for one in self.law.parameters}
        return {
            "by": dict(zip(self.by, row.keys, strict=True)),
            "outcome": row.outcome.code,
            "reason": row.reason,
            "parameters": parameters if row.used else {},
            "relation": row.relation or None,
            "bound": _finite(row.bound),
            "p_response": _finite(float(self.fitted.fits.p_response[curve])),
            **{name: _finite(float(column[curve])) for name, column in self.fitted.more.items()},
            "rows": {"used": row.used, "set_aside": list(aside)},
        }

    def _said(self, parameter: Parameter) -> dict[str, str]:
        unit, scale = fit_columns.unit_of(parameter, self.axes.y_unit), fit_columns.scale_of(parameter)
        return {"unit": unit, "scale": scale}

    def write(self, path: Path) -> None:
        """Write the flat table: Parquet or CSV, by the extension."""
        check_ending(path)
        columns = fit_columns.columns_of(self.axes, self.fitted)
        keys = {name: self.table.columns[name] for name in self.by}
        if path.suffix.lower() in PARQUET:
            polars, first = parquet.polars_for("writing Parquet"), self.groups.first
            series = [polars.Series(name, plain_cells(cells)).gather(first) for name, cells in keys.items()]
            frame = fit_columns.to_frame(series, columns)
            parquet.write_parquet(frame.lazy(), path, fit_columns.said_of(self.axes.settings))
        else:
            first = self.groups.first.tolist()
            named = {name: [cells[row] for row in first] for name, cells in keys.items()}
            write_whole(path, fit_columns.to_csv(named, columns))


def check_ending(path: Path) -> None:
    """Raise where a path does not end as a file that fits are written in."""
    if path.suffix.lower() not in (*PARQUET, ".csv"):
        what = f"'{path.suffix}' is not a format that fits are written in"
        raise InputError(Problem(what, str(path), "Write .csv or .parquet"))


def readings_of(table: CurveTable, axes: Axes, groups: Groups) -> Readings:
    """The numbers of a table, curve after curve."""
    x, y = (numbers(table.columns[name])[groups.order] for name in (axes.x, axes.y))
    return Readings(x, y, groups.starts)


def fit_table(source: str | Path | CurveTable, request: FitRequest, labour: Labour | None = None) -> FitTable:
    """Fit every curve of a file: tidy CSV, TSV, XLSX or Parquet; '-' reads standard input."""
    table = source if isinstance(source, CurveTable) else curve_table.load(source)
    axes = axes_of(tuple(table.columns), table.name, request)
    fit_columns.check_keys(axes, request.by, table.name)
    groups = grouped([table.columns[name] for name in request.by], len(table))
    fitted = fit_readings(axes.settings, readings_of(table, axes, groups), labour or Labour())
    return FitTable(table, request, axes, groups, with_rates(request.discovery, fitted))


def fit_frame(frame: Any, request: FitRequest) -> Any:
    """Fit every curve of a data frame; the fits come back as a frame of the same kind (pandas, polars, Arrow)."""
    import narwhals.stable.v2 as narwhals

    found = fit_table(curve_table.from_frame(frame), request)
    native = narwhals.from_native(frame, eager_only=True)
    columns = fit_columns.to_lists(fit_columns.columns_of(found.axes, found.fitted))
    fits = narwhals.from_dict(columns, backend=native.implementation)
    if not request.by:
        return fits.to_native()
    keys = native.select(list(request.by))[found.groups.first.tolist()]
    if native.implementation.is_pandas_like():
        keys = narwhals.maybe_reset_index(keys)
    return narwhals.concat([keys, fits], how="horizontal").to_native()


def plain_cells(cells: Any) -> Any:
    """The cells of a key as polars takes them: columns of polars as they are, others as text."""
    if isinstance(cells, list):
        return cells
    return cells.to_native() if cells.implementation.is_polars() else texts(cells)


def _known(row: FittedRow, parameter: Parameter) -> dict[str, float | None]:
    """Value, standard error and limits; null where a limit is open, and everywhere when the fit may not be used."""
    numbers = zip(fit_columns.NUMBERS, row.parameters[parameter.name], strict=True)
    return {key: _finite(value) for key, value in numbers}


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
