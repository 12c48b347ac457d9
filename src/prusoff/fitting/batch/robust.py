"""Fits that outliers hardly move, for many curves at once: Lorentzian errors with an adapted scale."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ...core.curves import Curves
from ...core.equation import Array, Equation
from ...core.fit import Outcome
from ...core.fits import OUTCOMES, Fits
from ..intervals import quantile
from ..problem import Rule
from ..robust import CHANCE
from ..robust_statistics import robust_sd
from ..turning import turns
from ..weights import Weights
from .cohort import begun
from .compiling import steps_for
from .engine import sample_x
from .grid import Grid
from .law import BatchLaw
from .layout import Indices, Layout, layouts
from .responses import response_probability
from .reweighted import descended
from .wells import Wells

LANES = 32768  # curves whose stragglers go on side by side
MOST_LEFT_OUT = 16  # distinct x that are left out one after another
FEW = 3  # points that a median needs to leave one out
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class RobustFits:
    """One law fitted to many curves by Lorentzian errors; every column is in the order of the curves.

    `values` (parameter, curve) are on the scale of the fit, nan where a curve could not be fitted; `scale` (curve,) is
    the RSDR in the unit of the weighted residuals, `merit` N ln(RSDR) + sum ln(1 + t^2). `residuals` (point,) are the
    weighted ones in the order of the points. `p_response` is the probability that chance alone looks so, asked of the
    points with the far ones drawn in to where chance may put them. `settled`: curve, weights and scale agree.
    """

    names: tuple[str, ...]
    values: Array
    scale: Array
    merit: Array
    residuals: Array
    p_response: Array
    settled: Flags


def fit_robust_batch(
    equation: Equation,
    curves: Curves,
    plain: Fits,
    weighting: Weights,
    sharing: Mapping[str, Rule | float] | None = None,
) -> RobustFits:
    """Fit every curve so that points far from it count little, from its least-squares fit and from other starts.

    `plain` are the least-squares fits with the same weighting and rules. A curve that has none, or as many parameters
    as points, gets no numbers. Motulsky & Brown 2006.
    """
    with np.errstate(all="ignore"), steps_for(len(curves)):
        law = BatchLaw.of(equation, dict(sharing or {}), sample_x(curves))
        size, count = len(law.free), len(curves)
        found = RobustFits(
            law.names,
            np.full((size, count), np.nan),
            np.full(count, np.nan),
            np.full(count, np.nan),
            np.full(curves.y.size, np.nan),
            np.full(count, np.nan),
            np.zeros(count, dtype=bool),
        )
        fitted = (plain.outcome != OUTCOMES.index(Outcome.FAILED)) & (plain.points > size)
        waiting: dict[bytes, list[tuple[Layout, Wells, Array, Flags]]] = {}
        for layout in _parts(curves, np.flatnonzero(fitted)):
            one = (layout, Wells.of(law, layout, weighting), *_starts(law, layout, plain))
            key = layout.edges.tobytes()
            waiting.setdefault(key, []).append(one)
            if sum(part[0].members.size for part in waiting[key]) >= LANES:
                _fit(law, curves, waiting.pop(key), found)
        for parts in waiting.values():
            _fit(law, curves, parts, found)
    return found


def _parts(curves: Curves, chosen: Indices) -> Iterator[Layout]:
    for layout in layouts(curves, chosen):
        for first in range(0, layout.members.size, LANES):
            here = np.zeros(layout.members.size, dtype=bool)
            here[first : first + LANES] = True
            yield layout.at(here)


def _starts(law: BatchLaw, layout: Layout, plain: Fits) -> tuple[Array, Flags]:
    """Where to begin: least-squares curves, then what the grid makes of responses that few outliers move."""
    first = law.blank(layout.members.size)
    first[sorted(law.free)] = plain.values[:, layout.members]
    known: Flags = np.asarray(np.isfinite(first.sum(axis=0)), dtype=bool)[None]
    tamed = _tamed(layout)
    grid = Grid.of(law, layout.x, np.ones(layout.x.size))
    tables, tried = begun(law, grid, np.concatenate(tamed, axis=1), law.bounds(layout.x))
    places, worth = (np.split(one, len(tamed), axis=-1) for one in (tables, tried))
    every = [first[None], places[0], *(one[:1] for one in places[1:])]
    asked = [known, worth[0], *(one[:1] for one in worth[1:-1]), np.logical_and(worth[-1][:1], ~known)]
    return np.concatenate(every), np.concatenate(asked)


def _tamed(layout: Layout) -> list[Array]:
    """Responses (group, curve) that few outliers move: medians at the distinct x; last their means.

    Where an x has fewer than three points, medians of three neighbours too, and the medians with one x after another
    drawn to where its neighbours say.
    """
    own = np.stack([np.median(one, axis=0) for one in np.split(layout.y, layout.edges[1:-1])])
    if layout.counts.min() >= FEW or len(own) < FEW:
        return [own, layout.plain[1]]
    beside = np.concatenate([own[1:2], own, own[-2:-1]])
    found = [own, np.median(np.stack([beside[:-2], own, beside[2:]]), axis=0)]
    for group in range(len(own) if len(own) <= MOST_LEFT_OUT else 0):
        without = own.copy()
        without[group] = 0.5 * (beside[group] + beside[group + 2])
        found.append(without)
    return [*found, layout.plain[1]]


def _fit(
    law: BatchLaw, curves: Curves, parts: list[tuple[Layout, Wells, Array, Flags]], into: RobustFits
) -> None:
    """Fit curves of several layouts side by side, and write down where they stand."""
    wells = Wells.together([one[1] for one in parts])
    tables = np.concatenate([one[2] for one in parts], axis=-1)
    places = descended(law, wells, tables, np.concatenate([one[3] for one in parts], axis=-1))
    residuals, base = wells.residuals(law, places.table)
    members = np.concatenate([one[0].members for one in parts])
    into.values[:, members] = places.table[sorted(law.free)]
    into.scale[members], into.merit[members] = places.scale, places.merit
    into.settled[members] = places.settled
    tamed = wells.y + tamed_by(residuals, base, len(law.free), wells.least)
    begin = 0
    for layout, *_ in parts:
        here = slice(begin, begin + layout.members.size)
        begin = here.stop
        into.residuals[points_of(curves, layout)] = residuals[:, here]
        drawn_in = Layout(layout.members, layout.x, layout.edges, tamed[:, here], layout.sd)
        into.p_response[layout.members] = response_probability(drawn_in, turns(law.equation))


def tamed_by(residuals: Array, base: Array | None, fitted: int, least: Array) -> Array:
    """How far each response (point, curve) moves when far points are drawn to where chance may put them."""
    scale = np.maximum(robust_sd(residuals, fitted), least)
    far = scale * quantile(CHANCE, len(residuals) - fitted)
    inside: Array = np.clip(residuals, -far, far) - residuals
    return inside if base is None else inside / np.sqrt(base)


def points_of(curves: Curves, layout: Layout) -> Indices:
    """Where the points (point, curve) of a layout stand among those of all curves."""
    rows = curves.starts[layout.members][:, None] + np.arange(len(layout.y))
    order = np.argsort(curves.x[rows] + 0.0, axis=1, kind="stable")
    return np.ascontiguousarray(np.take_along_axis(rows, order, axis=1).T)
