"""Several curves of one experiment in one panel, each with its own colour and named by the label of its points."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..core.figure import Band, Line, Mark, Points, Scale
from ..core.result import CurveBand, Series
from ..core.result import Points as Wells
from ._axes import DoseAxis
from ._series import colour, counted, used_mask


def labelled_marks(series: Series, axis: DoseAxis) -> Iterator[Mark]:
    """Curves and wells of every label, then the curves that have no wells of their own, dashed."""
    for number, wells in enumerate(series.points):
        yield from _curve(series, wells.label, colour(number))
        yield from _wells(wells, axis, colour(number), (number, len(series.points)))
    own = {wells.label for wells in series.points}
    for number, band in enumerate(band for band in series.bands if band.label not in own):
        yield Line(10.0**band.x, band.fitted, band.label, colour(len(own) + number), dashed=True)


def heights(series: Series) -> Scale:
    """The axis of the signal, from zero, or the lowest well below it, to a little above the highest."""
    values = np.concatenate([wells.y for wells in series.points] + [band.high for band in series.bands])
    values = values[np.isfinite(values)]
    low, high = min(0.0, float(values.min(initial=0.0))), max(0.0, float(values.max(initial=0.0)))
    span = (high - low) or 1.0
    return Scale(
        series.y_label or "signal", limits=(low - (0.04 * span if low < 0 else 0.0), high + 0.06 * span)
    )


def hollow(series: list[Series]) -> str:
    """What to say of wells that were set aside."""
    aside = sum(not used for one in series for wells in one.points for used in wells.used)
    return f" {counted(aside, 'well')} set aside are hollow." if aside else ""


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
