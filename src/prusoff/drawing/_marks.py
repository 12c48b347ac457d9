"""Draws each kind of mark on a pair of matplotlib axes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ..core.equation import Array
from ..core.figure import Band, Heat, Line, Mark, Points, Rule
from . import _style

_COLOUR_MAP = "cividis"
_DASHES = (0, (3.5, 2.0))


def draw_mark(axes: Any, mark: Mark) -> None:
    """Draw one mark."""
    _DRAWERS[type(mark)](axes, mark)


def stroke(parent: Any, x: Any, y: Any, **style: Any) -> None:
    """A line or a row of markers added to axes or to a figure; limits are set elsewhere, so none are worked out."""
    from matplotlib.lines import Line2D

    parent.add_artist(Line2D(x, y, **style))


def point_style(mark: Points) -> dict[str, Any]:
    """How points look, on the axes and in the legend: hollow when set aside, larger where they are means."""
    colour = _style.colour_of(mark.colour)
    return {
        "linestyle": "none",
        "marker": _style.marker_of(mark.colour),
        "markersize": _style.REPLICATE_SIZE if mark.error is None else _style.MEAN_SIZE,
        "markeredgewidth": 0.8 if not mark.filled else 0.4,
        "markeredgecolor": colour if not mark.filled else "#FFFFFF",
        "markerfacecolor": colour if mark.filled else "#FFFFFF",
    }


def line_style(mark: Line) -> dict[str, Any]:
    """How a curve looks, on the axes and in the legend."""
    return {
        "color": _style.colour_of(mark.colour),
        "linewidth": _style.CURVE_WIDTH,
        "linestyle": _DASHES if mark.dashed else "-",
    }


def band_style(colour: int) -> dict[str, Any]:
    """How a band looks, on the axes and in the legend."""
    return {"facecolor": _style.colour_of(colour), "alpha": 0.18, "linewidth": 0}


def _points(axes: Any, mark: Points) -> None:
    if mark.error is not None:
        bars = np.isfinite(mark.error) & np.isfinite(mark.y)
        x, y, error = mark.x[bars], mark.y[bars], mark.error[bars]
        colour = _style.colour_of(mark.colour)
        axes.vlines(x, y - error, y + error, colors=colour, linewidth=_style.ERROR_WIDTH, zorder=2.9)
    stroke(axes, mark.x, mark.y, zorder=3.0, clip_on=False, **point_style(mark))


def _line(axes: Any, mark: Line) -> None:
    stroke(axes, mark.x, mark.y, zorder=2.5, **line_style(mark))


def _band(axes: Any, mark: Band) -> None:
    axes.fill_between(mark.x, mark.low, mark.high, zorder=1.5, **band_style(mark.colour))


def _rule(axes: Any, mark: Rule) -> None:
    style = {
        "color": _style.colour_of(mark.colour),
        "linewidth": _style.RULE_WIDTH,
        "linestyle": _DASHES if mark.dashed else "-",
        "zorder": 1.0,
    }
    text = {"fontsize": _style.NOTE_SIZE, "color": style["color"], "zorder": 4.0}
    if mark.x is not None:
        axes.axvline(mark.x, **style)
        _beside(axes, mark.label, (mark.x, 1.0), axes.get_xaxis_transform(), (2.5, -_style.NOTE_SIZE), text)
    elif mark.y is not None:
        axes.axhline(mark.y, **style)
        _beside(
            axes, mark.label, (1.0, mark.y), axes.get_yaxis_transform(), (0.0, 2.5), text | {"ha": "right"}
        )


def _beside(
    axes: Any, label: str, at: tuple[float, float], within: Any, offset: tuple[float, float], style: Any
) -> None:
    if label:
        axes.annotate(label, at, xycoords=within, xytext=offset, textcoords="offset points", **style)


def _heat(axes: Any, mark: Heat) -> None:
    low, high = heat_limits(mark)
    rows, columns = mark.values.shape
    axes.pcolormesh(
        np.arange(columns + 1) - 0.5,
        np.arange(rows + 1) - 0.5,
        np.ma.masked_invalid(mark.values),
        cmap=_COLOUR_MAP,
        vmin=low,
        vmax=high,
        edgecolors="#FFFFFF",
        linewidth=0.6,
    )
    for row, texts in enumerate(mark.texts):
        for column, text in enumerate(texts):
            if text:
                _cell(axes, (column, row), text, (mark.values[row, column] - low) / (high - low))
    if mark.crossed:
        at = np.array(mark.crossed, dtype=float)
        style = {"linestyle": "none", "marker": "x", "markersize": 9.0, "markeredgewidth": 2.2}
        stroke(axes, at[:, 1], at[:, 0], color="#FFFFFF", zorder=4.0, **style)
        stroke(
            axes,
            at[:, 1],
            at[:, 0],
            color=_style.colour_of(1),
            zorder=4.1,
            **style | {"markeredgewidth": 1.2},
        )


def _cell(axes: Any, at: tuple[int, int], text: str, shade: float) -> None:
    ink = "#FFFFFF" if shade < 0.55 else _style.INK  # cividis is dark below, light above; nan counts as light
    axes.text(*at, text, fontsize=_style.CELL_SIZE, color=ink, ha="center", va="center", zorder=3.0)


def heat_limits(mark: Heat) -> tuple[float, float]:
    """The values at the two ends of the colour scale."""
    if mark.limits is not None:
        return mark.limits
    finite: Array = mark.values[np.isfinite(mark.values)]
    if not finite.size:
        return 0.0, 1.0
    low, high = float(finite.min()), float(finite.max())
    return (low, high) if high > low else (low - 0.5, high + 0.5)


def colour_bar(axes: Any, mark: Heat) -> None:
    """The colour scale of a heat map, on axes of its own."""
    low, high = heat_limits(mark)
    steps = np.linspace(low, high, 65)
    axes.pcolormesh(
        [0.0, 1.0], steps, steps[:-1, None], cmap=_COLOUR_MAP, vmin=low, vmax=high, edgecolors="face"
    )


_DRAWERS: Mapping[type, Callable[[Any, Any], None]] = {
    Points: _points,
    Line: _line,
    Band: _band,
    Rule: _rule,
    Heat: _heat,
}
