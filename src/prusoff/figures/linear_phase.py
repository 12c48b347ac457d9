"""How much of the initial velocity is left at every time of an uptake, and until when it may last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from ..core.equation import Array
from ..core.estimate import Estimate
from ..core.figure import Figure, FigureSpec, Line, Mark, Panel, Points, Rule, Scale
from ..core.fit import Fit
from ..core.result import AssayResult, Series
from ._axes import readable
from ._series import counted, days, used_mask

_NEEDED = {"v0", "leak", "background"}
_LEFT = 90.0
_FIRST = 0.01  # of the longest time: at none there is no mean velocity


def build(result: AssayResult) -> tuple[FigureSpec, ...]:
    """One panel for every substrate; nothing for a result without a fitted uptake over time."""
    curves: dict[str, list[Series]] = {}
    for series in result.series:
        fit = series.fit
        if fit is not None and fit.equation.names and set(fit.equation.names) >= _NEEDED and series.points:
            curves.setdefault(series.subject, []).append(series)
    if not curves:
        return ()
    return (
        FigureSpec(
            "linear_phase",
            "Linear phase",
            _description(result, curves),
            tuple(_panel(result, subject, some) for subject, some in curves.items()),
            f"Mean velocity from time 0 to each time, in percent of v0, in "
            f"{counted(sum(map(len, curves.values())), 'experiment')}. Symbols are means of wells, less the fitted "
            "background and leak; lines are the fits. Where a line meets 90 %, a tenth of the velocity is lost: until "
            "then the uptake is taken as linear.",
            columns=min(3, len(curves)),
            panel_size=(4.2, 3.0),
        ),
    )


def _panel(result: AssayResult, subject: str, curves: Sequence[Series]) -> Panel:
    colours = days(result)
    longest = max(float(series.points[0].x.max()) for series in curves)
    size, label = readable(curves[0].x_label, longest)
    marks: list[Mark] = [Rule(y=_LEFT, label="90 %")]
    lasting = _lasting(result, curves)
    if 0.0 < lasting <= longest:
        marks.append(Rule(x=lasting / size, label="time of the assay"))
    drawn = []
    for series in curves:
        for mark in _marks(series, colours[series.experiment], size):
            marks.append(mark)
            drawn.append(mark.y)
    every = np.concatenate(drawn)
    return Panel(
        Scale(label, limits=(0.0, 1.05 * longest / size)),
        Scale("mean velocity (% of v0)", limits=(0.0, max(110.0, 1.05 * float(every.max())))),
        tuple(marks),
        title=subject,
        note=_note(result, subject),
    )


def _marks(series: Series, colour: int, size: float) -> Iterator[Points | Line]:
    fit, wells = series.fit, series.points[0]
    if fit is None:
        return
    used = used_mask(wells) & (wells.x > 0)
    times = np.unique(wells.x[used])
    means = np.array([float(wells.y[used & (wells.x == time)].mean()) for time in times])
    if times.size:
        left = _of_v0(fit, times, means)
        yield Points(times / size, left, series.experiment, colour)
        x = np.linspace(_FIRST * float(times[-1]), float(times[-1]), 121)
        yield Line(x / size, _of_v0(fit, x, fit.predict(x)), series.experiment, colour)


def _of_v0(fit: Fit, time: Array, signal: Array) -> Array:
    """What the carrier took up from time 0, over what it would have taken up at its initial velocity, in percent."""
    law, own = fit.equation, fit.curve.parameters
    without = own.copy()
    without[law.index("v0")] = 0.0
    found: Array = 100.0 * (signal - law.function(time, without)) / (own[law.index("v0")] * time)
    return found


def _lasting(result: AssayResult, curves: Sequence[Series]) -> float:
    """How long the assay is to last, nan where it is not one time for all experiments."""
    names = {series.experiment for series in curves}
    planned = {one.conditions.incubation_s for one in result.experiments if one.name in names}
    return planned.pop() if len(planned) == 1 else float("nan")


def _usable(result: AssayResult, subject: str) -> Estimate | None:
    named = (one.estimate for one in result.pooled if one.subject == subject)
    return next((one for one in named if one.name == "usable time"), None)


def _note(result: AssayResult, subject: str) -> str:
    usable = _usable(result, subject)
    return "" if usable is None else str(usable)


def _description(result: AssayResult, curves: dict[str, list[Series]]) -> str:
    each = "; ".join(
        f"{subject}: {_note(result, subject) or 'no usable time'} ({counted(len(some), 'experiment')})"
        for subject, some in curves.items()
    )
    return f"Mean velocity of uptake in percent of the initial one against time. {each}."


linear_phase = Figure("linear_phase", "Linear phase", build)
