"""The test for a response, asked of many curves at once."""

from __future__ import annotations

import numpy as np

from ...core.curves import Curve
from ...core.equation import Array
from ..response import MOST_GROUPS, ResponseNull, response_test, testable
from .layout import Layout, added

TINY = 1e-300


def response_probability(layout: Layout) -> Array:
    """The probability of every curve that chance alone looks so, (curve,); nan where it cannot be tested."""
    points = len(layout.y)
    if not testable(layout.x.size, points - 1):
        return np.full(layout.members.size, np.nan)
    if layout.sd is not None or layout.x.size > MOST_GROUPS:
        x = np.repeat(layout.x, np.diff(layout.edges))
        tests = [
            response_test(Curve(x, layout.y[:, c], None if layout.sd is None else layout.sd[:, c]))
            for c in range(layout.members.size)
        ]
        return np.array([np.nan if test is None else test.p for test in tests])
    total, mean, squares = layout.plain
    centre = added(total * mean) / total.sum()
    height = np.maximum(np.abs(mean - centre).max(axis=0), TINY)
    pure = added(squares)
    null = ResponseNull.of(layout.counts, points - 1)
    equal = np.ptp(layout.y, axis=0) <= 1e-12 * np.abs(layout.y).max(axis=0)
    p = null.probability((mean - centre) / height, pure / height**2)[1]
    return np.where(equal, 1.0, p)
