"""Native charts of a workbook: one for each compound, points with error bars and the fitted curve, days in colours."""

from __future__ import annotations

import math
from typing import Any

from ._curve_blocks import ASIDE, CURVE, CurveBlock

SHEET = "Curves"
X, MEAN, LEGEND = 3, 6, 10  # columns of the sheet, from 0
SD = "H"
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000")
_MARKERS = ("circle", "square", "triangle", "diamond", "x", "plus", "star")
_ROWS_PER_CHART = 21

Placed = tuple[int, CurveBlock]


def add_charts(workbook: Any, sheet: Any, placed: tuple[Placed, ...], column: int) -> None:
    """Put charts beside the table of the sheet, two in a row; `placed` are (first row, block).

    Each compound has one, or one for every axis that it is drawn against (a time and a concentration, say).
    """
    kinds = tuple(dict.fromkeys(_kind(block) for _, block in placed))
    for number, kind in enumerate(kinds):
        mine, subject = tuple(one for one in placed if _kind(one[1]) == kind), kind[0]
        chart = _chart(workbook, mine)
        sheet.insert_chart(
            1 + _ROWS_PER_CHART * (number // 2),
            column + 9 * (number % 2),
            chart,
            {"description": f"Points and fitted curves of {subject}"},
        )


def _kind(block: CurveBlock) -> tuple[str, str, bool]:
    """What has a chart of its own: a compound against one axis."""
    return block.subject, block.unit, block.log_axis


def _chart(workbook: Any, placed: tuple[Placed, ...]) -> Any:
    chart = workbook.add_chart({"type": "scatter", "subtype": "straight"})
    days = tuple(dict.fromkeys((block.experiment, block.label) for _, block in placed))
    named: set[tuple[str, str]] = set()
    unnamed = []
    for number, (row, block) in enumerate(placed):
        day = (block.experiment, block.label)
        chart.add_series(_series(row, block, days.index(day)))
        if day in named or block.kind in (CURVE, ASIDE):
            unnamed.append(number)
        else:
            named.add(day)
    first_row, first = placed[0]
    chart.set_title({"name": [SHEET, first_row, 0], "name_font": {"size": 12}})
    chart.set_x_axis(_x_axis(placed))
    chart.set_y_axis(
        {"name": first.response or "response", "major_gridlines": {"visible": False}, "label_position": "low"}
    )
    chart.set_legend({"position": "bottom", "delete_series": unnamed})
    chart.set_size({"width": 560, "height": 400})
    return chart


def _series(row: int, block: CurveBlock, day: int) -> dict[str, Any]:
    last = row + block.x.size - 1
    colour = _COLOURS[day % len(_COLOURS)]
    drawn: dict[str, Any] = {
        "name": [SHEET, row, LEGEND],
        "categories": [SHEET, row, X, last, X],
        "values": [SHEET, row, MEAN, last, MEAN],
    }
    if block.kind == CURVE:
        return drawn | {"line": {"color": colour, "width": 1.5}, "marker": {"type": "none"}}
    inside = {"none": True} if block.kind == ASIDE else {"color": colour}
    marker = {
        "type": _MARKERS[day % len(_MARKERS)],
        "size": 6,
        "border": {"color": colour},
        "fill": inside,
    }
    drawn |= {"line": {"none": True}, "marker": marker}
    if any(math.isfinite(value) for value in block.sd):
        drawn["y_error_bars"] = _error_bars(row, block, colour)
    return drawn


def _error_bars(row: int, block: CurveBlock, colour: str) -> dict[str, Any]:
    spread = f"={SHEET}!${SD}${row + 1}:${SD}${row + block.x.size}"
    known = [value if math.isfinite(value) else 0.0 for value in block.sd.tolist()]
    ends = {"plus_values": spread, "minus_values": spread}
    return {"type": "custom", **ends, "plus_data": known, "minus_data": known, "line": {"color": colour}}


def _x_axis(placed: tuple[Placed, ...]) -> dict[str, Any]:
    first = placed[0][1]
    axis: dict[str, Any] = {"name": f"concentration, {first.unit}" if first.unit == "M" else first.unit}
    axis |= {"num_format": "0E+00", "crossing": "min", "major_gridlines": {"visible": False}}
    if first.log_axis:
        every = [float(value) for _, block in placed for value in block.x]
        axis |= {
            "log_base": 10,
            "min": 10.0 ** math.floor(math.log10(min(every))),
            "max": 10.0 ** math.ceil(math.log10(max(every))),
        }
    return axis
