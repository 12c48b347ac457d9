"""Hands the arrays of the batch to the loops that do the same."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from ....core.equation import Array
from .. import descent as constants
from .. import walk as walking
from ..law import BatchLaw
from ..moments import EXACT, STALE, TINY, TRUSTED, Moments, Points, blocks, moments
from .history import Past
from .steps import Bars, Flags, Indices, Plan, State, Ways, judge_steps, plan_steps
from .sums import Sums, add_products, settle_solved, take_off
from .walks import Marks, Seen, Settling, keep, lead_on, see, settle_others

if TYPE_CHECKING:
    from ..descent import Descent
    from ..walk import Walk

    Settled = tuple[Array, Array, Array, Array]

EMPTY = np.empty((0, 0))  # a history that is not there
NONE = np.empty((0, 0))  # weights where every point counts the same


def add_up(law: BatchLaw, points: Points, table: Array) -> Moments:
    """As `moments` does."""
    size, curves, count = len(law.free), table.shape[1], len(law.solved)
    free, solved = positions(law.free), positions(law.solved)
    linear = positions(k for k, one in enumerate(law.equation.parameters) if one.linear)
    weight = NONE if points.weight is None else points.weight
    sums = Sums(
        np.empty((size, size, curves)),
        np.empty((size, curves)),
        np.empty(curves),
        np.zeros((count, count, curves)),
        np.zeros((count, curves)),
        np.zeros(curves),
    )
    settled = 0
    for here in blocks(curves):
        part, first = points.block(here), here.start
        slopes = law.equation.jacobian(part.x, table[:, here])
        if slopes.shape[1:] != part.y.shape:
            slopes = np.ascontiguousarray(np.broadcast_to(slopes, (len(slopes), *part.y.shape)))
        if law.additive:
            away = take_off(first, slopes, linear, points.y, table)
        else:
            away = np.subtract(part.y, law.equation.function(part.x, table[:, here]))
        add_products(first, slopes, free, weight, away, sums)
        if count:  # the next part may begin before this one ends, and must find the solved parameters where they were
            settle_solved(settled, first, solved, (points.noise, TRUSTED, TINY), table, sums)
            settled = max(first, settled)
    if count:
        settle_solved(settled, curves, solved, (points.noise, TRUSTED, TINY), table, sums)
    return Moments(*sums)


def look(descent: Descent, tolerance: float) -> None:
    """As `Descent.look` does."""
    past = [one for pair in descent.history[::-1] for one in pair] or [EMPTY] * 4
    place, step = (np.empty((len(descent.rows), descent.done.size)) for _ in range(2))
    trial, gain, near = (
        descent.table.copy(),
        np.empty(descent.done.size),
        np.empty(descent.done.size, dtype=bool),
    )
    plan_steps(
        ways_of(descent),
        Sums(*descent.now.arrays),
        state_of(descent),
        Past(len(descent.history), *past, *past[: 4 - len(past)]),
        Plan(place, step, trial, gain, near, descent.plan.gain),
        Bars(
            tolerance,
            constants.NEAR,
            constants.POLISHES,
            constants.UNDAMPED,
            constants.CLOSE,
            STALE,
            constants.FAR,
            constants.SLOW,
            constants.WILD,
            constants.WILDER,
        ),
    )
    descent.history = [*descent.history, (place, step)][-constants.DEPTH :]
    descent.plan = constants.Plan(trial, gain, near)


def judge(descent: Descent, reached: Moments) -> Flags:
    """As `Descent.judged` does."""
    plan = descent.plan
    return judge_steps(
        Sums(*descent.now.arrays),
        Sums(*reached.arrays),
        state_of(descent),
        Plan(EMPTY, EMPTY, plan.trial, plan.gain, plan.near, plan.gain),
        descent.points.noise,
        (STALE, constants.ROUNDING, EXACT),
    )


def settling(walk: Walk) -> Settled:
    """As `Walk._settling` does."""
    descent, lanes = walk.descent, walk.lanes.at.size
    others = len(descent.rows) - 1
    found = Settling(np.empty((others, lanes)), np.empty((others, lanes)), np.empty(lanes), np.empty(lanes))
    settle_others(ways_of(descent), Sums(*descent.now.arrays), descent.table, walk.lanes, found)
    return found


def seen(walk: Walk, gain: Array, slope: Array) -> tuple[Flags, Array]:
    """As `Walk._seen` does."""
    lanes, count = walk.lanes, walk.lanes.at.size
    flags = [np.empty(count, dtype=bool) for _ in range(3)]
    found = Seen(flags[0], flags[1], np.empty(count), np.empty(count), flags[2])
    marks = Marks(
        *(walk.last, STALE, walking.INNER, walking.SETTLED, walking.CLOSE, walking.FRESH, walking.KINK),
        *(walking.STILL, walking.WIDEN, walking.MARGIN, walking.ONWARD, walking.TINY),
    )
    see(Sums(*walk.descent.now.arrays), walk.lanes, Settling(EMPTY, EMPTY, gain, slope), found, marks)
    walk.limit[lanes.curve[found.found]] = found.limit[found.found]
    walk.kinked[lanes.curve[found.kinked]] = True
    return found.ended, found.ahead


def go(walk: Walk, change: Array, follow: Array, ahead: Array, gain: Array) -> None:
    """As `Walk._go` does."""
    descent = walk.descent
    now, sides, trial = Sums(*descent.now.arrays), walk.lanes, descent.table.copy()
    lead_on(ways_of(descent), now, trial, sides, Settling(change, follow, gain, gain), ahead)
    reached = moments(descent.law, descent.points, trial)
    bars = (
        *(walk.last, STALE, walking.ASTRAY, walking.LEAST, walking.WIDEN),
        *(constants.ROUNDING, EXACT, walking.TINY, walking.BRAKE, walking.FREE),
    )
    kept = keep(now, reached.rest, descent.points.noise, sides, (ahead, gain), bars)
    descent.take(trial, reached, kept)


def positions(chosen: Iterable[int]) -> Indices:
    """Positions of parameters as an array."""
    return np.array(list(chosen), dtype=np.intp)


def ways_of(descent: Descent) -> Ways:
    """Which parameters are solved and searched, and how far the latter may go."""
    limits = descent.limits
    return Ways(
        positions(descent.law.solved), positions(descent.rows), limits.lower, limits.upper, limits.reach
    )


def state_of(descent: Descent) -> State:
    """What the descent remembers."""
    return State(descent.table, descent.damping, descent.growth, descent.polished, descent.done)


def agree() -> bool:
    """Whether sums of products have the bits of NumPy's here; some machines fuse a product with the sum it goes to."""
    points, curves = 7, 19
    values = np.sin(np.arange(3.0 * points * curves)).reshape(3, points, curves)
    sums = Sums(*(np.zeros((*shape, curves)) for shape in ((2, 2), (2,), (), (0, 0), (0,), ())))
    add_products(0, values[:2].copy(), positions(range(2)), NONE, values[2].copy(), sums)
    expected = np.empty((2, 2, curves))
    for k in range(2):
        np.einsum("pc,lpc->lc", values[k], values[:2], out=expected[k])
    return bool(np.array_equal(sums.normal, expected))
