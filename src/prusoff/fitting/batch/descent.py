"""Goes downhill for many curves at once: damped Gauss-Newton steps, the last ones drawn together by their history."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ...core.equation import Array
from .compiling import looping
from .law import BatchLaw
from .moments import EXACT, LEAST, Moments, Points, moments
from .moves import put, put_back
from .small import factor, forward, solve, total

NEAR, POLISHES = 1e-13, 40  # gain below which rounding may hide it, and the most steps that are then taken
UNDAMPED = 1e-2  # damping below which a step is as good as a Gauss-Newton step
CLOSE = 1e-2  # gain, relative to the sum of squares, below which the history of the steps is used
FAR = 3.0  # part of what is left that the solved parameters took off, above which slopes do not tell the way
WILD, WILDER = 2.0, 20  # sum of the shares of the history above which it is not believed; where steps creep
SLOW = 0.7  # part of the last gain above which they do
DEPTH = 2  # steps that the history holds
CROWDED = 0.25  # part of the curves that may be done before the others go on by themselves
ROUNDING = 4e-15  # of the geometric mean of a sum of squares and that of the responses: its last digits
Flags = npt.NDArray[np.bool_]
Indices = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Limits:
    """Limits of the searched parameters and the farthest step, each (searched, curve)."""

    lower: Array
    upper: Array
    reach: Array

    def at(self, curves: Indices) -> Limits:
        """Those of some of the curves."""
        return Limits(*(one.take(curves, axis=1) for one in (self.lower, self.upper, self.reach)))


@dataclass(frozen=True)
class Plan:
    """Where the next step leads (parameter, curve), what it promises, and whether the end is near."""

    trial: Array
    gain: Array
    near: Flags

    def at(self, curves: Indices) -> Plan:
        """Those of some of the curves."""
        return Plan(self.trial.take(curves, axis=1), self.gain[curves], self.near[curves])


class Descent:
    """Curves that move downhill together: parameters (parameter, curve), sums over the points, damping.

    No curve looks at another: what becomes of one does not depend on which others there are.
    """

    def __init__(
        self, law: BatchLaw, points: Points, limits: Limits, table: Array, now: Moments | None = None
    ) -> None:
        self.law, self.points, self.limits = law, points, limits
        self.rows = list(law.searched)
        self.table = table.copy()
        self.now = moments(law, points, self.table) if now is None else now
        for _ in range(2):
            far = np.flatnonzero(~np.isfinite(self.now.rest))  # the solved parameters had far to go
            if far.size:
                again = self.table.take(far, axis=1)
                sums = moments(law, points.at(far), again)
                put(self.numbers, far, (again, *sums.arrays))
        count = table.shape[1]
        self.damping, self.growth = np.full(count, 1e-3), np.full(count, 2.0)
        self.polished = np.zeros(count, dtype=np.intp)
        self.history: list[tuple[Array, Array]] = []
        self.plan = Plan(self.table, np.zeros(count), np.zeros(count, dtype=bool))
        self.done = self.now.rest <= self.points.noise
        if not self.rows:
            self.done = np.ones(count, dtype=bool)

    @property
    def sums(self) -> Array:
        """The sum of squares of every curve."""
        return self.now.rest

    @property
    def numbers(self) -> tuple[Array, ...]:
        """The table and all sums, the curves on the last axis of each."""
        return self.table, *self.now.arrays

    @property
    def rounding(self) -> Array:
        """By how much a sum of squares may change for want of digits."""
        found: Array = ROUNDING * np.sqrt(self.points.noise / EXACT * self.now.rest)
        return found

    def narrowed(self, curves: Indices) -> Descent:
        """The descent of some of the curves, going on from where they are."""
        part = object.__new__(Descent)
        part.law, part.points, part.limits = self.law, self.points.at(curves), self.limits.at(curves)
        part.rows, part.now = self.rows, self.now.at(curves)
        part.table = self.table.take(curves, axis=1)
        part.done = self.done[curves]
        part.damping, part.growth = self.damping[curves], self.growth[curves]
        part.polished, part.plan = self.polished[curves], self.plan.at(curves)
        part.history = [(one.take(curves, axis=1), other.take(curves, axis=1)) for one, other in self.history]
        return part

    def put(self, curves: Indices, part: Descent) -> None:
        """Take over what became of some of the curves."""
        self.done[curves] = part.done
        self.damping[curves], self.growth[curves] = part.damping, part.growth
        self.polished[curves] = part.polished
        put(self.numbers, curves, part.numbers)

    def look(self, tolerance: float) -> None:
        """Work out the next step of every curve; one that promises less than `tolerance` of its sum is done."""
        if looping():
            from .loops import calls

            calls.look(self, tolerance)
            return
        place = self.table[self.rows]
        step, rest, gain = self._step(place)
        stale = self.now.stale
        near = (gain <= NEAR * self.now.rest) & ~stale
        self.polished += near
        little = (gain <= tolerance * self.now.rest) & ~stale
        self.done |= (little & (self.damping < UNDAMPED)) | (self.polished >= POLISHES)
        self.damping = np.where(
            little, 0.0, self.damping
        )  # a damped step always promises little: the next is not
        close = (gain <= CLOSE * self.now.rest) & (self.damping < UNDAMPED)
        step = np.where(close, self._drawn_together(place, step, rest, gain > SLOW * self.plan.gain), step)
        far = self.now.drift > FAR
        if far.any():
            step, gain = np.where(far, 0.0, step), np.where(far, 0.0, gain)
        self.plan = Plan(self._trial(place, step), gain, near)

    def move(self) -> None:
        """Take the steps that were worked out, where they lead down."""
        trial = self.plan.trial
        reached = moments(self.law, self.points, trial)
        if looping():
            from .loops import calls

            better = calls.judge(self, reached)
        else:
            better = self._judged(reached)
        self.take(trial, reached, better)

    def _judged(self, reached: Moments) -> Flags:
        """Which curves are better off where they were tried; more damping for the others (Nielsen 1999)."""
        plan, stale = self.plan, self.now.stale
        lower = reached.rest <= self.now.rest + np.where(plan.near, self.rounding, 0.0)
        better: Flags = ~self.done & (lower | (stale & np.isfinite(reached.rest)))
        self.done |= reached.rest <= self.points.noise
        ratio = (self.now.rest - reached.rest) / np.maximum(plan.gain, 1e-300)
        short = 2.0 * ratio - 1.0
        eased = self.damping * np.where(ratio > 0.75, 0.1, np.maximum(1.0 / 3.0, 1.0 - short * short * short))
        raised = np.maximum(self.damping, 1e-6) * self.growth
        moved = plan.gain > 0
        self.damping = np.where(moved, np.where(better, eased, raised), self.damping)
        self.growth = np.where(better | ~moved, 2.0, 2.0 * self.growth)
        return better

    def _trial(self, place: Array, step: Array) -> Array:
        """All parameters after a step of the searched ones, as far as their limits let them go."""
        moved = np.clip(place + step, self.limits.lower, self.limits.upper)
        trial = self.table.copy()
        trial[self.rows] = moved
        self.follow(trial, moved - place)
        return trial

    def _step(self, place: Array) -> tuple[Array, Array, Array]:
        """The damped step of the searched parameters, their own block of J'WJ, and what the step promises."""
        rest, pull, held = self.reduced(place)
        damped = rest.copy()
        size = len(self.rows)
        damped[range(size), range(size)] *= 1.0 + self.damping
        step = solve(*factor(damped, held), pull)
        outward = ((place <= self.limits.lower) & (step < 0)) | ((place >= self.limits.upper) & (step > 0))
        if outward.any():  # what cannot go on must not lead the others astray
            step = solve(*factor(damped, held | outward), pull)
        step /= np.maximum((np.abs(step) / self.limits.reach).max(axis=0), 1.0)
        gain = 2.0 * total(step * pull)
        for i in range(size):
            gain -= step[i] * total(rest[i] * step)
        return step, rest, gain

    def reduced(self, place: Array) -> tuple[Array, Array, Flags]:
        """J'WJ and J'Wr of the searched parameters when the solved ones follow, and which stand at their limits."""
        now, count = self.now, len(self.law.solved)
        rest = now.normal[count:, count:].copy()
        if count:
            for cross in forward(now.lower, now.reciprocal, now.normal[:count, count:]):
                rest -= cross[:, None] * cross
        pull = now.pull[count:]
        low, high = place <= self.limits.lower, place >= self.limits.upper
        return rest, pull, (low & (pull <= 0)) | (high & (pull >= 0)) | (low & high)

    def follow(self, trial: Array, step: Array) -> None:
        """Move the solved parameters as the slopes say they follow a step of the searched ones."""
        count = len(self.law.solved)
        if not count:
            return
        drag = self.now.normal[:count, count] * step[0]
        for k in range(1, len(self.rows)):
            drag += self.now.normal[:count, count + k] * step[k]
        follow = solve(self.now.lower, self.now.reciprocal, drag)
        for row, position in enumerate(self.law.solved):
            trial[position] -= follow[row]

    def _drawn_together(self, place: Array, step: Array, rest: Array, slow: Flags) -> Array:
        """The step to which the last steps together point (Anderson 1965): Gauss-Newton steps shrink by a constant
        factor where residuals are large, and their differences tell which.
        """
        past, self.history = self.history, [*self.history, (place, step)][-DEPTH:]
        if not past:
            return step
        size = np.sqrt(rest[range(len(step)), range(len(step))])
        turns = [size * (step - before) for _, before in past[::-1]]
        weights = _shares(turns, size * step)
        total = sum(np.abs(weight) for weight in weights)
        most = np.where(slow, WILDER, WILD)
        found = step.copy()
        for weight, (at, before) in zip(weights, past[::-1], strict=True):
            found -= np.where(total < most, weight, 0.0) * (place - at + step - before)
        return found

    def take(self, trial: Array, reached: Moments, better: Flags) -> None:
        """Move the curves that are better off to where they were tried."""
        back = np.flatnonzero(~better)
        if looping() or 4 * back.size < better.size:
            put_back(self.numbers, back, (trial, *reached.arrays))
            self.table, self.now = trial, reached
            return
        np.copyto(self.table, trial, where=better)
        for kept, new in zip(self.now.arrays, reached.arrays, strict=True):
            np.copyto(kept, new, where=better)


def going_on(done: Flags) -> Indices:
    """The curves that are not done; if they are few, others stay so that sums need not be padded."""
    curves = np.flatnonzero(~done)
    return curves if curves.size >= LEAST else np.sort(np.argsort(done, kind="stable")[:LEAST])


def downhill(descent: Descent, tolerance: float, most: int) -> Descent:
    """Step until every curve has less to gain than `tolerance` of its sum of squares, `most` times at the most.

    The done ones are left behind when they are many.
    """
    whole, part, rows = descent, descent, np.arange(descent.done.size)
    for _ in range(0 if descent.done.all() else most):
        part.look(tolerance)
        if part.done.all():
            break
        if part.done.mean() > CROWDED and (go := going_on(part.done)).size < rows.size:
            if part is not whole:
                whole.put(rows, part)
            rows, part = rows[go], part.narrowed(go)
        part.move()
    if part is not whole:
        whole.put(rows, part)
    return whole


def _shares(turns: list[Array], step: Array) -> list[Array]:
    """How much of each turn of the steps makes up the step, by least squares; of the newest alone where two agree."""
    own = total(turns[0] * turns[0])
    first = total(turns[0] * step)
    alone = first / np.maximum(own, 1e-300)
    if len(turns) == 1 or len(step) == 1:
        return [alone, *(np.zeros_like(alone) for _ in turns[1:])]
    other = total(turns[1] * turns[1])
    both = total(turns[0] * turns[1])
    second = total(turns[1] * step)
    spread = own * other - both * both
    apart = spread > 1e-6 * own * other
    safe = np.where(apart, spread, 1.0)
    newest = np.where(apart, (first * other - second * both) / safe, alone)
    return [newest, np.where(apart, (second * own - first * both) / safe, 0.0)]
