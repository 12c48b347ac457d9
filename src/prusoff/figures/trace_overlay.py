"""Sweeps of each recorded cell over one another, with the windows in which they were read and what was read."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from ..core.figure import Band, Figure, FigureSpec, Line, Mark, Panel, Points, Scale
from ..core.result import AssayResult
from ..core.trace import Read, Trace
from ..core.units import readable_unit
from ._series import colour, columns, pages

_MARGIN = 0.12
_MOST_NAMED = 8
_FAMILIES = " Of a family of steps the potentials above each panel are drawn."


def build(result: AssayResult) -> tuple[FigureSpec, ...]:
    """One panel for every cell and kind of current of which sweeps are at hand; nothing for other results."""
    cells = _panels(result)
    drawn = {one.name for one in result.experiments if any(map(_drawn, one.traces))}
    colours = _colours(cells.values())
    return tuple(
        FigureSpec(
            name,
            "Sweeps and the windows they were read in",
            "Current against time from the start of the sweep, one panel for each cell: "
            + "; ".join(f"{cell}, {', '.join(_names(cells[cell]))}" for cell in some)
            + ".",
            tuple(_panel(cell, cells[cell], colours) for cell in some),
            f"The last sweep in use of everything that was applied, as recorded, in {len(drawn)} of "
            f"{len(result.experiments)} cells. Shaded: the windows that were read, after blanking. Symbols: peaks at "
            "their time; strokes: plateaus. The amplitudes have their leak taken off, the sweeps drawn here have not."
            f"{_FAMILIES if any(_potentials(cells[cell]) for cell in some) else ''}",
            columns=columns(len(some)),
            panel_size=(4.2, 3.0),
        )
        for name, some in pages(list(cells), "trace_overlay")
    )


def _drawn(trace: Trace) -> bool:
    return bool(trace.times.size) and bool(trace.reads) and bool(np.isfinite(trace.currents).all())


def _panels(result: AssayResult) -> dict[str, list[Trace]]:
    """The sweeps to draw by the title of their panel: the cell, and what the current is called."""
    found: dict[str, list[Trace]] = {}
    for cell in result.experiments:
        for trace in filter(_drawn, cell.traces):
            found.setdefault(", ".join(filter(None, (cell.name, trace.called))), []).append(trace)
    return found


def _names(traces: Iterable[Trace]) -> list[str]:
    return list(dict.fromkeys(trace.applied for trace in traces))


def _colours(cells: Iterable[Sequence[Trace]]) -> dict[str, int]:
    """The colour of everything that was applied, the same in all panels; a wash after the compounds."""
    names = dict.fromkeys(name for cell in cells for name in _names(cell))
    ordered = sorted(names, key=lambda name: (name.startswith("wash"), not name.startswith("control")))
    return {name: colour(number) for number, name in enumerate(ordered)}


def _panel(title: str, traces: Sequence[Trace], colours: Mapping[str, int]) -> Panel:
    names = _names(traces)
    low, high = _heights(traces)
    size, unit = readable_unit(max(abs(low), abs(high)), "A")
    first = min(float(trace.times[0]) for trace in traces)
    last = max(float(trace.times[-1]) for trace in traces)
    per, of_time = readable_unit(last - first, "s")
    marks: list[Mark] = list(_windows(traces, per, (low / size, high / size)))
    told: set[str] = set()
    for trace in traces:
        label = "" if trace.applied in told else trace.applied
        told.add(trace.applied)
        marks.append(Line(trace.times / per, trace.currents / size, label, colours[trace.applied]))
    for trace in traces:
        marks.extend(_reads(trace, colours[trace.applied], (per, size)))
    more = len(names) > _MOST_NAMED
    return Panel(
        Scale(f"time in the sweep ({of_time})", limits=(first / per, last / per)),
        Scale(f"current ({unit})", limits=(low / size, high / size)),
        tuple(marks),
        title=title,
        legend=not more,
        note=f"from '{names[0]}' to '{names[-1]}'" if more else _potentials(traces),
    )


def _potentials(traces: Sequence[Trace]) -> str:
    """The potentials of the sweeps, where they differ."""
    told = sorted({trace.potential for trace in traces if not math.isnan(trace.potential)})
    return f"at {', '.join(f'{1e3 * one:g}' for one in told)} mV".replace("-", "−") if told else ""


def _heights(traces: Sequence[Trace]) -> tuple[float, float]:
    """The lowest and highest current to draw: those in the windows, with a margin; outside may stand a transient."""
    found = [0.0]
    for trace in traces:
        for read in trace.reads:
            inside = trace.currents[(trace.times >= read.start_s) & (trace.times < read.end_s)]
            found.extend((float(inside.min()), float(inside.max())) if inside.size else ())
    low, high = min(found), max(found)
    margin = _MARGIN * ((high - low) or 1.0)
    return low - margin, high + margin


def _windows(traces: Sequence[Trace], per: float, heights: tuple[float, float]) -> Iterator[Band]:
    """The windows of all sweeps, each once."""
    told = dict.fromkeys((read.start_s, read.end_s) for trace in traces for read in trace.reads)
    for number, window in enumerate(told):
        low, high = (np.full(2, height) for height in heights)
        yield Band(np.array(window) / per, low, high, "" if number else "window", 7)


def _reads(trace: Trace, number: int, sizes: tuple[float, float]) -> Iterator[Mark]:
    per, size = sizes
    for read in trace.reads:
        if not math.isnan(read.at_s):
            yield Points(np.array([read.at_s]) / per, np.array([_height(trace, read)]) / size, "", number)
        else:
            inside = trace.currents[(trace.times >= read.start_s) & (trace.times < read.end_s)]
            if inside.size:
                x = np.array([read.start_s, read.end_s]) / per
                yield Line(x, np.full(2, float(inside.mean())) / size, "", number, dashed=True)


def _height(trace: Trace, read: Read) -> float:
    return float(np.interp(read.at_s, trace.times, trace.currents))


trace_overlay = Figure("trace_overlay", "Sweeps and the windows they were read in", build)
