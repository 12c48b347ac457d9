"""Who goes first: a recording, an instrument's own format before a plate grid, a grid before a plain table."""

from __future__ import annotations

from ..core.reader import RawFile, Reader

RECORDED = ("axon_abf", "heka", "nwb", "trace_table")
GENERAL = ("plate_grid", "workbook_table", "delimited")


def recorded(file: RawFile) -> list[Reader]:
    """The readers of recordings that claim this file; none of them looks at the whole of it."""
    from . import catalog

    return [reader for reader in catalog.values() if reader.name in RECORDED and reader.sniff(file)]


def claimed_before(name: str, file: RawFile) -> bool:
    """Whether a reader that goes before the general reader `name` claims this file."""
    from . import catalog

    earlier = GENERAL[: GENERAL.index(name)]
    return any(
        reader.sniff(file)
        for reader in catalog.values()
        if reader.name not in GENERAL or reader.name in earlier
    )
