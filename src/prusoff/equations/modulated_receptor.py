"""The modulated receptor: a drug that binds resting and inactivated channels with different constants.

Channels that are inactivated bind the drug with Ki, those that are not with Kr; the part that is not inactivated at a
potential is the availability h without drug. What is written here is exact for binding at equilibrium.
"""

from __future__ import annotations

import math

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
    return np.logaddexp(resting, inactivated) / LN10, by_resting, by_inactivated


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


def _folds(log_drug: Array, log_kr: Array, log_ki: Array) -> Array:
    """The logarithm of (1 + D/Ki)/(1 + D/Kr); without end of drug it is ln(Kr/Ki)."""
    resting, inactivated = LN10 * (log_drug - log_kr), LN10 * (log_drug - log_ki)
    beyond = (resting > 0.0) & (inactivated > 0.0)
    with np.errstate(invalid="ignore"):
        plain = np.maximum(inactivated, 0.0) - np.maximum(resting, 0.0)
    steps = np.where(beyond, LN10 * (log_kr - log_ki), plain)
    result: Array = steps + np.log1p(np.exp(-np.abs(inactivated))) - np.log1p(np.exp(-np.abs(resting)))
    return result


def _shift(log_drug: Array, p: Array) -> Array:
    slope_factor, log_kr, log_ki = p
    result: Array = -slope_factor * _folds(log_drug, log_kr, log_ki)
    return result


def _shift_jacobian(log_drug: Array, p: Array) -> Array:
    slope_factor, log_kr, log_ki = p
    taken = [logistic(LN10 * (log_drug - one))[1] for one in (log_kr, log_ki)]
    return rows(
        -_folds(log_drug, log_kr, log_ki), -slope_factor * LN10 * taken[0], slope_factor * LN10 * taken[1]
    )


def _shift_start(log_drug: Array, y: Array) -> Array:
    low, high = log_range(log_drug)
    middle = (low + high) / 2.0
    return np.array([USUAL_SLOPE, middle + 0.5, middle - 0.5])


def _shift_limits(log_drug: Array, y: Array) -> tuple[Array, Array]:
    reach = log_range(log_drug)
    return box(availability_shift.parameters, log_kr=reach, log_ki=reach)


availability_shift = Equation(
    name="availability_shift",
    title="Shift of the half potential of availability by a drug (modulated receptor)",
    formula=(
        "-slope_factor * log((1 + 10**(log_concentration - log_ki)) / (1 + 10**(log_concentration - log_kr)))"
    ),
    axes=(LOG_CONCENTRATION,),
    response=Axis("shift", "V"),
    parameters=(SLOPE_FACTOR, LOG_KR, LOG_KI),
    function=_shift,
    jacobian=_shift_jacobian,
    start=_shift_start,
    limits=_shift_limits,
    location="log_ki",
    reference=HILLE,
    cases=(
        Case(
            (math.log10(30e-6),),
            {"slope_factor": 0.0065, **USUAL},
            -5.645921186596e-3,
            "30 uM moves the half potential by -5.65 mV: half point by bisection of a scheme of four states",
            1e-11,
        ),
        Case(
            (math.inf,),
            {"slope_factor": 0.01, "log_kr": -4.0, "log_ki": -5.0},
            -0.01 * math.log(10.0),
            "without end of drug the shift is k ln(Kr/Ki)",
        ),
    ),
)
