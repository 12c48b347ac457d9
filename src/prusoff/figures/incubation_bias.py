"""How far an IC50 lies from its equilibrium value when it is read after some time: a line for every compound and day.

A series over time shows it where one of its bands is labelled 'incubation: ...'.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from ..core.figure import Band, Figure, FigureSpec, Line, Mark, Panel, Rule, Scale
from ..core.result import AssayResult, CurveBand, Series
from ._series import columns, counted, days, pages

LABEL = "incubation"
_MINUTE = 60.0
_TOLERATED = 1.2
_LEAST_SPAN = 1.6


def build(result: AssayResult) -> tuple[FigureSpec, ...]:
    """A panel for every compound whose rates are known; nothing where there is none."""
    found = {
        subject: [
            (series, band)
            for series in result.series
            if series.subject == subject
            for band in series.bands
            if band.label.partition(":")[0] == LABEL
        ]
        for subject in result.subjects
    }
    subjects = [subject for subject in result.subjects if found[subject]]
    if not subjects:
        return ()
    return tuple(
        FigureSpec(
            name,
            "IC50 against the time at which it is read",
            _description({subject: found[subject] for subject in some}),
            tuple(_panel(result, subject, found[subject]) for subject in some),
            _caption([one for subject in some for one in found[subject]]),
            columns=columns(len(some)),
        )
        for name, some in pages(subjects, "incubation_bias")
    )


def _panel(result: AssayResult, subject: str, found: Sequence[tuple[Series, CurveBand]]) -> Panel:
    colours = days(result)
    marks: list[Mark] = [Rule(y=1.0, label="equilibrium")]
    for series, band in found:
        marks += _curve(series, band, colours[series.experiment])
    drawn = np.concatenate([edge for _, band in found for edge in (band.low, band.high)])
    low, high = min(float(drawn.min()), 1 / _LEAST_SPAN), max(float(drawn.max()), _LEAST_SPAN)
    return Panel(
        Scale("incubation (min)", log10=True),
        Scale("IC50 / IC50 at equilibrium", log10=True, limits=(low / 1.1, high * 1.1)),
        tuple(marks),
        title=subject,
        note=_told([band for _, band in found]),
    )


def _curve(series: Series, band: CurveBand, colour: int) -> Iterator[Mark]:
    minutes = band.x / _MINUTE
    yield Band(minutes, band.low, band.high, colour=colour)
    yield Line(minutes, band.fitted, series.experiment, colour)


def _told(bands: Sequence[CurveBand]) -> str:
    """From when on the IC50 of every day stays within 20 % of its equilibrium value."""
    latest = 0.0
    for band in bands:
        off = np.flatnonzero(np.abs(np.log(band.fitted)) > np.log(_TOLERATED))
        if off.size and off[-1] + 1 >= band.x.size:
            return f"not within 20 % of equilibrium before {band.x[-1] / _MINUTE:.0f} min"
        latest = max(latest, float(band.x[off[-1] + 1]) if off.size else float(band.x[0]))
    return f"within 20 % of equilibrium from {latest / _MINUTE:.0f} min on"


def _caption(found: Sequence[tuple[Series, CurveBand]]) -> str:
    experiments = counted(len({series.experiment for series, _ in found}), "experiment")
    level = 100 * found[0][1].level
    return (
        f"IC50 over its equilibrium value when it is read after this time, both ligands added at once, from the rate "
        f"constants of {experiments}; bands show what the {level:g} % interval of koff of the competitor allows."
    )


def _description(found: dict[str, list[tuple[Series, CurveBand]]]) -> str:
    each = [f"{subject}: {_told([band for _, band in some])}" for subject, some in found.items()]
    return f"IC50 read after some time over its value at equilibrium. {'; '.join(each)}."


incubation_bias = Figure("incubation_bias", "IC50 against the time at which it is read", build)
