"""Weighted least squares of many curves with weights from the residuals, until curve, weights and scale agree."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ...core.equation import Array
from ..robust_statistics import lorentzian_weights, robust_sd
from .descent import CROWDED, Descent, going_on
from .law import BatchLaw
from .layout import added
from .minimum import limits_of
from .small import backward, factor, forward
from .wells import Wells

SETTLED = 1e-6  # change of every parameter, in units of what one robust SD moves it by, at which all agree
SCOUTS, NEAR = (
    6,
    0.05,
)  # rounds from a start before the best goes on; gain of the merit at which a scout stops
FIRST, ROUNDS = (
    12,
    100,
)  # rounds in small tables that stay in the cache, and then the most of those that are left
ADAPTING = 25  # rounds after which a scale that does not settle is held
DEPTH, SHALLOW = (
    4,
    2,
)  # steps that the history holds; after the first rounds, where the scale jumps between points
CLOSE = 0.5  # size of a step, in robust SD, below which the history of the steps is used
WILD = 50.0  # sum of the shares of the history above which it is not believed
WORSE, SHORTER, RETRIES = 0.5, 0.25, 4  # rise of the merit at which a step is shortened, by what, how often
SAME = 0.5  # root mean square distance of two curves, in robust SD, below which they lead to the same place
LOWER = 1e-6  # gain of the merit that makes another start the better one
LANES = 2048  # curves whose points are worked on at a time
Flags = npt.NDArray[np.bool_]
Indices = npt.NDArray[np.intp]


@dataclass
class Places:
    """Where the curves stand: parameters (parameter, curve), scale and merit (curve,), and whether all agree."""

    table: Array
    scale: Array
    merit: Array
    settled: Flags

    @classmethod
    def nowhere(cls, table: Array) -> Places:
        """Before anything was tried."""
        count = table.shape[1]
        return cls(table.copy(), np.full(count, np.nan), np.full(count, np.inf), np.zeros(count, dtype=bool))

    def put(self, curves: Indices, walk: Walk, chosen: Flags) -> None:
        """Take over where some of the curves of a walk stand."""
        into, table = curves[chosen], np.where(walk.worse, walk.anchor, walk.table)
        self.table[:, into], self.scale[into] = table[:, chosen], walk.scale[chosen]
        self.merit[into], self.settled[into] = walk.merit[chosen], walk.settled[chosen]


class _Step(Descent):
    """One Gauss-Newton step at weights that stand, the solved parameters at their best."""

    def end(self) -> Array:
        """Where the step ends, (parameter, curve)."""
        self.damping = np.full(self.damping.shape, 1e-6)
        place, trial = self.table[self.rows], self.table.copy()
        if self.rows:
            step = np.where(self.now.stale, 0.0, self._step(place)[0])
            trial[self.rows] = np.clip(place + step, self.limits.lower, self.limits.upper)
            self.follow(trial, trial[self.rows] - place)
        return trial


class Walk:
    """Curves that are fitted again and again with the weights that their residuals deserve.

    The scale is the robust SD of the residuals of the moment, the merit N ln(scale) + sum ln(1 + t^2). No curve looks
    at another: what becomes of one does not depend on which others there are.
    """

    def __init__(self, law: BatchLaw, wells: Wells, table: Array, depth: int = DEPTH) -> None:
        self.law, self.wells, self.table = law, wells, table.copy()
        self.free = list(law.free)
        self.limits, self.least = limits_of(law, wells.lower, wells.upper), wells.least
        count = table.shape[1]
        self.scale, self.merit = np.full(count, np.nan), np.full(count, np.inf)
        self.settled, self.gained = np.zeros(count, dtype=bool), np.full(count, np.inf)
        self.anchor, self.plain = self.table, np.zeros((len(self.free), count))
        self.retries, self.worse = np.zeros(count, dtype=np.intp), np.zeros(count, dtype=bool)
        self.history: list[tuple[Array, Array]] = []
        self.rounds, self.depth = 0, depth

    def look(self) -> tuple[Array, Array | None, Flags]:
        """Scale and merit where the curves stand: residuals, weights of the weighting, which are worse than before."""
        residuals, base = self.wells.residuals(self.law, self.table)
        scale = self.scale
        if self.rounds < ADAPTING:
            scale = np.maximum(robust_sd(residuals, len(self.free)), self.least)
        merit = len(residuals) * np.log(scale) + added(np.log1p(np.square(residuals / scale)))
        merit = np.where(np.isfinite(merit), merit, np.inf)
        self.worse = worse = (merit > self.merit + WORSE) & (self.retries < RETRIES)
        self.gained = np.where(worse, np.inf, np.abs(self.merit - merit))
        self.scale, self.merit = np.where(worse, self.scale, scale), np.where(worse, self.merit, merit)
        return residuals, base, worse

    def turn(self, residuals: Array, base: Array | None, worse: Flags) -> None:
        """One round: the weights that the residuals deserve, and the curve that follows from them."""
        self.rounds += 1
        if self.rounds == ADAPTING + 1:  # from here on the scale is held: another map, another history
            self.history, self.depth = [], DEPTH
        weight = lorentzian_weights(residuals / self.scale)
        points = self.wells.points(weight if base is None else base * weight)
        step = _Step(self.law, points, self.limits, self.table)
        size = np.sqrt(step.now.normal[range(len(self.free)), range(len(self.free))]) / self.scale
        plain = step.end()[self.free] - self.table[self.free]
        length = (size * np.abs(plain)).max(axis=0)
        self.settled = ~worse & ((length <= SETTLED) | (self.scale <= self.least))
        drawn = self._drawn_together(plain, size)
        moved = self.table[self.free] + np.where(length < CLOSE, drawn, plain)
        if worse.any():
            short = SHORTER ** (self.retries + 1.0)
            moved = np.where(worse, self.anchor[self.free] + short * self.plain, moved)
            self.retries = np.where(worse, self.retries + 1, 0)
            self.anchor = np.where(worse, self.anchor, self.table)
            self.plain = np.where(worse, self.plain, plain)
        else:
            self.retries, self.anchor, self.plain = np.zeros_like(self.retries), self.table, plain
        table = self.table.copy()
        table[self.free] = np.clip(moved, self.wells.lower[self.free], self.wells.upper[self.free])
        self.table = np.where(self.settled, self.table, table) if self.settled.any() else table

    def _drawn_together(self, plain: Array, size: Array) -> Array:
        """The step to which the last steps together point (Anderson 1965)."""
        place = self.table[self.free]
        past, self.history = self.history, [*self.history, (place, plain)][-self.depth :]
        if not past:
            return plain
        turns = [size * (plain - before) for _, before in past[::-1]]
        count = len(turns)
        normal = np.empty((count, count, plain.shape[1]))
        for i in range(count):
            for j in range(i + 1):
                normal[i, j] = normal[j, i] = added(turns[i] * turns[j])
        pull = np.stack([added(one * size * plain) for one in turns])
        factored = factor(normal)
        shares = backward(*factored, forward(*factored, pull))
        wild = ~(np.abs(shares).sum(axis=0) < WILD)
        found = plain.copy()
        for share, (at, before) in zip(shares, past[::-1], strict=True):
            found -= np.where(wild, 0.0, share) * (place - at + plain - before)
        return found

    def narrowed(self, curves: Indices) -> Walk:
        """The walk of some of the curves, going on from where they are."""
        part = object.__new__(Walk)
        part.law, part.wells, part.free = self.law, self.wells.at(curves), self.free
        part.limits, part.rounds, part.depth = self.limits.at(curves), self.rounds, self.depth
        for name in ("table", "anchor", "plain"):
            setattr(part, name, getattr(self, name).take(curves, axis=1))
        for name in ("scale", "merit", "settled", "gained", "retries", "worse", "least"):
            setattr(part, name, getattr(self, name)[curves])
        part.history = [(one.take(curves, axis=1), other.take(curves, axis=1)) for one, other in self.history]
        return part


def descended(law: BatchLaw, wells: Wells, tables: Array, tried: Flags) -> Places:
    """The lowest place of every curve, sought from its starts (start, parameter, curve) as far as they are `tried`."""
    several = _apart(law, wells, tables, tried)
    found = _scouted(law, wells, tables, several)
    alone = tried[0] & ~several.any(axis=0)
    found.table[:, alone] = tables[0][:, alone]
    for curves in _lanes(np.flatnonzero(alone | np.isfinite(found.merit))):
        _finish(found, curves, Walk(law, wells.at(curves), found.table.take(curves, axis=1)), FIRST)
    curves = np.flatnonzero(np.isfinite(found.merit) & ~found.settled)
    _finish(found, curves, Walk(law, wells.at(curves), found.table.take(curves, axis=1), SHALLOW), ROUNDS)
    return found


def _lanes(curves: Indices) -> list[Indices]:
    """The curves in parts whose points stay in the cache."""
    return [curves[first : first + LANES] for first in range(0, curves.size, LANES)]


def _apart(law: BatchLaw, wells: Wells, tables: Array, tried: Flags) -> Flags:
    """Which starts (start, curve) are worth a scout: those that draw another curve than the first, and it with them."""
    residuals, _ = wells.residuals(law, tables[0])
    scale = np.maximum(robust_sd(residuals, len(law.free)), wells.least)
    several = tried.copy()
    for start in range(1, len(tables)):
        chosen = np.flatnonzero(several[start] & several[0])
        away = wells.at(chosen).residuals(law, tables[start][:, chosen])[0] - residuals[:, chosen]
        several[start, chosen] = added(away * away) > len(away) * (SAME * scale[chosen]) ** 2
    several[0] &= several[1:].any(axis=0)
    return several


def _scouted(law: BatchLaw, wells: Wells, tables: Array, several: Flags) -> Places:
    """The lowest place that the scouts of every curve reached."""
    starts, curves = np.nonzero(several)
    begun = np.ascontiguousarray(tables[starts, :, curves].T)
    reached = Places.nowhere(begun)
    for scouts in _lanes(np.arange(curves.size)):
        _scout(reached, scouts, Walk(law, wells.at(curves[scouts]), begun[:, scouts]))
    found = Places.nowhere(tables[0])
    for start in range(len(tables)):
        here = np.flatnonzero(starts == start)
        better = here[reached.merit[here] < found.merit[curves[here]] - LOWER]
        found.table[:, curves[better]], found.merit[curves[better]] = (
            reached.table[:, better],
            reached.merit[better],
        )
    return found


def _scout(found: Places, curves: Indices, walk: Walk) -> None:
    """Some rounds from a start: enough to see which valley it leads to."""
    for turns in range(SCOUTS + 1):
        if not curves.size:
            return
        seen = walk.look()
        ended = ~seen[2] & (walk.gained <= NEAR) | ~np.isfinite(walk.merit) | (turns == SCOUTS)
        if ended.any():
            found.put(curves, walk, ended)
            keep = np.flatnonzero(~ended)
            curves, walk, seen = curves[keep], walk.narrowed(keep), _narrowed(seen, keep)
        if curves.size:
            walk.turn(*seen)


def _finish(found: Places, curves: Indices, walk: Walk, most: int) -> None:
    """Rounds until nothing moves any more; the curves that stand are left behind when a quarter does."""
    for _ in range(most):
        if walk.settled.all():
            break
        walk.turn(*walk.look())
        if walk.settled.mean() > CROWDED and (keep := going_on(walk.settled)).size < curves.size:
            found.put(curves, walk, walk.settled)
            curves, walk = curves[keep], walk.narrowed(keep)
    if curves.size:
        settled = walk.settled
        walk.look()
        walk.settled = settled
        found.put(curves, walk, np.ones(curves.size, dtype=bool))


def _narrowed(seen: tuple[Array, Array | None, Flags], curves: Indices) -> tuple[Array, Array | None, Flags]:
    residuals, base, worse = seen
    return residuals.take(curves, axis=1), None if base is None else base.take(curves, axis=1), worse[curves]
