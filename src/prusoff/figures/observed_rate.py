"""Observed rates of association against the free label: the weighted line with its band, beside it a hyperbola."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from ..core.equation import Array
from ..core.figure import Band, Figure, FigureSpec, Line, Mark, Panel, Points, Scale
from ..core.result import AssayResult, CurveBand, Series
from ._axes import readable
from ._series import columns, counted, is_observed_rate, used_mask

_LINE = "line"
_HEADROOM = 1.06


def build(result: AssayResult) -> tuple[FigureSpec, ...]:
    """One panel per series of observed rates; nothing for a result without one."""
    found = [series for series in result.series if is_observed_rate(series)]
    if not found:
        return ()
    return (
        FigureSpec(
            "observed_rate",
            "Observed rates of association",
            _description({series.label: _told(result, series) for series in found}),
            tuple(_panel(series, _told(result, series)) for series in found),
            _caption(found),
            columns=columns(len(found)),
            panel_size=(3.1, 2.7),
        ),
    )


def _told(result: AssayResult, series: Series) -> str:
    """What the line gives, by the estimates of the same experiment."""
    same = (one for one in result.series if one.label == series.label)
    return "; ".join(
        str(value) for one in same for value in one.estimates if value.name.endswith(f"({_LINE})")
    )


def _panel(series: Series, note: str) -> Panel:
    x_size, x_label = readable(series.x_label, _largest([one.x for one in series.points]))
    y_size, y_label = readable(series.y_label, _largest([one.y for one in series.points]))
    errors = _errors(series)
    marks: list[Mark] = [mark for band in series.bands for mark in _curve(band, x_size, y_size)]
    for wells in series.points:
        used = used_mask(wells)
        bars = errors if errors is not None and errors.shape == wells.y.shape else None
        marks.append(
            Points(
                wells.x[used] / x_size,
                wells.y[used] / y_size,
                "observed rate",
                error=None if bars is None else bars[used] / y_size,
            )
        )
    highest = [one.high for one in series.bands if one.label == _LINE] + [one.y for one in series.points]
    return Panel(
        Scale(x_label, limits=(0.0, _HEADROOM * _largest([one.x for one in series.points]) / x_size)),
        Scale(y_label, limits=(_least(series) / y_size, _HEADROOM * _largest(highest) / y_size)),
        tuple(marks),
        title=series.label,
        note=note,
    )


def _least(series: Series) -> float:
    """Zero, or less where the line meets the axis below it."""
    lowest = [float(band.fitted.min()) for band in series.bands if band.label == _LINE]
    return _HEADROOM * min(0.0, *lowest) if lowest else 0.0


def _largest(parts: Sequence[Array]) -> float:
    every = np.concatenate([np.zeros(1), *parts])
    return float(every[np.isfinite(every)].max())


def _errors(series: Series) -> Array | None:
    """The standard errors with which the rates were fitted."""
    return None if series.fit is None else series.fit.curve.data.sd


def _curve(band: CurveBand, x_size: float, y_size: float) -> Iterator[Mark]:
    plain, x = band.label == _LINE, band.x / x_size
    if plain and np.isfinite(band.low).all() and np.isfinite(band.high).all():
        yield Band(x, band.low / y_size, band.high / y_size)
    yield Line(x, band.fitted / y_size, band.label, 0 if plain else 1, dashed=not plain)


def _caption(found: Sequence[Series]) -> str:
    level = next((band.level for series in found for band in series.bands), 0.95)
    bent = any(band.label != _LINE for series in found for band in series.bands)
    beside = " Dashed: the hyperbola of an induced fit, tested against the line." if bent else ""
    return (
        f"Observed rate constants in {counted(len(found), 'experiment')}, with the standard errors of their fits. "
        f"The line is weighted by them and drawn with its {100 * level:g} % confidence band: its slope is kon, its "
        f"intercept koff.{beside}"
    )


def _description(told: Mapping[str, str]) -> str:
    said = ". ".join(f"{label}: {note}" if note else label for label, note in told.items())
    return f"Observed rate of association against the free concentration of the label. {said}."


observed_rate = Figure("observed_rate", "Observed rates of association", build)
