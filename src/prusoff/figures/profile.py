"""How well each curve pins down its potency: the sum of squares as the value is moved away from the best one."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..core.assay import AssayResult, Profile, Series
from ..core.equation import Array
from ..core.figure import Figure, FigureSpec, Line, Mark, Panel, Points, Rule, Scale
from ..core.units import readable_unit
from ._axes import concentration_ticks, molar_text
from ._series import columns, days, location_profile, pages

_CEILING = 2.6


def build(result: AssayResult) -> tuple[FigureSpec, ...]:
    """One panel per compound; nothing where no profile was computed."""
    profiles: dict[str, list[tuple[Series, Profile]]] = {}
    for series in result.series:
        found = location_profile(series)
        if found is not None and _rise(found)[0].size:
            profiles.setdefault(series.subject, []).append((series, found))
    return tuple(
        FigureSpec(
            name,
            "Profiles of the sum of squares",
            _description(profiles, subjects),
            tuple(_panel(result, subject, profiles[subject]) for subject in subjects),
            "Rise of the weighted sum of squares as one parameter is moved away from its best value and all others "
            "are fitted anew, in units of the rise that ends the confidence interval (line at 1). "
            "A narrow, even valley is a well determined value; a side that stays below the line is open.",
            columns=columns(len(subjects)),
            panel_size=(2.9, 2.4),
        )
        for name, subjects in pages(list(profiles), "profile")
    )


def _rise(profile: Profile) -> tuple[Array, Array]:
    """Value of the parameter and rise of the sum of squares, 0 at the best value and 1 at the threshold."""
    known = np.isfinite(profile.values) & np.isfinite(profile.sums_of_squares)
    values, sums = profile.values[known], profile.sums_of_squares[known]
    order = np.argsort(values)
    values, sums = values[order], sums[order]
    least = float(sums.min(initial=np.inf))
    if not values.size or not profile.threshold > least:
        return np.empty(0), np.empty(0)
    return values, (sums - least) / (profile.threshold - least)


def _ends(profile: Profile) -> tuple[float, float]:
    """Where the rise passes the threshold on either side of the best value; infinite where it does not."""
    values, rise = _rise(profile)
    lowest = int(np.argmin(rise))
    below = np.flatnonzero(rise[: lowest + 1] >= 1.0)
    above = np.flatnonzero(rise[lowest:] >= 1.0)
    low = _crossing(values, rise, int(below[-1]), 1) if below.size else -np.inf
    high = _crossing(values, rise, lowest + int(above[0]), -1) if above.size else np.inf
    return low, high


def _crossing(values: Array, rise: Array, outside: int, step: int) -> float:
    inside = outside + step
    share = (1.0 - rise[inside]) / (rise[outside] - rise[inside])
    return float(values[inside] + share * (values[outside] - values[inside]))


def _panel(result: AssayResult, subject: str, profiles: list[tuple[Series, Profile]]) -> Panel:
    colours = days(result)
    log10 = profiles[0][1].parameter.startswith("log_")
    marks: list[Mark] = [Rule(y=1.0, label="limit")]
    for series, profile in profiles:
        marks += _valley(profile, series.experiment, colours[series.experiment], log10)
    shown = np.concatenate([mark.x for mark in marks if isinstance(mark, Line)])
    label = profiles[0][1].label or profiles[0][1].parameter
    low, high = float(shown.min()), float(shown.max())
    return Panel(
        Scale(label, log10=log10, ticks=concentration_ticks(low, high) if log10 else ()),
        Scale("rise of the sum of squares", limits=(-0.15, _CEILING)),
        tuple(marks),
        title=subject,
        note="\n".join(f"{series.experiment}: {_said(profile, log10)}" for series, profile in profiles),
    )


def _valley(profile: Profile, label: str, colour: int, log10: bool) -> Iterator[Mark]:
    values, rise = _rise(profile)
    near = _near(rise)
    x = 10.0**values if log10 else values
    yield Line(x[near], rise[near], label, colour)
    ends = np.array([end for end in _ends(profile) if np.isfinite(end)])
    if ends.size:
        yield Points(10.0**ends if log10 else ends, np.ones(ends.size), label, colour)


def _near(rise: Array) -> slice:
    """The part of a profile that is drawn: the valley up to the first values above the ceiling."""
    lowest = int(np.argmin(rise))
    left = np.flatnonzero(rise[: lowest + 1] > _CEILING)
    right = np.flatnonzero(rise[lowest:] > _CEILING)
    return slice(int(left[-1]) if left.size else 0, lowest + int(right[0]) + 1 if right.size else rise.size)


def _said(profile: Profile, log10: bool) -> str:
    """The interval in words: '4.5–7.7 nM', 'above 2.0 nM, open above'."""
    low, high = _ends(profile)
    if not np.isfinite(low) and not np.isfinite(high):
        return "open on both sides"
    if not np.isfinite(high):
        return f"above {_value(low, log10)}, open above"
    if not np.isfinite(low):
        return f"below {_value(high, log10)}, open below"
    if not log10:
        return f"{low:.3g} to {high:.3g}".replace("-", "−")
    size, unit = readable_unit(10.0**low, "M")
    return f"{10.0**low / size:.3g}–{10.0**high / size:.3g} {unit}"


def _value(value: float, log10: bool) -> str:
    return molar_text(float(f"{10.0**value:.2e}")) if log10 else f"{value:.3g}".replace("-", "−")


def _description(profiles: dict[str, list[tuple[Series, Profile]]], subjects: list[str]) -> str:
    each = [
        f"{series.label}: {_said(profile, profile.parameter.startswith('log_'))}"
        for subject in subjects
        for series, profile in profiles[subject]
    ]
    return f"Profile of the sum of squares for every curve, with the interval it gives. {'; '.join(each)}."


profile = Figure("profile", "Profiles of the sum of squares", build)
