"""A result as an Excel workbook: typed cells, native charts, nothing that Excel could run or turn into a date."""

from __future__ import annotations

import datetime as dt
import io
import math
from collections.abc import Iterable, Iterator
from typing import Any

from ..core.errors import InputError, Problem
from ..core.report import Document
from ..core.result import AssayResult
from ._charts import SHEET, Placed, add_charts
from ._curve_blocks import CurveBlock, curve_blocks
from ._sheets import (
    FOUR,
    PLAIN,
    SCIENTIFIC,
    Sheet,
    checks_sheet,
    curves_sheet,
    document_sheets,
    provenance_sheet,
    results_sheet,
    wells_sheet,
)

_MOST_ROWS = 1_048_575
_LONGEST_TEXT = 32_767
_CREATED = dt.datetime(2000, 1, 1)  # fixed, so that the same result gives the same bytes


def to_xlsx(result: AssayResult, document: Document | None = None) -> bytes:
    """The workbook as bytes: Results, Curves with one chart a compound, Checks, Wells, Provenance.

    Tables of the report that name a sheet (`TableBlock.sheet`) stand before Provenance.

    Text stays text ('=cmd()', '00123', 'Mar-1'); numbers have full precision in the unit of their heading or row. A
    limit of an interval that has no end reads 'open', a number that does not exist is an empty cell.
    """
    from xlsxwriter import Workbook

    buffer = io.BytesIO()
    with Workbook(buffer, {"in_memory": True, "nan_inf_to_errors": False}) as workbook:
        workbook.set_properties({"title": result.title, "created": _CREATED})
        head = workbook.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        blocks = tuple(block for one in result.series for block in curve_blocks(one))
        for table in (
            results_sheet(result),
            curves_sheet(blocks),
            checks_sheet(result),
            wells_sheet(result),
            *document_sheets(document),
            provenance_sheet(result),
        ):
            sheet = _write(workbook, table, head)
            if table.name == SHEET and blocks:
                add_charts(workbook, sheet, tuple(_placed(blocks)), len(table.columns) + 1)
    return buffer.getvalue()


def _write(workbook: Any, table: Sheet, head: Any) -> Any:
    if len(table.rows) > _MOST_ROWS:
        raise InputError(
            Problem(
                f"{len(table.rows)} rows do not fit on an Excel sheet",
                f"sheet '{table.name}'",
                "Use the CSV or JSON file",
                "E-ROWS",
            )
        )
    sheet = workbook.add_worksheet(table.name)
    formats = {one: workbook.add_format({"num_format": one}) for one in (SCIENTIFIC, FOUR, PLAIN)}
    for place, column in enumerate(table.columns):
        sheet.set_column(place, place, column.width)
        sheet.write_string(0, place, column.title, head)
    for number, row in enumerate(table.rows, start=1):
        for place, value in enumerate(row):
            _cell(sheet, (number, place), value, formats[table.columns[place].number_format])
    sheet.freeze_panes(1, 1)
    if table.rows:
        sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.repeat_rows(0)
    return sheet


def _cell(sheet: Any, place: tuple[int, int], value: Any, number_format: Any) -> None:
    if isinstance(value, str):
        if value:
            cut = value if len(value) <= _LONGEST_TEXT else value[: _LONGEST_TEXT - 1] + "…"
            sheet.write_string(*place, cut)
    elif value is not None and math.isfinite(value):
        sheet.write_number(*place, value, number_format)


def _placed(blocks: Iterable[CurveBlock]) -> Iterator[Placed]:
    row = 1
    for block in blocks:
        yield row, block
        row += block.x.size
