"""A result as an Excel workbook: typed cells, native charts, nothing that Excel could run or turn into a date."""

from __future__ import annotations

import datetime as dt
import io
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ..core.check import gravest_first
from ..core.errors import InputError, Problem
from ..core.report import Document, TableBlock
from ..core.result import AssayResult
from ._charts import SHEET, Placed, add_charts
from ._curve_blocks import CurveBlock, curve_blocks
from .plain import plain
from .rows import EstimateRow, estimate_rows

_MOST_ROWS = 1_048_575
_LONGEST_TEXT = 32_767
_CREATED = dt.datetime(2000, 1, 1)  # fixed, so that the same result gives the same bytes
_SCIENTIFIC, _FOUR, _PLAIN = "0.000E+00", "0.####", "General"
_FURTHER = {
    "substrate_molar": "Substrate, M",
    "time_s": "Time, s",
    "phase": "Phase",
    "second_compound": "Second compound",
    "second_molar": "Second compound, M",
    "protein_g": "Protein, g",
    "cells": "Cells",
}


@dataclass(frozen=True)
class _Column:
    title: str
    width: float
    number_format: str = _PLAIN


@dataclass(frozen=True)
class _Table:
    name: str
    columns: tuple[_Column, ...]
    rows: tuple[Sequence[Any], ...]


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
            _results(result),
            _curves(blocks),
            _checks(result),
            _wells(result),
            *_of_document(document),
            _provenance(result),
        ):
            sheet = _write(workbook, table, head)
            if table.name == SHEET and blocks:
                add_charts(workbook, sheet, tuple(_placed(blocks)), len(table.columns) + 1)
    return buffer.getvalue()


def _write(workbook: Any, table: _Table, head: Any) -> Any:
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
    formats = {one: workbook.add_format({"num_format": one}) for one in (_SCIENTIFIC, _FOUR, _PLAIN)}
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


def _results(result: AssayResult) -> _Table:
    columns = (
        _Column("Compound", 18),
        _Column("Experiment (empty: all)", 16),
        _Column("Quantity", 16),
        _Column("Printed", 26),
        _Column("Relation", 9),
        _Column("Value (inside unit)", 13, _SCIENTIFIC),
        _Column("Low", 13, _SCIENTIFIC),
        _Column("High", 13, _SCIENTIFIC),
        _Column("Unit", 8),
        _Column("Level of interval", 9),
        _Column("n (experiments)", 12),
        _Column("Method", 28),
        _Column("Outcome", 12),
        _Column("Reason", 70),
    )
    return _Table("Results", columns, tuple(_result_row(row) for row in estimate_rows(result)))


def _result_row(row: EstimateRow) -> tuple[Any, ...]:
    one = row.estimate
    told: tuple[Any, ...] = ("", "", "", None, None, None, "", None)
    method = ""
    if one is not None:
        limits = (_limit(one.low), _limit(one.high))
        told = (one.name, one.amount, one.relation.value, one.value, *limits, one.unit, one.level)
        method = one.method
    return (row.subject, row.experiment, *told, row.n, method, row.outcome, row.reason)


def _limit(value: float) -> float | str:
    return "open" if math.isinf(value) else value


def _curves(blocks: Iterable[CurveBlock]) -> _Table:
    columns = (
        _Column("Compound", 18),
        _Column("Experiment", 12),
        _Column("Kind", 18),
        _Column("x (control wells: where they are drawn)", 14, _SCIENTIFIC),
        _Column("Unit of x", 8),
        _Column("log10 x", 9, _FOUR),
        _Column("Response (mean of wells)", 13, _FOUR),
        _Column("SD of wells", 11, _FOUR),
        _Column("Wells", 7),
        _Column("Response is", 14),
        _Column("Legend", 20),
    )
    return _Table(SHEET, columns, tuple(row for block in blocks for row in _block_rows(block)))


def _block_rows(block: CurveBlock) -> Iterator[tuple[Any, ...]]:
    for x, mean, sd, n in zip(block.x, block.mean, block.sd, block.n, strict=True):
        log_x = math.log10(x) if block.log_axis else None
        about = (block.subject, block.experiment, block.kind)
        yield (
            *about,
            float(x),
            block.unit,
            log_x,
            float(mean),
            float(sd),
            float(n),
            block.response,
            block.legend,
        )


def _placed(blocks: Iterable[CurveBlock]) -> Iterator[Placed]:
    row = 1
    for block in blocks:
        yield row, block
        row += block.x.size


def _checks(result: AssayResult) -> _Table:
    columns = (
        _Column("Verdict", 13),
        _Column("Code", 11),
        _Column("Check", 28),
        _Column("Of", 26),
        _Column("Number", 11, _FOUR),
        _Column("Passed where the number is", 12),
        _Column("Limit", 11, _FOUR),
        _Column("Unit of both", 10),
        _Column("What it says", 90),
        _Column("Source", 30),
    )
    rows = tuple(
        (
            one.severity.value,
            one.code,
            one.title,
            one.subject,
            one.number,
            one.sense,
            one.limit,
            one.unit,
            one.sentence,
            one.source,
        )
        for one in gravest_first(result.flags)
    )
    return _Table("Checks", columns, rows)


def _wells(result: AssayResult) -> _Table:
    wells = [well for experiment in result.experiments for well in experiment.wells]
    further = tuple(dict.fromkeys(name for well in wells for name in well.treatment.further))
    extra = tuple(dict.fromkeys(name for well in wells for name in well.extra))
    columns = (
        _Column("Experiment", 12),
        _Column("Plate", 10),
        _Column("Well", 7),
        _Column("Role", 12),
        _Column("Compound", 18),
        _Column("Concentration, M", 14, _SCIENTIFIC),
        _Column("Radioligand, M", 14, _SCIENTIFIC),
        *(_Column(_FURTHER[name], 14, _SCIENTIFIC) for name in further),
        _Column("Signal", 11, _FOUR),
        _Column("Unit of signal", 9),
        _Column("Counting time, s", 10, _FOUR),
        _Column("Used", 7),
        _Column("Set aside because", 40),
        _Column("Source", 30),
        *(_Column(name, 16, _FOUR) for name in extra),
    )
    rows = tuple(
        (
            well.experiment,
            well.plate,
            well.position,
            well.treatment.role.value,
            well.treatment.compound,
            well.treatment.concentration_molar,
            well.treatment.radioligand_molar,
            *(well.treatment.further.get(name, "") for name in further),
            well.signal,
            well.unit,
            well.count_time_s,
            "yes" if well.used else "no",
            well.set_aside,
            well.source,
            *(_number_or_text(well.extra.get(name, "")) for name in extra),
        )
        for well in wells
    )
    return _Table("Wells", columns, rows)


def _of_document(document: Document | None) -> Iterator[_Table]:
    """The tables of a report that ask for a sheet of their own; a cell that is a number becomes one."""
    sections = () if document is None else document.sections
    for block in (block for section in sections for block in section.blocks):
        if isinstance(block, TableBlock) and block.sheet:
            columns = tuple(_Column(title, 16) for title in block.columns)
            rows = tuple((row[0], *map(_number_or_text, row[1:])) for row in block.rows)
            yield _Table(block.sheet, columns, rows)


def _number_or_text(text: str) -> float | str:
    """What stands beside a well: a number where it is exactly one, else the text as it is."""
    try:
        return float(text) if f"{float(text):.6g}" == text else text
    except ValueError:
        return text


def _provenance(result: AssayResult) -> _Table:
    made = result.provenance
    wells, used, aside = result.rows
    rows: list[Sequence[Any]] = [
        ("result", "assay", result.assay),
        ("result", "title", result.title),
        *(("note", str(number), note) for number, note in enumerate(result.notes, start=1)),
        ("wells", "in = used + set aside", f"{wells} = {used} + {aside}"),
        *(("input file, SHA-256", one.name, one.sha256) for one in made.inputs),
        *(("setting", name, _setting(value)) for name, value in made.settings.items()),
        *(("version", name, value) for name, value in made.versions.items()),
        ("machine", "platform", made.platform),
        ("machine", "seed", str(made.seed)),
        *(("step", str(number), step.sentence) for number, step in enumerate(result.steps, start=1)),
    ]
    columns = (_Column("What", 20), _Column("Name", 30), _Column("Value", 90))
    return _Table("Provenance", columns, tuple(rows))


def _setting(value: Any) -> Any:
    known = plain(value)
    return known if isinstance(known, str | float | int) and not isinstance(known, bool) else str(known)
