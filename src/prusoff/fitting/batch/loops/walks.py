"""The steps of a walk along a profile, as `..walk` takes them, side by side."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ....core.equation import Array
from ..compiling import compiled
from ..lanes import Lanes
from .small import backward, dot, factor, forward, less_product
from .steps import TILE, Flags, Ways, follow, reduced, rows_of, standing
from .sums import Sums


class Settling(NamedTuple):
    """The step in which the others settle, how they follow (others, lane), what the step promises, and the slope."""

    change: Array
    follow: Array
    gain: Array
    slope: Array


class Seen(NamedTuple):
    """Which lanes have ended, which with a limit, the limits, where the others stand next, which have a kink."""

    ended: Flags
    found: Flags
    limit: Array
    ahead: Array
    kinked: Flags


class Marks(NamedTuple):
    """The constants of `..walk`."""

    last: float
    stale: float
    inner: float
    settled: float
    close: float
    fresh: float
    kink: float
    still: float
    widen: float
    margin: float
    onward: float
    tiny: float


@compiled
def settle_others(ways: Ways, sums: Sums, table: Array, sides: Lanes, found: Settling) -> None:
    """The steps in which the others settle, into `found`."""
    lanes, others = sums.rest.size, ways.rows.size - 1
    for first in range(0, lanes, TILE):
        last = min(first + TILE, lanes)
        width = last - first
        rest, pull = reduced(sums, ways.solved.size, first, last)
        held = standing(ways, first, rows_of(table, ways.rows, first, last), pull)
        damped, change, way = (
            np.empty((others, others, width)),
            np.empty((others, width)),
            np.empty((others, width)),
        )
        for i in range(others):
            for j in range(others):
                damped[i, j] = rest[i, j]
            for c in range(width):
                damped[i, i, c] *= 1.0 + sides.damping[first + c]
                change[i, c] = 0.0 if held[i, c] else pull[i, c]
            way[i] = rest[i, others]
        pulled = change.copy()
        lower, reciprocal = np.empty((others, others, width)), np.empty((others, width))
        factor(damped, held, lower, reciprocal)
        for right in (change, way):
            forward(lower, reciprocal, right)
            backward(lower, reciprocal, right)
        gain, drag = np.zeros(width), np.zeros(width)
        if others > 0:
            gain, drag = dot(change, pulled), dot(rest[others], change)
        for c in range(width):
            gain[c] = 2.0 * gain[c]
        for i in range(others):
            less_product(gain, change[i], dot(rest[i], change))
        write_settling(first, sides.direction[first:last], pull[others], (change, way, gain, drag), found)


@compiled
def write_settling(
    first: int, direction: Array, pull: Array, tile: tuple[Array, Array, Array, Array], found: Settling
) -> None:
    """Keep what a tile that begins at `first` has found."""
    change, way, gain, drag = tile
    width = gain.size
    for i in range(len(change)):
        found.change[i, first : first + width] = change[i]
        row = found.follow[i, first : first + width]
        for c in range(width):
            row[c] = -way[i, c]
    found.gain[first : first + width] = gain
    for c in range(width):
        found.slope[first + c] = direction[c] * (pull[c] - drag[c])


@compiled
def see(sums: Sums, sides: Lanes, settling: Settling, seen: Seen, marks: Marks) -> None:
    """What an evaluation says of every lane, into `seen`."""
    for c in range(sides.at.size):
        variance, goal, at = sides.variance[c], sides.goal[c], sides.at[c]
        gain = settling.gain[c]
        z = np.sqrt(np.maximum(sums.rest[c] - gain - sides.floor[c], 0.0) / variance)
        short = gain / variance
        sure = (short <= marks.last) | (np.abs(z - goal) * goal > short)
        settled = (
            (short <= marks.inner)
            & (sides.damping[c] < marks.settled)
            & (not sums.drift[c] > marks.stale)
            & sure
        )
        near = np.abs(z - goal) <= marks.close * goal
        final = settled & (short <= marks.last) & (sums.drift[c] <= marks.fresh)
        rises = -settling.slope[c] / (variance * np.maximum(z, marks.tiny))
        seen.kinked[c] = False
        if settled:
            seen.kinked[c] = mark(sides, c, z, rises, marks.kink)
        newton = (goal - z) / rises
        target = at + root(sides, c, z, rises, newton)
        if settled and z <= goal:
            sides.inner[c] = np.maximum(sides.inner[c], at)
            sides.outer[c] = np.inf if sides.outer[c] <= at else sides.outer[c]
        if settled and z > goal:
            sides.outer[c] = np.minimum(sides.outer[c], at)
        end(
            sides,
            seen,
            c,
            near & final,
            final & (z <= goal) & (at >= sides.room[c]),
            at + newton if rises > 0 else at,
        )
        stays = (not settled) | near | ((z <= goal) & (at >= sides.room[c]))
        known = (rises > 0) & (z > marks.still * goal)
        seen.ahead[c] = at if stays else aim(sides, c, target if known else np.nan, marks)


@compiled
def mark(sides: Lanes, c: int, z: float, rises: float, kink: float) -> bool:
    """Remember where a lane's others had settled; whether the root did not grow as the slopes at both ends say."""
    kinked = False
    if sides.at[c] != sides.mark[c]:
        told = 0.5 * (sides.mark_rise[c] + rises) * (sides.at[c] - sides.mark[c])
        kinked = not np.abs(z - sides.mark_z[c] - told) <= kink * sides.goal[c]
        sides.old[c], sides.old_z[c], sides.old_rise[c] = sides.mark[c], sides.mark_z[c], sides.mark_rise[c]
    sides.mark[c], sides.mark_z[c], sides.mark_rise[c] = sides.at[c], z, rises
    return kinked


@compiled
def root(sides: Lanes, c: int, z: float, rises: float, newton: float) -> float:
    """How far ahead the root of the rise reaches the goal, from the last two places or along the slope."""
    apart = z - sides.old_z[c]
    part = (sides.goal[c] - z) / apart
    here, there, way = apart / rises, apart / sides.old_rise[c], sides.at[c] - sides.old[c]
    square, cube = 2.0 * here + there - 3.0 * way, here + there - 2.0 * way
    bend = here + part * (2.0 * square + 3.0 * part * cube)
    cubic = part * (here + part * (square + part * cube))
    told = (np.abs(part) <= 1.0) & (rises > 0) & (sides.old_rise[c] > 0) & (bend / apart > 0)
    return cubic if told else newton


@compiled
def end(sides: Lanes, seen: Seen, c: int, found: bool, opened: bool, there: float) -> None:
    """Whether a lane has come to an end, and its limit."""
    outer = sides.outer[c]
    closed = np.isfinite(outer) & (outer - sides.inner[c] <= 1e-9 * outer)
    seen.ended[c] = found | closed | opened
    seen.found[c] = (found | closed) & (not opened)
    seen.limit[c] = sides.best[c] + sides.direction[c] * np.minimum(there if found else outer, sides.room[c])


@compiled
def aim(sides: Lanes, c: int, target: float, marks: Marks) -> float:
    """Where a lane stands next: the root, kept inside what is known; a wider step where there is none."""
    at, inner, outer = sides.at[c], sides.inner[c], sides.outer[c]
    bracketed = np.isfinite(outer)
    width = outer - inner if bracketed else 0.0
    widest = np.minimum(np.maximum(marks.widen * at, sides.first[c]), sides.room[c])
    farthest = outer - marks.margin * width if bracketed else widest
    nearest = inner + marks.margin * width if bracketed else np.minimum(marks.onward * inner, farthest)
    middle = inner + 0.5 * width if bracketed else farthest
    target = np.minimum(np.maximum(target, nearest), farthest) if np.isfinite(target) else middle
    return float(np.minimum(np.maximum(target, at - sides.cap[c]), at + sides.cap[c]))


@compiled
def lead_on(ways: Ways, sums: Sums, trial: Array, sides: Lanes, settling: Settling, ahead: Array) -> None:
    """Write all parameters at the next places into `trial`, which holds those of now."""
    lanes, others = ahead.size, ways.rows.size - 1
    for first in range(0, lanes, TILE):
        last = min(first + TILE, lanes)
        step = np.empty((others + 1, last - first))
        for i in range(others):
            low, high = ways.lower[i, first:last], ways.upper[i, first:last]
            row, change, way = (
                trial[ways.rows[i], first:last],
                settling.change[i, first:last],
                settling.follow[i, first:last],
            )
            for c in range(last - first):
                far = sides.direction[first + c] * (ahead[first + c] - sides.at[first + c])
                moved = np.minimum(np.maximum(row[c] + (change[c] + far * way[c]), low[c]), high[c])
                step[i, c] = moved - row[c]
                row[c] = row[c] + step[i, c]
        row = trial[ways.rows[others], first:last]
        for c in range(last - first):
            step[others, c] = sides.best[first + c] + sides.direction[first + c] * ahead[first + c] - row[c]
            row[c] = row[c] + step[others, c]
        follow(ways, sums, (first, last), step, trial)


@compiled
def keep(
    now: Sums, rest: Array, noise: Array, sides: Lanes, asked: tuple[Array, Array], bars: tuple[float, ...]
) -> Flags:
    """Which lanes keep the step that led to these sums of squares; how far the next may lead, and its damping."""
    ahead, gain = asked
    last, stale, astray_from, least, widen, rounding, exact, tiny, brake, free = bars
    kept = np.empty(rest.size, dtype=np.bool_)
    for c in range(rest.size):
        at, before, variance = sides.at[c], now.rest[c], sides.variance[c]
        moves, far = ahead[c] != at, np.abs(sides.direction[c] * (ahead[c] - at))
        reach = astray_from * sides.goal[c]
        ceiling = sides.floor[c] + variance * (reach * reach)
        astray = (not rest[c] <= np.maximum(ceiling, before)) & (far > least * at)
        slack = rounding * np.sqrt(noise[c] / exact * before)
        lower = (rest[c] <= before + slack) | (now.drift[c] > stale)
        good = np.isfinite(rest[c]) & ((not astray) if moves else lower)
        kept[c] = good
        if moves:
            sides.cap[c] = widen * sides.cap[c] if good else far / widen
        damping = 0.0
        if not (moves and good):
            damping = damped(
                before - rest[c],
                gain[c],
                sides.damping[c],
                good and not moves,
                (last * variance, tiny, brake),
            )
            damping = 0.0 if damping < free else damping
        sides.damping[c] = damping
        sides.at[c] = ahead[c] if good else at
    return kept


@compiled
def damped(
    gained: float, promised: float, damping: float, kept: bool, bars: tuple[float, float, float]
) -> float:
    """The damping after a step of the others: less where it kept its promise, more where it did not."""
    small, tiny, brake = bars
    little = promised <= small
    ratio = np.minimum(np.maximum(gained / np.maximum(promised, tiny), 0.0), 1.0)
    short = 2.0 * ratio - 1.0
    if not (kept or little):
        return float(np.maximum(4.0 * damping, brake))
    if little or ratio > 0.75:
        return 0.1 * damping
    return float(np.maximum(damping, brake) * (1.0 - short * short * short))
