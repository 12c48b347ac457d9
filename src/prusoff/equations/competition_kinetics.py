"""A radioligand and a competitor on their way to equilibrium: bound label against time (Motulsky and Mahan).

Time is in s, competitor in log10 mol/L: -inf is a well without competitor, +inf one in which no site is left free (a
nonspecific well, or a chase with an excess). `ns` is nonspecific over free label, in the unit of the signal per mol/L.
"""

from __future__ import annotations

import math

import numpy as np

from ..core.equation import Array, Axis, Case, Equation, Parameter
from ._guess import box
from ._logistic import LN10, rows
from ._two_ligands import Binding, Rates, Slopes, rate_of
from .competition_binding import LOG_LIGAND
from .concentration_response import LOG_CONCENTRATION, SIGNAL

MOTULSKY_MAHAN = "Motulsky HJ, Mahan LC. Mol Pharmacol 1984;25:1-9"
BEYOND = 4.0  # decades: how far outside the times and concentrations of the wells a rate is sought
TIME = Axis("time", "s")
BMAX = Parameter("bmax", "Bmax", "signal", "binding to all sites", lower=0.0, linear=True)
NS = Parameter("ns", "NS", "signal/M", "nonspecific binding for each mol/L of label", linear=True)
LOG_KON = Parameter("log_kon", "k1", "1/M/s", "association rate constant of the label", log10=True)
LOG_KOFF = Parameter("log_koff", "k2", "1/s", "dissociation rate constant of the label", log10=True)
LOG_K3 = Parameter(
    "log_kon_competitor", "k3", "1/M/s", "association rate constant of the competitor", log10=True
)
LOG_K4 = Parameter(
    "log_koff_competitor", "k4", "1/s", "dissociation rate constant of the competitor", log10=True
)


def _rates(log_concentration: Array, p: Array) -> Rates:
    log_ligand, log_kon, log_koff, log_k3, log_k4 = p
    return Rates(
        10.0 ** (log_ligand + log_kon),
        10.0**log_koff,
        rate_of(log_concentration + log_k3),
        10.0**log_k4,
    )


def _binding(x: Array, p: Array) -> Binding:
    """The sites of every point; without an axis for it, both ligands come at once."""
    head_start = x[2] if len(x) > 2 else np.zeros(1)
    return Binding.of(_rates(x[1], p[2:]), x[0], head_start)


def response(x: Array, p: Array) -> Array:
    """The signal at x (time, log10 competitor, head start if there is one) from the parameters by rates, (7, ...)."""
    bmax, ns, log_ligand = p[:3]
    result: Array = bmax * _binding(x, p).bound() + ns * 10.0**log_ligand
    return result


def derivatives(x: Array, p: Array) -> tuple[Array, Slopes]:
    """The derivatives by Bmax, NS, [L] and the four rates; and those of the binding, for other parameters."""
    bmax, ns, log_ligand = p[:3]
    binding = _binding(x, p)
    by, ligand = binding.slopes(), 10.0**log_ligand
    by_a = bmax * by.a
    return rows(
        binding.bound(), ligand, by_a + LN10 * ns * ligand, by_a, bmax * by.k2, bmax * by.b, bmax * by.k4
    ), by


def _competition_jacobian(x: Array, p: Array) -> Array:
    return derivatives(x, p)[0]


def typical_rates(x: Array, y: Array) -> Array:
    """Plateaus from the extremes, all rates from the middle of the times, concentrations and times."""
    times, log_c = x[0][np.isfinite(x[0]) & (x[0] > 0.0)], x[1][np.isfinite(x[1])]
    blocked = y[x[1] == np.inf] if (x[1] == np.inf).any() else y.min(keepdims=True)
    typical = float(np.median(times)) if times.size else 600.0
    log_rate = math.log10(2.0 / typical)
    middle = float(np.median(log_c)) if log_c.size else -9.0
    span = max(float(y.max() - blocked.mean()), 0.0)
    return np.array(
        [
            2.0 * span,
            float(blocked.mean()) * 1e9,
            -9.0,
            log_rate + 9.0 - 0.3,
            log_rate - 0.3,
            log_rate - middle,
            log_rate - 0.5,
        ]
    )


def rate_limits(x: Array) -> tuple[tuple[float, float], tuple[float, float]]:
    """Limits of log10 of a rate (1/s), and of log10 concentrations."""
    times, log_c = x[0][np.isfinite(x[0]) & (x[0] > 0.0)], x[1][np.isfinite(x[1])]
    shortest, longest = (float(times.min()), float(times.max())) if times.size else (1.0, 1e5)
    low, high = (float(log_c.min()), float(log_c.max())) if log_c.size else (-12.0, -3.0)
    rates = -math.log10(longest) - BEYOND, -math.log10(shortest) + BEYOND
    return rates, (low - BEYOND, high + BEYOND)


def _limits(x: Array, y: Array) -> tuple[Array, Array]:
    (slow, fast), (low, high) = rate_limits(x)
    return box(
        motulsky_mahan.parameters,
        log_kon=(slow + 3.0, fast + 15.0),
        log_koff=(slow, fast),
        log_kon_competitor=(slow - high, fast - low),
        log_koff_competitor=(slow, fast),
    )


def inside(start: Array, limits: tuple[Array, Array]) -> Array:
    """A first guess within the limits."""
    clipped: Array = np.clip(start, *limits)
    return clipped


def _start(x: Array, y: Array) -> Array:
    return inside(typical_rates(x, y), _limits(x, y))


RATES = (
    "k4 = 10**log_koff_competitor\n"
    "k2 = 10**log_koff\n"
    "ka = a + k2\n"
    "kb = b + k4\n"
    "root = sqrt((ka - kb)**2 + 4 * a * b)\n"
    "kf = (ka + kb + root) / 2\n"
    "ks = (a * k4 + k2 * b + k2 * k4) / kf\n"
)
BOUND = "(k4 * (kf - ks) / (kf * ks) + (k4 - kf) / kf * exp(-kf * time) - (k4 - ks) / ks * exp(-ks * time))"

motulsky_mahan = Equation(
    name="motulsky_mahan",
    title="Competition kinetics (Motulsky-Mahan)",
    formula="a = 10**(log_ligand + log_kon)\n"
    f"b = 10**(log_concentration + log_kon_competitor)\n{RATES}"
    f"bmax * a / (kf - ks) * {BOUND} + ns * 10**log_ligand",
    axes=(TIME, LOG_CONCENTRATION),
    response=SIGNAL,
    parameters=(BMAX, NS, LOG_LIGAND, LOG_KON, LOG_KOFF, LOG_K3, LOG_K4),
    function=response,
    jacobian=_competition_jacobian,
    start=_start,
    limits=_limits,
    reference=MOTULSKY_MAHAN,
    cases=(
        Case(
            (2400.0, math.log10(0.5e-9)),
            {
                "bmax": 1000.0,
                "ns": 0.0,
                "log_ligand": -9.0,
                "log_kon": math.log10(0.035e9 / 60.0),
                "log_koff": math.log10(0.028 / 60.0),
                "log_kon_competitor": math.log10(0.11e9 / 60.0),
                "log_koff_competitor": math.log10(0.0055 / 60.0),
            },
            231.581516912351098,
            "matrix exponential of the rate equations: k1 0.035, k3 0.11 /nM/min, k2 0.028, k4 0.0055 /min, 40 min",
            1e-12,
        ),
        Case(
            (600.0, math.log10(0.5e-9)),
            {
                "bmax": 1000.0,
                "ns": 0.0,
                "log_ligand": -9.0,
                "log_kon": math.log10(0.035e9 / 60.0),
                "log_koff": math.log10(0.028 / 60.0),
                "log_kon_competitor": math.log10(5.5e9 / 60.0),
                "log_koff_competitor": math.log10(0.55 / 60.0),
            },
            55.4607403453927580,
            "matrix exponential of the rate equations: a competitor faster than the label, k3 5.5 and k4 0.55, 10 min",
            1e-12,
        ),
    ),
)
