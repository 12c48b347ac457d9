"""Plasma and occupancy over the day after doses by mouth, by the EC50 of the scans and by the Ki of the bench."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..core.figure import Band, Figure, FigureSpec, Line, Mark, Panel, Rule, Scale
from ..core.result import AssayResult, Series
from ..core.units import readable_unit
from ._occupied import OCCUPANCY, PLASMA, courses

HOUR = 3600.0


def build(result: AssayResult) -> tuple[FigureSpec, ...]:
    """For every drug its plasma, once, and its occupancies; nothing for a result without doses."""
    found = courses(result)
    if not found:
        return ()
    panels, drawn = [], set()
    for subject, series in found.items():
        for one in series:
            if one.y_label == PLASMA:
                shape = one.bands[0].fitted.tobytes()
                if shape in drawn:
                    continue  # the same body and dose, at another target
                drawn.add(shape)
            panels.append(_panel(subject, one))
    return (
        FigureSpec(
            "occupancy_course",
            "Occupancy over the day",
            _description(found),
            tuple(panels),
            f"Simulated: {_made(found)}. Occupancy by two routes that were measured apart: from the EC50 of the "
            f"scans and "
            "the total plasma, and from the Ki of the bench and the unbound concentration in brain. Bands hold the "
            "interval of EC50 or Ki, not that of the plasma. Where they part, the discrepancy is real and open.",
            columns=min(3, len(panels)),
            panel_size=(3.8, 3.0),
        ),
    )


def _panel(subject: str, series: Series) -> Panel:
    is_plasma = series.y_label == PLASMA
    size, label = (1.0, "occupancy (%)")
    if is_plasma:
        size, unit = readable_unit(float(series.bands[0].fitted.max()), "M")
        label = f"total plasma concentration ({unit})"
    marks: list[Mark] = [] if is_plasma else [Rule(y=50.0)]
    for number, band in enumerate(series.bands):
        marks += _drawn(
            band.x, (band.fitted, band.low, band.high), (size, "" if is_plasma else band.label, number)
        )
    hours = float(series.bands[0].x[-1]) / HOUR
    ticks = tuple((float(at), f"{at:g}") for at in range(0, 25, 6)) if hours == 24.0 else ()
    title = subject.partition(" at ")[0] if is_plasma else subject
    return Panel(
        Scale("time after the first dose (h)", limits=(0.0, hours), ticks=ticks),
        Scale(label, limits=None if is_plasma else (0.0, 100.0)),
        tuple(marks),
        title=title,
        legend=not is_plasma,
    )


def _drawn(
    x: np.ndarray, curves: tuple[np.ndarray, np.ndarray, np.ndarray], how: tuple[float, str, int]
) -> Iterator[Mark]:
    (fitted, low, high), (size, label, shade) = curves, how
    if np.isfinite(low).all() and np.isfinite(high).all():
        yield Band(x / HOUR, low / size, high / size, "", shade)
    yield Line(x / HOUR, fitted / size, label, shade, dashed=shade > 0)


def _made(found: dict[str, list[Series]]) -> str:
    made = [each.reason for series in found.values() for each in series if each.reason]
    return f"one compartment, {next(iter(made), 'doses by mouth')}"


def _description(found: dict[str, list[Series]]) -> str:
    told = "; ".join(
        f"{subject} {band.label}: at most {band.fitted.max():.0f} %"
        for subject, series in found.items()
        for each in series
        if each.y_label == OCCUPANCY
        for band in each.bands
    )
    return f"Concentration in plasma and occupancy against time after a dose. {told}."


occupancy_course = Figure("occupancy_course", "Occupancy over the day", build)
