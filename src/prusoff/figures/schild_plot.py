"""The Schild plot: log(dose ratio - 1) against the antagonist, with its line and that of the global fit."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..core.figure import Figure, FigureSpec, Line, Mark, Panel, Points, Rule, Scale
from ..core.result import AssayResult, Series
from ._axes import concentration_ticks
from ._schild_parts import LINE, schild_plots
from ._series import columns, counted, days, pages, used_mask


def build(result: AssayResult) -> tuple[FigureSpec, ...]:
    """One panel for every antagonist, the experiments laid over each other; nothing without dose ratios."""
    plots = schild_plots(result)
    return tuple(
        FigureSpec(
            name,
            "Schild plot",
            _description({subject: plots[subject] for subject in subjects}),
            tuple(_panel(result, subject, plots[subject]) for subject in subjects),
            _caption([one for subject in subjects for one in plots[subject]]),
            columns=columns(len(subjects)),
            panel_size=(4.0, 3.2),
        )
        for name, subjects in pages(list(plots), "schild_plot")
    )


def _panel(result: AssayResult, subject: str, plots: list[Series]) -> Panel:
    colours = days(result)
    marks: list[Mark] = [Rule(y=0.0, label="dose ratio 2")]
    for number, series in enumerate(plots):
        marks += _lines(series, colours[series.experiment], number == 0)
        marks += _points(series, colours[series.experiment])
    logs = np.concatenate([points.x for series in plots for points in series.points])
    low, high = 10.0 ** (float(logs.min()) - 0.15), 10.0 ** (float(logs.max()) + 0.15)
    antagonist = plots[0].x_label.removeprefix("log10 ").removesuffix(" (M)")
    return Panel(
        Scale(f"{antagonist}, final concentration", True, (low, high), concentration_ticks(low, high)),
        Scale(plots[0].y_label),
        tuple(marks),
        title=subject,
        note=_note(result, subject),
    )


def _lines(series: Series, colour: int, first: bool) -> Iterator[Mark]:
    for band in series.bands:
        regression = band.label == LINE
        label = series.experiment if regression else band.label if first else ""
        yield Line(10.0**band.x, band.fitted, label, colour, dashed=not regression)


def _points(series: Series, colour: int) -> Iterator[Mark]:
    for points in series.points:
        used = used_mask(points)
        for chosen, filled in ((used, True), (~used, False)):
            if chosen.any():
                label = series.experiment if filled else "EC50 outside the concentrations tested"
                yield Points(10.0 ** points.x[chosen], points.y[chosen], label, colour, filled)


def _note(result: AssayResult, subject: str) -> str:
    """The constant and the slope over the experiments."""
    pooled = [one for one in result.pooled if one.subject == subject]
    return "\n".join(f"{one.estimate}, n = {one.n}" for one in pooled)


def _caption(plots: list[Series]) -> str:
    n = counted(len({one.experiment for one in plots}), "experiment")
    return (
        f"Dose ratios of {n}, each from the EC50 of an agonist curve with antagonist over that without, all curves of "
        "one shape. Solid: the Schild line of an experiment by least squares. Dashed: the line that the global fit "
        "draws, of slope 1 where KB is told. A line crosses zero at the pA2, where the dose ratio is 2."
    )


def _description(plots: dict[str, list[Series]]) -> str:
    said = []
    for subject, series in plots.items():
        lines = [f"{one.experiment}: {'; '.join(map(str, one.estimates))}" for one in series if one.estimates]
        said.append(
            f"{subject}: {'. '.join(lines)}." if lines else f"{subject}: too few dose ratios for a line."
        )
    return f"Logarithm of the dose ratio less one against the logarithm of the antagonist. {' '.join(said)}"


schild_plot = Figure("schild_plot", "Schild plot", build)
