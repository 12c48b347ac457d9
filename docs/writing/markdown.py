"""The few pieces of Markdown that the pages are made of."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

MADE_BY = "Written by `make docs` from the program itself; do not edit."


def page(title: str, *parts: str, made_by: str = MADE_BY) -> str:
    """A page: title, how it was made, then its parts with an empty line between them."""
    return "\n\n".join([f"# {title}", f"*{made_by}*", *(part.strip("\n") for part in parts if part)]) + "\n"


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; bars and line breaks in cells are made harmless."""
    lines = [_row(columns), _row(["---"] * len(columns))]
    return "\n".join([*lines, *(_row([_cell(cell) for cell in row]) for row in rows)])


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _cell(text: str) -> str:
    return " ".join(str(text).split()).replace("|", "\\|")


def block(text: str, language: str = "") -> str:
    """Text as it stands, in a fence."""
    return f"```{language}\n{text.rstrip()}\n```"


def code(text: str) -> str:
    """A name in the text."""
    return f"`{text}`"


def codes(names: Iterable[str]) -> str:
    """Names, one after another."""
    return ", ".join(map(code, names))


def bullets(lines: Iterable[str]) -> str:
    """A list."""
    return "\n".join(f"- {line}" for line in lines)


def number(value: float | None) -> str:
    """A number as short as it can be told; nothing where there is none."""
    return "" if value is None or not math.isfinite(value) else f"{value:.10g}"


def anchor(title: str) -> str:
    """The anchor that a heading gets."""
    kept = "".join(letter for letter in title.lower() if letter.isalnum() or letter in " -_")
    return kept.replace(" ", "-")
