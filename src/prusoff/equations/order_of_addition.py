"""A radioligand and a competitor on their way to equilibrium, from sites that one of them had to itself before.

Axes and units are those of the law of Motulsky and Mahan; `head_start` is by how many s the competitor came before the
label, negative where the label did. A nonspecific well has log10 [I] = +inf; label that is chased with an excess has it
too, with the head start of the label.
"""

from __future__ import annotations

import math

from ..core.equation import Array, Axis, Case, Equation
from ._guess import box
from ._logistic import rows
from .competition_binding import LOG_KD, LOG_KI, LOG_LIGAND
from .competition_kinetics import (
    BMAX,
    BOUND,
    LOG_K3,
    LOG_K4,
    LOG_KOFF,
    MOTULSKY_MAHAN,
    NS,
    RATES,
    TIME,
    derivatives,
    inside,
    rate_limits,
    response,
    typical_rates,
)
from .concentration_response import LOG_CONCENTRATION, SIGNAL

HEAD_START = Axis("head_start", "s")


def _by_kd(p: Array) -> Array:
    """The parameters by rates from those in which the label has Kd and koff."""
    bmax, ns, log_ligand, log_kd, log_koff, log_k3, log_k4 = p
    return rows(bmax, ns, log_ligand, log_koff - log_kd, log_koff, log_k3, log_k4)


def _by_ki(p: Array) -> Array:
    """The parameters with k3 from those in which the competitor has Ki and koff."""
    bmax, ns, log_ligand, log_kd, log_koff, log_ki, log_k4 = p
    return rows(bmax, ns, log_ligand, log_kd, log_koff, log_k4 - log_ki, log_k4)


def _ordered(x: Array, p: Array) -> Array:
    return response(x, _by_kd(p))


def _ordered_jacobian(x: Array, p: Array) -> Array:
    found, by = derivatives(x, _by_kd(p))
    found[3] *= -1.0
    found[4] = p[0] * by.label
    return found


def _ordered_start(x: Array, y: Array) -> Array:
    rates = typical_rates(x, y)
    rates[3] = rates[4] - rates[3]
    return inside(rates, _ordered_limits(x, y))


def _ordered_limits(x: Array, y: Array) -> tuple[Array, Array]:
    (slow, fast), (low, high) = rate_limits(x)
    return box(
        order_of_addition.parameters,
        log_koff=(slow, fast),
        log_kd=(-15.0, 0.0),
        log_kon_competitor=(slow - high, fast - low),
        log_koff_competitor=(slow, fast),
    )


def _ordered_ki(x: Array, p: Array) -> Array:
    return _ordered(x, _by_ki(p))


def _ordered_ki_jacobian(x: Array, p: Array) -> Array:
    found, by = derivatives(x, _by_kd(_by_ki(p)))
    found[3] *= -1.0
    found[5] *= -1.0
    found[4], found[6] = p[0] * by.label, p[0] * by.competitor
    return found


def _ordered_ki_start(x: Array, y: Array) -> Array:
    rates = typical_rates(x, y)
    rates[3], rates[5] = rates[4] - rates[3], rates[6] - rates[5]
    return inside(rates, _ordered_ki_limits(x, y))


def _ordered_ki_limits(x: Array, y: Array) -> tuple[Array, Array]:
    (slow, fast), (low, high) = rate_limits(x)
    return box(
        order_of_addition_ki.parameters,
        log_koff=(slow, fast),
        log_kd=(-15.0, 0.0),
        log_ki=(low, high),
        log_koff_competitor=(slow, fast),
    )


_ORDER = (
    f"{RATES}"
    "lead = (head_start + sqrt(head_start**2)) / 2\n"
    "lag = (sqrt(head_start**2) - head_start) / 2\n"
    "competitor_first = b / kb * (1 - exp(-kb * lead))\n"
    "label_first = a / ka * (1 - exp(-ka * lag))\n"
    "between = (exp(-ks * time) - exp(-kf * time)) / (kf - ks)\n"
    f"together = a / (kf - ks) * {BOUND}\n"
    "kept = label_first * (exp(-kf * time) + (kb - ks) * between)\n"
    "bmax * (together - a * competitor_first * between + kept) + ns * 10**log_ligand"
)
_LABEL = {
    "bmax": 1000.0,
    "ns": 2e10,
    "log_ligand": -9.0,
    "log_kd": math.log10(0.8e-9),
    "log_koff": math.log10(0.028 / 60.0),
}
_ORDER_REFERENCE = (
    f"{MOTULSKY_MAHAN}; from sites that one ligand had to itself (solution of the same rate equations)"
)

order_of_addition = Equation(
    name="order_of_addition",
    title="Competition kinetics by order of addition",
    formula="a = 10**(log_ligand + log_koff - log_kd)\n"
    f"b = 10**(log_concentration + log_kon_competitor)\n{_ORDER}",
    axes=(TIME, LOG_CONCENTRATION, HEAD_START),
    response=SIGNAL,
    parameters=(BMAX, NS, LOG_LIGAND, LOG_KD, LOG_KOFF, LOG_K3, LOG_K4),
    function=_ordered,
    jacobian=_ordered_jacobian,
    start=_ordered_start,
    limits=_ordered_limits,
    reference=_ORDER_REFERENCE,
    cases=(
        Case(
            (1200.0, math.log10(0.5e-9), 600.0),
            {
                **_LABEL,
                "log_kon_competitor": math.log10(0.11e9 / 60.0),
                "log_koff_competitor": math.log10(0.0055 / 60.0),
            },
            174.165897694394989,
            "matrix exponential of the rate equations: k3 0.11 /nM/min, k4 0.0055 /min, competitor 10 min ahead",
            1e-12,
        ),
    ),
)

order_of_addition_ki = Equation(
    name="order_of_addition_ki",
    title="Competition kinetics, Ki fitted directly",
    formula="a = 10**(log_ligand + log_koff - log_kd)\n"
    f"b = 10**(log_concentration + log_koff_competitor - log_ki)\n{_ORDER}",
    axes=(TIME, LOG_CONCENTRATION, HEAD_START),
    response=SIGNAL,
    parameters=(BMAX, NS, LOG_LIGAND, LOG_KD, LOG_KOFF, LOG_KI, LOG_K4),
    function=_ordered_ki,
    jacobian=_ordered_ki_jacobian,
    start=_ordered_ki_start,
    limits=_ordered_ki_limits,
    reference=_ORDER_REFERENCE,
    cases=(
        Case(
            (1200.0, math.log10(0.5e-9), -1800.0),
            {
                **_LABEL,
                "log_ki": math.log10(0.05e-9),
                "log_koff_competitor": math.log10(0.0055 / 60.0),
            },
            459.003198274105411,
            "matrix exponential of the rate equations: Ki 0.05 nM, k4 0.0055 /min, label 30 min ahead",
            1e-12,
        ),
    ),
)
