"""The fits of many curves as one table: for people, for JSON, for CSV and for Parquet."""

from __future__ import annotations

import io
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..core.equation import Equation, Parameter
from ..core.errors import InputError, Problem
from ..core.fit import Outcome
from ..core.units import factor, readable_unit
from ..fitting.intervals import antilog
from . import curve_table
from .curve_fitting import FitRequest, FittedRow, FittedRows, fit_curves, law_named
from .saving import write_whole

PER_SECOND = "1/s"  # of the rates of a law; people read them in the unit of their times


@dataclass(frozen=True)
class FitTable:
    """The fits of one law to the curves of one table, in the order in which the curves appear, and what was asked."""

    law: Equation
    request: FitRequest
    found: FittedRows

    @property
    def rows(self) -> tuple[FittedRow, ...]:
        """One row a curve."""
        return self.found.rows

    @property
    def by(self) -> tuple[str, ...]:
        """The columns that tell the curves apart."""
        return self.request.by

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def any_usable(self) -> bool:
        """Whether at least one curve gave values that may be used."""
        return any(row.outcome.usable for row in self.rows)

    @property
    def count(self) -> str:
        """How many curves there are, in words: '1 curve'."""
        return f"{len(self)} curve{'' if len(self) == 1 else 's'}"

    @property
    def tally(self) -> str:
        """How many curves ended in which way: '96 ok, 3 censored'."""
        counted = Counter(row.outcome for row in self.rows)
        return ", ".join(f"{counted[outcome]} {outcome.code}" for outcome in Outcome if counted[outcome])

    @property
    def columns(self) -> tuple[str, ...]:
        """Headings of the table for people; a molar quantity has its unit in the cell."""
        return (
            *self.by,
            *(self._heading(parameter) for parameter in self.law.parameters),
            "points",
            "outcome",
            "note",
        )

    def printed_rows(self) -> list[tuple[str, ...]]:
        """The table for people: every parameter with its interval."""
        return [
            (
                *row.keys,
                *(self._printed(row, parameter) for parameter in self.law.parameters),
                str(row.used) + (f" ({len(row.set_aside)} set aside)" if row.set_aside else ""),
                row.outcome.code,
                row.reason,
            )
            for row in self.rows
        ]

    def _heading(self, parameter: Parameter) -> str:
        unit = _rate_unit(self.found.x_unit) if parameter.unit == PER_SECOND else self._unit(parameter)
        unit = unit.replace("signal", self.found.y)
        return f"{parameter.symbol} ({unit})" if unit and parameter.unit != "M" else parameter.symbol

    def _unit(self, parameter: Parameter) -> str:
        """The unit of a fitted number: inside units, and for the response the unit of its column if it has one."""
        return parameter.unit.replace("signal", self.found.y_unit or "signal")

    def _printed(self, row: FittedRow, parameter: Parameter) -> str:
        fit = row.fit
        if fit is None or not row.outcome.usable:
            return "–"
        value = fit.value(parameter.name)
        interval = fit.intervals.get(parameter.name)
        limits = (interval.low, interval.high) if interval else (math.nan, math.nan)
        if parameter.log10:
            value, limits = antilog(value), (antilog(limits[0]), antilog(limits[1]))
        size, unit = readable_unit(value, parameter.unit) if parameter.unit == "M" else (1.0, "")
        if parameter.unit == PER_SECOND:
            size = factor(_rate_unit(self.found.x_unit), "rate constant")
        text = f"{value / size:.4g}{' ' + unit if unit else ''}"
        low, high = (f"{limit / size:.4g}" if math.isfinite(limit) and limit else "open" for limit in limits)
        return f"{text} ({low}–{high})" if interval else f"{text} (held)"

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON; numbers stay on the scale of the fit and in inside units, both stated.

        `response_level` is null where the usual limits held.
        """
        return {
            "kind": "fit_table",
            "version": 1,
            "equation": self.law.name,
            "response_level": self.request.response_level,
            "curves": [self._plain(row) for row in self.rows],
        }

    def _plain(self, row: FittedRow) -> dict[str, Any]:
        fit = row.fit
        parameters = (
            {}
            if fit is None
            else {one.name: {**_parameter(row, one.name), **self._said(one)} for one in self.law.parameters}
        )
        return {
            "by": dict(zip(self.by, row.keys, strict=True)),
            "outcome": row.outcome.code,
            "reason": row.reason,
            "parameters": parameters,
            "rows": {"used": row.used, "set_aside": list(row.set_aside)},
        }

    def _said(self, parameter: Parameter) -> dict[str, str]:
        return {"unit": self._unit(parameter), "scale": "log10" if parameter.log10 else "linear"}

    def flat(self) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
        """One row a curve, one column a number: for CSV and Parquet. Unit and scale stand beside every parameter."""
        columns = [*self.by, "outcome", "reason", "points", "set_aside"]
        for name in self.law.names:
            columns += [name, *(f"{name}_{part}" for part in ("se", "low", "high", "unit", "scale"))]
        rows = []
        for row in self.rows:
            cells: list[Any] = [*row.keys, row.outcome.code, row.reason, row.used, len(row.set_aside)]
            for parameter in self.law.parameters:
                known = _parameter(row, parameter.name) if row.fit is not None else {}
                cells += [known.get(key) for key in ("value", "se", "low", "high")]
                cells += self._said(parameter).values()
            rows.append(tuple(cells))
        return tuple(columns), rows

    def write(self, path: Path) -> None:
        """Write the flat table: Parquet or CSV, by the extension."""
        columns, rows = self.flat()
        if path.suffix.lower() in (".parquet", ".pq"):
            write_whole(path, curve_table.to_parquet(columns, rows))
        elif path.suffix.lower() == ".csv":
            write_whole(path, _to_csv(columns, rows))
        else:
            raise InputError(
                Problem(
                    f"'{path.suffix}' is not a format that fits are written in",
                    str(path),
                    "Write .csv or .parquet",
                )
            )


def _rate_unit(time: str) -> str:
    """The unit of a rate constant for times in this unit."""
    return f"1/{time or 's'}"


def _parameter(row: FittedRow, name: str) -> dict[str, float | None]:
    """Value, standard error and limits; null where a limit is open, and everywhere when the fit may not be used."""
    fit = row.fit
    if fit is None or not row.outcome.usable:
        return {"value": None, "se": None, "low": None, "high": None}
    interval = fit.intervals.get(name)
    numbers = {
        "value": fit.value(name),
        "se": fit.standard_error(name),
        "low": interval.low if interval else math.nan,
        "high": interval.high if interval else math.nan,
    }
    return {key: value if math.isfinite(value) else None for key, value in numbers.items()}


def _to_csv(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    import csv

    from ..publishing.spreadsheet_text import neutralise

    text = io.StringIO(newline="")
    writer = csv.writer(text)
    for row in (columns, *rows):
        writer.writerow([neutralise(cell) if isinstance(cell, str) else cell for cell in row])
    return text.getvalue().encode("utf-8")


def fit_table(source: str | Path, request: FitRequest) -> FitTable:
    """Fit every curve of a file: tidy CSV, TSV, XLSX or Parquet; '-' reads standard input."""
    table = curve_table.load(source)
    return FitTable(law_named(request.equation), request, fit_curves(table, request))


def fit_frame(frame: Any, request: FitRequest) -> Any:
    """Fit every curve of a data frame; the fits come back as a frame of the same kind (pandas, polars, Arrow)."""
    table = curve_table.from_frame(frame)
    fitted = FitTable(law_named(request.equation), request, fit_curves(table, request))
    return curve_table.to_frame_like(frame, *fitted.flat())
