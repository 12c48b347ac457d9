"""Whether the location of a population of groups is a value or only a bound, as for a single curve."""

from __future__ import annotations

import numpy as np

from ..core.equation import Array
from ..core.fit import Fit
from . import sentences
from .censoring import Placed, Why, reason
from .problem import Problem, measured_range
from .verdict import Bound, half_way_shift


def location_bound(shared: Problem, fit: Fit, controls: tuple[float, float] | None = None) -> Bound | None:
    """All that can be said of a location that the groups do not reach; None where it is a value, or there is none.

    `fit` is the fit of the population, whose interval knows the differences between groups; `controls` are the
    responses without and with full effect.
    """
    law = shared.equation
    if law.location not in shared.names:
        return None
    place = shared.names.index(law.location)
    value, interval = float(fit.values[place]), fit.intervals.get(law.location)
    table, tested = shared.parameters(fit.values), measured_range(law, shared.curves)
    shift = half_way_shift(shared, 0, table[0], value)
    profile = interval is not None and interval.method == "profile"
    limits = (interval.low, interval.high) if interval is not None and profile else (np.nan, np.nan)
    gone = _gone(shared, table, controls)
    placed = Placed(
        np.array([value + shift]),
        np.array([shift]),
        np.array(tested)[:, None],
        gone,
        np.array(limits)[:, None],
        law.parameters[law.index(law.location)].log10,
    )
    whys, bounds, moved = placed.judged()
    why, bound = Why(int(whys[0])), float(bounds[0])
    if why is Why.KNOWN:
        return None
    told = reason(why, bool(moved[0]), float(gone[int(why is Why.LESS_THAN_HALF), 0]))
    sentence = sentences.bound(law, law.location, why.relation, bound, told)
    return Bound(law.location, why.relation, bound, float(gone[1, 0]), sentence)


def _gone(shared: Problem, table: Array, controls: tuple[float, float] | None) -> Array:
    """The part of the control span that is gone by the curve at the lowest and the highest x of any group, (2, 1)."""
    if controls is None or controls[0] == controls[1]:
        return np.full((2, 1), np.nan)
    parts = []
    for curve, parameters in zip(shared.curves, table, strict=True):
        x = np.atleast_2d(curve.x)[0]
        tested = np.flatnonzero(np.isfinite(x))
        if tested.size:
            fitted = np.broadcast_to(shared.equation.function(curve.x, parameters), x.shape)
            ends = fitted[tested[[np.argmin(x[tested]), np.argmax(x[tested])]]]
            parts.append((controls[0] - ends) / (controls[0] - controls[1]))
    low, high = np.array(parts).reshape(-1, 2).T if parts else (np.array([np.nan]), np.array([np.nan]))
    return np.array([[low.min()], [high.max()]])
