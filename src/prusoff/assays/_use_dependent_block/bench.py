"""Simulated trains: a channel that only pulses open to the drug, at two frequencies and two concentrations."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from ...core.experiment import Conditions, Experiment, Radioligand
from ...core.plate import FORMATS, Role, Treatment, Well
from ...simulation.blocked_channels import Amplifier, Blocker, Train, inactivated_in_train, left_in_train

DRUG = "blocker"
KON, KOFF = 0.6e6, 0.8
TRUTH: Mapping[str, float] = {
    f"kon of {DRUG}": KON,
    f"koff of {DRUG}": KOFF,
    "pulse_s": 0.02,
    "pulses": 24.0,
    "loss": 0.06,
    "tonic_block": 0.08,
    "kept_open": 0.0,
    "with_control": 1.0,
}
CELLS = 4
RATES_HZ = (2.0, 10.0)
CONCENTRATIONS = (5e-6, 10e-6)
PER_PULSE = 0.15  # part of the way to its depth that inactivation without drug goes at every pulse
CURRENT_A = 1.5e-9
VOLTAGE_V = -0.1


def simulate(truth: Mapping[str, float], seed: int) -> tuple[Experiment, ...]:
    """Four cells: a train without drug and one at each of two concentrations, all at two frequencies.

    'loss' is what a train at the faster frequency loses without drug, 'kept_open' the part of its rate that the drug
    has between pulses, 'with_control' 0 leaves the trains without drug away at the faster frequency.
    """
    rng = np.random.default_rng(seed)
    return tuple(_cell(number, truth, rng) for number in range(1, CELLS + 1))


def _cell(number: int, truth: Mapping[str, float], rng: np.random.Generator) -> Experiment:
    cell = f"cell {number}"
    kon, koff = (truth[f"{name} of {DRUG}"] for name in ("kon", "koff"))
    blocker = Blocker(kon * float(rng.lognormal(0.0, 0.12)), koff * float(rng.lognormal(0.0, 0.10)))
    first = CURRENT_A * float(rng.lognormal(0.0, 0.3))
    series = float(rng.uniform(4e6, 7e6))
    seal, leak = float(rng.uniform(0.9e9, 2.5e9)), -float(rng.uniform(15e-12, 60e-12))
    wells: list[Well] = []
    for rate in RATES_HZ:
        for molar in (0.0, *CONCENTRATIONS):
            if molar == 0.0 and rate == max(RATES_HZ) and not truth["with_control"]:
                continue
            applied = molar * float(rng.lognormal(0.0, 0.03)) if molar else 0.0
            train = Train(truth["pulse_s"], 1.0 / rate - truth["pulse_s"], round(truth["pulses"]))
            left = left_in_train(blocker, applied, train, truth["kept_open"])
            depth = truth["loss"] * rate / max(RATES_HZ)
            tonic = 1.0 - truth["tonic_block"] * molar / max(CONCENTRATIONS)
            currents = first * tonic * left * inactivated_in_train(depth, PER_PULSE, train.number)
            read = Amplifier().read(-currents, rng)
            quality = {
                "series_resistance": series * float(rng.lognormal(0.0, 0.02)),
                "seal_resistance": seal,
                "leak": leak,
                "compensation": 0.8,
            }
            wells += _wells(cell, (rate, molar), read, quality)
    return Experiment(
        cell,
        tuple(wells),
        Radioligand("", ""),
        conditions=Conditions("Nav1.5", "human", "simulated cell", 22.0),
    )


def _wells(
    cell: str, train: tuple[float, float], read: np.ndarray, quality: Mapping[str, float]
) -> list[Well]:
    rate, molar = train
    called = f"{rate:g} Hz, {f'{1e6 * molar:g} uM' if molar else 'control'}"
    role = Role.COMPOUND if molar else Role.TOTAL
    drug = (DRUG, molar) if molar else ("", math.nan)
    return [
        Well(
            cell,
            called,
            position,
            Treatment(
                role,
                *drug,
                time_s=(pulse - 1) / rate,
                voltage_v=VOLTAGE_V,
                pulse=float(pulse),
                end_point="peak",
            ),
            float(value),
            "A",
            quality=quality,
        )
        for pulse, (position, value) in enumerate(zip(FORMATS[96].positions(), read, strict=False), start=1)
    ]
