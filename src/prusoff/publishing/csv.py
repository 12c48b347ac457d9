"""Estimates as a tidy CSV file: one estimate a row, full precision, inside units."""

from __future__ import annotations

import csv
import io
import math

from ..core.result import AssayResult
from .rows import EstimateRow, estimate_rows
from .spreadsheet_text import neutralise

COLUMNS = (
    "subject",
    "experiment",
    "quantity",
    "relation",
    "value",
    "low",
    "high",
    "level",
    "unit",
    "n",
    "method",
    "outcome",
    "reason",
)


def to_csv(result: AssayResult) -> bytes:
    """The estimates as UTF-8 text with a byte-order mark (spreadsheets need it to read µ and Greek letters).

    Numbers have full precision and a point; a limit that is open or was not computed is an empty cell. Text cells that
    a spreadsheet would run are marked by `neutralise`; `restore` takes the mark off again.
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows(_cells(row) for row in estimate_rows(result))
    return buffer.getvalue().encode("utf-8-sig")


def _cells(row: EstimateRow) -> list[str]:
    one = row.estimate
    described = ("", "", "", "", "", "", "", "")
    if one is not None:
        described = (
            neutralise(one.name),
            one.relation.value,
            _number(one.value),
            _number(one.low),
            _number(one.high),
            _number(one.level),
            neutralise(one.unit),
            neutralise(one.method),
        )
    *numbers, method = described
    texts = (neutralise(row.subject), neutralise(row.experiment))
    # '=' alone is the relation, one of four fixed words, and cannot be run
    n = "" if row.n is None else str(row.n)
    return [*texts, *numbers, n, method, row.outcome, neutralise(row.reason)]


def _number(value: float) -> str:
    return repr(float(value)) if math.isfinite(value) else ""
