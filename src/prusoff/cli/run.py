"""`prusoff run`: analyse one or many experiments."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from ._output import console, print_error, print_json


def command(
    experiment: Annotated[Path, typer.Argument(help="A run file (TOML), or a folder of run files.")],
    out: Annotated[
        Path | None, typer.Option(help="Folder for the results; by default 'results' beside the run file.")
    ] = None,
    json: Annotated[
        bool, typer.Option("--json", help="Print the results as JSON instead of tables.")
    ] = False,
) -> None:
    """Analyse experiments: from counts to constants, with checks, figures and a report."""
    from ..core.check import Severity
    from ..core.errors import FileError, Problem, PrusoffError
    from ..core.headline import headlines, nothing_determined
    from ..workbench.analysis import open_all

    if out is not None and out.exists() and not out.is_dir():
        raise FileError(
            Problem("this is a file, not a folder", str(out), "Name a folder with --out", "E-FOLDER")
        )
    worst, documents = 0, []
    for run in open_all(experiment):
        try:
            result = run.analyse()
            written = result.save(out / run.name if out else run.folder / "results" / run.name)
        except PrusoffError as error:
            worst = 2
            documents.append(error.to_dict())
            if not json:
                print_error(error, as_json=False)
            continue
        found = result.result
        failed = found.worst is Severity.FAIL or bool(nothing_determined(headlines(found)))
        worst = max(worst, int(failed))
        documents.append(result.as_dict())
        if not json:
            console().print(result.for_terminal(map(str, written)))
    if json:
        print_json(documents[0] if len(documents) == 1 else documents)
    sys.exit(worst)
