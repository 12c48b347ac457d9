"""Displacement curves at several concentrations of the radioligand, all of one experiment in one panel."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..core.figure import Band, Figure, FigureSpec, Line, Mark, Panel, Points, Scale
from ..core.result import AssayResult, CurveBand, Series
from ..core.result import Points as Wells
from ._axes import DoseAxis
from ._series import colour, columns, counted, is_logarithmic, pages, used_mask

HOT = "[L] "  # how a curve is labelled by the concentration of its radioligand


def build(result: AssayResult) -> tuple[FigureSpec, ...]:
    """One panel for every experiment; nothing for a result without curves named by their radioligand."""
    drawn = {
        one.label: (one, axis)
        for one in result.series
        if is_logarithmic(one)
        and all(points.label.startswith(HOT) for points in one.points)
        and (axis := DoseAxis.over(points.x for points in one.points))
    }
    return tuple(
        FigureSpec(
            name,
            "Displacement by the unlabelled ligand",
            _description([drawn[label][0] for label in labels]),
            tuple(_panel(*drawn[label]) for label in labels),
            _caption([drawn[label][0] for label in labels]),
            columns=columns(len(labels)),
        )
        for name, labels in pages(list(drawn), "displacement_curves")
    )


def _panel(series: Series, axis: DoseAxis) -> Panel:
    marks: list[Mark] = []
    for number, wells in enumerate(series.points):
        marks += _curve(series, wells.label, colour(number))
        marks += _wells(wells, axis, colour(number), (number, len(series.points)))
    cold = series.x_label.removeprefix("log10 ").removesuffix(" (M)")
    return Panel(
        axis.scale(f"unlabelled {cold}, final concentration"),
        Scale(series.y_label or "bound", limits=_heights(series)),
        tuple(marks),
        title=series.label,
        note=_note(series),
    )


def _heights(series: Series) -> tuple[float, float]:
    """From zero, or the lowest well below it, to a little above the highest."""
    values = np.concatenate([wells.y for wells in series.points] + [band.high for band in series.bands])
    values = values[np.isfinite(values)]
    low, high = min(0.0, float(values.min(initial=0.0))), float(values.max(initial=0.0))
    span = (high - low) or 1.0
    return low - (0.04 * span if low < 0 else 0.0), high + 0.06 * span


def _curve(series: Series, label: str, number: int) -> Iterator[Mark]:
    for band in series.bands:
        if band.label == label and np.isfinite(band.fitted).all():
            if series.outcome.usable and _has_limits(band):
                yield Band(10.0**band.x, band.low, band.high, colour=number)
            yield Line(10.0**band.x, band.fitted, label, number, dashed=not series.outcome.usable)


def _has_limits(band: CurveBand) -> bool:
    return bool(np.isfinite(band.low).all() and np.isfinite(band.high).all())


def _wells(wells: Wells, axis: DoseAxis, number: int, place: tuple[int, int]) -> Iterator[Mark]:
    used, at = used_mask(wells), axis.place(wells.x, *place)
    if used.any():
        yield Points(at[used], wells.y[used], wells.label, number)
    if not used.all():
        yield Points(at[~used], wells.y[~used], "set aside", number, filled=False)


def _note(series: Series) -> str:
    found = "; ".join(str(one) for one in series.estimates if one.name in ("Kd", "Bmax"))
    if series.outcome.usable:
        return found
    return f"{found}. {series.reason}".lstrip(". ") or series.outcome.value


def _caption(series: list[Series]) -> str:
    aside = sum(not used for one in series for wells in one.points for used in wells.used)
    level = next((band.level for one in series for band in one.bands), 0.95)
    hollow = f" {counted(aside, 'well')} set aside are hollow." if aside else ""
    return (
        "Each symbol is one well, each line one concentration of the radioligand [L] of the fit to all curves of an "
        f"experiment, with its {100 * level:g} % confidence band. Beyond the axis breaks: wells without unlabelled "
        f"ligand (total) and nonspecific wells (NSB).{hollow}"
    )


def _description(series: list[Series]) -> str:
    said = " ".join(f"{one.label}: {_note(one).rstrip('.')}." for one in series)
    return (
        f"Binding of the radioligand against the concentration of its unlabelled form, one panel each. {said}"
    )


displacement_curves = Figure("displacement_curves", "Displacement by the unlabelled ligand", build)
