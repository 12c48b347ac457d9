"""Competition of an unlabelled compound with a radioligand, at equilibrium and without depletion of either.

`top` is the binding without competitor, `bottom` the nonspecific binding. Ki is reached from the IC50 by Cheng and
Prusoff, Ki = IC50/(1 + [L]/Kd), inside the law: fix `log_ligand` and `log_kd` at the measured values, or give them a
known error, and it reaches the Ki. Two sites are written as the high affinity and the ratio of the two, so that
which site is which never changes; the log IC50 (or log Ki) of the low one is the sum of both.
"""

from __future__ import annotations

import math

import numpy as np

from ..core.equation import Array, Case, Equation, Parameter
from ._guess import box, log_range, shape_of
from ._logistic import LN10, logistic, rows, softplus
from ._sources import CHENG_PRUSOFF, FITTING_MODELS
from .concentration_response import BOTTOM, LOG_CONCENTRATION, SIGNAL, TOP, three_parameter_logistic

LOG_KI = Parameter("log_ki", "Ki", "M", "equilibrium dissociation constant of the competitor", log10=True)
LOG_LIGAND = Parameter("log_ligand", "[L]", "M", "free concentration of the radioligand", log10=True)
LOG_KD = Parameter("log_kd", "Kd", "M", "equilibrium dissociation constant of the radioligand", log10=True)
FRACTION_HIGH = Parameter(
    "fraction_high", "f", "", "part of the sites that has the high affinity", lower=0.0, upper=1.0
)
LOG_IC50_HIGH = Parameter("log_ic50_high", "IC50,high", "M", "IC50 at the high-affinity site", log10=True)
LOG_KI_HIGH = Parameter(
    "log_ki_high", "Ki,high", "M", "dissociation constant at the high-affinity site", log10=True
)
LOG_RATIO = Parameter(
    "log_ratio", "low/high", "", "how many times weaker the low-affinity site is", lower=0.0, log10=True
)


def _shift(log_ligand: Array, log_kd: Array) -> tuple[Array, Array]:
    """log10(1 + [L]/Kd), and its derivative by log [L]: the occupancy [L]/([L] + Kd)."""
    exponent = LN10 * (log_ligand - log_kd)
    return softplus(exponent) / LN10, logistic(exponent)[1]


def _one_site_ki(x: Array, p: Array) -> Array:
    bottom, top, log_ki, log_ligand, log_kd = p
    log_ic50 = log_ki + _shift(log_ligand, log_kd)[0]
    return three_parameter_logistic.function(x, rows(bottom, top, log_ic50))


def _one_site_ki_jacobian(x: Array, p: Array) -> Array:
    bottom, top, log_ki, log_ligand, log_kd = p
    shift, occupancy = _shift(log_ligand, log_kd)
    derivative = three_parameter_logistic.jacobian(x, rows(bottom, top, log_ki + shift))
    by_shift = derivative[2] * occupancy
    return rows(*derivative, by_shift, -by_shift)


def _one_site_ki_start(x: Array, y: Array) -> Array:
    bottom, top, log_ic50 = three_parameter_logistic.start(x, y)
    return np.array([bottom, top, log_ic50 - math.log10(2.0), log_ic50, log_ic50])


def _one_site_ki_limits(x: Array, y: Array) -> tuple[Array, Array]:
    return box(one_site_competition_ki.parameters, log_ki=log_range(x))


one_site_competition_ki = Equation(
    name="one_site_competition_ki",
    title="One-site competition, Ki fitted directly",
    formula="bottom + (top - bottom)"
    " / (1 + 10**(log_concentration - log_ki) / (1 + 10**(log_ligand - log_kd)))",
    axes=(LOG_CONCENTRATION,),
    response=SIGNAL,
    parameters=(BOTTOM, TOP, LOG_KI, LOG_LIGAND, LOG_KD),
    function=_one_site_ki,
    jacobian=_one_site_ki_jacobian,
    start=_one_site_ki_start,
    limits=_one_site_ki_limits,
    location="log_ki",
    reference=CHENG_PRUSOFF,
    cases=(
        Case(
            (math.log10(35e-9),),
            {
                "bottom": 300.0,
                "top": 2500.0,
                "log_ki": math.log10(35e-9 / 2.25),
                "log_ligand": -9.0,
                "log_kd": math.log10(0.8e-9),
            },
            1400.0,
            "Cheng-Prusoff: with 1 nM label of Kd 0.8 nM, Ki 15.56 nM is an IC50 of 35 nM, where half is left",
        ),
    ),
)


def _two_site(x: Array, p: Array) -> Array:
    bottom, top, fraction_high, log_high, log_ratio = p
    high, _ = logistic(LN10 * (x - log_high))
    low, _ = logistic(LN10 * (x - log_high - log_ratio))
    result: Array = bottom + (top - bottom) * (fraction_high * high + (1.0 - fraction_high) * low)
    return result


def _two_site_jacobian(x: Array, p: Array) -> Array:
    bottom, top, fraction_high, log_high, log_ratio = p
    high, high_gone = logistic(LN10 * (x - log_high))
    low, low_gone = logistic(LN10 * (x - log_high - log_ratio))
    fraction_low, span = 1.0 - fraction_high, top - bottom
    by_ratio = LN10 * span * fraction_low * low * low_gone
    return rows(
        fraction_high * high_gone + fraction_low * low_gone,
        fraction_high * high + fraction_low * low,
        span * high_gone * low * np.expm1(-LN10 * log_ratio),  # high - low without losing digits
        LN10 * span * fraction_high * high * high_gone + by_ratio,
        by_ratio,
    )


def _two_site_start(x: Array, y: Array) -> Array:
    shape = shape_of(x, y)
    high, low = sorted((shape.crossing(0.25), shape.crossing(0.75)))
    return np.array([shape.after, shape.before, 0.5, high, max(low - high, 0.5)])


def _two_site_limits(x: Array, y: Array) -> tuple[Array, Array]:
    least, most = log_range(x)
    return box(two_site_competition.parameters, log_ic50_high=(least, most), log_ratio=(0.0, most - least))


two_site_competition = Equation(
    name="two_site_competition",
    title="Two-site competition",
    formula="bottom + (top - bottom) * (fraction_high / (1 + 10**(log_concentration - log_ic50_high))"
    " + (1 - fraction_high) / (1 + 10**(log_concentration - log_ic50_high - log_ratio)))",
    axes=(LOG_CONCENTRATION,),
    response=SIGNAL,
    parameters=(BOTTOM, TOP, FRACTION_HIGH, LOG_IC50_HIGH, LOG_RATIO),
    function=_two_site,
    jacobian=_two_site_jacobian,
    start=_two_site_start,
    limits=_two_site_limits,
    location="log_ic50_high",
    reference=FITTING_MODELS,
    cases=(
        Case(
            (-7.5,),
            {"bottom": 10.0, "top": 110.0, "fraction_high": 0.5, "log_ic50_high": -9.0, "log_ratio": 3.0},
            60.0,
            "half way between two equally frequent sites half is left, by symmetry",
        ),
        Case(
            (-9.0,),
            {"bottom": 0.0, "top": 220.0, "fraction_high": 1.0, "log_ic50_high": -8.0, "log_ratio": 2.0},
            200.0,
            "with all sites of high affinity it is the one-site law: 220/(1 + 0.1)",
        ),
    ),
)


def _two_site_ki(x: Array, p: Array) -> Array:
    log_ki_high, log_ratio, log_ligand, log_kd = p[3:]
    log_ic50_high = log_ki_high + _shift(log_ligand, log_kd)[0]
    return _two_site(x, rows(*p[:3], log_ic50_high, log_ratio))


def _two_site_ki_jacobian(x: Array, p: Array) -> Array:
    log_ki_high, log_ratio, log_ligand, log_kd = p[3:]
    shift, occupancy = _shift(log_ligand, log_kd)
    derivative = _two_site_jacobian(x, rows(*p[:3], log_ki_high + shift, log_ratio))
    by_shift = derivative[3] * occupancy
    return rows(*derivative, by_shift, -by_shift)


def _two_site_ki_start(x: Array, y: Array) -> Array:
    bottom, top, fraction_high, log_high, log_ratio = _two_site_start(x, y)
    return np.array([bottom, top, fraction_high, log_high - math.log10(2.0), log_ratio, log_high, log_high])


def _two_site_ki_limits(x: Array, y: Array) -> tuple[Array, Array]:
    least, most = log_range(x)
    return box(two_site_competition_ki.parameters, log_ki_high=(least, most), log_ratio=(0.0, most - least))


two_site_competition_ki = Equation(
    name="two_site_competition_ki",
    title="Two-site competition, Ki fitted directly",
    formula="bottom + (top - bottom) * (fraction_high"
    " / (1 + 10**(log_concentration - log_ki_high) / (1 + 10**(log_ligand - log_kd)))"
    " + (1 - fraction_high)"
    " / (1 + 10**(log_concentration - log_ki_high - log_ratio) / (1 + 10**(log_ligand - log_kd))))",
    axes=(LOG_CONCENTRATION,),
    response=SIGNAL,
    parameters=(BOTTOM, TOP, FRACTION_HIGH, LOG_KI_HIGH, LOG_RATIO, LOG_LIGAND, LOG_KD),
    function=_two_site_ki,
    jacobian=_two_site_ki_jacobian,
    start=_two_site_ki_start,
    limits=_two_site_ki_limits,
    location="log_ki_high",
    reference=f"{FITTING_MODELS}; {CHENG_PRUSOFF}. The label is taken to bind both sites alike",
    cases=(
        Case(
            (-7.5,),
            {
                "bottom": 10.0,
                "top": 110.0,
                "fraction_high": 0.5,
                "log_ki_high": -9.0 - math.log10(2.0),
                "log_ratio": 3.0,
                "log_ligand": -9.0,
                "log_kd": -9.0,
            },
            60.0,
            "at [L] = Kd each Ki is half its IC50; half way between two equally frequent sites half is left",
        ),
    ),
)
