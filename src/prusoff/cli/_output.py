"""How the command line speaks: tables for people, JSON for programs, errors on the error stream."""

from __future__ import annotations

import io
import json
import os
import sys
import warnings
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, TextIO

from ..core.errors import PrusoffError, PrusoffWarning

if TYPE_CHECKING:
    from rich.console import Console

_BETWEEN = 2  # what rich sets between two columns
_WIDEST_TEXT = 24


def prepare() -> None:
    """Make sure that there is something to write to, and that no letter is too strange for it.

    Warnings of the libraries underneath are for those who develop, and `python -W` brings them back; our own are said.
    """
    if not sys.warnoptions:
        warnings.simplefilter("ignore")
        warnings.simplefilter("default", PrusoffWarning)
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
    """A table; cells are printed as they are, markup in them included. A number is never broken over lines."""
    from rich import box
    from rich.markup import escape
    from rich.table import Table

    body = [tuple(row) for row in rows]
    table = Table(
        title=escape(title),
        box=box.SIMPLE_HEAD,
        title_justify="left",
        title_style="bold",
        padding=(0, 1, 0, 0),
        pad_edge=False,
    )
    for place, column in enumerate(columns):
        numeric = any(_is_number(row[place]) for row in body)
        table.add_column(
            column,
            overflow="fold",
            justify="right" if numeric else "left",
            min_width=_width(place, columns, body) if numeric else None,
        )
    for row in body:
        table.add_row(*(escape(cell) for cell in row))
    console().print(table)


def print_grid(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table whose first column names its rows, cut into blocks of columns where the terminal is too narrow for it."""
    for number, block in enumerate(_blocks(columns, rows, console().width)):
        span = " to ".join(dict.fromkeys((columns[block[1]], columns[block[-1]]))) if block[1:] else ""
        heading = title if number == 0 else f"columns {span}"
        print_table(heading, [columns[at] for at in block], [[row[at] for at in block] for row in rows])


def _blocks(columns: Sequence[str], rows: Sequence[Sequence[str]], room: int) -> list[list[int]]:
    """Which columns stand together: the first one in every block, and as many of the others as there is room for."""
    widths = [_width(place, columns, rows) + _BETWEEN for place in range(len(columns))]
    blocks, left = [[0]], 0
    for place in range(1, len(columns)):
        if widths[place] > left and len(blocks[-1]) > 1:
            blocks.append([0])
        if len(blocks[-1]) == 1:
            left = room - widths[0] - _BETWEEN
        blocks[-1].append(place)
        left -= widths[place]
    return blocks


def _width(place: int, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> int:
    """How wide a column has to be: a number is kept whole, a long text may be folded."""
    cells = [row[place] for row in rows]
    numbers = max((len(cell) for cell in cells if _is_number(cell)), default=0)
    return max(numbers, min(_WIDEST_TEXT, max(map(len, (columns[place], *cells)), default=0)))


def _is_number(cell: str) -> bool:
    return bool(cell) and cell.strip("+-−.,eE0123456789") == "" and any(map(str.isdigit, cell))


def print_lines(lines: Iterable[str]) -> None:
    """Plain lines."""
    _write(sys.stdout, "".join(f"{line}\n" for line in lines))


def print_error(error: PrusoffError, *, as_json: bool) -> None:
    """The message of an error: the same words as everywhere, as JSON where JSON was asked for."""
    if as_json:
        print_json(error.to_dict())
        return
    _write(sys.stderr, f"{error}\n")
