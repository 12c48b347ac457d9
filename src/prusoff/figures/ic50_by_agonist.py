"""IC50 of a blocker against the agonist: every agonist concentration by itself, and the lines of three mechanisms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from ..core.equation import Array
from ..core.figure import Band, Figure, FigureSpec, Line, Mark, Panel, Points, Scale
from ..core.result import AssayResult, CurveBand, Series
from ._axes import concentration_ticks
from ._series import colour, columns, counted, used_mask

_Y, _MOST_PANELS = "IC50 (M)", 9
_ROOM = 1.5


def build(result: AssayResult) -> tuple[FigureSpec, ...]:
    """One panel for every blocker and cell; nothing for a result without an IC50 against an agonist."""
    found = [one for one in result.series if _applies(one)]
    pages = [found[start : start + _MOST_PANELS] for start in range(0, len(found), _MOST_PANELS)]
    return tuple(
        FigureSpec(
            "ic50_by_agonist" if len(pages) == 1 else f"ic50_by_agonist_{number}",
            "IC50 against the agonist",
            _description(some),
            tuple(_panel(one) for one in some),
            _caption(some),
            columns=columns(len(some)),
            panel_size=(3.4, 2.9),
        )
        for number, some in enumerate(pages, start=1)
    )


def _applies(series: Series) -> bool:
    return series.y_label == _Y and any(points.x.size for points in series.points)


def _panel(series: Series) -> Panel:
    names = list(dict.fromkeys(band.label for band in series.bands))
    x: Array = np.concatenate([*(one.x for one in series.points), *(one.x for one in series.bands)])
    y: Array = np.concatenate([*(one.y for one in series.points), *(one.fitted for one in series.bands)])
    across, up = ((float(one.min()) / _ROOM, float(one.max()) * _ROOM) for one in (x, y))
    marks = [mark for band in series.bands for mark in _curve(band, colour(1 + names.index(band.label)))]
    for points in series.points:
        used = used_mask(points)
        if used.any():
            marks.append(Points(points.x[used], points.y[used], "each agonist alone", 0))
    return Panel(
        Scale(series.x_label.removesuffix(" (M)"), True, across, concentration_ticks(*across)),
        Scale("IC50", True, up, concentration_ticks(*up)),
        tuple(marks),
        title=series.label,
    )


def _curve(band: CurveBand, own: int) -> Iterator[Mark]:
    chosen = bool(np.isfinite(band.low).all() and np.isfinite(band.high).all())
    if chosen:
        yield Band(band.x, band.low, band.high, colour=own)
    yield Line(band.x, band.fitted, band.label, own, dashed=not chosen)


def _caption(found: Sequence[Series]) -> str:
    level = next((band.level for one in found for band in one.bands), 0.95)
    cells = counted(len({one.experiment for one in found}), "cell")
    return (
        f"IC50 of each agonist concentration by itself (symbols) in {cells}, and what three mechanisms make of it; the "
        f"one with the lowest AICc over all cells is drawn in full, with its {100 * level:g} % confidence band."
    )


def _description(found: Sequence[Series]) -> str:
    told = "; ".join(one.label for one in found)
    return f"IC50 of a blocker against the concentration of the agonist, both on logarithmic axes: {told}."


ic50_by_agonist = Figure("ic50_by_agonist", "IC50 against the agonist", build)
