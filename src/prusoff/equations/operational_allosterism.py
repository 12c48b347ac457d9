"""A modulator that binds beside the agonist: how it changes the agonist's affinity and its efficacy.

A modulator with alpha = 1 and beta = 0 takes receptors away whatever the agonist does (noncompetitive); alpha = 0 is
competition. `log_tau_modulator` is what the modulator does by itself.
"""

from __future__ import annotations

import numpy as np

from ..core.equation import Array, Case, Equation, Parameter
from ._guess import box, log_range
from ._logistic import LN10, finite_or_zero, logistic, rows
from .agonist_response import BASAL
from .concentration_response import SIGNAL
from .gaddum_schild import LOG_AGONIST, LOG_ALPHA, LOG_KB_MODULATOR, LOG_MODULATOR, middle, start_without
from .operational_model import LOG_KA, LOG_TAU, SYSTEM_MAXIMUM, TRANSDUCER_SLOPE

LOG_BETA = Parameter(
    "log_beta",
    "beta",
    "",
    "how many times the modulator raises the efficacy of the agonist",
    lower=-6.0,
    upper=6.0,
    log10=True,
)
LOG_TAU_MODULATOR = Parameter(
    "log_tau_modulator", "tau_B", "", "efficacy of the modulator itself", lower=-8.0, upper=6.0, log10=True
)


class _Receptor:
    """Signalling and all receptors, both over (1 + [A]/KA)(1 + [B]/KB), and the parts they are made of."""

    def __init__(self, x: Array, p: Array) -> None:
        _, _, log_tau, log_ka, log_kb, log_alpha, log_beta, log_tau_b, self.slope = p
        agonist, modulator = x
        free_a, taken_a = logistic(LN10 * (agonist - log_ka))
        free_b, taken_b = logistic(LN10 * (modulator - log_kb))
        alpha, tau = 10.0**log_alpha, 10.0**log_tau
        self.free_a, self.free_b = free_a, free_b
        self.only_a, self.only_b = taken_a * free_b, free_a * taken_b
        self.neither, self.together = free_a * free_b, alpha * taken_a * taken_b
        self.by_a = tau * self.only_a
        self.by_both = tau * 10.0**log_beta * self.together
        self.by_b = 10.0**log_tau_b * self.only_b
        self.signal = self.by_a + self.by_both + self.by_b
        self.all = self.neither + self.only_a + self.only_b + self.together
        with np.errstate(divide="ignore"):
            self.stimulus = np.log(self.signal) - np.log(self.all)
        self.driven, self.still = logistic(-self.slope * self.stimulus)

    def share(self, signalling: Array, receptors: Array) -> Array:
        """How ln of the stimulus follows the log10 of what all of these parts are proportional to."""
        with np.errstate(invalid="ignore", divide="ignore"):
            part = np.where(self.signal > 0.0, signalling / self.signal, 0.0)
        result: Array = LN10 * (part - receptors / self.all)
        return result


def _function(x: Array, p: Array) -> Array:
    found = _Receptor(x, p)
    result: Array = p[0] * found.still + p[1] * found.driven
    return result


def _jacobian(x: Array, p: Array) -> Array:
    one = _Receptor(x, p)
    steep = (p[1] - p[0]) * one.driven * one.still
    by_stimulus = steep * one.slope
    nothing = np.zeros_like(one.all)
    with_a, with_b = one.by_a + one.by_both, one.by_both + one.by_b
    return rows(
        one.still,
        one.driven,
        by_stimulus * one.share(with_a, nothing),
        -by_stimulus * one.share(with_a, one.only_a + one.together),
        -by_stimulus * one.share(with_b, one.only_b + one.together),
        by_stimulus * one.share(one.by_both, one.together),
        by_stimulus * one.share(one.by_both, nothing),
        by_stimulus * one.share(one.by_b, nothing),
        steep * finite_or_zero(one.stimulus),
    )


def _start(x: Array, y: Array) -> Array:
    bottom, top, log_ec50, _ = start_without(x, y)
    guess = [bottom, bottom + 1.1 * (top - bottom), 1.0, log_ec50 + 1.0, middle(x[1]), 0.0, -1.0, -8.0, 1.0]
    clipped: Array = np.clip(guess, *_limits(x, y))
    return clipped


def _limits(x: Array, y: Array) -> tuple[Array, Array]:
    return box(operational_allosterism.parameters, log_ka=log_range(x[0]), log_kb=log_range(x[1]))


operational_allosterism = Equation(
    name="operational_allosterism",
    title="Operational model of allosterism",
    formula="""a = 10**(log_agonist - log_ka)
b = 10**(log_modulator - log_kb)
signal = 10**log_tau * a * (1 + 10**(log_alpha + log_beta) * b) + 10**log_tau_modulator * b
receptors = 1 + a + b + 10**log_alpha * a * b
bottom + (top - bottom) * signal**transducer_slope / (signal**transducer_slope + receptors**transducer_slope)""",
    axes=(LOG_AGONIST, LOG_MODULATOR),
    response=SIGNAL,
    parameters=(
        BASAL,
        SYSTEM_MAXIMUM,
        LOG_TAU,
        LOG_KA,
        LOG_KB_MODULATOR,
        LOG_ALPHA,
        LOG_BETA,
        LOG_TAU_MODULATOR,
        TRANSDUCER_SLOPE,
    ),
    function=_function,
    jacobian=_jacobian,
    start=_start,
    limits=_limits,
    location="log_ka",
    reference="Leach K, Sexton PM, Christopoulos A. Trends Pharmacol Sci 2007;28:382-389",
    cases=(
        Case(
            (-6.0, -7.0),
            {"bottom": 0.0, "top": 100.0, "log_tau": 1.0, "log_ka": -6.0, "log_kb": -7.0, "log_alpha": -1.0,
             "log_beta": 0.0, "log_tau_modulator": 0.0, "transducer_slope": 1.0},
            100.0 * 12.0 / 15.1,
            "both at their constants: signal 10 (1 + 0.1) + 1, receptors 1 + 1 + 1 + 0.1",
        ),
    ),
)  # fmt: skip
