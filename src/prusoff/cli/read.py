"""`prusoff read`: what is in a file, before anything is computed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ._output import print_grid, print_json, print_lines


def command(
    file: Annotated[Path, typer.Argument(help="The file of a counter, a plate reader or a table.")],
    as_: Annotated[str, typer.Option("--as", help="Read it as this format instead of recognising it.")] = "",
    json: Annotated[bool, typer.Option("--json", help="Print everything found as JSON.")] = False,
) -> None:
    """Show what was found in a file: format, plates, tables, and what the instrument says of itself."""
    from ..workbench.reading import describe, preview, read

    found = read(file, as_ or None)
    if json:
        print_json(describe(found))
        return
    for part in preview(found):
        if part.columns:
            print_grid(part.title, part.columns, part.rows)
        else:
            print_lines([part.title])
