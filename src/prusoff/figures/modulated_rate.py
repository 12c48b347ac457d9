"""The rate at which a label leaves, relative to that without modulator, against the concentration of modulator."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..core.figure import Figure, FigureSpec, Line, Mark, Panel, Points, Rule, Scale
from ..core.result import AssayResult, Series
from ._axes import DoseAxis
from ._series import colour, columns, counted, pages

RELATIVE = "rate relative to control"


def build(result: AssayResult) -> tuple[FigureSpec, ...]:
    """One panel for every modulator with all its experiments; nothing where no rate was measured so."""
    found: dict[str, list[Series]] = {}
    for series in result.series:
        if series.y_label == RELATIVE and any(points.x.size for points in series.points):
            found.setdefault(series.subject, []).append(series)
    return tuple(
        _figure(name, {subject: found[subject] for subject in subjects})
        for name, subjects in pages(list(found), "modulated_rate")
    )


def _figure(name: str, modulators: dict[str, list[Series]]) -> FigureSpec:
    told = "; ".join(
        f"{subject} in {counted(len(each), 'experiment')}" for subject, each in modulators.items()
    )
    return FigureSpec(
        name,
        "Rate of dissociation against modulator",
        f"Rate constant of dissociation over that without modulator, against concentration: {told}.",
        tuple(_panel(subject, each) for subject, each in modulators.items()),
        "Rate constant of dissociation at each concentration over that without modulator, one point a concentration "
        "and experiment; the curves are the law of the modulator fitted to all wells. At 1 the modulator does "
        "nothing; below, it holds the label back.",
        columns=columns(len(modulators)),
    )


def _panel(subject: str, each: list[Series]) -> Panel:
    axis = DoseAxis.over(points.x for series in each for points in series.points)
    marks: list[Mark] = [Rule(y=1.0)]
    if axis is not None:
        for number, series in enumerate(each):
            marks += list(_drawn(series, axis, number, len(each)))
    scale = axis.scale(f"{subject}") if axis is not None else Scale(subject)
    return Panel(scale, Scale("rate / rate without modulator", limits=_limits(each)), tuple(marks), subject)


def _drawn(series: Series, axis: DoseAxis, number: int, days: int) -> Iterator[Mark]:
    for band in series.bands:
        yield Line(10.0**band.x, band.fitted, series.experiment, colour(number))
    for points in series.points:
        x = axis.place(points.x, number, days)
        yield Points(np.asarray(x), points.y, series.experiment, colour(number))


def _limits(each: list[Series]) -> tuple[float, float]:
    highest = max(float(points.y.max(initial=1.0)) for series in each for points in series.points)
    return 0.0, max(1.2, 1.08 * highest)


modulated_rate = Figure("modulated_rate", "Rate of dissociation against modulator", build)
