"""A figure as data: axes and marks. What draws it (print or page) is elsewhere, so the two cannot disagree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any, TypeAlias

import numpy as np

from .equation import Array
from .result import AssayResult


@dataclass(frozen=True)
class Scale:
    """One axis: its label with the unit, linear or log10, and its limits if they are not to follow the marks.

    Marks, limits, ticks and breaks are values of the quantity itself; `log10` only spaces them by their logarithm.
    `ticks` are (position, text) pairs where the text is not the number itself ('10 nM', 'total', 'NSB'); a tick with
    an empty text is drawn without one, and without any pair the ticks are round numbers. `breaks` are the places where
    the axis is interrupted: what stands beyond does not stand at a true distance. `strip` is (value, name): what lies
    below the value is a strip of its own that this axis does not measure, with its name in place of ticks.
    """

    label: str
    log10: bool = False
    limits: tuple[float, float] | None = None
    ticks: tuple[tuple[float, str], ...] = ()
    breaks: tuple[float, ...] = ()
    strip: tuple[float, str] | None = None


@dataclass(frozen=True)
class Points:
    """Measured points; `filled=False` draws them hollow (set aside). `error` is the half length of the error bar."""

    x: Array
    y: Array
    label: str = ""
    colour: int = 0
    filled: bool = True
    error: Array | None = None


@dataclass(frozen=True)
class Line:
    """A curve."""

    x: Array
    y: Array
    label: str = ""
    colour: int = 0
    dashed: bool = False


@dataclass(frozen=True)
class Band:
    """The area between two curves: a confidence band."""

    x: Array
    low: Array
    high: Array
    label: str = ""
    colour: int = 0


@dataclass(frozen=True)
class Rule:
    """A straight line across the panel at this x or this y (give one of them)."""

    x: float | None = None
    y: float | None = None
    label: str = ""
    colour: int = 7
    dashed: bool = True


@dataclass(frozen=True)
class Heat:
    """A grid of coloured cells: `values` is (row, column); nan is left empty. `crossed` cells are struck out.

    `limits` are the values at the two ends of the colour scale, if they are not to follow the values.
    """

    values: Array
    row_labels: tuple[str, ...]
    column_labels: tuple[str, ...]
    label: str
    texts: tuple[tuple[str, ...], ...] = ()
    crossed: tuple[tuple[int, int], ...] = ()
    limits: tuple[float, float] | None = None


Mark: TypeAlias = Points | Line | Band | Rule | Heat


@dataclass(frozen=True)
class Panel:
    """One pair of axes with marks drawn in order."""

    x: Scale
    y: Scale
    marks: tuple[Mark, ...]
    title: str = ""
    legend: bool = True
    note: str = ""


@dataclass(frozen=True)
class FigureSpec:
    """One figure: a name for its file, a title, a description for those who cannot see it, and panels side by side.

    `caption` says what is shown, n included. `columns` is how many panels stand in a row; `panel_size` in inches.
    """

    name: str
    title: str
    description: str
    panels: tuple[Panel, ...]
    caption: str = ""
    columns: int = 3
    panel_size: tuple[float, float] = (3.4, 2.8)

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON: marks name their kind, numbers that are not finite are null."""
        plain: dict[str, Any] = _plain(self)
        return plain


@dataclass(frozen=True)
class Figure:
    """A kind of figure. `build(result)` gives the figures of this kind for a result, none where it does not apply."""

    name: str
    title: str
    build: Callable[[AssayResult], tuple[FigureSpec, ...]] = field(repr=False)


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        kind = {"kind": type(value).__name__.lower()} if isinstance(value, Mark) else {}
        return kind | {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, np.ndarray | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float | np.floating):
        return float(value) if np.isfinite(value) else None
    return value


def evenly(low: float, high: float, points: int = 121) -> Array:
    """Evenly spaced x values for drawing a curve from `low` to `high`."""
    return np.linspace(low, high, points)
