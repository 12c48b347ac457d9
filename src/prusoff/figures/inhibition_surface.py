"""Velocity over substrate and inhibitor: lines of equal velocity, and the measured grid beside the fitted one."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from ..core.equation import Array
from ..core.estimate import figures
from ..core.figure import Figure, FigureSpec, Heat, Line, Panel, Points, Scale
from ..core.result import AssayResult, Series
from ..core.units import readable_unit
from ._axes import concentration_ticks, molar_text, unit_of
from ._saturating import in_readable_units
from ._series import colour, counted
from ._velocities import Level, distinct, levels, means_by_substrate, shared_out, titled, velocity_series

PARTS = (0.1, 0.25, 0.5, 0.75, 0.9)
NONE = 3.0  # how far below the least inhibitor the wells without it stand, as a factor
MARGIN = 1.35


def build(result: AssayResult) -> tuple[FigureSpec, ...]:
    """Two panels for every grid; nothing for a result without inhibitors."""
    drawn = {
        id(series): panels for series in velocity_series(result) if len(panels := tuple(_panels(series))) == 2
    }
    usable = [series for series in velocity_series(result) if id(series) in drawn]
    return tuple(
        FigureSpec(
            name,
            titled("Velocity over substrate and inhibitor", curves),
            "Lines of equal fitted velocity over the concentrations of substrate and inhibitor, and the measured "
            f"velocities as a grid: {'; '.join(one.label for one in curves)}.",
            tuple(panel for one in curves for panel in drawn[id(one)]),
            "Left: lines along which the fitted uptake through the carrier is the same part of its Vmax without "
            "inhibitor; dots are the concentrations measured, those without inhibitor below the break. Lines of a "
            "competitive inhibitor bend to the right for ever, those of a noncompetitive one end at their own "
            "inhibitor. Right: the mean uptake measured in percent of that Vmax, in brackets what the fit has there. "
            f"{counted(len(curves), 'grid')}.",
            columns=2,
        )
        for name, curves in shared_out(usable, "inhibition_surface")
    )


def _panels(series: Series) -> Iterator[Panel]:
    found = levels(in_readable_units(series))
    if len(found) < 2 or found[0].inhibitor > 0 or any(level.line() is None for level in found):
        return
    vmax = _vmax(found[0])
    if not vmax > 0:
        return
    molar = levels(series)
    yield _contours(series, molar, _vmax(molar[0]))
    yield _grid(series, found, vmax)


def _vmax(level: Level) -> float:
    """The fitted velocity at saturating substrate, nan where the line has no such place."""
    found = level.line()
    return 1.0 / found[0] if found is not None and found[0] > 0 else math.nan


def _contours(series: Series, found: Sequence[Level], vmax: float) -> Panel:
    """Lines of equal velocity, both axes logarithmic, the wells without inhibitor below a break."""
    substrates = np.array(distinct(np.concatenate([level.wells.x for level in found])))
    inhibitors = [level.inhibitor for level in found[1:]]
    bottom = inhibitors[0] / NONE
    marks: list[Line | Points] = []
    for number, part in enumerate(PARTS):
        x, y = _contour(found, part * vmax, (substrates[0], substrates[-1]), (bottom, inhibitors[-1]))
        if x.size > 1:
            marks.append(Line(x, y, f"{100 * part:.0f} % of Vmax", colour(number), dashed=number % 2 == 1))
    at = [
        (substrate, level.inhibitor or bottom / NONE)
        for level in found
        for substrate in means_by_substrate(level.wells)
    ]
    x, y = np.array(at).T
    marks.append(Points(x, y, "measured", 7))
    ticks = ((bottom / NONE, "0"), *((one, molar_text(one)) for one in inhibitors))
    ends = substrates[0] / MARGIN, substrates[-1] * MARGIN
    return Panel(
        Scale("substrate", log10=True, limits=ends, ticks=concentration_ticks(*ends)),
        Scale(
            series.subject,
            log10=True,
            limits=(bottom / NONE / MARGIN, inhibitors[-1] * MARGIN),
            ticks=ticks,
            breaks=(bottom / math.sqrt(NONE),),
        ),
        tuple(marks),
        title=series.label,
        note="Lines of equal fitted velocity.",
    )


def _contour(
    found: Sequence[Level], velocity: float, across: tuple[float, float], up: tuple[float, float]
) -> tuple[Array, Array]:
    """Where the fitted velocity is this one: substrate and inhibitor, inside the grid.

    At every substrate 1/v is a straight line in the inhibitor, for all four mechanisms.
    """
    x = np.geomspace(*across, 241)
    free = np.array([found[0].inverse(one) for one in x])
    slope = (np.array([found[-1].inverse(one) for one in x]) - free) / found[-1].inhibitor
    with np.errstate(all="ignore"):
        y = (1.0 / velocity - free) / slope
    inside = np.isfinite(y) & (y >= up[0]) & (y <= up[1])
    return x[inside], y[inside]


def _grid(series: Series, found: Sequence[Level], vmax: float) -> Panel:
    """The measured velocities in percent of Vmax, with the fitted ones in brackets."""
    plain = in_readable_units(series)
    substrates = distinct(np.concatenate([level.wells.x for level in found]))
    values = np.full((len(found), len(substrates)), np.nan)
    texts = [["" for _ in substrates] for _ in found]
    for row, level in enumerate(found):
        for where, mean in means_by_substrate(level.wells).items():
            column = int(np.argmin(np.abs(np.array(substrates) - where)))
            values[row, column] = 100.0 * mean / vmax
            texts[row][column] = f"{values[row, column]:.0f} ({100.0 / level.inverse(where) / vmax:.0f})"
    size, unit = readable_unit(found[-1].inhibitor, "M")
    return Panel(
        Scale(plain.x_label),
        Scale(f"{series.subject} ({unit})"),
        (
            Heat(
                values,
                tuple(figures(level.inhibitor / size) if level.inhibitor else "0" for level in found),
                tuple(figures(one, 2) for one in substrates),
                "% of Vmax",
                tuple(map(tuple, texts)),
                limits=(0.0, 100.0),
            ),
        ),
        title=f"{series.label}: measured (fitted)",
        note=f"Columns: {plain.x_label}; rows: {series.subject} ({unit}). Vmax without inhibitor is {figures(vmax)} "
        f"{unit_of(plain.y_label)}.",
    )


inhibition_surface = Figure("inhibition_surface", "Velocity over substrate and inhibitor", build)
