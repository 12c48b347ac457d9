"""A law whose part is told by its amount: linear in one parameter more, so that this one is solved for as well."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ...core.equation import Array
from .cohort import Cohort
from .descent import Descent, Limits, downhill
from .law import BatchLaw
from .layout import Indices
from .moments import Moments
from .parts import Part

SCOUT = 1e-4  # gain, relative to the sum of squares, at which a scout stops
STEPS, MORE_STEPS = (8, 5), 40  # steps after which lanes part, and most that follow
KEPT = 4  # lanes of a curve that go on then
BACK, CLOSE, NEXT = 3, 0.2, 1.5
FINISH, MOST_STEPS = 1e-16, 80


@dataclass(frozen=True)
class Joined:
    """The law in which the place of the part holds its amount, and the limits of the part itself."""

    law: BatchLaw
    part: Part

    @classmethod
    def of(cls, law: BatchLaw, part: Part) -> Joined:
        """The same law with the amount of its part in place of the part."""
        equation = law.equation
        at, linear, base = part.position, list(part.linear), float(part.amounts @ part.base)

        def parted(p: Array) -> tuple[Array, Array]:
            height = np.tensordot(part.amounts, p[linear], axes=1) / base
            height = np.where(height == 0.0, 1e-300, height)
            table = p.copy()
            table[at] = part.middle + p[at] / height
            return table, height

        def function(x: Array, p: Array) -> Array:
            return equation.function(x, parted(p)[0])

        def jacobian(x: Array, p: Array) -> Array:
            table, height = parted(p)
            slopes = equation.jacobian(x, table)
            slopes[at] /= height
            for k, amount in zip(linear, part.amounts, strict=True):
                slopes[k] -= slopes[at] * ((table[at] - part.middle) * amount / base)
            return slopes

        parameters = tuple(
            replace(one, linear=True, lower=-np.inf, upper=np.inf) if k == at else one
            for k, one in enumerate(equation.parameters)
        )
        joined = replace(equation, parameters=parameters, function=function, jacobian=jacobian)
        solved = tuple(sorted((*law.solved, at)))
        searched = tuple(k for k in law.searched if k != at)
        return cls(
            replace(law, equation=joined, solved=solved, searched=searched, additive=True, part=None), part
        )

    def amounts(self, table: Array) -> Array:
        """A table (parameter, curve) with the amount in place of the part."""
        found = table.copy()
        found[self.part.position] = (table[self.part.position] - self.part.middle) * self._height(table)
        return found

    def parts(self, table: Array) -> Array:
        """A table (parameter, curve) with the part in place of its amount."""
        found, height = table.copy(), self._height(table)
        found[self.part.position] = self.part.middle + table[self.part.position] / np.where(
            height == 0, np.inf, height
        )
        return found

    def _height(self, table: Array) -> Array:
        found: Array = (
            self.part.amounts @ table[list(self.part.linear)] / float(self.part.amounts @ self.part.base)
        )
        return found


def scouted_jointly(law: BatchLaw, part: Part, cohort: Cohort) -> Array:
    """The best place that scouts from all starts reached, (parameter, curve), where a part is solved with the rest.

    The best ones after some steps go on. A scout that left the limits of the part is sent on inside them, unless
    another one is lower already; the last is brought to its minimum.
    """
    scouts = _Scouts(law, Joined.of(law, part), cohort)
    for steps in STEPS:
        scouts.go(law, SCOUT, steps)
        scouts.part_ways()
    scouts.keep(KEPT)
    scouts.go(law, SCOUT, MORE_STEPS)
    scouts.keep(1)
    table, sums = scouts.table.copy(), scouts.sums.copy()
    scouts.go(scouts.joined.law, FINISH, MOST_STEPS)
    better = scouts.inside & (scouts.sums <= sums)
    return np.where(better, scouts.table, table)


class _Scouts:
    """Lanes that descend, several of a curve: parameters (parameter, lane), the curve of each, its sum of squares."""

    def __init__(self, law: BatchLaw, joined: Joined, cohort: Cohort) -> None:
        self.law, self.joined, self.cohort = law, joined, cohort
        starts, self.curves = np.nonzero(cohort.tried.T)[::-1]
        self.table = np.ascontiguousarray(cohort.tables[starts, :, self.curves].T)
        self.sums = np.full(starts.size, np.inf)
        self.now: Moments | None = None  # the sums over the points where the lanes stand, once they are known

    @property
    def inside(self) -> npt.NDArray[np.bool_]:
        """Where the part lies inside its limits."""
        at = self.joined.part.position
        lower, upper = self.cohort.lower[at, self.curves], self.cohort.upper[at, self.curves]
        found: npt.NDArray[np.bool_] = (
            (self.table[at] >= lower) & (self.table[at] <= upper) & np.isfinite(self.sums)
        )
        return found

    def go(self, law: BatchLaw, tolerance: float, most: int) -> None:
        """Descend, by the law itself or by that in which the part is solved for."""
        rows, joint = list(law.searched), law is self.joined.law
        low, high = self.cohort.lower[:, self.curves], self.cohort.upper[:, self.curves]
        limits, points = (
            Limits(low[rows], high[rows], law.reaches(low, high)),
            self.cohort.points.at(self.curves),
        )
        if joint:
            reached = Descent(law, points, limits, self.joined.amounts(self.table))
        else:
            reached = Descent(law, points, limits, self.table, self.now)
        reached = downhill(reached, tolerance, most)
        self.table = self.joined.parts(reached.table) if joint else reached.table
        self.sums, self.now = reached.sums, None if joint else reached.now

    def part_ways(self) -> None:
        """Leave out lanes that are close to a lower one of the same curve: they will end where that one ends."""
        order = np.lexsort((self.sums, self.curves))
        curves, sums = self.curves[order], self.sums[order]
        places = self.table[list(self.law.searched)][:, order]
        scale = np.maximum(np.abs(places), 1.0)
        kept = np.ones(order.size, dtype=bool)
        for back in range(1, BACK + 1):
            same = curves[back:] == curves[:-back]
            near = (np.abs(places[:, back:] - places[:, :-back]) < CLOSE * scale[:, back:]).all(axis=0)
            kept[back:] &= ~(same & near & (sums[back:] < NEXT * sums[:-back]))
        self._leave(order[kept])

    def keep(self, most: int) -> None:
        """Keep the best lanes of every curve, so many at the most."""
        order = np.lexsort((self.sums, self.curves))
        curves = self.curves[order]
        self._leave(order[np.arange(curves.size) - np.searchsorted(curves, curves) < most])

    def _leave(self, kept: Indices) -> None:
        """Leave the other lanes behind."""
        self.curves, self.table, self.sums = self.curves[kept], self.table[:, kept], self.sums[kept]
        self.now = None if self.now is None else self.now.at(kept)
