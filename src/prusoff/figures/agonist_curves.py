"""All agonists of an experiment in one panel, each curve named, with the vehicle wells."""

from __future__ import annotations

import numpy as np

from ..core.figure import Figure, FigureSpec, Panel
from ..core.result import AssayResult, Points, Series
from ._agonist_panel import Named, agonist_panel
from ._schild_parts import SCHILD, is_family
from ._series import columns, counted, days, is_logarithmic, pages

_MOST_NOTES = 4


def build(result: AssayResult) -> tuple[FigureSpec, ...]:
    """One panel for every experiment; nothing without curves of single agonists that start from vehicle wells."""
    series = [one for one in result.series if _is_agonist(one)]
    panels = {name: panel for name in days(result) if (panel := _panel(name, series)) is not None}
    return tuple(
        FigureSpec(
            name,
            "Agonist curves",
            _description([one for one in series if one.experiment in names]),
            tuple(panels[one] for one in names),
            _caption([one for one in series if one.experiment in names]),
            columns=columns(len(names)),
            panel_size=(3.6, 3.0),
        )
        for name, names in pages(list(panels), "agonist_curves")
    )


def _is_agonist(series: Series) -> bool:
    """A curve against a log concentration with wells without compound and none in which all is blocked."""
    if not is_logarithmic(series) or is_family(series) or any(one.label == SCHILD for one in series.points):
        return False
    x = np.concatenate([points.x for points in series.points])
    return bool(np.isneginf(x).any()) and not bool(np.isposinf(x).any())


def _panel(experiment: str, series: list[Series]) -> Panel | None:
    mine = [one for one in series if one.experiment == experiment]
    if not mine:
        return None
    seen: set[str] = set()
    curves = [
        Named(one.subject, _once(one.points, seen), one.bands, dashed=not one.outcome.usable) for one in mine
    ]
    compound = mine[0].subject if len(mine) == 1 else "agonist"
    return agonist_panel(curves, (compound, mine[0].y_label or "response"), experiment, _note(mine))


def _once(points: tuple[Points, ...], seen: set[str]) -> tuple[Points, ...]:
    """The wells that no curve before has drawn: vehicle wells belong to all of them."""
    kept = []
    for one in points:
        new = [i for i, place in enumerate(one.positions) if place not in seen]
        seen.update(one.positions)
        used = tuple(one.used[i] for i in new)
        kept.append(Points(one.x[new], one.y[new], tuple(one.positions[i] for i in new), used, one.label))
    return tuple(one for one in kept if one.x.size)


def _note(series: list[Series]) -> str:
    """EC50 of every agonist where they fit, and why one has none."""
    lines = []
    for one in series:
        found = next((str(value) for value in one.estimates if value.name == "EC50"), "")
        lines.append(f"{one.subject}: {found or one.reason or one.outcome.value}")
    return "\n".join(lines) if len(lines) <= _MOST_NOTES else ""


def _caption(series: list[Series]) -> str:
    aside = sum(not used for one in series for wells in one.points for used in wells.used)
    level = next((band.level for one in series for band in one.bands), 0.95)
    hollow = f" {counted(aside, 'well')} set aside are hollow." if aside else ""
    return (
        "Each symbol is one well, each line the curve of one agonist over the concentrations tested, with its "
        f"{100 * level:g} % confidence band; a dashed line gives no value. Beyond the axis break: wells without "
        f"agonist (vehicle).{hollow}"
    )


def _description(series: list[Series]) -> str:
    said = " ".join(f"{_note([one]).rstrip('.')} ({one.experiment})." for one in series)
    return f"Response against the concentration of each agonist, one panel for each experiment. {said}"


agonist_curves = Figure("agonist_curves", "Agonist curves", build)
