"""The Lassen plot: what the drug took from the volume of every region against that at baseline, scan by scan."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..core.figure import Figure, FigureSpec, Line, Mark, Panel, Points, Rule, Scale
from ..core.result import AssayResult, Series
from ._occupied import lassen
from ._series import colour, columns, counted, pages


def build(result: AssayResult) -> tuple[FigureSpec, ...]:
    """One panel for every subject; nothing for a result whose scans were not read so."""
    found = {f"{one.subject}, {one.experiment}": one for one in lassen(result)}
    return tuple(
        FigureSpec(
            name,
            "Lassen plots",
            _description([found[label] for label in labels]),
            tuple(_panel(found[label]) for label in labels),
            "Volume of distribution of every region at baseline against what the drug took of it. The slope of a "
            "line is "
            "the occupancy of its scan, with errors in both scans; it meets zero at VND, which no drug displaces.",
            columns=columns(len(labels)),
        )
        for name, labels in pages(list(found), "lassen_plot")
    )


def _panel(series: Series) -> Panel:
    marks: list[Mark] = [Rule(y=0.0)]
    for number, points in enumerate(series.points):
        marks += _scan(series, points.label, colour(number))
    return Panel(
        Scale(series.x_label),
        Scale(series.y_label.replace("VT at baseline − VT with drug", "VT, baseline − drug")),
        tuple(marks),
        title=series.experiment,
        note=_note(series),
    )


def _note(series: Series) -> str:
    """The occupancy of every scan, in the order of the legend: the slopes of the lines."""
    return "occupancy " + ", ".join(f"{slope:.0f}" for slope in _slopes(series)) + " %"


def _slopes(series: Series) -> list[float]:
    """The slope of every line, in percent."""
    return [
        100.0 * float((band.fitted[-1] - band.fitted[0]) / (band.x[-1] - band.x[0]))
        for band in series.bands
        if np.isfinite(band.fitted).all() and band.x[-1] > band.x[0]
    ]


def _scan(series: Series, label: str, shade: int) -> Iterator[Mark]:
    for band in series.bands:
        if band.label == label and np.isfinite(band.fitted).all():
            yield Line(band.x, band.fitted, "", shade)
    for points in series.points:
        if points.label == label and points.x.size:
            yield Points(points.x, points.y, label, shade)


def _description(series: list[Series]) -> str:
    told = "; ".join(f"{one.experiment}: {_note(one)}" for one in series)
    return f"Lassen plots of {counted(len(series), 'subject')}. {told}."


lassen_plots = Figure("lassen_plot", "Lassen plot", build)
