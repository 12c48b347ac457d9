"""`results.md`: what stands in every file of a result."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from typing import Any

from prusoff.core.result import AssayResult
from prusoff.publishing.csv import COLUMNS
from prusoff.publishing.schema import result_schema
from prusoff.publishing.xlsx import to_xlsx
from prusoff.workbench import shelves

from .markdown import anchor, bullets, code, codes, page, table

MEANINGS: Mapping[str, str] = {
    "subject": "the compound, or the radioligand of a saturation",
    "experiment": "the independent experiment; empty for a value over all of them",
    "quantity": "Ki, pKi, IC50, Kd, Bmax, nH, top, bottom ...",
    "relation": "`=`, `<`, `>` or `~`; a bound is never printed as a value",
    "value": "in the unit of the row, full precision",
    "low": "lower limit of the interval; empty: open, or not computed",
    "high": "upper limit of the interval; empty: open, or not computed",
    "level": "level of the interval, 0.95 by default",
    "unit": "M, fmol/mg or that of the signal",
    "n": "number of independent experiments",
    "method": "how value and interval were made",
    "outcome": "ok, flagged, censored, no_response, failed or untested",
    "reason": "that outcome in a sentence",
}


def text() -> str:
    """The page."""
    form = result_schema()
    figures = (f"`figures/{name}.svg`, `.png`: {one.title}" for name, one in shelves.shelf("figures").items())
    reports = (f"{code(name)}: {one.title}" for name, one in shelves.shelf("reports").items())
    about = (
        "`prusoff run` writes one folder for each run file. Every file is written under a temporary name and then "
        "renamed, `results.json` last: where it is, all is. The same input gives the same bytes."
    )
    json = (
        "Canonical JSON (RFC 8785) in inside units: mol/L, log10 mol/L, dpm. A number that does not exist is null. "
        "Fields are never renamed within a `version`. The schema is [results.schema.json](../results.schema.json)."
    )
    return page(
        "Results",
        about,
        "## report.html",
        "One page without scripts and without anything from elsewhere; it prints on A4.",
        bullets(reports),
        "## figures/",
        bullets(figures),
        "## results.csv",
        "One estimate a row; UTF-8 with a byte-order mark. Text that a spreadsheet would run is marked.",
        table(("column", "meaning"), [(code(name), MEANINGS[name]) for name in COLUMNS]),
        "## results.xlsx",
        "Typed cells and native charts, no formulas. A limit that has no end reads `open`.",
        table(("sheet", "columns"), _sheets()),
        "## results.json",
        json,
        *(_record(name, record) for name, record in [("Result", form), *form["$defs"].items()]),
    )


def _sheets() -> Iterator[tuple[str, str]]:
    """Sheets and headings of a workbook as written; those of an empty result are those of every result."""
    from python_calamine import CalamineWorkbook

    empty = AssayResult("none", "none", (), (), (), (), (), ())
    book = CalamineWorkbook.from_filelike(io.BytesIO(to_xlsx(empty)))
    for name in book.sheet_names:
        yield name, "; ".join(str(cell) for cell in book.get_sheet_by_name(name).to_python()[0] if cell != "")


def _record(name: str, record: Mapping[str, Any]) -> str:
    rows = [(code(key), _type(form)) for key, form in record["properties"].items()]
    heading = f"### {name.removesuffix('Record')}"
    return "\n\n".join((heading, record.get("description", ""), table(("field", "value"), rows)))


def _type(form: Mapping[str, Any]) -> str:
    if "$ref" in form:
        return _link(str(form["$ref"]))
    if "anyOf" in form:
        return " or ".join(dict.fromkeys(_type(one) for one in form["anyOf"]))
    if "const" in form:
        return code(str(form["const"]))
    if "enum" in form:
        return codes(map(str, form["enum"]))
    if form.get("type") == "array":
        return f"list of {_type(form['items'])}"
    values = form.get("additionalProperties")
    if isinstance(values, dict):
        return f"table of {_type(values)} by name"
    return {"object": "table", "string": "text", "null": "null", "integer": "whole number"}.get(
        form.get("type", ""), form.get("type", "anything")
    )


def _link(target: str) -> str:
    name = target.rsplit("/", 1)[-1].removesuffix("Record")
    return f"[{name}](#{anchor(name)})"
