"""Several agonist curves in one panel, each with its wells, its band and its name; vehicle wells beyond a break."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ..core.equation import Array
from ..core.figure import Band, Line, Mark, Panel, Points, Scale
from ..core.result import CurveBand
from ..core.result import Points as Wells
from ._axes import DoseAxis
from ._series import colour, used_mask


@dataclass(frozen=True)
class Named:
    """One curve with the name that stands beside it; dashed where it gives no value."""

    name: str
    wells: tuple[Wells, ...]
    bands: tuple[CurveBand, ...]
    dashed: bool = False


def agonist_panel(curves: Sequence[Named], labels: tuple[str, str], title: str, note: str) -> Panel | None:
    """The panel, None where no well holds agonist. `labels` are the compound on the x axis and the response."""
    axis = DoseAxis.over(wells.x for one in curves for wells in one.wells)
    if axis is None:
        return None
    marks: list[Mark] = []
    for number, one in enumerate(curves):
        marks += _lines(one, colour(number))
    for number, one in enumerate(curves):
        marks += _points(one, axis, colour(number), (number, len(curves)))
    scale = axis.scale(f"{labels[0]}, final concentration")
    ticks = tuple((at, "vehicle" if text == "total" else text) for at, text in scale.ticks)
    x = Scale(scale.label, scale.log10, scale.limits, ticks, scale.breaks)
    return Panel(x, Scale(labels[1], limits=_heights(curves)), tuple(marks), title=title, note=note)


def _heights(curves: Sequence[Named]) -> tuple[float, float]:
    """Limits of the response that hold every well, zero included."""
    values = np.concatenate(
        [wells.y for one in curves for wells in one.wells]
        + [band.fitted for one in curves for band in one.bands]
    )
    values = values[np.isfinite(values)]
    low, high = min(0.0, float(values.min(initial=0.0))), float(values.max(initial=0.0))
    span = (high - low) or 1.0
    return low - (0.04 * span if low < 0 else 0.0), high + 0.06 * span


def _lines(one: Named, number: int) -> Iterator[Mark]:
    for band in one.bands:
        inside = np.isfinite(band.fitted)
        molar = 10.0 ** band.x[inside]
        if not one.dashed and _has_limits(band, inside):
            yield Band(molar, band.low[inside], band.high[inside], colour=number)
        yield Line(molar, band.fitted[inside], one.name, number, one.dashed)


def _has_limits(band: CurveBand, inside: Array) -> bool:
    return bool(np.isfinite(band.low[inside]).all() and np.isfinite(band.high[inside]).all())


def _points(one: Named, axis: DoseAxis, number: int, place: tuple[int, int]) -> Iterator[Mark]:
    for wells in one.wells:
        used, at = used_mask(wells), axis.place(wells.x, *place)
        if used.any():
            yield Points(at[used], wells.y[used], one.name, number)
        if not used.all():
            yield Points(at[~used], wells.y[~used], "set aside", number, filled=False)
