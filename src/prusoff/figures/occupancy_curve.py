"""Occupancy against the concentration in plasma: the scans of every subject, the law of all, and its bands."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..core.figure import Band, Figure, FigureSpec, Line, Mark, Panel, Points, Rule, Scale
from ..core.result import AssayResult, Series
from ..core.result import Points as Scans
from ._axes import DoseAxis
from ._occupied import ALL, FURTHER, POPULATION, occupancies
from ._series import colour, columns, counted, pages

BLACK = 7


def build(result: AssayResult) -> tuple[FigureSpec, ...]:
    """One panel for every drug; nothing for a result without occupancies."""
    found = occupancies(result)
    return tuple(
        FigureSpec(
            name,
            "Occupancy against plasma",
            _description({subject: found[subject] for subject in subjects}),
            tuple(_panel(result, subject, found[subject]) for subject in subjects),
            _caption([one for subject in subjects for one in found[subject]]),
            columns=columns(len(subjects)),
            panel_size=(4.2, 3.3),
        )
        for name, subjects in pages(list(found), "occupancy_curve")
    )


def _panel(result: AssayResult, subject: str, series: list[Series]) -> Panel:
    axis = DoseAxis.over(points.x for one in series for points in one.points)
    marks: list[Mark] = [Rule(y=50.0)]
    for one in series[:1]:
        marks += _law(one)
    for number, one in enumerate(series):
        marks += _scans(one, colour(number))
    name = series[0].x_label.removeprefix("log10 ").removesuffix(" (M)")
    values = np.concatenate([points.y for one in series for points in one.points if points.label == ALL])
    low = min(0.0, float(np.floor(values.min() / 10.0) * 10.0)) if values.size else 0.0
    scale = axis.scale(f"{name}, total concentration") if axis is not None else Scale(name)
    return Panel(
        scale,
        Scale("occupancy (%)", limits=(low, max(105.0, float(values.max(initial=0.0)) + 5.0))),
        tuple(marks),
        title=subject,
        note=_note(result, subject),
    )


def _law(series: Series) -> Iterator[Mark]:
    """The law of an average subject with its band, and where a further subject would lie."""
    bands = {band.label: band for band in series.bands}
    population, further = bands.get(POPULATION), bands.get(FURTHER)
    if population is not None and np.isfinite(population.low).all():
        yield Band(
            10.0**population.x, population.low, population.high, f"{100 * population.level:.0f} % band", BLACK
        )
    if further is not None and np.isfinite(further.low).all():
        for number, side in enumerate((further.low, further.high)):
            yield Line(10.0**further.x, side, "" if number else FURTHER, BLACK, dashed=True)
    if population is not None:
        yield Line(10.0**population.x, population.fitted, POPULATION, BLACK)


def _scans(series: Series, shade: int) -> Iterator[Mark]:
    for points in series.points:
        if points.label == ALL:
            yield Points(10.0**points.x, points.y, series.experiment, shade, error=_errors(series, points))


def _errors(series: Series, points: Scans) -> np.ndarray | None:
    """The standard errors of the scans in percent, where the fit was weighted by them."""
    if series.fit is None or not series.fit.weighting.startswith("1/SE"):
        return None
    curve = series.fit.curve
    with_drug = np.isfinite(curve.data.x)
    baseline = float(curve.parameters[0])
    found: np.ndarray = 100.0 / baseline / np.sqrt(curve.weights[with_drug])
    return found if found.shape == points.x.shape else None


def _note(result: AssayResult, subject: str) -> str:
    told = [one.estimate for one in result.pooled if one.subject == subject]
    wanted = [one for one in told if one.name in ("EC50", "EC50 by mass", "Occmax")]
    return "\n".join(str(one) for one in wanted)


def _caption(series: list[Series]) -> str:
    subjects = counted(len({one.experiment for one in series}), "subject")
    return (
        f"Occupancy of every scan of {subjects} over its regions, with its standard error, against the total "
        "concentration in plasma. Line and band: an average subject with the confidence band of the law; dashed: "
        "where a "
        "further subject may lie, its EC50 differing as those of these subjects do."
    )


def _description(found: dict[str, list[Series]]) -> str:
    told = "; ".join(
        f"{subject}: {counted(sum(one.points[0].x.size for one in series), 'scan')} of "
        f"{counted(len(series), 'subject')}"
        for subject, series in found.items()
    )
    return f"Occupancy in percent against the total concentration in plasma. {told}."


occupancy_curve = Figure("occupancy_curve", "Occupancy against plasma", build)
