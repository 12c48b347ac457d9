"""Wells in which a carrier takes up labelled substrate for a while, with or without inhibitor, and is counted."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.special import wrightomega

from ..core.plate import Role, Treatment
from .bench import Bench


@dataclass(frozen=True)
class Carrier:
    """What is true of a carrier: Vmax in mol/(g s), constants in mol/L, uptake that does not saturate in L/(g s).

    `kic_molar` holds the constants of inhibitors at the free carrier, `kiu_molar` those at the loaded one; one that is
    in neither does nothing there.
    """

    vmax_mol_per_g_s: float
    km_molar: float
    nonsaturable_l_per_g_s: float = 0.0
    kic_molar: Mapping[str, float] = field(default_factory=dict)
    kiu_molar: Mapping[str, float] = field(default_factory=dict)


def taken_up(start_molar: float, vmax_molar_per_s: float, km_molar: float, duration_s: float) -> float:
    """Substrate (mol/L of the well) that a carrier has taken after this time, while what is left gets less.

    The integrated rate law of Michaelis and Menten, Km ln(S0/S) + S0 - S = Vmax t, solved for S by the Wright omega
    function: Schnell S, Mendoza C, J Theor Biol 1997;187:207.

    >>> round(taken_up(1e-6, 1e-9, 1e-6, 10.0) / 5e-9, 3)
    0.999
    """
    if start_molar <= 0:
        return 0.0
    left = km_molar * float(
        wrightomega(
            math.log(start_molar / km_molar) + (start_molar - vmax_molar_per_s * duration_s) / km_molar
        )
    )
    return start_molar - left


def count_uptake(
    treatments: Sequence[Treatment],
    carrier: Carrier,
    bench: Bench,
    conditions: tuple[float, float],
    rng: np.random.Generator,
) -> list[int]:
    """Gross counts of wells that were treated like this; `conditions` are protein in a well (g) and time (s).

    `radioligand_molar` is the labelled part of `substrate_molar`, both must be given; they come with one addition, the
    inhibitor with another, the protein with the third.
    """
    return [_count(_labelled_mol(one, carrier, bench, conditions, rng), bench, rng) for one in treatments]


def _labelled_mol(
    well: Treatment,
    carrier: Carrier,
    bench: Bench,
    conditions: tuple[float, float],
    rng: np.random.Generator,
) -> float:
    protein, duration = conditions
    compound, substrate, tissue = (
        max(0.0, 1.0 + bench.pipetting_cv * float(rng.standard_normal())) for _ in range(3)
    )
    volume = (
        bench.compound_volume_l * compound
        + bench.ligand_volume_l * substrate
        + bench.membrane_volume_l * tissue
    )
    planned, protein = bench.volume_l, protein * tissue
    whole = well.substrate_molar * substrate * planned / volume
    inhibitor = 0.0 if math.isnan(well.concentration_molar) else well.concentration_molar
    inhibitor *= compound * planned / volume
    free = 1.0 + inhibitor / carrier.kic_molar.get(well.compound, math.inf)
    loaded = 1.0 + inhibitor / carrier.kiu_molar.get(well.compound, math.inf)
    vmax = 0.0 if well.role in (Role.NSB, Role.ICE) else carrier.vmax_mol_per_g_s * protein / volume / loaded
    by_carrier = taken_up(whole, vmax, carrier.km_molar * free / loaded, duration) * volume
    otherwise = carrier.nonsaturable_l_per_g_s * protein * whole * duration
    return (by_carrier + otherwise) * well.radioligand_molar / well.substrate_molar


def _count(amount_mol: float, bench: Bench, rng: np.random.Generator) -> int:
    rate_cpm = amount_mol * bench.specific_activity_dpm_per_mol * bench.efficiency + bench.background_cpm
    return int(rng.poisson(rate_cpm * bench.count_time_s / 60.0))
