"""A partner held constant is titrated with what binds it, and a signal or a velocity is read: direct or tight binding.

The signal follows the part of the partner that is bound, beside what the added ligand gives by itself. Where the
partner is not far below the constant it uses up what is added; the quadratic law counts that, the hyperbola does not.
Wells without partner, or with it blocked, are the same law with the span fixed at 0.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from ..core.equation import Array, Axis, Case, Equation, Parameter
from ._depletion import deplete
from ._guess import box, log_range, shape_of
from ._logistic import LN10, log10_positive, molar, occupancy, rows
from .competition_binding import LOG_KD, LOG_KI
from .concentration_response import LOG_CONCENTRATION, SIGNAL

FREE = Parameter("free", "free", "signal", "signal of the partner alone", linear=True)
ADDED = Axis("added", "M")
SPAN = Parameter(
    "span", "span", "signal", "change of the signal when all of the partner is bound", linear=True
)
LOG_PARTNER = Parameter(
    "log_partner",
    "[P]T",
    "M",
    "concentration of the partner that is held constant, free and bound",
    log10=True,
)
NS = Parameter("ns", "NS", "signal/M", "signal of what is added, without binding", linear=True)
LOG_TITRATION_KD = replace(
    LOG_KD, meaning="equilibrium dissociation constant of what is added and the partner"
)
VELOCITY = Axis("velocity", "signal")
QUADRATIC = "Copeland RA. Evaluation of Enzyme Inhibitors in Drug Discovery. Wiley 2013"


@dataclass(frozen=True)
class _Partner:
    """The part of the partner that is free and that is bound, with derivatives of the latter by two logarithms."""

    free: Array
    bound: Array
    by_log_constant: Array
    by_log_partner: Array


def _partner(added: Array, log_constant: Array, log_partner: Array) -> _Partner:
    partner, affinity = molar(log_partner), 1.0 / molar(log_constant)
    zero = np.zeros_like(partner)
    well = deplete(added, partner, affinity, zero)
    ratio = affinity * well.free
    free, bound = 1.0 / (1.0 + ratio), ratio / (1.0 + ratio)
    by_constant = -LN10 * bound / well.slope
    return _Partner(free, bound, by_constant, by_constant * (partner * affinity) * free)


def _quadratic(x: Array, p: Array) -> Array:
    free, span, log_kd, log_partner, ns = p
    result: Array = free + span * _partner(x, log_kd, log_partner).bound + ns * x
    return result


def _quadratic_jacobian(x: Array, p: Array) -> Array:
    _, span, log_kd, log_partner, _ = p
    partner = _partner(x, log_kd, log_partner)
    return rows(1.0, partner.bound, span * partner.by_log_constant, span * partner.by_log_partner, x)


def _quadratic_start(x: Array, y: Array) -> Array:
    """As if the partner were a tenth of the constant."""
    free, span, log_kd, ns = _hyperbolic_start(x, y)
    return np.array([free, span, log_kd, log_kd - 1.0, ns])


def _quadratic_limits(x: Array, y: Array) -> tuple[Array, Array]:
    return box(quadratic_titration.parameters, log_kd=log_range(log10_positive(x)))


quadratic_titration = Equation(
    name="quadratic_titration",
    title="Titration, the partner uses up what is added",
    formula="kd = 10**log_kd\n"
    "partner = 10**log_partner\n"
    "all = kd + added + partner\n"
    "free + span * 2 * added / (all + sqrt(all**2 - 4 * added * partner)) + ns * added",
    axes=(ADDED,),
    response=SIGNAL,
    parameters=(FREE, SPAN, LOG_TITRATION_KD, LOG_PARTNER, NS),
    function=_quadratic,
    jacobian=_quadratic_jacobian,
    start=_quadratic_start,
    limits=_quadratic_limits,
    location="log_kd",
    reference=QUADRATIC,
    cases=(
        Case(
            (2e-9,),
            {"free": 100.0, "span": 1000.0, "log_kd": -9.0, "log_partner": math.log10(2e-9), "ns": 5e9},
            610.0,
            "by hand: 2 nM of each with a Kd of 1 nM leave 1 nM of each, so half of the partner is bound; 2 nM give 10",
        ),
    ),
)


def _hyperbolic(x: Array, p: Array) -> Array:
    free, span, log_kd, ns = p
    result: Array = free + span * occupancy(x, log_kd)[0] + ns * x
    return result


def _hyperbolic_jacobian(x: Array, p: Array) -> Array:
    _, span, log_kd, _ = p
    bound, left = occupancy(x, log_kd)
    return rows(1.0, bound, -LN10 * span * left * bound, x)


def _hyperbolic_start(x: Array, y: Array) -> Array:
    shape = shape_of(log10_positive(x), y)
    return np.array([shape.before, shape.after - shape.before, shape.crossing(0.5), 0.0])


def _hyperbolic_limits(x: Array, y: Array) -> tuple[Array, Array]:
    return box(hyperbolic_titration.parameters, log_kd=log_range(log10_positive(x)))


hyperbolic_titration = Equation(
    name="hyperbolic_titration",
    title="Titration, what is added stays free",
    formula="free + span * added / (10**log_kd + added) + ns * added",
    axes=(ADDED,),
    response=SIGNAL,
    parameters=(FREE, SPAN, LOG_TITRATION_KD, NS),
    function=_hyperbolic,
    jacobian=_hyperbolic_jacobian,
    start=_hyperbolic_start,
    limits=_hyperbolic_limits,
    location="log_kd",
    reference=QUADRATIC,
    cases=(
        Case(
            (1e-9,),
            {"free": 100.0, "span": 1000.0, "log_kd": -9.0, "ns": 5e9},
            605.0,
            "at a concentration of Kd half of the partner is bound; 1 nM gives 5 by itself",
        ),
    ),
)


def _morrison(x: Array, p: Array) -> Array:
    background, v0, log_ki_app, log_enzyme = p
    result: Array = background + v0 * _partner(molar(x), log_ki_app, log_enzyme).free
    return result


def _morrison_jacobian(x: Array, p: Array) -> Array:
    _, v0, log_ki_app, log_enzyme = p
    enzyme = _partner(molar(x), log_ki_app, log_enzyme)
    return rows(1.0, enzyme.free, -v0 * enzyme.by_log_constant, -v0 * enzyme.by_log_partner)


def _morrison_start(x: Array, y: Array) -> Array:
    shape = shape_of(x, y)
    log_ki = shape.crossing(0.5)
    return np.array([shape.after, shape.before - shape.after, log_ki, log_ki - 1.0])


def _morrison_limits(x: Array, y: Array) -> tuple[Array, Array]:
    return box(morrison.parameters, log_ki_app=log_range(x))


morrison = Equation(
    name="morrison",
    title="Tight-binding inhibition of a velocity (Morrison)",
    formula="inhibitor = 10**log_concentration\n"
    "ki = 10**log_ki_app\n"
    "enzyme = 10**log_enzyme\n"
    "excess = enzyme - inhibitor - ki\n"
    "background + v0 * (excess + sqrt(excess**2 + 4 * enzyme * ki)) / (2 * enzyme)",
    axes=(LOG_CONCENTRATION,),
    response=VELOCITY,
    parameters=(
        Parameter(
            "background", "background", "signal", "velocity without enzyme or transporter", linear=True
        ),
        Parameter("v0", "v0", "signal", "velocity without inhibitor, less the background", linear=True),
        replace(
            LOG_KI,
            name="log_ki_app",
            symbol="Ki,app",
            meaning="apparent inhibition constant at the substrate used",
        ),
        replace(
            LOG_PARTNER,
            name="log_enzyme",
            symbol="[E]T",
            meaning="concentration of active enzyme or transporter, free and inhibited",
        ),
    ),
    function=_morrison,
    jacobian=_morrison_jacobian,
    start=_morrison_start,
    limits=_morrison_limits,
    location="log_ki_app",
    reference="Morrison JF. Biochim Biophys Acta 1969;185:269-286",
    cases=(
        Case(
            (math.log10(2e-9),),
            {"background": 5.0, "v0": 80.0, "log_ki_app": -9.0, "log_enzyme": math.log10(2e-9)},
            45.0,
            "by hand: 2 nM enzyme, 2 nM inhibitor and a Ki of 1 nM leave half of the enzyme active",
        ),
    ),
)
