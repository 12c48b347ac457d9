"""Block of a current against the concentration of the drug: every cell, and the curve of an average one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from ..core.figure import Band, Figure, FigureSpec, Line, Mark, Panel, Points, Rule, Scale
from ..core.panel import sites_of, split_subject
from ..core.result import AssayResult, Pooled, Series
from ._axes import DoseAxis
from ._series import columns, counted, days, dose_response, pages, used_mask

_EVERY_CELL = "all cells"
_GREY, _MOST_NAMED = 7, 8
_SHOWN = (-100.0, 200.0)  # percent of block


def build(result: AssayResult) -> tuple[FigureSpec, ...]:
    """One panel for every drug and end point; nothing of a result that holds no block."""
    drugs = {
        subject: cells
        for subject, curves in dose_response(result).items()
        if (cells := [one for one in curves if one.y_label.startswith("block")])
    }
    return tuple(
        FigureSpec(
            name,
            "Block of the current",
            _description(result, {subject: drugs[subject] for subject in subjects}),
            tuple(_panel(result, subject, drugs[subject]) for subject in subjects),
            _caption([drugs[subject] for subject in subjects]),
            columns=columns(len(subjects)),
        )
        for name, subjects in pages(list(drugs), "block_curve")
    )


def _panel(result: AssayResult, subject: str, cells: Sequence[Series]) -> Panel:
    axis = DoseAxis.over(points.x for series in cells for points in series.points)
    everything = np.concatenate([points.y for series in cells for points in series.points])
    low, high = min(-5.0, float(everything.min()) - 5.0), max(105.0, float(everything.max()) + 5.0)
    drug = split_subject(subject, sites_of(result))[0].partition(" (")[0]
    return Panel(
        axis.scale(f"{drug}, final concentration") if axis else Scale(drug),
        Scale("block (%)", limits=(low, high)),
        tuple(_marks(result, subject, cells)),
        title=subject,
        note="\n".join(_notes(result, subject, cells)),
    )


def _marks(result: AssayResult, subject: str, cells: Sequence[Series]) -> Iterator[Mark]:
    yield Rule(y=0.0)
    yield Rule(y=100.0)
    yield from _population(cells, result, subject)
    told = len(cells) <= _MOST_NAMED
    colours = days(result)
    for series in cells:
        name, own = (series.experiment, colours[series.experiment]) if told else ("a cell", 0)
        for points in series.points:
            used = used_mask(points)
            for mask, label in ((used, name), (~used, "set aside")):
                if mask.any():
                    yield Points(10.0 ** points.x[mask], points.y[mask], label, own, label == name)


def _population(cells: Sequence[Series], result: AssayResult, subject: str) -> Iterator[Mark]:
    band = next((band for series in cells for band in series.bands if band.label == _EVERY_CELL), None)
    if band is None:
        return
    usable, molar = cells[0].outcome.usable, 10.0**band.x
    if usable and np.isfinite(band.low).all():
        yield Band(molar, np.clip(band.low, *_SHOWN), np.clip(band.high, *_SHOWN), colour=_GREY)
    yield Line(molar, band.fitted, _EVERY_CELL, _GREY, dashed=not usable)
    found = _pool(result, subject, "IC50")
    if usable and found is not None and not found.estimate.is_bound:
        yield Rule(x=found.estimate.value)


def _pool(result: AssayResult, subject: str, name: str) -> Pooled | None:
    return next((one for one in result.pooled if one.subject == subject and one.estimate.name == name), None)


def _notes(result: AssayResult, subject: str, cells: Sequence[Series]) -> Iterator[str]:
    told = [one for one in result.pooled if one.subject == subject]
    for one in told:
        yield f"{one.estimate}, n = {one.n}"
    if not told:
        yield cells[0].reason or cells[0].outcome.value


def _caption(drugs: Sequence[Sequence[Series]]) -> str:
    cells = len({series.experiment for curves in drugs for series in curves})
    level = next((band.level for curves in drugs for series in curves for band in series.bands), 0.95)
    return (
        f"Each symbol is the block of one cell at the end of one application ({counted(cells, 'cell')}). The curve is "
        f"that of an average cell with its {100 * level:g} % confidence band, the upright line its IC50; a dashed "
        "curve gives no value."
    )


def _description(result: AssayResult, drugs: dict[str, list[Series]]) -> str:
    each = "; ".join(
        f"{subject} in {counted(len(cells), 'cell')}: {', '.join(_notes(result, subject, cells))}"
        for subject, cells in drugs.items()
    )
    return f"Block in percent of the control against concentration, one panel for each drug. {each}."


block_curve = Figure("block_curve", "Block of the current", build)
