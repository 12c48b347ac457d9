"""How fits are laid out in a terminal: a line a curve where there is room, else a block; no interval is broken."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..workbench.printed_fits import PrintedCurve, PrintedFits

FEW = 12  # curves that get a block each before their intervals are left out
NAMED = 3  # curves that are named for a note which they share
GAP = "  "
INDENT = "  "
MORE = "write all with --out FITS.csv, or print them with --json"


def fits_as_lines(fits: PrintedFits, width: int = 0) -> Iterator[str]:
    """The lines of a table of fits in a terminal of this width (0: as wide as it is)."""
    room = width or shutil.get_terminal_size().columns
    yield from _wrapped(fits.title, room, "")
    if not fits.curves:
        return
    yield ""
    full = _table(fits, range(len(fits.parameters)))
    short = _table(fits, (fits.first,))
    if _width(full) <= room:
        yield from _ruled(full)
        yield from _notes(fits, room)
    elif len(fits.curves) > FEW and _width(short) <= room:
        yield from _ruled(short)
        left_out = ", ".join(name for k, name in enumerate(fits.parameters) if k != fits.first)
        yield ""
        told = f"Intervals of {left_out}: in a terminal of {_width(full)} columns, with --out or with --json."
        yield from _wrapped(told, room, "")
        yield from _notes(fits, room)
    else:
        for curve in fits.curves:
            yield from _block(fits, curve, room)
    if fits.others:
        yield ""
        what = "1 more curve is" if fits.others == 1 else f"{fits.others} more curves are"
        yield from _wrapped(f"{what} not shown: {MORE}.", room, "")


def _table(fits: PrintedFits, whole: Sequence[int]) -> list[tuple[str, ...]]:
    """Headings and rows; the interval stands with the parameters at the places `whole`, the first one first."""
    order = [fits.first, *(k for k in range(len(fits.parameters)) if k != fits.first)]
    heads = [name if k in whole else name.partition(" (")[0] for k, name in enumerate(fits.parameters)]
    asked = any(one.false_discovery for one in fits.curves)
    rows = [(*fits.by, "outcome", *(heads[k] for k in order), "n", *(("FDR",) if asked else ()))]
    for one in fits.curves:
        told = [one.estimates[k] if k in whole else one.values[k] for k in order]
        rate = (one.false_discovery,) if asked else ()
        rows.append((*one.keys, one.outcome, *told, one.points, *rate))
    return rows


def _width(rows: Sequence[Sequence[str]]) -> int:
    return sum(_widths(rows)) + len(GAP) * (len(rows[0]) - 1)


def _widths(rows: Sequence[Sequence[str]]) -> list[int]:
    from rich.cells import cell_len

    return [max(map(cell_len, column)) for column in zip(*rows, strict=True)]


def _ruled(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """The table with a rule below its headings."""
    from rich.cells import set_cell_size

    widths = _widths(rows)
    for number, row in enumerate(rows):
        yield GAP.join(map(set_cell_size, row, widths)).rstrip()
        if number == 0:
            yield "─" * _width(rows)


def _notes(fits: PrintedFits, room: int) -> Iterator[str]:
    """The notes by curve; one that several curves share is told once."""
    named: dict[str, list[str]] = {}
    for curve in fits.curves:
        for note in curve.notes:
            named.setdefault(note, []).append(curve.name)
    if named:
        yield ""
        yield "Notes"
    for note, names in named.items():
        more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
        yield from _wrapped(f"{', '.join(names[:NAMED])}{more}: {note}", room, INDENT)


def _block(fits: PrintedFits, curve: PrintedCurve, room: int) -> Iterator[str]:
    """One curve: name, outcome and points, then as many estimates a line as there is room for, then its notes."""
    from ..workbench.printed_fits import NONE

    rate = f", false discovery rate {curve.false_discovery}" if curve.false_discovery else ""
    yield from _wrapped(f"{curve.name}: {curve.outcome}, {curve.points} points{rate}", room, "")
    told = [
        f"{name} {one}" for name, one in zip(fits.parameters, curve.estimates, strict=True) if one != NONE
    ]
    line = ""
    for one in told:
        if line and len(line) + len(GAP) + len(one) > room:
            yield line
            line = ""
        line = f"{line}{GAP}{one}"
    if line:
        yield line
    for note in curve.notes:
        yield from (f"{INDENT}{part}" for part in textwrap.wrap(note, max(room - len(INDENT), 20)))


def _wrapped(text: str, room: int, indent: str) -> list[str]:
    return textwrap.wrap(text, max(room, 20), subsequent_indent=indent + INDENT, break_on_hyphens=False)
