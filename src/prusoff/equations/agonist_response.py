"""The response to an agonist: a logistic law that rises from the basal response to the agonist's own maximum.

It is the four-parameter logistic law with its plateaus named as they are in a functional assay: `bottom` is the
response without agonist, `top` the one at which it does all it can.
"""

from __future__ import annotations

from ..core.equation import Array, Case, Equation, Parameter
from ._guess import box, log_range
from ._logistic import rows
from .concentration_response import HILL_SLOPE, LOG_CONCENTRATION, SIGNAL, four_parameter_logistic

BASAL = Parameter("bottom", "Basal", "signal", "response without agonist", linear=True)
MAXIMUM = Parameter("top", "Top", "signal", "response when the agonist does all it can", linear=True)
LOG_EC50 = Parameter(
    "log_ec50", "EC50", "M", "agonist that takes the response half way from basal to its maximum", log10=True
)


def _falling(p: Array) -> Array:
    """The parameters in the order of the law that is written falling: its top is the basal response."""
    bottom, top, log_ec50, hill_slope = p
    return rows(top, bottom, log_ec50, hill_slope)


def _rising(x: Array, p: Array) -> Array:
    return four_parameter_logistic.function(x, _falling(p))


def _rising_jacobian(x: Array, p: Array) -> Array:
    by_top, by_bottom, by_location, by_slope = four_parameter_logistic.jacobian(x, _falling(p))
    return rows(by_bottom, by_top, by_location, by_slope)


def _start(x: Array, y: Array) -> Array:
    return _falling(four_parameter_logistic.start(x, y))


def _limits(x: Array, y: Array) -> tuple[Array, Array]:
    return box(agonist_response.parameters, log_ec50=log_range(x))


agonist_response = Equation(
    name="agonist_response",
    title="Agonist response (logistic, rising from basal)",
    formula="bottom + (top - bottom) / (1 + 10**((log_ec50 - log_concentration) * hill_slope))",
    axes=(LOG_CONCENTRATION,),
    response=SIGNAL,
    parameters=(BASAL, MAXIMUM, LOG_EC50, HILL_SLOPE),
    function=_rising,
    jacobian=_rising_jacobian,
    start=_start,
    limits=_limits,
    location="log_ec50",
    reference="De Lean A, Munson PJ, Rodbard D. Am J Physiol 1978;235:E97-E102",
    cases=(
        Case(
            (-7.0,),
            {"bottom": 10.0, "top": 120.0, "log_ec50": -7.5, "hill_slope": 2.0},
            110.0,
            "half a decade above the EC50 with slope 2: 10 + 110/(1 + 1/10)",
        ),
    ),
)
