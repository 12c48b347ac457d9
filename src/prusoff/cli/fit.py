"""`prusoff fit`: fit a law to one or many curves of a table."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from ._output import print_json, print_lines, print_table


def command(
    curves: Annotated[
        Path, typer.Argument(help="A tidy table: CSV, TSV, XLSX or Parquet; '-' reads CSV from stdin.")
    ],
    equation: Annotated[
        str, typer.Option(help="A law; see `prusoff show equations`.")
    ] = "four_parameter_logistic",
    x: Annotated[str, typer.Option(help="Column of x; concentrations, not their logarithms.")] = "",
    y: Annotated[str, typer.Option(help="Column of the response.")] = "",
    x_unit: Annotated[str, typer.Option(help="Unit of x, where its heading has none.")] = "",
    by: Annotated[list[str] | None, typer.Option(help="Column(s) that tell curves apart.")] = None,
    fix: Annotated[list[str] | None, typer.Option(help="Hold a parameter: --fix hill_slope=1.")] = None,
    weighting: Annotated[
        str, typer.Option(help="none, relative (1/Y² of the fit) or observed (1/Y² of the data).")
    ] = "none",
    response_level: Annotated[
        float | None,
        typer.Option(
            help="Probability of chance above which a curve counts as flat; without it 0.0000025 from 20 points "
            "on, 0.0001 from 15, 0.001 from 10, 0.01 from 7, else 0.05."
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Write the fits here: CSV, or Parquet by the extension.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Fit a law to one or many curves, each with intervals and a verdict; one bad curve never stops the others."""
    from ..workbench.curve_fitting import FitRequest, parse_fixed
    from ..workbench.fit_table import fit_table

    request = FitRequest(
        equation=equation,
        x=x,
        y=y,
        x_unit=x_unit,
        by=tuple(by or ()),
        fixed=parse_fixed(fix or ()),
        weighting=weighting,
        response_level=response_level,
    )
    table = fit_table(curves, request)
    if out is not None:
        table.write(out)
    if json:
        print_json(table.as_dict())
    elif out is None:
        print_table(f"{equation}: {table.count}", table.columns, table.printed_rows())
    else:
        print_lines([f"{table.count} fitted: {table.tally}", f"  {out}"])
    sys.exit(0 if table.any_usable else 1)
