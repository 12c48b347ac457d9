"""The command line, one file a verb. Exit 0: fine; 1: finished but quality failed; 2: wrong input."""

from __future__ import annotations

import sys

import typer

from ..core.errors import PrusoffError
from . import convert, fit, read, run, show, simulate
from ._output import prepare, print_error

app = typer.Typer(
    name="prusoff",
    help="From scintillation counts to Kd, Ki and IC50 with honest intervals.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for verb in (run, fit, show, read, simulate, convert):
    app.command(name=verb.__name__.rsplit(".", 1)[-1])(verb.command)


def main() -> None:
    """Start the command line; a wrong input ends with its message and exit code 2, never with a traceback."""
    prepare()
    try:
        app()
    except PrusoffError as error:
        print_error(error, as_json="--json" in sys.argv)
        sys.exit(2)
