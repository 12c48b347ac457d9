"""Signal against time: the wells of every concentration with the fitted curves and their confidence bands.

A label such as 'association: 1.2 nM' puts points and curve in the panel 'association' under the name '1.2 nM'; without
a colon all share one panel. What ends in 'nonspecific' takes the colour of the name before it, and its curve is dashed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..core.equation import Array
from ..core.estimate import figures
from ..core.figure import Band, Figure, FigureSpec, Line, Mark, Panel, Points, Scale
from ..core.result import AssayResult, CurveBand, Series
from ..core.result import Points as Wells
from ._axes import readable
from ._series import colour, counted, is_over_time, used_mask

_NONSPECIFIC = "nonspecific"
_HEADROOM = 1.05
_RECOVERY = "recovery"
_MOST_PANELS = 12


@dataclass(frozen=True)
class _Trace:
    """What one panel shows of one series: the points and curves that belong together, by name.

    `names` are those of all panels of the series, without 'nonspecific': one colour each.
    """

    series: Series
    title: str
    points: tuple[tuple[str, Wells], ...]
    bands: tuple[tuple[str, CurveBand], ...]
    names: list[str]

    @property
    def told(self) -> str:
        """The names of what this panel shows, without 'nonspecific'."""
        return ", ".join(filter(None, dict.fromkeys(_plain(name) for name, _ in self.points)))


def build(result: AssayResult) -> tuple[FigureSpec, ...]:
    """A panel for every phase of every series against time; nothing for a result without one."""
    traces = [trace for series in result.series if is_over_time(series) for trace in _traces(series)]
    if not traces:
        return ()
    starts = range(0, len(traces), _MOST_PANELS)
    return tuple(
        FigureSpec(
            "kinetic_trace" if len(starts) == 1 else f"kinetic_trace_{number}",
            "Signal against time",
            _description(some),
            tuple(_panel(trace) for trace in some),
            _caption(some),
            columns=_columns(some),
            panel_size=(3.4, 2.8),
        )
        for number, some in enumerate((traces[s : s + _MOST_PANELS] for s in starts), start=1)
    )


def _columns(traces: Sequence[_Trace]) -> int:
    """The phases of one experiment stand in one row, where three find room in it."""
    phases = max(sum(one.series is trace.series for one in traces) for trace in traces)
    return min(3, phases if phases > 1 else len(traces))


def _traces(series: Series) -> Iterator[_Trace]:
    points = [(*_parted(one.label), one) for one in series.points if one.x.size]
    bands = [(*_parted(one.label), one) for one in series.bands if one.x.size]
    names = list(dict.fromkeys(_plain(name) for _, name, _ in (*points, *bands)))
    for title in dict.fromkeys(title for title, _, _ in points):
        yield _Trace(
            series,
            title,
            tuple((name, one) for at, name, one in points if at == title),
            tuple((name, one) for at, name, one in bands if at == title),
            names,
        )


def _parted(label: str) -> tuple[str, str]:
    """The panel and the name within it: 'association: 1.2 nM' is ('association', '1.2 nM')."""
    title, colon, name = label.partition(": ")
    return (title, name) if colon else ("", label)


def _plain(name: str) -> str:
    return name.removesuffix(_NONSPECIFIC).strip() or name


def _panel(trace: _Trace) -> Panel:
    series, names = trace.series, trace.names
    longest = max(float(np.max(one.x)) for _, one in trace.points)
    size, x_label = readable(series.x_label, longest)
    height, y_label = readable(series.y_label, _largest(trace))
    trace = _scaled(trace, height)
    marks = [mark for name, band in trace.bands for mark in _curve(name, band, size, names)]
    marks += [mark for name, wells in trace.points for mark in _symbols(name, wells, size, names)]
    many = len(names) > 1 or names != [""]
    title = f"{series.label}: {trace.title}" if trace.title else series.label
    return Panel(
        _times(trace, x_label, size),
        Scale(y_label, limits=_limits(trace)),
        tuple(marks),
        title=title,
        legend=many,
        note="" if series.outcome.usable else series.reason or series.outcome.value,
    )


def _times(trace: _Trace, label: str, size: float) -> Scale:
    """The axis of the times; that of a recovery, whose phases lie decades apart, by their logarithm."""
    every: Array = np.concatenate([one.x for _, one in trace.points]) / size
    longest = float(every.max())
    if trace.title == _RECOVERY and every.min() > 0.0 and longest > every.min():
        return Scale(label, log10=True, limits=(float(every.min()) / 1.5, 1.5 * longest))
    return Scale(label, limits=(0.0, _HEADROOM * longest) if longest > 0 else None)


def _largest(trace: _Trace) -> float:
    """The largest size of a signal, whatever its sign."""
    return max(float(np.max(np.abs(one.y))) for _, one in trace.points)


def _scaled(trace: _Trace, height: float) -> _Trace:
    """The same with signals and curves divided by so much."""
    points = tuple((name, replace(one, y=one.y / height)) for name, one in trace.points)
    bands = tuple(
        (name, replace(one, fitted=one.fitted / height, low=one.low / height, high=one.high / height))
        for name, one in trace.bands
    )
    return replace(trace, points=points, bands=bands)


def _limits(trace: _Trace) -> tuple[float, float] | None:
    """Limits that show zero and all that is drawn; None where all of it is zero."""
    drawn = [one.y for _, one in trace.points] + [one.fitted for _, one in trace.bands]
    every: Array = np.concatenate(drawn)
    every = every[np.isfinite(every)]
    low, high = float(every.min(initial=0.0)), float(every.max(initial=0.0))
    room = (_HEADROOM - 1.0) * (high - low)
    return (low - room if low < 0 else 0.0, high + room) if high > low else None


def _curve(name: str, band: CurveBand, size: float, names: list[str]) -> Iterator[Mark]:
    own, dashed = colour(names.index(_plain(name))), name.endswith(_NONSPECIFIC)
    known = np.isfinite(band.fitted)
    if np.isfinite(band.low[known]).all() and np.isfinite(band.high[known]).all() and known.any():
        yield Band(band.x[known] / size, band.low[known], band.high[known], colour=own)
    if known.any():
        yield Line(band.x[known] / size, band.fitted[known], _told(name, names), own, dashed)


def _symbols(name: str, wells: Wells, size: float, names: list[str]) -> Iterator[Mark]:
    own, used = colour(names.index(_plain(name))), used_mask(wells)
    if used.any():
        yield Points(wells.x[used] / size, wells.y[used], _told(name, names), own)
    if not used.all():
        yield Points(wells.x[~used] / size, wells.y[~used], "set aside", own, filled=False)


def _told(name: str, names: list[str]) -> str:
    """What the legend says: nonspecific wells that share the colour of their totals need no line of their own."""
    return "" if name.endswith(_NONSPECIFIC) and _plain(name) != name else name


def _caption(traces: Sequence[_Trace]) -> str:
    rows = {id(trace.series): trace.series for trace in traces}.values()
    aside = sum(not used for trace in traces for _, wells in trace.points for used in wells.used)
    level = next((band.level for trace in traces for _, band in trace.bands), 0.95)
    dashed = any(name.endswith(_NONSPECIFIC) for trace in traces for name, _ in trace.bands)
    banded = any(np.isfinite(band.low).any() for trace in traces for _, band in trace.bands)
    experiments = counted(len({series.experiment for series in rows}), "experiment")
    said = [
        f"Signal against time in {experiments}. Symbols are wells, lines the fitted curves over the times measured"
    ]
    said[0] += f", with {100 * level:g} % confidence bands." if banded else "."
    if dashed:
        said.append("Dashed: nonspecific binding.")
    if aside:
        said.append(f"{counted(aside, 'well')} set aside are hollow.")
    return " ".join(said)


def _description(traces: Sequence[_Trace]) -> str:
    each = []
    for trace in traces:
        last = max(float(np.max(one.x)) for _, one in trace.points)
        what = f"{trace.series.label}{', ' + trace.title if trace.title else ''}"
        each.append(f"{what}: to {figures(last, unit='s')}{f' ({trace.told})' if trace.told else ''}")
    return f"Signal against time with the fitted curves. {'; '.join(each)}."


kinetic_trace = Figure("kinetic_trace", "Signal against time", build)
