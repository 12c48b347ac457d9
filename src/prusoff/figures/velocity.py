"""Velocity of uptake against substrate: the wells, the fitted curves and their confidence bands."""

from __future__ import annotations

from ..core.figure import Figure, FigureSpec, Panel, Scale
from ..core.result import AssayResult, Series
from ._saturating import colour_of, curve_marks, from_zero, in_readable_units, note_of, point_marks
from ._series import colour, columns, counted
from ._velocities import is_grid, shared_out, titled, velocity_series

NEUTRAL = 7


def build(result: AssayResult) -> tuple[FigureSpec, ...]:
    """A panel for every curve; nothing for a result without velocities."""
    return tuple(
        FigureSpec(
            name,
            titled("Velocity against substrate", curves),
            _description(curves),
            tuple(_panel(in_readable_units(series)) for series in curves),
            _caption(curves),
            columns=columns(len(curves)),
        )
        for name, curves in shared_out(velocity_series(result), "velocity")
    )


def _panel(series: Series) -> Panel:
    grid = is_grid(series)
    shades = {one.label: _shade(one.label, number, grid) for number, one in enumerate(series.points)}
    marks = [mark for band in series.bands for mark in curve_marks(band, shades.get(band.label, 0))]
    marks += [mark for wells in series.points for mark in point_marks(wells, shades[wells.label])]
    tops = [band.high for band in series.bands]
    return Panel(
        Scale(series.x_label, limits=from_zero([wells.x for wells in series.points])),
        Scale(series.y_label, limits=from_zero([wells.y for wells in series.points] + tops)),
        tuple(marks),
        title=series.label,
        note=note_of(series),
    )


def _shade(label: str, number: int, grid: bool) -> int:
    """The usual colours of an uptake without inhibitor; in a grid one for each concentration, grey for nonspecific."""
    if not grid:
        return colour_of(label, number)
    return NEUTRAL if label == "nonspecific" else colour(number)


def _caption(curves: list[Series]) -> str:
    aside = sum(not used for series in curves for wells in series.points for used in wells.used)
    level = next((band.level for series in curves for band in series.bands), 0.95)
    hollow = f" {counted(aside, 'well')} set aside are hollow." if aside else ""
    inhibited = any(is_grid(series) for series in curves)
    kinds = (
        "Every symbol is a well, less the fitted uptake that does not saturate; the legend names the concentration of "
        "inhibitor."
        if inhibited
        else "Symbols are wells; specific is total less the fitted nonspecific uptake."
    )
    return (
        f"Uptake against substrate in {counted(len(curves), 'curve')}. {kinds} Signals are shown as velocities; they "
        f"were fitted as counted. Lines are the fitted curves with {100 * level:g} % confidence bands.{hollow}"
    )


def _description(curves: list[Series]) -> str:
    said = " ".join(f"{series.label}: {note_of(series).rstrip('.')}." for series in curves)
    return f"Velocity of uptake against the concentration of substrate, with the fitted curves. {said}"


velocity = Figure("velocity", "Velocity against substrate", build)
