"""A modulator at a second site: what it does to the binding of a label, and to the rate at which the label leaves."""

from __future__ import annotations

import math

import numpy as np

from ..core.equation import Array, Axis, Case, Equation, Parameter
from ._guess import box, log_range, shape_of
from ._logistic import LN10, log10_positive, logistic, occupancy, rows

SOURCE = "Lazareno S, Birdsall NJM. Mol Pharmacol 1995;48:362-378; Kostenis E, Mohr K. Trends Pharmacol Sci 1996;17:280"
MOST_FOLD = 100.0  # a modulator that speeds dissociation up more than this has not been seen
WORKED = "rates of the ternary complex: koff 0.06 and 0.006 per min, KB 5 uM, alpha 3, 3 uM modulator"


def _between(log_modulator: Array, log_half: Array, fold: Array) -> tuple[Array, Array, Array]:
    """What a modulator makes of 1 on the way to `fold`, and the fractions of the sites without it and with it."""
    without, with_it = logistic(LN10 * (log_modulator - log_half))
    return without + fold * with_it, without, with_it


def _binding(x: Array, p: Array) -> Array:
    (log_modulator, ligand), (bottom, bmax, log_kd, log_kb, log_alpha) = x, p
    raised, _, _ = _between(log_modulator, log_kb, np.power(10.0, log_alpha))
    result: Array = bottom + bmax * occupancy(ligand, log_kd - np.log10(raised))[0]
    return result


def _binding_jacobian(x: Array, p: Array) -> Array:
    (log_modulator, ligand), (_, bmax, log_kd, log_kb, log_alpha) = x, p
    alpha = np.power(10.0, log_alpha)
    raised, without, with_it = _between(log_modulator, log_kb, alpha)
    taken, free = occupancy(ligand, log_kd - np.log10(raised))
    slope = bmax * taken * free
    return rows(
        np.ones_like(taken),
        taken,
        -LN10 * slope,
        LN10 * slope / raised * without * with_it * (1.0 - alpha),
        LN10 * slope / raised * alpha * with_it,
    )


def _binding_start(x: Array, y: Array) -> Array:
    log_modulator, ligand = x
    shape = shape_of(log_modulator, y)
    some = ligand[(ligand > 0.0) & np.isfinite(ligand)]
    log_kd = math.log10(float(np.median(some))) if some.size else -9.0
    alpha = 0.5 if shape.after > shape.before else -0.5
    bottom = min(float(y.min()), 0.0)
    return np.array([bottom, 2.0 * (float(y.max()) - bottom), log_kd, shape.crossing(0.5), alpha])


def _binding_limits(x: Array, y: Array) -> tuple[Array, Array]:
    return box(
        allosteric_ternary_complex.parameters,
        log_kb=log_range(x[0]),
        log_kd=log_range(log10_positive(x[1])),
    )


allosteric_ternary_complex = Equation(
    name="allosteric_ternary_complex",
    title="Allosteric ternary complex: binding of a label with a modulator at a second site",
    formula=(
        "w = 10**(log_modulator - log_kb)\n"
        "raised = (1 + 10**log_alpha * w) / (1 + w)\n"
        "bottom + bmax * ligand * raised / (ligand * raised + 10**log_kd)"
    ),
    axes=(Axis("log_modulator", "M", log10=True), Axis("ligand", "M")),
    response=Axis("bound", "signal"),
    parameters=(
        Parameter("bottom", "bottom", "signal", "binding without sites", linear=True),
        Parameter("bmax", "Bmax", "signal", "specific binding at saturating label", linear=True),
        Parameter("log_kd", "KA", "M", "dissociation constant of the label without modulator", log10=True),
        Parameter("log_kb", "KB", "M", "dissociation constant of the modulator without label", log10=True),
        Parameter(
            "log_alpha", "alpha", "", "cooperativity: above 1 the modulator raises the affinity of the label",
            -6.0, 6.0, log10=True,
        ),
    ),
    function=_binding,
    jacobian=_binding_jacobian,
    start=_binding_start,
    limits=_binding_limits,
    location="log_kb",
    reference="Ehlert FJ. Mol Pharmacol 1988;33:187-194; Christopoulos A, Kenakin T. Pharmacol Rev 2002;54:323-374",
    cases=(
        Case(
            (math.log10(3e-6), 2e-9),
            {
                "bottom": 0.0,
                "bmax": 1.0,
                "log_kd": math.log10(1.2e-9),
                "log_kb": math.log10(5e-6),
                "log_alpha": math.log10(3.0),
            },
            35.0 / 47.0,
            "KA,app is 1.2 nM times 1.6/2.8, and 2 nM over 2 nM + KA,app is 35/47",
        ),
    ),
)  # fmt: skip


def _rate(x: Array, p: Array) -> Array:
    log_koff, residual, log_ec50 = p
    result: Array = np.power(10.0, log_koff) * _between(x, log_ec50, residual)[0]
    return result


def _rate_jacobian(x: Array, p: Array) -> Array:
    log_koff, residual, log_ec50 = p
    koff = np.power(10.0, log_koff)
    factor, without, with_it = _between(x, log_ec50, residual)
    return rows(LN10 * koff * factor, koff * with_it, LN10 * koff * without * with_it * (1.0 - residual))


def _rate_start(x: Array, y: Array) -> Array:
    shape = shape_of(x, y)
    koff = max(shape.before, 1e-12)
    residual = min(max(shape.after / koff, 0.0), MOST_FOLD)
    return np.array([math.log10(koff), residual, shape.crossing(0.5)])


def _rate_limits(x: Array, y: Array) -> tuple[Array, Array]:
    return box(allosteric_dissociation_rate.parameters, log_ec50=log_range(x))


_KOFF = Parameter("log_koff", "koff", "1/s", "rate constant of dissociation without modulator", log10=True)
_RESIDUAL = Parameter(
    "residual",
    "residual rate",
    "",
    "rate with the second site full over that without modulator",
    0.0,
    MOST_FOLD,
)
_EC50 = Parameter(
    "log_ec50", "EC50", "M", "modulator that has half of its effect on the rate: KB/alpha", log10=True
)

allosteric_dissociation_rate = Equation(
    name="allosteric_dissociation_rate",
    title="Rate of dissociation against modulator",
    formula=(
        "w = 10**(log_modulator - log_ec50)\n"
        "10**log_koff * (1 / (1 + w) + residual * w / (1 + w))"
    ),
    axes=(Axis("log_modulator", "M", log10=True),),
    response=Axis("rate", "1/s"),
    parameters=(_KOFF, _RESIDUAL, _EC50),
    function=_rate,
    jacobian=_rate_jacobian,
    start=_rate_start,
    limits=_rate_limits,
    location="log_ec50",
    reference=SOURCE,
    cases=(
        Case(
            (math.log10(3e-6),),
            {"log_koff": -3.0, "residual": 0.1, "log_ec50": math.log10(5e-6 / 3.0)},
            1e-3 * 2.36 / 5.6,
            f"{WORKED}: (0.06 + 0.006 times 1.8)/2.8 per min",
        ),
    ),
)  # fmt: skip


def _course(x: Array, p: Array) -> Array:
    (log_modulator, time), (span, plateau, log_koff, residual, log_ec50) = x, p
    rate = np.power(10.0, log_koff) * _between(log_modulator, log_ec50, residual)[0]
    result: Array = plateau + span * np.exp(-rate * time)
    return result


def _course_jacobian(x: Array, p: Array) -> Array:
    (log_modulator, time), (span, _, log_koff, residual, log_ec50) = x, p
    koff = np.power(10.0, log_koff)
    factor, without, with_it = _between(log_modulator, log_ec50, residual)
    left = np.exp(-koff * factor * time)
    steep = -span * left * koff * time
    return rows(
        left,
        np.ones_like(left),
        LN10 * steep * factor,
        steep * with_it,
        LN10 * steep * without * with_it * (1.0 - residual),
    )


def _course_start(x: Array, y: Array) -> Array:
    """Rates at each concentration by lines through the origin of the logs, and from these the effect of modulator."""
    log_modulator, time = x
    plateau, span = float(y.min()), max(float(np.ptp(y)), 1e-12)
    inside = np.isfinite(time) & (time > 0.0)
    logs = -np.log(np.clip((y - plateau) / span, 0.02, 1.0))
    levels = np.unique(log_modulator[inside])
    guess = np.array([-3.0, 1.0, shape_of(log_modulator, y).crossing(0.5)])
    if levels.size:
        rates = np.array([_slope(time, logs, inside & (log_modulator == level)) for level in levels])
        guess = _rate_start(levels, rates)
    clipped: Array = np.clip(np.array([span, plateau, *guess]), *_course_limits(x, y))
    return clipped


def _slope(time: Array, logs: Array, those: Array) -> float:
    t, z = time[those], logs[those]
    return float(t @ z) / float(t @ t)


def _rate_range(time: Array) -> tuple[float, float]:
    shortest, longest = log_range(log10_positive(time))
    return -longest, -shortest


def _course_limits(x: Array, y: Array) -> tuple[Array, Array]:
    return box(allosteric_dissociation.parameters, log_ec50=log_range(x[0]), log_koff=_rate_range(x[1]))


allosteric_dissociation = Equation(
    name="allosteric_dissociation",
    title="Dissociation of a label in the presence of a modulator",
    formula=(
        "w = 10**(log_modulator - log_ec50)\n"
        "rate = 10**log_koff * (1 / (1 + w) + residual * w / (1 + w))\n"
        "plateau + span * exp(-rate * time)"
    ),
    axes=(Axis("log_modulator", "M", log10=True), Axis("time", "s")),
    response=Axis("bound", "signal"),
    parameters=(
        Parameter("span", "span", "signal", "specific binding when dissociation starts", linear=True),
        Parameter("plateau", "plateau", "signal", "nonspecific binding", linear=True),
        _KOFF,
        _RESIDUAL,
        _EC50,
    ),
    function=_course,
    jacobian=_course_jacobian,
    start=_course_start,
    limits=_course_limits,
    location="log_ec50",
    reference=SOURCE,
    cases=(
        Case(
            (math.log10(3e-6), 1e3 * 5.6 / 2.36 * math.log(2.0)),
            {
                "span": 80.0,
                "plateau": 10.0,
                "log_koff": -3.0,
                "residual": 0.1,
                "log_ec50": math.log10(5e-6 / 3.0),
            },
            50.0,
            f"half of the label has left after one half-time of 27.4 min; {WORKED}",
        ),
    ),
)  # fmt: skip
