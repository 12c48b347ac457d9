"""The operational model of agonism: what an agonist does by how well it binds (KA) and how well it signals (tau).

`top` is the largest response that the system can give, not that of the agonist. The second form compares agonists:
tau/KA, the transduction coefficient, is known for full agonists too, of which tau and KA alone are not.
"""

from __future__ import annotations

import numpy as np

from ..core.equation import Array, Case, Equation, Parameter
from ._guess import box, log_range
from ._logistic import LN10, finite_or_zero, logistic, rows, softplus
from .agonist_response import BASAL, agonist_response
from .concentration_response import LOG_CONCENTRATION, SIGNAL

SYSTEM_MAXIMUM = Parameter("top", "Em", "signal", "largest response that the system can give", linear=True)
LOG_TAU = Parameter(
    "log_tau", "tau", "", "efficacy of the agonist in this system", lower=-4.0, upper=6.0, log10=True
)
LOG_KA = Parameter("log_ka", "KA", "M", "dissociation constant of the agonist", log10=True)
TRANSDUCER_SLOPE = Parameter(
    "transducer_slope", "n", "", "steepness of the transducer function", lower=0.1, upper=5.0
)
LOG_ACTIVITY = Parameter("log_activity", "tau/KA", "1/M", "transduction coefficient", log10=True)
_BLACK_LEFF = "Black JW, Leff P. Proc R Soc Lond B 1983;220:141-162"


def _operational(x: Array, p: Array) -> Array:
    bottom, top, log_tau, log_ka, slope = p
    driven, still = logistic(-slope * _stimulus(x, log_tau, log_ka))
    result: Array = bottom * still + top * driven
    return result


def _stimulus(x: Array, log_tau: Array, log_ka: Array) -> Array:
    """Natural log of tau times the part of the receptors that is occupied."""
    return LN10 * log_tau - softplus(LN10 * (log_ka - x))


def _operational_jacobian(x: Array, p: Array) -> Array:
    bottom, top, log_tau, log_ka, slope = p
    stimulus = _stimulus(x, log_tau, log_ka)
    driven, still = logistic(-slope * stimulus)
    steep = (top - bottom) * driven * still
    by_tau = LN10 * slope * steep
    free = logistic(LN10 * (x - log_ka))[0]
    return rows(still, driven, by_tau, -by_tau * free, steep * finite_or_zero(stimulus))


def _operational_start(x: Array, y: Array) -> Array:
    bottom, top, log_ec50, _ = agonist_response.start(x, y)
    guess = np.array([bottom, bottom + 1.1 * (top - bottom), 1.0, log_ec50 + 1.0, 1.0])
    clipped: Array = np.clip(guess, *_operational_limits(x, y))
    return clipped


def _operational_limits(x: Array, y: Array) -> tuple[Array, Array]:
    return box(operational_model.parameters, log_ka=log_range(x))


operational_model = Equation(
    name="operational_model",
    title="Operational model of agonism",
    formula="bottom + (top - bottom)"
    " / (1 + ((1 + 10**(log_ka - log_concentration)) / 10**log_tau)**transducer_slope)",
    axes=(LOG_CONCENTRATION,),
    response=SIGNAL,
    parameters=(BASAL, SYSTEM_MAXIMUM, LOG_TAU, LOG_KA, TRANSDUCER_SLOPE),
    function=_operational,
    jacobian=_operational_jacobian,
    start=_operational_start,
    limits=_operational_limits,
    location="log_ka",
    reference=_BLACK_LEFF,
    cases=(
        Case(
            (-7.0,),
            {"bottom": 10.0, "top": 110.0, "log_tau": 1.0, "log_ka": -6.0, "transducer_slope": 1.0},
            10.0 + 100.0 * 10.0 / 21.0,
            "a tenth of KA occupies 1/11 of the receptors; tau 10 makes a stimulus of 10/11, and 10/(10 + 11) of Em",
        ),
    ),
)


def _without(log_activity: Array, x: Array) -> Array:
    return -LN10 * (x + log_activity)


def _either(one: Array, other: Array) -> Array:
    """The logarithm of a sum; what is not defined stays so without a warning."""
    with np.errstate(invalid="ignore"):
        return np.logaddexp(one, other)


def _activity(x: Array, p: Array) -> Array:
    bottom, top, log_activity, log_tau, slope = p
    lacking = _either(_without(log_activity, x), -LN10 * log_tau)
    driven, still = logistic(slope * lacking)
    result: Array = bottom * still + top * driven
    return result


def _activity_jacobian(x: Array, p: Array) -> Array:
    bottom, top, log_activity, log_tau, slope = p
    binding, signalling = _without(log_activity, x), -LN10 * log_tau
    lacking = _either(binding, signalling)
    driven, still = logistic(slope * lacking)
    steep = (top - bottom) * driven * still
    by_tau, by_activity = logistic(binding - signalling)
    scale = LN10 * slope * steep
    return rows(still, driven, scale * by_activity, scale * by_tau, -steep * finite_or_zero(lacking))


def _activity_start(x: Array, y: Array) -> Array:
    bottom, top, log_ec50, _ = agonist_response.start(x, y)
    guess = np.array([bottom, bottom + 1.1 * (top - bottom), -log_ec50, 1.0, 1.0])
    clipped: Array = np.clip(guess, *_activity_limits(x, y))
    return clipped


def _activity_limits(x: Array, y: Array) -> tuple[Array, Array]:
    low, high = log_range(x)
    return box(operational_activity.parameters, log_activity=(-high, -low))


operational_activity = Equation(
    name="operational_activity",
    title="Operational model by the transduction coefficient",
    formula="bottom + (top - bottom)"
    " / (1 + (10**(-log_concentration - log_activity) + 10**(-log_tau))**transducer_slope)",
    axes=(LOG_CONCENTRATION,),
    response=SIGNAL,
    parameters=(BASAL, SYSTEM_MAXIMUM, LOG_ACTIVITY, LOG_TAU, TRANSDUCER_SLOPE),
    function=_activity,
    jacobian=_activity_jacobian,
    start=_activity_start,
    limits=_activity_limits,
    reference=(
        f"{_BLACK_LEFF}; Kenakin T, Watson C, Muniz-Medina V, Christopoulos A, Novick S. ACS Chem Neurosci "
        "2012;3:193-203"
    ),
    cases=(
        Case(
            (-7.0,),
            {"bottom": 10.0, "top": 110.0, "log_activity": 7.0, "log_tau": 1.0, "transducer_slope": 1.0},
            10.0 + 100.0 * 10.0 / 21.0,
            "tau 10 over KA 1 uM: the worked case of the operational model",
        ),
        Case(
            (-8.0,),
            {"bottom": 0.0, "top": 100.0, "log_activity": 8.0, "log_tau": 6.0, "transducer_slope": 2.0},
            100.0 / (1.0 + (1.0 + 1e-6) ** 2.0),
            "of a full agonist tau/KA is 1/EC50",
        ),
    ),
)
