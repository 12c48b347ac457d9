"""`prusoff simulate`: a run with simulated wells and their truth, to try an assay or to copy its run file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ._output import print_json


def command(
    assay: Annotated[str, typer.Argument(help="An assay, such as radioligand_competition.")],
    out: Annotated[
        Path | None, typer.Option(help="Folder to write into; named after the assay by default.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Where the random numbers of the bench start.", min=0)] = 1,
    stated: Annotated[
        list[str] | None,
        typer.Option("--set", help="A value of the truth, such as 'Ki of first = 20 nM'; repeat for more."),
    ] = None,
    recordings: Annotated[
        bool,
        typer.Option("--recordings", help="Write what an amplifier records (NWB) in place of amplitudes."),
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Write the simulated example of an assay: run file, wells of several days, and the truth behind them."""
    from ..workbench.simulated_run import simulate

    path, truth = simulate(assay, out or Path(assay), seed, stated or (), as_recorded=recordings)
    if json:
        print_json({"run_file": str(path), "seed": seed, "truth": dict(truth)})
        return
    typer.echo(f"Simulated {assay}, seed {seed}: {path.parent}")
    typer.echo(f"Analyse it with: prusoff run {path}")
