"""Saturation: total, nonspecific and specific binding with the fitted curves, and the same as a Scatchard plot."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..core.equation import Array
from ..core.estimate import figures
from ..core.figure import Figure, FigureSpec, Line, Panel, Points, Scale
from ..core.result import AssayResult, Series
from ..core.units import readable_unit
from ._axes import unit_of
from ._saturating import colour_of, curve_marks, from_zero, in_readable_units, note_of, point_marks
from ._series import counted, isotherms, used_mask


def build(result: AssayResult) -> tuple[FigureSpec, ...]:
    """A row of panels for every isotherm; nothing for a result without one."""
    curves = isotherms(result)
    if not curves:
        return ()
    panels = [panel for series in curves for panel in _panels(in_readable_units(series))]
    return (
        FigureSpec(
            "binding_isotherm",
            "Saturation isotherms",
            _description(curves),
            tuple(panels),
            _caption(curves),
            columns=2,
        ),
    )


def _panels(series: Series) -> Iterator[Panel]:
    marks = [mark for band in series.bands for mark in curve_marks(band, colour_of(band.label, 0))]
    marks += [
        mark
        for number, wells in enumerate(series.points)
        for mark in point_marks(wells, colour_of(wells.label, number))
    ]
    tops = [band.high for band in series.bands]
    yield Panel(
        Scale(series.x_label, limits=from_zero([wells.x for wells in series.points])),
        Scale(series.y_label, limits=from_zero([wells.y for wells in series.points] + tops)),
        tuple(marks),
        title=series.label,
        note=note_of(series),
    )
    scatchard = [mark for mark in _scatchard(series) if mark.y.size]
    if scatchard:
        yield Panel(
            Scale(series.y_label, limits=from_zero([mark.x for mark in scatchard])),
            Scale(_ratio_label(series), limits=from_zero([mark.y for mark in scatchard])),
            tuple(scatchard),
            title="Scatchard plot",
            note="Drawn from the nonlinear fit, never fitted.",
        )


def _scatchard(series: Series) -> Iterator[Line | Points]:
    """Bound over free against bound, for the specific binding."""
    colour = colour_of("specific", 0)
    for band in series.bands:
        if band.label == "specific":
            inside = band.x >= _least_free(series)
            yield Line(band.fitted[inside], band.fitted[inside] / band.x[inside], "specific", colour)
    for wells in series.points:
        if wells.label == "specific":
            inside = used_mask(wells) & (wells.x > 0)
            yield Points(wells.y[inside], wells.y[inside] / wells.x[inside], "specific", colour)


def _least_free(series: Series) -> float:
    free: Array = np.concatenate([wells.x for wells in series.points])
    return float(free[free > 0].min(initial=np.inf))


def _ratio_label(series: Series) -> str:
    bound, free = unit_of(series.y_label), unit_of(series.x_label)
    return f"bound / free ({bound}/{free})" if bound and free else "bound / free"


def _caption(curves: list[Series]) -> str:
    aside = sum(not used for series in curves for wells in series.points for used in wells.used)
    level = next((band.level for series in curves for band in series.bands), 0.95)
    hollow = f" {counted(aside, 'well')} set aside are hollow." if aside else ""
    return (
        f"Binding against free radioligand in {counted(len(curves), 'experiment')}, one row each. "
        f"Symbols are wells, lines the fitted curves over the range tested, with {100 * level:g} % confidence bands. "
        f"Specific is total less the fitted nonspecific binding.{hollow} "
        f"The Scatchard plot shows the same fit on other axes; no line was fitted in it.{_factors(curves)}"
    )


def _factors(curves: list[Series]) -> str:
    """What the signal of the axis is in fmol/mg, where Bmax is known in both; the same for every well of a curve."""
    said = []
    for series in curves:
        by_unit = {one.unit: one for one in series.estimates if one.name.partition(" ")[0] == "Bmax"}
        sites, signal = by_unit.get("mol/g"), by_unit.get(unit_of(series.y_label))
        if sites is not None and signal is not None and signal.value > 0:
            size, unit = readable_unit(sites.value, "mol/g")
            worth = figures(1000 * sites.value / signal.value / size, 4)
            day = f" in {series.experiment}" if len(curves) > 1 else ""
            said.append(f"1000 {signal.unit} are {worth} {unit}{day}")
    return f" {'; '.join(said)}." if said else ""


def _description(curves: list[Series]) -> str:
    said = " ".join(f"{series.label}: {note_of(series).rstrip('.')}." for series in curves)
    return (
        "Total, nonspecific and specific binding against the free concentration of the radioligand, "
        f"with a Scatchard plot beside it. {said}"
    )


binding_isotherm = Figure("binding_isotherm", "Saturation isotherms", build)
