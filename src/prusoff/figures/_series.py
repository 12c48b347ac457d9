"""What the figures ask of the curves of a result."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from ..core.equation import Array
from ..core.estimate import Estimate
from ..core.result import AssayResult, Points, Profile, Series
from ._axes import unit_of

Mask: TypeAlias = npt.NDArray[np.bool_]

_MOST_PANELS = 9
PULSES = "pulse in the train"


def is_logarithmic(series: Series) -> bool:
    """Whether x is the log10 of a concentration: such a log is negative below 1 M, a concentration never is."""
    return not is_over_potential(series) and any(bool((points.x < 0).any()) for points in series.points)


def is_over_potential(series: Series) -> bool:
    """Whether x is a potential."""
    return unit_of(series.x_label) == "V"


def is_over_pulses(series: Series) -> bool:
    """Whether x is the number of a pulse in its train."""
    return series.x_label == PULSES


def is_over_time(series: Series) -> bool:
    """Whether x is a time."""
    return unit_of(series.x_label) == "s"


def is_observed_rate(series: Series) -> bool:
    """Whether y is a rate constant."""
    return unit_of(series.y_label) == "1/s"


def drawn_axis(series: Series) -> int:
    """Which axis of its law a curve is drawn against: of several, the one in the unit of the label, else the first."""
    axes = () if series.fit is None else series.fit.equation.axes
    if len(axes) < 2:
        return 0
    unit = unit_of(series.x_label)
    return next((place for place, one in enumerate(axes) if one.unit == unit), 0)


def dose_response(result: AssayResult) -> dict[str, list[Series]]:
    """The curves against a log concentration by compound."""
    return _by_subject([series for series in result.series if is_logarithmic(series)])


def isotherms(result: AssayResult) -> list[Series]:
    """The curves against a free concentration; none of a constant against one."""
    return [
        series
        for series in result.series
        if any(points.x.size for points in series.points)
        and not any(
            other(series)
            for other in (is_logarithmic, is_over_time, is_observed_rate, is_over_potential, is_over_pulses)
        )
        and unit_of(series.y_label) != "M"
    ]


def fitted(result: AssayResult) -> dict[str, list[Series]]:
    """The curves that have a fit, by compound; a fit that several curves share is taken once."""
    once = {id(series.fit): series for series in reversed(result.series) if series.fit is not None}
    return _by_subject(list(reversed(once.values())))


def _by_subject(series: Sequence[Series]) -> dict[str, list[Series]]:
    return {
        subject: [one for one in series if one.subject == subject]
        for subject in dict.fromkeys(one.subject for one in series)
    }


def columns(panels: int) -> int:
    """How many panels stand in a row, at most three, without a hole where four make a square."""
    return {4: 2}.get(panels, min(3, panels))


def pages(subjects: Sequence[str], name: str) -> list[tuple[str, list[str]]]:
    """Subjects shared out over figures of at most nine panels, with a name for each figure."""
    parts = [list(subjects[start : start + _MOST_PANELS]) for start in range(0, len(subjects), _MOST_PANELS)]
    return [
        (name if len(parts) == 1 else f"{name}_{number}", part) for number, part in enumerate(parts, start=1)
    ]


def days(result: AssayResult) -> dict[str, int]:
    """The colour of every experiment, the same in all figures of a result."""
    names = dict.fromkeys(
        [experiment.name for experiment in result.experiments]
        + [series.experiment for series in result.series]
    )
    return {name: colour(number) for number, name in enumerate(names)}


def colour(number: int) -> int:
    """The colour index of the n-th series; 7 is kept for what belongs to no series."""
    return number if number < 7 else number + 1


def wells(series: Series) -> tuple[Array, Array, Mask]:
    """x, y and whether it is used, of every well of a curve."""
    return (
        np.concatenate([np.empty(0), *(points.x for points in series.points)]),
        np.concatenate([np.empty(0), *(points.y for points in series.points)]),
        np.array([used for points in series.points for used in points.used], dtype=bool),
    )


def used_mask(points: Points) -> Mask:
    """Which points take part."""
    return np.array(points.used, dtype=bool)


def location(series: Series) -> Estimate | None:
    """The potency or affinity that the curve itself gives, before any correction: its IC50, as a rule."""
    wanted = _location_symbol(series)
    molar = [
        estimate for estimate in series.estimates if estimate.unit == "M" and np.isfinite(estimate.value)
    ]
    named = [estimate for estimate in molar if wanted and estimate.name.startswith(wanted)]
    return next(iter(named or molar), None)


def _location_symbol(series: Series) -> str:
    equation = series.fit.equation if series.fit else None
    if equation is None or not equation.location:
        return ""
    return equation.parameters[equation.index(equation.location)].symbol


def location_profile(series: Series) -> Profile | None:
    """The profile of the potency or affinity of a curve."""
    wanted = series.fit.equation.location if series.fit else ""
    named = [one for one in series.profiles if wanted and one.parameter.partition("[")[0] == wanted]
    return next(iter(named or series.profiles), None)


def counted(number: int, noun: str) -> str:
    """A number with its noun: '1 experiment', '3 experiments'."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
