"""The current of each recorded cell over time: control, drugs with their bars, wash, run-down of the control."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from ..core.estimate import figures
from ..core.figure import Figure, FigureSpec, Line, Mark, Panel, Points, Scale
from ..core.plate import Role, Well
from ..core.result import AssayResult
from ..core.units import readable_unit
from ._series import colour, columns, counted, pages

CONTROL = "control"  # what a well's `extra` holds of the control current at its time
_LEAST_TIMES = 3
_ROOM = 0.16
_BAR = 0.07


def build(result: AssayResult) -> tuple[FigureSpec, ...]:
    """One panel for every cell and end point read at three times or more; nothing for other results."""
    panels = {}
    drugs = _drugs(result)
    for cell in result.experiments:
        for end_point in dict.fromkeys(well.treatment.end_point for well in cell.wells):
            wells = [one for one in cell.wells if one.treatment.end_point == end_point and _timed(one)]
            if _is_course(wells):
                panels[f"{cell.name}, {end_point}" if end_point else cell.name] = _panel(wells, drugs)
    return tuple(
        FigureSpec(
            name,
            "Current over time",
            f"Current of each sweep against the time of the recording, {counted(len(some), 'panel')}, one for each "
            f"cell and end point: {', '.join(some)}.",
            tuple(_titled(panels[one], one) for one in some),
            "Every symbol is one sweep; hollow ones are set aside. Bars: how long a compound was there. The dashed "
            "line, where there is one, is the control current interpolated between the controls before the drug and "
            "those after the wash.",
            columns=columns(len(some)),
            panel_size=(4.0, 2.9),
        )
        for name, some in pages(list(panels), "time_course")
    )


def _titled(panel: Panel, title: str) -> Panel:
    return Panel(panel.x, panel.y, panel.marks, title, panel.legend, panel.note)


def _timed(well: Well) -> bool:
    return math.isfinite(well.treatment.time_s) and math.isfinite(well.signal) and well.unit in ("A", "%")


def _is_course(wells: Sequence[Well]) -> bool:
    """Whether these are amplitudes of one potential over time, with a drug among them: no curve against potential."""
    times = {one.treatment.time_s for one in wells}
    steady = (
        len({one.treatment.voltage_v for one in wells if one.treatment.voltage_v == one.treatment.voltage_v})
        <= 1
    )
    pulses = any(one.treatment.pulse > 1 for one in wells)
    return len(times) >= _LEAST_TIMES and steady and not pulses and any(_name(one) for one in wells)


def _name(well: Well) -> str:
    """What was on the cell, '' where no compound was: 'atomoxetine 3 µM'."""
    what = well.treatment
    if what.role is not Role.COMPOUND:
        return ""
    return f"{what.compound} {figures(what.concentration_molar, unit='M')}".strip()


def _drugs(result: AssayResult) -> dict[str, int]:
    """The colour of everything that was applied, the same in all panels: by compound, then by concentration."""
    wells = [one for cell in result.experiments for one in cell.wells if _name(one)]
    wells.sort(key=lambda one: one.treatment.concentration_molar)
    first = dict.fromkeys(one.treatment.compound for cell in result.experiments for one in cell.wells)
    names = [_name(one) for compound in first for one in wells if one.treatment.compound == compound]
    return {name: colour(number) for number, name in enumerate(dict.fromkeys(names), start=1)}


def _panel(wells: Sequence[Well], drugs: Mapping[str, int]) -> Panel:
    ordered = sorted(wells, key=lambda one: (one.treatment.time_s, one.position))
    largest = max(abs(one.signal) for one in ordered)
    size, unit = readable_unit(largest, ordered[0].unit)
    per, of_time = readable_unit(ordered[-1].treatment.time_s, "s")
    marks: list[Mark] = []
    low, high = _limits([one.signal / size for one in ordered])
    step = _BAR * (high - low)
    top = high + step
    for drug, number in drugs.items():
        mine = [one for one in ordered if _name(one) == drug]
        if not mine:
            continue
        marks.extend(_points(mine, drug, number, (size, per)))
        x = np.array([mine[0].treatment.time_s, mine[-1].treatment.time_s]) / per
        marks.append(Line(x, np.full(2, top), "", number))
        top += step
    controls = [one for one in ordered if not _name(one)]
    marks[:0] = list(_points(controls, "control, wash", 0, (size, per)))
    marks.extend(_control(ordered, size, per))
    return Panel(
        Scale(f"time ({of_time})"),
        Scale(f"{'current' if ordered[0].unit == 'A' else 'signal'} ({unit})", limits=(low, top)),
        tuple(marks),
    )


def _limits(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(0.0, *values), max(0.0, *values)
    room = _ROOM * ((high - low) or 1.0) / 2
    return low - room, high + room


def _points(wells: Sequence[Well], label: str, number: int, sizes: tuple[float, float]) -> Iterator[Points]:
    size, per = sizes
    for used in (True, False):
        mine = [one for one in wells if one.used is used]
        if mine:
            x = np.array([one.treatment.time_s for one in mine]) / per
            y = np.array([one.signal for one in mine]) / size
            yield Points(x, y, label if used else "", number, filled=used)


def _control(wells: Sequence[Well], size: float, per: float) -> Iterator[Line]:
    """The interpolated control at the times of the sweeps that tell it."""
    told = {one.treatment.time_s: float(one.extra[CONTROL]) for one in wells if CONTROL in one.extra}
    if len(told) > 1:
        times = np.array(sorted(told))
        yield Line(
            times / per,
            np.array([told[one] for one in times]) / size,
            "control, interpolated",
            7,
            dashed=True,
        )


time_course = Figure("time_course", "Current over time", build)
