"""Profile limits of many curves: how far a parameter can go before the data contradict it, the others following."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ...core.equation import Array
from ..intervals import REACH
from .descent import Descent, Limits, downhill
from .law import BatchLaw
from .moments import Points, moments
from .small import factor, solve

TOGETHER = 4096  # curves that walk at a time, so that their tables stay in the cache
STEPS = 150  # most evaluations for one side
CLOSE = 1e-4  # relative distance of the root from the quantile at which a limit is found
INNER = 0.3  # variances by which the others may still fall short while the limit is far
LAST = 1e-6  # and when it is found
MANY = 3  # searched parameters, the held one among them, above which there may be several valleys
LAST_OF_MANY = 1e-9  # where several others must settle: they creep along valleys, and promise too little
WIDEN = 4.0  # most by which a step outward grows
ASTRAY = 2.0  # goals above which a step outward has left the valley and is tried again, shorter
LEAST = 1e-3  # of the way so far, below which a step is no longer shortened
BRAKE, FREE, SETTLED = (
    0.1,
    1e-4,
    0.05,
)  # damping of the others after a failed step, where it ends, where it is felt
FRESH = 1e-7  # part of what is left that the solved parameters may just have taken off where a limit is found
BENT = 0.05  # part by which a limit may miss the one that the standard error gives before it is verified
VERIFIED = 1e-8  # gain, relative to the sum of squares, at which its verification stops
STILL = 1e-3  # of the goal, below which the rise is too small to tell where it leads
LOWER = 1e-6  # variances by which a sum of squares must fall below the minimum to be a lower one
Flags = npt.NDArray[np.bool_]
Indices = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Minima:
    """Where the fits ended: parameters (parameter, curve), sums of squares of the means, and their variance (curve,).

    `goal` (curve,) is by how much, in standard errors, the sum of squares may grow; `lower` and `upper` (parameter,
    curve) are the limits of all parameters. Sums, variance and points are on one scale.
    """

    points: Points
    table: Array
    rest: Array
    variance: Array
    goal: Array
    lower: Array
    upper: Array

    def at(self, curves: Indices) -> Minima:
        """Those of some of the curves."""
        return Minima(
            self.points.at(curves),
            self.table.take(curves, axis=1),
            *(one[curves] for one in (self.rest, self.variance, self.goal)),
            *(one.take(curves, axis=1) for one in (self.lower, self.upper)),
        )


@dataclass(frozen=True)
class Side:
    """Limits of one parameter on one side (infinite where open), the curves that did not come to an end, and lower
    minima that were met on the way: parameters (parameter, curve) where `better`.
    """

    limit: Array
    unfinished: Flags
    better: Flags
    table: Array

    @classmethod
    def joined(cls, parts: Sequence[Side]) -> Side:
        """The same side of the curves of several walks."""
        return cls(
            np.concatenate([part.limit for part in parts]),
            np.concatenate([part.unfinished for part in parts]),
            np.concatenate([part.better for part in parts]),
            np.concatenate([part.table for part in parts], axis=1),
        )

    def at(self, here: slice) -> Side:
        """Neighbouring curves."""
        return Side(self.limit[here], self.unfinished[here], self.better[here], self.table[:, here])


def sides(law: BatchLaw, minima: Minima, position: int) -> tuple[Side, Side]:
    """Walk one parameter of every curve both ways from its best value to where the profile reaches the goal."""
    law, count, parts = law.with_last(position), minima.rest.size, []
    for first in range(0, count, TOGETHER):
        here = np.arange(first, min(first + TOGETHER, count))
        direction = np.repeat([-1.0, 1.0], here.size)
        walked = _Walk(law, minima.at(np.tile(here, 2)), position, direction).run()
        parts.append((walked.at(slice(0, here.size)), walked.at(slice(here.size, 2 * here.size))))
    below, above = zip(*parts, strict=True)
    return Side.joined(below), Side.joined(above)


class _Walk:
    """The state of a walk: one lane a curve, those that have ended left behind.

    A lane stands `at` so far from its best value, knows a place `inner` below the goal and one `outer` above it, and
    takes one of two steps: the others settle where the parameter stands, or the parameter moves on and they follow.
    """

    def __init__(self, law: BatchLaw, minima: Minima, position: int, direction: Array) -> None:
        self.law, self.minima, self.position, self.direction = law, minima, position, direction
        count = minima.rest.size
        self.limit = np.full(count, direction * np.inf)
        self.last = LAST if len(law.searched) <= MANY else LAST_OF_MANY
        self.better, self.lowest = np.zeros(count, dtype=bool), minima.table.copy()
        rows = list(law.searched)
        limits = Limits(
            minima.lower[rows].copy(), minima.upper[rows].copy(), law.reaches(minima.lower, minima.upper)
        )
        whole = Descent(law, minima.points, limits, minima.table)
        best = minima.table[position]
        self.limit[minima.variance <= 0] = best[minima.variance <= 0]
        error, follow = self._tangent(whole)
        end = np.where(direction < 0, minima.lower[position], minima.upper[position])
        room = np.minimum(np.abs(end - best), REACH * error)
        self.lanes = np.flatnonzero((room > 0) & np.isfinite(error) & (minima.variance > 0))
        self.descent = whole.narrowed(self.lanes)
        self.expected = minima.goal * error
        self.room, self.first = room[self.lanes], self.expected[self.lanes]
        self.at, self.inner, self.damping = (np.zeros(self.lanes.size) for _ in range(3))
        self.outer, self.cap = (np.full(self.lanes.size, np.inf) for _ in range(2))
        still = np.zeros((len(follow), self.lanes.size))
        self._go(still, follow[:, self.lanes], np.minimum(self.first, self.room), np.zeros(self.lanes.size))

    def run(self) -> Side:
        """Step until every side has its limit or is open."""
        for _ in range(STEPS):
            if not self.lanes.size:
                break
            self._step()
        unfinished = np.zeros(self.limit.size, dtype=bool)
        unfinished[self.lanes] = True
        unfinished |= self._doubtful()
        return Side(self.limit, unfinished, self.better, self.lowest)

    def _doubtful(self) -> Flags:
        """Limits that lie below the goal when the others start from the best fit: a walk may have left the valley.

        Asked where the profile is no parabola, and where several others follow.
        """
        doubtful = np.zeros(self.limit.size, dtype=bool)
        way = np.abs(self.limit - self.minima.table[self.position])
        asked = (np.abs(way / self.expected - 1.0) > BENT) | (len(self.law.searched) > MANY)
        curves = np.flatnonzero(np.isfinite(self.limit) & (self.minima.variance > 0) & asked)
        if not curves.size:
            return doubtful
        minima = self.minima.at(curves)
        table, rows = minima.table.copy(), list(self.law.searched)
        table[self.position] = self.limit[curves]
        lower, upper = minima.lower[rows].copy(), minima.upper[rows].copy()
        lower[-1] = upper[-1] = self.limit[curves]
        limits = Limits(lower, upper, self.law.reaches(minima.lower, minima.upper))
        descent = downhill(Descent(self.law, minima.points, limits, table), VERIFIED, STEPS)
        rise = np.maximum(descent.sums - minima.rest, 0.0) / minima.variance
        doubtful[curves] = np.sqrt(rise) < (1.0 - CLOSE) * minima.goal
        return doubtful

    def _tangent(self, whole: Descent) -> tuple[Array, Array]:
        """The standard error, and how the searched others follow a step of one: (searched - 1, curve)."""
        rest, _, _ = whole.reduced(whole.table[whole.rows])
        size = len(rest) - 1
        follow = -solve(*factor(rest[:size, :size]), rest[:size, size])
        bend = rest[size, size] + (rest[size, :size] * follow).sum(axis=0)
        flat = bend <= 1e-13 * rest[size, size]
        error = np.sqrt(self.minima.variance / np.where(flat, rest[size, size], bend))
        return error, np.where(flat, 0.0, follow)

    def _step(self) -> None:
        """One evaluation for every lane."""
        descent, lanes, size = self.descent, self.lanes, len(self.law.searched) - 1
        variance, goal = self.minima.variance[lanes], self.minima.goal[lanes]
        rest, pull, held = descent.reduced(descent.table[descent.rows])
        damped, pull_others = rest[:size, :size].copy(), np.where(held[:size], 0.0, pull[:size])
        damped[range(size), range(size)] *= 1.0 + self.damping
        factored = factor(damped, held[:size])
        change, follow = solve(*factored, pull_others), -solve(*factored, rest[:size, size])
        gain = 2.0 * (change * pull_others).sum(axis=0)
        for row in range(size):
            gain -= change[row] * (rest[row, :size] * change).sum(axis=0)
        slope = self.direction[lanes] * (pull[size] - (rest[size, :size] * change).sum(axis=0))
        sums = descent.sums - gain
        self._remember(lanes)
        z = np.sqrt(np.maximum(sums - self.minima.rest[lanes], 0.0) / variance)
        short = gain / variance
        stale = descent.now.stale
        sure = (short <= self.last) | (np.abs(z - goal) * goal > short)
        settled = (short <= INNER) & (self.damping < SETTLED) & ~stale & sure
        near = np.abs(z - goal) <= CLOSE * goal
        found = near & (short <= self.last) & settled & (descent.now.drift <= FRESH)
        self.inner = np.where(settled & (z <= goal), np.maximum(self.inner, self.at), self.inner)
        self.outer = np.where(settled & (z > goal), np.minimum(self.outer, self.at), self.outer)
        closed = np.isfinite(self.outer) & (self.outer - self.inner <= 1e-9 * self.outer)
        opened = (
            settled
            & (short <= self.last)
            & (descent.now.drift <= FRESH)
            & (z <= goal)
            & (self.at >= self.room)
        )
        rises = -slope / (variance * np.maximum(z, 1e-300))
        there = np.where(found, self.at + np.where(rises > 0, (goal - z) / rises, 0.0), self.outer)
        ended = found | closed | opened
        here = ended & ~opened
        best = self.minima.table[self.position][lanes]
        self.limit[lanes[here]] = (best + self.direction[lanes] * np.minimum(there, self.room))[here]
        ahead = self._ahead(z, rises, goal)
        stays = ~settled | near | ((z <= goal) & (self.at >= self.room))
        self._leave(~ended)
        go = ~ended
        change = np.where(stale, 0.0, change)
        change /= np.maximum((np.abs(change) / descent.limits.reach[:size]).max(axis=0, initial=0.0), 1.0)
        self._go(
            change[:, go],
            follow[:, go],
            np.where(stays, self.at_before, ahead)[go],
            np.where(stale, 0.0, gain)[go],
        )

    def _ahead(self, z: Array, rises: Array, goal: Array) -> Array:
        """Where to stand next: Newton's step of the root of the scaled rise, kept inside what is known."""
        self.at_before = self.at
        bracketed = np.isfinite(self.outer)
        width = np.where(bracketed, self.outer - self.inner, 0.0)
        farthest = np.where(
            bracketed,
            self.outer - 1e-3 * width,
            np.minimum(np.maximum(WIDEN * self.at, self.first), self.room),
        )
        nearest = np.where(bracketed, self.inner + 1e-3 * width, np.minimum(1.05 * self.inner, farthest))
        middle = np.where(bracketed, self.inner + 0.5 * width, farthest)
        target = self.at + np.where((rises > 0) & (z > STILL * goal), (goal - z) / rises, np.nan)
        target = np.where(np.isfinite(target), np.clip(target, nearest, farthest), middle)
        return np.clip(target, self.at - self.cap, self.at + self.cap)

    def _leave(self, go: Flags) -> None:
        """Leave the lanes that have ended behind."""
        if go.all():
            return
        keep = np.flatnonzero(go)
        self.descent, self.lanes = self.descent.narrowed(keep), self.lanes[keep]
        for name in ("at", "inner", "outer", "damping", "room", "cap", "first"):
            setattr(self, name, getattr(self, name)[keep])

    def _go(self, change: Array, follow: Array, at: Array, gain: Array) -> None:
        """Move every lane to its next place; one that was only to settle stays if its sum of squares would grow."""
        descent, size = self.descent, len(self.law.searched) - 1
        place, moves = descent.table[descent.rows], at != self.at
        step = np.empty_like(place)
        direction = self.direction[self.lanes]
        far = direction * (at - self.at)
        step[:size] = change + far * follow
        step[size] = self.minima.table[self.position][self.lanes] + direction * at - place[size]
        low, high = descent.limits.lower[:size], descent.limits.upper[:size]
        step[:size] = np.clip(place[:size] + step[:size], low, high) - place[:size]
        trial = descent.table.copy()
        trial[descent.rows] = place + step
        descent.follow(trial, step)
        reached = moments(self.law, descent.points, trial)
        ceiling = self.minima.rest + self.minima.variance * (ASTRAY * self.minima.goal) ** 2
        astray = ~(reached.rest <= np.maximum(ceiling[self.lanes], descent.sums)) & (
            np.abs(far) > LEAST * self.at
        )
        lower = (reached.rest <= descent.sums + descent.rounding) | descent.now.stale
        kept = np.isfinite(reached.rest) & np.where(moves, ~astray, lower)
        self.cap = np.where(moves, np.where(kept, WIDEN * self.cap, np.abs(far) / WIDEN), self.cap)
        self.damping = np.where(
            moves & kept, 0.0, self._damped(descent.sums - reached.rest, gain, kept & ~moves)
        )
        self.at = np.where(kept, at, self.at)
        descent.take(trial, reached, kept)

    def _damped(self, gained: Array, promised: Array, kept: Flags) -> Array:
        """The damping after a step of the others: less where it kept its promise, more where it did not."""
        little = promised <= self.last * self.minima.variance[self.lanes]
        ratio = np.clip(gained / np.maximum(promised, 1e-300), 0.0, 1.0)
        braked = np.maximum(self.damping, BRAKE) * (1.0 - (2.0 * ratio - 1.0) ** 3)
        eased = np.where(little | (ratio > 0.75), 0.1 * self.damping, braked)
        damping = np.where(kept | little, eased, np.maximum(4.0 * self.damping, BRAKE))
        return np.where(damping < FREE, 0.0, damping)

    def _remember(self, lanes: Indices) -> None:
        lower = self.descent.sums < self.minima.rest[lanes] - LOWER * self.minima.variance[lanes]
        self.better[lanes] |= lower
        self.lowest[:, lanes[lower]] = self.descent.table[:, lower]
