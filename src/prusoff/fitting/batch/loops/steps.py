"""The next step of every curve that goes downhill, as `..descent` works it out, in tiles that stay in the cache."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ....core.equation import Array
from ..compiling import compiled
from .history import Past, draw_together
from .small import add_product, backward, dot, factor, forward, less_product, product
from .sums import Sums

TILE = 256  # curves that are worked on at a time
Flags = npt.NDArray[np.bool_]
Indices = npt.NDArray[np.intp]


class Ways(NamedTuple):
    """Positions of the solved and of the searched parameters, and the limits and the reach of the latter."""

    solved: Indices
    rows: Indices
    lower: Array
    upper: Array
    reach: Array


class State(NamedTuple):
    """Where the curves of a descent stand (parameter, curve) and what it remembers of each; changed in place."""

    table: Array
    damping: Array
    growth: Array
    polished: Indices
    done: Flags


class Plan(NamedTuple):
    """Where the next step begins, the plain step, where it leads, what it promises, and whether the end is near.

    `before` is what the last step promised.
    """

    place: Array
    step: Array
    trial: Array
    gain: Array
    near: Flags
    before: Array


class Bars(NamedTuple):
    """The gain at which a curve is done, and the constants of `..descent`."""

    tolerance: float
    near: float
    polishes: int
    undamped: float
    close: float
    stale: float
    far: float
    slow: float
    wild: float
    wilder: float


@compiled
def plan_steps(ways: Ways, sums: Sums, state: State, past: Past, plan: Plan, bars: Bars) -> None:
    """Work out the next step of every curve into `plan`; one that promises too little is done."""
    curves, size = sums.rest.size, ways.rows.size
    for first in range(0, curves, TILE):
        last = min(first + TILE, curves)
        place = rows_of(state.table, ways.rows, first, last)
        rest, pull = reduced(sums, ways.solved.size, first, last)
        step = damped_step(ways, (first, last), place, rest, pull, state.damping[first:last])
        gain = promised(step, rest, pull)
        for i in range(size):
            plan.place[i, first:last], plan.step[i, first:last] = place[i], step[i]
        moved = step.copy()
        close, slow = judged(sums, state, plan, gain, (first, last), bars)
        if past.depth > 0:
            draw_together(past, (first, last), place, rest, moved, (close, slow, bars.wild, bars.wilder))
        still(sums.drift[first:last], bars.far, moved, gain)
        plan.gain[first:last] = gain
        lead(ways, sums, (first, last), place, moved, plan.trial)


@compiled
def rows_of(table: Array, rows: Indices, first: int, last: int) -> Array:
    """Some rows of some neighbouring curves."""
    found = np.empty((rows.size, last - first))
    for i in range(rows.size):
        found[i] = table[rows[i], first:last]
    return found


@compiled
def reduced(sums: Sums, count: int, first: int, last: int) -> tuple[Array, Array]:
    """J'WJ and J'Wr of the searched parameters when the `count` solved ones follow."""
    size, width = sums.pull.shape[0] - count, last - first
    cross, rest = np.empty((count, size, width)), np.empty((size, size, width))
    for k in range(count):
        for i in range(size):
            row = cross[k, i]
            row[:] = sums.normal[k, count + i, first:last]
            for j in range(k):
                less_product(row, sums.lower[k, j, first:last], cross[j, i])
            inverse = sums.reciprocal[k, first:last]
            for c in range(width):
                row[c] *= inverse[c]
    for i in range(size):
        for j in range(size):
            row = rest[i, j]
            row[:] = sums.normal[count + i, count + j, first:last]
            for k in range(count):
                less_product(row, cross[k, i], cross[k, j])
    pull = np.empty((size, width))
    for i in range(size):
        pull[i] = sums.pull[count + i, first:last]
    return rest, pull


@compiled
def damped_step(
    ways: Ways, here: tuple[int, int], place: Array, rest: Array, pull: Array, damping: Array
) -> Array:
    """The damped step inside the limits, no longer than the reach."""
    first, last = here
    size, width = place.shape
    damped, held = rest.copy(), standing(ways, first, place, pull)
    for i in range(size):
        diagonal = damped[i, i]
        for c in range(width):
            diagonal[c] *= 1.0 + damping[c]
    step = solved_step(damped, held, pull)
    outward = False
    for i in range(size):
        low, high = ways.lower[i, first:last], ways.upper[i, first:last]
        for c in range(width):
            out = ((place[i, c] <= low[c]) & (step[i, c] < 0)) | ((place[i, c] >= high[c]) & (step[i, c] > 0))
            held[i, c] |= out
            outward |= out
    if outward:
        step = solved_step(damped, held, pull)
    shorten(step, ways.reach, first)
    return step


@compiled
def standing(ways: Ways, first: int, place: Array, pull: Array) -> Flags:
    """Which searched parameters of the curves from `first` on stand at a limit that they are pulled against."""
    size, width = place.shape
    held = np.empty((size, width), dtype=np.bool_)
    for i in range(size):
        low, high = ways.lower[i, first : first + width], ways.upper[i, first : first + width]
        for c in range(width):
            below, above = place[i, c] <= low[c], place[i, c] >= high[c]
            held[i, c] = (below & (pull[i, c] <= 0)) | (above & (pull[i, c] >= 0)) | (below & above)
    return held


@compiled
def solved_step(damped: Array, held: Flags, pull: Array) -> Array:
    """The step that the damped matrix makes of the pull; what is held stays."""
    lower, reciprocal, step = np.empty(damped.shape), np.empty(pull.shape), pull.copy()
    factor(damped, held, lower, reciprocal)
    forward(lower, reciprocal, step)
    backward(lower, reciprocal, step)
    return step


@compiled
def shorten(step: Array, reach: Array, first: int) -> None:
    """Make steps (searched, curve) no longer than the reach of the curves from `first` on, in place."""
    size, width = step.shape
    most = np.empty(width)
    for i in range(size):
        row, far = step[i], reach[i, first : first + width]
        for c in range(width):
            part = np.abs(row[c]) / far[c]
            most[c] = part if i == 0 else np.maximum(most[c], part)
    for i in range(size):
        row = step[i]
        for c in range(width):
            row[c] = row[c] / np.maximum(most[c], 1.0)


@compiled
def promised(step: Array, rest: Array, pull: Array) -> Array:
    """By how much a step lowers the sum of squares, as the slopes say."""
    gain = dot(step, pull)
    for c in range(gain.size):
        gain[c] = 2.0 * gain[c]
    for i in range(len(step)):
        less_product(gain, step[i], dot(rest[i], step))
    return gain


@compiled
def judged(
    sums: Sums, state: State, plan: Plan, gain: Array, here: tuple[int, int], bars: Bars
) -> tuple[Flags, Flags]:
    """Which curves are done or near the end; which are close enough for their history, and which creep."""
    first, last = here
    close, slow = np.empty(last - first, dtype=np.bool_), np.empty(last - first, dtype=np.bool_)
    rest, drift, before = sums.rest[first:last], sums.drift[first:last], plan.before[first:last]
    damping, polished, done = state.damping[first:last], state.polished[first:last], state.done[first:last]
    near = plan.near[first:last]
    for c in range(last - first):
        fresh = not drift[c] > bars.stale
        near[c] = fresh & (gain[c] <= bars.near * rest[c])
        little = fresh & (gain[c] <= bars.tolerance * rest[c])
        polished[c] += near[c]
        done[c] |= (little & (damping[c] < bars.undamped)) | (polished[c] >= bars.polishes)
        damping[c] = 0.0 if little else damping[c]
        close[c] = (gain[c] <= bars.close * rest[c]) & (damping[c] < bars.undamped)
        slow[c] = gain[c] > bars.slow * before[c]
    return close, slow


@compiled
def still(drift: Array, far: float, step: Array, gain: Array) -> None:
    """Curves whose slopes do not tell the way stay where they are."""
    for c in range(gain.size):
        gain[c] = 0.0 if drift[c] > far else gain[c]
        for i in range(len(step)):
            step[i, c] = 0.0 if drift[c] > far else step[i, c]


@compiled
def lead(ways: Ways, sums: Sums, here: tuple[int, int], place: Array, step: Array, trial: Array) -> None:
    """Write all parameters after a step into `trial`: the searched ones inside their limits, the solved ones follow."""
    first, last = here
    size, width = ways.rows.size, last - first
    for i in range(size):
        low, high = ways.lower[i, first:last], ways.upper[i, first:last]
        row = trial[ways.rows[i], first:last]
        for c in range(width):
            moved = np.minimum(np.maximum(place[i, c] + step[i, c], low[c]), high[c])
            row[c] = moved
            step[i, c] = moved - place[i, c]
    follow(ways, sums, here, step, trial)


@compiled
def follow(ways: Ways, sums: Sums, here: tuple[int, int], step: Array, trial: Array) -> None:
    """Move the solved parameters in `trial` as the slopes say they follow a step of the searched ones."""
    first, last = here
    size, count, width = ways.rows.size, ways.solved.size, last - first
    if count == 0:
        return
    drag, reciprocal = np.empty((count, width)), np.empty((count, width))
    lower = np.empty((count, count, width))
    for k in range(count):
        drag[k] = product(sums.normal[k, count, first:last], step[0])
        for i in range(1, size):
            add_product(drag[k], sums.normal[k, count + i, first:last], step[i])
        reciprocal[k] = sums.reciprocal[k, first:last]
        for j in range(k):
            lower[k, j] = sums.lower[k, j, first:last]
    forward(lower, reciprocal, drag)
    backward(lower, reciprocal, drag)
    for k in range(count):
        row = trial[ways.solved[k], first:last]
        for c in range(width):
            row[c] -= drag[k, c]


@compiled
def judge_steps(
    now: Sums, reached: Sums, state: State, plan: Plan, noise: Array, constants: tuple[float, float, float]
) -> Flags:
    """Which curves are better off where they were tried; more damping for the others (Nielsen 1999)."""
    curves = noise.size
    stale_from, rounding, exact = constants
    better = np.empty(curves, dtype=np.bool_)
    damping, growth, done, gain = state.damping, state.growth, state.done, plan.gain
    for c in range(curves):
        slack = rounding * np.sqrt(noise[c] / exact * now.rest[c]) if plan.near[c] else 0.0
        lower = reached.rest[c] <= now.rest[c] + slack
        stale = now.drift[c] > stale_from
        good = (not done[c]) & (lower | (stale & np.isfinite(reached.rest[c])))
        done[c] |= reached.rest[c] <= noise[c]
        better[c] = good
        moved = gain[c] > 0
        ratio = (now.rest[c] - reached.rest[c]) / np.maximum(gain[c], 1e-300)
        short = 2.0 * ratio - 1.0
        kept = 0.1 if ratio > 0.75 else np.maximum(1.0 / 3.0, 1.0 - short * short * short)
        raised = np.maximum(damping[c], 1e-6) * growth[c]
        eased = damping[c] * kept
        if moved:
            damping[c] = eased if good else raised
        growth[c] = 2.0 if good | (not moved) else 2.0 * growth[c]
    return better
