"""A simulated state-dependent block: atomoxetine on Nav1.2 and Nav1.5 held at four potentials.

Kr and Ki are those of Nakatani Y et al. 2023 (Nav1.2) and of the abstract of Foehr KJ et al. Front Pharmacol
2021;12:622489 (Nav1.5: about 120 uM at resting, 2 to 3 uM at depolarised cells); half potentials are usual ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from ...core.equation import Array
from ...core.experiment import Conditions, Experiment, Radioligand
from ...core.plate import Role, Treatment, Well
from ...equations.modulated_receptor import modulated_receptor

DRUG = "atomoxetine"
TRUTH: Mapping[str, float] = {
    f"Kr of {DRUG} at Nav1.2": 45.57e-6,
    f"Ki of {DRUG} at Nav1.2": 10.16e-6,
    f"Kr of {DRUG} at Nav1.5": 120e-6,
    f"Ki of {DRUG} at Nav1.5": 2.5e-6,
    "v_half Nav1.2": -62e-3,
    "v_half Nav1.5": -83e-3,
    "slope_factor": 6.5e-3,
    "cells": 5.0,
    "between_half": 3e-3,  # V, standard deviation of half potentials between cells
    "between_affinity": 0.05,  # standard deviation of log10 of both constants between cells
    "rundown": 0.04,  # part of the current that is lost until the wash
    "series_resistance": 3e6,
}
TARGETS = ("Nav1.2", "Nav1.5")
HOLDING = (-120e-3, -90e-3, -70e-3, -60e-3)
MOLAR: Mapping[str, tuple[float, ...]] = {
    "Nav1.2": (1e-6, 4e-6, 16e-6, 60e-6, 250e-6),
    "Nav1.5": (0.4e-6, 2e-6, 10e-6, 60e-6, 300e-6),
}
WITH_DRUG: Mapping[str, float] = {"Nav1.2": 30e-6, "Nav1.5": 30e-6}
CONDITIONING = np.linspace(-140e-3, -30e-3, 17)
NOISE, GAIN_CV = 15e-12, 0.005


@dataclass(frozen=True)
class _Cell:
    """One cell as it is: its size, its half potential, its constants."""

    name: str
    target: str
    parameters: Array
    truth: Mapping[str, float]
    quality: Mapping[str, float]

    def current(self, what: Treatment) -> float:
        """The current without noise; after wash-out some has run down."""
        drug = np.log10(what.concentration_molar) if what.role is Role.COMPOUND else -np.inf
        whole = modulated_receptor.function(np.array([[what.voltage_v], [drug]]), self.parameters)[0]
        return float(whole) * (1.0 - self.truth["rundown"] if what.role is Role.WASH else 1.0)


def simulate(truth: Mapping[str, float], seed: int) -> tuple[Experiment, ...]:
    """Cells of both channels: availability without drug, block at four potentials, availability with it, wash-out."""
    rng = np.random.default_rng(seed)
    return tuple(
        _experiment(_cell(target, number, truth, rng), rng)
        for target in TARGETS
        for number in range(1, int(truth["cells"]) + 1)
    )


def _cell(target: str, number: int, truth: Mapping[str, float], rng: np.random.Generator) -> _Cell:
    size = -4e-9 * float(rng.lognormal(0.0, 0.25))
    half = truth[f"v_half {target}"] + truth["between_half"] * float(rng.standard_normal())
    off = truth["between_affinity"] * float(rng.standard_normal())
    log_kr, log_ki = (np.log10(truth[f"{name} of {DRUG} at {target}"]) + off for name in ("Kr", "Ki"))
    quality = {
        "series_resistance": truth["series_resistance"],
        "compensation": 0.8,
        "leak": -20e-12 * float(rng.lognormal(0.0, 0.3)),
        "seal_resistance": 1.5e9 * float(rng.lognormal(0.0, 0.2)),
    }
    parameters = np.array([size, half, truth["slope_factor"], log_kr, log_ki, 1.0])
    return _Cell(f"{target} cell {number}", target, parameters, truth, quality)


def _experiment(cell: _Cell, rng: np.random.Generator) -> Experiment:
    wells = tuple(
        Well(
            cell.name,
            cell.name,
            f"sweep {number}",
            what,
            cell.current(what) * (1.0 + GAIN_CV * float(rng.standard_normal()))
            + NOISE * float(rng.standard_normal()),
            "A",
            quality=cell.quality,
        )
        for number, what in enumerate(_plan(cell.target), start=1)
    )
    return Experiment(
        cell.name,
        wells,
        Radioligand("", ""),
        conditions=Conditions(cell.target, "human", "simulated HEK293 cells", 22.0),
        member=cell.target,
    )


def _plan(target: str) -> Iterator[Treatment]:
    """What is done to a cell, in order."""
    for v in CONDITIONING:
        yield Treatment(Role.TOTAL, voltage_v=round(float(v), 6), end_point="availability")
    for v in HOLDING:
        yield Treatment(Role.TOTAL, voltage_v=v, end_point="peak")
    for molar in MOLAR[target]:
        for v in HOLDING:
            yield Treatment(Role.COMPOUND, DRUG, molar, voltage_v=v, end_point="peak")
    for v in CONDITIONING:
        yield Treatment(
            Role.COMPOUND, DRUG, WITH_DRUG[target], voltage_v=round(float(v), 6), end_point="availability"
        )
    for v in HOLDING:
        yield Treatment(Role.WASH, voltage_v=v, end_point="peak")
