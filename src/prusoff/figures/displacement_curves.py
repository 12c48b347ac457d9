"""Displacement curves at several concentrations of the radioligand, all of one experiment in one panel."""

from __future__ import annotations

from ..core.figure import Figure, FigureSpec, Panel
from ..core.result import AssayResult, Series
from ._axes import DoseAxis
from ._labelled import heights, hollow, labelled_marks
from ._series import columns, is_logarithmic, pages

HOT = "[L] "  # how a curve is labelled by the concentration of its radioligand


def build(result: AssayResult) -> tuple[FigureSpec, ...]:
    """One panel for every experiment; nothing for a result without curves named by their radioligand."""
    drawn = {
        one.label: (one, axis)
        for one in result.series
        if is_logarithmic(one)
        and all(points.label.startswith(HOT) for points in one.points)
        and (axis := DoseAxis.over(points.x for points in one.points))
    }
    return tuple(
        FigureSpec(
            name,
            "Displacement by the unlabelled ligand",
            _description([drawn[label][0] for label in labels]),
            tuple(_panel(*drawn[label]) for label in labels),
            _caption([drawn[label][0] for label in labels]),
            columns=columns(len(labels)),
        )
        for name, labels in pages(list(drawn), "displacement_curves")
    )


def _panel(series: Series, axis: DoseAxis) -> Panel:
    cold = series.x_label.removeprefix("log10 ").removesuffix(" (M)")
    return Panel(
        axis.scale(f"unlabelled {cold}, final concentration"),
        heights(series),
        tuple(labelled_marks(series, axis)),
        title=series.label,
        note=_note(series),
    )


def _note(series: Series) -> str:
    found = "; ".join(str(one) for one in series.estimates if one.name in ("Kd", "Bmax"))
    if series.outcome.usable:
        return found
    return f"{found}. {series.reason}".lstrip(". ") or series.outcome.value


def _caption(series: list[Series]) -> str:
    level = next((band.level for one in series for band in one.bands), 0.95)
    return (
        "Each symbol is one well, each line one concentration of the radioligand [L] of the fit to all curves of an "
        f"experiment, with its {100 * level:g} % confidence band. Beyond the axis breaks: wells without unlabelled "
        f"ligand (total) and nonspecific wells (NSB).{hollow(series)}"
    )


def _description(series: list[Series]) -> str:
    said = " ".join(f"{one.label}: {_note(one).rstrip('.')}." for one in series)
    return (
        f"Binding of the radioligand against the concentration of its unlabelled form, one panel each. {said}"
    )


displacement_curves = Figure("displacement_curves", "Displacement by the unlabelled ligand", build)
