"""Binding in wells in which the radioligand is used up, fitted against what was added.

Bound, added and Bmax are molar concentrations in the well; NS is the ratio of nonspecific to free label, without unit.
The competitor is taken not to be used up. Nonspecific wells are the same law with Bmax fixed at 0.
"""

from __future__ import annotations

import math

import numpy as np

from ..core.equation import Array, Axis, Case, Equation, Parameter
from ._depletion import Depleted, deplete
from ._guess import box, log_range, saturation_guess, shape_of
from ._logistic import LN10, log10_positive, logistic, rows
from .competition_binding import LOG_KD, LOG_KI
from .concentration_response import LOG_CONCENTRATION

BOUND = Axis("bound", "M")
BMAX_MOLAR = Parameter("bmax", "Bmax", "M", "concentration of sites in the well", lower=0.0)
NS_RATIO = Parameter("ns", "NS", "", "nonspecifically bound label over free label", lower=0.0)
LOG_ADDED = Parameter("log_added", "[L]T", "M", "radioligand added, bound and free together", log10=True)

_SWILLENS = "Swillens S. Mol Pharmacol 1995;47:1197-1203"


def _saturation(x: Array, p: Array) -> Depleted:
    bmax, log_kd, ns = p
    return deplete(x, bmax, np.power(10.0, -log_kd), ns)


def _one_site(x: Array, p: Array) -> Array:
    return _saturation(x, p).bound


def _one_site_jacobian(x: Array, p: Array) -> Array:
    by_bmax, by_affinity, by_ns, _ = _saturation(x, p).derivatives()
    return rows(by_bmax, -by_affinity, by_ns)


def _one_site_start(x: Array, y: Array) -> Array:
    bmax, log_kd, _, _ = saturation_guess(x, y)
    return np.array([bmax, log_kd, 0.01])


def _one_site_limits(x: Array, y: Array) -> tuple[Array, Array]:
    return box(one_site_depletion.parameters, log_kd=log_range(log10_positive(x)))


one_site_depletion = Equation(
    name="one_site_depletion",
    title="One-site saturation with ligand depletion",
    formula="kd = 10**log_kd\n"
    "b = (1 + ns) * kd + bmax - added_ligand\n"
    "free = 2 * added_ligand * kd / (b + sqrt(b**2 + 4 * (1 + ns) * added_ligand * kd))\n"
    "bmax * free / (kd + free) + ns * free",
    axes=(Axis("added_ligand", "M"),),
    response=BOUND,
    parameters=(BMAX_MOLAR, LOG_KD, NS_RATIO),
    function=_one_site,
    jacobian=_one_site_jacobian,
    start=_one_site_start,
    limits=_one_site_limits,
    location="log_kd",
    reference=_SWILLENS,
    cases=(
        Case(
            (1e-9,),
            {"bmax": 0.3e-9, "log_kd": math.log10(0.8e-9), "ns": 0.0},
            0.15417635664155e-9,
            "0.3 nM sites, 1 nM label, Kd 0.8 nM: bisection on the mass balance",
        ),
        Case(
            (3e-9,),
            {"bmax": 2e-9, "log_kd": -9.0, "ns": 0.0},
            (3.0 - math.sqrt(3.0)) * 1e-9,
            "by hand: 2 nM sites, Kd 1 nM and 3 nM label leave F with F^2 = 3 nM^2",
        ),
    ),
)


def _competition(x: Array, p: Array) -> tuple[Depleted, Array]:
    bmax, log_kd, ns, log_ki, log_added = p
    left, gone = logistic(LN10 * (x - log_ki))
    return deplete(np.power(10.0, log_added), bmax, left * np.power(10.0, -log_kd), ns), gone


def _swillens(x: Array, p: Array) -> Array:
    return _competition(x, p)[0].bound


def _swillens_jacobian(x: Array, p: Array) -> Array:
    well, gone = _competition(x, p)
    by_bmax, by_affinity, by_ns, by_added = well.derivatives()
    return rows(by_bmax, -by_affinity, by_ns, by_affinity * gone, LN10 * well.total * by_added)


def _swillens_start(x: Array, y: Array) -> Array:
    """As if a tenth of the label were bound and half of the sites taken."""
    shape = shape_of(x, y)
    total = max(shape.before, shape.after)
    nonspecific = max(min(shape.before, shape.after), 0.0)
    log_added = math.log10(10.0 * total) if total > 0.0 else -9.0
    log_ki = shape.crossing(0.5) - math.log10(2.0)
    return np.array(
        [
            2.0 * max(total - nonspecific, 0.0),
            log_added,
            nonspecific * 10.0**-log_added,
            log_ki,
            log_added,
        ]
    )


def _swillens_limits(x: Array, y: Array) -> tuple[Array, Array]:
    return box(swillens_competition.parameters, log_ki=log_range(x))


swillens_competition = Equation(
    name="swillens_competition",
    title="One-site competition with radioligand depletion",
    formula="kd = 10**log_kd * (1 + 10**(log_concentration - log_ki))\n"
    "added = 10**log_added\n"
    "b = (1 + ns) * kd + bmax - added\n"
    "free = 2 * added * kd / (b + sqrt(b**2 + 4 * (1 + ns) * added * kd))\n"
    "bmax * free / (kd + free) + ns * free",
    axes=(LOG_CONCENTRATION,),
    response=BOUND,
    parameters=(BMAX_MOLAR, LOG_KD, NS_RATIO, LOG_KI, LOG_ADDED),
    function=_swillens,
    jacobian=_swillens_jacobian,
    start=_swillens_start,
    limits=_swillens_limits,
    location="log_ki",
    reference=_SWILLENS,
    cases=(
        Case(
            (-8.0,),
            {
                "bmax": 0.6e-9,
                "log_kd": math.log10(0.8e-9),
                "ns": 0.03,
                "log_ki": math.log10(5e-9),
                "log_added": math.log10(1.2e-9),
            },
            0.20560334164821e-9,
            "1.2 nM label, Kd 0.8 nM, 0.6 nM sites, NS 0.03, 10 nM competitor of Ki 5 nM: bisection",
        ),
    ),
)
