"""Profile limits of many curves: how far a parameter can go before the data contradict it, the others following."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ...core.equation import Array
from .law import BatchLaw
from .minima import Minima
from .walk import Walk

TOGETHER = 4096  # curves that walk at a time, so that their tables stay in the cache
Flags = npt.NDArray[np.bool_]


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
    held, count, parts = law.with_last(position), minima.goal.size, []
    minima = replace(minima, now=minima.now.reordered(law, held))
    for first in range(0, count, TOGETHER):
        here = np.arange(first, min(first + TOGETHER, count))
        direction = np.repeat([-1.0, 1.0], here.size)
        walked = Side(*Walk(held, minima.at(np.tile(here, 2)), position, direction).run())
        parts.append((walked.at(slice(0, here.size)), walked.at(slice(here.size, 2 * here.size))))
    below, above = zip(*parts, strict=True)
    return Side.joined(below), Side.joined(above)
