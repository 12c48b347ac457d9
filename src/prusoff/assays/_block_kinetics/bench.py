"""Simulated onset and wash-out of a block at four concentrations, and recovery from inactivation beside it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ...core.experiment import Conditions, Experiment, Radioligand
from ...core.plate import FORMATS, Role, Treatment, Well
from ...simulation.blocked_channels import Amplifier, Blocker, blocked_over_time, sound_cell

DRUG = "blocker"
TRUTH: Mapping[str, float] = {
    f"kon of {DRUG}": 0.06e6,
    f"koff of {DRUG}": 0.14,
    "rundown_per_s": 4e-4,
    "limit_per_s": math.inf,
    "trapped": 0.0,
    "minutes": 1.0,
    "slow_part": 0.10,
    "slow_part_with_drug": 0.45,
}
EXCHANGE_S = 0.1
CELLS = 4
CONCENTRATIONS = (1e-6, 3e-6, 10e-6, 30e-6)
ONSET_S = (0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 12.0, 15.0, 18.0, 22.0, 26.0)
WASH_S = (0.5, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 12.0, 15.0, 18.0, 22.0, 26.0, 30.0, 35.0)
RECOVERY_S = (0.002, 0.005, 0.01, 0.02, 0.04, 0.08, 0.15, 0.3, 0.6, 1.2, 2.5, 5.0)
FAST_S, SLOW_S = 0.012, 0.8
CURRENT_A, BEFORE = 0.8e-9, 4
RECOVERED_IN = 10e-6


@dataclass(frozen=True)
class _Channels:
    """One cell of the bench: its drug, its current, how it is read and what its amplifier says."""

    name: str
    blocker: Blocker
    current: float
    truth: Mapping[str, float]
    quality: Mapping[str, float]
    rng: np.random.Generator

    def wells(self, plate: str, plan: list[Treatment], currents: np.ndarray) -> list[Well]:
        """The readings of inward currents of this plan."""
        read = Amplifier().read(-currents, self.rng)
        places = zip(plan, FORMATS[96].positions(), read, strict=False)
        return [
            Well(self.name, plate, position, what, float(value), "A", quality=self.quality)
            for what, position, value in places
        ]


def simulate(truth: Mapping[str, float], seed: int) -> tuple[Experiment, ...]:
    """Four cells: four concentrations applied and washed out one after another, then recovery from inactivation.

    'rundown_per_s' is the part of the current that is lost each second, 'limit_per_s' the fastest onset that a step
    other than binding allows, 'trapped' the part of the block that no wash removes; 'minutes' stretches all times.
    """
    rng = np.random.default_rng(seed)
    return tuple(_cell(number, truth, rng) for number in range(1, CELLS + 1))


def _cell(number: int, truth: Mapping[str, float], rng: np.random.Generator) -> Experiment:
    kon, koff = (truth[f"{name} of {DRUG}"] for name in ("kon", "koff"))
    quality = sound_cell(rng)
    cell = _Channels(
        f"cell {number}",
        Blocker(kon * float(rng.lognormal(0.0, 0.12)), koff * float(rng.lognormal(0.0, 0.10))),
        CURRENT_A * float(rng.lognormal(0.0, 0.3)),
        truth,
        quality,
        rng,
    )
    wells = [well for molar in CONCENTRATIONS for well in _application(cell, molar)]
    wells += _recovery(cell)
    conditions = Conditions("GluN1/GluN2A", "rat", "simulated cell", 22.0)
    return Experiment(cell.name, tuple(wells), Radioligand("", ""), conditions=conditions)


def _application(cell: _Channels, molar: float) -> list[Well]:
    truth, stretch = cell.truth, cell.truth["minutes"]
    applied = molar * float(cell.rng.lognormal(0.0, 0.03))
    fastest = truth["limit_per_s"]
    slowed = cell.blocker.kon / (1.0 + cell.blocker.kon * applied / fastest)
    drug = Blocker(slowed, cell.blocker.koff)
    onset, wash = stretch * np.array(ONSET_S), stretch * np.array(WASH_S)
    rising = blocked_over_time(drug, applied, onset)
    falling = blocked_over_time(drug, 0.0, wash, float(rising[-1]))
    falling = truth["trapped"] * rising[-1] + (1.0 - truth["trapped"]) * falling
    blocked = np.concatenate([np.zeros(BEFORE), rising, falling])
    elapsed = np.concatenate([np.zeros(BEFORE), onset, onset[-1] + wash])
    plan = [Treatment(Role.TOTAL, end_point="peak")] * BEFORE
    plan += [Treatment(Role.COMPOUND, DRUG, molar, time_s=float(time), end_point="peak") for time in onset]
    plan += [Treatment(Role.WASH, DRUG, molar, time_s=float(time), end_point="peak") for time in wash]
    left = (1.0 - blocked) * (1.0 - truth["rundown_per_s"] * elapsed)
    return cell.wells(f"application {1e6 * molar:g} uM", plan, cell.current * left)


def _recovery(cell: _Channels) -> list[Well]:
    times = np.array(RECOVERY_S)
    plan: list[Treatment] = []
    left = []
    for role, drug, molar, slow in (
        (Role.TOTAL, "", math.nan, cell.truth["slow_part"]),
        (Role.COMPOUND, DRUG, RECOVERED_IN, cell.truth["slow_part_with_drug"]),
    ):
        plan += [Treatment(role, drug, molar, time_s=float(time), end_point="recovery") for time in times]
        missing = (0.95 - slow) * np.exp(-times / FAST_S) + slow * np.exp(-times / SLOW_S)
        left.append((1.0 - missing) * (1.0 if role is Role.TOTAL else 0.6))
    return cell.wells("recovery", plan, cell.current * np.concatenate(left))
