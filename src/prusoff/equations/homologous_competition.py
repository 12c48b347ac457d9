"""Competition of a radioligand with its own unlabelled form: Kd and Bmax, without and with depletion."""

from __future__ import annotations

import math

import numpy as np

from ..core.equation import Array, Case, Equation, Parameter
from ._depletion import Depleted, deplete
from ._guess import box, log_range, shape_of
from ._logistic import LN10, logistic, molar, rows, softplus
from .competition_binding import LOG_KD, LOG_LIGAND
from .concentration_response import LOG_CONCENTRATION, SIGNAL
from .ligand_depletion import BMAX_MOLAR, BOUND, LOG_ADDED, NS_RATIO
from .saturation_binding import BMAX


def _hot(x: Array, log_kd: Array, log_ligand: Array) -> tuple[Array, Array, Array]:
    """The part of the sites that the hot ligand takes, the part it does not take, and the part that is free."""
    kd_free, taken = logistic(LN10 * (log_ligand - log_kd))
    log_ic50 = log_kd + softplus(LN10 * (log_ligand - log_kd)) / LN10  # Kd + [L]
    left, gone = logistic(LN10 * (x - log_ic50))
    return taken * left, kd_free + taken * gone, kd_free * left


def _homologous(x: Array, p: Array) -> Array:
    bmax, log_kd, nsb, log_ligand = p
    result: Array = bmax * _hot(x, log_kd, log_ligand)[0] + nsb
    return result


def _homologous_jacobian(x: Array, p: Array) -> Array:
    bmax, log_kd, _, log_ligand = p
    hot, not_hot, free = _hot(x, log_kd, log_ligand)
    return rows(hot, -LN10 * bmax * hot * free, 1.0, LN10 * bmax * hot * not_hot)


def _homologous_start(x: Array, y: Array) -> Array:
    """As if the label stood at its Kd: the IC50 is then twice the Kd, and half of the sites are taken by the label."""
    shape = shape_of(x, y)
    log_kd = shape.crossing(0.5) - math.log10(2.0)
    return np.array([2.0 * max(shape.before - shape.after, 0.0), log_kd, shape.after, log_kd])


def _homologous_limits(x: Array, y: Array) -> tuple[Array, Array]:
    return box(homologous_competition.parameters, log_kd=log_range(x))


homologous_competition = Equation(
    name="homologous_competition",
    title="Homologous competition (hot and cold ligand are the same)",
    formula="bmax * 10**log_ligand / (10**log_ligand + 10**log_concentration + 10**log_kd) + nsb",
    axes=(LOG_CONCENTRATION,),
    response=SIGNAL,
    parameters=(
        BMAX,
        LOG_KD,
        Parameter("nsb", "NSB", "signal", "nonspecific binding", linear=True),
        LOG_LIGAND,
    ),
    function=_homologous,
    jacobian=_homologous_jacobian,
    start=_homologous_start,
    limits=_homologous_limits,
    location="log_kd",
    reference="DeBlasi A, O'Reilly K, Motulsky HJ. Trends Pharmacol Sci 1989;10:227-229",
    cases=(
        Case(
            (math.log10(1.54e-9),),
            {"bmax": 1450.0, "log_kd": math.log10(0.84e-9), "nsb": 95.0, "log_ligand": math.log10(0.7e-9)},
            1450.0 * 0.7 / 1.54 / 2.0 + 95.0,
            "the IC50 is Kd + [L]: at 0.84 + 0.7 nM cold ligand half of the specific binding is left",
        ),
    ),
)


def _depleted(x: Array, p: Array) -> tuple[Depleted, Array, Array]:
    """Hot and cold together as one ligand that is used up, and the parts of it that are hot and cold."""
    bmax, log_kd, ns, log_added = p
    hot, cold = molar(log_added), molar(x)
    together = hot + cold
    well = deplete(together, bmax, 1.0 / molar(log_kd), ns)
    return well, hot / together, cold / together


def _homologous_depletion(x: Array, p: Array) -> Array:
    well, hot, _ = _depleted(x, p)
    result: Array = well.bound * hot
    return result


def _homologous_depletion_jacobian(x: Array, p: Array) -> Array:
    well, hot, cold = _depleted(x, p)
    by_bmax, by_affinity, by_ns, by_total = well.derivatives()
    by_added = hot * by_total * well.total + well.bound * cold
    return rows(by_bmax * hot, -by_affinity * hot, by_ns * hot, LN10 * hot * by_added)


def _homologous_depletion_start(x: Array, y: Array) -> Array:
    """As if the label stood at its Kd and a tenth of it were bound."""
    shape = shape_of(x, y)
    log_kd = shape.crossing(0.5) - math.log10(2.0)
    total, nonspecific = max(shape.before, shape.after, 0.0), max(min(shape.before, shape.after), 0.0)
    log_added = math.log10(10.0 * total) if total > 0.0 else -9.0
    return np.array([2.0 * (total - nonspecific), log_kd, nonspecific * 10.0**-log_added, log_added])


def _homologous_depletion_limits(x: Array, y: Array) -> tuple[Array, Array]:
    return box(homologous_depletion.parameters, log_kd=log_range(x))


homologous_depletion = Equation(
    name="homologous_depletion",
    title="Homologous competition with ligand depletion",
    formula="hot = 10**log_added\n"
    "all = hot + 10**log_concentration\n"
    "kd = 10**log_kd\n"
    "excess = all - bmax - (1 + ns) * kd\n"
    "free = (excess + sqrt(excess**2 + 4 * (1 + ns) * all * kd)) / (2 + 2 * ns)\n"
    "(bmax * free / (kd + free) + ns * free) * hot / all",
    axes=(LOG_CONCENTRATION,),
    response=BOUND,
    parameters=(BMAX_MOLAR, LOG_KD, NS_RATIO, LOG_ADDED),
    function=_homologous_depletion,
    jacobian=_homologous_depletion_jacobian,
    start=_homologous_depletion_start,
    limits=_homologous_depletion_limits,
    location="log_kd",
    reference="Swillens S. Mol Pharmacol 1995;47:1197-1203; DeBlasi A, O'Reilly K, Motulsky HJ. "
    "Trends Pharmacol Sci 1989;10:227-229",
    cases=(
        Case(
            (math.log10(2e-9),),
            {"bmax": 2e-9, "log_kd": -9.0, "ns": 0.0, "log_added": -9.0},
            (3.0 - math.sqrt(3.0)) / 3.0 * 1e-9,
            "by hand: 1 nM hot and 2 nM cold with 2 nM sites and a Kd of 1 nM leave F with F^2 = 3 nM^2",
        ),
    ),
)
