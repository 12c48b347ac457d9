"""A report as data: sections made of paragraphs, tables and figures. What prints it is elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from .figure import FigureSpec
from .result import AssayResult


@dataclass(frozen=True)
class Paragraph:
    """Plain text; `tone` is '', 'note', 'warn' or 'fail'."""

    text: str
    tone: str = ""


@dataclass(frozen=True)
class Answer:
    """A result that stands first, large: a label, the value with its interval, and one line about how it was got.

    `badge` is a verdict in words beside the label, where there is one.
    """

    label: str
    value: str
    detail: str
    tone: str = ""
    badge: str = ""


@dataclass(frozen=True)
class TableBlock:
    """A table with a caption. `tones` gives a row its tone ('pass', 'note', 'warn', 'fail', '') where it has one.

    `numeric` are the columns of numbers; `badge` is the column that holds the verdict in words, if there is one.
    `sheet` names the sheet of a workbook that holds this table too, if there is one.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    tones: tuple[str, ...] = ()
    numeric: tuple[int, ...] = ()
    badge: int | None = None
    sheet: str = ""


@dataclass(frozen=True)
class FormulaBlock:
    """An equation as text, with what its symbols mean."""

    formula: str
    meaning: str = ""


@dataclass(frozen=True)
class FigureBlock:
    """A figure with its caption."""

    spec: FigureSpec


@dataclass(frozen=True)
class References:
    """The works cited, in the order of citation."""

    entries: tuple[str, ...]


Block: TypeAlias = Paragraph | Answer | TableBlock | FormulaBlock | FigureBlock | References


@dataclass(frozen=True)
class Section:
    """A heading and what stands under it."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Document:
    """A report ready to be printed; `facts` are the short facts of its head (assay, date, n)."""

    title: str
    subtitle: str
    sections: tuple[Section, ...]
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Report:
    """A kind of report. `build(result, figures)` writes it for a result with the figures made of it."""

    name: str
    title: str
    build: Callable[[AssayResult, tuple[FigureSpec, ...]], Document]
