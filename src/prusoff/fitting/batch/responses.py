"""The test for a response, asked of many curves at once."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ...core.curves import Curve
from ...core.equation import Array
from ..response import MOST_GROUPS, Largest, ResponseNull, response_test, testable
from .compiling import looping
from .layout import Layout, added

TINY = 1e-300


def response_probability(layout: Layout, turning: bool) -> Array:
    """The probability of every curve that chance alone looks so, (curve,); nan where it cannot be tested.

    `turning`: whether the law that is fitted turns, so that humps are responses too.
    """
    if not testable(layout.x.size, len(layout.y) - 1):
        return np.full(layout.members.size, np.nan)
    if layout.sd is not None or layout.x.size > MOST_GROUPS:
        x = np.repeat(layout.x, np.diff(layout.edges))
        tests = [
            response_test(Curve(x, layout.y[:, c], None if layout.sd is None else layout.sd[:, c]), turning)
            for c in range(layout.members.size)
        ]
        return np.array([np.nan if test is None else test.p for test in tests])
    null, means, pure = _standard(layout, turning)
    return np.where(_equal(layout), 1.0, null.probability(means, pure, _largest())[1])


def response_bound(layout: Layout, turning: bool) -> Array:
    """What the probability of every curve cannot be above, (curve,), without simulating its null; nan if unknown."""
    known = testable(layout.x.size, len(layout.y) - 1) and layout.sd is None and layout.x.size <= MOST_GROUPS
    if not known:
        return np.full(layout.members.size, np.nan)
    null, means, pure = _standard(layout, turning)
    return np.where(_equal(layout), 1.0, null.at_most(null.share(means, pure, _largest())))


def _largest() -> Largest | None:
    """The loops that look for the pattern, where they are used."""
    if not looping():
        return None
    from .loops.patterns import largest_square

    return largest_square


def _standard(layout: Layout, turning: bool) -> tuple[ResponseNull, Array, Array]:
    """The null of a layout, and its means (group, curve) and squares within (curve,) in units of their own height."""
    total, mean, squares = layout.plain
    centre = added(total * mean) / total.sum()
    height = np.maximum(np.abs(mean - centre).max(axis=0), TINY)
    return (
        ResponseNull.of(layout.counts, len(layout.y) - 1, turning),
        (mean - centre) / height,
        added(squares) / height**2,
    )


def _equal(layout: Layout) -> npt.NDArray[np.bool_]:
    """Where all responses are the same but for rounding, (curve,)."""
    found: npt.NDArray[np.bool_] = layout.span <= 1e-12 * layout.largest
    return found
