"""Competition of a radioligand with its own unlabelled form: Kd and Bmax from one curve, without depletion."""

from __future__ import annotations

import math

import numpy as np

from ..core.equation import Array, Case, Equation, Parameter
from ._guess import box, log_range, shape_of
from ._logistic import LN10, logistic, rows, softplus
from .competition_binding import LOG_KD, LOG_LIGAND
from .concentration_response import LOG_CONCENTRATION, SIGNAL
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
