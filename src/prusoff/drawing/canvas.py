"""From a FigureSpec to SVG and PNG by matplotlib, without its global state; the same figure gives the same bytes."""

from __future__ import annotations

import io
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from ..core.figure import FigureSpec, Heat, Scale
from . import _style
from ._layout import HANDLE, POINTS_PER_INCH, Entry, Page, Placed, arrange
from ._marks import band_style, colour_bar, draw_mark, heat_limits, line_style, point_style, stroke
from ._scales import Ruled, round_ticks
from ._svg import polished
from ._text import shortened, text_width

_LOCK = threading.RLock()  # matplotlib's settings are global
_BREAK = [(-1.6, -1.0), (-0.2, 1.0), (0.2, -1.0), (1.6, 1.0)]


@dataclass(frozen=True)
class Drawing:
    """One figure as bytes in both formats."""

    svg: bytes
    png: bytes


def draw(spec: FigureSpec, dpi: int = 150) -> Drawing:
    """The figure as SVG and as PNG, laid out once."""
    with _settings(spec):
        figure = _built(spec)
        return Drawing(_svg(figure, spec), _png(figure, dpi))


def draw_svg(spec: FigureSpec) -> bytes:
    """The figure as SVG in UTF-8, with its title and description; texts stay texts."""
    with _settings(spec):
        return _svg(_built(spec), spec)


def draw_png(spec: FigureSpec, dpi: int = 150) -> bytes:
    """The figure as PNG with this many pixels an inch."""
    with _settings(spec):
        return _png(_built(spec), dpi)


def matplotlib_figure(spec: FigureSpec) -> Any:
    """The figure as a matplotlib Figure with true axes, to be changed or saved in another format."""
    with _settings(spec):
        return _built(spec)


@contextmanager
def _settings(spec: FigureSpec) -> Iterator[None]:
    import matplotlib

    with _LOCK, matplotlib.rc_context(), warnings.catch_warnings():
        # a letter that DejaVu Sans lacks is a box in the PNG, and is left to the browser's fonts in the SVG
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        matplotlib.rcdefaults()  # what a user has set for other plots must not change these bytes
        matplotlib.rcParams.update(_style.SETTINGS | {"svg.hashsalt": spec.name})
        yield


def _svg(figure: Any, spec: FigureSpec) -> bytes:
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    text = io.StringIO()
    figure.set_dpi(POINTS_PER_INCH)
    FigureCanvasSVG(figure).print_svg(text)
    return polished(text.getvalue(), spec).encode("utf-8")


def _png(figure: Any, dpi: int) -> bytes:
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    data = io.BytesIO()
    figure.set_dpi(dpi)
    FigureCanvasAgg(figure).print_png(data, metadata={"Software": None}, pil_kwargs={"compress_level": 3})
    return data.getvalue()


def _built(spec: FigureSpec) -> Any:
    from matplotlib.figure import Figure

    page = arrange(spec)
    figure = Figure((page.width / POINTS_PER_INCH, page.height / POINTS_PER_INCH), dpi=POINTS_PER_INCH)
    for placed in page.panels:
        _panel(figure, page, placed)
    if page.legend:
        _legend(figure, page)
    return figure


def _panel(figure: Any, page: Page, placed: Placed) -> None:
    axes, box, panel = _axes(figure, page, placed), placed.axes, placed.panel
    heat = next((mark for mark in panel.marks if isinstance(mark, Heat)), None)
    for mark in panel.marks:
        draw_mark(axes, mark)
    if heat is None:
        _rule_axes(axes, placed)
    else:
        _rule_plate(axes, heat)
        _colour_bar(figure, page, placed, heat)
    lines = [(line, _style.TITLE_SIZE, "bold") for line in placed.titles]
    lines += [(line, _style.NOTE_SIZE, "normal") for line in placed.notes]
    for (baseline, text), size, weight in lines:
        figure.text(
            box.left / page.width,
            baseline / page.height,
            text,
            fontsize=size,
            fontweight=weight,
            va="baseline",
        )


def _axes(figure: Any, page: Page, placed: Placed) -> Any:
    box = placed.axes
    return figure.add_axes(
        (
            box.left / page.width,
            box.bottom / page.height,
            box.width / page.width,
            box.height / page.height,
        ),
        facecolor="none",
    )


def _rule_axes(axes: Any, placed: Placed) -> None:
    panel, box = placed.panel, placed.axes
    _rule_axis(axes, "x", panel.x, placed.x)
    _rule_axis(axes, "y", panel.y, placed.y)
    if panel.y.strip is not None:
        _strip(axes, panel.y.strip, placed.y)
    widest = max((text_width(text, _style.TICK_SIZE) for text in placed.y.texts), default=0.0)
    beyond = _style.TICK_LENGTH + _style.TICK_PAD
    axes.set_xlabel(shortened(panel.x.label, _style.LABEL_SIZE, box.width), va="baseline")
    axes.xaxis.set_label_coords(
        0.5, -(beyond + _style.TICK_SIZE * 1.2 + _style.LABEL_SIZE * 1.15) / box.height
    )
    axes.set_ylabel(
        shortened(panel.y.label, _style.LABEL_SIZE, box.height), rotation_mode="anchor", va="baseline"
    )
    axes.yaxis.set_label_coords(-(beyond + widest + _style.LABEL_SIZE * 0.75) / box.width, 0.5)


def _rule_axis(axes: Any, name: str, scale: Scale, rule: Ruled) -> None:
    from matplotlib.ticker import FixedFormatter, FixedLocator, NullLocator

    if scale.log10:
        axes.set(**{f"{name}scale": "log"})
    axes.set(**{f"{name}lim": (rule.low, rule.high)})
    axis = getattr(axes, f"{name}axis")
    axis.set_major_locator(FixedLocator(rule.ticks))
    axis.set_major_formatter(FixedFormatter(rule.texts))
    axis.set_minor_locator(NullLocator())
    for at in scale.breaks:
        _break(axes, name, at)


def _break(axes: Any, name: str, at: float) -> None:
    """A gap with two strokes where the axis is interrupted."""
    x, y = ([at], [0.0]) if name == "x" else ([0.0], [at])
    style = {"clip_on": False, "linestyle": "none", "zorder": 5.0, "markeredgewidth": _style.AXIS_WIDTH}
    within = getattr(axes, f"get_{name}axis_transform")()
    for marker, size, ink in ((_strokes(filled=True), 6.0, "#FFFFFF"), (_strokes(), 6.0, _style.INK)):
        stroke(
            axes,
            x,
            y,
            marker=marker,
            markersize=size,
            markerfacecolor=ink if ink == "#FFFFFF" else "none",
            markeredgecolor=ink,
            transform=within,
            **style,
        )


def _strip(axes: Any, strip: tuple[float, str], rule: Ruled) -> None:
    """The axis ends above the strip, which has its name where the axis would have ticks."""
    end, name = strip
    axes.spines["left"].set_bounds(end, rule.high)
    axes.axhline(end, color=_style.colour_of(_style.NEUTRAL), linewidth=0.4, zorder=0.9)
    axes.annotate(
        name,
        (0.0, (rule.low + end) / 2),
        xycoords=axes.get_yaxis_transform(),
        xytext=(-_style.TICK_PAD, 0.0),
        textcoords="offset points",
        ha="right",
        va="center",
        fontsize=_style.NOTE_SIZE,
    )


def _strokes(filled: bool = False) -> Any:
    from matplotlib.path import Path

    if filled:
        return Path([_BREAK[0], _BREAK[1], _BREAK[3], _BREAK[2], _BREAK[0]])
    return Path(_BREAK, [Path.MOVETO, Path.LINETO, Path.MOVETO, Path.LINETO])


def _rule_plate(axes: Any, heat: Heat) -> None:
    rows, columns = heat.values.shape
    axes.set(xlim=(-0.5, columns - 0.5), ylim=(rows - 0.5, -0.5))
    axes.set_xticks(range(columns), heat.column_labels)
    axes.set_yticks(range(rows), heat.row_labels)
    axes.xaxis.tick_top()
    axes.tick_params(length=0.0)
    axes.spines[["left", "bottom"]].set_visible(False)


def _colour_bar(figure: Any, page: Page, placed: Placed, heat: Heat) -> None:
    box = placed.axes
    left, width = box.left + box.width + 6.0, 6.0
    axes = figure.add_axes(
        (left / page.width, box.bottom / page.height, width / page.width, box.height / page.height)
    )
    colour_bar(axes, heat)
    low, high = heat_limits(heat)
    ticks = [pair for pair in round_ticks(low, high, 4) if low <= pair[0] <= high]
    axes.set(xticks=[], ylim=(low, high))
    axes.set_yticks([at for at, _ in ticks], [text for _, text in ticks])
    axes.yaxis.tick_right()
    axes.tick_params(length=1.5, labelsize=_style.NOTE_SIZE)
    axes.spines[["left", "bottom"]].set_visible(False)
    axes.text(0.0, 1.0 + 4.0 / box.height, heat.label, fontsize=_style.NOTE_SIZE, transform=axes.transAxes)


def _legend(figure: Any, page: Page) -> None:
    from matplotlib.transforms import Affine2D

    in_points = Affine2D().scale(1 / POINTS_PER_INCH) + figure.dpi_scale_trans
    for entry in page.legend:
        _legend_entry(figure, entry, in_points)


def _legend_entry(figure: Any, entry: Entry, in_points: Any) -> None:
    from matplotlib.patches import Rectangle

    left, middle = entry.left, entry.baseline + _style.TICK_SIZE * 0.36
    right = left + HANDLE
    if entry.band:
        box = Rectangle((left, middle - 3.0), HANDLE, 6.0, transform=in_points, **band_style(entry.colour))
        figure.add_artist(box)
    if entry.line is not None:
        stroke(figure, [left, right], [middle, middle], transform=in_points, **line_style(entry.line))
    if entry.points is not None:
        stroke(figure, [(left + right) / 2], [middle], transform=in_points, **point_style(entry.points))
    figure.text(
        right + 5.0,
        entry.baseline,
        entry.label,
        fontsize=_style.TICK_SIZE,
        va="baseline",
        transform=in_points,
    )
