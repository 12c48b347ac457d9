"""What the fit means, in words: is there a response, does the potency lie in the tested range, what is not defined."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..core.curves import Curve
from ..core.equation import Array
from ..core.estimate import Relation
from ..core.fit import Fit, Interval
from . import sentences
from .censoring import SURE, Placed, Why, reason
from .covariance import NOT_IDENTIFIED, Curvature
from .intervals import Profiler, quantile
from .problem import Problem, measured_range
from .sentences import Missing

FAR = 4.0  # how many decades beyond the tested range a parameter is asked where it would act
SEEN = 0.9  # part of the strongest slope of a parameter that measured points see, above which none is missing
UNFELT = 1e6  # relative standard error above which a parameter plays no part


@dataclass(frozen=True)
class Bound:
    """All that can be said of a location that the data do not reach: above or below a value on the scale of the fit.

    `reached` is the part of the control span that the response covers at the highest tested x (nan without controls).
    """

    name: str
    relation: Relation
    value: float
    reached: float
    sentence: str


def location_bounds(
    problem: Problem, fit: Fit, controls: tuple[float, float] | None = None
) -> dict[str, Bound]:
    """The locations, by fitted name, of which only a bound is known; empty when all lie where they were measured.

    `Placed.judged` says when that is and what the bound is; the span is that between the controls (x = -inf and x =
    +inf wells, or `controls` as response without and with full effect). Of the intervals only profiles count, for a
    Wald interval knows no open side.
    """
    return _bounds(problem, fit.values, controls, fit)


def bounds_at(problem: Problem, values: Array) -> dict[str, Bound]:
    """The same for parameters that come from elsewhere and have no intervals."""
    return _bounds(problem, values, None, None)


def _bounds(
    problem: Problem, values: Array, controls: tuple[float, float] | None, fit: Fit | None
) -> dict[str, Bound]:
    equation, found = problem.equation, {}
    table = problem.parameters(values)
    for position, name in enumerate(problem.names):
        curves, j = problem.owner(position)
        if equation.names[j] != equation.location:
            continue
        tested = measured_range(equation, [problem.curves[c] for c in curves])
        shift = half_way_shift(problem, curves[0], table[curves[0]], float(values[position]))
        gone = _gone(problem, [(problem.curves[c], table[c]) for c in curves], controls)
        placed = Placed(
            values[position : position + 1] + shift,
            np.array([shift]),
            np.array(tested)[:, None],
            gone,
            _limits(None if fit is None else fit.intervals.get(name)),
            equation.parameters[j].log10,
        )
        whys, limits, moved = placed.judged(None if fit is None else _maybe(problem, fit, position, placed))
        why, limit, reached = Why(int(whys[0])), float(limits[0]), float(gone[1, 0])
        if why is not Why.KNOWN:
            told = reason(why, bool(moved[0]), float(gone[int(why is Why.LESS_THAN_HALF), 0]))
            sentence = sentences.bound(equation, name, why.relation, limit, told)
            found[name] = Bound(name, why.relation, limit, reached, sentence)
    return found


def _maybe(problem: Problem, fit: Fit, position: int, placed: Placed) -> npt.NDArray[np.bool_]:
    """On which sides the data do not exclude that a location lies beyond the tested range, as far as it is asked."""
    maybe = placed.asked
    for side in np.flatnonzero(maybe[:, 0]):
        rise = Profiler.of(problem, fit).rise_beyond(position, float(placed.ends[side, 0]), bool(side))
        maybe[side] = rise < quantile(SURE, fit.df, fit.scale_known)
    return maybe


def _limits(interval: Interval | None) -> Array:
    """The limits of a profile interval, (2, 1); nan where there is none."""
    if interval is None or interval.method != "profile":
        return np.full((2, 1), np.nan)
    return np.array([[interval.low], [interval.high]])


def half_way_shift(problem: Problem, curve: int, parameters: Array, location: float) -> float:
    """How far the half way point of the curve lies from the location parameter (a Ki, say, lies left of it).

    Half way is counted to the end of the curve, or to the place where it turns if that lies further from its start.
    """
    if not problem.equation.axes[0].log10:
        return 0.0
    others = np.median(np.atleast_2d(problem.curves[curve].x)[1:], axis=1)

    def responses(x: Array) -> Array:
        more = [np.full_like(x, other) for other in others]
        at = np.stack([x, *more]) if problem.curves[curve].x.ndim > 1 else x
        return np.reshape(problem.equation.function(at, parameters), -1)

    places = np.linspace(location - FAR, location + FAR, 81)
    start, *along, end = responses(np.array([-math.inf, *places, math.inf])).tolist()
    far = [abs(one - start) for one in along]
    turns = max(far) > abs(end - start) * (1.0 + 1e-9)
    low, high = float(places[0]), float(places[far.index(max(far)) if turns else -1])
    end = along[far.index(max(far))] if turns else end
    half = (start + end) / 2.0
    first, last = responses(np.array([low, high]))
    if not (math.isfinite(start) and math.isfinite(end) and (first - half) * (last - half) < 0):
        return 0.0
    rising = end > start
    for _ in range(50):
        middle = (low + high) / 2.0
        if (float(responses(np.array([middle]))[0]) < half) == rising:
            low = middle
        else:
            high = middle
    return (low + high) / 2.0 - location


def _gone(
    problem: Problem, fitted: Sequence[tuple[Curve, Array]], controls: tuple[float, float] | None
) -> Array:
    """The part of the control span that is gone at the lowest and at the highest tested x, (2, 1).

    Of several curves the one counts in which least is gone at the lowest, and that in which most is at the highest.
    """
    parts = np.array([_part(problem, *one, controls) for one in fitted])
    low, high = (part[np.isfinite(part)] for part in parts.T)
    return np.array([[low.min() if low.size else math.nan], [high.max() if high.size else math.nan]])


def _part(
    problem: Problem, curve: Curve, parameters: Array, controls: tuple[float, float] | None
) -> tuple[float, float]:
    """The part of the control span that is gone at the lowest and at the highest tested x of one curve."""
    x = np.atleast_2d(curve.x)[0]
    without, full = x == -np.inf, x == np.inf
    if controls is None:
        if not (without.any() and full.any()):
            return math.nan, math.nan
        controls = float(curve.y[without].mean()), float(curve.y[full].mean())
    tested = np.flatnonzero(np.isfinite(x))
    if not tested.size or controls[0] == controls[1]:
        return math.nan, math.nan
    fitted = np.broadcast_to(problem.equation.function(curve.x, parameters), x.shape)
    ends = fitted[tested[[np.argmin(x[tested]), np.argmax(x[tested])]]]
    low, high = (controls[0] - ends) / (controls[0] - controls[1])
    return float(low), float(high)


def undefined(
    problem: Problem,
    values: Array,
    at_bounds: Sequence[str],
    intervals: Mapping[str, Interval],
    found: Curvature,
) -> tuple[str, ...]:
    """One sentence for every parameter that the data do not define: which, and what data are missing.

    A parameter is not defined when it stands at a limit, when its profile has no end on a side, when its interval is
    wider than all that was measured (for one in the unit of the response), when it belongs to the weakest direction of
    a Jacobian whose condition number exceeds 1e8, or when the curve does not feel it at all.
    """
    weak = (
        np.abs(found.weakest) > 0.3 if found.condition > NOT_IDENTIFIED else np.zeros(len(values), dtype=bool)
    )
    said = []
    for position, name in enumerate(problem.names):
        if name in at_bounds:
            said.append(sentences.at_limit(problem.equation, name, float(values[position])))
        elif (
            weak[position] or _unfelt(problem, values, position, found) or _wide(problem, position, intervals)
        ):
            missing = _missing(problem, values, position, intervals.get(name))
            said.append(sentences.not_defined(problem.equation, name, *missing))
    return tuple(said)


def _wide(problem: Problem, position: int, intervals: Mapping[str, Interval]) -> bool:
    """Whether the interval has no end, or reaches further than the responses that were measured."""
    interval = intervals.get(problem.names[position])
    if interval is None:
        return False
    curves, j = problem.owner(position)
    measured = np.concatenate([problem.curves[c].y for c in curves])
    plateau = problem.equation.parameters[j].unit == "signal"
    return bool(interval.open_sides) or (plateau and interval.high - interval.low > float(np.ptp(measured)))


def _unfelt(problem: Problem, values: Array, position: int, found: Curvature) -> bool:
    """Whether a nonlinear parameter could change a million times over before the curve shows it."""
    if problem.equation.parameters[problem.owner(position)[1]].linear:
        return False
    error = math.sqrt(float(found.unscaled[position, position]) * found.variance)
    return error > UNFELT * abs(float(values[position]))


def _missing(
    problem: Problem, values: Array, position: int, interval: Interval | None
) -> tuple[Missing, float]:
    """Where points would tell this parameter: beyond the open side of a location, else where its slope is large."""
    curves, j = problem.owner(position)
    axes = problem.equation.axes
    low, high = measured_range(problem.equation, [problem.curves[c] for c in curves])
    if len(axes) > 1 or not axes[0].log10 or not math.isfinite(low):
        return Missing.NOWHERE, math.nan
    if problem.equation.parameters[j].name == problem.equation.location and interval is not None:
        if interval.open_sides == ("low",):
            return Missing.BELOW, low
        if interval.open_sides == ("high",):
            return Missing.ABOVE, high
    places = telling_places(low, high)
    table = problem.parameters(values)
    strength, seen = np.zeros(places.size), 0.0
    for c in curves:
        strength = np.maximum(strength, np.abs(problem.equation.jacobian(places, table[c])[j]))
        seen = max(seen, float(np.abs(problem.equation.jacobian(problem.curves[c].x, table[c])[j]).max()))
    if not np.isfinite(strength).all() or seen >= SEEN * strength.max():
        return Missing.NOWHERE, math.nan
    best = float(places[int(np.argmax(strength))])
    if best < low:
        return Missing.BELOW, low
    return (Missing.ABOVE, high) if best > high else (Missing.NEAR, best)


def telling_places(low: float, high: float) -> Array:
    """The x at which a parameter may act: both ends, the tested range and some decades around it."""
    return np.concatenate([[-np.inf], np.linspace(low - FAR, high + FAR, 161), [np.inf]])
