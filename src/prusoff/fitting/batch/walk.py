"""Walks one parameter of many curves away from its best value, until the data contradict it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ...core.equation import Array
from ..intervals import REACH
from .compiling import looping
from .descent import Descent, Limits, downhill
from .lanes import Lanes
from .law import BatchLaw
from .minima import Minima
from .moments import moments
from .small import factor, solve, total

STEPS = 150  # most evaluations for one side
CLOSE = 1e-4  # relative distance of the root from the quantile at which a limit is found
INNER = 0.3  # variances by which the others may still fall short while the limit is far
LAST = 1e-6  # and when it is found
MANY = 3  # searched parameters, the held one among them, above which there may be several valleys
LAST_OF_MANY = 1e-9  # where several others must settle: they creep along valleys, and promise too little
WIDEN = 4.0  # most by which a step outward grows
ASTRAY = 2.0  # goals above which a step outward has left the valley and is tried again, shorter
LEAST = 1e-3  # of the way so far, below which a step is no longer shortened
BRAKE, FREE = 0.1, 1e-4  # damping of the others after a failed step, and where it ends
SETTLED = 0.05  # damping of the others from which it is felt
FRESH = 1e-7  # part of what is left that the solved parameters may just have taken off where a limit is found
MARGIN = 1e-6  # of what is known of a root, by which a step stays inside
ONWARD = 1.0001  # least growth of a step outward
KINK = 0.04  # goals by which the rise may differ from what the slopes at both ends of a step say
VERIFIED = 1e-8  # gain, relative to the sum of squares, at which the verification of a limit stops
STILL = 1e-3  # of the goal, below which the rise is too small to tell where it leads
LOWER = 1e-6  # variances by which a sum of squares must fall below the minimum to be a lower one
TINY = 1e-300
Flags = npt.NDArray[np.bool_]


class Walk:
    """The state of a walk: one lane a side, those that have ended left behind.

    A lane takes one of two steps: the others settle where the parameter stands, or the parameter moves on and they
    follow.
    """

    def __init__(self, law: BatchLaw, minima: Minima, position: int, direction: Array) -> None:
        self.law, self.minima, self.position = law, minima, position
        count = minima.goal.size
        self.last = LAST if len(law.searched) <= MANY else LAST_OF_MANY
        self.better, self.lowest = np.zeros(count, dtype=bool), minima.table.copy()
        self.kinked = np.full(count, len(law.searched) > MANY)
        rows = list(law.searched)
        limits = Limits(
            minima.lower[rows].copy(), minima.upper[rows].copy(), law.reaches(minima.lower, minima.upper)
        )
        self.whole = whole = Descent(law, minima.points, limits, minima.table, minima.now)
        best = minima.table[position]
        self.limit = np.where(minima.variance <= 0, best, direction * np.inf)
        error, follow = self._tangent()
        end = np.where(direction < 0, minima.lower[position], minima.upper[position])
        room = np.minimum(np.abs(end - best), REACH * error)
        curves = np.flatnonzero((room > 0) & np.isfinite(error) & (minima.variance > 0))
        zero, far, rise = np.zeros(count), np.full(count, np.inf), 1.0 / error
        self.lanes = Lanes(
            *(np.arange(count), direction, best, minima.now.rest, minima.variance, minima.goal),
            *(room, minima.goal * error, zero, zero, far, far, zero),
            *(zero, zero, rise, zero, zero, rise),
        ).narrowed(curves)
        self.descent = whole.narrowed(curves)
        still = np.zeros((len(follow), curves.size))
        start = np.minimum(self.lanes.first, self.lanes.room)
        self._go(still, follow.take(curves, axis=1), start, np.zeros(curves.size))

    def run(self) -> tuple[Array, Flags, Flags, Array]:
        """Step until every side has its limit or is open; what becomes a `Side`."""
        for _ in range(STEPS):
            if not self.lanes.curve.size:
                break
            self._step()
        unfinished = np.zeros(self.limit.size, dtype=bool)
        unfinished[self.lanes.curve] = True
        unfinished |= self._doubtful()
        return self.limit, unfinished, self.better, self.lowest

    def _doubtful(self) -> Flags:
        """Limits that lie below the goal when the others start from the best fit: a walk may have left the valley.

        Asked where the root of the rise did not grow as its slopes say, and where several others follow.
        """
        doubtful = np.zeros(self.limit.size, dtype=bool)
        curves = np.flatnonzero(np.isfinite(self.limit) & (self.minima.variance > 0) & self.kinked)
        if not curves.size:
            return doubtful
        start, minima = self.whole.narrowed(curves), self.minima.at(curves)
        limit, limits = self.limit[curves], start.limits
        table, step = start.table.copy(), np.zeros((len(start.rows), curves.size))
        step[-1] = limit - table[self.position]
        table[self.position] = limit
        start.follow(table, step)
        limits.lower[-1] = limits.upper[-1] = limit
        descent = downhill(Descent(self.law, start.points, limits, table), VERIFIED, STEPS)
        rise = np.maximum(descent.sums - minima.now.rest, 0.0) / minima.variance
        doubtful[curves] = np.sqrt(rise) < (1.0 - CLOSE) * minima.goal
        return doubtful

    def _tangent(self) -> tuple[Array, Array]:
        """The standard error, and how the searched others follow a step of one: (searched - 1, curve)."""
        rest, _, _ = self.whole.reduced(self.whole.table[self.whole.rows])
        size = len(rest) - 1
        follow = -solve(*factor(rest[:size, :size]), rest[:size, size])
        bend = rest[size, size] + total(rest[size, :size] * follow)
        flat = bend <= 1e-13 * rest[size, size]
        error = np.sqrt(self.minima.variance / np.where(flat, rest[size, size], bend))
        return error, np.where(flat, 0.0, follow)

    def _step(self) -> None:
        """One evaluation for every lane."""
        change, follow, gain, slope = self._settling()
        self._remember()
        ended, ahead = self._seen(gain, slope)
        stale = self.descent.now.stale
        change = np.where(stale, 0.0, change)
        reach = self.descent.limits.reach[: len(change)]
        change /= np.maximum((np.abs(change) / reach).max(axis=0, initial=0.0), 1.0)
        gain = np.where(stale, 0.0, gain)
        if ended.any():
            keep = np.flatnonzero(~ended)
            self.descent, self.lanes = self.descent.narrowed(keep), self.lanes.narrowed(keep)
            change, follow = change.take(keep, axis=1), follow.take(keep, axis=1)
            ahead, gain = ahead[keep], gain[keep]
        self._go(change, follow, ahead, gain)

    def _settling(self) -> tuple[Array, Array, Array, Array]:
        """The step in which the others settle, how they follow the parameter, what the step promises, and the slope of
        the sum of squares along the way when they have settled.
        """
        if looping():
            from .loops import calls

            return calls.settling(self)
        descent, lanes, size = self.descent, self.lanes, len(self.law.searched) - 1
        rest, pull, held = descent.reduced(descent.table[descent.rows])
        damped, pull_others = rest[:size, :size].copy(), np.where(held[:size], 0.0, pull[:size])
        damped[range(size), range(size)] *= 1.0 + lanes.damping
        factored = factor(damped, held[:size])
        change, follow = solve(*factored, pull_others), -solve(*factored, rest[:size, size])
        gain = 2.0 * total(change * pull_others)
        for row in range(size):
            gain -= change[row] * total(rest[row, :size] * change)
        slope = lanes.direction * (pull[size] - total(rest[size, :size] * change))
        return change, follow, gain, slope

    def _seen(self, gain: Array, slope: Array) -> tuple[Flags, Array]:
        """What the evaluation says: which lanes have come to an end, and where the others stand next."""
        if looping():
            from .loops import calls

            return calls.seen(self, gain, slope)
        descent, lanes, last = self.descent, self.lanes, self.last
        variance, goal, at = lanes.variance, lanes.goal, lanes.at
        z = np.sqrt(np.maximum(descent.sums - gain - lanes.floor, 0.0) / variance)
        short = gain / variance
        sure = (short <= last) | (np.abs(z - goal) * goal > short)
        settled = (short <= INNER) & (lanes.damping < SETTLED) & ~descent.now.stale & sure
        near = np.abs(z - goal) <= CLOSE * goal
        final = settled & (short <= last) & (descent.now.drift <= FRESH)
        found = near & final
        rises = -slope / (variance * np.maximum(z, TINY))
        self._mark(settled, z, rises)
        newton = (goal - z) / rises
        target = at + self._root(z, rises, newton)
        inside, outside = settled & (z <= goal), settled & (z > goal)
        lanes.inner[:] = np.where(inside, np.maximum(lanes.inner, at), lanes.inner)
        lanes.outer[:] = np.where(
            inside & (lanes.outer <= at), np.inf, lanes.outer
        )  # they had not settled yet
        lanes.outer[:] = np.where(outside, np.minimum(lanes.outer, at), lanes.outer)
        closed = np.isfinite(lanes.outer) & (lanes.outer - lanes.inner <= 1e-9 * lanes.outer)
        opened = final & (z <= goal) & (at >= lanes.room)
        there = np.where(found, at + np.where(rises > 0, newton, 0.0), lanes.outer)
        here = (found | closed) & ~opened
        limit = lanes.best + lanes.direction * np.minimum(there, lanes.room)
        self.limit[lanes.curve[here]] = limit[here]
        stays = ~settled | near | ((z <= goal) & (at >= lanes.room))
        known = (rises > 0) & (z > STILL * goal)
        ahead = np.where(stays, at, self._ahead(np.where(known, target, np.nan)))
        return found | closed | opened, ahead

    def _mark(self, settled: Flags, z: Array, rises: Array) -> None:
        """Remember where the others had settled; a root that did not grow as the slopes at both ends say is a kink."""
        lanes = self.lanes
        moved = settled & (lanes.at != lanes.mark)
        told = 0.5 * (lanes.mark_rise + rises) * (lanes.at - lanes.mark)
        kinked = moved & ~(np.abs(z - lanes.mark_z - told) <= KINK * lanes.goal)
        self.kinked[lanes.curve[kinked]] = True
        lanes.old[:] = np.where(moved, lanes.mark, lanes.old)
        lanes.old_z[:] = np.where(moved, lanes.mark_z, lanes.old_z)
        lanes.old_rise[:] = np.where(moved, lanes.mark_rise, lanes.old_rise)
        lanes.mark[:] = np.where(settled, lanes.at, lanes.mark)
        lanes.mark_z[:] = np.where(settled, z, lanes.mark_z)
        lanes.mark_rise[:] = np.where(settled, rises, lanes.mark_rise)

    def _root(self, z: Array, rises: Array, newton: Array) -> Array:
        """How far ahead the root of the rise reaches the goal: on the cubic through the last two places, with their
        slopes, or where `newton`'s step along the slope leads.
        """
        lanes = self.lanes
        apart = z - lanes.old_z
        part = (lanes.goal - z) / apart
        here, there, way = apart / rises, apart / lanes.old_rise, lanes.at - lanes.old
        square, cube = 2.0 * here + there - 3.0 * way, here + there - 2.0 * way
        bend = here + part * (2.0 * square + 3.0 * part * cube)
        cubic = part * (here + part * (square + part * cube))
        told = (np.abs(part) <= 1.0) & (rises > 0) & (lanes.old_rise > 0) & (bend / apart > 0)
        found: Array = np.where(told, cubic, newton)
        return found

    def _ahead(self, target: Array) -> Array:
        """Where to stand next: the root, kept inside what is known; a wider step where there is none."""
        lanes = self.lanes
        bracketed = np.isfinite(lanes.outer)
        width = np.where(bracketed, lanes.outer - lanes.inner, 0.0)
        widest = np.minimum(np.maximum(WIDEN * lanes.at, lanes.first), lanes.room)
        farthest = np.where(bracketed, lanes.outer - MARGIN * width, widest)
        nearest = np.where(
            bracketed, lanes.inner + MARGIN * width, np.minimum(ONWARD * lanes.inner, farthest)
        )
        middle = np.where(bracketed, lanes.inner + 0.5 * width, farthest)
        target = np.where(np.isfinite(target), np.clip(target, nearest, farthest), middle)
        found: Array = np.clip(target, lanes.at - lanes.cap, lanes.at + lanes.cap)
        return found

    def _go(self, change: Array, follow: Array, at: Array, gain: Array) -> None:
        """Move every lane to its next place; one that was only to settle stays if its sum of squares would grow."""
        if looping():
            from .loops import calls

            calls.go(self, change, follow, at, gain)
            return
        descent, lanes, size = self.descent, self.lanes, len(self.law.searched) - 1
        place, far = descent.table[descent.rows], lanes.direction * (at - lanes.at)
        step = np.empty_like(place)
        low, high = descent.limits.lower[:size], descent.limits.upper[:size]
        step[:size] = np.clip(place[:size] + (change + far * follow), low, high) - place[:size]
        step[size] = lanes.best + lanes.direction * at - place[size]
        trial = descent.table.copy()
        trial[descent.rows] = place + step
        descent.follow(trial, step)
        reached = moments(self.law, descent.points, trial)
        descent.take(trial, reached, self._kept(reached.rest, at, np.abs(far), gain))

    def _kept(self, rest: Array, at: Array, far: Array, gain: Array) -> Flags:
        """Which lanes keep the step that led to these sums of squares; how far the next may lead, and its damping."""
        descent, lanes = self.descent, self.lanes
        moves, before = at != lanes.at, descent.sums
        ceiling = lanes.floor + lanes.variance * (ASTRAY * lanes.goal) ** 2
        astray = ~(rest <= np.maximum(ceiling, before)) & (far > LEAST * lanes.at)
        lower = (rest <= before + descent.rounding) | descent.now.stale
        kept: Flags = np.isfinite(rest) & np.where(moves, ~astray, lower)
        lanes.cap[:] = np.where(moves, np.where(kept, WIDEN * lanes.cap, far / WIDEN), lanes.cap)
        damped = self._damped(before - rest, gain, kept & ~moves)
        lanes.damping[:] = np.where(moves & kept, 0.0, damped)
        lanes.at[:] = np.where(kept, at, lanes.at)
        return kept

    def _damped(self, gained: Array, promised: Array, kept: Flags) -> Array:
        """The damping after a step of the others: less where it kept its promise, more where it did not."""
        damping = self.lanes.damping
        little = promised <= self.last * self.lanes.variance
        ratio = np.clip(gained / np.maximum(promised, TINY), 0.0, 1.0)
        short = 2.0 * ratio - 1.0
        braked = np.maximum(damping, BRAKE) * (1.0 - short * short * short)
        eased = np.where(little | (ratio > 0.75), 0.1 * damping, braked)
        damped = np.where(kept | little, eased, np.maximum(4.0 * damping, BRAKE))
        found: Array = np.where(damped < FREE, 0.0, damped)
        return found

    def _remember(self) -> None:
        """Keep the places that are lower than the minimum from which the walk began."""
        lanes = self.lanes
        lower = self.descent.sums < lanes.floor - LOWER * lanes.variance
        if lower.any():
            self.better[lanes.curve[lower]] = True
            self.lowest[:, lanes.curve[lower]] = self.descent.table[:, lower]
