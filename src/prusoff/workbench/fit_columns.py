"""The fits of many curves as flat columns, one row a curve: for CSV, for Parquet and for data frames."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from ..core.equation import Array, Equation, Parameter
from ..core.errors import InputError, Problem
from ..core.fit import Outcome
from ..core.fits import OUTCOMES, RELATIONS
from .screen.axes import Axes
from .screen.discovery import RATE
from .screen.part import LEVEL, WHY, Fitted, Settings, more_names

NUMBERS = ("value", "se", "low", "high")


@dataclass(frozen=True)
class Words:
    """A column of a few different texts: the texts, and which of them stands in each row; None is an empty cell."""

    table: tuple[str | None, ...]
    codes: npt.NDArray[Any]

    def list(self) -> list[str | None]:
        """The texts of all rows."""
        return [self.table[code] for code in self.codes.tolist()]


Column: TypeAlias = npt.NDArray[Any] | Words


def unit_of(parameter: Parameter, y_unit: str) -> str:
    """The unit of a fitted number: inside units, and for the response the unit of its column if it has one."""
    return parameter.unit.replace("signal", y_unit or "signal")


def scale_of(parameter: Parameter) -> str:
    """Whether the fitted number is the quantity or its logarithm."""
    return "log10" if parameter.log10 else "linear"


def numbers_of(fitted: Fitted, name: str) -> Array:
    """Value, standard error and limits of a parameter, (4, curve); an open limit is infinite, what is not known nan.

    Everything is nan where a fit may not be used.
    """
    fits = fitted.fits
    if name in fits.fixed:
        none = np.full(len(fits), np.nan)
        found = np.array([fits.value(name), np.zeros(len(fits)), none, none])
    else:
        k = fits.index(name)
        found = np.array([fits.values[k], fits.se[k], fits.low[k], fits.high[k]])
    known: Array = np.where(fits.usable, found, np.nan)
    return known


def names_of(law: Equation, settings: Settings) -> tuple[str, ...]:
    """The names of all columns but those of the keys."""
    parts = ("", *(f"_{part}" for part in (*NUMBERS[1:], "unit", "scale")))
    return (
        *("outcome", "reason", "points", "set_aside", "set_aside_because"),
        *(name + part for name in law.names for part in parts),
        *("relation", "bound", "p_response", "sum_of_squares", "df"),
        *more_names(settings),
        *((RATE,) if settings.discovery else ()),
    )


def columns_of(axes: Axes, fitted: Fitted) -> dict[str, Column]:
    """One row a curve, one column a number; unit and scale stand beside every parameter.

    `relation` and `bound` tell what is known of the location of the law: '=' where its value is, '>' or '<' where only
    the bound is (on the scale of the fit). `p_response` is the probability that a curve without response looks so by
    chance.
    """
    law, fits = axes.law, fitted.fits
    one = np.zeros(len(fits), dtype=np.int8)
    cells: list[Column] = [
        Words(tuple(outcome.code for outcome in OUTCOMES), fits.outcome),
        Words(fits.sentences, fits.reason),
        fits.points,
        fitted.set_aside,
        _why_aside(fitted),
    ]
    for parameter in law.parameters:
        known = numbers_of(fitted, parameter.name)
        cells += list(np.where(np.isfinite(known), known, np.nan))
        cells += [Words((unit_of(parameter, axes.y_unit),), one), Words((scale_of(parameter),), one)]
    cells += [_relation(law, fitted), np.where(fits.relation > 0, fits.bound, np.nan)]
    cells += [fits.p_response, fits.sum_of_squares, fits.df]
    names = [name for name in names_of(law, axes.settings) if name != RATE or RATE in fitted.more]
    return dict(zip(names, [*cells, *fitted.more.values()], strict=True))


def _why_aside(fitted: Fitted) -> Words:
    """Why rows were set aside, in words: '2 rows: x is not a number'; nothing where none was."""
    some = np.flatnonzero(fitted.set_aside)
    kinds, which = np.unique(fitted.aside[:, some], axis=1, return_inverse=True)
    told = (
        "; ".join(f"{rows_in_words(count)}: {why}" for count, why in zip(kind, WHY, strict=True) if count)
        for kind in kinds.T.tolist()
    )
    codes = np.zeros(len(fitted), dtype=np.intp)
    codes[some] = 1 + which.ravel()
    return Words((None, *told), codes)


def _relation(law: Equation, fitted: Fitted) -> Words:
    """What is known of the location: a value, a bound, or nothing."""
    fits, nothing = fitted.fits, len(RELATIONS)
    censored = (fits.outcome == OUTCOMES.index(Outcome.CENSORED)) & (fits.relation > 0)
    known = (fits.usable | censored) & bool(law.location)
    return Words((*(one.value for one in RELATIONS), None), np.where(known, fits.relation, nothing))


def check_keys(axes: Axes, by: Sequence[str], where: str) -> None:
    """Raise where a column that tells curves apart has the name of a column of the fits."""
    for name in by:
        if name in names_of(axes.law, axes.settings):
            what = f"the column '{name}' has the name of a column of the fits"
            raise InputError(Problem(what, where, "Give it another name", "E-COLUMN"))


def said_of(settings: Settings) -> dict[str, str]:
    """What the end of a Parquet file says of the fits in it: the settings that they were made with."""
    from .. import __version__

    said = {
        "kind": "fit_table",
        "version": 3,
        "equation": settings.equation,
        "weighting": settings.weighting,
        "fixed": dict(settings.fixed),
        "response_level": settings.response_level,
        "intervals": settings.intervals,
        "outliers": None if settings.rout is None else {"method": "ROUT", "q": settings.rout},
        "robust": settings.robust,
        "false_discovery": settings.discovery,
        "level": LEVEL,
        "prusoff": __version__,
    }
    return {"prusoff": json.dumps(said, sort_keys=True)}


def constants_of(axes: Axes) -> dict[str, str]:
    """The columns that have the same text in every row: unit and scale of the parameters."""
    found = {}
    for parameter in axes.law.parameters:
        found[f"{parameter.name}_unit"] = unit_of(parameter, axes.y_unit)
        found[f"{parameter.name}_scale"] = scale_of(parameter)
    return found


def to_frame(keys: Sequence[Any], columns: Mapping[str, Column]) -> Any:
    """Keys (columns of polars) and columns as a frame of polars; nan becomes an empty cell."""
    import polars

    return polars.DataFrame([*keys, *(_series(name, column) for name, column in columns.items())])


def _series(name: str, column: Column) -> Any:
    import polars

    if isinstance(column, Words) and len(column.table) == 1:
        return polars.repeat(column.table[0], column.codes.size, dtype=polars.String, eager=True).alias(name)
    if isinstance(column, Words):
        return polars.Series(name, column.table, dtype=polars.String).gather(column.codes)
    return polars.Series(name, column, nan_to_null=column.dtype.kind == "f")


def to_lists(columns: Mapping[str, Column]) -> dict[str, list[Any]]:
    """Columns as lists; None is an empty cell."""
    return {name: _list(column) for name, column in columns.items()}


def _list(column: Column) -> list[Any]:
    if isinstance(column, Words):
        return column.list()
    if column.dtype.kind == "f":
        empty = np.isnan(column)
        column = column.astype(object)
        column[empty] = None
    found: list[Any] = column.tolist()
    return found


def to_csv(keys: Mapping[str, Sequence[Any]], columns: Mapping[str, Column]) -> bytes:
    """The table as CSV; a text that a spreadsheet would run is made harmless."""
    import csv

    from ..publishing.spreadsheet_text import neutralise

    def safe(cell: Any) -> Any:
        return neutralise(cell) if isinstance(cell, str) else cell

    every = [list(map(safe, cells)) for cells in keys.values()]
    for name, column in columns.items():
        if name == "reason" and isinstance(column, Words):  # the other words are ours and cannot be run
            column = Words(tuple(map(safe, column.table)), column.codes)
        every.append(_list(column))
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(list(map(safe, (*keys, *columns))))
    writer.writerows(zip(*every, strict=True))
    return text.getvalue().encode("utf-8")


def curves_in_words(count: int) -> str:
    """How many curves there are: '1 curve'."""
    return f"{count} curve{'' if count == 1 else 's'}"


def rows_in_words(count: int) -> str:
    """How many rows there are: '1 row'."""
    return f"{count} row{'' if count == 1 else 's'}"


def tally_in_words(tally: Mapping[Outcome, int]) -> str:
    """How many curves ended in which way: '96 ok, 3 censored'."""
    return ", ".join(f"{count} {outcome.code}" for outcome, count in tally.items())
