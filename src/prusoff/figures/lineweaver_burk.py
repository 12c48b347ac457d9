"""The Lineweaver-Burk plot, 1/v against 1/[S], as a picture of the nonlinear fit: no line is fitted in it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..core.figure import Figure, FigureSpec, Line, Panel, Points, Rule, Scale
from ..core.result import AssayResult, Series
from ._axes import unit_of
from ._saturating import in_readable_units
from ._series import colour, columns, counted
from ._velocities import SPECIFIC, Level, levels, means_by_substrate, shared_out, titled, velocity_series

BEYOND = 1.08


def build(result: AssayResult) -> tuple[FigureSpec, ...]:
    """A panel for every curve of which a line is known; nothing for a result without velocities."""
    drawn = {id(series): panel for series in velocity_series(result) if (panel := _panel(series)) is not None}
    usable = [series for series in velocity_series(result) if id(series) in drawn]
    return tuple(
        FigureSpec(
            name,
            titled("Lineweaver-Burk plot", curves),
            "1/velocity against 1/substrate, with the lines of the nonlinear fit: "
            + "; ".join(f"{one.label}, {counted(len(levels(one)), 'line')}" for one in curves)
            + ".",
            tuple(drawn[id(one)] for one in curves),
            "A picture of the nonlinear fit on reciprocal axes: the lines are those of the fit, and nothing was "
            "regressed here, for reciprocals blow up the errors of the slowest uptake. Symbols are means of wells "
            "treated alike; means at or below zero have no reciprocal and are not shown. Dashed lines lead beyond what "
            "was measured, to −1/Km of the fit on the axis.",
            columns=columns(len(curves)),
        )
        for name, curves in shared_out(usable, "lineweaver_burk")
    )


def _panel(series: Series) -> Panel | None:
    plain = in_readable_units(series)
    marks = [mark for number, level in enumerate(levels(plain)) for mark in _marks(level, colour(number))]
    if not any(isinstance(mark, Line) for mark in marks):
        return None
    y = np.concatenate([mark.y for mark in marks if isinstance(mark, (Line, Points))])
    velocity, substrate = unit_of(plain.y_label), unit_of(plain.x_label)
    return Panel(
        Scale(f"1 / substrate (1/{substrate})" if substrate else "1 / substrate"),
        Scale(
            f"1 / uptake (1/({velocity}))" if velocity else "1 / uptake",
            limits=(0.0, float(y.max()) * BEYOND),
        ),
        (*marks, Rule(x=0.0, dashed=False)),
        title=series.label,
        note="Drawn from the nonlinear fit, never fitted.",
    )


def _marks(level: Level, shade: int) -> Iterator[Line | Points]:
    """The line of the fit over what was measured, dashed to where it meets the axis, and the means of the wells."""
    line, label = level.line(), "" if level.wells.label == SPECIFIC else level.wells.label
    if line is None or level.band is None:
        return
    intercept, slope = line
    ends = 1.0 / level.band.x[level.band.x > 0]
    measured = np.array([ends.min(), ends.max()])
    yield Line(measured, intercept + slope * measured, label, shade)
    if slope > 0:
        beyond = np.array([-intercept / slope, measured[0]])
        yield Line(beyond, np.maximum(intercept + slope * beyond, 0.0), "", shade, dashed=True)
    means = {substrate: mean for substrate, mean in means_by_substrate(level.wells).items() if mean > 0}
    if means:
        x, y = 1.0 / np.array(list(means)), 1.0 / np.array(list(means.values()))
        yield Points(x, y, label, shade, error=np.zeros_like(x))


lineweaver_burk = Figure("lineweaver_burk", "Lineweaver-Burk plot", build)
