"""The Dixon plot, 1/v against [I], as a picture of the nonlinear fit: no line is fitted in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from ..core.estimate import figures
from ..core.figure import Figure, FigureSpec, Line, Panel, Points, Rule, Scale
from ..core.result import AssayResult, Series
from ..core.units import readable_unit
from ._axes import unit_of
from ._saturating import in_readable_units
from ._series import colour, columns, counted
from ._velocities import (
    SAME,
    Level,
    distinct,
    levels,
    means_by_substrate,
    shared_out,
    titled,
    velocity_series,
)

BEYOND = 1.08
LEFT, FURTHER = (
    0.5,
    2.5,
)  # lines are led left by so much of the highest inhibitor, of where the first meets the axis


def build(result: AssayResult) -> tuple[FigureSpec, ...]:
    """A panel for every grid; nothing for a result without inhibitors."""
    drawn = {id(series): panel for series in velocity_series(result) if (panel := _panel(series)) is not None}
    usable = [series for series in velocity_series(result) if id(series) in drawn]
    return tuple(
        FigureSpec(
            name,
            titled("Dixon plot", curves),
            "1/velocity against the concentration of inhibitor, one line of the nonlinear fit for every concentration "
            f"of substrate: {'; '.join(one.label for one in curves)}.",
            tuple(drawn[id(one)] for one in curves),
            "A picture of the nonlinear fit on other axes: the lines are those of the fit, and nothing was regressed "
            "here. Symbols are means of wells treated alike; the legend names the concentration of substrate. Dashed "
            "lines lead beyond what was measured: those of a competitive inhibitor meet at −Ki above the axis, those "
            "of a noncompetitive one on the axis, those of an uncompetitive one run in parallel. "
            f"{counted(len(curves), 'grid')}.",
            columns=columns(len(curves)),
        )
        for name, curves in shared_out(usable, "dixon")
    )


def _panel(series: Series) -> Panel | None:
    plain = in_readable_units(series)
    found = levels(plain)
    if len(found) < 2 or any(level.line() is None for level in found):
        return None
    size, unit = readable_unit(found[-1].inhibitor, "M")
    substrates = distinct(np.concatenate([level.wells.x for level in found]))
    reach = _reach(found, substrates[0]) / size
    marks = [
        mark
        for number, substrate in enumerate(substrates)
        for mark in _marks(found, substrate, (size, unit_of(plain.x_label), reach), colour(number))
    ]
    top = max(float(mark.y.max()) for mark in marks)
    velocity = unit_of(plain.y_label)
    return Panel(
        Scale(f"{series.subject} ({unit})"),
        Scale(f"1 / uptake (1/({velocity}))" if velocity else "1 / uptake", limits=(0.0, top * BEYOND)),
        (*marks, Rule(x=0.0, dashed=False)),
        title=series.label,
        note="Drawn from the nonlinear fit, never fitted.",
    )


def _reach(found: Sequence[Level], substrate: float) -> float:
    """How far the lines are led to the left of no inhibitor, in mol/L: beyond where they meet, if they do."""
    first, last = found[0].inverse(substrate), found[-1].inverse(substrate)
    most = LEFT * found[-1].inhibitor
    if not last > first:
        return most
    meets = first * (found[-1].inhibitor - found[0].inhibitor) / (last - first)
    return min(most, FURTHER * meets)


def _marks(
    found: Sequence[Level], substrate: float, scale: tuple[float, str, float], shade: int
) -> Iterator[Line | Points]:
    """The line at one concentration of substrate, dashed to the left of no inhibitor, and the means of its wells."""
    size, unit, reach = scale
    label = f"{figures(substrate, 2)} {unit}".strip()
    ends = np.array([found[0].inhibitor, found[-1].inhibitor]) / size
    inverse = np.array([found[0].inverse(substrate), found[-1].inverse(substrate)])
    yield Line(ends, inverse, label, shade)
    slope = (inverse[1] - inverse[0]) / (ends[1] - ends[0])
    if slope > 0:
        left = max(ends[0] - inverse[0] / slope, ends[0] - reach)
        yield Line(
            np.array([left, ends[0]]),
            np.maximum(inverse[0] + slope * np.array([left - ends[0], 0.0]), 0.0),
            "",
            shade,
            dashed=True,
        )
    at = [
        (level.inhibitor / size, 1.0 / mean)
        for level in found
        for where, mean in means_by_substrate(level.wells).items()
        if abs(where / substrate - 1.0) < SAME and mean > 0
    ]
    if at:
        x, y = np.array(at).T
        yield Points(x, y, label, shade, error=np.zeros_like(x))


dixon = Figure("dixon", "Dixon plot", build)
