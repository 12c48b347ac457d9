"""Agonist curves in the presence of a second compound that moves them along the axis and leaves their shape.

The agonist stands on the first axis, the second compound on the second. Without the second compound (at -inf) all laws
are the agonist's own curve. An infinite concentration counts as two thousand decades, so that even both at once have a
value.
"""

from __future__ import annotations

import math

import numpy as np

from ..core.equation import Array, Axis, Case, Equation, Parameter
from ._guess import box, log_range
from ._logistic import LN10, logistic, rows, softplus
from .agonist_response import BASAL, LOG_EC50, MAXIMUM, agonist_response
from .concentration_response import HILL_SLOPE, SIGNAL

FAR = 2000.0  # decades that stand for an infinite concentration
LOG_AGONIST = Axis("log_agonist", "M", log10=True)
LOG_ANTAGONIST = Axis("log_antagonist", "M", log10=True)
LOG_MODULATOR = Axis("log_modulator", "M", log10=True)
LOG_KB = Parameter("log_kb", "KB", "M", "equilibrium dissociation constant of the antagonist", log10=True)
SCHILD_SLOPE = Parameter(
    "schild_slope", "s", "", "1 for a competitive antagonist at equilibrium", lower=0.1, upper=5.0
)
LOG_KB_MODULATOR = Parameter(
    "log_kb", "KB", "M", "dissociation constant of the modulator at the free receptor", log10=True
)
LOG_ALPHA = Parameter(
    "log_alpha",
    "alpha",
    "",
    "how many times the modulator raises the affinity of the agonist",
    lower=-6.0,
    upper=6.0,
    log10=True,
)


def both(x: Array) -> tuple[Array, Array]:
    """The log concentrations of both compounds, infinite ones at the end of a long axis."""
    agonist, other = np.clip(x, -FAR, FAR)
    return agonist, other


def start_without(x: Array, y: Array) -> Array:
    """The first guess of the agonist's own curve, from the points with the least of the second compound."""
    least = x[1] == x[1].min()
    return agonist_response.start(x[0][least], y[least])


def middle(log_x: Array) -> float:
    """The middle of the finite log concentrations; 0 where there is none."""
    finite = log_x[np.isfinite(log_x)]
    return float(np.median(finite)) if finite.size else 0.0


def _moved(x: Array, p: Array, shift: Array) -> Array:
    """The agonist's curve with its EC50 raised by so many decades."""
    bottom, top, log_ec50, hill_slope = p[:4]
    return agonist_response.function(x, rows(bottom, top, log_ec50 + shift, hill_slope))


def _moved_jacobian(x: Array, p: Array, shift: Array) -> Array:
    bottom, top, log_ec50, hill_slope = p[:4]
    return agonist_response.jacobian(x, rows(bottom, top, log_ec50 + shift, hill_slope))


def _gaddum(x: Array, p: Array) -> Array:
    agonist, antagonist = both(x)
    log_kb, schild_slope = p[4:]
    return _moved(agonist, p, softplus(LN10 * (antagonist - log_kb) * schild_slope) / LN10)


def _gaddum_jacobian(x: Array, p: Array) -> Array:
    agonist, antagonist = both(x)
    log_kb, schild_slope = p[4:]
    exponent = LN10 * (antagonist - log_kb) * schild_slope
    derivative = _moved_jacobian(agonist, p, softplus(exponent) / LN10)
    by_exponent = derivative[2] * logistic(exponent)[1]
    return rows(*derivative, -by_exponent * schild_slope, by_exponent * (antagonist - log_kb))


def _gaddum_start(x: Array, y: Array) -> Array:
    guess = np.concatenate([start_without(x, y), [middle(x[1]), 1.0]])
    clipped: Array = np.clip(guess, *_gaddum_limits(x, y))
    return clipped


def _gaddum_limits(x: Array, y: Array) -> tuple[Array, Array]:
    return box(gaddum_schild.parameters, log_ec50=log_range(x[0]), log_kb=log_range(x[1]))


_WITH_SHIFT = "bottom + (top - bottom) / (1 + (10**(log_ec50 - log_agonist) * shift)**hill_slope)"

gaddum_schild = Equation(
    name="gaddum_schild",
    title="Gaddum/Schild (competitive antagonism)",
    formula=f"shift = 1 + 10**((log_antagonist - log_kb) * schild_slope)\n{_WITH_SHIFT}",
    axes=(LOG_AGONIST, LOG_ANTAGONIST),
    response=SIGNAL,
    parameters=(BASAL, MAXIMUM, LOG_EC50, HILL_SLOPE, LOG_KB, SCHILD_SLOPE),
    function=_gaddum,
    jacobian=_gaddum_jacobian,
    start=_gaddum_start,
    limits=_gaddum_limits,
    location="log_ec50",
    reference=(
        "Arunlakshana O, Schild HO. Br J Pharmacol 1959;14:48-58; Waud DR. In: Methods in Pharmacology 3. Plenum 1975; "
        "Lew MJ, Angus JA. Trends Pharmacol Sci 1995;16:328-337"
    ),
    cases=(
        Case(
            (-7.0, -7.0),
            {"bottom": 0.0, "top": 100.0, "log_ec50": -8.0, "hill_slope": 1.0,
             "log_kb": -8.0 + math.log10(10.0 / 9.0), "schild_slope": 1.0},
            50.0,
            "a dose ratio of 1 + 10/(10/9) = 10 puts half of the response at ten times the EC50",
        ),
        Case(
            (-7.5, -8.0),
            {"bottom": 20.0, "top": 140.0, "log_ec50": -8.0, "hill_slope": 1.3,
             "log_kb": -8.0, "schild_slope": 0.8},
            20.0 + 120.0 / (1.0 + (2.0 / math.sqrt(10.0)) ** 1.3),
            "the antagonist at its pA2 doubles the EC50 whatever the Schild slope, by definition",
        ),
    ),
)  # fmt: skip


def _kept(modulator: Array, log_kb: Array, log_alpha: Array) -> tuple[Array, Array, Array]:
    """The affinity that is left of the agonist's, and the parts of the receptors without and with modulator."""
    free, taken = logistic(LN10 * (modulator - log_kb))
    return free + 10.0**log_alpha * taken, free, taken


def _allosteric(x: Array, p: Array) -> Array:
    kept = _kept(x[1], p[4], p[5])[0]
    return _moved(x[0], p, -np.log10(kept))


def _allosteric_jacobian(x: Array, p: Array) -> Array:
    alpha = 10.0 ** p[5]
    kept, free, taken = _kept(x[1], p[4], p[5])
    derivative = _moved_jacobian(x[0], p, -np.log10(kept))
    by_kept = -derivative[2] / kept
    return rows(*derivative, by_kept * (1.0 - alpha) * free * taken, by_kept * alpha * taken)


def _allosteric_start(x: Array, y: Array) -> Array:
    guess = np.concatenate([start_without(x, y), [middle(x[1]), -1.0]])
    clipped: Array = np.clip(guess, *_allosteric_limits(x, y))
    return clipped


def _allosteric_limits(x: Array, y: Array) -> tuple[Array, Array]:
    return box(allosteric_ec50_shift.parameters, log_ec50=log_range(x[0]), log_kb=log_range(x[1]))


allosteric_ec50_shift = Equation(
    name="allosteric_ec50_shift",
    title="Allosteric shift of the EC50 (modulation of affinity)",
    formula=(
        "shift = (1 + 10**(log_modulator - log_kb)) / (1 + 10**(log_alpha + log_modulator - log_kb))\n"
        f"{_WITH_SHIFT}"
    ),
    axes=(LOG_AGONIST, LOG_MODULATOR),
    response=SIGNAL,
    parameters=(BASAL, MAXIMUM, LOG_EC50, HILL_SLOPE, LOG_KB_MODULATOR, LOG_ALPHA),
    function=_allosteric,
    jacobian=_allosteric_jacobian,
    start=_allosteric_start,
    limits=_allosteric_limits,
    location="log_ec50",
    reference="Ehlert FJ. Mol Pharmacol 1988;33:187-194; Christopoulos A, Kenakin T. Pharmacol Rev 2002;54:323-374",
    cases=(
        Case(
            (-7.0, 0.0),
            {"bottom": 0.0, "top": 110.0, "log_ec50": -8.0, "hill_slope": 2.0, "log_kb": -8.0, "log_alpha": 0.0},
            110.0 / 1.01,
            "with alpha = 1 the modulator binds and moves nothing",
        ),
        Case(
            (-7.0, -8.0),
            {"bottom": 0.0, "top": 110.0, "log_ec50": -8.0, "hill_slope": 1.0, "log_kb": -8.0,
             "log_alpha": -1.0},
            110.0 / (1.0 + 0.1 * 2.0 / 1.1),
            "at its KB a modulator of alpha 0.1 moves the EC50 by (1 + 1)/(1 + 0.1)",
        ),
    ),
)  # fmt: skip
