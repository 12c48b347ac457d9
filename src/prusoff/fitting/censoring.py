"""When a location is known only as a bound, which bound is honest, and the sentence that says why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from ..core.equation import Array
from ..core.estimate import Relation
from . import sentences

LAST = 1.0  # decades at the end of the tested range in which an interval must not reach beyond it
VERY_LAST, SURE = 0.75, 0.999  # the last of these, in which it must not at this level either


class Why(IntEnum):
    """Why only a bound is known of a location; odd reasons say that it lies above, even ones below."""

    KNOWN = 0
    NOT_HALF = 1
    PAST_HALF = 2
    LESS_THAN_HALF = 3
    MORE_THAN_HALF = 4
    MAYBE_ABOVE = 5
    MAYBE_BELOW = 6

    @property
    def relation(self) -> Relation:
        """Whether the location lies above the bound, or below it."""
        if self is Why.KNOWN:
            return Relation.EQUAL
        return Relation.ABOVE if self % 2 else Relation.BELOW


@dataclass(frozen=True)
class Placed:
    """Where fitted locations lie beside what was tested; every array is (curve,), nan where nothing is known.

    `middle` is the x at which the curve is half way and `shift` how far that lies from the location; (2, curve) are
    `tested`, the lowest and the highest finite x, `gone`, the part of the control span that is gone there, and
    `limits`, the interval of the location. `logged` says that all these are log10.
    """

    middle: Array
    shift: Array
    tested: Array
    gone: Array
    limits: Array
    logged: bool

    @property
    def ends(self) -> Array:
        """Where the tested range ends on the scale of the location, (2, curve)."""
        found: Array = self.tested - self.shift
        return found

    @property
    def asked(self) -> npt.NDArray[np.bool_]:
        """Where it must be asked of the data whether the location may lie beyond an end, (2, curve).

        That is within the last three quarters of a decade before the end, if the interval ends inside.
        """
        near = self._within(VERY_LAST) & ~np.isnan(self.limits).any(axis=0) & ~self._reaching
        found: npt.NDArray[np.bool_] = (
            near & (self.middle >= self.tested[0]) & (self.middle <= self.tested[1])
        )
        return found

    def judged(
        self, maybe: npt.NDArray[np.bool_] | None = None
    ) -> tuple[npt.NDArray[np.int64], Array, npt.NDArray[np.bool_]]:
        """Why only a bound is known (`Why.KNOWN` where a value is), the bound, and whether it moved: (curve,) each.

        Only a bound is known where the curve is half way outside the tested range, where less than half of the control
        span is gone at the highest x or more than half at the lowest, and where the curve is half way in the last
        decade on one side and its interval reaches beyond the tested range there, or where it is so in the last three
        quarters and the data do not exclude at 99.9 % that the location lies beyond (`maybe`, (2, curve), as far as it
        is `asked`). The bound is the end of the tested range, or the limit of the interval where that lies further
        inside: what the data do not exclude is no part of a bound. A curve with less than half of the span at the
        highest x whose own interval is closed inhibits in part; the half of the span then lies beyond the tested range
        whatever its own location is.
        """
        low, high = self.tested
        beyond = self._reaching if maybe is None else self._reaching | maybe
        below, above = beyond & self._within(LAST) & (beyond[0] != beyond[1])
        why = np.zeros(self.middle.size, dtype=np.int64)
        why[above], why[below] = Why.MAYBE_ABOVE, Why.MAYBE_BELOW
        why[self.middle < low] = Why.PAST_HALF
        why[self.middle > high] = Why.NOT_HALF
        why[self.gone[0] > 0.5] = Why.MORE_THAN_HALF
        why[self.gone[1] < 0.5] = Why.LESS_THAN_HALF
        why[~np.isfinite(low)] = Why.KNOWN
        return why, *self._bounds(why)

    @property
    def _reaching(self) -> npt.NDArray[np.bool_]:
        """Where the interval reaches beyond an end of the tested range, (2, curve)."""
        low, high = self.ends
        return np.array([self.limits[0] < low, self.limits[1] > high])

    def _within(self, last: float) -> npt.NDArray[np.bool_]:
        """Where the curve is half way within so many decades of an end, (2, curve)."""
        last = last if self.logged else 0.0
        return np.array([self.middle < self.tested[0] + last, self.middle > self.tested[1] - last])

    def _bounds(self, why: npt.NDArray[np.int64]) -> tuple[Array, npt.NDArray[np.bool_]]:
        """The honest bound for every reason on the scale of the location, and whether it left the end of the range."""
        ends = self.ends
        opened = np.isinf(self.limits)
        within = np.where(
            opened, ends, self.limits
        )  # a side that excludes nothing: at least the tested range
        partial = np.isin(why, (Why.LESS_THAN_HALF, Why.MORE_THAN_HALF)) & ~opened.any(axis=0)
        partial &= (self.middle >= self.tested[0]) & (self.middle <= self.tested[1])
        above = np.where(partial, ends[1], np.fmin(ends[1], within[0]))
        below = np.where(partial, ends[0], np.fmax(ends[0], within[1]))
        upward, bound = why % 2 == 1, why != Why.KNOWN
        found: Array = np.where(bound, np.where(upward, above, below), np.nan)
        return found, bound & (found != np.where(upward, ends[1], ends[0]))


def reason(why: Why, moved: bool, gone: float) -> str:
    """Why, in words; `moved` where the bound left the end of the tested range, `gone` the part of the control span."""
    told = {
        Why.NOT_HALF: sentences.NOT_HALF_WAY,
        Why.PAST_HALF: sentences.PAST_HALF_WAY,
        Why.MAYBE_ABOVE: sentences.MAYBE_ABOVE,
        Why.MAYBE_BELOW: sentences.MAYBE_BELOW,
    }
    said = told.get(why) or sentences.span_gone(gone, why is Why.LESS_THAN_HALF)
    if not moved:
        return said
    return f"{sentences.NONE_HIGHER if why.relation is Relation.ABOVE else sentences.NONE_LOWER}, and {said}"
