"""What every fit means: an outcome, a bound where there is no value, and the sentences that must be read first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ...core.equation import Array
from ...core.fit import Outcome
from ...core.fits import OUTCOMES, RELATIONS
from .. import sentences
from ..censoring import Placed, Why, reason
from ..covariance import NOT_IDENTIFIED
from ..sentences import Missing
from ..verdict import FAR, SEEN, UNFELT, telling_places
from .beyond import rise_beyond
from .cohort import Cohort
from .errors_of_fit import Spread
from .law import BatchLaw
from .minimum import Minimum

HALVINGS = 50
PLACES = 81  # at which it is looked for a turn of the curve
AT_LIMIT, NOT_DEFINED = 1, 2
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Fitted:
    """Fits of a cohort before they are judged; `minimum` says where they ended.

    `low`, `high`, `at_limit` are in the order of `law.free`; `variance` (curve,) scales the unscaled spread. `profiled`
    says that the limits are those of a profile; `sure` (curve,) are the standard errors that exclude a location.
    """

    minimum: Minimum
    low: Array
    high: Array
    at_limit: Flags
    spread: Spread
    variance: Array
    df: npt.NDArray[np.int64]
    sure: Array
    profiled: bool

    @property
    def values(self) -> Array:
        """The parameters of every curve."""
        return self.minimum.table


@dataclass(frozen=True)
class Judgement:
    """Outcome, relation and bound of every curve, and its sentence as a position in `texts`."""

    outcome: npt.NDArray[np.int8]
    relation: npt.NDArray[np.int8]
    bound: Array
    reason: npt.NDArray[np.intp]
    texts: tuple[str, ...]


def judge(law: BatchLaw, cohort: Cohort, fitted: Fitted, controls: tuple[float, float] | None) -> Judgement:
    """Censored before flagged, as for a single curve; every reason is named."""
    why, limit, share, moved = _bounds(law, cohort, fitted, controls)
    kind, missing, place = _undefined(law, cohort, fitted)
    no_freedom, unidentified = fitted.df <= 0, fitted.spread.condition > NOT_IDENTIFIED
    noted = (
        ~fitted.minimum.ended | ~fitted.minimum.settled | no_freedom | unidentified | (kind > 0).any(axis=0)
    )
    error = fitted.spread.unscaled * fitted.variance
    no_error = ~noted & ~(np.isfinite(error) & ~fitted.at_limit).all(axis=0)
    flagged = noted | no_error
    outcome = np.full(len(cohort), OUTCOMES.index(Outcome.OK), dtype=np.int8)
    outcome[flagged] = OUTCOMES.index(Outcome.FLAGGED)
    outcome[why > 0] = OUTCOMES.index(Outcome.CENSORED)
    relation = np.zeros(len(cohort), dtype=np.int8)
    for one in Why:
        relation[why == one] = RELATIONS.index(one.relation)
    told = np.flatnonzero(flagged | (why > 0))
    marks = np.concatenate(
        [
            np.array([why, np.where(why > 0, _as_printed(law, limit), 0.0), share, moved], dtype=float),
            np.array([~fitted.minimum.ended, ~fitted.minimum.settled, no_freedom, no_error], dtype=float),
            np.where(unidentified, _two_digits(fitted.spread.condition), 0.0)[None],
            np.concatenate([kind, missing, place]).astype(float),
        ]
    )[:, told]
    texts, reason = [""], np.zeros(len(cohort), dtype=np.intp)
    if told.size:
        first, which = _different(marks)
        texts += [_text(law, mark) for mark in marks[:, first].T]
        reason[told] = which + 1
    return Judgement(outcome, relation, np.where(why > 0, limit, np.nan), reason, tuple(texts))


def _different(marks: Array) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """The first of every kind of columns, in the order of the rows, and of which kind each is."""
    kind = np.zeros(marks.shape[1], dtype=np.intp)
    for row in marks[(marks != marks[:, :1]).any(axis=1)]:
        values, which = np.unique(row, return_inverse=True)
        kind = np.unique(kind * values.size + which.reshape(-1), return_inverse=True)[1].reshape(-1)
    return np.unique(kind, return_index=True)[1], kind


def flat_texts(
    law: BatchLaw, p: Array, allowed: float, points: int
) -> tuple[npt.NDArray[np.intp], tuple[str, ...]]:
    """For curves without response the position of their sentence, and the sentences."""
    different, which = np.unique(_two_digits(p), return_inverse=True)
    said = (sentences.not_seen(law.equation, float(one), allowed, points) for one in different)
    return which.reshape(-1), tuple(said)


def _text(law: BatchLaw, mark: Array) -> str:
    """The sentences of one combination of marks."""
    equation = law.equation
    limit, share, moved, unended, unsettled, no_freedom, no_error, condition = (float(x) for x in mark[1:9])
    why, said = Why(int(mark[0])), []
    if why is not Why.KNOWN:
        told = reason(why, bool(moved), share / 100.0)
        said.append(sentences.bound(equation, equation.location, why.relation, limit, told))
    said += [sentences.UNENDED] * bool(unended) + [sentences.UNSETTLED] * bool(unsettled)
    said += [sentences.NO_FREEDOM] * bool(no_freedom)
    if condition:
        said.append(sentences.not_identified(condition))
    kind, missing, place = np.reshape(mark[9:], (3, -1))
    for row in np.argsort(law.free):
        name = equation.names[law.free[row]]
        if kind[row] == AT_LIMIT:
            said.append(sentences.at_limit(equation, name, float(place[row])))
        elif kind[row] == NOT_DEFINED:
            said.append(sentences.not_defined(equation, name, Missing(int(missing[row])), float(place[row])))
    return " ".join([*said, *[sentences.NO_ERROR] * bool(no_error)])


def _bounds(
    law: BatchLaw, cohort: Cohort, fitted: Fitted, controls: tuple[float, float] | None
) -> tuple[npt.NDArray[np.int64], Array, Array, Flags]:
    """Why only a bound is known of a location, the bound, the percent of the span that is gone, and whether it moved.

    A bound has moved where it is the limit of the interval and not the end of what was tested.
    """
    count = len(cohort)
    equation, none = law.equation, np.zeros(count, dtype=bool)
    if not equation.location or equation.index(equation.location) not in law.free:
        return np.zeros(count, dtype=np.int64), np.full(count, np.nan), np.zeros(count), none
    position = equation.index(equation.location)
    location = fitted.values[position]
    shift = _shift(law, fitted.values, location)
    gone = _gone(law, cohort, fitted.values, controls)
    row = law.free.index(position)
    limits = np.array([fitted.low[row], fitted.high[row]]) if fitted.profiled else np.full((2, count), np.nan)
    logged = equation.parameters[position].log10
    placed = Placed(location + shift, shift, cohort.tested, gone, limits, logged)
    why, limit, moved = placed.judged(_maybe(law, cohort, fitted, placed))
    share = np.where(why == Why.LESS_THAN_HALF, gone[1], np.where(why == Why.MORE_THAN_HALF, gone[0], 0.0))
    return why, limit, np.round(100.0 * share), moved


def _maybe(law: BatchLaw, cohort: Cohort, fitted: Fitted, placed: Placed) -> Flags:
    """On which sides the data do not exclude that a location lies beyond the tested range, as far as it is asked."""
    maybe, position = placed.asked, law.equation.index(law.equation.location)
    for side, asked in enumerate(maybe):
        curves = np.flatnonzero(asked & (fitted.variance > 0))
        asked[:] = False
        if curves.size:
            ends, minimum = placed.ends[side, curves], fitted.minimum.at(curves)
            rise = rise_beyond(law, cohort.at(curves), minimum, position, ends, bool(side))
            asked[curves] = np.sqrt(rise / fitted.variance[curves]) < fitted.sure[curves]
    return maybe


def _shift(law: BatchLaw, values: Array, location: Array) -> Array:
    """How far the half way point of every curve lies from its location parameter, as `half_way_shift` finds it."""
    shift = np.zeros_like(location)
    if not law.equation.axes[0].log10:
        return shift

    def response(x: Array, curves: npt.NDArray[np.intp]) -> Array:
        found: Array = np.broadcast_to(law.equation.function(x, values[:, curves]), (len(x), curves.size))
        return found

    every = np.arange(location.size)
    ends = response(np.array([[-np.inf], [np.inf]]), every)
    half = (ends[0] + ends[1]) / 2.0
    off = np.abs(response(location[None], every)[0] - half) > 1e-9 * np.abs(ends[1] - ends[0])
    curves = np.flatnonzero(off & np.isfinite(half))
    if not curves.size:
        return shift
    start, end = ends[:, curves]
    places = location[curves] + np.linspace(-FAR, FAR, PLACES)[:, None]
    along = response(places, curves)
    far, columns = np.abs(along - start), np.arange(curves.size)
    turning = far.argmax(axis=0)
    turns = far[turning, columns] > np.abs(end - start) * (1.0 + 1e-9)
    last = np.where(turns, turning, PLACES - 1)
    low, high = places[0], places[last, columns]
    end = np.where(turns, along[turning, columns], end)
    middles = (start + end) / 2.0
    crossed = (along[0] - middles) * (along[last, columns] - middles) < 0
    for _ in range(HALVINGS):
        middle = (low + high) / 2.0
        before = (response(middle[None], curves)[0] < middles) == (end > start)
        low, high = np.where(before, middle, low), np.where(before, high, middle)
    shift[curves] = np.where(crossed, (low + high) / 2.0 - location[curves], 0.0)
    return shift


def _gone(law: BatchLaw, cohort: Cohort, values: Array, controls: tuple[float, float] | None) -> Array:
    """The part of the control span that is gone at the lowest and at the highest tested x, (2, curve); nan without."""
    without, full = cohort.controls if controls is None else np.array(controls)[:, None]
    x, apart = cohort.points.x, without != full
    ends = np.array(
        [np.where(np.isfinite(x), x, np.inf).min(axis=0), np.where(np.isfinite(x), x, -np.inf).max(axis=0)]
    )
    left = without - np.broadcast_to(law.equation.function(ends, values), (2, len(cohort)))
    found: Array = np.where(apart, left / np.where(apart, without - full, 1.0), np.nan)
    return found


def _undefined(law: BatchLaw, cohort: Cohort, fitted: Fitted) -> tuple[npt.NDArray[np.int64], ...]:
    """For every fitted parameter whether it stands at its limit or is not defined, and where points are missing."""
    shape = (len(law.free), len(cohort))
    kind, missing, place = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64), np.zeros(shape)
    for row, position in enumerate(law.free):
        parameter, value = law.equation.parameters[position], fitted.values[position]
        blurred = fitted.spread.weak[row].copy()
        if not parameter.linear:
            blurred |= np.sqrt(fitted.spread.unscaled[row] * fitted.variance) > UNFELT * np.abs(value)
        if not np.isnan(fitted.low[row]).all():
            blurred |= np.isinf(fitted.low[row]) | np.isinf(fitted.high[row])
            if parameter.unit == "signal":
                blurred |= fitted.high[row] - fitted.low[row] > cohort.span
        at_limit = fitted.at_limit[row]
        kind[row] = np.where(at_limit, AT_LIMIT, np.where(blurred, NOT_DEFINED, 0))
        place[row, at_limit] = value[at_limit]
        curves = np.flatnonzero(blurred & ~at_limit)
        if curves.size:
            missing[row, curves], place[row, curves] = _missing(law, cohort, fitted, row, curves)
    return kind, missing, place  # type: ignore[return-value]


def _missing(
    law: BatchLaw, cohort: Cohort, fitted: Fitted, row: int, curves: npt.NDArray[np.intp]
) -> tuple[npt.NDArray[np.int64], Array]:
    """Where points would tell a parameter: beyond the open side of a location, else where its slope is large."""
    found, place = np.full(curves.size, int(Missing.NOWHERE)), np.zeros(curves.size)
    axes, position = law.equation.axes, law.free[row]
    low, high = cohort.tested[:, curves]
    if not axes[0].log10 or not np.isfinite(low).any():
        return found, place
    for edges in np.unique(np.array([low, high]), axis=1).T:
        here = np.flatnonzero((low == edges[0]) & (high == edges[1]))
        places = telling_places(float(edges[0]), float(edges[1]))
        values = fitted.values[:, curves[here]]
        strength = np.abs(law.equation.jacobian(places[:, None], values)[position])
        x = cohort.points.x if cohort.points.x.shape[1] == 1 else cohort.points.x[:, curves[here]]
        seen = np.abs(law.equation.jacobian(x, values)[position]).max(axis=0)
        best = places[np.argmax(strength, axis=0)]
        told = np.isfinite(strength).all(axis=0) & (seen < SEEN * strength.max(axis=0))
        where = np.where(
            best < edges[0], Missing.BELOW, np.where(best > edges[1], Missing.ABOVE, Missing.NEAR)
        )
        found[here] = np.where(told, where, Missing.NOWHERE)
        place[here] = np.where(told, np.clip(best, *edges), 0.0)
    if law.equation.names[position] == law.equation.location:
        open_low, open_high = np.isinf(fitted.low[row, curves]), np.isinf(fitted.high[row, curves])
        for only, code, edge in (
            (open_low & ~open_high, Missing.BELOW, low),
            (open_high & ~open_low, Missing.ABOVE, high),
        ):
            found[only], place[only] = code, edge[only]
    return found, place


def _as_printed(law: BatchLaw, limit: Array) -> Array:
    """Bounds with the three digits that are printed, so that equal sentences are written once."""
    logged = sentences.logged(law.equation)
    amount = 10.0**limit if logged else limit
    size = 10.0 ** (np.floor(np.log10(np.abs(amount))) - 2.0)
    rounded = np.where(np.isfinite(amount / size), np.round(amount / size) * size, amount)
    found: Array = np.log10(rounded) if logged else rounded
    return found


def _two_digits(values: Array) -> Array:
    """Values as they will be printed, so that equal sentences are written once."""
    with np.errstate(divide="ignore", invalid="ignore"):
        size = 10.0 ** (np.floor(np.log10(values)) - 1.0)
        rounded = np.round(values / size) * size
    return np.where(np.isfinite(rounded) & (values > 0), rounded, np.where(np.isnan(values), 1.0, values))
