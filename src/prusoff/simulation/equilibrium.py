"""Where a radioligand and a competitor end up when both are used up by the sites: exact at any ratio."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ..core.errors import InputError, Problem
from ..core.mass_balance import free_sites


@dataclass(frozen=True)
class Equilibrium:
    """What is bound to what, in the unit of the concentrations given.

    `bound` is the radioligand on the sites, `nonspecific` that elsewhere, `total_bound` both.
    """

    free_receptor: float
    bound: float
    inhibitor_bound: float
    free_ligand: float
    nonspecific: float
    free_inhibitor: float

    @property
    def total_bound(self) -> float:
        """Specifically and nonspecifically bound radioligand."""
        return self.bound + self.nonspecific

    @property
    def bound_over_free(self) -> float:
        """Specifically bound over free radioligand."""
        return self.bound / self.free_ligand


def competitive_binding(
    receptor_total: float,
    ligand_total: float,
    kd: float,
    inhibitor_total: float = 0.0,
    ki: float = 1.0,
    nonspecific: float = 0.0,
) -> Equilibrium:
    """Exact competitive equilibrium from total concentrations; `nonspecific` is nonspecifically bound over free label.

    The free receptor R solves R + R LT/(n Kd + R) + R IT/(Ki + R) = RT with n = 1 + nonspecific.
    Sources: Wang Z-X, FEBS Lett 1995;360:111; Sigurskjold BW, Anal Biochem 2000;277:260.

    >>> round(competitive_binding(0.3, 1.0, 0.8).bound, 6)
    0.154176
    """
    amounts = (receptor_total, ligand_total, inhibitor_total, nonspecific)
    if not (all(0 <= amount < math.inf for amount in amounts) and kd > 0 and ki > 0):
        raise InputError(
            Problem(
                "an equilibrium needs concentrations of zero or more and positive constants",
                fix="Check signs and units",
                code="E-EQUILIBRIUM",
            )
        )
    label_kd = (1 + nonspecific) * kd
    free_receptor = float(free_sites(receptor_total, (ligand_total, inhibitor_total), (label_kd, ki)))
    free_ligand = kd * ligand_total / (label_kd + free_receptor)
    return Equilibrium(
        free_receptor,
        free_receptor * ligand_total / (label_kd + free_receptor),
        free_receptor * inhibitor_total / (ki + free_receptor),
        free_ligand,
        nonspecific * free_ligand,
        inhibitor_total / (1 + free_receptor / ki),
    )


def ic50_under_depletion(
    receptor: float, ligand: float, kd: float, ki: float, nonspecific: float = 0.0
) -> float:
    """The total competitor that halves specific binding, when both ligands are used up.

    At the midpoint the bound label is known, hence the free receptor, hence what the competitor must hold.
    """
    half = competitive_binding(receptor, ligand, kd, nonspecific=nonspecific).bound / 2
    free_receptor = (1 + nonspecific) * kd * half / (ligand - half)
    return (receptor - free_receptor - half) * (ki + free_receptor) / free_receptor


def receptor_for_depletion(fraction: float, ligand: float, kd: float) -> float:
    """The most sites (concentration in the well) that bind no more than this fraction of the radioligand added."""
    bound, free = fraction * ligand, (1 - fraction) * ligand
    return bound * (kd + free) / free


def slow_rate(
    association: tuple[float, float],
    dissociation: tuple[float, float],
    concentrations: tuple[float, float],
) -> float:
    """The slower of the two rates (1/s) with which radioligand and competitor together reach equilibrium.

    Each pair is (radioligand, competitor): association constants per molar and second, dissociation constants per
    second, free concentrations. Source: Motulsky HJ, Mahan LC, Mol Pharmacol 1984;25:1.
    """
    forward = [k * c for k, c in zip(association, concentrations, strict=True)]
    own = [on + off for on, off in zip(forward, dissociation, strict=True)]
    spread = math.sqrt((own[0] - own[1]) ** 2 + 4 * forward[0] * forward[1])
    # the product of the two rates over the larger one keeps the digits that their difference would lose
    return 2 * (own[0] * own[1] - forward[0] * forward[1]) / (own[0] + own[1] + spread)
