"""How well each curve pins down its potency: the sum of squares as the value is moved away from the best one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from ..core.equation import Array
from ..core.estimate import Estimate
from ..core.figure import Figure, FigureSpec, Line, Mark, Panel, Points, Rule, Scale
from ..core.result import AssayResult, Profile, Series
from ._axes import concentration_ticks, readable
from ._series import columns, days, location_profile, pages

_CEILING = 2.6
_MOST_COMPOUNDS, _LEAST_EVEN = 24, 9  # of more compounds, so many are drawn


def build(result: AssayResult) -> tuple[FigureSpec, ...]:
    """One panel per compound, of many those whose valleys are least even; nothing where no profile was computed."""
    profiles: dict[str, list[tuple[Series, Profile]]] = {}
    for series in result.series:
        found = location_profile(series)
        if found is not None and _rise(found)[0].size:
            profiles.setdefault(series.subject, []).append((series, found))
    drawn = _least_even(profiles)
    left = f" Of {len(profiles)} compounds the {len(drawn)} least even are drawn; the results file holds all."
    return tuple(
        FigureSpec(
            name,
            "Profiles of the sum of squares",
            _description(profiles, subjects),
            tuple(_panel(result, subject, profiles[subject]) for subject in subjects),
            "Rise of the weighted sum of squares as one parameter is moved away from its best value and all others "
            "are fitted anew, in units of the rise that ends the confidence interval (line at 1). "
            "A narrow, even valley is a well determined value; a side that stays below the line is open."
            + (left if len(drawn) < len(profiles) else ""),
            columns=columns(len(subjects)),
            panel_size=(2.9, 2.4),
        )
        for name, subjects in pages(drawn, "profile")
    )


def _least_even(profiles: dict[str, list[tuple[Series, Profile]]]) -> list[str]:
    """The compounds that are drawn: all, or of many those whose intervals are open or the most lopsided."""
    if len(profiles) <= _MOST_COMPOUNDS:
        return list(profiles)
    by_tilt = sorted(profiles, key=lambda subject: -max(_tilt(*one) for one in profiles[subject]))
    kept = set(by_tilt[:_LEAST_EVEN])
    return [subject for subject in profiles if subject in kept]


def _tilt(series: Series, profile: Profile) -> float:
    """How lopsided an interval is: the logarithm of one side over the other, infinite where a side is open."""
    low, high = _ends(series, profile)
    below, above = profile.best - low, high - profile.best
    even = 0.0 < below < np.inf and 0.0 < above < np.inf
    return float(abs(np.log(above / below))) if even else np.inf


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


def _ends(series: Series, profile: Profile) -> tuple[float, float]:
    """The ends of the interval: those the fit found on its own profile, else where the drawn one passes the limit."""
    interval = series.fit.intervals.get(profile.parameter) if series.fit else None
    if interval is not None and interval.method == "profile":
        return interval.low, interval.high
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
    unit = _unit(*profiles[0])
    log10 = _is_log(profiles[0][1]) and unit == "M"
    marks: list[Mark] = [Rule(y=1.0, label="limit")]
    for series, profile in profiles:
        marks += _valley(series, profile, colours[series.experiment])
    shown = np.concatenate([mark.x for mark in marks if isinstance(mark, Line)])
    label = profiles[0][1].label or profiles[0][1].parameter
    low, high = float(shown.min()), float(shown.max())
    if unit not in ("", "M"):  # a rate constant, say: its valley is no wider than a linear axis shows
        size, label = readable(f"{label} ({unit})", high)
        marks = [_scaled(mark, size) for mark in marks]
    return Panel(
        Scale(label, log10=log10, ticks=concentration_ticks(low, high) if log10 else ()),
        Scale("rise of the sum of squares", limits=(-0.15, _CEILING)),
        tuple(marks),
        title=subject,
        note="\n".join(f"{series.experiment}: {_said(series, profile)}" for series, profile in profiles),
    )


def _scaled(mark: Mark, size: float) -> Mark:
    """The mark with x in a readable unit."""
    return replace(mark, x=mark.x / size) if isinstance(mark, Line | Points) else mark


def _unit(series: Series, profile: Profile) -> str:
    """The unit of a parameter that was fitted as its log10; that of a concentration where the law is not known."""
    if not _is_log(profile):
        return ""
    law = series.fit.equation if series.fit else None
    name = profile.parameter.partition("[")[0]
    return law.parameters[law.index(name)].unit if law is not None and name in law.names else "M"


def _valley(series: Series, profile: Profile, colour: int) -> Iterator[Mark]:
    values, rise = _rise(profile)
    near = _near(rise)
    ends = np.array([end for end in _ends(series, profile) if np.isfinite(end)])
    if _is_log(profile):
        values, ends = 10.0**values, 10.0**ends
    yield Line(values[near], rise[near], series.experiment, colour)
    if ends.size:
        yield Points(ends, np.ones(ends.size), series.experiment, colour)


def _near(rise: Array) -> slice:
    """The part of a profile that is drawn: the valley up to the first values above the ceiling."""
    lowest = int(np.argmin(rise))
    left = np.flatnonzero(rise[: lowest + 1] > _CEILING)
    right = np.flatnonzero(rise[lowest:] > _CEILING)
    return slice(int(left[-1]) if left.size else 0, lowest + int(right[0]) + 1 if right.size else rise.size)


def _said(series: Series, profile: Profile) -> str:
    """The interval in words, with the side that has no end: 'IC50 4.5 nM (> 3.7), open above'."""
    low, high = _ends(series, profile)
    label, best = profile.label or profile.parameter, profile.best
    if _is_log(profile):
        estimate = Estimate(label, 10.0**best, _unit(series, profile), 10.0**low, 10.0**high)
    else:
        estimate = Estimate(label, best, "", low, high)
    sides = [side for end, side in ((low, "below"), (high, "above")) if not np.isfinite(end)]
    return f"{estimate}{', open ' + ' and '.join(sides) if sides else ''}"


def _is_log(profile: Profile) -> bool:
    return profile.parameter.startswith("log_")


def _description(profiles: dict[str, list[tuple[Series, Profile]]], subjects: list[str]) -> str:
    each = [
        f"{series.label}: {_said(series, profile)}"
        for subject in subjects
        for series, profile in profiles[subject]
    ]
    return f"Profile of the sum of squares for every curve, with the interval it gives. {'; '.join(each)}."


profile = Figure("profile", "Profiles of the sum of squares", build)
