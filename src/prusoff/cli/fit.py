"""`prusoff fit`: fit a law to one or many curves of a table."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from ..core.errors import InputError, Problem
from ._fits import fits_as_lines
from ._output import print_json, print_lines
from ._progress import progress_bar

if TYPE_CHECKING:
    from ..workbench.curve_fitting import FitRequest
    from ..workbench.screen.labour import Labour

INTERRUPTED = 130  # the exit code of a process that was stopped by Ctrl-C
LEVEL = (
    "Probability of chance above which a curve counts as flat; without it 0.0000025 from 20 points "
    "on, 0.0001 from 15, 0.001 from 10, 0.01 from 7, else 0.05."
)
CURVES = "A tidy table: CSV, TSV, XLSX or Parquet; '-' reads CSV from stdin."
WEIGHTING = "none, relative (1/Y² of the fit) or observed (1/Y² of the data)."
INTERVALS = "profile (of the likelihood; if not given), wald (by the standard error; quicker) or none."
EQUATION = (
    "A law, see `prusoff show equations`; four_parameter_logistic if not given. "
    "With several, the one to keep is chosen for every curve."
)
CHOOSE = "Choose the law of every curve among the usual sigmoid ones, by AICc and F tests; about 5 curves a second."
OUTLIERS = "none, or rout: set outliers aside and fit the rest."
OUTLIER_RATE = "Q of ROUT: the part of the outliers that may be none; 0.01 if not given."
ROBUST = "Points far from the curve count little (Lorentzian errors); slow: about 20 curves a second."
FDR = "False discovery rate of every curve as a response: bh (Benjamini-Hochberg) or decoys."
WORKERS = "Worker processes; without it one for each core where there are many curves."

Report: TypeAlias = Callable[[bool], bool]
"""Prints what was found, as JSON where asked for, and says whether any of it is usable."""


def command(
    curves: Annotated[Path, typer.Argument(help=CURVES)],
    equation: Annotated[list[str] | None, typer.Option(help=EQUATION, show_default=False)] = None,
    choose: Annotated[bool, typer.Option("--choose", help=CHOOSE)] = False,
    x: Annotated[str, typer.Option(help="Column of x; concentrations, not their logarithms.")] = "",
    y: Annotated[str, typer.Option(help="Column of the response.")] = "",
    x_unit: Annotated[str, typer.Option(help="Unit of x, where its heading has none.")] = "",
    by: Annotated[list[str] | None, typer.Option(help="Column(s) that tell curves apart.")] = None,
    fix: Annotated[list[str] | None, typer.Option(help="Hold a parameter: --fix hill_slope=1.")] = None,
    weighting: Annotated[str, typer.Option(help=WEIGHTING)] = "none",
    intervals: Annotated[str, typer.Option(help=INTERVALS, show_default=False)] = "",
    outliers: Annotated[str, typer.Option(help=OUTLIERS)] = "none",
    outlier_rate: Annotated[float | None, typer.Option(help=OUTLIER_RATE)] = None,
    robust: Annotated[bool, typer.Option("--robust", help=ROBUST)] = False,
    fdr: Annotated[str, typer.Option(help=FDR, show_default=False)] = "",
    response_level: Annotated[float | None, typer.Option(help=LEVEL)] = None,
    out: Annotated[
        Path | None, typer.Option(help="Write the fits here: CSV, or Parquet by the extension.")
    ] = None,
    workers: Annotated[int, typer.Option(min=0, help=WORKERS, show_default=False)] = 0,
    cluster: Annotated[str, typer.Option(help="Fit on a dask cluster: tcp://HOST:8786.")] = "",
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a run that was stopped.")] = False,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Begin a run that was stopped anew.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Fit a law to one or many curves, each with intervals and a verdict; one bad curve never stops the others.

    From Parquet into Parquet (--out FITS.parquet) a table may be larger than the memory, and a run that was stopped
    goes on with --resume.
    """
    from ..workbench.curve_fitting import FitRequest, check_choice, laws_to_fit, outlier_rate_of, parse_fixed
    from ..workbench.screen.labour import Labour

    if out is not None and out.exists() and curves.exists() and out.samefile(curves):
        fix_it = "Name another file with --out"
        raise InputError(Problem("the fits would be written over the curves", str(out), fix_it))
    held = parse_fixed(fix or ())
    rate = outlier_rate_of(outliers, outlier_rate)
    asked = (weighting, response_level, intervals, rate, robust, fdr)
    laws = laws_to_fit(equation or (), choose)
    request = FitRequest(laws[0], x, y, x_unit, tuple(by or ()), held, *asked)
    unfinished = "resume" if resume else "overwrite" if overwrite else "refuse"
    try:
        with progress_bar("curves", quiet=json) as progress:
            labour = Labour(workers, cluster, progress)
            if len(laws) > 1:
                check_choice(request, resume=resume, cluster=cluster)
                report = _chosen(curves, out, request, laws, labour)
            elif out is not None and not json and _both_parquet(curves, out):
                report = _from_file_to_file(curves, out, request, labour, unfinished)
            else:
                report = _in_memory(curves, out, request, labour, unfinished)
    except KeyboardInterrupt:
        typer.echo(_stopped(out), err=True)
        sys.exit(INTERRUPTED)
    sys.exit(0 if report(json) else 1)


def _stopped(out: Path | None) -> str:
    from ..workbench.screen.unfinished import Unfinished

    begun = out is not None and Unfinished.beside(out).exists
    return "Stopped; the same command with --resume goes on from here." if begun else "Stopped."


def _both_parquet(curves: Path, out: Path) -> bool:
    from ..workbench.curve_table import PARQUET

    return {curves.suffix.lower(), out.suffix.lower()} <= set(PARQUET)


def _from_file_to_file(
    curves: Path, out: Path, request: FitRequest, labour: Labour, unfinished: str
) -> Report:
    """Fit in flat memory; the report says how many curves ended in which way, and which were lost."""
    from ..workbench.screen.stream import Screen

    found = Screen.of(curves, request, out).run(labour, unfinished)

    def report(json: bool) -> bool:
        print_lines([found.summary, f"  {out}", *map(str, found.lost)])
        return found.any_usable and not found.lost

    return report


def _in_memory(
    curves: Path, out: Path | None, request: FitRequest, labour: Labour, unfinished: str
) -> Report:
    """Fit a table that fits into the memory; the report prints it."""
    from ..workbench.fit_table import check_ending, fit_table
    from ..workbench.printed_fits import printed_fits

    if unfinished == "resume":
        fix = "Give curves in Parquet, and --out FITS.parquet without --json"
        raise InputError(Problem("only a run from Parquet into Parquet can be resumed", "--resume", fix))
    if out is not None:
        check_ending(out)
    table = fit_table(curves, request, labour)
    if out is not None:
        table.write(out)

    def report(json: bool) -> bool:
        if json:
            print_json(table.as_dict())
        elif out is None:
            print_lines(fits_as_lines(printed_fits(table)))
        else:
            print_lines([f"{table.count} fitted: {table.tally}", f"  {out}"])
        return table.any_usable

    return report


def _chosen(
    curves: Path, out: Path | None, request: FitRequest, laws: Sequence[str], labour: Labour
) -> Report:
    """Choose a law for every curve; the report prints a table for each law that any curve got."""
    from ..workbench.chosen_fits import choose_table
    from ..workbench.fit_table import check_ending
    from ..workbench.printed_fits import printed_fits

    if out is not None:
        check_ending(out)
    found = choose_table(curves, request, laws, labour)
    if out is not None:
        found.write(out)

    def report(json: bool) -> bool:
        if json:
            print_json(found.as_dict())
        elif out is None:
            for number, table in enumerate(found.tables):
                print_lines(fits_as_lines(printed_fits(table, told=found.told(number))))
                print_lines([""] if number + 1 < len(found.tables) else [])
        else:
            print_lines([f"{found.count} fitted: {found.tally}", f"  {out}"])
        return found.any_usable

    return report
