"""Where everything stands, in points, by arithmetic on the texts alone: the same on every machine, and quick."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from ..core.figure import Band, FigureSpec, Heat, Line, Mark, Panel, Points
from . import _style
from ._scales import Ruled, ruled, thinned
from ._text import shortened, text_width, wrapped

POINTS_PER_INCH = 72.0
_LINE = 1.3
_EDGE = 4.0
HANDLE = 16.0
_BOLD = 1.1
_COLOUR_BAR = 46.0


@dataclass(frozen=True)
class Box:
    """A rectangle: its left lower corner, width and height."""

    left: float
    bottom: float
    width: float
    height: float


@dataclass(frozen=True)
class Placed:
    """One panel with its axes, its title lines and its note lines, the last two as (baseline, text)."""

    panel: Panel
    axes: Box
    x: Ruled
    y: Ruled
    titles: tuple[tuple[float, str], ...]
    notes: tuple[tuple[float, str], ...]


@dataclass
class Entry:
    """One entry of the legend: everything that is drawn under one label."""

    label: str
    colour: int
    points: Points | None = None
    line: Line | None = None
    band: bool = False
    left: float = 0.0
    baseline: float = 0.0


@dataclass(frozen=True)
class Page:
    """A whole figure: its size in points, its panels and its legend."""

    width: float
    height: float
    panels: tuple[Placed, ...]
    legend: tuple[Entry, ...] = field(default=())


def arrange(spec: FigureSpec) -> Page:
    """Place the panels of a figure row by row, and its legend below them."""
    wide, high = (side * POINTS_PER_INCH for side in spec.panel_size)
    columns = max(1, min(spec.columns, len(spec.panels)))
    rows = [spec.panels[start : start + columns] for start in range(0, len(spec.panels), columns)]
    scales = {id(panel): (ruled(panel, "x", 5), ruled(panel, "y", 5)) for panel in spec.panels}
    left, right = _sides(spec.panels, scales)
    foot = _foot(spec.panels)
    legend = _legend_rows(_entries(spec.panels), columns * wide - 2 * _EDGE)
    room = wide - left - _EDGE
    heads = [max(_head(panel, room) for panel in row) for row in rows]
    below = len(legend) * _style.TICK_SIZE * 1.6 + (2 * _EDGE if legend else 0.0)
    body = high - foot - _EDGE
    height = below + sum(body + foot + _EDGE + head for head in heads)
    placed, top = [], height
    for row, head in zip(rows, heads, strict=True):
        bottom = top - head - _EDGE - body
        for column, panel in enumerate(row):
            box = Box(column * wide + left, bottom, wide - left - right, body)
            x, y = scales[id(panel)]
            x = thinned(x, panel.x, box.width, _style.TICK_SIZE)
            placed.append(Placed(panel, _squared(panel, box), x, y, *_lines(panel, room, top)))
        top = bottom - foot
    _set_legend(legend, below)
    return Page(columns * wide, height, tuple(placed), tuple(entry for row in legend for entry in row))


def _sides(panels: tuple[Panel, ...], scales: dict[int, tuple[Ruled, Ruled]]) -> tuple[float, float]:
    left = right = 0.0
    for panel in panels:
        x, y = scales[id(panel)]
        heat = _heat(panel)
        texts = heat.row_labels if heat else (*y.texts, *(panel.y.strip or ())[1:])
        ticks = max((text_width(text, _style.TICK_SIZE) for text in texts), default=0.0)
        label = _style.LABEL_SIZE * _LINE if panel.y.label else 0.0
        left = max(left, _EDGE + label + ticks + _style.TICK_LENGTH + _style.TICK_PAD)
        last = text_width(x.texts[-1], _style.TICK_SIZE) / 2 if x.texts else 0.0
        right = max(right, _COLOUR_BAR if heat else 2 * _EDGE, last)
    return left, right


def _foot(panels: tuple[Panel, ...]) -> float:
    if all(_heat(panel) for panel in panels):
        return _EDGE
    label = _style.LABEL_SIZE * _LINE if any(panel.x.label for panel in panels) else 0.0
    return _style.TICK_LENGTH + _style.TICK_PAD + _style.TICK_SIZE * _LINE + label + _EDGE


def _head(panel: Panel, room: float) -> float:
    titles, notes = _wrapped(panel, room)
    columns = _style.TICK_SIZE * _LINE + _EDGE if _heat(panel) else 0.0
    return columns + _EDGE + len(titles) * _style.TITLE_SIZE * _LINE + len(notes) * _style.NOTE_SIZE * _LINE


def _wrapped(panel: Panel, room: float) -> tuple[list[str], list[str]]:
    return wrapped(panel.title, _style.TITLE_SIZE * _BOLD, room, 2), wrapped(
        panel.note, _style.NOTE_SIZE, room
    )


def _lines(
    panel: Panel, room: float, top: float
) -> tuple[tuple[tuple[float, str], ...], tuple[tuple[float, str], ...]]:
    """Baselines of the title and note lines, from the top of the cell downwards."""
    titles, notes = _wrapped(panel, room)
    first = top - _EDGE - _style.TITLE_SIZE
    under = first - (len(titles) - 1) * _style.TITLE_SIZE * _LINE - _style.NOTE_SIZE * (_LINE + 0.15)
    return (
        tuple((first - number * _style.TITLE_SIZE * _LINE, line) for number, line in enumerate(titles)),
        tuple((under - number * _style.NOTE_SIZE * _LINE, line) for number, line in enumerate(notes)),
    )


def _squared(panel: Panel, box: Box) -> Box:
    heat = _heat(panel)
    if heat is None:
        return box
    rows, columns = heat.values.shape
    side = min(box.width / columns, box.height / rows)
    return Box(box.left, box.bottom + box.height - side * rows, side * columns, side * rows)


def _heat(panel: Panel) -> Heat | None:
    return next((mark for mark in panel.marks if isinstance(mark, Heat)), None)


def _entries(panels: tuple[Panel, ...]) -> list[Entry]:
    """One entry per label; hollow points stand last and grey, they are set aside in every colour."""
    entries: dict[str, Entry] = {}
    for panel in panels:
        for mark in panel.marks if panel.legend else ():
            if not isinstance(mark, Points | Line | Band) or not mark.label:
                continue
            shown = replace(mark, colour=_style.NEUTRAL) if _hollow(mark) else mark
            entry = entries.setdefault(mark.label, Entry(mark.label, shown.colour))
            match shown:
                case Points():
                    entry.points = entry.points or shown
                case Line():
                    entry.line = entry.line or shown
                case Band():
                    entry.band = True
    return sorted(entries.values(), key=lambda entry: _hollow(entry.points))


def _hollow(mark: Mark | None) -> bool:
    return isinstance(mark, Points) and not mark.filled


def _legend_rows(entries: list[Entry], room: float) -> list[list[Entry]]:
    rows: list[list[Entry]] = []
    left = 0.0
    for entry in entries:
        entry.label = shortened(entry.label, _style.TICK_SIZE, room - HANDLE - 4 * _EDGE)
        needed = HANDLE + text_width(entry.label, _style.TICK_SIZE) + 4 * _EDGE
        if not rows or left + needed > room:
            rows.append([])
            left = 0.0
        entry.left = left
        rows[-1].append(entry)
        left += needed
    return rows


def _set_legend(rows: list[list[Entry]], below: float) -> None:
    for number, row in enumerate(rows, start=1):
        for entry in row:
            entry.left += 2 * _EDGE
            entry.baseline = below - _EDGE - number * _style.TICK_SIZE * 1.6
