"""The modulated receptor: a drug that binds resting and inactivated channels with different constants.

Channels that are inactivated bind the drug with Ki, those that are not with Kr; the part that is not inactivated at a
potential is the availability h without drug. What is written here is exact for binding at equilibrium.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from ..core.equation import Array, Axis, Case, Equation, Parameter
from ._guess import box, log_range
from ._logistic import LN10, finite_or_zero, logistic, rows, softplus
from .concentration_response import HILL_SLOPE, LOG_CONCENTRATION, SIGNAL
from .gating import SLOPE_FACTOR, USUAL_SLOPE, V_HALF, VOLTAGE, availability

HILLE = "Hille B. J Gen Physiol 1977;69:497-515; Bean BP, Cohen CJ, Tsien RW. J Gen Physiol 1983;81:613-642"
LOG_KR = Parameter("log_kr", "Kr", "M", "dissociation constant at resting channels", log10=True)
LOG_KI = Parameter("log_ki", "Ki", "M", "dissociation constant at inactivated channels", log10=True)
USUAL = {"log_kr": math.log10(45.57e-6), "log_ki": math.log10(10.16e-6)}
S22_IC50 = 15.146489736642e-6  # at -60 mV with V1/2 -62 mV and k 6.5 mV, from the occupancies of four states


def _log_affinity(v: Array, p: Array) -> tuple[Array, Array, Array]:
    """log10 of h/Kr + (1 - h)/Ki, and the parts of it that resting and inactivated channels make."""
    v_half, slope_factor, log_kr, log_ki = p
    t = (v - v_half) / slope_factor
    resting, inactivated = -softplus(t) - LN10 * log_kr, -softplus(-t) - LN10 * log_ki
    by_inactivated, by_resting = logistic(resting - inactivated)
    with np.errstate(invalid="ignore"):  # far outside any potential both are without end
        affinity = np.logaddexp(resting, inactivated) / LN10
    return affinity, by_resting, by_inactivated


def _log_ic50(v: Array, p: Array) -> Array:
    return -_log_affinity(v, p)[0]


def _log_ic50_jacobian(v: Array, p: Array) -> Array:
    v_half, slope_factor = p[:2]
    _, by_resting, by_inactivated = _log_affinity(v, p)
    available, gone = logistic((v - v_half) / slope_factor)
    turn = (by_resting * gone - by_inactivated * available) / (slope_factor * LN10)
    return rows(-turn, -turn * (v - v_half) / slope_factor, by_resting, by_inactivated)


def _log_ic50_start(v: Array, y: Array) -> Array:
    """Kr as the highest IC50, Ki below the lowest."""
    middle = float(np.clip(np.median(v), V_HALF.lower, V_HALF.upper))
    return np.array([middle, USUAL_SLOPE, float(y.max()), float(y.min()) - 0.3])


modulated_ic50 = Equation(
    name="modulated_ic50",
    title="IC50 against the potential (modulated receptor)",
    formula=(
        "available = 1 / (1 + exp((voltage - v_half) / slope_factor))\n"
        "inactivated = 1 / (1 + exp((v_half - voltage) / slope_factor))\n"
        "-log10(available * 10**(-log_kr) + inactivated * 10**(-log_ki))"
    ),
    axes=(VOLTAGE,),
    response=Axis("log_ic50", "M", log10=True),
    parameters=(V_HALF, SLOPE_FACTOR, LOG_KR, LOG_KI),
    function=_log_ic50,
    jacobian=_log_ic50_jacobian,
    start=_log_ic50_start,
    location="",
    reference=HILLE,
    cases=(
        Case(
            (-0.06,),
            {"v_half": -0.062, "slope_factor": 0.0065, **USUAL},
            math.log10(S22_IC50),
            "a fraction of 0.424 available makes an IC50 of 15.1 uM of 45.57 and 10.16 uM",
            1e-11,
        ),
    ),
)


def _modulated(x: Array, p: Array) -> Array:
    v, log_drug = x
    maximum, hill_slope = p[0], p[5]
    available, left, _ = _parts(v, log_drug, p[1:5], hill_slope)[:3]
    result: Array = maximum * available * left
    return result


def _parts(
    v: Array, log_drug: Array, gates: Array, hill_slope: Array
) -> tuple[Array, Array, Array, Array, tuple[Array, Array]]:
    """Available, left and taken by the drug, log10 of [D]/IC50, and by which channels the drug is bound."""
    v_half, slope_factor = gates[:2]
    log_affinity, by_resting, by_inactivated = _log_affinity(v, gates)
    log_dose = log_drug + log_affinity
    left, taken = logistic(LN10 * hill_slope * log_dose)
    return logistic((v - v_half) / slope_factor)[0], left, taken, log_dose, (by_resting, by_inactivated)


def _modulated_jacobian(x: Array, p: Array) -> Array:
    v, log_drug = x
    maximum, v_half, slope_factor, _, _, n = p
    available, left, taken, log_dose, (by_resting, by_inactivated) = _parts(v, log_drug, p[1:5], n)
    gone = logistic((v - v_half) / slope_factor)[1]
    whole = maximum * available * left
    # (1 - h)(1 - n taken resting) + n taken inactivated h, without the difference where n is 1
    turn = gone * ((1.0 - n) + n * (left + taken * by_inactivated)) + n * taken * by_inactivated * available
    by_half = whole * turn / slope_factor
    return rows(
        available * left,
        by_half,
        by_half * (v - v_half) / slope_factor,
        whole * LN10 * n * taken * by_resting,
        whole * LN10 * n * taken * by_inactivated,
        -whole * taken * LN10 * finite_or_zero(log_dose),
    )


def _modulated_start(x: Array, y: Array) -> Array:
    """The availability of the points with the least drug; Kr and Ki around the middle of what was tested."""
    v, log_drug = x
    least = log_drug == log_drug.min()
    bottom, top, v_half, slope_factor = availability.start(v[least], y[least])
    maximum = top if abs(top) >= abs(bottom) else bottom
    low, high = log_range(log_drug)
    middle = (low + high) / 2.0
    guess = np.array([maximum, v_half, slope_factor, middle + 0.3, middle - 0.3, 1.0])
    clipped: Array = np.clip(guess, *_modulated_limits(x, y))
    return clipped


def _modulated_limits(x: Array, y: Array) -> tuple[Array, Array]:
    reach = log_range(x[1])
    return box(modulated_receptor.parameters, log_kr=reach, log_ki=reach)


modulated_receptor = Equation(
    name="modulated_receptor",
    title="Block of resting and inactivated channels (modulated receptor)",
    formula=(
        "available = 1 / (1 + exp((voltage - v_half) / slope_factor))\n"
        "inactivated = 1 / (1 + exp((v_half - voltage) / slope_factor))\n"
        "affinity = available * 10**(-log_kr) + inactivated * 10**(-log_ki)\n"
        "maximum * available / (1 + (10**log_concentration * affinity)**hill_slope)"
    ),
    axes=(VOLTAGE, LOG_CONCENTRATION),
    response=SIGNAL,
    parameters=(
        Parameter("maximum", "Imax", "signal", "current with all channels available, without drug", linear=True),
        V_HALF,
        SLOPE_FACTOR,
        LOG_KR,
        LOG_KI,
        HILL_SLOPE,
    ),
    function=_modulated,
    jacobian=_modulated_jacobian,
    start=_modulated_start,
    limits=_modulated_limits,
    location="log_ki",
    reference=HILLE,
    cases=(
        Case(
            (-0.06, math.log10(S22_IC50)),
            {"maximum": -200.0, "v_half": -0.062, "slope_factor": 0.0065, **USUAL, "hill_slope": 1.0},
            -100.0 / (1.0 + math.exp(2.0 / 6.5)),
            "the IC50 at this potential halves what is available there",
            1e-11,
        ),
        Case(
            (-0.05, -5.0),
            {"maximum": 1.0, "v_half": -0.07, "slope_factor": 0.006, "log_kr": -5.0, "log_ki": -5.0,
             "hill_slope": 1.3},
            0.5 / (1.0 + math.exp(20.0 / 6.0)),
            "equal constants: half of what is available is left at the constant, at every potential",
        ),
    ),
)  # fmt: skip


def _by_ratio(p: Array) -> Array:
    """The parameters with Kr/Ki in place of Ki as those of the law with both constants."""
    maximum, v_half, slope_factor, log_kr, log_ratio, hill_slope = p
    return rows(maximum, v_half, slope_factor, log_kr, log_kr - log_ratio, hill_slope)


def _ratio_block(x: Array, p: Array) -> Array:
    return _modulated(x, _by_ratio(p))


def _ratio_jacobian(x: Array, p: Array) -> Array:
    by = _modulated_jacobian(x, _by_ratio(p))
    return rows(by[0], by[1], by[2], by[3] + by[4], -by[4], by[5])


def _ratio_start(x: Array, y: Array) -> Array:
    guess = _modulated_start(x, y)
    guess[4] = guess[3] - guess[4]
    clipped: Array = np.clip(guess, *_ratio_limits(x, y))
    return clipped


def _ratio_limits(x: Array, y: Array) -> tuple[Array, Array]:
    return box(modulated_receptor_ratio.parameters, log_kr=log_range(x[1]))


modulated_receptor_ratio = replace(
    modulated_receptor,
    name="modulated_receptor_ratio",
    title="Block of resting and inactivated channels, by the ratio of their constants",
    formula=modulated_receptor.formula.replace("10**(-log_ki)", "10**(log_ratio - log_kr)"),
    parameters=(
        *modulated_receptor.parameters[:4],
        Parameter(
            "log_ratio",
            "Kr/Ki",
            "",
            "how many times more tightly inactivated channels bind",
            lower=-4.0,
            upper=4.0,
            log10=True,
        ),
        HILL_SLOPE,
    ),
    function=_ratio_block,
    jacobian=_ratio_jacobian,
    start=_ratio_start,
    limits=_ratio_limits,
    location="log_kr",
    cases=(
        Case(
            (-0.06, math.log10(S22_IC50)),
            {"maximum": -200.0, "v_half": -0.062, "slope_factor": 0.0065, "log_kr": USUAL["log_kr"],
             "log_ratio": math.log10(45.57 / 10.16), "hill_slope": 1.0},
            -100.0 / (1.0 + math.exp(2.0 / 6.5)),
            "the IC50 at this potential halves what is available there",
            1e-11,
        ),
    ),
)  # fmt: skip
