"""Occupancy of animals against dose: every animal, the mean of each dose with its interval, and the fitted law."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..core.figure import Figure, FigureSpec, Line, Mark, Panel, Points, Rule, Scale
from ..core.result import AssayResult, Series
from ..core.units import readable_unit
from ._axes import unit_of
from ._occupied import OCCUPANCY
from ._series import columns, counted, is_logarithmic, pages

ANIMALS, BLACK = "animals", 7


def build(result: AssayResult) -> tuple[FigureSpec, ...]:
    """One panel for every drug; nothing for a result without animals that were given doses."""
    found = {
        one.subject: one
        for one in result.series
        if one.y_label == OCCUPANCY
        and any(points.label == ANIMALS and points.x.size for points in one.points)
        and is_logarithmic(one)
    }
    return tuple(
        FigureSpec(
            name,
            "Occupancy against dose",
            _description([found[subject] for subject in subjects]),
            tuple(_panel(result, found[subject]) for subject in subjects),
            "Occupancy of every animal (small) against the mean ratio of those with vehicle, the mean of every "
            "dose with its "
            "standard error, and the law that was fitted to the ratios of all animals.",
            columns=columns(len(subjects)),
            panel_size=(4.2, 3.3),
        )
        for name, subjects in pages(list(found), "dose_occupancy")
    )


def _panel(result: AssayResult, series: Series) -> Panel:
    unit = unit_of(series.x_label)
    size, told = readable_unit(10.0 ** float(series.points[0].x.max()), unit)
    values = np.concatenate([points.y for points in series.points])
    low = min(0.0, float(np.floor(values.min() / 10.0) * 10.0))
    name = series.x_label.removeprefix("log10 ").removesuffix(f" ({unit})")
    note = [str(one.estimate) for one in result.pooled if one.subject == series.subject]
    return Panel(
        Scale(f"{name} ({told})", log10=True),
        Scale("occupancy (%)", limits=(low, max(105.0, float(values.max()) + 5.0))),
        (Rule(y=50.0), *_marks(series, size)),
        title=series.subject,
        note="\n".join(note[:2]),
    )


def _marks(series: Series, size: float) -> Iterator[Mark]:
    for band in series.bands:
        if np.isfinite(band.fitted).all():
            yield Line(10.0**band.x / size, band.fitted, "fitted law", BLACK)
    for points in series.points:
        yield Points(10.0**points.x / size, points.y, "one animal", 0, filled=False)
        doses = np.unique(points.x)
        groups = [points.y[points.x == dose] for dose in doses]
        means = np.array([one.mean() for one in groups])
        errors = np.array([one.std(ddof=1) / np.sqrt(one.size) if one.size > 1 else 0.0 for one in groups])
        yield Points(10.0**doses / size, means, "mean of a dose", 1, error=errors)


def _description(series: list[Series]) -> str:
    told = "; ".join(f"{one.subject}: {counted(one.points[0].x.size, 'animal')}" for one in series)
    return f"Occupancy in percent against the dose. {told}."


dose_occupancy = Figure("dose_occupancy", "Occupancy against dose", build)
