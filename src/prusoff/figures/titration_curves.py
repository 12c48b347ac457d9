"""Titrations of a partner: wells with and without it, the fitted law, and the hyperbola to be compared."""

from __future__ import annotations

from dataclasses import replace

from ..core.figure import Figure, FigureSpec, Panel
from ..core.result import AssayResult, Series
from ._axes import DoseAxis
from ._labelled import heights, hollow, labelled_marks
from ._series import columns, is_logarithmic, pages

WITH = "with partner"


def build(result: AssayResult) -> tuple[FigureSpec, ...]:
    """One panel for every ligand and experiment; nothing for a result that is no titration."""
    drawn = {
        one.label: (one, axis)
        for one in result.series
        if is_logarithmic(one)
        and any(points.label == WITH for points in one.points)
        and (axis := DoseAxis.over(points.x for points in one.points))
    }
    return tuple(
        FigureSpec(
            name,
            "Titrations",
            _description([drawn[label][0] for label in labels]),
            tuple(_panel(*drawn[label]) for label in labels),
            _caption([drawn[label][0] for label in labels]),
            columns=columns(len(labels)),
        )
        for name, labels in pages(list(drawn), "titration_curves")
    )


def _panel(series: Series, axis: DoseAxis) -> Panel:
    scale = axis.scale(f"{series.subject} added")
    named = tuple((at, "none" if text == "total" else text) for at, text in scale.ticks)
    return Panel(
        replace(scale, ticks=named),
        heights(series),
        tuple(labelled_marks(series, axis)),
        title=series.label,
        note=_note(series),
    )


def _note(series: Series) -> str:
    found = "\n".join(str(one) for one in series.estimates if one.name.startswith("Kd"))
    return found if series.outcome.usable else "\n".join(filter(None, (found, series.reason)))


def _caption(series: list[Series]) -> str:
    level = next((band.level for one in series for band in one.bands), 0.95)
    dashed = any(band.label == "hyperbola" for one in series for band in one.bands)
    compared = " The dashed hyperbola takes what is added as free." if dashed else ""
    return (
        "Each symbol is one well, less the mean of the empty wells where there are some; lines are the fitted law with "
        f"its {100 * level:g} % confidence band. Beyond the axis break: the partner alone (none).{compared}"
        f"{hollow(series)}"
    )


def _description(series: list[Series]) -> str:
    said = " ".join(f"{one.label}: {_note(one)}.".replace("\n", "; ") for one in series)
    return (
        f"The signal of the partner against the concentration of what was added to it, one panel each. {said}"
    )


titration_curves = Figure("titration_curves", "Titrations", build)
