"""`prusoff read`: what is in a file, before anything is computed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ._output import print_grid, print_json, print_lines


def command(
    file: Annotated[
        Path, typer.Argument(help="The file of a counter, a plate reader or an amplifier, or a table.")
    ],
    as_: Annotated[str, typer.Option("--as", help="Read it as this format instead of recognising it.")] = "",
    json: Annotated[bool, typer.Option("--json", help="Print everything found as JSON.")] = False,
    traces: Annotated[str, typer.Option("--traces", help="Write recorded traces to this CSV file.")] = "",
) -> None:
    """Show what was found in a file: format, plates, tables, sweeps, and what the instrument says of itself."""
    from ..workbench.reading import describe, preview, read, save_recorded

    found = read(file, as_ or None)
    if traces:
        written = save_recorded(found, traces)
        if not json:
            print_lines(f"{path}: written" for path in written)
    if json:
        print_json(describe(found))
        return
    for part in preview(found):
        if part.columns:
            print_grid(part.title, part.columns, part.rows)
        else:
            print_lines([part.title])
