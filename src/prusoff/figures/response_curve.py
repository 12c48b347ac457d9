"""Every compound's curve with its wells, its band and its IC50, the experiments laid over each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ..core.equation import Array
from ..core.estimate import Estimate
from ..core.figure import Band, Figure, FigureSpec, Line, Mark, Panel, Points, Scale
from ..core.result import AssayResult, CurveBand, Series
from ._axes import DoseAxis
from ._series import columns, counted, days, dose_response, location, pages, used_mask, wells

_BAR_STEP = 0.045
_TICK = 0.014
_MOST_NOTES = 3


def build(result: AssayResult) -> tuple[FigureSpec, ...]:
    """One panel per compound; nothing for a result without curves against a log concentration."""
    compounds = {
        subject: Compound(curves, axis)
        for subject, curves in dose_response(result).items()
        if (axis := DoseAxis.over(points.x for series in curves for points in series.points))
    }
    return tuple(
        FigureSpec(
            name,
            "Response curves",
            _description(result, {subject: compounds[subject].curves for subject in subjects}),
            tuple(_panel(result, subject, compounds[subject]) for subject in subjects),
            _caption(
                [series for subject in subjects for series in compounds[subject].curves], result.is_uptake
            ),
            columns=columns(len(subjects)),
        )
        for name, subjects in pages(list(compounds), "response_curve")
    )


@dataclass(frozen=True)
class Compound:
    """The curves of one compound and the axis they share."""

    curves: list[Series]
    axis: DoseAxis


def _panel(result: AssayResult, subject: str, compound: Compound) -> Panel:
    curves, axis, colours = compound.curves, compound.axis, days(result)
    base, limits = _heights(curves)
    span = limits[1] - base
    marks: list[Mark] = []
    for number, series in enumerate(curves):
        day, colour = (number, len(curves)), colours[series.experiment]
        marks += _curve(series, colour)
        marks += _control_means(series, axis, day, colour)
        marks += _wells(series, axis, day, colour)
        height = base - (number + 0.75) * _BAR_STEP * span
        marks += _bar(location(series), axis, (height, _TICK * span), colour)
    name = next((one.name.partition(" ")[0] for series in curves if (one := location(series))), "")
    return Panel(
        axis.scale(f"{subject}, final concentration"),
        Scale(
            next((series.y_label for series in curves if series.y_label), "response"),
            limits=limits if name else (base, limits[1]),
            strip=(base, name) if name else None,
        ),
        tuple(marks),
        title=subject,
        note=_note(result, subject, curves),
    )


def _heights(curves: list[Series]) -> tuple[float, tuple[float, float]]:
    """Where the y axis ends, at zero or under the lowest well, and the limits with a strip for the bars below it."""
    values = np.concatenate(
        [points.y for series in curves for points in series.points]
        + [part for series in curves for band in series.bands for part in (band.low, band.high)]
    )
    values = values[np.isfinite(values)]
    low, high = min(0.0, float(values.min(initial=0.0))), float(values.max(initial=0.0))
    span = (high - low) or abs(high) or 1.0
    base = low - 0.03 * span if low < 0 else 0.0
    top = high + 0.05 * span
    return base, (base - _BAR_STEP * (top - base) * (len(curves) + 0.5), top)


def _curve(series: Series, colour: int) -> Iterator[Mark]:
    """The curve and its band over the concentrations that were tested; dashed where it gives no value."""
    x, _, _ = wells(series)
    tested = x[np.isfinite(x)]
    for band in series.bands:
        inside = (band.x >= tested.min() - 1e-9) & (band.x <= tested.max() + 1e-9) & np.isfinite(band.fitted)
        molar = 10.0 ** band.x[inside]
        if series.outcome.usable and _has_limits(band, inside):
            yield Band(molar, band.low[inside], band.high[inside], colour=colour)
        yield Line(molar, band.fitted[inside], series.experiment, colour, dashed=not series.outcome.usable)


def _has_limits(band: CurveBand, inside: Array) -> bool:
    return bool(np.isfinite(band.low[inside]).all() and np.isfinite(band.high[inside]).all())


def _control_means(series: Series, axis: DoseAxis, day: tuple[int, int], colour: int) -> Iterator[Mark]:
    """The means of the control wells of each set of points as short strokes."""
    for points in series.points:
        for end in (-np.inf, np.inf):
            here = (points.x == end) & used_mask(points)
            if here.any():
                at = axis.place(np.array([end]), *day)
                mean = float(points.y[here].mean())
                yield Line(
                    at * 10.0 ** (axis.stroke * np.array([-1.0, 1.0])), np.array([mean, mean]), colour=colour
                )


def _wells(series: Series, axis: DoseAxis, day: tuple[int, int], colour: int) -> Iterator[Mark]:
    x, y, used = wells(series)
    at = axis.place(x, *day)
    if used.any():
        yield Points(at[used], y[used], series.experiment, colour)
    if not used.all():
        yield Points(at[~used], y[~used], "set aside", colour, filled=False)


def _bar(estimate: Estimate | None, axis: DoseAxis, at: tuple[float, float], colour: int) -> Iterator[Mark]:
    """The interval as a thin bar with a tick at the value; an open side or a bound is dashed to the end.

    `at` is the height of the bar and half the length of the tick.
    """
    if estimate is None:
        return
    height, half = at
    least, most = (10.0**end for end in axis.tested)
    value = estimate.value
    tick = Line(np.full(2, value), np.array([height - half, height + half]), colour=colour)
    low, high = (end if np.isfinite(end) and end > 0 else np.nan for end in (estimate.low, estimate.high))
    if estimate.is_bound:
        above = estimate.relation == ">"
        yield from _dashes(value, most if above else least, height, colour)
        yield tick
        return
    if not least <= value <= most:
        return
    known = [min(max(end, least), most) for end in (low, value, high) if np.isfinite(end)]
    yield Line(np.array([known[0], known[-1]]), np.full(2, height), colour=colour)
    if estimate.has_interval:
        for end, edge in ((low, least), (high, most)):
            if not np.isfinite(end):
                yield from _dashes(value, edge, height, colour)
    yield tick


def _dashes(start: float, end: float, height: float, colour: int) -> Iterator[Mark]:
    yield Line(np.array([start, end]), np.full(2, height), colour=colour, dashed=True)


def _note(result: AssayResult, subject: str, curves: list[Series]) -> str:
    """The values where they fit; what went wrong always."""
    good = [(series, location(series)) for series in curves if series.outcome.usable]
    lines = [f"{series.experiment}: {estimate}" for series, estimate in good if estimate is not None]
    if len(lines) > _MOST_NOTES:
        lines = [f"{one.estimate}, n = {one.n}" for one in result.pooled if one.subject == subject]
    excuses: dict[str, list[str]] = {}
    for series in curves:
        if not series.outcome.usable:
            excuses.setdefault(_excuse(series), []).append(series.experiment)
    every = len(curves) if len(curves) > 1 else 0
    for excuse, names in excuses.items():
        lines.append(f"{'every experiment' if len(names) == every else ', '.join(names)}: {excuse}")
    return "\n".join(lines)


def _excuse(series: Series) -> str:
    estimate = location(series)
    bound = f"{estimate}. " if estimate is not None and estimate.is_bound else ""
    return f"{bound}{series.reason or series.outcome.value}"


def _caption(curves: list[Series], uptake: bool) -> str:
    experiments = len({series.experiment for series in curves})
    # the control wells of a plate stand in the curve of each of its compounds, and are one well each
    drawn = {
        (series.experiment, position): taken
        for series in curves
        for points in series.points
        for position, taken in zip(points.positions, points.used, strict=True)
    }
    used = sum(drawn.values())
    aside = len(drawn) - used
    hollow = f"; {aside} set aside are hollow" if aside else ""
    names = ", ".join(sorted({estimate.name for series in curves if (estimate := location(series))}))
    bars = (
        f" In the strip under the axis: {names} of every experiment with its interval, dashed where it is open."
        if names
        else ""
    )
    level = next((band.level for series in curves for band in series.bands), 0.95)
    return (
        f"Each symbol is one well ({used} wells used in {counted(experiments, 'experiment')}{hollow}). "
        f"Lines are the fitted curves over the concentrations tested, with {100 * level:g} % confidence bands; "
        "a dashed line gives no value. Beyond the axis breaks: wells without compound (total) and wells with "
        f"{'nothing but background' if uptake else 'nonspecific binding only'} (NSB), with their means.{bars}"
    )


def _description(result: AssayResult, curves: dict[str, list[Series]]) -> str:
    said = [
        f"{subject}: " + _note(result, subject, series).replace("\n", "; ")
        for subject, series in curves.items()
    ]
    return (
        f"Response against the concentration of {', '.join(curves)}, one panel per compound, "
        f"the experiments in different colours and symbols. {' '.join(one.rstrip('.') + '.' for one in said)}"
    )


response_curve = Figure("response_curve", "Response curves", build)
