"""Agonist curves with and without an antagonist, all of one experiment in one panel, named beside the curves."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..core.equation import Array
from ..core.figure import Band, Figure, FigureSpec, Line, Mark, Panel, Points, Scale
from ..core.result import AssayResult, CurveBand, Series
from ..core.result import Points as Wells
from ._axes import DoseAxis
from ._schild_parts import curve_families
from ._series import colour, columns, counted, pages, used_mask


def build(result: AssayResult) -> tuple[FigureSpec, ...]:
    """One panel for every antagonist and experiment; nothing for a result without families of curves."""
    series = [one for family in curve_families(result).values() for one in family]
    drawn = {one.label: (one, axis) for one in series if (axis := DoseAxis.over(p.x for p in one.points))}
    return tuple(
        FigureSpec(
            name,
            "Agonist curves with and without antagonist",
            _description([drawn[label][0] for label in labels]),
            tuple(_panel(*drawn[label]) for label in labels),
            _caption([drawn[label][0] for label in labels]),
            columns=columns(len(labels)),
            panel_size=(3.6, 3.0),
        )
        for name, labels in pages(list(drawn), "antagonist_curves")
    )


def _panel(series: Series, axis: DoseAxis) -> Panel:
    marks: list[Mark] = []
    for number, wells in enumerate(series.points):
        marks += _curve(series, wells.label, colour(number))
    for number, wells in enumerate(series.points):
        marks += _wells(wells, axis, colour(number), (number, len(series.points)))
    agonist = series.x_label.removeprefix("log10 ").removesuffix(" (M)")
    scale = axis.scale(f"{agonist}, final concentration")
    named = tuple((at, "vehicle" if text == "total" else text) for at, text in scale.ticks)
    return Panel(
        Scale(scale.label, scale.log10, scale.limits, named, scale.breaks),
        Scale(series.y_label or "response", limits=_heights(series)),
        tuple(marks),
        title=series.label,
        note=_note(series),
    )


def _heights(series: Series) -> tuple[float, float]:
    """Limits of the response that hold every well, with zero where it lies below them."""
    values = np.concatenate([wells.y for wells in series.points] + [band.fitted for band in series.bands])
    values = values[np.isfinite(values)]
    low, high = min(0.0, float(values.min(initial=0.0))), float(values.max(initial=0.0))
    span = (high - low) or 1.0
    return low - (0.04 * span if low < 0 else 0.0), high + 0.06 * span


def _curve(series: Series, label: str, number: int) -> Iterator[Mark]:
    for band in series.bands:
        if band.label != label:
            continue
        inside = np.isfinite(band.fitted)
        molar = 10.0 ** band.x[inside]
        if _has_limits(band, inside):
            yield Band(molar, band.low[inside], band.high[inside], colour=number)
        yield Line(molar, band.fitted[inside], _named(series, label), number)


def _has_limits(band: CurveBand, inside: Array) -> bool:
    return bool(np.isfinite(band.low[inside]).all() and np.isfinite(band.high[inside]).all())


def _named(series: Series, label: str) -> str:
    return "no antagonist" if label == "none" else f"{series.subject.partition(' against ')[0]} {label}"


def _wells(wells: Wells, axis: DoseAxis, number: int, place: tuple[int, int]) -> Iterator[Mark]:
    used = used_mask(wells)
    at = axis.place(wells.x, *place)
    if used.any():
        yield Points(at[used], wells.y[used], colour=number)
    if not used.all():
        yield Points(at[~used], wells.y[~used], "set aside", number, filled=False)


def _note(series: Series) -> str:
    first = next((str(one) for one in series.estimates if one.unit == "M"), "")
    slope = next((str(one) for one in series.estimates if one.name == "Schild slope"), "")
    told = "; ".join(filter(None, (first, slope)))
    return told if series.outcome.usable else f"{told}. {series.reason}".lstrip(". ")


def _caption(series: list[Series]) -> str:
    aside = sum(not used for one in series for wells in one.points for used in wells.used)
    level = next((band.level for one in series for band in one.bands), 0.95)
    hollow = f" {counted(aside, 'well')} set aside are hollow." if aside else ""
    return (
        f"Each symbol is one well, each line one antagonist concentration of the fit to all curves of an experiment, "
        f"with its {100 * level:g} % confidence band. Beyond the axis break: wells without agonist (vehicle).{hollow}"
    )


def _description(series: list[Series]) -> str:
    said = " ".join(f"{one.label}: {_note(one).rstrip('.')}." for one in series)
    return (
        f"Agonist curves beside rising concentrations of an antagonist, one panel for each experiment. {said}"
    )


antagonist_curves = Figure("antagonist_curves", "Agonist curves with and without antagonist", build)
