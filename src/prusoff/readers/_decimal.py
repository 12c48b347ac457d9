"""Decimal commas: recognised where they are certain, refused where they could be thousands."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from ..core.errors import BrokenFile, Problem

_COMMA = re.compile(r"[+-]?\d+,\d+(?:[eE][+-]?\d+)?", re.ASCII)
_GROUPED = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}", re.ASCII)
_POINT = re.compile(r"[+-]?\d*\.\d+(?:[eE][+-]?\d+)?", re.ASCII)
_BOTH = re.compile(r"[+-]?\d{1,3}(?:,\d{3})*,\d{3}(?:\.\d+|,\d{3})|[+-]?\d{1,3}(?:\.\d{3})+,\d+", re.ASCII)

Cell = tuple[str, Callable[[], str]]


def has_decimal_commas(cells: Iterable[Cell]) -> bool:
    """Whether the numbers among these cells (text, and a function that says where) are written with a comma.

    Raises BrokenFile with the place when that cannot be told: '1,234' alone may be 1.234 or 1234, and a file with
    both 1,5 and 1.5 is not trusted.
    """
    sure: Cell | None = None
    maybe: Cell | None = None
    point: Cell | None = None
    for text, where in cells:
        if _BOTH.fullmatch(text):
            raise _ambiguous(f"'{text}' has marks for thousands", where())
        if _GROUPED.fullmatch(text):
            maybe = maybe or (text, where)
        elif _COMMA.fullmatch(text):
            sure = sure or (text, where)
        elif _POINT.fullmatch(text):
            point = point or (text, where)
    comma = sure or maybe
    if comma and point:
        raise _ambiguous(
            f"'{comma[0]}' has a decimal comma but '{point[0]}' ({point[1]()}) a decimal point", comma[1]()
        )
    if maybe and not sure:
        text, where = maybe
        raise _ambiguous(f"'{text}' may mean {text.replace(',', '.')} or {text.replace(',', '')}", where())
    return sure is not None


def with_point(text: str) -> str:
    """The same number with a decimal point; any other text as it is."""
    return text.replace(",", ".") if _COMMA.fullmatch(text) else text


def _ambiguous(what: str, where: str) -> BrokenFile:
    fix = "Export the file with decimal points and without marks for thousands"
    return BrokenFile(Problem(what, where, fix, "E-DECIMAL"))
