"""Workbooks: opened only after the archive was checked, read without running anything in them."""

from __future__ import annotations

from ..core.errors import Problem, UnknownFormat
from ..core.reader import RawFile
from ._sheet import Contents


def workbook_contents(file: RawFile) -> Contents:
    """The visible sheets of a workbook."""
    raise UnknownFormat(Problem("workbooks cannot be read yet", file.name, "Export the sheet as CSV", "E-TYPE"))
