"""Measured points and fitted curves as blocks of rows that a chart can draw: means of replicates, controls, curves."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from ..core.equation import Array, Axis
from ..core.result import CurveBand, Points, Series

WELLS, TOTAL, NONSPECIFIC, ASIDE, CURVE = (
    "mean of wells",
    "total binding",
    "nonspecific binding",
    "set aside",
    "fitted curve",
)


@dataclass(frozen=True)
class CurveBlock:
    """Rows of one kind of one curve: x in its unit (not its logarithm), mean, standard deviation and number of wells.

    Control wells of a curve on a logarithmic axis have no concentration; they are drawn one decade outside it.
    """

    subject: str
    experiment: str
    label: str
    kind: str
    unit: str
    response: str
    log_axis: bool
    x: Array
    mean: Array
    sd: Array
    n: Array

    @property
    def legend(self) -> str:
        """What the legend calls it."""
        name = (
            ", ".join(dict.fromkeys(part for part in (self.experiment, self.label) if part)) or self.subject
        )
        return f"{name} ({self.kind})" if self.kind in (ASIDE, CURVE) else name


def curve_blocks(series: Series) -> Iterator[CurveBlock]:
    """All blocks of one curve; a kind of which it has no point is left out."""
    axis = _axis(series)
    log_axis = _is_log(series) if axis is None else axis.log10
    none = np.array([])
    blank = CurveBlock(
        series.subject,
        series.experiment,
        "",
        WELLS,
        "M" if axis is None else axis.unit,
        series.y_label,
        log_axis,
        none,
        none,
        none,
        none,
    )
    for points in series.points:
        yield from _of_points(points, replace(blank, label=points.label))
    for band in series.bands:
        yield _of_band(band, replace(blank, label=band.label, kind=CURVE))


def _axis(series: Series) -> Axis | None:
    """The axis of the law that the curve is drawn against: of several, the one whose unit the label names."""
    if series.fit is None:
        return None
    axes = series.fit.equation.axes
    return next((one for one in axes if len(axes) > 1 and f"({one.unit})" in series.x_label), axes[0])


def _is_log(series: Series) -> bool:
    """Without a fit only the points tell: a concentration is never negative or infinite, its logarithm may be."""
    return any(bool((points.x < 0).any() or np.isinf(points.x).any()) for points in series.points)


def _of_points(points: Points, blank: CurveBlock) -> Iterator[CurveBlock]:
    used, finite = np.array(points.used, dtype=bool), np.isfinite(points.x)
    places = {
        WELLS: finite & used,
        TOTAL: np.isneginf(points.x) & used,
        NONSPECIFIC: np.isposinf(points.x) & used,
    }
    inside = points.x[finite]
    outer = {TOTAL: inside.min() - 1.0, NONSPECIFIC: inside.max() + 1.0} if inside.size else {}
    for kind, chosen in places.items():
        if not chosen.any() or (kind != WELLS and kind not in outer):
            continue
        at = np.full(int(chosen.sum()), outer[kind]) if kind in outer else points.x[chosen]
        yield _averaged(replace(blank, kind=kind), at, points.y[chosen])
    aside = finite & ~used
    if aside.any():
        x = points.x[aside]
        ones = np.ones(x.size)
        yield replace(
            blank, kind=ASIDE, x=_linear(x, blank), mean=points.y[aside], sd=ones * math.nan, n=ones
        )


def _averaged(blank: CurveBlock, x: Array, y: Array) -> CurveBlock:
    places, group = np.unique(x, return_inverse=True)
    replicates = [y[group == index] for index in range(places.size)]
    return replace(
        blank,
        x=_linear(places, blank),
        mean=np.array([one.mean() for one in replicates]),
        sd=np.array([one.std(ddof=1) if one.size > 1 else math.nan for one in replicates]),
        n=np.array([float(one.size) for one in replicates]),
    )


def _of_band(band: CurveBand, blank: CurveBlock) -> CurveBlock:
    nothing = np.full(band.x.size, math.nan)
    return replace(blank, x=_linear(band.x, blank), mean=band.fitted, sd=nothing, n=nothing)


def _linear(x: Array, block: CurveBlock) -> Array:
    linear: Array = 10.0**x if block.log_axis else x
    return linear
