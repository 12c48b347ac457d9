"""Agonist curves with and without an antagonist, all of one experiment in one panel, each named."""

from __future__ import annotations

from ..core.figure import Figure, FigureSpec, Panel
from ..core.result import AssayResult, Series
from ._agonist_panel import Named, agonist_panel
from ._schild_parts import curve_families
from ._series import columns, counted, pages


def build(result: AssayResult) -> tuple[FigureSpec, ...]:
    """One panel for every antagonist and experiment; nothing for a result without families of curves."""
    series = [one for family in curve_families(result).values() for one in family]
    drawn = {one.label: (one, panel) for one in series if (panel := _panel(one)) is not None}
    return tuple(
        FigureSpec(
            name,
            "Agonist curves with and without antagonist",
            _description([drawn[label][0] for label in labels]),
            tuple(drawn[label][1] for label in labels),
            _caption([drawn[label][0] for label in labels]),
            columns=columns(len(labels)),
            panel_size=(3.6, 3.0),
        )
        for name, labels in pages(list(drawn), "antagonist_curves")
    )


def _panel(series: Series) -> Panel | None:
    curves = [
        Named(
            _named(series, wells.label),
            (wells,),
            tuple(band for band in series.bands if band.label == wells.label),
        )
        for wells in series.points
    ]
    agonist = series.x_label.removeprefix("log10 ").removesuffix(" (M)")
    return agonist_panel(curves, (agonist, series.y_label or "response"), series.label, _note(series))


def _named(series: Series, label: str) -> str:
    return "no antagonist" if label == "none" else f"{series.subject.partition(' against ')[0]} {label}"


def _note(series: Series) -> str:
    first = next((str(one) for one in series.estimates if one.unit == "M"), "")
    slope = next((str(one) for one in series.estimates if one.name == "Schild slope"), "")
    told = "; ".join(filter(None, (first, slope)))
    return told if series.outcome.usable else f"{told}. {series.reason}".lstrip(". ")


def _caption(series: list[Series]) -> str:
    aside = sum(not used for one in series for wells in one.points for used in wells.used)
    level = next((band.level for one in series for band in one.bands), 0.95)
    hollow = f" {counted(aside, 'well')} set aside are hollow." if aside else ""
    return (
        "Each symbol is one well, each line one antagonist concentration of the fit to all curves of an experiment, "
        f"with its {100 * level:g} % confidence band. Beyond the axis break: wells without agonist (vehicle).{hollow}"
    )


def _description(series: list[Series]) -> str:
    said = " ".join(f"{one.label}: {_note(one).rstrip('.')}." for one in series)
    return (
        f"Agonist curves beside rising concentrations of an antagonist, one panel for each experiment. {said}"
    )


antagonist_curves = Figure("antagonist_curves", "Agonist curves with and without antagonist", build)
