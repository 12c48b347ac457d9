"""A bench at which a label leaves its sites after the chase while a modulator holds it back or drives it out."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..core.plate import Role, Treatment
from .bench import Bench, count_amount, pipetted


@dataclass(frozen=True)
class Modulation:
    """What is true at this bench: rate constant of dissociation (1/s), label bound when it starts (mol/L).

    `residual` is the rate with the second site full over that without modulator; `ec50_molar` by modulator.
    """

    koff: float
    residual: float
    ec50_molar: Mapping[str, float]
    bound_molar: float
    nonspecific_molar: float


def count_modulated_wells(
    treatments: Sequence[Treatment], truth: Modulation, bench: Bench, rng: np.random.Generator
) -> list[int]:
    """Gross counts of wells stopped at their times after the chase; a modulator acts from the chase on."""
    return [count_amount(_bound_mol(one, truth, bench, rng), bench, rng) for one in treatments]


def _bound_mol(well: Treatment, truth: Modulation, bench: Bench, rng: np.random.Generator) -> float:
    membrane, modulator = pipetted(bench, rng), pipetted(bench, rng)
    nonspecific = truth.nonspecific_molar * membrane
    if well.role is Role.NSB:
        return nonspecific * bench.volume_l
    dose = 0.0 if math.isnan(well.concentration_molar) else well.concentration_molar * modulator
    taken = dose / (dose + truth.ec50_molar.get(well.compound, math.inf)) if dose > 0 else 0.0
    rate = truth.koff * (1.0 - taken + truth.residual * taken)
    left = math.exp(-rate * well.time_s) if well.time_s > 0 else 1.0
    return (truth.bound_molar * membrane * left + nonspecific) * bench.volume_l
