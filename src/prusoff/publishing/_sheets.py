"""What stands on the sheets of a workbook: names, columns and rows, before anything is written."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ..core.check import gravest_first
from ..core.report import Document, TableBlock
from ..core.result import AssayResult
from ._charts import SHEET
from ._curve_blocks import CurveBlock
from .plain import plain
from .rows import EstimateRow, estimate_rows

SCIENTIFIC, FOUR, PLAIN = "0.000E+00", "0.####", "General"
_FURTHER = {
    "substrate_molar": "Substrate, M",
    "time_s": "Time, s",
    "phase": "Phase",
    "second_compound": "Second compound",
    "second_molar": "Second compound, M",
    "protein_g": "Protein, g",
    "cells": "Cells",
    "voltage_v": "Potential, V",
    "pulse": "Pulse",
    "end_point": "Read at",
    "region": "Region",
    "dose_g_per_kg": "Dose, g/kg",
    "tissue_g": "Tissue, g",
}

_QUALITY = {
    "series_resistance": "Series resistance, ohm",
    "seal_resistance": "Seal resistance, ohm",
    "leak": "Leak, A",
    "capacitance": "Capacitance, F",
    "compensation": "Compensated",
}


@dataclass(frozen=True)
class Column:
    """One column: its heading, how wide it is, how its numbers are shown."""

    title: str
    width: float
    number_format: str = PLAIN


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name, its columns, a tuple of cells for each row."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[Sequence[Any], ...]


def results_sheet(result: AssayResult) -> Sheet:
    """Every estimate, one a row."""
    columns = (
        Column("Compound", 18),
        Column("Experiment (empty: all)", 16),
        Column("Quantity", 16),
        Column("Printed", 26),
        Column("Relation", 9),
        Column("Value (inside unit)", 13, SCIENTIFIC),
        Column("Low", 13, SCIENTIFIC),
        Column("High", 13, SCIENTIFIC),
        Column("Unit", 8),
        Column("Level of interval", 9),
        Column("n (experiments)", 12),
        Column("Method", 28),
        Column("Outcome", 12),
        Column("Reason", 70),
    )
    return Sheet("Results", columns, tuple(_result_row(row) for row in estimate_rows(result)))


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


def curves_sheet(blocks: Iterable[CurveBlock]) -> Sheet:
    """Every point of every curve."""
    columns = (
        Column("Compound", 18),
        Column("Experiment", 12),
        Column("Kind", 18),
        Column("x (control wells: where they are drawn)", 14, SCIENTIFIC),
        Column("Unit of x", 8),
        Column("log10 x", 9, FOUR),
        Column("Response (mean of wells)", 13, FOUR),
        Column("SD of wells", 11, FOUR),
        Column("Wells", 7),
        Column("Response is", 14),
        Column("Legend", 20),
    )
    return Sheet(SHEET, columns, tuple(row for block in blocks for row in _block_rows(block)))


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


def checks_sheet(result: AssayResult) -> Sheet:
    """Every check with its number and limit."""
    columns = (
        Column("Verdict", 13),
        Column("Code", 11),
        Column("Check", 28),
        Column("Of", 26),
        Column("Number", 11, FOUR),
        Column("Passed where the number is", 12),
        Column("Limit", 11, FOUR),
        Column("Unit of both", 10),
        Column("What it says", 90),
        Column("Source", 30),
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
    return Sheet("Checks", columns, rows)


def wells_sheet(result: AssayResult) -> Sheet:
    """Every well, used or set aside."""
    wells = [well for experiment in result.experiments for well in experiment.wells]
    further = tuple(dict.fromkeys(name for well in wells for name in well.treatment.further))
    extra = tuple(dict.fromkeys(name for well in wells for name in well.extra))
    quality = tuple(dict.fromkeys(name for well in wells for name in well.quality))
    errors = any(well.signal_se == well.signal_se for well in wells)
    columns = (
        Column("Experiment", 12),
        Column("Plate", 10),
        Column("Well", 7),
        Column("Role", 12),
        Column("Compound", 18),
        Column("Concentration, M", 14, SCIENTIFIC),
        Column("Radioligand, M", 14, SCIENTIFIC),
        *(Column(_FURTHER[name], 14, SCIENTIFIC) for name in further),
        Column("Signal", 11, FOUR),
        *((Column("SE of signal", 11, FOUR),) if errors else ()),
        Column("Unit of signal", 9),
        Column("Counting time, s", 10, FOUR),
        Column("Used", 7),
        Column("Set aside because", 40),
        Column("Source", 30),
        *(Column(_QUALITY[name], 14, SCIENTIFIC) for name in quality),
        *(Column(name, 16, FOUR) for name in extra),
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
            *((well.signal_se,) if errors else ()),
            well.unit,
            well.count_time_s,
            "yes" if well.used else "no",
            well.set_aside,
            well.source,
            *(well.quality.get(name, "") for name in quality),
            *(_number_or_text(well.extra.get(name, "")) for name in extra),
        )
        for well in wells
    )
    return Sheet("Wells", columns, rows)


def document_sheets(document: Document | None) -> Iterator[Sheet]:
    """The tables of a report that ask for a sheet of their own; a cell that is a number becomes one."""
    sections = () if document is None else document.sections
    for block in (block for section in sections for block in section.blocks):
        if isinstance(block, TableBlock) and block.sheet:
            columns = tuple(Column(title, 16) for title in block.columns)
            rows = tuple((row[0], *map(_number_or_text, row[1:])) for row in block.rows)
            yield Sheet(block.sheet, columns, rows)


def _number_or_text(text: str) -> float | str:
    """What stands beside a well: a number where it is exactly one, else the text as it is."""
    try:
        return float(text) if f"{float(text):.6g}" == text else text
    except ValueError:
        return text


def provenance_sheet(result: AssayResult) -> Sheet:
    """Inputs, settings, versions and seed."""
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
    columns = (Column("What", 20), Column("Name", 30), Column("Value", 90))
    return Sheet("Provenance", columns, tuple(rows))


def _setting(value: Any) -> Any:
    known = plain(value)
    return known if isinstance(known, str | float | int) and not isinstance(known, bool) else str(known)
