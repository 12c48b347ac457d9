"""The straight line."""

from __future__ import annotations

import numpy as np

from ..core.equation import Array, Axis, Case, Equation, Parameter
from ._logistic import rows


def _line(x: Array, p: Array) -> Array:
    slope, intercept = p
    result: Array = slope * x + intercept
    return result


def _line_jacobian(x: Array, p: Array) -> Array:
    slope, _ = p
    return rows(x, np.ones_like(slope))


def _line_start(x: Array, y: Array) -> Array:
    around = x - x.mean()
    spread = float(around @ around)
    slope = float(around @ y) / spread if spread > 0.0 else 0.0
    return np.array([slope, y.mean() - slope * x.mean()])


straight_line = Equation(
    name="straight_line",
    title="Straight line",
    formula="slope * x + intercept",
    axes=(Axis("x", ""),),
    response=Axis("response", "signal"),
    parameters=(
        Parameter("slope", "slope", "signal per x", "rise of the response per unit of x", linear=True),
        Parameter("intercept", "intercept", "signal", "response at x = 0", linear=True),
    ),
    function=_line,
    jacobian=_line_jacobian,
    start=_line_start,
    reference="Draper NR, Smith H. Applied Regression Analysis. Wiley 1998",
    cases=(Case((3.0,), {"slope": 2.0, "intercept": 1.0}, 7.0, "2 times 3 plus 1"),),
)
