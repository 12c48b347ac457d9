"""Current against the agonist at every co-agonist concentration, of one cell and end point a panel."""

from __future__ import annotations

from collections.abc import Sequence

from ..core.figure import Figure, FigureSpec, Panel
from ..core.result import AssayResult, Series
from ._agonist_panel import Named, agonist_panel
from ._series import columns, counted, is_logarithmic, pages

_LARGEST = "part of the largest"


def build(result: AssayResult) -> tuple[FigureSpec, ...]:
    """One panel for every cell and end point; nothing for currents that are no parts of the largest of a grid."""
    series = {one.label: one for one in result.series if _applies(one)}
    names = tuple(dict.fromkeys(points.label for one in series.values() for points in one.points))
    panels = {label: panel for label, one in series.items() if (panel := _panel(one, names)) is not None}
    return tuple(
        FigureSpec(
            name,
            "Agonist by co-agonist",
            _description([series[label] for label in some]),
            tuple(panels[label] for label in some),
            _caption([series[label] for label in some]),
            columns=columns(len(some)),
            panel_size=(3.6, 3.0),
        )
        for name, some in pages(list(panels), "coagonist_curves")
    )


def _applies(series: Series) -> bool:
    return _LARGEST in series.y_label and is_logarithmic(series)


def _panel(series: Series, names: Sequence[str]) -> Panel | None:
    """The curves of one cell; `names` are those of all cells, so that a concentration has one colour everywhere."""
    curves = [
        Named(
            name,
            tuple(points for points in series.points if points.label == name),
            tuple(band for band in series.bands if band.label == name),
            dashed=not series.outcome.usable,
        )
        for name in names
    ]
    agonist = series.subject.partition(" with ")[0]
    note = "" if series.outcome.usable else series.reason
    return agonist_panel(curves, (agonist, series.y_label), series.label, note)


def _caption(found: Sequence[Series]) -> str:
    cells = counted(len({one.experiment for one in found}), "cell")
    level = next((band.level for one in found for band in one.bands), 0.95)
    return (
        f"Current against the agonist, one curve for every co-agonist concentration, in {cells}, each as a part of its "
        f"largest current. Curves are those of one fit to the whole grid, with {100 * level:g} % confidence bands."
    )


def _description(found: Sequence[Series]) -> str:
    told = [f"{one.label}: {', '.join(points.label for points in one.points)}" for one in found]
    return f"Current against the agonist, one curve for every co-agonist concentration. {'; '.join(told)}."


coagonist_curves = Figure("coagonist_curves", "Agonist by co-agonist", build)
