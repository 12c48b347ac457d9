"""Names that a spreadsheet would take for a formula, made harmless in a CSV file and given back unchanged.

A program that opens a CSV file runs a cell that begins with = + - @ (also in full width) or with a tab or a line end.
An apostrophe in front makes it text. A cell that already begins with an apostrophe gets one too, so that the way back
is exact for every text. Only text cells are treated; numbers, negative ones included, are written as they are.
"""

from __future__ import annotations

_STARTERS = frozenset("=+-@\t\r\n＝＋－＠")
_MARK = "'"


def neutralise(text: str) -> str:
    """The text as it can be opened in a spreadsheet without being run.

    >>> neutralise("=cmd()"), neutralise("(+)-JQ1"), neutralise("-12.5")
    ("'=cmd()", '(+)-JQ1', "'-12.5")
    """
    return _MARK + text if _needs_mark(text) else text


def restore(text: str) -> str:
    """The text as it was before `neutralise`; a text that never needed a mark is returned unchanged.

    >>> restore("'=cmd()"), restore("''quoted"), restore("'twas")
    ('=cmd()', "'quoted", "'twas")
    """
    return text[1:] if text.startswith(_MARK) and _needs_mark(text[1:]) else text


def _needs_mark(text: str) -> bool:
    return text.startswith(_MARK) or not _STARTERS.isdisjoint((text[:1], text.lstrip()[:1]))
