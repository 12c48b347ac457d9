"""Current left against the drug at every potential, or with every agonist, of a cell: one fit to all of them."""

from __future__ import annotations

from collections.abc import Sequence

from ..core.figure import Figure, FigureSpec, Panel
from ..core.result import AssayResult, Series
from ._agonist_panel import Named, agonist_panel
from ._series import columns, counted, is_logarithmic

_MOST_PANELS = 9
_ENDS = ("mV", "agonist")


def build(result: AssayResult) -> tuple[FigureSpec, ...]:
    """One panel for every drug in every cell; nothing where curves do not differ by potential or agonist."""
    found = {
        one.label: panel for one in result.series if _applies(one) and (panel := _panel(one)) is not None
    }
    labels = list(found)
    pages = [labels[start : start + _MOST_PANELS] for start in range(0, len(labels), _MOST_PANELS)]
    return tuple(
        FigureSpec(
            "block_families" if len(pages) == 1 else f"block_families_{number}",
            "Block by potential or agonist",
            _description([one for one in result.series if _applies(one) and one.label in some]),
            tuple(found[label] for label in some),
            _caption([one for one in result.series if _applies(one) and one.label in some]),
            columns=columns(len(some)),
            panel_size=(3.6, 3.0),
        )
        for number, some in enumerate(pages, start=1)
    )


def _applies(series: Series) -> bool:
    """Whether its points are currents against a concentration, named by their potential or agonist."""
    labels = [points.label for points in series.points]
    return bool(labels) and all(label.endswith(_ENDS) for label in labels) and is_logarithmic(series)


def _panel(series: Series) -> Panel | None:
    curves = [
        Named(
            points.label,
            (points,),
            tuple(band for band in series.bands if band.label == points.label),
            dashed=not series.outcome.usable,
        )
        for points in series.points
    ]
    note = "" if series.outcome.usable else series.reason
    drug = series.subject.partition(" (")[0]
    return agonist_panel(curves, (drug, series.y_label), series.label, note)


def _caption(found: Sequence[Series]) -> str:
    cells = counted(len({one.experiment for one in found}), "cell")
    level = next((band.level for one in found for band in one.bands), 0.95)
    return (
        f"Current left in a drug, as a part of that without it in the same condition, in {cells}. Curves are those of "
        f"one fit to all conditions of a cell, with {100 * level:g} % confidence bands."
    )


def _description(found: Sequence[Series]) -> str:
    told = [f"{one.label}: {', '.join(points.label for points in one.points)}" for one in found]
    return (
        f"Current left against the concentration of a drug, one curve for every condition. {'; '.join(told)}."
    )


block_families = Figure("block_families", "Block by potential or agonist", build)
