"""A simulated block experiment: hERG tail currents of cells, a blocker at rising concentrations, run-down, a wash."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from ...core.experiment import Conditions, Experiment, Radioligand
from ...core.plate import Role, Treatment, Well
from ...equations.channel_block import channel_block
from .cells import FULL

DRUG, END_POINT = "terfenadine", "peak"
TRUTH: Mapping[str, float] = {
    f"IC50 of {DRUG} ({END_POINT})": 55e-9,
    f"nH of {DRUG} ({END_POINT})": 1.1,
    "cells": 7.0,
    "between_cells": 0.10,  # SD of log10 IC50
    "concentrations": 4.0,  # threefold apart, one after another in each cell
    "lowest": 10e-9,
    "onset_s": 12.0,
    "offset_s": 15.0,
    "rundown": 0.10,  # part of the current that is lost until the end
    "recovered": 1.0,  # part of the block that the wash takes away
    "series_resistance": 6e6,
}
FEW, MANY, EVERY = 5, 7, 15.0  # control sweeps, sweeps in each other solution, seconds between sweeps
TYPICAL, CELL_CV = 900e-12, 0.3
GAIN_CV, NOISE, PIPETTING_CV = 0.015, 4e-12, 0.03
HOLDING = -80e-3


@dataclass(frozen=True)
class _Solution:
    """What flows over the cell, and for how many sweeps."""

    role: Role
    sweeps: int
    molar: float = math.nan


def simulate(truth: Mapping[str, float], seed: int) -> tuple[Experiment, ...]:
    """Cells of different sizes and sensitivities, with the noise of an amplifier and errors of dilution."""
    rng = np.random.default_rng(seed)
    return tuple(_cell(number, truth, rng) for number in range(1, int(truth["cells"]) + 1))


def _cell(number: int, truth: Mapping[str, float], rng: np.random.Generator) -> Experiment:
    name = f"cell {number}"
    log_ic50 = math.log10(truth[f"IC50 of {DRUG} ({END_POINT})"])
    own = np.array(
        [
            FULL,
            log_ic50 + truth["between_cells"] * float(rng.standard_normal()),
            truth[f"nH of {DRUG} ({END_POINT})"],
        ]
    )
    return Experiment(
        name,
        tuple(_wells(name, own, truth, rng)),
        Radioligand("", ""),
        conditions=Conditions("hERG", "human", "simulated cells", 22.0),
    )


def _solutions(truth: Mapping[str, float]) -> tuple[_Solution, ...]:
    doses = (truth["lowest"] * 10.0 ** (0.5 * step) for step in range(int(truth["concentrations"])))
    return (
        _Solution(Role.TOTAL, FEW),
        *(_Solution(Role.COMPOUND, MANY, float(f"{dose:.0e}")) for dose in doses),
        _Solution(Role.WASH, MANY),
    )


def _wells(
    name: str, own: np.ndarray, truth: Mapping[str, float], rng: np.random.Generator
) -> Iterator[Well]:
    """One sweep after another: the block follows each solution with its time constant."""
    size = TYPICAL * float(rng.lognormal(0.0, CELL_CV))
    resistance = truth["series_resistance"] * float(rng.lognormal(0.0, 0.15))
    leak, seal = -25e-12 * float(rng.lognormal(0.0, 0.3)), 1.6e9 * float(rng.lognormal(0.0, 0.2))
    solutions = _solutions(truth)
    whole = EVERY * sum(one.sweeps for one in solutions)
    block, sweep = 0.0, 0
    for solution in solutions:
        goal, pace = block * (1.0 - truth["recovered"]), truth["offset_s"]
        if solution.role is Role.COMPOUND:
            there = solution.molar * (1.0 + PIPETTING_CV * float(rng.standard_normal()))
            goal = float(channel_block.function(np.array([math.log10(there)]), own)[0]) / FULL
            pace = truth["onset_s"]
        for _ in range(solution.sweeps):
            sweep += 1
            time = EVERY * sweep
            block += (goal - block) * (1.0 - math.exp(-EVERY / pace))
            true = size * (1.0 - truth["rundown"] * time / whole) * (1.0 - block)
            read = true * (1.0 + GAIN_CV * float(rng.standard_normal()))
            what = Treatment(
                solution.role,
                DRUG if solution.role is Role.COMPOUND else "",
                solution.molar,
                time_s=time,
                voltage_v=HOLDING,
                end_point=END_POINT,
            )
            yield Well(
                name,
                "",
                f"sweep {sweep}",
                what,
                read + NOISE * float(rng.standard_normal()),
                "A",
                quality={
                    "series_resistance": resistance,
                    "compensation": 0.7,
                    "leak": leak + 2e-12 * float(rng.standard_normal()),
                    "seal_resistance": seal,
                },
            )
