"""Dissociation constant against the potential: every potential by itself, and the line of a site in the field."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from ..core.equation import Array
from ..core.figure import Band, Figure, FigureSpec, Line, Mark, Panel, Points, Scale
from ..core.result import AssayResult, CurveBand, Series
from ._axes import concentration_ticks, unit_of
from ._series import colour, columns, counted, is_over_potential, used_mask

_LINE, _MOST_PANELS, _ROOM = "line", 9, 0.004


def build(result: AssayResult) -> tuple[FigureSpec, ...]:
    """One panel per drug with all cells; nothing for a result without constants against the potential."""
    found = [
        one
        for one in result.series
        if is_over_potential(one)
        and unit_of(one.y_label) == "M"
        and any(points.x.size for points in one.points)
    ]
    by_drug: dict[str, list[Series]] = {}
    for one in found:
        by_drug.setdefault(one.subject, []).append(one)
    drugs = list(by_drug)
    pages = [drugs[start : start + _MOST_PANELS] for start in range(0, len(drugs), _MOST_PANELS)]
    return tuple(
        FigureSpec(
            "kd_potential" if len(pages) == 1 else f"kd_potential_{number}",
            "Dissociation constant against the potential",
            _description(result, [one for drug in some for one in by_drug[drug]]),
            tuple(_panel(drug, by_drug[drug]) for drug in some),
            _caption([one for drug in some for one in by_drug[drug]]),
            columns=columns(len(some)),
            panel_size=(3.9, 3.2),
        )
        for number, some in enumerate(pages, start=1)
    )


def _panel(drug: str, cells: Sequence[Series]) -> Panel:
    every: Array = np.concatenate([points.y for one in cells for points in one.points])
    volts: Array = np.concatenate([points.x for one in cells for points in one.points])
    marks = [mark for number, one in enumerate(cells) for band in one.bands for mark in _curve(band, number)]
    marks += [mark for number, one in enumerate(cells) for mark in _symbols(one, number)]
    low, high = float(every.min()) / 1.6, float(every.max()) * 1.6
    return Panel(
        Scale(
            "potential (mV)", limits=(1e3 * (float(volts.min()) - _ROOM), 1e3 * (float(volts.max()) + _ROOM))
        ),
        Scale("KD", log10=True, limits=(low, high), ticks=concentration_ticks(low, high)),
        tuple(marks),
        title=drug,
    )


def _curve(band: CurveBand, number: int) -> Iterator[Mark]:
    own, x = colour(number), 1e3 * band.x
    if np.isfinite(band.low).all() and np.isfinite(band.high).all() and (band.low > 0).all():
        yield Band(x, band.low, band.high, colour=own)
    yield Line(x, band.fitted, colour=own, dashed=band.label != _LINE)


def _symbols(series: Series, number: int) -> Iterator[Mark]:
    for points in series.points:
        used = used_mask(points)
        if used.any():
            yield Points(1e3 * points.x[used], points.y[used], series.experiment, colour(number))


def _caption(found: Sequence[Series]) -> str:
    level = next((band.level for one in found for band in one.bands), 0.95)
    bent = any(band.label != _LINE for one in found for band in one.bands)
    cells = counted(len({one.experiment for one in found}), "cell")
    beside = " Dashed: a bent line that fits better." if bent else ""
    return (
        f"KD of each potential by itself (symbols) in {cells}, and the "
        f"line of a charge that crosses a part of the field, fitted to all currents, with its {100 * level:g} % "
        f"confidence band.{beside}"
    )


def _description(result: AssayResult, found: Sequence[Series]) -> str:
    """What every cell gave, by the estimates of its curves."""
    told = []
    for one in found:
        values = [value for each in result.series if each.label == one.label for value in each.estimates[:2]]
        told.append(f"{one.label}: {'; '.join(map(str, values))}")
    return (
        f"Dissociation constant of a blocker on a logarithmic axis against the potential. {'. '.join(told)}."
    )


kd_potential = Figure("kd_potential", "Dissociation constant against the potential", build)
