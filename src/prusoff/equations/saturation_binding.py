"""Saturation binding: total binding against the free concentration of the radioligand.

Every law carries nonspecific and background binding. The nonspecific wells are the same law with Bmax fixed at 0; total
and nonspecific wells fitted together share `log_kd`, `ns` and `background`. Concentrations are molar, so `ns` is the
signal per mol/L and about 1e9 times the number per nM.
"""

from __future__ import annotations

import numpy as np

from ..core.equation import Array, Axis, Case, Equation, Parameter
from ._guess import box, log10_positive, log_range, means_by_x
from ._logistic import LN10, logistic, rows
from .competition_binding import LOG_KD
from .concentration_response import SIGNAL

FREE_LIGAND = Axis("free_ligand", "M")
BMAX = Parameter(
    "bmax", "Bmax", "signal", "specific binding when all sites are taken", lower=0.0, linear=True
)
NS = Parameter(
    "ns", "NS", "signal/M", "slope of nonspecific binding against the ligand", lower=0.0, linear=True
)
BACKGROUND = Parameter("background", "Background", "signal", "signal without radioligand", linear=True)


def occupancy(x: Array, log_k: Array, hill_slope: Array | float = 1.0) -> tuple[Array, Array]:
    """The fraction of the sites that is taken at a concentration x >= 0, and the fraction that is free."""
    free, taken = logistic(LN10 * (log10_positive(x) - log_k) * hill_slope)
    return taken, free


def _one_site(x: Array, p: Array) -> Array:
    bmax, log_kd, ns, background = p
    result: Array = bmax * occupancy(x, log_kd)[0] + ns * x + background
    return result


def _one_site_jacobian(x: Array, p: Array) -> Array:
    bmax, log_kd, _, _ = p
    taken, free = occupancy(x, log_kd)
    return rows(taken, -LN10 * bmax * taken * free, x, 1.0)


def guess_saturation(x: Array, y: Array) -> tuple[float, float, float, float]:
    """First guesses of Bmax, log Kd, NS and background from total binding.

    Nonspecific binding cannot be steeper than the last stretch of the curve: half of that slope is taken for it, what
    remains is specific, and Kd is where half of it is reached.
    """
    distinct, means = means_by_x(x, y)
    background = float(means[0]) if distinct[0] == 0.0 else 0.0
    span = float(distinct[-1] - distinct[0])
    middle = distinct.size // 2
    rise = distinct[-1] - distinct[middle]
    slope = max(float((means[-1] - means[middle]) / rise), 0.0) / 2.0 if rise > 0.0 else 0.0
    specific = means - background - slope * distinct
    most = float(specific.max())
    half = distinct[np.argmin(np.abs(specific - most / 2.0))]
    log_kd = float(np.log10(half)) if half > 0.0 else float(np.log10(span / 2.0 if span > 0.0 else 1e-9))
    return max(1.1 * most, 0.0), log_kd, slope, background


def _one_site_start(x: Array, y: Array) -> Array:
    return np.array(guess_saturation(x, y))


def _one_site_limits(x: Array, y: Array) -> tuple[Array, Array]:
    return box(one_site_total_binding.parameters, log_kd=log_range(log10_positive(x), beyond=1.0))


one_site_total_binding = Equation(
    name="one_site_total_binding",
    title="One-site saturation, total binding",
    formula="bmax * free_ligand / (10**log_kd + free_ligand) + ns * free_ligand + background",
    axes=(FREE_LIGAND,),
    response=SIGNAL,
    parameters=(BMAX, LOG_KD, NS, BACKGROUND),
    function=_one_site,
    jacobian=_one_site_jacobian,
    start=_one_site_start,
    limits=_one_site_limits,
    location="log_kd",
    reference="Motulsky H, Christopoulos A. Fitting Models to Biological Data. Oxford University Press 2004",
    cases=(
        Case(
            (1e-9,),
            {"bmax": 1600.0, "log_kd": -9.0, "ns": 8e10, "background": 7.0},
            887.0,
            "at [L] = Kd half of the sites are taken: 800 + 80 + 7",
        ),
    ),
)
