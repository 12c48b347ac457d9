"""From the midpoint of a curve to the constant behind it: one formula each, all concentrations in one unit.

Three corrections for a slope that is not 1 exist and mean different things; they are three functions here and are
never mixed: `cheng_prusoff` (label the result Ki,app), `inhibitor_hill`, `leff_dougall`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import numpy as np

from ..core.equation import Array
from ..core.errors import InputError, Problem, Problems

Amount = TypeVar("Amount", float, Array)


def cheng_prusoff(ic50: Amount, ligand: Amount, kd: Amount) -> Amount:
    """Ki = IC50 / (1 + [L]/Kd), with [L] the free radioligand (or the agonist and its EC50: KB of a slope of 1).

    Holds at equilibrium, for one site and a slope of 1, when neither ligand is used up.
    Source: Cheng Y-C, Prusoff WH, Biochem Pharmacol 1973;22:3099.

    >>> round(cheng_prusoff(35.0, 1.0, 0.8), 4)
    15.5556
    """
    _require(dict(IC50=ic50, Kd=kd), dict(ligand=ligand))
    return ic50 / (1 + ligand / kd)


def inhibitor_hill(ic50: Amount, ligand: Amount, kd: Amount, hill_slope: float) -> Amount:
    """Ki = IC50 / (1 + [L]/Kd)^(1/nH): the competitor itself binds cooperatively, B ~ L/(L + Kd (1 + (I/Ki)^nH))."""
    _require(dict(IC50=ic50, Kd=kd, hill_slope=hill_slope), dict(ligand=ligand))
    result: Amount = ic50 / (1 + ligand / kd) ** (1 / hill_slope)
    return result


def leff_dougall(ic50: Amount, agonist: Amount, ec50: Amount, hill_slope: float) -> Amount:
    """KB = IC50 / [(2 + ([A]/EC50)^n)^(1/n) - 1]: a functional antagonist against an agonist curve of slope n.

    Source: Leff P, Dougall IG, Trends Pharmacol Sci 1993;14:110.
    """
    _require(dict(IC50=ic50, agonist=agonist, EC50=ec50, hill_slope=hill_slope))
    result: Amount = ic50 / ((2 + (agonist / ec50) ** hill_slope) ** (1 / hill_slope) - 1)
    return result


def munson_rodbard(ic50: Amount, ligand_total: Amount, kd: Amount, bound_over_free: Amount) -> Amount:
    """Ki where the sites use up the radioligand and the competitor; all totals, y0 = bound/free without competitor.

    Ki = IC50 / (1 + LT (y0 + 2)/(2 Kd (y0 + 1)) + y0) - Kd y0/(y0 + 2). The last term is subtracted; a version with a
    plus circulates and is wrong. Source: Munson PJ, Rodbard D, J Recept Res 1988;8:533.
    """
    _require(dict(IC50=ic50, ligand_total=ligand_total, Kd=kd), dict(bound_over_free=bound_over_free))
    y0 = bound_over_free
    ki = ic50 / (1 + ligand_total * (y0 + 2) / (2 * kd * (y0 + 1)) + y0) - kd * y0 / (y0 + 2)
    return _beyond_titration(ki)


def ki_under_depletion(
    ic50: float, ligand_total: float, kd: float, total_bound: float, nonspecific_bound: float
) -> float:
    """The Ki of Munson and Rodbard where some radioligand is bound nonspecifically too; exact at any depletion.

    `total_bound` and `nonspecific_bound` are fractions of the radioligand added, in the total and nonspecific wells.
    """
    y0, n = specific_over_free(total_bound, nonspecific_bound)
    return munson_rodbard(ic50, ligand_total, n * kd, y0)


def sites_under_depletion(
    ligand_total: float, kd: float, total_bound: float, nonspecific_bound: float
) -> float:
    """Total sites in the well from the bound fractions of the radioligand; in the unit of the concentrations."""
    y0, n = specific_over_free(total_bound, nonspecific_bound)
    return receptor_total(y0, ligand_total, n * kd)


def specific_over_free(total_bound: float, nonspecific_bound: float) -> tuple[float, float]:
    """Specifically bound over free radioligand, and n by which nonspecific uptake raises Kd.

    Nonspecific uptake is exactly a Kd raised to n Kd, n = 1 + NS, with NS nonspecific over free radioligand. Of the
    binding that is left, B = n (T - N) of the radioligand added is on the sites, and y0 = B/(1 - B).
    """
    n = 1 + nonspecific_bound / (1 - nonspecific_bound)
    specific = n * (total_bound - nonspecific_bound)
    if not 0 < specific < 1:
        raise InputError(
            Problem(
                "no bound fraction between 0 and 1 is left for the sites",
                fix="Check total and nonspecific wells, specific activity and volume",
                code="E-CONVERSION",
            )
        )
    return specific / (1 - specific), n


def nikolovska_coleska(ic50: Amount, ligand_total: Amount, kd: Amount, bound_over_free: Amount) -> Amount:
    """The same Ki from the free concentrations at the midpoint: Ki = [I]50 / ([L]50/Kd + [R]0/Kd + 1).

    Source: Nikolovska-Coleska Z et al., Anal Biochem 2004;332:261.
    """
    _require(dict(IC50=ic50, ligand_total=ligand_total, Kd=kd), dict(bound_over_free=bound_over_free))
    bound_without = ligand_total * bound_over_free / (1 + bound_over_free)
    receptor = receptor_total(bound_over_free, ligand_total, kd)
    bound_half = bound_without / 2
    ligand_half = ligand_total - bound_half
    inhibitor_half = ic50 - (receptor - kd * bound_half / ligand_half - bound_half)
    return _beyond_titration(inhibitor_half / (ligand_half / kd + (receptor - bound_without) / kd + 1))


def receptor_total(bound_over_free: Amount, ligand_total: Amount, kd: Amount) -> Amount:
    """Total sites from bound/free of the radioligand without competitor: RT = Kd y0 + LT y0/(1 + y0)."""
    _require(dict(ligand_total=ligand_total, Kd=kd), dict(bound_over_free=bound_over_free))
    return kd * bound_over_free + ligand_total * bound_over_free / (1 + bound_over_free)


def implied_kd(ic50: float, ki: float, ligand: float) -> float:
    """The Kd that someone must have used to get this Ki from this IC50 by Cheng-Prusoff."""
    _require(dict(IC50=ic50, Ki=ki, ligand=ligand))
    if ic50 <= ki:
        raise InputError(
            Problem(
                f"a Ki of {ki:g} cannot follow from an IC50 of {ic50:g}: Cheng-Prusoff makes Ki the smaller one",
                fix="Check that both are in one unit and belong together",
                code="E-CONVERSION",
            )
        )
    return ligand / (ic50 / ki - 1)


def homologous_kd(ic50: float, ligand: float) -> float:
    """Kd = IC50 - [L] where the unlabelled form of the radioligand displaces it.

    Source: DeBlasi A, O'Reilly K, Motulsky HJ, Trends Pharmacol Sci 1989;10:227.
    """
    _require(dict(IC50=ic50, ligand=ligand))
    if ic50 <= ligand:
        raise InputError(
            Problem(
                f"the IC50 ({ic50:g}) is not above the radioligand ({ligand:g}), so Kd cannot be told",
                fix="Use less radioligand ([L] below Kd/3), or two concentrations of it in one fit",
                code="E-CONVERSION",
            )
        )
    return ic50 - ligand


def homologous_bmax(span: float, ic50: float, ligand: float) -> float:
    """Bmax = (top - bottom) IC50/[L] of a homologous displacement, in the unit of the span."""
    _require(dict(IC50=ic50, ligand=ligand))
    return span * ic50 / ligand


def _require(positive: Mapping[str, Any], not_negative: Mapping[str, Any] | None = None) -> None:
    """Raise once for all that is not positive, or below zero where zero is allowed; nan is neither."""
    problems = Problems()
    for name, value in positive.items():
        if not np.all(np.asarray(value) > 0):
            problems.add(f"{name} is {value}", "conversion", "It must be positive", "E-CONVERSION")
    for name, value in (not_negative or {}).items():
        if not np.all(np.asarray(value) >= 0):
            problems.add(f"{name} is {value}", "conversion", "It must be zero or more", "E-CONVERSION")
    problems.raise_if_any()


def _beyond_titration(ki: Amount) -> Amount:
    if not np.all(np.asarray(ki) > 0):
        raise InputError(
            Problem(
                "the IC50 is no larger than the sites themselves take up, so Ki cannot be told from it",
                fix="Use less membrane, or fit the exact model of tight binding",
                code="E-TIGHT",
            )
        )
    return ki
