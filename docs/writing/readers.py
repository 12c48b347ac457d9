"""`readers.md`: the files that can be read."""

from __future__ import annotations

from prusoff.workbench import shelves

from .markdown import codes, page, table

MATURITY = (
    "*recommended*: held against many real files; *candidate*: held against real files, and against files made after "
    "the description of the format; *draft*: made after a description alone."
)


def text() -> str:
    """The page."""
    readers = shelves.shelf("readers")
    about = (
        "`prusoff read FILE` says which reader claims a file and what it found, before anything is computed. "
        'At most one reader claims a file; `--as NAME`, or `reader = "NAME"` in the run file, chooses one by hand.'
    )
    rows = [
        (f"`{name}`", one.title, codes(one.extensions), one.maturity.value, one.described_in)
        for name, one in readers.items()
    ]
    columns = ("reader", "format", "extensions", "maturity", "described in")
    return page("Readers", about, table(columns, rows), f"How far a reader can be trusted: {MATURITY}")
