"""The sheets of a file, opened once however many readers look at it."""

from __future__ import annotations

from functools import lru_cache

from ..core.errors import FileError
from ..core.reader import RawFile
from ._kind import TEXT, checked_kind
from ._sheet import Contents
from ._text import text_contents


@lru_cache(maxsize=2)
def opened(file: RawFile) -> Contents | FileError:
    """The sheets of a file, or why it cannot be opened; remembered until `opened.cache_clear()`."""
    try:
        if checked_kind(file) == TEXT:
            return text_contents(file)
        from ._workbook import workbook_contents

        return workbook_contents(file)
    except FileError as refusal:
        return refusal


def contents(file: RawFile) -> Contents:
    """The sheets of a text file or a workbook; raises FileError when it is neither, damaged, or not safe to open."""
    found = opened(file)
    if isinstance(found, FileError):
        raise type(found)(found.problems)
    return found


def contents_or_none(file: RawFile) -> Contents | None:
    """The sheets of a file, or None where it cannot be opened: for `sniff`, which never raises."""
    found = opened(file)
    return None if isinstance(found, FileError) else found


def text_or_none(file: RawFile) -> str | None:
    """The text of a text file, or None: for `sniff`, which never raises."""
    found = contents_or_none(file)
    return found.text if found is not None and found.text else None
