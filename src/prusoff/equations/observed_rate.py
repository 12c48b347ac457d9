"""Observed rate constants of association against the free ligand: the line of one step, the hyperbola of two.

A line means that the ligand binds in one step: its slope is kon and its intercept koff. A hyperbola means that a fast
binding is followed by a slower change of shape (induced fit), whose rates limit what is observed.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..core.equation import Array, Axis, Case, Equation, Parameter
from ._guess import box, log_range, means_by_x
from ._logistic import LN10, log10_positive, occupancy, rows
from ._sources import FITTING_MODELS
from .saturation_binding import FREE_LIGAND
from .straight_line import straight_line

KOBS = Axis("kobs", "1/s")

observed_rate_line = replace(
    straight_line,
    name="observed_rate_line",
    title="Observed rate, one-step binding",
    formula="kon * free_ligand + koff",
    axes=(FREE_LIGAND,),
    response=KOBS,
    parameters=(
        Parameter("kon", "kon", "1/M/s", "association rate constant", linear=True),
        Parameter("koff", "koff", "1/s", "dissociation rate constant", linear=True),
    ),
    reference=FITTING_MODELS,
    cases=(Case((2e-9,), {"kon": 3e5, "koff": 3e-4}, 9e-4, "2 nM times 3e5 per M and s, and 3e-4 per s"),),
)


def _hyperbola(x: Array, p: Array) -> Array:
    forward, reverse, log_k = p
    result: Array = reverse + forward * occupancy(x, log_k)[0]
    return result


def _hyperbola_jacobian(x: Array, p: Array) -> Array:
    forward, _, log_k = p
    taken, free = occupancy(x, log_k)
    return rows(taken, 1.0, -LN10 * forward * taken * free)


def _hyperbola_start(x: Array, y: Array) -> Array:
    """Half of the rise at the middle concentration, twice the rise in all."""
    distinct, means = means_by_x(x, y)
    lowest, highest = _constant_range(x)
    middle = float(log10_positive(distinct)[distinct.size // 2])
    log_k = min(max(middle, lowest), highest) if np.isfinite(middle) else (lowest + highest) / 2.0
    return np.array([max(2.0 * float(means[-1] - means[0]), 0.0), max(float(means[0]), 0.0), log_k])


def _constant_range(x: Array) -> tuple[float, float]:
    return log_range(log10_positive(x))


def _hyperbola_limits(x: Array, y: Array) -> tuple[Array, Array]:
    return box(induced_fit_rate.parameters, log_k=_constant_range(x))


induced_fit_rate = Equation(
    name="induced_fit_rate",
    title="Observed rate, induced fit",
    formula="k_reverse + k_forward * free_ligand / (10**log_k + free_ligand)",
    axes=(FREE_LIGAND,),
    response=KOBS,
    parameters=(
        Parameter("k_forward", "k2", "1/s", "rate of the change of shape", lower=0.0, linear=True),
        Parameter("k_reverse", "k-2", "1/s", "rate of the change back", lower=0.0, linear=True),
        Parameter("log_k", "K", "M", "dissociation constant of the first, fast step", log10=True),
    ),
    function=_hyperbola,
    jacobian=_hyperbola_jacobian,
    start=_hyperbola_start,
    limits=_hyperbola_limits,
    location="log_k",
    reference="Copeland RA. Evaluation of Enzyme Inhibitors in Drug Discovery. Wiley 2013",
    cases=(
        Case(
            (3e-9,),
            {"k_forward": 0.02, "k_reverse": 0.001, "log_k": -9.0},
            0.016,
            "at three times K three quarters are loaded: 0.001 + 0.015",
        ),
    ),
)
