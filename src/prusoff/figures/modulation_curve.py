"""Specific binding relative to that without modulator, so that the limit of the effect can be seen."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..core.equation import Array
from ..core.figure import Figure, FigureSpec, Line, Mark, Panel, Points, Rule, Scale
from ..core.result import AssayResult, Series
from ..core.result import Points as Wells
from ._axes import DoseAxis
from ._series import colour, columns, counted, days, dose_response, pages, used_mask


def build(result: AssayResult) -> tuple[FigureSpec, ...]:
    """One panel for every modulator; nothing where no curve has both kinds of control wells."""
    found = {
        subject: kept
        for subject, curves in dose_response(result).items()
        if (kept := [one for one in curves if any(_controls(points) for points in one.points)])
    }
    return tuple(
        FigureSpec(
            name,
            "Modulation of binding",
            _description({subject: found[subject] for subject in subjects}),
            tuple(_panel(result, subject, found[subject]) for subject in subjects),
            "For display only; the fits were made to raw signals. Mean of replicate wells less the nonspecific wells, "
            "over the same of the wells without modulator (1, dashed); lines are the fitted curves. A competitor ends "
            "at 0 (dashed); a modulator at a second site levels off where its site is full.",
            columns=columns(len(subjects)),
        )
        for name, subjects in pages(list(found), "modulation_curve")
    )


def _controls(points: Wells) -> tuple[float, float] | None:
    """Nonspecific signal, and specific signal without modulator."""
    used = used_mask(points)
    total, nonspecific = (points.y[used & (points.x == end)] for end in (-np.inf, np.inf))
    if not (total.size and nonspecific.size) or not total.mean() > nonspecific.mean():
        return None
    return float(nonspecific.mean()), float(total.mean() - nonspecific.mean())


def _panel(result: AssayResult, subject: str, curves: list[Series]) -> Panel:
    labels = sorted({points.label for one in curves for points in one.points})
    marks: list[Mark] = [Rule(y=0.0), Rule(y=1.0)]
    tested = []
    for one in curves:
        for points in one.points:
            controls = _controls(points)
            if controls is None:
                continue
            several = len(labels) > 1
            name = points.label if several else one.experiment
            shade = colour(labels.index(points.label)) if several else days(result)[one.experiment]
            tested.append(points.x[np.isfinite(points.x)])
            marks += _drawn(one, points, controls, (name, shade))
    axis = DoseAxis.over(tested)
    title = f"{subject}, final concentration"
    scale = axis.scale(title) if axis is not None else Scale(title)
    return Panel(
        scale, Scale("specific binding / control", limits=(-0.1, _highest(marks))), tuple(marks), subject
    )


def _drawn(
    series: Series, points: Wells, controls: tuple[float, float], named: tuple[str, int]
) -> Iterator[Mark]:
    nonspecific, span = controls
    name, shade = named
    for band in series.bands:
        if band.label == points.label:
            relative = (band.fitted - nonspecific) / span
            yield Line(10.0**band.x, relative, name, shade, dashed=not series.outcome.usable)
    used = used_mask(points) & np.isfinite(points.x)
    x: Array = np.unique(points.x[used])
    means = np.array([points.y[used & (points.x == one)].mean() for one in x])
    if x.size:
        yield Points(10.0**x, (means - nonspecific) / span, name, shade)


def _highest(marks: list[Mark]) -> float:
    heights = [float(mark.y.max()) for mark in marks if isinstance(mark, Points) and mark.y.size]
    return 1.08 * max([1.1, *heights])


def _description(curves: dict[str, list[Series]]) -> str:
    told = "; ".join(f"{subject} in {counted(len(each), 'experiment')}" for subject, each in curves.items())
    return f"Specific binding relative to that without modulator, against concentration: {told}."


modulation_curve = Figure("modulation_curve", "Modulation of binding", build)
