"""How the command line speaks: tables for people, JSON for programs, errors on the error stream."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, TextIO

from ..core.errors import PrusoffError

if TYPE_CHECKING:
    from rich.console import Console


def prepare() -> None:
    """Make sure that there is something to write to, and that no letter is too strange for it."""
    sys.stdout, sys.stderr = (
        io.StringIO() if stream is None else stream for stream in (sys.stdout, sys.stderr)
    )
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def console() -> Console:
    """A terminal that falls back to plain text where the output is not one."""
    from rich.console import Console

    class PatientConsole(Console):
        def on_broken_pipe(self) -> None:
            _silence(sys.stdout)

    return PatientConsole(highlight=False, soft_wrap=False)


def _silence(stream: TextIO) -> None:
    """Nobody reads this stream any more (`| head`): the work goes on, and what is written is dropped."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def _write(stream: TextIO, text: str) -> None:
    try:
        stream.write(text)
        stream.flush()
    except BrokenPipeError:
        _silence(stream)


def print_json(value: Any) -> None:
    """One JSON document on the output."""
    escaped = (sys.stdout.encoding or "utf-8").lower().replace("-", "") != "utf8"
    _write(sys.stdout, json.dumps(value, indent=2, ensure_ascii=escaped, allow_nan=False) + "\n")


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table; cells are printed as they are, markup in them included."""
    from rich import box
    from rich.markup import escape
    from rich.table import Table

    table = Table(
        title=escape(title),
        box=box.SIMPLE_HEAD,
        title_justify="left",
        title_style="bold",
        padding=(0, 1, 0, 0),
        pad_edge=False,
    )
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(escape(cell) for cell in row))
    console().print(table)


def print_lines(lines: Iterable[str]) -> None:
    """Plain lines."""
    _write(sys.stdout, "".join(f"{line}\n" for line in lines))


def print_error(error: PrusoffError, *, as_json: bool) -> None:
    """The message of an error: the same words as everywhere, as JSON where JSON was asked for."""
    if as_json:
        print_json(error.to_dict())
        return
    _write(sys.stderr, f"{error}\n")
