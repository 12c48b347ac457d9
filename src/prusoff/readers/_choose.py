"""Finds the one reader for a file and reads it."""

from __future__ import annotations

from pathlib import Path

from ..core.errors import Problem, UnknownFormat
from ..core.reader import RawData, RawFile, Reader
from ._claims import recorded
from ._contents import contents, opened
from ._load import load


def read_file(path: str | Path, reader: str | None = None) -> RawData:
    """Everything found in a file.

    `reader` names the reader to use; without it exactly one must claim the file. Raises FileError when the file cannot
    be opened, UnknownFormat when no reader or more than one claims it, BrokenFile when its reader cannot take it
    apart, UnknownName when there is no reader of that name.
    """
    from . import catalog

    file = load(path)
    try:
        chosen = choose(file) if reader is None else catalog[reader]
        return chosen.read(file)
    finally:
        opened.cache_clear()


def choose(file: RawFile) -> Reader:
    """The one reader that claims this file; raises UnknownFormat when none or several do."""
    from . import catalog

    claims = recorded(file) or [reader for reader in catalog.values() if reader.sniff(file)]
    if len(claims) == 1:
        return claims[0]
    if not claims:
        contents(file)  # a file that cannot be opened is refused with the reason, not as unknown
        formats = "; ".join(f"{reader.name} ({reader.title})" for reader in catalog.values())
        raise UnknownFormat(
            Problem(
                "no reader knows this file: it holds no plate with column numbers above row letters, no table with a "
                "heading, and names no instrument that is known",
                file.name,
                f"Known formats: {formats}. Export it as one of them, or name the reader with --as",
                UnknownFormat.code,
            )
        )
    names = " and ".join(f"'{reader.name}'" for reader in claims)
    fix = "Say which with " + " or ".join(f"--as {reader.name}" for reader in claims)
    raise UnknownFormat(
        Problem(f"{len(claims)} readers claim this file: {names}", file.name, fix, "E-FORMAT")
    )
