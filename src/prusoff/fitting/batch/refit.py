"""Fits what is left of many curves when points were set aside: the same x almost everywhere, but fewer points."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ...core.curves import Curves
from ...core.equation import Array, Equation
from ...core.fits import Fits
from ..account import flat_level
from ..problem import Rule
from ..robust_statistics import Flags
from ..search import Options
from ..turning import turns
from ..weights import Weighting, Weights
from .cohort import Cohort, Starts, begun, cohort_of
from .columns import Columns
from .compiling import steps_for
from .engine import fit_batch, fit_side_by_side, leftovers, sample_x, suits, testable
from .grid import Grid
from .law import BatchLaw
from .layout import Indices, Layout, layouts
from .responses import response_bound


def counted(flags: Flags, curves: Curves) -> Indices:
    """How many points of each curve are flagged, (curve,)."""
    before = np.concatenate([[0], np.cumsum(flags)])
    found: Indices = before[curves.starts[1:]] - before[curves.starts[:-1]]
    return found


def remaining(curves: Curves, flags: Flags, touched: Indices) -> Curves:
    """The touched curves without their flagged points."""
    chosen = np.zeros(len(curves), dtype=bool)
    chosen[touched] = True
    kept = np.repeat(chosen, np.diff(curves.starts)) & ~flags
    left = np.diff(curves.starts)[touched] - counted(flags, curves)[touched]
    starts = np.concatenate([[0], np.cumsum(left)]).astype(np.intp)
    return Curves(curves.x[..., kept], curves.y[kept], starts, None if curves.sd is None else curves.sd[kept])


def fit_remaining(
    equation: Equation,
    curves: Curves,
    weighting: Weights,
    level: float,
    rules: Mapping[str, Rule | float],
    options: Options,
) -> Fits:
    """Fit the curves as `fit_batch` does; those that keep the same distinct x share one grid of places to begin at."""
    if weighting not in (Weighting.NONE, Weighting.FITTED) or not suits(equation, curves, weighting, options):
        return fit_batch(equation, curves, weighting, level, rules, options)
    with np.errstate(all="ignore"), steps_for(len(curves)):
        law = BatchLaw.of(equation, rules, sample_x(curves))
        columns = Columns(law, curves, weighting, level, options)
        alike: dict[bytes, list[Layout]] = {}
        turning = turns(equation)
        for layout in layouts(curves, np.arange(len(curves))):
            sure = _responding(law, layout, columns, (options, turning))
            if sure.any():
                alike.setdefault(layout.x.tobytes(), []).append(layout.at(sure))
            if not sure.all():
                for part in testable(law, layout.at(~sure), columns, options):
                    alike.setdefault(part.x.tobytes(), []).append(part)
        waiting: dict[tuple[int, bool], list[Cohort]] = {}
        for number, parts in enumerate(alike.values()):
            for part, starts in zip(parts, _starts(law, parts), strict=True):
                cohort = cohort_of(law, part, weighting, number, starts)
                key = (len(cohort.points.x), cohort.points.weight is None)
                waiting.setdefault(key, []).append(cohort)
        for cohorts in waiting.values():
            fit_side_by_side(law, cohorts, columns)
        leftovers(curves, columns, rules)
    return columns.fits()


def _responding(law: BatchLaw, layout: Layout, columns: Columns, asked: tuple[Options, bool]) -> Flags:
    """Which curves of a layout certainly respond, (curve,): what P cannot be above is written down as theirs.

    Points that were set aside make many designs of few curves each, and every design has a null of its own to simulate.
    """
    (options, turning), points, location = asked, len(layout.y), law.equation.location
    fitted = bool(location) and law.equation.index(location) in law.free
    if not fitted or layout.x.size < len(law.free):
        return np.zeros(layout.members.size, dtype=bool)
    allowed = flat_level(points) if options.response_level is None else options.response_level
    most = response_bound(layout, turning)
    sure: Flags = most <= allowed
    columns.responses(layout.members[sure], most[sure], allowed, points)
    return sure


def _starts(law: BatchLaw, parts: list[Layout]) -> list[Starts]:
    """Where to begin in layouts of the same distinct x."""
    x = parts[0].x
    means: Array = np.concatenate([part.plain[1] for part in parts], axis=1)
    tables, tried = begun(law, Grid.of(law, x, np.ones(x.size)), means, law.bounds(x))
    ends = np.cumsum([part.members.size for part in parts])[:-1]
    return list(zip(np.split(tables, ends, axis=-1), np.split(tried, ends, axis=-1), strict=True))
