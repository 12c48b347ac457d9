"""Saturation binding: total binding against the free concentration of the radioligand.

Every law carries nonspecific and background binding. The nonspecific wells are the same law with Bmax fixed at 0; total
and nonspecific wells fitted together share `log_kd`, `ns` and `background`. Concentrations are molar, so `ns` is the
signal per mol/L and about 1e9 times the number per nM.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..core.equation import Array, Axis, Case, Equation, Parameter
from ._guess import box, log_range, saturation_guess
from ._logistic import LN10, finite_or_zero, log10_positive, occupancy, rows
from ._sources import FITTING_MODELS
from .competition_binding import LOG_KD, LOG_RATIO
from .concentration_response import HILL_SLOPE, SIGNAL

FREE_LIGAND = Axis("free_ligand", "M")
BMAX = Parameter(
    "bmax", "Bmax", "signal", "specific binding when all sites are taken", lower=0.0, linear=True
)
NS = Parameter(
    "ns", "NS", "signal/M", "slope of nonspecific binding against the ligand", lower=0.0, linear=True
)
BACKGROUND = Parameter("background", "Background", "signal", "signal without radioligand", linear=True)


def _affinity_range(x: Array) -> tuple[float, float]:
    """A Kd is sought up to a decade outside the concentrations of the radioligand."""
    return log_range(log10_positive(x), beyond=1.0)


def _one_site(x: Array, p: Array) -> Array:
    bmax, log_kd, ns, background = p
    result: Array = bmax * occupancy(x, log_kd)[0] + ns * x + background
    return result


def _one_site_jacobian(x: Array, p: Array) -> Array:
    bmax, log_kd, _, _ = p
    taken, free = occupancy(x, log_kd)
    return rows(taken, -LN10 * bmax * taken * free, x, 1.0)


def _one_site_start(x: Array, y: Array) -> Array:
    return np.array(saturation_guess(x, y))


def _one_site_limits(x: Array, y: Array) -> tuple[Array, Array]:
    return box(one_site_total_binding.parameters, log_kd=_affinity_range(x))


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
    reference=FITTING_MODELS,
    cases=(
        Case(
            (1e-9,),
            {"bmax": 1600.0, "log_kd": -9.0, "ns": 8e10, "background": 7.0},
            887.0,
            "at [L] = Kd half of the sites are taken: 800 + 80 + 7",
        ),
    ),
)


def _two_site(x: Array, p: Array) -> Array:
    bmax_high, bmax_low, log_kd_high, log_ratio, ns, background = p
    high, _ = occupancy(x, log_kd_high)
    low, _ = occupancy(x, log_kd_high + log_ratio)
    result: Array = bmax_high * high + bmax_low * low + ns * x + background
    return result


def _two_site_jacobian(x: Array, p: Array) -> Array:
    bmax_high, bmax_low, log_kd_high, log_ratio, _, _ = p
    high, high_free = occupancy(x, log_kd_high)
    low, low_free = occupancy(x, log_kd_high + log_ratio)
    by_ratio = -LN10 * bmax_low * low * low_free
    return rows(high, low, by_ratio - LN10 * bmax_high * high * high_free, by_ratio, x, 1.0)


def _two_site_start(x: Array, y: Array) -> Array:
    bmax, log_kd, ns, background = saturation_guess(x, y)
    least, _ = _affinity_range(x)
    return np.array([bmax / 2.0, bmax / 2.0, max(log_kd - 0.5, least), 1.0, ns, background])


def _two_site_limits(x: Array, y: Array) -> tuple[Array, Array]:
    least, most = _affinity_range(x)
    return box(two_site_saturation.parameters, log_kd_high=(least, most), log_ratio=(0.0, most - least))


two_site_saturation = Equation(
    name="two_site_saturation",
    title="Two-site saturation, total binding",
    formula="bmax_high * free_ligand / (10**log_kd_high + free_ligand)"
    " + bmax_low * free_ligand / (10**(log_kd_high + log_ratio) + free_ligand)"
    " + ns * free_ligand + background",
    axes=(FREE_LIGAND,),
    response=SIGNAL,
    parameters=(
        replace(BMAX, name="bmax_high", symbol="Bmax,high", meaning="sites of high affinity"),
        replace(BMAX, name="bmax_low", symbol="Bmax,low", meaning="sites of low affinity"),
        replace(LOG_KD, name="log_kd_high", symbol="Kd,high", meaning="Kd at the high-affinity site"),
        LOG_RATIO,
        NS,
        BACKGROUND,
    ),
    function=_two_site,
    jacobian=_two_site_jacobian,
    start=_two_site_start,
    limits=_two_site_limits,
    location="log_kd_high",
    reference=FITTING_MODELS,
    cases=(
        Case(
            (1e-8,),
            {
                "bmax_high": 110.0,
                "bmax_low": 330.0,
                "log_kd_high": -9.0,
                "log_ratio": 2.0,
                "ns": 1e9,
                "background": 5.0,
            },
            145.0,
            "ten times above one Kd and ten times below the other: 110 10/11 + 330 1/11 + 10 + 5",
        ),
    ),
)


def _hill(x: Array, p: Array) -> Array:
    bmax, log_l50, hill_slope, ns, background = p
    result: Array = bmax * occupancy(x, log_l50, hill_slope)[0] + ns * x + background
    return result


def _hill_jacobian(x: Array, p: Array) -> Array:
    bmax, log_l50, hill_slope, _, _ = p
    taken, free = occupancy(x, log_l50, hill_slope)
    steep = LN10 * bmax * taken * free
    distance = finite_or_zero(log10_positive(x) - log_l50)
    return rows(taken, -steep * hill_slope, steep * distance, x, 1.0)


def _hill_start(x: Array, y: Array) -> Array:
    bmax, log_l50, ns, background = saturation_guess(x, y)
    return np.array([bmax, log_l50, 1.0, ns, background])


def _hill_limits(x: Array, y: Array) -> tuple[Array, Array]:
    return box(hill_saturation.parameters, log_l50=_affinity_range(x))


hill_saturation = Equation(
    name="hill_saturation",
    title="Saturation with Hill slope, total binding",
    formula="bmax * free_ligand**hill_slope / ((10**log_l50)**hill_slope + free_ligand**hill_slope)"
    " + ns * free_ligand + background",
    axes=(FREE_LIGAND,),
    response=SIGNAL,
    parameters=(
        BMAX,
        Parameter("log_l50", "L50", "M", "free ligand at which half of the sites are taken", log10=True),
        HILL_SLOPE,
        NS,
        BACKGROUND,
    ),
    function=_hill,
    jacobian=_hill_jacobian,
    start=_hill_start,
    limits=_hill_limits,
    location="log_l50",
    reference="Hill AV. J Physiol 1910;40:iv-vii",
    cases=(
        Case(
            (3e-9,),
            {"bmax": 1000.0, "log_l50": -9.0, "hill_slope": 2.0, "ns": 1e10, "background": 5.0},
            935.0,
            "three times above L50 with slope 2: 1000 9/(1 + 9) + 30 + 5",
        ),
    ),
)


def _quadratic(x: Array, p: Array) -> Array:
    bmax, log_kd, ns, curvature, background = p
    result: Array = bmax * occupancy(x, log_kd)[0] + (ns + curvature * x) * x + background
    return result


def _quadratic_jacobian(x: Array, p: Array) -> Array:
    bmax, log_kd, ns, _, background = p
    by_bmax, by_log_kd, by_ns, by_background = _one_site_jacobian(x, rows(bmax, log_kd, ns, background))
    return rows(by_bmax, by_log_kd, by_ns, x * x, by_background)


def _quadratic_start(x: Array, y: Array) -> Array:
    bmax, log_kd, ns, background = saturation_guess(x, y)
    return np.array([bmax, log_kd, ns, 0.0, background])


def _quadratic_limits(x: Array, y: Array) -> tuple[Array, Array]:
    return box(quadratic_nonspecific.parameters, log_kd=_affinity_range(x))


quadratic_nonspecific = Equation(
    name="quadratic_nonspecific",
    title="One-site saturation with curved nonspecific binding",
    formula="bmax * free_ligand / (10**log_kd + free_ligand)"
    " + ns * free_ligand + curvature * free_ligand**2 + background",
    axes=(FREE_LIGAND,),
    response=SIGNAL,
    parameters=(
        BMAX,
        LOG_KD,
        NS,
        Parameter(
            "curvature",
            "c",
            "signal/M^2",
            "bend of nonspecific binding; not 0 where the definer of nonspecific binding is not saturating",
            linear=True,
        ),
        BACKGROUND,
    ),
    function=_quadratic,
    jacobian=_quadratic_jacobian,
    start=_quadratic_start,
    limits=_quadratic_limits,
    location="log_kd",
    reference=FITTING_MODELS,
    cases=(
        Case(
            (1e-9,),
            {"bmax": 1600.0, "log_kd": -9.0, "ns": 8e10, "curvature": -3e18, "background": 7.0},
            884.0,
            "at [L] = Kd half of the sites are taken: 800 + 80 - 3 + 7",
        ),
    ),
)
