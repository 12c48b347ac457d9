"""Hormesis: a decline before which low concentrations stimulate (Brain & Cousens 1989).

The stimulation grows in proportion to the concentration: written c + (d - c + f x)/(1 + (x/e)^b) with a concentration
x, it is S = f e here, in the unit of the response. The three levels are jointly linear. The concentration e is not the
half way point of the curve but lies below it: it is where the decline has taken half of what it would leave alone. A
slope of at most 1 would never take the stimulation away.
"""

from __future__ import annotations

import numpy as np

from ..core.equation import Array, Case, Equation, Parameter
from ._guess import box, log_range
from ._logistic import LN10, finite_or_zero, logistic, rows
from .concentration_response import BOTTOM, LOG_CONCENTRATION, SIGNAL, TOP, four_parameter_logistic

STIMULATION = Parameter(
    "stimulation",
    "S",
    "signal",
    "what the compound would add at the concentration e without a decline; 0 for no hormesis",
    linear=True,
)
LOG_DECLINE = Parameter(
    "log_decline",
    "e",
    "M",
    "concentration at which the decline takes half, below the half way point of the curve (a lower bound of the IC50)",
    log10=True,
)
DECLINE_SLOPE = Parameter("decline_slope", "b", "", "steepness of the decline", lower=1.01, upper=10.0)


def _decline(x: Array, p: Array) -> tuple[Array, Array, Array, Array]:
    """Distance from e, what is left, what is gone, and the concentration over e times what is left."""
    distance = x - p[3]
    slope = p[4]
    left, gone = logistic(LN10 * distance * slope)
    above = distance > 0.0
    ratio = np.exp(LN10 * np.where(above, (1.0 - slope) * distance, distance))
    return distance, left, gone, ratio * np.where(above, gone, left)


def _hormesis(x: Array, p: Array) -> Array:
    bottom, top, stimulation = p[:3]
    _, left, _, stimulated = _decline(x, p)
    result: Array = bottom + (top - bottom) * left + stimulation * stimulated
    return result


def _hormesis_jacobian(x: Array, p: Array) -> Array:
    bottom, top, stimulation, _, slope = p
    distance, left, gone, stimulated = _decline(x, p)
    taken = LN10 * gone * ((top - bottom) * left + stimulation * stimulated)
    return rows(
        gone,
        left,
        stimulated,
        taken * slope - LN10 * stimulation * stimulated,
        -taken * finite_or_zero(distance),
    )


def _start(x: Array, y: Array) -> Array:
    bottom, top, log_ic50, _ = four_parameter_logistic.start(x, y)
    return np.array([bottom, top, 0.0, log_ic50, 2.0])


def _limits(x: Array, y: Array) -> tuple[Array, Array]:
    return box(hormesis.parameters, log_decline=log_range(x))


hormesis = Equation(
    name="hormesis",
    title="Hormesis (Brain-Cousens)",
    formula="ratio = 10**(log_concentration - log_decline)\n"
    "bottom + (top - bottom + stimulation * ratio) / (1 + ratio**decline_slope)",
    axes=(LOG_CONCENTRATION,),
    response=SIGNAL,
    parameters=(BOTTOM, TOP, STIMULATION, LOG_DECLINE, DECLINE_SLOPE),
    function=_hormesis,
    jacobian=_hormesis_jacobian,
    start=_start,
    limits=_limits,
    location="log_decline",
    reference="Brain P, Cousens R. Weed Res 1989;29:93-96",
    cases=(
        Case(
            (-7.5,),
            {"bottom": 10.0, "top": 110.0, "stimulation": 60.0, "log_decline": -7.5, "decline_slope": 2.0},
            90.0,
            "at e half of top - bottom + S is left: 10 + (100 + 60)/2",
        ),
        Case(
            (-6.5,),
            {"bottom": 10.0, "top": 101.0, "stimulation": 1.0, "log_decline": -7.5, "decline_slope": 2.0},
            11.0,
            "a decade above e with slope 2: 10 + (91 + 10)/(1 + 100)",
        ),
    ),
)
