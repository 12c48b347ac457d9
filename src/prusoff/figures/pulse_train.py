"""Peak currents pulse by pulse: the trains of a cell without and with drug, with the fitted course of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from ..core.equation import Array
from ..core.figure import Band, Figure, FigureSpec, Line, Mark, Panel, Points, Scale
from ..core.result import AssayResult, CurveBand, Series
from ._axes import readable
from ._series import PULSES, colour, columns, counted, is_over_pulses, used_mask

__all__ = ["PULSES", "pulse_train"]

_MOST_PANELS = 9
_ROOM = 1.06
_CONTROL = "no drug"


def build(result: AssayResult) -> tuple[FigureSpec, ...]:
    """One panel for every drug in every cell; nothing for a result without trains of pulses."""
    found = [
        one for one in result.series if is_over_pulses(one) and any(points.x.size for points in one.points)
    ]
    pages = [found[start : start + _MOST_PANELS] for start in range(0, len(found), _MOST_PANELS)]
    return tuple(
        FigureSpec(
            "pulse_train" if len(pages) == 1 else f"pulse_train_{number}",
            "Currents along trains of pulses",
            _description(some),
            tuple(_panel(one) for one in some),
            _caption(some),
            columns=columns(len(some)),
            panel_size=(3.5, 3.0),
        )
        for number, some in enumerate(pages, start=1)
    )


def _panel(series: Series) -> Panel:
    labels = list(dict.fromkeys(points.label for points in series.points))
    every: Array = np.concatenate([points.y for points in series.points])
    size, y_label = readable(series.y_label, float(np.abs(every).max()))
    drawn: Array = np.concatenate([every, *(band.fitted for band in series.bands)]) / size
    low, high = min(0.0, float(drawn.min())), max(0.0, float(drawn.max()))
    last = max(float(points.x.max()) for points in series.points)
    marks = [mark for band in series.bands for mark in _curve(band, size, labels)]
    marks += [mark for label in labels for mark in _symbols(series, label, size, labels)]
    return Panel(
        Scale(series.x_label, limits=(0.0, last + 1.0)),
        Scale(y_label, limits=(_ROOM * low, _ROOM * high) if high > low else None),
        tuple(marks),
        title=series.label,
        note="" if series.outcome.usable else series.reason,
    )


def _curve(band: CurveBand, size: float, labels: Sequence[str]) -> Iterator[Mark]:
    own = colour(labels.index(band.label)) if band.label in labels else 0
    if np.isfinite(band.low).all() and np.isfinite(band.high).all():
        yield Band(band.x, band.low / size, band.high / size, colour=own)
    yield Line(band.x, band.fitted / size, colour=own, dashed=band.label.startswith(_CONTROL))


def _symbols(series: Series, label: str, size: float, labels: Sequence[str]) -> Iterator[Mark]:
    own = colour(labels.index(label))
    told = label
    for points in series.points:
        if points.label != label:
            continue
        used = used_mask(points)
        if used.any():
            yield Points(points.x[used], points.y[used] / size, told, own)
            told = ""
        if not used.all():
            yield Points(points.x[~used], points.y[~used] / size, "set aside", own, filled=False)


def _caption(found: Sequence[Series]) -> str:
    cells = counted(len({one.experiment for one in found}), "cell")
    level = next((band.level for one in found for band in one.bands), 0.95)
    return (
        f"Peak currents of the pulses of a train in {cells}. Lines are the fitted courses of a drug that reaches its "
        f"site during pulses only, with {100 * level:g} % confidence bands; dashed: without drug."
    )


def _description(found: Sequence[Series]) -> str:
    told = []
    for one in found:
        falls = [_fall(one, label) for label in dict.fromkeys(points.label for points in one.points)]
        told.append(f"{one.label}: {'; '.join(falls)}")
    return f"Peak currents along trains of pulses, as the part of the first current left at the end. {'. '.join(told)}."


def _fall(series: Series, label: str) -> str:
    """What the last pulse of a train has of the first."""
    points = next(one for one in series.points if one.label == label)
    order = np.argsort(points.x)
    first, last = points.y[order[0]], points.y[order[-1]]
    return f"{label} {100 * last / first:.0f} %" if first else label


pulse_train = Figure("pulse_train", "Currents along trains of pulses", build)
