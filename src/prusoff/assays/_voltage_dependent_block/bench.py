"""A simulated blocker of a pore: its site lies in the field, so that hyperpolarisation drives it in."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from ...core.experiment import Conditions, Experiment, Radioligand
from ...core.plate import FORMATS, Role, Treatment, Well
from ...simulation.blocked_channels import Amplifier, kd_at, sound_cell

DRUG = "blocker"
TRUTH: Mapping[str, float] = {
    f"KD(0 mV) of {DRUG}": 120e-6,
    f"electrical distance of {DRUG}": 0.6,
    "valence": 1.0,
    "temperature_c": 22.0,
    "relief": 0.0,
    "lowest_v": -0.1,
    "highest_v": 0.04,
    "potentials": 8.0,
}
CELLS = 5
CONCENTRATIONS = (10e-6, 30e-6, 100e-6, 300e-6)
CONDUCTANCE_S, REVERSAL_V = 9e-9, 0.012


def simulate(truth: Mapping[str, float], seed: int) -> tuple[Experiment, ...]:
    """Five cells: currents at several potentials without drug, at four concentrations of it, and after its wash-out.

    'relief' is the part of the drug that strong hyperpolarisation drives through the pore, 0 for none.
    """
    rng = np.random.default_rng(seed)
    return tuple(_cell(number, truth, rng) for number in range(1, CELLS + 1))


def _cell(number: int, truth: Mapping[str, float], rng: np.random.Generator) -> Experiment:
    cell = f"cell {number}"
    kd = truth[f"KD(0 mV) of {DRUG}"] * float(rng.lognormal(0.0, 0.10))
    distance = truth[f"electrical distance of {DRUG}"] + float(rng.normal(0.0, 0.015))
    conductance = CONDUCTANCE_S * float(rng.lognormal(0.0, 0.3))
    volts = np.linspace(truth["lowest_v"], truth["highest_v"], round(truth["potentials"]))
    applied = {molar: molar * float(rng.lognormal(0.0, 0.02)) for molar in CONCENTRATIONS}
    plan: list[Treatment] = []
    currents = []
    for volt in (round(float(one), 4) for one in volts):
        there = _kd(truth, kd, distance, volt)
        for role, molar in (
            (Role.TOTAL, 0.0),
            *((Role.COMPOUND, one) for one in CONCENTRATIONS),
            (Role.WASH, 0.0),
        ):
            for _ in range(1 if molar else 2):
                drug = (DRUG, molar) if molar else ("", math.nan)
                plan.append(Treatment(role, *drug, voltage_v=volt, end_point="plateau"))
                currents.append(conductance * (volt - REVERSAL_V) / (1.0 + applied.get(molar, 0.0) / there))
    read = Amplifier().read(np.array(currents), rng)
    quality = sound_cell(rng)
    wells = tuple(
        Well(cell, "", position, what, float(value), "A", quality=quality)
        for what, position, value in zip(plan, FORMATS[96].positions(), read, strict=False)
    )
    conditions = Conditions("GluN1/GluN2A", "rat", "simulated cell", truth["temperature_c"])
    return Experiment(cell, wells, Radioligand("", ""), conditions=conditions)


def _kd(truth: Mapping[str, float], kd: float, distance: float, volt: float) -> float:
    """KD at a potential; where the drug can pass through, it leaves faster the stronger the field."""
    charge, warm = truth["valence"] * distance, truth["temperature_c"]
    return kd_at(kd, charge, volt, warm) + truth["relief"] * kd_at(kd, -charge, volt, warm)
