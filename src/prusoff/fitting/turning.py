"""Laws that turn: the response rises and falls again along x, or falls and rises."""

from __future__ import annotations

import numpy as np

from ..core.equation import Array, Case, Equation

REACH = 8.0  # decades on either side of the location at which a law is looked at
STEPS = 65  # places at which it is looked at
TURN = (
    0.01  # part of the way up that goes down again, or of the way down that goes up, from which a law turns
)


def turns(equation: Equation) -> bool:
    """Whether a law with a location rises and falls in one of its own worked cases; a law without cases does not."""
    return bool(equation.location) and any(_turns(equation, case) for case in equation.cases)


def _turns(equation: Equation, case: Case) -> bool:
    parameters = np.array([case.parameters[name] for name in equation.names], dtype=float)
    x = _along(equation, float(case.parameters[equation.location]))
    others = [np.full_like(x, value) for value in case.x[1:]]
    with np.errstate(all="ignore"):
        response = equation.function(np.stack([x, *others]) if others else x, parameters)
    steps = np.diff(np.broadcast_to(response, x.shape))
    steps = steps[np.isfinite(steps)]
    ways = float(steps[steps > 0].sum()), float(-steps[steps < 0].sum())
    return min(ways) > TURN * max(ways)


def _along(equation: Equation, location: float) -> Array:
    """Places around a location, rising, on the scale of the first axis."""
    decades = np.linspace(-REACH, REACH, STEPS)
    if equation.axes[0].log10:
        return location + decades
    amount = 10.0**location if equation.parameters[equation.index(equation.location)].log10 else abs(location)
    return amount * 10.0**decades
