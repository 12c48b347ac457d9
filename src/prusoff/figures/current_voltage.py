"""Current against potential of each cell: amplitudes, fitted curves, and where the current turns round."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

import numpy as np

from ..core.equation import Array
from ..core.figure import Band, Figure, FigureSpec, Line, Mark, Panel, Points, Rule, Scale
from ..core.membrane_current import capacitance_of, current_density
from ..core.result import AssayResult, Series
from ..core.units import readable_unit
from ._axes import unit_of
from ._series import colour, columns, is_over_potential, pages, used_mask

_MV = 1e3
_PA_PER_PF = "pA/pF"
REVERSAL = "Erev"


def build(result: AssayResult) -> tuple[FigureSpec, ...]:
    """One panel for every cell with a current against potential; nothing for other results."""
    cells: dict[str, list[Series]] = {}
    for series in result.series:
        if (
            is_over_potential(series)
            and unit_of(series.y_label) == "A"
            and any(p.x.size for p in series.points)
        ):
            cells.setdefault(series.experiment, []).append(series)
    sizes = _capacitances(result, cells)
    colours = {
        subject: colour(number)
        for number, subject in enumerate(
            dict.fromkeys(one.subject for some in cells.values() for one in some)
        )
    }
    unit = "current density in pA/pF" if sizes else "current"
    return tuple(
        FigureSpec(
            name,
            "Current against potential",
            f"Amplitudes ({unit}) against the potential, one panel for each cell: {', '.join(some)}. "
            f"Conditions: {', '.join(colours)}.",
            tuple(_panel(cell, cells[cell], colours, sizes) for cell in some),
            "Symbols are sweeps, hollow ones set aside; lines are the fitted curves with their bands. Dashed rules: "
            "where the fitted current turns round.",
            columns=columns(len(some)),
        )
        for name, some in pages(list(cells), "current_voltage")
    )


def _capacitances(result: AssayResult, cells: Mapping[str, Sequence[Series]]) -> dict[str, float]:
    """The capacitance of each cell in F, by its name; empty unless all cells have one."""
    found = {one.name: capacitance_of(one.wells) for one in result.experiments if one.name in cells}
    return {} if any(map(math.isnan, found.values())) else found


def _panel(
    cell: str, curves: Sequence[Series], colours: Mapping[str, int], capacitances: Mapping[str, float]
) -> Panel:
    largest = max(float(np.abs(points.y).max()) for one in curves for points in one.points if points.y.size)
    size, unit = readable_unit(largest, "A")
    told: Callable[[Array], Array] = partial(_in_unit, size=size)
    if capacitances:
        told, unit = partial(current_density, capacitance=capacitances[cell]), _PA_PER_PF
    marks: list[Mark] = [Rule(y=0.0)]
    for one in curves:
        marks.extend(_marks(one, colours[one.subject], told))
    label = "current density" if capacitances else "current"
    return Panel(Scale("potential (mV)"), Scale(f"{label} ({unit})"), tuple(marks), title=cell)


def _in_unit(values: Array, size: float) -> Array:
    return values / size


def _marks(series: Series, number: int, told: Callable[[Array], Array]) -> Iterator[Mark]:
    """The currents of one curve; `told` turns them into the unit of the axis."""
    for band in series.bands:
        if np.isfinite(band.low).all() and np.isfinite(band.high).all():
            yield Band(_MV * band.x, told(band.low), told(band.high), "", number)
        yield Line(_MV * band.x, told(band.fitted), "", number)
    for points in series.points:
        used = used_mask(points)
        for taken in (True, False):
            if (used == taken).any():
                mine = used == taken
                label = series.subject if taken else ""
                yield Points(_MV * points.x[mine], told(points.y[mine]), label, number, filled=taken)
    for estimate in series.estimates:
        if estimate.name == REVERSAL and not estimate.is_bound and math.isfinite(estimate.value):
            yield Rule(x=_MV * estimate.value, colour=number)


current_voltage = Figure("current_voltage", "Current against potential", build)
