"""Velocities of uptake against substrate, with and without inhibitor, as the figures of them need them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from ..core.equation import Array
from ..core.errors import UnitError
from ..core.result import AssayResult, CurveBand, Points, Series
from ..core.units import parse
from ._series import pages, used_mask

SPECIFIC = "specific"
SAME = 1e-6  # relative difference of two concentrations that are the same


@dataclass(frozen=True)
class Level:
    """The uptake through the carrier at one concentration of inhibitor (mol/L): wells, and the curve through them."""

    inhibitor: float
    wells: Points
    band: CurveBand | None

    def line(self) -> tuple[float, float] | None:
        """Intercept and slope of 1/v against 1/[S] as fitted, which is a straight line; None without a curve."""
        if self.band is None:
            return None
        x, y = self.band.x, self.band.fitted
        usable = (x > 0) & (y > 0)
        if usable.sum() < 2:
            return None
        first, last = (int(place) for place in np.flatnonzero(usable)[[0, -1]])
        slope = (1.0 / y[first] - 1.0 / y[last]) / (1.0 / x[first] - 1.0 / x[last])
        return float(1.0 / y[last] - slope / x[last]), float(slope)

    def inverse(self, substrate: float) -> float:
        """1/v as fitted at this substrate; nan without a curve."""
        found = self.line()
        return math.nan if found is None else found[0] + found[1] / substrate


def velocity_series(result: AssayResult) -> list[Series]:
    """The curves of uptake against substrate."""
    return [
        series
        for series in result.series
        if series.x_label.startswith("substrate") and any(points.x.size for points in series.points)
    ]


def shared_out(series: Sequence[Series], name: str) -> list[tuple[str, list[Series]]]:
    """Curves over figures, with a name for each: one figure for every inhibitor, at most nine panels in one."""
    groups: dict[str, list[Series]] = {}
    for one in series:
        groups.setdefault(one.subject if is_grid(one) else "", []).append(one)
    parts = [
        [group[int(place)] for place in page]
        for group in groups.values()
        for _, page in pages(list(map(str, range(len(group)))), name)
    ]
    return [
        (name if len(parts) == 1 else f"{name}_{number}", part) for number, part in enumerate(parts, start=1)
    ]


def titled(title: str, curves: Sequence[Series]) -> str:
    """A title with the name of the inhibitor where all curves have one and the same."""
    subjects = {one.subject for one in curves}
    return f"{title}: {subjects.pop()}" if len(subjects) == 1 and all(map(is_grid, curves)) else title


def is_grid(series: Series) -> bool:
    """Whether the wells of a curve hold several concentrations of an inhibitor."""
    return len(levels(series)) > 1


def levels(series: Series) -> tuple[Level, ...]:
    """The uptake through the carrier at every concentration of inhibitor, from none upwards."""
    bands = {band.label: band for band in series.bands}
    found = [
        Level(inhibitor, wells, bands.get(wells.label))
        for wells in series.points
        if math.isfinite(inhibitor := concentration_in(wells.label)) and used_mask(wells).any()
    ]
    return tuple(sorted(found, key=lambda level: level.inhibitor))


def concentration_in(label: str) -> float:
    """The concentration of inhibitor that wells of this label hold, mol/L; nan where it names none.

    >>> concentration_in("30 nM"), concentration_in("specific")
    (3e-08, 0.0)
    """
    if label == SPECIFIC:
        return 0.0
    try:
        return parse(label, "molar concentration").value
    except UnitError:
        return math.nan


def means_by_substrate(wells: Points) -> dict[float, float]:
    """The mean velocity of the wells in use at every concentration of substrate."""
    used = used_mask(wells)
    x, y = wells.x[used], wells.y[used]
    return {level: float(y[np.isclose(x, level, rtol=SAME, atol=0.0)].mean()) for level in distinct(x)}


def distinct(x: Array) -> tuple[float, ...]:
    """The different values in rising order, those taken as one that differ by rounding."""
    every = np.unique(x)
    kept = [float(value) for value in every[:1]]
    kept += [float(b) for a, b in pairwise(every) if b > a * (1.0 + SAME)]
    return tuple(kept)
